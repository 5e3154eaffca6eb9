/** How an order becomes the taker that the core matches. */
import type { LevelMatching } from './level-matching.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact } from './order-record.ts';
import type { OrderTicket } from './order-ticket.ts';

const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const SERIAL: OrderFact['serial'] = 2;
const FLAGS: OrderFact['flags'] = 3;
const GROUP: OrderDetail['group'] = 2;
const GROUPED: OrderBit['grouped'] = 16;

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
  return Math.max(limitKey, side === 0 ? 0 - boundTicks : boundTicks);
}

/** Matches the core's taker the way the product does and returns what is left of it. */
export function matchTaker(
  core: MatchingCore,
  levels: LevelMatching | null,
  limitKey: number,
  sizeLots: number,
): number {
  return levels === null ? core.match(limitKey, sizeLots) : levels.match(limitKey, sizeLots);
}
