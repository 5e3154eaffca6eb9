// The calendar against a plain sort: time, then phase, then the order of scheduling.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, PHASES } from './event-queue.ts';

describe('event queue', () => {
  it('gives events in total order whatever the order of scheduling', () => {
    const event = fc.record({ at: fc.integer({ min: 0, max: 20 }), phase: fc.constantFrom(...PHASES) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), fc.integer({ min: 0, max: 3 }), (events, popEvery) => {
        const queue = new EventQueue();
        const waiting: { at: number; phase: number; actor: number }[] = [];
        const compare = (a: (typeof waiting)[number], b: (typeof waiting)[number]): number =>
          a.at - b.at || a.phase - b.phase || a.actor - b.actor;
        const check = (): void => {
          waiting.sort(compare);
          const expected = waiting.shift()!;
          expect(queue.peek()!.actor).toBe(expected.actor);
          expect(queue.pop().actor).toBe(expected.actor);
        };
        events.forEach(({ at, phase }, actor) => {
          queue.schedule(at, phase, actor);
          waiting.push({ at, phase: PHASES.indexOf(phase), actor });
          if (popEvery > 0 && actor % popEvery === 0) check();
        });
        expect(queue.sorted().map((e) => e.actor)).toEqual([...waiting].sort(compare).map((e) => e.actor));
        while (waiting.length > 0) check();
        expect(queue.size).toBe(0);
        expect(queue.peek()).toBeNull();
      }),
    );
  });
});
