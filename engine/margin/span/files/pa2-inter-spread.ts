/** Record 6 of a .pa2 file: a spread between commodities, delta-based or scan-based. */
import type { CommoditySpread, SpanRate, SpreadLeg } from '../parameter-set.ts';
import type { Pa2Line } from './pa2-line.ts';

const LEGS = 4;
const PERCENT = 100;

/** What a record 6 gave: a spread, or why it forms none (its credit is then not given). */
export type InterSpreadFound =
  | { readonly ok: true; readonly spread: CommoditySpread }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads one record 6. Methods 01, 02, 10 and 20 are formed from deltas, 04 by adding arrays; the crush of method 03 is
 * not modelled. A rate is a percentage, or currency for flat credits.
 */
export function readInterSpread(
  line: Pa2Line,
  commodityOf: (code: string) => number | null,
): InterSpreadFound {
  const method = line.text('method');
  const isScan = method === '04' || method === 'S';
  if (method === '03') return { ok: false, reason: 'crush spread (method 03)' };
  const isFlat = line.text('creditCalcMethod') === 'F';
  const scale = isFlat ? 1 : 1 / PERCENT;
  const whole = line.number('creditRatePct') * scale;
  const separate = ['1', 'Y'].includes(line.text('separateRates'));
  const legs: (SpreadLeg & { readonly required: boolean })[] = [];
  for (let l = 1; l <= LEGS; l++) {
    const code = line.text(`leg${l}CC`);
    if (code === '') continue;
    const commodity = commodityOf(code);
    if (commodity === null) return { ok: false, reason: `no record describes commodity ${code}` };
    const side = line.text(`leg${l}Side`);
    if (side !== 'A' && side !== 'B' && !isScan) line.reject(`leg${l}Side`, 'A or B');
    const ratio = line.number(`leg${l}DeltaRatio`);
    if (ratio === 0) line.reject(`leg${l}DeltaRatio`, 'a positive ratio');
    const rates = separate ? rate(line.number(`rate${l}`) * scale) : [];
    const required = ['1', 'Y'].includes(line.text(`leg${l}RequiredForScan`));
    const tier = line.number(`tierLeg${l}`);
    legs.push({ commodity, tier, period: null, ratio, side: side === 'B' ? 'B' : 'A', rates, required });
  }
  const priority = line.number('spreadPriority');
  const common = { priority, place: line.place, assumption: null };
  if (!isScan) {
    if (legs.length < 2) line.reject('leg2CC', 'at least two legs');
    const charge = isFlat ? 'flat' : 'weighted';
    const own = legs.map(({ required, ...leg }) => leg);
    return {
      ok: true,
      spread: { kind: 'delta', charge, rates: rate(whole), perSpreadRates: [], legs: own, ...common },
    };
  }
  const target = commodityOf(line.text('m4TargetCC'));
  if (target === null) return { ok: false, reason: `no record describes the target of a scanning spread` };
  return {
    ok: true,
    spread: {
      kind: 'scan',
      target,
      targetRatio: line.number('m4TargetDeltaRatio') || 1,
      targetRequired: ['1', 'Y'].includes(line.text('m4TargetRequired')),
      minimumLegs: line.number('m4MinLegs'),
      legs: legs.map((leg) => ({
        commodity: leg.commodity,
        required: leg.required,
        ratio: leg.ratio,
        rates: leg.rates.length > 0 ? leg.rates : rate(whole),
      })),
      ...common,
    },
  };
}

function rate(value: number): readonly SpanRate[] {
  return [{ rateId: 1, value }];
}
