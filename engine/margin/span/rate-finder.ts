/** Which rate applies to a performance-bond class, where a list gives rates for some classes only. */
import type { SpanParameterSet, SpanRate } from './parameter-set.ts';

/** Finds the rate of a class: its own, else that of the class it is based on, else the first given, else 0. */
export type RateOf = (rates: readonly SpanRate[]) => number;

/** The finder for one commodity and class. */
export function rateFinder(set: SpanParameterSet, commodity: number, rateId: number): RateOf {
  const base = new Map(
    set.commodities[commodity]?.adjustments.map((a) => [a.rateId, a.baseRateId] as const) ?? [],
  );
  return (rates) => {
    let id: number | undefined = rateId;
    for (let step = 0; id !== undefined && step < 8; step++) {
      const own = rates.find((r) => r.rateId === id);
      if (own !== undefined) return own.value;
      const next: number | undefined = base.get(id);
      id = next === id ? undefined : next;
    }
    return rates[0]?.value ?? 0;
  };
}
