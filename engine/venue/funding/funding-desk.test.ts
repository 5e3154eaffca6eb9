// The funding desk: the published average and rate, one answer an instant, nothing counted twice, silence said.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { FundingDesk, type FundingDeskInput, type FundingDeskOutput } from './funding-desk.ts';
import { fundingRate } from './funding-rate.ts';

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const START = Date.UTC(2026, 4, 4) * 1000;
const TERMS = { intervalHours: 8, interestRate: 0.0001, capRate: 0.003 };

const at = (offset: number): Micros => micros(START + offset);
const sample = (offset: number, premium: number, markPrice = '65000.1'): FundingDeskInput => ({
  kind: 'premium-sampled',
  atMicros: at(offset),
  premium,
  markPrice,
});
const announced = (offset: number, rate: string, nextOffset: number): FundingDeskInput => ({
  kind: 'rate-announced',
  atMicros: at(offset),
  rate,
  nextFundingMicros: at(nextOffset),
  markPrice: '65000.1',
});
const time = (offset: number): FundingDeskInput => ({ kind: 'time-passed', atMicros: at(offset) });
const run = (desk: FundingDesk, inputs: readonly FundingDeskInput[]): FundingDeskOutput[] =>
  inputs.flatMap((input) => desk.apply(input));

describe('funding desk', () => {
  it('fixes the rate of a whole interval: 5,760 samples weighted by their place', () => {
    const desk = new FundingDesk(TERMS, at(0));
    const premiumOf = (i: number): number => 0.0012 + 0.0004 * Math.sin(i / 700);
    let weighted = 0;
    for (let i = 1; i <= 5760; i++) {
      weighted += i * premiumOf(i);
      if (desk.apply(sample((i - 1) * 5 * SECOND, premiumOf(i))).length > 0) throw new Error(`sample ${i}`);
    }
    const average = weighted / ((5760 * 5761) / 2);
    expect(desk.predicted().rate).toBeCloseTo(fundingRate(average, TERMS), 14);
    expect(desk.apply(time(8 * HOUR))).toEqual([
      {
        kind: 'rate-fixed',
        instantMicros: at(8 * HOUR),
        rate: fundingRate(average, TERMS).toFixed(8),
        markPrice: '65000.1',
        basis: 'measured',
        coverage: 1,
      },
    ]);
    expect(desk.predicted()).toEqual({
      rate: null,
      basis: 'none',
      instantMicros: at(16 * HOUR),
      countdownMicros: 8 * HOUR,
    });
  });

  it('counts down, and predicts the interest rate while the premium is small', () => {
    const desk = new FundingDesk(TERMS, at(0));
    desk.apply(sample(HOUR, 0.0002));
    expect(desk.predicted()).toMatchObject({ basis: 'measured', countdownMicros: 7 * HOUR });
    expect(desk.predicted().rate).toBeCloseTo(0.0001, 12);
  });

  it('takes the word of the venue over its own measure, and not about an interval that has ended', () => {
    const desk = new FundingDesk(TERMS, at(7 * HOUR));
    const fixed = run(desk, [
      sample(8 * HOUR - 20 * SECOND, 0.002),
      announced(8 * HOUR - 10 * SECOND, '0.00012345', 8 * HOUR),
      announced(8 * HOUR + SECOND, '0.00099', 8 * HOUR),
      announced(8 * HOUR + 2 * SECOND, '-0.0001', 16 * HOUR),
    ]);
    expect(fixed).toMatchObject([{ kind: 'rate-fixed', rate: '0.00012345', basis: 'announced' }]);
    expect(desk.predicted()).toMatchObject({ rate: -0.0001, basis: 'announced' });
  });

  it('another interval is in force from the next instant on, or at once where the venue names a nearer instant', () => {
    const told = new FundingDesk(TERMS, at(0));
    const hourly = { intervalHours: 1, interestRate: 0.0001, capRate: 0.02 };
    const change: FundingDeskInput = { kind: 'terms-changed', atMicros: at(HOUR), terms: hourly };
    const instants = run(told, [change, time(10 * HOUR)]).map(({ instantMicros }) => instantMicros);
    expect(instants).toEqual([at(8 * HOUR), at(9 * HOUR), at(10 * HOUR)]);
    // The cap of the new terms, and an hour's share of the rate.
    run(told, [sample(10 * HOUR + SECOND, 0.5)]);
    expect(told.predicted().rate).toBe(0.02);

    const heard = new FundingDesk(TERMS, at(0));
    const outputs = run(heard, [
      announced(4 * HOUR - SECOND, '0.0003', 4 * HOUR),
      announced(8 * HOUR - SECOND, '0.0004', 8 * HOUR),
      time(8 * HOUR),
    ]);
    expect(outputs).toMatchObject([
      { instantMicros: at(4 * HOUR), rate: '0.00030000' },
      { instantMicros: at(8 * HOUR), rate: '0.00040000' },
    ]);
  });

  it('says that a rate is missing after a silence, for each instant that passed', () => {
    const desk = new FundingDesk(TERMS, at(0));
    const outputs = run(desk, [sample(HOUR, 0.001), time(25 * HOUR)]);
    expect(outputs).toEqual(
      [8, 16, 24].map((hour) => ({ kind: 'rate-missing', instantMicros: at(hour * HOUR) })),
    );
    // A sample within the last minute is enough; one second more is too old.
    const near = (age: number): string | undefined =>
      run(new FundingDesk(TERMS, at(0)), [sample(8 * HOUR - age, 0.001), time(8 * HOUR)])[0]?.kind;
    expect(near(60 * SECOND)).toBe('rate-fixed');
    expect(near(61 * SECOND)).toBe('rate-missing');
  });

  it('a gap leaves the weights of the other samples as they were', () => {
    const desk = new FundingDesk(TERMS, at(0));
    run(desk, [sample(0, 0.001), sample(8 * HOUR - 5 * SECOND, 0.002)]);
    expect(desk.predicted().rate).toBeCloseTo(fundingRate((0.001 + 5760 * 0.002) / 5761, TERMS), 14);
  });

  it('a late input moves neither the mark nor the clock', () => {
    const desk = new FundingDesk(TERMS, at(0));
    run(desk, [
      sample(8 * HOUR - 30 * SECOND, 0.001, '65000'),
      sample(8 * HOUR - 90 * SECOND, 0.001, '60000'),
    ]);
    expect(desk.predicted().countdownMicros).toBe(30 * SECOND);
    expect(desk.apply(time(8 * HOUR))).toMatchObject([{ kind: 'rate-fixed', markPrice: '65000' }]);
  });

  it('duplicates and replays change nothing (property)', () => {
    const stream = fc.array(
      fc.record({
        seconds: fc.integer({ min: 0, max: 3 * 24 * 720 }),
        premium: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(stream, fc.array(fc.nat(100), { maxLength: 20 }), (raw, repeats) => {
        const heard = raw
          .map(({ seconds, premium }) => ({ offset: seconds * 5 * SECOND, premium }))
          .sort((a, b) => a.offset - b.offset)
          .map(({ offset, premium }) => sample(offset, premium));
        const plain = new FundingDesk(TERMS, at(0));
        const expected = run(plain, heard);
        // After a reconnect a piece of the past is heard again; here at any places, any pieces.
        const again = new FundingDesk(TERMS, at(0));
        const found: FundingDeskOutput[] = [];
        for (const [i, input] of heard.entries()) {
          found.push(...again.apply(input), ...again.apply(input));
          const back = repeats[i % Math.max(1, repeats.length)] ?? 0;
          found.push(...run(again, heard.slice(Math.max(0, i - back), i + 1)));
        }
        expect(found).toEqual(expected);
        expect(again.stateHash()).toBe(plain.stateHash());
        const instants = found.map(({ instantMicros }) => instantMicros);
        expect(instants).toEqual(instants.map((_, i) => at((i + 1) * 8 * HOUR)));
        // A restored desk goes on as the original would.
        const last = time(80 * HOUR);
        const restored = FundingDesk.restore(again.snapshot());
        expect(restored.apply(last)).toEqual(plain.apply(last));
        expect(restored.stateHash()).toBe(plain.stateHash());
      }),
      { numRuns: 60 },
    );
  });
});
