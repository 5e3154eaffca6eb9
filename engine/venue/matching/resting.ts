/** How an order comes to rest, gets smaller in its place, or goes to the end of a queue. */
import { BOOK_EVENT_KINDS } from './book-events.ts';
import type { LevelMatching } from './level-matching.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';
import { type OrderHandle, TIMES_IN_FORCE } from './order-terms.ts';
import type { OrderExtras, OrderTicket } from './order-ticket.ts';

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
  if (levels !== null || t.extras !== null) return restWithExtras(core, levels, t, serial, lots);
  const { side, priceTicks, account, tag, timeInForce } = t;
  const bits = timeInForce === GTX ? POST_ONLY : timeInForce === DAY ? DAY_BIT : 0;
  const slot = core.store.take();
  core.rest(slot, side, side === 0 ? priceTicks : 0 - priceTicks, lots, bits, account, tag, serial);
  const handle = core.store.handle(slot);
  core.events.write(RESTED, side, priceTicks, lots, account, tag, serial, handle, 0);
  return handle;
}

function restWithExtras(
  core: MatchingCore,
  levels: LevelMatching | null,
  t: OrderTicket,
  serial: number,
  lots: number,
): OrderHandle {
  const { side, priceTicks, account, tag, extras } = t;
  const key = side === 0 ? priceTicks : 0 - priceTicks;
  const bits = bitsOf(t, lots);
  const shown = (bits & ICEBERG) === 0 ? lots : (extras?.displayLots ?? lots);
  const betters = levels?.willRest(side, key) === true;
  const slot = core.store.take();
  core.rest(slot, side, key, shown, bits, account, tag, serial);
  if (extras !== null) fillDetails(core, side, extras, slot, bits, lots - shown);
  const handle = core.store.handle(slot);
  core.events.write(RESTED, side, priceTicks, shown, account, tag, serial, handle, 0);
  if (betters) levels?.hasBettered(slot, side);
  return handle;
}

function bitsOf(t: OrderTicket, lots: number): number {
  const { timeInForce, extras } = t;
  let bits = 0;
  if (timeInForce === GTX) bits = POST_ONLY;
  else if (timeInForce === GTD) bits = GOOD_TILL_DATE;
  else if (timeInForce === DAY) bits = DAY_BIT;
  if (extras === null) return bits;
  if (extras.displayLots > 0 && extras.displayLots < lots) bits |= ICEBERG;
  if (extras.reduceOnly) bits |= REDUCE_ONLY;
  if (extras.group !== 0) bits |= GROUPED;
  if (extras.makerPercent !== 0) bits |= MARKET_MAKER;
  return bits;
}

function fillDetails(
  core: MatchingCore,
  side: number,
  extras: OrderExtras,
  slot: number,
  bits: number,
  hidden: number,
): void {
  const details = core.store.details;
  const at = slot << 3;
  if ((bits & REDUCE_ONLY) !== 0) core.reduceOnlyOrders++;
  if ((bits & ICEBERG) !== 0) {
    details[at + HIDDEN] = hidden;
    details[at + DISPLAY] = extras.displayLots;
    core.ladder(side).addHidden(core.level(slot), hidden);
  }
  details[at + GROUP] = extras.group;
  details[at + GOOD_TILL] = extras.goodTillSeconds | 0;
  details[at + MAKER_PERCENT] = extras.makerPercent;
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
