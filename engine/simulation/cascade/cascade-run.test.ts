// Seeking, stepping, snapshots and causes of a cascade run, on random scenarios and on a small one told by hand.
import { describe, expect, it } from 'vitest';
import { randomCascade } from '../../testkit/random-cascade.ts';
import { type CascadeEvent, causesOf } from './cascade-events.ts';
import { CascadeRun } from './cascade-run.ts';

const SEEDS = [3, 11, 17, 29, 42, 57, 68, 90];
const SECOND = 1_000_000;

function finish(run: CascadeRun): CascadeEvent[] {
  const events: CascadeEvent[] = [];
  for (let told = run.step(); told !== null; told = run.step()) events.push(...told);
  return events;
}

describe('a run', () => {
  it('gives the same events and hash every time', () => {
    for (const seed of SEEDS) {
      const [a, b] = [new CascadeRun(randomCascade(seed)), new CascadeRun(randomCascade(seed))];
      expect(finish(a)).toEqual(finish(b));
      expect(a.stateHash()).toBe(b.stateHash());
    }
  });

  it('reaches a time with the same hash from either side and by any way', () => {
    for (const seed of SEEDS) {
      const scenario = randomCascade(seed);
      const time = scenario.startMicros + 7 * SECOND;
      const straight = new CascadeRun(scenario);
      const early = new CascadeRun(scenario);
      early.runUntil(scenario.startMicros + 3 * SECOND);
      const keyframe = early.snapshot();
      straight.runUntil(time);
      const fromKeyframe = CascadeRun.restore(scenario, structuredClone(keyframe));
      fromKeyframe.runUntil(time);
      expect(fromKeyframe.stateHash()).toBe(straight.stateHash());
      // From the other side: the run has gone beyond, and goes back by the keyframe.
      straight.runUntil(time + 4 * SECOND);
      const late = straight.stateHash();
      const back = CascadeRun.restore(scenario, keyframe);
      back.runUntil(time);
      expect(back.stateHash()).toBe(fromKeyframe.stateHash());
      back.runUntil(time + 4 * SECOND);
      expect(back.stateHash()).toBe(late);
    }
  });

  it('goes on from a snapshot taken between any two acts, event for event', () => {
    for (const seed of SEEDS) {
      const scenario = randomCascade(seed);
      const run = new CascadeRun(scenario);
      const hashes: number[] = [];
      const keyframes = [];
      for (let told = run.step(); told !== null; told = run.step()) {
        hashes.push(run.stateHash());
        if (hashes.length % 9 === 4) keyframes.push({ at: hashes.length, snapshot: run.snapshot() });
      }
      for (const { at, snapshot } of keyframes) {
        const other = CascadeRun.restore(scenario, snapshot);
        expect(other.stateHash()).toBe(hashes[at - 1]);
        for (let i = at; i < Math.min(at + 12, hashes.length); i++) {
          other.step();
          expect(other.stateHash()).toBe(hashes[i]);
        }
      }
    }
  });

  it('steps back n events and forward n again to where it was', () => {
    const scenario = randomCascade(SEEDS[0] as number);
    const run = new CascadeRun(scenario);
    const start = run.snapshot();
    run.runToEvent(40);
    const here = { hash: run.stateHash(), events: run.eventCount };
    const back = CascadeRun.restore(scenario, start);
    back.runToEvent(here.events - 15);
    expect(back.stateHash()).not.toBe(here.hash);
    back.runToEvent(here.events);
    expect(back.stateHash()).toBe(here.hash);
  });

  it('tells of every liquidation how it came from a first cause', () => {
    let chains = 0;
    for (const seed of SEEDS) {
      const events = finish(new CascadeRun(randomCascade(seed)));
      for (const event of events) {
        if (event.kind !== 'liquidated') continue;
        const chain = causesOf(events, event.id);
        const kinds = chain.map(({ kind }) => kind);
        expect(kinds).toContain('margin-breached');
        expect(chain.at(-1)).toBe(event);
        expect(chain.every((link, i) => i === 0 || link.causeId === chain[i - 1]?.id)).toBe(true);
        if (kinds[0] === 'shock') chains++;
      }
    }
    expect(chains).toBeGreaterThan(10);
  });
});
