/** How an order comes to rest, gets smaller in its place, or goes to the end of a queue. */
import { BOOK_EVENT_KINDS } from './book-events.ts';
import type { LevelMatching } from './level-matching.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';
import { type OrderHandle, TIMES_IN_FORCE } from './order-terms.ts';
import type { OrderTicket } from './order-ticket.ts';

const REMAINING: OrderField['remaining'] = 0;
const FLAGS: OrderFact['flags'] = 3;
const HIDDEN: OrderDetail['hidden'] = 0;
const DISPLAY: OrderDetail['display'] = 1;
const GROUP: OrderDetail['group'] = 2;
const GOOD_TILL: OrderDetail['goodTill'] = 3;
const MAKER_PERCENT: OrderDetail['makerPercent'] = 4;
const POST_ONLY: OrderBit['postOnly'] = 2;
const ICEBERG: OrderBit['iceberg'] = 4;
const REDUCE_ONLY: OrderBit['reduceOnly'] = 8;
const GROUPED: OrderBit['grouped'] = 16;
const MARKET_MAKER: OrderBit['marketMaker'] = 32;
const DAY_BIT: OrderBit['day'] = 64;
const GOOD_TILL_DATE: OrderBit['goodTillDate'] = 128;

const GTX = TIMES_IN_FORCE.indexOf('GTX');
const GTD = TIMES_IN_FORCE.indexOf('GTD');
const DAY = TIMES_IN_FORCE.indexOf('DAY');
const RESTED = BOOK_EVENT_KINDS.indexOf('rested');

/** Rests (what is left of) the order on the ticket and returns its handle. */
export function restTicket(
  core: MatchingCore,
  levels: LevelMatching | null,
  t: OrderTicket,
  serial: number,
  lots: number,
): OrderHandle {
  const key = t.side === 0 ? t.priceTicks : 0 - t.priceTicks;
  const bits = bitsOf(t, lots);
  const shown = (bits & ICEBERG) === 0 ? lots : t.displayLots;
  const betters = levels?.willRest(t.side, key) === true;
  const slot = core.rest(t.side, key, shown, bits, t.account, t.tag, serial);
  if (bits !== 0) fillDetails(core, t, slot, bits, lots - shown);
  const handle = core.store.handle(slot);
  core.events.write(RESTED, t.side, t.priceTicks, shown, t.account, t.tag, serial, handle, 0);
  if (betters) levels?.hasBettered(slot, t.side);
  return handle;
}

function bitsOf(t: OrderTicket, lots: number): number {
  let bits = 0;
  if (t.timeInForce === GTX) bits = POST_ONLY;
  else if (t.timeInForce === GTD) bits = GOOD_TILL_DATE;
  else if (t.timeInForce === DAY) bits = DAY_BIT;
  if (t.displayLots > 0 && t.displayLots < lots) bits |= ICEBERG;
  if (t.reduceOnly) bits |= REDUCE_ONLY;
  if (t.group !== 0) bits |= GROUPED;
  if (t.makerPercent !== 0) bits |= MARKET_MAKER;
  return bits;
}

function fillDetails(core: MatchingCore, t: OrderTicket, slot: number, bits: number, hidden: number): void {
  const details = core.store.details;
  const at = slot << 3;
  if ((bits & REDUCE_ONLY) !== 0) core.reduceOnlyOrders++;
  if ((bits & ICEBERG) !== 0) {
    details[at + HIDDEN] = hidden;
    details[at + DISPLAY] = t.displayLots;
    core.ladder(t.side).addHidden(core.level(slot), hidden);
  }
  details[at + GROUP] = t.group;
  details[at + GOOD_TILL] = t.goodTillSeconds | 0;
  details[at + MAKER_PERCENT] = t.makerPercent;
}

/** Takes lots off an order in its place: off its hidden lots first. Something must remain. */
export function shrink(core: MatchingCore, slot: number, lots: number): void {
  const { records, facts, details } = core.store;
  const at = slot << 2;
  const ladder = core.ladder(core.side(slot));
  let off = lots;
  if (((facts[at + FLAGS] as number) & ICEBERG) !== 0) {
    const hidden = details[(slot << 3) + HIDDEN] as number;
    const unseen = Math.min(hidden, off);
    details[(slot << 3) + HIDDEN] = hidden - unseen;
    ladder.addHidden(core.level(slot), 0 - unseen);
    off -= unseen;
  }
  if (off > 0) ladder.resize(slot, (records[at + REMAINING] as number) - off);
}

/** Puts an order that kept its slot at the end of the queue at `key`, an iceberg with a new slice. */
export function enterAgain(
  core: MatchingCore,
  levels: LevelMatching | null,
  slot: number,
  key: number,
  lots: number,
): void {
  const details = core.store.details;
  const at = slot << 3;
  const side = core.side(slot);
  const flags = core.store.facts[(slot << 2) + FLAGS] as number;
  const shown = (flags & ICEBERG) === 0 ? lots : Math.min(lots, details[at + DISPLAY] as number);
  const betters = levels?.willRest(side, key) === true;
  core.ladder(side).append(slot, key, shown);
  if ((flags & REDUCE_ONLY) !== 0) core.reduceOnlyOrders++;
  if ((flags & ICEBERG) !== 0) {
    details[at + HIDDEN] = lots - shown;
    core.ladder(side).addHidden(core.level(slot), lots - shown);
  }
  core.tell(RESTED, slot, shown, 0);
  if (betters) levels?.hasBettered(slot, side);
}
