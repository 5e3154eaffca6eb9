/** What one scenario does to each leg: where its price goes and what it gains or loses. */
import type { SetCard, SpanAnswer } from '../../../workers/contract/span-api.ts';

/** A leg in one scenario. Prices in points of the contract; amounts in the commodity's currency. */
export interface LegInScenario {
  readonly contract: string;
  readonly lots: number;
  readonly currency: string;
  /** Null where the set has no price. */
  readonly price: number | null;
  /** Move of the price; null where the scan range is unknown, and for options, whose price moves by a model. */
  readonly move: number | null;
  /** Gain positive. */
  readonly result: number;
}

/** The legs of a report in a scenario counted from 0. */
export function legsInScenario(
  answer: SpanAnswer,
  card: SetCard,
  scenario: number,
): readonly LegInScenario[] {
  const cards = new Map(answer.contracts.map((one) => [one.contract, one]));
  const steps = card.scenarios[scenario]?.priceMove ?? 0;
  return answer.report.commodities.flatMap((commodity) =>
    commodity.positions.map(({ contract, lots, losses }): LegInScenario => {
      const facts = cards.get(contract);
      const range = facts === undefined || facts.option !== null ? null : facts.priceScan;
      return {
        contract,
        lots,
        currency: commodity.currency,
        price: facts?.price ?? null,
        move: range === null || facts === undefined ? null : (steps * range) / facts.multiplier,
        result: -(losses[scenario] ?? 0),
      };
    }),
  );
}
