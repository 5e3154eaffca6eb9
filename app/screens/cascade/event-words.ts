/** Events of a cascade in words: a short title and what a reader needs to follow the chain. */
import type { CascadeEvent, CascadeEventKind } from '../../../engine/simulation/cascade/cascade-events.ts';
import { nearestTickText, tickText } from '../../charts/tick-text.ts';
import { ABSENT, formatNumber, formatSignedPercent } from '../../format/number.ts';
import { moneyText } from './chart-axes.ts';
import type { MarketSteps } from './use-cascade-data.ts';

/** One event as a step of a story. */
export interface EventWords {
  readonly title: string;
  readonly detail: string;
  /** Colour of its mark. */
  readonly tone: 'shock' | 'price' | 'breach' | 'order' | 'money' | 'adl' | 'end' | 'calm';
}

const SHOCKS: Readonly<Record<string, string>> = {
  'market-order': 'Shock: market order',
  'index-move': 'Shock: the index moves',
  'maker-withdrawal': 'Shock: makers withdraw',
  'collateral-haircut': 'Shock: collateral is cut',
  funding: 'Shock: funding',
};

/** How prices and sizes of a market are written. */
class Steps {
  readonly #steps: MarketSteps;

  constructor(steps: MarketSteps) {
    this.#steps = steps;
  }

  price(ticks: number | null): string {
    const { tick, tickSize } = this.#steps;
    return ticks === null ? ABSENT : nearestTickText(ticks * tick, tickSize);
  }

  size(lots: number): string {
    return tickText(Math.abs(lots), this.#steps.lotSize);
  }

  moved(to: number, from: number): string {
    return `${this.price(from)} → ${this.price(to)} (${formatSignedPercent(to / from - 1, 2)})`;
  }
}

type Said = readonly [title: string, detail: string, tone: EventWords['tone']];

/** One sentence a kind. */
const SENTENCES: {
  readonly [Kind in CascadeEventKind]: (event: Extract<CascadeEvent, { kind: Kind }>, say: Steps) => Said;
} = {
  shock: (event) => [SHOCKS[event.what] ?? 'Shock', `number ${event.shock + 1} of the scenario`, 'shock'],
  'shock-order': (event, say) => [
    `Shock ${event.side}s ${moneyText(event.notional)}`,
    `at ${say.price(event.averageTicks)} on average`,
    'shock',
  ],
  'caught-up': (event, say) => ['Price catches up', `one lot at ${say.price(event.averageTicks)}`, 'price'],
  'index-moved': (event, say) => ['Index moves', say.moved(event.indexTicks, event.fromTicks), 'price'],
  'mark-moved': (event, say) => ['Mark moves', say.moved(event.markTicks, event.fromTicks), 'price'],
  'funding-paid': (event) => [
    'Funding paid',
    `longs ${moneyText(event.longs)}, shorts ${moneyText(event.shorts)}`,
    'money',
  ],
  'makers-adjusted': (event) => [
    'Makers adjust',
    `to ${formatNumber(event.depthPermille / 10, 0)} % of full depth`,
    'price',
  ],
  'collateral-cut': (event) => [
    'Collateral cut',
    `counts ${formatNumber(event.rateMillionths / 10_000, 1)} % of its value`,
    'shock',
  ],
  'trading-halted': (event) => [
    'Trading halted',
    `after a move of ${formatNumber(event.moveBps / 100, 1)} %`,
    'end',
  ],
  'trading-resumed': () => ['Trading resumed', 'the window starts anew', 'calm'],
  'fund-relieved': () => ['Fund relieved', 'it could not carry what it holds', 'money'],
  'margin-breached': (event, say) => [
    `#${event.account} breaches its margin`,
    `equity ${moneyText(event.equity)} ≤ maintenance ${moneyText(event.maintenance)} at mark ${say.price(event.markTicks)}`,
    'breach',
  ],
  'orders-cancelled': (event) => ['Open orders cancelled', `${event.orders}`, 'calm'],
  'collateral-sold': (event) => ['Collateral sold', moneyText(event.value), 'money'],
  recovered: () => ['Recovered', 'healthy when its turn came', 'calm'],
  'liquidation-order': (event, say) => [
    `Order to ${event.side} ${say.size(event.sizeLots)}`,
    `${event.step === 'reduce' ? 'reduces to a lower bracket' : 'closes all'}, limit ${say.price(event.limitTicks)} (bankruptcy price)`,
    'order',
  ],
  'order-filled': (event, say) => [
    event.filledLots === 0 ? 'Nothing filled' : `Filled ${say.size(event.filledLots)}`,
    event.filledLots === 0
      ? 'no bid within the bankruptcy price'
      : `at ${say.price(event.averageTicks)} on average, worst ${say.price(event.worstTicks)}${event.unfilledLots > 0 ? `, ${say.size(event.unfilledLots)} left` : ''}`,
    'order',
  ],
  'clearance-fee': (event) => [
    `Fee ${moneyText(event.amount)}`,
    `to the fund, now ${moneyText(event.fundCash)}`,
    'money',
  ],
  'fund-took-over': (event, say) => [
    `Fund takes ${say.size(event.sizeLots)}`,
    `at ${say.price(event.priceTicks)}, ${event.loss >= 0 ? 'worth less by' : 'worth more by'} ${moneyText(Math.abs(event.loss))}`,
    'money',
  ],
  'fund-paid': (event) => [
    `Fund pays ${moneyText(event.amount)}`,
    `${moneyText(event.fundCash)} left`,
    'money',
  ],
  'fund-received': (event) => [
    `Fund receives ${moneyText(event.amount)}`,
    `now ${moneyText(event.fundCash)}`,
    'money',
  ],
  'adl-needed': (event, say) => [
    `ADL needed: ${say.size(event.sizeLots)}`,
    `neither book nor fund took it; ${event.candidates} in the queue`,
    'adl',
  ],
  'adl-fill': (event, say) => [
    `ADL: #${event.account} gives up ${say.size(event.sizeLots)}`,
    `rank ${event.rank} of ${event.of}, at ${say.price(event.priceTicks)}, realises ${moneyText(event.realisedPnl)}`,
    'adl',
  ],
  'loss-socialised': (event) => ['Loss socialised', moneyText(event.amount), 'end'],
  liquidated: (event) => [
    event.outcome === 'whole' ? 'Liquidated' : 'Partly liquidated',
    `lost ${moneyText(event.loss)}, ${moneyText(event.cashLeft)} left`,
    'end',
  ],
};

/** Says what an event was. */
export function eventWords(event: CascadeEvent, steps: MarketSteps): EventWords {
  // The table pairs every kind with its own event; TypeScript cannot follow that through an index.
  const sentence = SENTENCES[event.kind] as (event: CascadeEvent, say: Steps) => Said;
  const [title, detail, tone] = sentence(event, new Steps(steps));
  return { title, detail, tone };
}
