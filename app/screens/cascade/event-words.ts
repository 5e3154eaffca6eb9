/** Events of a cascade in words: a short title and what a reader needs to follow the chain. */
import type { CascadeEvent } from '../../../engine/simulation/cascade/cascade-events.ts';
import { nearestTickText, tickText } from '../../charts/tick-text.ts';
import { formatNumber, formatSignedPercent } from '../../format/number.ts';
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

/** Says what an event was. */
export function eventWords(event: CascadeEvent, steps: MarketSteps): EventWords {
  const { tickSize, lotSize, tick } = steps;
  const price = (ticks: number | null): string =>
    ticks === null ? '–' : nearestTickText(ticks * tick, tickSize);
  const size = (lots: number): string => tickText(Math.abs(lots), lotSize);
  const words = (title: string, detail: string, tone: EventWords['tone']): EventWords => ({
    title,
    detail,
    tone,
  });
  const moved = (to: number, from: number): string =>
    `${price(from)} → ${price(to)} (${formatSignedPercent(to / from - 1, 2)})`;
  switch (event.kind) {
    case 'shock':
      return words(SHOCKS[event.what] ?? 'Shock', `number ${event.shock + 1} of the scenario`, 'shock');
    case 'shock-order':
      return words(
        `Shock ${event.side}s ${moneyText(event.notional)}`,
        `at ${price(event.averageTicks)} on average`,
        'shock',
      );
    case 'caught-up':
      return words('Price catches up', `one lot at ${price(event.averageTicks)}`, 'price');
    case 'index-moved':
      return words('Index moves', moved(event.indexTicks, event.fromTicks), 'price');
    case 'mark-moved':
      return words('Mark moves', moved(event.markTicks, event.fromTicks), 'price');
    case 'funding-paid':
      return words(
        'Funding paid',
        `longs ${moneyText(event.longs)}, shorts ${moneyText(event.shorts)}`,
        'money',
      );
    case 'makers-adjusted':
      return words(
        'Makers adjust',
        `to ${formatNumber(event.depthPermille / 10, 0)} % of full depth`,
        'price',
      );
    case 'collateral-cut':
      return words(
        'Collateral cut',
        `counts ${formatNumber(event.rateMillionths / 10_000, 1)} % of its value`,
        'shock',
      );
    case 'trading-halted':
      return words('Trading halted', `after a move of ${formatNumber(event.moveBps / 100, 1)} %`, 'end');
    case 'trading-resumed':
      return words('Trading resumed', 'the window starts anew', 'calm');
    case 'fund-relieved':
      return words('Fund relieved', 'it could not carry what it holds', 'money');
    case 'margin-breached':
      return words(
        `#${event.account} breaches its margin`,
        `equity ${moneyText(event.equity)} ≤ maintenance ${moneyText(event.maintenance)} at mark ${price(event.markTicks)}`,
        'breach',
      );
    case 'orders-cancelled':
      return words('Open orders cancelled', `${event.orders}`, 'calm');
    case 'collateral-sold':
      return words('Collateral sold', moneyText(event.value), 'money');
    case 'recovered':
      return words('Recovered', 'healthy when its turn came', 'calm');
    case 'liquidation-order':
      return words(
        `Order to ${event.side} ${size(event.sizeLots)}`,
        `${event.step === 'reduce' ? 'reduces to a lower bracket' : 'closes all'}, limit ${price(event.limitTicks)} (bankruptcy price)`,
        'order',
      );
    case 'order-filled':
      return words(
        event.filledLots === 0 ? 'Nothing filled' : `Filled ${size(event.filledLots)}`,
        event.filledLots === 0
          ? 'no bid within the bankruptcy price'
          : `at ${price(event.averageTicks)} on average, worst ${price(event.worstTicks)}${event.unfilledLots > 0 ? `, ${size(event.unfilledLots)} left` : ''}`,
        'order',
      );
    case 'clearance-fee':
      return words(
        `Fee ${moneyText(event.amount)}`,
        `to the fund, now ${moneyText(event.fundCash)}`,
        'money',
      );
    case 'fund-took-over':
      return words(
        `Fund takes ${size(event.sizeLots)}`,
        `at ${price(event.priceTicks)}, ${event.loss >= 0 ? 'worth less by' : 'worth more by'} ${moneyText(Math.abs(event.loss))}`,
        'money',
      );
    case 'fund-paid':
      return words(`Fund pays ${moneyText(event.amount)}`, `${moneyText(event.fundCash)} left`, 'money');
    case 'fund-received':
      return words(`Fund receives ${moneyText(event.amount)}`, `now ${moneyText(event.fundCash)}`, 'money');
    case 'adl-needed':
      return words(
        `ADL needed: ${size(event.sizeLots)}`,
        `neither book nor fund took it; ${event.candidates} in the queue`,
        'adl',
      );
    case 'adl-fill':
      return words(
        `ADL: #${event.account} gives up ${size(event.sizeLots)}`,
        `rank ${event.rank} of ${event.of}, at ${price(event.priceTicks)}, realises ${moneyText(event.realisedPnl)}`,
        'adl',
      );
    case 'loss-socialised':
      return words('Loss socialised', moneyText(event.amount), 'end');
    case 'liquidated':
      return words(
        event.outcome === 'whole' ? 'Liquidated' : 'Partly liquidated',
        `lost ${moneyText(event.loss)}, ${moneyText(event.cashLeft)} left`,
        'end',
      );
  }
}
