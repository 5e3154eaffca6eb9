// Published worked examples: arrays, scan risk, an inter-commodity credit, net option value. Figures come from the vectors file.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { buildSet, commodity, deltaSpread, future, leg } from '../../testkit/span-sets.ts';
import { planSpan } from './plan.ts';
import { futureArray } from './risk-array.ts';
import { standardScenarios } from './scenarios.ts';
import { type SpanReport, spanMargin } from './span-margin.ts';

interface Vector {
  readonly id: string;
  readonly psr: number;
  readonly mult: number;
  readonly cover: number;
  readonly array_loss_long: readonly number[];
  readonly maintenance_history_on_date: number;
  readonly expected_scan_long1: number;
}

interface CornSoy {
  readonly id: string;
  readonly psr: { readonly ZC: number; readonly ZS: number };
  readonly spread: { readonly ratio: { readonly ZC: number; readonly ZS: number }; readonly credit: number };
  readonly positions: { readonly ZC: number; readonly ZS: number };
  readonly expected: {
    readonly outright: number;
    readonly credit_ZC: number;
    readonly credit_ZS: number;
    readonly credit: number;
    readonly requirement: number;
  };
}

interface OptionValue {
  readonly id: string;
  readonly lot: number;
  readonly short_23700CE: { readonly span_risk: number; readonly nov: number; readonly requirement: number };
  readonly long_fut: { readonly requirement: number };
}

const vectors: readonly { readonly id: string }[] = HAS_SHARED_DATA
  ? JSON.parse(readSharedText('vectors/cme.json')).span
  : [];
const vector = <T>(id: string): T => vectors.find((v) => v.id === id) as T;

function margin(
  set: Parameters<typeof planSpan>[0],
  positions: Readonly<Record<string, number>>,
): SpanReport {
  const chosen = set.classes[0];
  if (chosen === undefined) throw new Error('no class');
  const list = Object.entries(positions).map(([contract, lots]) => ({ contract, lots }));
  const report = spanMargin(planSpan(set, chosen, set.currencies[0]?.code ?? ''), list);
  if (!report.ok) throw new Error(report.failure.message);
  return report.value;
}

describe.skipIf(!HAS_SHARED_DATA)(`worked examples${SHARED_DATA_NOTE}`, () => {
  for (const id of ['cme_pa2_ES_20190102', 'cme_pa2_ZN_20190102', 'cme_pa2_ZC_20190102']) {
    it(`${id}: the generated array is the published one, long and short one need the maintenance margin of the day`, () => {
      const v = vector<Vector>(id);
      const { losses } = futureArray(v.psr, standardScenarios(v.mult, v.cover), 0);
      expect(losses.map((x) => x + 0)).toEqual(v.array_loss_long);
      const set = buildSet(
        [commodity('X')],
        [
          future({
            product: 'X',
            commodity: 0,
            period: '201903',
            priceScan: v.psr,
            losses: v.array_loss_long,
          }),
        ],
      );
      expect(margin(set, { 'CME:X:FUT:201903': 1 }).requirement).toBe(v.maintenance_history_on_date);
      expect(margin(set, { 'CME:X:FUT:201903': -1 }).requirement).toBe(v.maintenance_history_on_date);
    });
  }

  it('corn against soybeans 2:1 at 55 %: outright, the credit of each leg, requirement', () => {
    const v = vector<CornSoy>('cme_inter_corn_soy');
    const { ratio, credit } = v.spread;
    const set = buildSet(
      [commodity('C'), commodity('S')],
      [
        future({ product: 'C', commodity: 0, period: '202003', priceScan: v.psr.ZC }),
        future({ product: 'S', commodity: 1, period: '202003', priceScan: v.psr.ZS }),
      ],
      { inter: [deltaSpread(1, credit, [leg(0, 'A', ratio.ZC), leg(1, 'B', ratio.ZS)])] },
    );
    const report = margin(set, { 'CME:C:FUT:202003': v.positions.ZC, 'CME:S:FUT:202003': v.positions.ZS });
    const [corn, soy] = report.commodities;
    expect((corn?.scanRisk ?? 0) + (soy?.scanRisk ?? 0)).toBe(v.expected.outright);
    expect(corn?.interCredit).toBeCloseTo(v.expected.credit_ZC, 9);
    expect(soy?.interCredit).toBeCloseTo(v.expected.credit_ZS, 9);
    expect((corn?.interCredit ?? 0) + (soy?.interCredit ?? 0)).toBeCloseTo(v.expected.credit, 9);
    expect(report.requirement).toBe(v.expected.requirement);
  });

  it('NSE NIFTY June 2026: scan risk from the supplied array, whose extremes already hold their cover', () => {
    const v = vector<Vector>('nse_nifty_jun26_fut');
    const set = buildSet(
      [commodity('NIFTY', { currency: 'INR' })],
      [
        future({
          product: 'NIFTY',
          commodity: 0,
          period: '202606',
          priceScan: v.psr,
          losses: v.array_loss_long,
        }),
      ],
      {},
      { currencies: [{ code: 'INR', decimals: 2 }] },
    );
    expect(margin(set, { 'CME:NIFTY:FUT:202606': 1 }).requirement).toBe(v.expected_scan_long1);
    const [report] = margin(set, { 'CME:NIFTY:FUT:202606': 65 }).commodities;
    expect(report?.activeScenario).toBe(13);
    expect(report?.scanRisk).toBeCloseTo(65 * v.expected_scan_long1, 6);
  });

  it('NSE options: a short option adds its value to its risk, a long one needs nothing', () => {
    const v = vector<OptionValue>('nse_nov_cases');
    const { span_risk, nov, requirement } = v.short_23700CE;
    const price = -nov / v.lot;
    const worst = span_risk / v.lot;
    // The array is that of a long option: it loses at most its price and gains what the short is charged for.
    const losses = Array.from({ length: 16 }, (_, s) => (s === 10 ? -worst : 0));
    const base = future({ product: 'NIFTY', commodity: 0, period: '202605', priceScan: 0, losses });
    const contract = {
      ...base.contract,
      id: 'CALL',
      type: 'OOP',
      price,
      option: { right: 'call' as const, strike: 23_700, period: '202605', premiumStyle: true },
    };
    const set = buildSet([commodity('NIFTY')], [{ contract, losses }]);
    const short = margin(set, { CALL: -v.lot });
    expect(short.commodities[0]?.risk).toBe(span_risk);
    expect(short.commodities[0]?.netOptionValue).toBe(nov);
    expect(short.requirement).toBe(requirement);
    expect(margin(set, { CALL: v.lot }).requirement).toBe(0);
  });
});
