/** The price desk: marks and the breaker in every step, the makers' quotes once a second. */
import type { CascadeContext } from './cascade-context.ts';
import type { CascadeMarket } from './cascade-market.ts';
import { withdrawnPermille } from './shock-clock.ts';

const SECOND = 1_000_000;

/** Keeps no state of its own. */
export class PriceDesk {
  readonly #context: CascadeContext;

  constructor(context: CascadeContext) {
    this.#context = context;
  }

  /** Marks by the rule; once a second the samples they stand on, and the look of the breaker. */
  mark(now: number): void {
    const { scenario, markets, desk, marginCauses, tell } = this.#context;
    markets.forEach((market, i) => {
      if (now % SECOND === 0) market.sample();
      this.#watchMove(market, i, now);
      const markTicks = market.markNow(scenario.rules.mark, now);
      if (markTicks === market.markTicks) return;
      const cause = market.markCause(markTicks);
      const { indexTicks, lastTicks, markTicks: fromTicks } = market;
      market.markTicks = markTicks;
      desk.markTicks[i] = markTicks;
      const event = { kind: 'mark-moved', markTicks, fromTicks, indexTicks, lastTicks } as const;
      marginCauses[i] = { id: tell(event, cause, i), wave: cause?.wave ?? 0 };
    });
  }

  /** The breaker halts trading where the last price moved too far. */
  #watchMove(market: CascadeMarket, index: number, now: number): void {
    const { scenario, tell } = this.#context;
    const { breaker } = scenario.rules;
    if (breaker === null || market.haltedUntilMicros > 0) return;
    const from = market.lastAgo(breaker.windowSeconds);
    const moveBps = ((market.lastTicks - from) * 10_000) / from;
    if (Math.abs(moveBps) < breaker.moveBps) return;
    market.haltedUntilMicros = now + breaker.haltSeconds * SECOND;
    const untilMicros = scenario.startMicros + market.haltedUntilMicros;
    tell({ kind: 'trading-halted', moveBps, untilMicros }, market.tradeCause, index);
  }

  /** Makers look once a second: they withdraw under stress and by shocks, and refill at their rate. */
  quote(now: number): void {
    const { scenario, markets, tell } = this.#context;
    if (now % SECOND !== 0) return;
    markets.forEach((market, i) => {
      const withdrawn = withdrawnPermille(scenario.shocks, i, now);
      const depthPermille = Math.floor((withdrawn * calmPermille(market)) / 1000);
      if (Math.abs(depthPermille - market.depthPermille) >= 100) {
        tell({ kind: 'makers-adjusted', depthPermille }, market.tradeCause, i);
        market.depthPermille = depthPermille;
      }
      const refill = Math.round(market.facts.makers.refillPerSecond * 1000);
      market.makers.quote(market.referenceTicks(), depthPermille, refill);
      if (market.haltedUntilMicros === 0) this.#catchUp(market, i);
    });
  }

  /** Where the quotes have left the last price behind, somebody trades one lot at the touch: prices do not stand still. */
  #catchUp(market: CascadeMarket, index: number): void {
    const { house, orders, traders, tell } = this.#context;
    const { bestBidTicks, bestAskTicks } = market.book;
    const below = bestBidTicks !== null && market.lastTicks < bestBidTicks;
    const above = bestAskTicks !== null && market.lastTicks > bestAskTicks;
    if (!below && !above) return;
    const side = below ? 'sell' : 'buy';
    const cause = market.markCause(0);
    const { fill } = orders.take(house.slotOf(traders.outside, index, 0), side, 1, null);
    market.tradeCause = {
      id: tell({ kind: 'caught-up', side, ...fill }, cause, index),
      wave: cause?.wave ?? 0,
    };
  }
}

/** Share of full depth that the recent move of the last price leaves, in thousandths. */
function calmPermille(market: CascadeMarket): number {
  const { withdrawal } = market.facts.makers;
  if (withdrawal === null) return 1000;
  const from = market.lastAgo(withdrawal.windowSeconds);
  const moveBps = (Math.abs(market.lastTicks - from) * 10_000) / from;
  const stress = Math.min(1, moveBps / withdrawal.moveBps);
  return Math.floor(1000 * (1 - stress * (1 - withdrawal.floorShare)));
}
