/** Whether a taker would find enough, without changing anything: for orders that want a least size at once. */
import type { MakerRules } from './maker-rules.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderFact, OrderField } from './order-record.ts';
import { SELF_TRADE_MODES } from './order-terms.ts';
import type { PriceLadder } from './price-ladder.ts';

const REMAINING: OrderField['remaining'] = 0;
const NEXT: OrderField['next'] = 1;
const ACCOUNT: OrderFact['account'] = 0;
const FLAGS: OrderFact['flags'] = 3;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const EXPIRE_MAKER = SELF_TRADE_MODES.indexOf('expire-maker');

/**
 * True where the taker of the core would be filled for at least `needLots` down to its limit. Counts hidden lots; passes
 * over what self-trade prevention or a lack of position would take away.
 *
 * @param shared - true where a level is shared and not served in time order
 * @param sizeLots - the taker's whole size, at least `needLots`
 */
export function wouldFill(
  core: MatchingCore,
  makers: MakerRules,
  shared: boolean,
  limitKey: number,
  sizeLots: number,
  needLots: number,
): boolean {
  const opposite = core.ladder(1 - core.taker.side);
  const byTotals = core.reduceOnlyOrders === 0 && core.taker.selfTrade === 0;
  const walk = byTotals ? null : new Walk(core, makers, shared);
  let found = 0;
  let key = opposite.bestKey;
  let level = opposite.bestLevel;
  while (level !== 0 && key >= limitKey && found < needLots) {
    if (walk === null) found += (opposite.sizes[level] as number) + (opposite.hidden[level] as number);
    else found += walk.levelLots(opposite, level, sizeLots - found, needLots - found);
    if (walk?.ended === true) break;
    level = opposite.nextWorse(key);
    key = level === 0 ? 0 : opposite.keyOf(level);
  }
  return found >= needLots;
}

/** The slow way, order by order, with the positions as the fills would leave them. */
class Walk {
  /** True where an own order would end the taker. */
  ended = false;
  readonly #core: MatchingCore;
  readonly #makers: MakerRules;
  readonly #shared: boolean;
  readonly #held = new Map<number, number>();

  constructor(core: MatchingCore, makers: MakerRules, shared: boolean) {
    this.#core = core;
    this.#makers = makers;
    this.#shared = shared;
  }

  levelLots(opposite: PriceLadder, level: number, takerLots: number, needLots: number): number {
    const { store, taker } = this.#core;
    const endsTaker = taker.selfTrade !== EXPIRE_MAKER;
    const own = this.#ownOrders(opposite, level);
    this.ended = own > 0 && endsTaker;
    if (this.ended && this.#shared) return 0;
    // Before an own order that ends the taker, the hidden lots count only where the level would be taken whole.
    const total = (opposite.sizes[level] as number) + (opposite.hidden[level] as number);
    const hidden = !this.ended || takerLots >= total;
    let found = 0;
    for (let slot = opposite.first(level); slot !== 0; slot = store.records[(slot << 2) + NEXT] as number) {
      if (found >= needLots) break;
      if (this.#makers.isOwn(slot)) {
        if (endsTaker) break;
        continue;
      }
      const open = hidden ? this.#core.openLots(slot) : (store.records[(slot << 2) + REMAINING] as number);
      found += this.#meet(slot, Math.min(open, takerLots - found));
    }
    return found;
  }

  #ownOrders(opposite: PriceLadder, level: number): number {
    let own = 0;
    for (let slot = opposite.first(level); slot !== 0; slot = this.#next(slot)) {
      if (this.#makers.isOwn(slot)) own++;
    }
    return own;
  }

  #next(slot: number): number {
    return this.#core.store.records[(slot << 2) + NEXT] as number;
  }

  /** Lots that a resting order would give, with both positions moved by them. */
  #meet(slot: number, wantedLots: number): number {
    const { store, positions, taker } = this.#core;
    if (positions === null) return wantedLots;
    const account = store.facts[(slot << 2) + ACCOUNT] as number;
    const side = this.#core.side(slot);
    const held = this.#heldBy(account, positions);
    const reduceOnly = ((store.facts[(slot << 2) + FLAGS] as number) & REDUCE_ONLY) !== 0;
    const room = Math.max(0, side === 0 ? 0 - held : held);
    const lots = reduceOnly ? Math.min(wantedLots, room) : wantedLots;
    const bought = side === 0 ? lots : 0 - lots;
    this.#held.set(account, held + bought);
    // Taken last: a trade with the taker's own account leaves it where it was.
    this.#held.set(taker.account, this.#heldBy(taker.account, positions) - bought);
    return lots;
  }

  #heldBy(account: number, positions: Float64Array): number {
    return this.#held.get(account) ?? (positions[account] as number);
  }
}
