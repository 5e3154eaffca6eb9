/** Tests of the waterfall: it ends at the requirement, whatever the parts. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { commodityWaterfall } from './waterfall.ts';

const amount = fc.integer({ min: 0, max: 1_000_000 });

it('adds up to the requirement', () => {
  void fc.assert(
    fc.property(
      fc.record({
        scanRisk: amount,
        calendarCharge: amount,
        spotCharge: amount,
        interCredit: amount,
        shortOptionMinimum: amount,
        risk: amount,
        netOptionValue: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      }),
      (parts) => {
        const steps = commodityWaterfall(parts);
        const total = steps.at(-1);
        const sum = steps.slice(0, -1).reduce((whole, step) => whole + step.amount, 0);
        expect(sum).toBe(total?.amount);
        expect(total?.amount).toBe(Math.max(0, parts.risk - parts.netOptionValue));
        expect(steps.at(-2)?.after).toBe(total?.after);
      },
    ),
  );
});

it('shows what the short option minimum adds and which option value is not used', () => {
  const steps = commodityWaterfall({
    scanRisk: 100,
    calendarCharge: 10,
    spotCharge: 5,
    interCredit: 40,
    shortOptionMinimum: 90,
    risk: 99,
    netOptionValue: 120,
  });
  const of = (id: string): number | undefined => steps.find((step) => step.id === id)?.amount;
  expect([of('minimum'), of('class'), of('option'), of('unused'), of('total')]).toEqual([15, 9, -120, 21, 0]);
});
