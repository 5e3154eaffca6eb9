// Desk and payments together behind a bad connection: every instant is paid once, at the right rate, and nothing is paid twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Micros, micros } from '../../core/units.ts';
import { FundingDesk, type FundingDeskInput } from './funding-desk.ts';
import { FundingPayments, type FundingPaymentsOutput } from './funding-payments.ts';

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const START = Date.UTC(2026, 4, 4) * 1000;
const TERMS = { intervalHours: 8, interestRate: 0.0001, capRate: 0.003 };
const INSTANTS = 6;

const at = (offset: number): Micros => micros(START + offset);

/** The venue's truth: the rate and mark of instant n, counted from 0. */
const rateOf = (n: number): string => (0.0001 * (n + 1)).toFixed(8);
const markOf = (n: number): string => `${60_000 + 100 * n}.5`;

/** Everything the venue says, a frame every 30 s. */
const frames: readonly FundingDeskInput[] = Array.from({ length: INSTANTS * 960 + 10 }, (_, i) => {
  const offset = i * 30 * SECOND;
  const n = Math.floor(offset / (8 * HOUR));
  return {
    kind: 'rate-announced',
    atMicros: at(offset),
    rate: rateOf(n),
    nextFundingMicros: at((n + 1) * 8 * HOUR),
    markPrice: markOf(n),
  };
});

describe('funding behind a bad connection (property)', () => {
  const index = fc.nat(frames.length - 1);
  const gap = fc.record({ from: index, length: fc.constantFrom(1, 2, 3, 50, 960, 2_500) });

  it('gaps, duplicates, replays and restarts leave one payment an instant', () => {
    fc.assert(
      fc.property(
        fc.array(gap, { maxLength: 6 }),
        fc.array(gap, { maxLength: 4 }),
        fc.array(index, { maxLength: 3 }),
        (gaps, replays, restarts) => {
          const lost = (i: number): boolean => gaps.some((g) => i >= g.from && i < g.from + g.length);
          let desk = new FundingDesk(TERMS, at(0));
          let payments = new FundingPayments();
          const paid: FundingPaymentsOutput[] = [];
          const pay = (instantMicros: Micros, rate: string, markPrice: string): void => {
            paid.push(...payments.apply({ kind: 'rate-known', instantMicros, rate, markPrice }));
          };
          payments.apply({ kind: 'position-changed', account: 'a', sequence: 1, atMicros: at(0), size: '1' });
          const hear = (input: FundingDeskInput): void => {
            for (const output of desk.apply(input)) {
              const n = (output.instantMicros - START) / (8 * HOUR) - 1;
              // What the desk could not know comes from the venue's history; it is asked twice, as a shell may.
              if (output.kind === 'rate-fixed') pay(output.instantMicros, output.rate, output.markPrice);
              else for (let ask = 0; ask < 2; ask++) pay(output.instantMicros, rateOf(n), markOf(n));
            }
          };
          for (const [i, frame] of frames.entries()) {
            if (restarts.includes(i)) {
              desk = FundingDesk.restore(desk.snapshot());
              payments = FundingPayments.restore(payments.snapshot());
            }
            if (!lost(i)) hear(frame);
            for (const { from, length } of replays) {
              if (from === i) for (const old of frames.slice(Math.max(0, i - length), i)) hear(old);
            }
          }
          hear({ kind: 'time-passed', atMicros: at(INSTANTS * 8 * HOUR) });
          const amounts = paid.flatMap((o) => (o.kind === 'payment-booked' ? [o] : []));
          expect(amounts.map(({ instantMicros }) => instantMicros)).toEqual(
            Array.from({ length: INSTANTS }, (_, n) => at((n + 1) * 8 * HOUR)),
          );
          for (const [n, { amount }] of amounts.entries()) {
            expect(Number(amount)).toBeCloseTo(-Number(rateOf(n)) * Number(markOf(n)), 8);
          }
          expect(paid.some((o) => o.kind === 'funding-repeated' && o.differs)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });
});
