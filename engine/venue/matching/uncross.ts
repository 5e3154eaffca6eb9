/** The end of an auction: matches a crossed book at one price. */
import { BOOK_EVENT_KINDS } from './book-events.ts';
import type { MatchingCore } from './matching-core.ts';
import type { OrderBit, OrderDetail, OrderFact, OrderField } from './order-record.ts';

const REMAINING: OrderField['remaining'] = 0;
const ACCOUNT: OrderFact['account'] = 0;
const TAG: OrderFact['tag'] = 1;
const SERIAL: OrderFact['serial'] = 2;
const FLAGS: OrderFact['flags'] = 3;
const HIDDEN: OrderDetail['hidden'] = 0;
const DISPLAY: OrderDetail['display'] = 1;
const ICEBERG: OrderBit['iceberg'] = 4;

const UNCROSSED = BOOK_EVENT_KINDS.indexOf('uncrossed');

/**
 * Trades at `priceTicks` all bids at or above it with all asks at or below it, by price, then time, icebergs with their
 * whole size, until one of the two is used up. Own orders meet own orders.
 *
 * Source: CME Globex, orders placed before the opening are matched by price and time (Supported Matching Algorithms,
 * page 101286568); Self-Match Prevention does not apply in the Opening (457640025); Display Quantity counts whole in the
 * indicative opening price (Cumulative Quantity and Price Determination).
 *
 * @returns lots traded
 */
export function uncross(core: MatchingCore, priceTicks: number): number {
  let traded = 0;
  while (core.bids.bestKey >= priceTicks && core.asks.bestKey >= 0 - priceTicks) {
    const buy = core.bids.first(core.bids.bestLevel);
    const sell = core.asks.first(core.asks.bestLevel);
    const lots = Math.min(core.openLots(buy), core.openLots(sell));
    record(core, buy, sell, priceTicks, lots);
    takeOff(core, buy, lots);
    takeOff(core, sell, lots);
    traded += lots;
  }
  if (traded > 0) {
    core.firstTradeTicks = priceTicks;
    core.lastTradeTicks = priceTicks;
  }
  return traded;
}

function record(core: MatchingCore, buy: number, sell: number, priceTicks: number, lots: number): void {
  const facts = core.store.facts;
  const b = buy << 2;
  const s = sell << 2;
  const buyer = facts[b + ACCOUNT] as number;
  const seller = facts[s + ACCOUNT] as number;
  core.trades++;
  const e = core.events.claim();
  const f = core.events.fields;
  f[e] = UNCROSSED;
  f[e + 1] = 0;
  f[e + 2] = priceTicks;
  f[e + 3] = lots;
  f[e + 4] = buyer;
  f[e + 5] = facts[b + TAG] as number;
  f[e + 6] = facts[b + SERIAL] as number;
  f[e + 7] = core.store.handle(sell);
  f[e + 8] = seller;
  f[e + 9] = facts[s + TAG] as number;
  f[e + 10] = facts[s + SERIAL] as number;
  f[e + 11] = core.openLots(sell) - lots;
  const positions = core.positions;
  if (positions === null) return;
  positions[buyer] = (positions[buyer] as number) + lots;
  positions[seller] = (positions[seller] as number) - lots;
}

/** Takes lots off an order that keeps its place; an iceberg shows a full slice of what is left. */
function takeOff(core: MatchingCore, slot: number, lots: number): void {
  const open = core.openLots(slot) - lots;
  if (open === 0) {
    core.drop(slot);
    return;
  }
  const { records, facts, details } = core.store;
  const ladder = core.ladder(core.side(slot));
  if (((facts[(slot << 2) + FLAGS] as number) & ICEBERG) === 0) {
    ladder.resize(slot, open);
    return;
  }
  const d = slot << 3;
  const shown = Math.min(open, details[d + DISPLAY] as number);
  ladder.addHidden(core.level(slot), open - shown - (details[d + HIDDEN] as number));
  details[d + HIDDEN] = open - shown;
  if (shown !== records[(slot << 2) + REMAINING]) ladder.resize(slot, shown);
}
