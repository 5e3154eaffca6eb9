// The lab's service without a browser: runs in slices, answers by cursor, files that come back, a rescue that is proved.
import { afterEach, describe, expect, it } from 'vitest';
import { CascadeRun } from '../../engine/simulation/cascade/cascade-run.ts';
import type { CascadeScenario } from '../../engine/simulation/cascade/cascade-scenario.ts';
import { isLiquidated, withIntervention } from '../../engine/simulation/cascade/saved-me.ts';
import { randomCascade } from '../../engine/testkit/random-cascade.ts';
import { SAMPLE, SAMPLE_STRIDE } from '../contract/lab-api.ts';
import { LabService } from './service.ts';

const NONE = { samples: 0, events: 0, forced: 0 };

async function value<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; failure: { message: string } }>,
) {
  const result = await answer;
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

async function finished(service: LabService, scenario: CascadeScenario): Promise<void> {
  await value(service.start({ run: 'main', text: JSON.stringify(scenario) }));
  await expect
    .poll(async () => (await value(service.series({ run: 'main', market: 0, held: NONE }))).done, {
      timeout: 20_000,
      interval: 10,
    })
    .toBe(true);
}

/** A random cascade in which somebody is liquidated. */
function eventful(): { scenario: CascadeScenario; account: number; market: number } {
  for (let seed = 1; ; seed++) {
    const scenario = randomCascade(seed);
    const run = new CascadeRun(scenario);
    for (let told = run.step(); told !== null; told = run.step()) {
      for (const event of told) {
        if (event.kind === 'liquidated') return { scenario, account: event.account, market: event.market };
      }
    }
  }
}

describe('the lab', () => {
  let service = new LabService();
  afterEach(() => {
    service = new LabService();
  });

  it('has a library whose scenarios it reads, and says what is wrong with one it cannot', async () => {
    const cards = await value(service.library());
    expect(cards.length).toBeGreaterThan(4);
    for (const { scenario } of cards) {
      expect((await service.readScenario(JSON.stringify(scenario))).ok).toBe(true);
    }
    const broken = await service.readScenario(JSON.stringify({ ...cards[0]?.scenario, seed: 'x' }));
    expect(broken.ok ? '' : broken.failure.message).toBe(
      'seed: expected a whole number from 0 to 4294967295, found "x"',
    );
  });

  it('runs to the state that a run in one go has, and gives its series in parts', async () => {
    const { scenario } = eventful();
    await value(service.start({ run: 'main', text: JSON.stringify(scenario) }));
    let samples = 0;
    let events = 0;
    let part = await value(service.series({ run: 'main', market: 0, held: NONE }));
    for (;;) {
      samples += part.samples.length / SAMPLE_STRIDE;
      events += part.eventTimes.length;
      if (part.done) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
      part = await value(service.series({ run: 'main', market: 0, held: { samples, events, forced: 0 } }));
    }
    const whole = await value(service.series({ run: 'main', market: 0, held: NONE }));
    expect([whole.samples.length / SAMPLE_STRIDE, whole.eventTimes.length]).toEqual([samples, events]);
    const times = Array.from(
      { length: samples },
      (_, i) => whole.samples[i * SAMPLE_STRIDE + SAMPLE.atMicros],
    );
    expect(times).toEqual(times.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    const reference = new CascadeRun(scenario);
    reference.runUntil(Number.POSITIVE_INFINITY);
    expect(whole.identity?.stateHash).toBe(reference.stateHash());
    expect(whole.identity?.events).toBe(reference.eventCount);
  });

  it('shows the same moment from either side', async () => {
    const { scenario } = eventful();
    await finished(service, scenario);
    const { identity } = await value(service.series({ run: 'main', market: 0, held: NONE }));
    const end = identity?.events ?? 0;
    for (const at of [Math.floor(end / 3), Math.floor((2 * end) / 3)]) {
      const first = await value(service.viewAt({ run: 'main', eventCount: at, market: 0 }));
      await value(service.viewAt({ run: 'main', eventCount: end, market: 0 }));
      const fromAbove = await value(service.viewAt({ run: 'main', eventCount: at, market: 0 }));
      await value(service.viewAt({ run: 'main', eventCount: 0, market: 0 }));
      const fromBelow = await value(service.viewAt({ run: 'main', eventCount: at, market: 0 }));
      expect(fromAbove).toEqual(first);
      expect(fromBelow).toEqual(first);
    }
  });

  it('compares runs by their trail: identical, or different from an event on', async () => {
    const { scenario } = eventful();
    await finished(service, scenario);
    const { identity } = await value(service.series({ run: 'main', market: 0, held: NONE }));
    const trail = identity?.trail ?? [];
    expect(await value(service.compare({ run: 'main', trail }))).toEqual({ kind: 'identical' });
    await finished(service, { ...scenario, fund: { ...scenario.fund, cash: scenario.fund.cash / 2 + 1 } });
    const other = await value(service.series({ run: 'main', market: 0, held: NONE }));
    const comparison = await value(service.compare({ run: 'main', trail }));
    const alike = JSON.stringify(other.identity?.trail) === JSON.stringify(trail);
    expect(comparison.kind).toBe(alike ? 'identical' : 'differs');
    const altered = trail.map((mark, i) => (i < 2 ? mark : { ...mark, hash: mark.hash ^ 1 }));
    await finished(service, scenario);
    expect(await value(service.compare({ run: 'main', trail: altered }))).toEqual({
      kind: 'differs',
      sameEvents: trail[1]?.events,
      seenAt: trail[2]?.events,
    });
  });

  it('writes events and accounts that come back byte for byte', async () => {
    const { scenario } = eventful();
    await finished(service, scenario);
    const { identity } = await value(service.series({ run: 'main', market: 0, held: NONE }));
    const eventCount = identity?.events ?? 0;
    for (const what of ['events', 'accounts', 'scenario'] as const) {
      for (const format of ['csv', 'json'] as const) {
        const text = await value(service.exportFile({ run: 'main', what, format, eventCount, market: 0 }));
        const read = await value(service.importFile({ run: 'main', text }));
        expect([what, read.what, read.sameBytes]).toEqual([what, what, true]);
        if (what === 'events') expect(read.comparison).toEqual({ kind: 'identical' });
      }
    }
    const broken = await service.importFile({
      run: 'main',
      text: 'id,atMicros,causeId,wave,market,kind,detail\nx\n',
    });
    expect(broken.ok ? '' : broken.failure.message).toContain(
      'line 2: expected event 0 of a cascade, found x',
    );
  });

  it('finds what would have saved an account, which a run proves', async () => {
    const { scenario, account, market } = eventful();
    await finished(service, scenario);
    const rescue = await value(service.rescue({ run: 'main', account, market }));
    const dies = (extraMargin: number, cutLots: number): boolean =>
      isLiquidated(withIntervention(scenario, { account, market, extraMargin, cutLots }), account);
    expect(rescue.extraMargin ?? rescue.cutLots).not.toBeNull();
    if (rescue.extraMargin !== null) expect(dies(rescue.extraMargin, 0)).toBe(false);
    if (rescue.cutLots !== null) expect(dies(0, rescue.cutLots)).toBe(false);
    const story = await value(service.story({ run: 'main', account }));
    expect(story?.steps.map(({ kind }) => kind)).toContain('liquidated');
  });

  it('asks a crowd what a shock fells', async () => {
    expect(await value(service.openCrowd({}))).toEqual({ accounts: 10_000 });
    const ask = (shockNotional: number) =>
      value(service.crowdWhatIf({ direction: 'fall', shockNotional, lambdaBps: 7 }));
    const [small, large] = [await ask(1e6), await ask(200e6)];
    expect(large.accounts).toBeGreaterThan(small.accounts);
    expect(large.lastPrice).toBeLessThan(small.lastPrice);
  });

  it('counts what an assumed crowd would lose in the rows of a ladder, at any grouping alike', async () => {
    const at = (ticksPerRow: number, rows: number) =>
      value(
        service.marketCrowd({
          instrument: 'binance-usdm:BTCUSDT',
          markTicks: 620_000,
          fromTicks: 560_000,
          ticksPerRow,
          rows,
        }),
      );
    const [fine, coarse] = [await at(100, 1200), await at(1000, 120)];
    const sums = Array.from({ length: 120 }, (_, row) =>
      fine.longs.slice(row * 10, row * 10 + 10).reduce((sum, notional) => sum + notional, 0),
    );
    sums.forEach((sum, row) => {
      expect(sum).toBeCloseTo(coarse.longs[row] as number, 3);
    });
    // Longs fall below the mark and shorts above it, and nobody falls at it.
    expect(coarse.longs.slice(60).every((notional) => notional === 0)).toBe(true);
    expect(coarse.shorts.slice(0, 60).every((notional) => notional === 0)).toBe(true);
    expect(sums.reduce((sum, notional) => sum + notional, 0)).toBeGreaterThan(1e8);
    expect(fine.tipsDownTicks ?? 0).toBeLessThan(620_000);
    const es = await value(
      service.marketCrowd({
        instrument: 'cme-globex:ESZ6',
        markTicks: 22_000,
        fromTicks: 20_000,
        ticksPerRow: 10,
        rows: 400,
      }),
    );
    expect(es.longs.reduce((sum, notional) => sum + notional, 0)).toBeGreaterThan(1e6);
    const refused = await service.marketCrowd({
      instrument: 'binance-usdm:BTCUSDT',
      markTicks: 620_000,
      fromTicks: 0,
      ticksPerRow: 1,
      rows: 10,
    });
    expect(refused.ok ? '' : refused.failure.code).toBe('worker/request-malformed');
  });
});
