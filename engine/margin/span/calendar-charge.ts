/** Charges within one commodity: calendar spreads between its months, and the delivery (spot) charge. */
import type { CalendarLeg, CalendarPlan, CommodityPlan } from './commodity-plan.ts';
import { type CommodityWork, DELTA_DUST } from './commodity-work.ts';
import type { SpreadLog } from './spread-log.ts';

/**
 * Forms calendar spreads in order of priority from the deltas left, and adds up their charge.
 *
 * Each spread is formed twice: side A long and B short, then the other way round. One pass forms
 * min over legs (deltas of that sign in the leg's months ÷ ratio) spreads; used deltas leave their months, nearest first.
 */
export function chargeCalendars(plan: CommodityPlan, work: CommodityWork, log: SpreadLog | null): void {
  work.calendarCharge = 0;
  const { left } = work;
  let longs = false;
  let shorts = false;
  for (let m = 0; m < left.length; m++) {
    const delta = left[m] as number;
    if (delta > 0) longs = true;
    else if (delta < 0) shorts = true;
  }
  // Without both signs no calendar spread can form.
  if (!(longs && shorts)) return;
  const { calendars } = plan;
  for (let c = 0; c < calendars.length; c++) {
    const spread = calendars[c] as CalendarPlan;
    if (spread.isPair && log === null) {
      work.calendarCharge += formPair(left, spread);
      continue;
    }
    work.calendarCharge += formCalendar(plan, work, spread, 1, log);
    work.calendarCharge += formCalendar(plan, work, spread, -1, log);
  }
}

/** One month against another: whichever is long, one of the two passes forms, and it is this. */
function formPair(left: Float64Array, spread: CalendarPlan): number {
  const first = spread.legs[0] as CalendarLeg;
  const second = spread.legs[1] as CalendarLeg;
  const near = first.months[0] as number;
  const far = second.months[0] as number;
  const a = left[near] as number;
  const b = left[far] as number;
  if (a === 0 || b === 0 || a > 0 === b > 0) return 0;
  const sizeA = Math.abs(a);
  const sizeB = Math.abs(b);
  if (sizeA <= DELTA_DUST || sizeB <= DELTA_DUST) return 0;
  const count = Math.min(sizeA / first.ratio, sizeB / second.ratio);
  const restA = sizeA - count * first.ratio;
  const restB = sizeB - count * second.ratio;
  left[near] = restA <= DELTA_DUST ? 0 : a > 0 ? restA : -restA;
  left[far] = restB <= DELTA_DUST ? 0 : b > 0 ? restB : -restB;
  return count * spread.rate;
}

function formCalendar(
  plan: CommodityPlan,
  work: CommodityWork,
  spread: CalendarPlan,
  direction: 1 | -1,
  log: SpreadLog | null,
): number {
  const { legs } = spread;
  let count = Number.POSITIVE_INFINITY;
  for (let l = 0; l < legs.length; l++) {
    const leg = legs[l] as CalendarLeg;
    const available = deltasOfSign(work.left, leg.months, direction * leg.sign);
    if (available <= DELTA_DUST) return 0;
    count = Math.min(count, available / leg.ratio);
  }
  const charge = count * chargePerSpread(plan, work, spread);
  for (let l = 0; l < legs.length; l++) {
    const leg = legs[l] as CalendarLeg;
    takeDeltas(work.left, leg.months, direction * leg.sign, count * leg.ratio);
  }
  log?.calendar(plan.index, spread.index, direction, count, charge);
  return charge;
}

function chargePerSpread(plan: CommodityPlan, work: CommodityWork, spread: CalendarPlan): number {
  if (spread.charge === 'flat') return spread.rate;
  if (spread.charge === 'weighted') {
    return spread.rate * work.weightedRisk * spread.legs.reduce((sum, leg) => sum + leg.ratio, 0);
  }
  const [first, second] = spread.legs.map((leg) => plan.monthNumbers[leg.months[0] ?? 0] ?? 0);
  return spread.rate * Math.abs((second ?? 0) - (first ?? 0)) + spread.perSpread;
}

/** Sum of the deltas of one sign in some months, as a size. */
export function deltasOfSign(deltas: Float64Array, months: Int32Array, sign: number): number {
  let sum = 0;
  for (let m = 0; m < months.length; m++) {
    const delta = (deltas[months[m] as number] as number) * sign;
    if (delta > 0) sum += delta;
  }
  return sum;
}

/** Takes `amount` deltas of one sign out of some months, nearest first. */
export function takeDeltas(deltas: Float64Array, months: Int32Array, sign: number, amount: number): void {
  let open = amount;
  for (let m = 0; m < months.length && open > 0; m++) {
    const month = months[m] as number;
    const delta = (deltas[month] as number) * sign;
    if (delta <= 0) continue;
    const used = Math.min(delta, open);
    const rest = delta - used;
    deltas[month] = rest <= DELTA_DUST ? 0 : rest * sign;
    open -= used;
  }
}

/**
 * The delivery charge, method 10, after calendar spreads and before credits.
 *
 * Formula: Σ over listed months (|delta used by spreads| × rate 1 + |delta left| × rate 2).
 */
export function chargeSpot(plan: CommodityPlan, work: CommodityWork, log: SpreadLog | null): void {
  work.spotCharge = 0;
  if (!plan.hasSpot) return;
  for (let m = 0; m < plan.months.length; m++) {
    const left = work.left[m] as number;
    const used = Math.abs((work.monthDeltas[m] as number) - left);
    const charge = used * (plan.spotSpread[m] as number) + Math.abs(left) * (plan.spotOutright[m] as number);
    if (charge === 0) continue;
    work.spotCharge += charge;
    log?.spot(plan.index, m, used, Math.abs(left), charge);
  }
}
