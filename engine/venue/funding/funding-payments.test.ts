// Funding payments: exact amounts, the size of the moment, and one booking an instant under any disorder of what is heard.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumDecimals } from '../../core/money.ts';
import { type Micros, micros } from '../../core/units.ts';
import {
  FUNDING_MEMORY_MICROS,
  FundingPayments,
  type FundingPaymentsInput,
  type FundingPaymentsOutput,
} from './funding-payments.ts';

const HOUR = 3_600_000_000;
const START = Date.UTC(2026, 4, 4) * 1000;

const at = (hours: number): Micros => micros(START + Math.round(hours * HOUR));
const change = (
  account: string,
  sequence: number,
  hours: number,
  size: string,
): FundingPaymentsInput & { kind: 'position-changed' } => ({
  kind: 'position-changed',
  account,
  sequence,
  atMicros: at(hours),
  size,
});
const rate = (hours: number, value = '0.0001', markPrice = '65000'): FundingPaymentsInput => ({
  kind: 'rate-known',
  instantMicros: at(hours),
  rate: value,
  markPrice,
});
const run = (payments: FundingPayments, inputs: readonly FundingPaymentsInput[]): FundingPaymentsOutput[] =>
  inputs.flatMap((input) => payments.apply(input));
const amounts = (outputs: readonly FundingPaymentsOutput[]): string[] =>
  outputs.flatMap((o) => (o.kind === 'payment-booked' ? [`${o.account} ${o.amount}`] : []));

describe('funding payments', () => {
  it('longs pay shorts a positive rate, exactly', () => {
    const outputs = run(new FundingPayments(), [change('a', 1, 1, '2'), change('b', 1, 1, '-2'), rate(8)]);
    expect(amounts(outputs)).toEqual(['a -13.00000000', 'b 13.00000000']);
    expect(outputs.at(-1)).toMatchObject({ kind: 'funding-booked', payments: 2, clearing: '0.00000000' });
  });

  it('rounds against the account, so that the clearing rest is never a debt', () => {
    const thirds = [change('a', 1, 1, '3'), change('b', 1, 1, '-1'), change('c', 1, 1, '-2')];
    const outputs = run(new FundingPayments(), [...thirds, rate(8, '0.00012345', '65000.12345')]);
    // 65,000.12345 × 0.00012345 = 8.024265239902...: three, one and two of it, cut at eight decimals.
    expect(amounts(outputs)).toEqual(['a -24.07279572', 'b 8.02426523', 'c 16.04853047']);
    expect(outputs.at(-1)).toMatchObject({ clearing: '0.00000002' });
  });

  it('counts the size before the instant: a change at the instant itself comes after', () => {
    const payments = new FundingPayments();
    const booked = run(payments, [change('a', 1, 7.9999, '1'), change('a', 2, 8, '5'), rate(8), rate(16)]);
    expect(amounts(booked)).toEqual(['a -6.50000000', 'a -32.50000000']);
    expect(amounts(run(payments, [change('a', 3, 17, '0'), rate(24)]))).toEqual([]);
  });

  it('pays a missed instant with the size of then, when its rate is learned later', () => {
    const outputs = run(new FundingPayments(), [
      change('a', 1, 1, '1'),
      change('a', 2, 9, '0'),
      change('a', 3, 30, '10'),
      rate(32),
      rate(8),
      rate(16),
    ]);
    expect(amounts(outputs)).toEqual(['a -65.00000000', 'a -6.50000000']);
  });

  it('never books an instant twice, and says when the second word differs', () => {
    const payments = new FundingPayments();
    run(payments, [change('a', 1, 1, '1'), rate(8, '0.0001')]);
    expect(payments.apply(rate(8, '0.00010'))).toEqual([
      { kind: 'funding-repeated', instantMicros: at(8), differs: false },
    ]);
    expect(payments.apply(rate(8, '0.0002'))).toMatchObject([{ differs: true }]);
    expect(payments.apply(change('a', 2, 7, '9'))).toEqual([
      { kind: 'change-too-late', account: 'a', sequence: 2, instantMicros: at(8) },
    ]);
  });

  it('forgets after a week, and then refuses instead of guessing', () => {
    const payments = new FundingPayments();
    const week = FUNDING_MEMORY_MICROS / HOUR;
    for (let hour = 1; hour <= 3 * week; hour++) {
      payments.apply(change('a', hour, hour - 0.5, String(hour)));
      payments.apply(rate(hour));
    }
    expect(payments.apply(rate(1))).toEqual([{ kind: 'funding-too-old', instantMicros: at(1) }]);
    const { accounts, booked } = payments.snapshot();
    expect(booked.length).toBeLessThanOrEqual(week + 1);
    expect(accounts[0]?.[1].sizes.length).toBeLessThanOrEqual(week + 1);
    expect(() => payments.apply(rate(8.5))).toThrow();
  });
});

/** What each account is owed, worked out from the true history in whole units of 10^-8. */
function owed(
  changes: readonly (FundingPaymentsInput & { kind: 'position-changed' })[],
  rates: readonly { readonly instant: number; readonly rateUnits: number; readonly markCents: number }[],
): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { instant, rateUnits, markCents } of rates) {
    const sizes = new Map<string, bigint>();
    for (const { account, atMicros, size } of changes) {
      if (atMicros < instant) sizes.set(account, BigInt(size));
    }
    for (const [account, size] of sizes) {
      // Whole sizes × cents × 10^-8 is a multiple of 10^-10; floored to 10^-8.
      const exact = -size * BigInt(markCents) * BigInt(rateUnits);
      const floored = exact / 100n - (exact % 100n < 0n ? 1n : 0n);
      totals.set(account, (totals.get(account) ?? 0n) + floored);
    }
  }
  return totals;
}

describe('funding payments under a bad connection (property)', () => {
  const instants = Array.from({ length: 12 }, (_, i) => START + (i + 1) * 8 * HOUR);
  const world = fc.record({
    changes: fc.array(
      fc.record({
        hours: fc.integer({ min: 0, max: 95 }),
        account: fc.nat(3),
        size: fc.integer({ min: -50, max: 50 }),
      }),
      { minLength: 1, maxLength: 25 },
    ),
    rates: fc.array(
      fc.record({
        rateUnits: fc.integer({ min: -300_000, max: 300_000 }),
        markCents: fc.integer({ min: 1, max: 10_000_000 }),
      }),
      { minLength: instants.length, maxLength: instants.length },
    ),
    // When each rate is first heard, after its instant: at once, after a gap, or only at the end.
    delays: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 12, maxLength: 12 }),
    repeats: fc.array(fc.nat(200), { maxLength: 40 }),
    restartAfter: fc.nat(60),
  });

  it('books each instant once, with the sizes of then, to the last unit', () => {
    fc.assert(
      fc.property(world, (w) => {
        const sorted = w.changes.toSorted((a, b) => a.hours - b.hours);
        const changes = sorted.map((c, i) =>
          change(`account ${c.account}`, i + 1, c.hours + 0.25, String(c.size)),
        );
        const truth = w.rates.map((r, i) => ({ ...r, instant: instants[i] ?? 0 }));
        const told = truth.map(({ instant, rateUnits, markCents }, i) => ({
          heardAt: instant + (w.delays[i] ?? 0) * HOUR,
          input: {
            kind: 'rate-known',
            instantMicros: micros(instant),
            rate: (rateUnits / 1e8).toFixed(8),
            markPrice: (markCents / 100).toFixed(2),
          } as const,
        }));
        const once = [...changes.map((input) => ({ heardAt: input.atMicros as number, input })), ...told]
          .toSorted((a, b) => a.heardAt - b.heardAt)
          .map(({ input }): FundingPaymentsInput => input);
        // Replays: after some inputs, a piece of what was heard before comes again.
        const heard = once.flatMap((input, i) => {
          const back = w.repeats[i] ?? 0;
          return back === 0 ? [input] : [input, ...once.slice(Math.max(0, i - back), i + 1)];
        });
        let payments = new FundingPayments();
        const outputs = heard.flatMap((input, i) => {
          if (i === w.restartAfter) payments = FundingPayments.restore(payments.snapshot());
          return payments.apply(input);
        });
        const booked = outputs.flatMap((o) => (o.kind === 'funding-booked' ? [o.instantMicros] : []));
        expect(booked.toSorted((a, b) => a - b)).toEqual(instants);
        expect(outputs.some((o) => o.kind === 'change-too-late' || o.kind === 'funding-too-old')).toBe(false);
        for (const [account, units] of owed(changes, truth)) {
          const paid = outputs.flatMap((o) =>
            o.kind === 'payment-booked' && o.account === account ? [o.amount] : [],
          );
          expect(units).toBe(BigInt(Math.round(Number(sumDecimals(paid)) * 1e8)));
        }
        const all = outputs.flatMap((o) =>
          o.kind === 'payment-booked' ? [o.amount] : o.kind === 'funding-booked' ? [o.clearing] : [],
        );
        expect(Number(sumDecimals(all))).toBe(0);
        const plain = new FundingPayments();
        run(plain, once);
        expect(payments.stateHash()).toBe(plain.stateHash());
      }),
      { numRuns: 80 },
    );
  });
});
