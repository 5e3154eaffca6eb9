/** How an order becomes the taker that the core matches. */
import { assert } from '../../core/assert.ts';
import type { LevelMatching } from './level-matching.ts';
import type { MakerRules } from './maker-rules.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact } from './order-record.ts';
import type { OrderHandle, OrderSide } from './order-terms.ts';
import type { OrderTicket } from './order-ticket.ts';

const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const SERIAL: OrderFact['serial'] = 2;
const FLAGS: OrderFact['flags'] = 3;
const GROUP: OrderDetail['group'] = 2;
const GROUPED: OrderBit['grouped'] = 16;

/** What takers of a book find outside it. Nothing there may depend on the book itself. */
export interface OutsideMarket {
  /** Best price in ticks for a taker of this side, or null while there is nothing. */
  offeredTicks(side: OrderSide): number | null;
  /** Takes at most so many lots at that price for an account. Returns how many, at least one. */
  take(side: OrderSide, sizeLots: number, account: number, tag: number): number;
}

/** The order on the ticket. */
export function takeAsTicket(core: MatchingCore, t: OrderTicket, serial: number): void {
  const taker = core.taker;
  taker.side = t.side;
  taker.account = t.account;
  taker.tag = t.tag;
  taker.serial = serial;
  taker.selfTrade = t.selfTrade;
  taker.ownAccount = t.selfTrade !== 0 && t.ownAccount;
  taker.group = t.selfTrade === 0 ? 0 : (t.extras?.group ?? 0);
  taker.priceTicks = t.priceTicks;
}

/** An order that kept its slot, at a new key; its group, or else its account, is its owner. */
export function takeAsSlot(core: MatchingCore, slot: number, key: number, selfTrade: number): void {
  const { facts, details } = core.store;
  const at = slot << 2;
  const isGrouped = ((facts[at + FLAGS] as number) & GROUPED) !== 0;
  const taker = core.taker;
  taker.side = core.side(slot);
  taker.account = facts[at + ACCOUNT] as number;
  taker.tag = facts[at + TAG] as number;
  taker.serial = facts[at + SERIAL] as number;
  taker.selfTrade = selfTrade;
  taker.ownAccount = selfTrade !== 0 && !isGrouped;
  taker.group = selfTrade !== 0 && isGrouped ? (details[(slot << 3) + GROUP] as number) : 0;
  taker.priceTicks = taker.side === 0 ? key : 0 - key;
}

/** The tighter of a taker's limit and its bound, both as keys of the other side. */
export function boundKey(side: number, limitKey: number, boundTicks: number | null): number {
  if (boundTicks === null) return limitKey;
  return Math.max(limitKey, keyFor(side, boundTicks));
}

/** True where a taker of this side (0 or 1) finds something outside the book down to its limit. */
export function isOffered(outside: OutsideMarket, side: number, limitKey: number): boolean {
  const ticks = outside.offeredTicks(side === 0 ? 'buy' : 'sell');
  return ticks !== null && keyFor(side, ticks) >= limitKey;
}

/** A price as the key of the side that a taker meets. */
function keyFor(takerSide: number, priceTicks: number): number {
  return takerSide === 0 ? 0 - priceTicks : priceTicks;
}

/**
 * Matches the core's taker down to its limit and returns what is left of it. At one price the orders of the book come before
 * what is outside.
 *
 * Source: CME Globex, Futures Implied Order Matching Priority (wiki page 457096650): orders of the instrument itself always
 * trade first.
 */
export function matchTaker(
  core: MatchingCore,
  levels: LevelMatching | null,
  outside: OutsideMarket | null,
  limitKey: number,
  sizeLots: number,
): number {
  if (outside === null) return matchInBook(core, levels, limitKey, sizeLots);
  const { taker } = core;
  const side = taker.side === 0 ? 'buy' : 'sell';
  let firstTicks: number | null = null;
  let left = sizeLots;
  while (left > 0) {
    const ticks = outside.offeredTicks(side);
    const key = ticks === null ? null : keyFor(taker.side, ticks);
    const offered = key !== null && key >= limitKey ? ticks : null;
    const trades = core.trades;
    left = matchInBook(core, levels, offered === null ? limitKey : keyFor(taker.side, offered), left);
    if (core.trades !== trades) firstTicks ??= core.firstTradeTicks;
    if (offered === null || left === 0) break;
    const lots = outside.take(side, left, taker.account, taker.tag);
    left -= lots;
    core.recordImplied(taker.side, offered, lots, taker, 0, left);
    firstTicks ??= offered;
  }
  if (firstTicks !== null) core.firstTradeTicks = firstTicks;
  return left;
}

/** Matches the core's taker with the orders of the book, the way the product does. */
function matchInBook(
  core: MatchingCore,
  levels: LevelMatching | null,
  limitKey: number,
  sizeLots: number,
): number {
  return levels === null ? core.match(limitKey, sizeLots) : levels.match(limitKey, sizeLots);
}

/**
 * Lets a taker without an order take lots at the best price of the other side, where there must be so many. Own orders are
 * not looked for.
 *
 * Source: CME Globex Self-Match Prevention (wiki page 457640025): not applied to trades with implied liquidity.
 */
export function takeBest(
  core: MatchingCore,
  levels: LevelMatching | null,
  side: OrderSide,
  sizeLots: number,
  account: number,
  tag: number,
): void {
  const taker = core.taker;
  taker.side = side === 'buy' ? 0 : 1;
  taker.account = account;
  taker.tag = tag;
  taker.serial = 0;
  taker.selfTrade = 0;
  taker.ownAccount = false;
  taker.group = 0;
  const best = core.ladder(1 - taker.side).bestKey;
  taker.priceTicks = taker.side === 0 ? 0 - best : best;
  const left = matchInBook(core, levels, best, sizeLots);
  assert(left === 0, 'the best price has the lots that are taken');
}

/** Takes lots off a resting order that orders of other books filled, and notes that. */
export function fillImplied(
  core: MatchingCore,
  makers: MakerRules,
  handle: OrderHandle,
  priceTicks: number,
  sizeLots: number,
): void {
  const slot = core.store.slot(handle);
  const at = slot << 2;
  const { facts } = core.store;
  const account = facts[at + ACCOUNT] as number;
  const order = { account, tag: facts[at + TAG] as number, serial: facts[at + SERIAL] as number };
  core.recordImplied(core.side(slot), priceTicks, sizeLots, order, handle, core.openLots(slot) - sizeLots);
  core.firstTradeTicks = priceTicks;
  makers.takeOff(slot, sizeLots);
}
