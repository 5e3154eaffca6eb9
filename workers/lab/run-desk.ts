/** One run in the lab: goes on in slices, and answers questions about any moment of it. */

import type { CascadeRun } from '../../engine/simulation/cascade/cascade-run.ts';
import type { CascadeScenario } from '../../engine/simulation/cascade/cascade-scenario.ts';
import {
  type AccountColumns,
  accountColumns,
  bookRows,
  cascadeRatio,
} from '../../engine/simulation/cascade/cascade-view.ts';
import { ACCOUNT_FATES } from '../../engine/simulation/cascade/wave-totals.ts';
import {
  CascadeRecorder,
  FORCED_STRIDE,
  RATIO_BPS,
  SAMPLE_STRIDE,
} from '../../engine/simulation/cascade-lab/cascade-recorder.ts';
import { CASCADE_ENGINE_VERSION, scenarioHash } from '../../engine/simulation/cascade-lab/event-trail.ts';
import { type AdlPlace, expectedAdlLoss } from '../../engine/venue/liquidation/adl-queue.ts';
import type {
  AccountPage,
  AccountQuestion,
  CursorView,
  QueueRow,
  RunIdentity,
  SeriesHeld,
  SeriesPart,
} from '../contract/lab-api.ts';
import { accountOrder } from './account-order.ts';
import { fallRows } from './fall-rows.ts';
import { lorenzCurve } from './lorenz-curve.ts';

const BOOK_ROWS = 400;

interface Columns {
  readonly eventCount: number;
  readonly market: number;
  readonly columns: AccountColumns;
  readonly orders: Map<string, Uint32Array>;
}

/** Holds a recorder and a second run of the same scenario that stands at the cursor. */
export class RunDesk {
  readonly recorder: CascadeRecorder;
  #cursor: CascadeRun | null = null;
  #columns: Columns | null = null;
  #identity: RunIdentity | null = null;

  constructor(scenario: CascadeScenario) {
    this.recorder = new CascadeRecorder(scenario);
  }

  /** What is known anywhere; null until the run is done. */
  get identity(): RunIdentity | null {
    const { recorder } = this;
    if (!recorder.done) return null;
    this.#identity ??= {
      engineVersion: CASCADE_ENGINE_VERSION,
      scenarioHash: scenarioHash(recorder.scenario),
      stateHash: recorder.stateHash(),
      events: recorder.events.length,
      trail: recorder.trail.marks(),
    };
    return this.#identity;
  }

  series(market: number, held: SeriesHeld): SeriesPart {
    const { recorder } = this;
    const events = recorder.events.slice(held.events);
    return {
      done: recorder.done,
      atMicros: recorder.atMicros,
      endMicros: recorder.endMicros,
      samples: Float64Array.from((recorder.samples[market] ?? []).slice(held.samples * SAMPLE_STRIDE)),
      eventTimes: Float64Array.from(events, ({ atMicros }) => atMicros),
      eventKinds: Uint8Array.from(recorder.eventKinds.slice(held.events)),
      eventWaves: Uint16Array.from(events, ({ wave }) => wave),
      forced: Float64Array.from(recorder.forced.slice(held.forced * FORCED_STRIDE)),
      identity: this.identity,
      measures: recorder.done ? recorder.measures() : null,
    };
  }

  view(eventCount: number, index: number): CursorView | null {
    const run = this.#runAt(eventCount);
    const market = run.markets[index];
    if (market === undefined) return null;
    const { house, desk, traders } = run;
    const columns = this.#columnsAt(eventCount, index).columns;
    const losses = lorenzCurve(columns);
    const unit = Number(house.unitsPerTickLot[index] ?? 0n) / 1e8;
    const falls = fallRows(columns, market.markTicks, unit);
    const count = (bit: number): number =>
      columns.fates.reduce((n, fate) => n + ((fate & bit) === 0 ? 0 : 1), 0);
    return {
      atMicros: Math.min(run.atMicros, this.recorder.endMicros),
      eventCount: run.eventCount,
      lastTicks: market.lastTicks,
      markTicks: market.markTicks,
      indexTicks: market.indexTicks,
      bids: packed(bookRows(market, 'buy', BOOK_ROWS)),
      asks: packed(bookRows(market, 'sell', BOOK_ROWS)),
      depthPermille: market.depthPermille,
      halted: market.haltedUntilMicros > 0,
      openInterestLots: house.openInterest(index),
      fundCash: Number(house.cash(traders.fund)) / 1e8,
      fundEquity: Number(desk.equity(traders.fund)) / 1e8,
      fundLots: house.positions.size(house.slotOf(traders.fund, index, 0)),
      waiting: run.waiting,
      down: cascadeRatio(run, index, -RATIO_BPS),
      up: cascadeRatio(run, index, RATIO_BPS),
      waves: run.totals.waves.map((wave) => ({ ...wave })),
      fallRows: falls.rows,
      fallRowTicks: falls.rowTicks,
      liquidated: count(ACCOUNT_FATES.liquidated),
      partly: count(ACCOUNT_FATES.partlyLiquidated),
      deleveraged: count(ACCOUNT_FATES.deleveraged),
      liquidationLoss: sum(columns.liquidationLoss),
      adlLoss: sum(columns.adlLoss),
      lorenz: losses.points,
      gini: losses.gini,
    };
  }

  queue(eventCount: number, index: number, side: 'long' | 'short', count: number): readonly QueueRow[] {
    const run = this.#runAt(eventCount);
    const market = run.markets[index];
    if (market === undefined) return [];
    const { house, traders } = run;
    const direction = side === 'long' ? 1 : -1;
    const places = run.deleveraging
      .rank(index, direction)
      .filter(({ slot }) => house.traderOf(slot) < traders.crowd);
    // A jump of the mark over the next percent, what falls on the way met by neither book nor fund, closed at today's mark.
    const jump = cascadeRatio(run, index, side === 'long' ? RATIO_BPS : -RATIO_BPS);
    const perTickLot = Number(house.unitsPerTickLot[index] ?? 0n) / 1e8;
    const row = (place: AdlPlace): QueueRow => {
      const account = house.traderOf(place.slot);
      const { forcedLots, toTicks } = jump;
      const loss = expectedAdlLoss(place, forcedLots, direction, market.markTicks, toTicks, perTickLot);
      return {
        account,
        name: this.nameOf(account),
        rank: place.rank,
        of: place.of,
        lights: place.lights,
        score: place.score,
        sizeLots: place.sizeLots,
        lotsAhead: place.lotsAhead,
        expectedLots: loss.lots,
        expectedLoss: loss.loss,
      };
    };
    return places.slice(0, count).map(row);
  }

  accounts(question: AccountQuestion): AccountPage {
    const { columns, orders } = this.#columnsAt(question.eventCount, question.market);
    const key = `${question.sort} ${question.show}`;
    let order = orders.get(key);
    if (order === undefined) {
      order = accountOrder(columns, question.sort, question.show);
      orders.set(key, order);
    }
    const rows = Array.from(order.slice(question.from, question.from + question.count), (account) => ({
      account,
      name: this.nameOf(account),
      sizeLots: columns.sizeLots[account] ?? 0,
      entryTicks: columns.entryTicks[account] ?? 0,
      liquidationTicks: columns.liquidationTicks[account] ?? 0,
      marginRatio: columns.marginRatio[account] ?? 0,
      equity: columns.equity[account] ?? 0,
      fates: columns.fates[account] ?? 0,
      liquidationLoss: columns.liquidationLoss[account] ?? 0,
      adlLoss: columns.adlLoss[account] ?? 0,
    }));
    return { from: question.from, total: order.length, rows };
  }

  /** The accounts after an event, as columns. */
  columns(eventCount: number, market: number): AccountColumns {
    return this.#columnsAt(eventCount, market).columns;
  }

  /** Name of an account: its own where the scenario gives one, else its number. */
  nameOf(account: number): string {
    return this.recorder.scenario.accounts[account]?.name ?? `#${account}`;
  }

  #runAt(eventCount: number): CascadeRun {
    const run = this.recorder.runAt(eventCount, this.#cursor);
    this.#cursor = run;
    return run;
  }

  #columnsAt(eventCount: number, market: number): Columns {
    const known = this.#columns;
    if (known !== null && known.eventCount === eventCount && known.market === market) return known;
    const columns = accountColumns(this.#runAt(eventCount), market);
    this.#columns = { eventCount, market, columns, orders: new Map() };
    return this.#columns;
  }
}

function sum(column: Float64Array): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

function packed(rows: readonly { readonly priceTicks: number; readonly sizeLots: number }[]): Float64Array {
  const flat = new Float64Array(rows.length * 2);
  rows.forEach((row, i) => {
    flat[2 * i] = row.priceTicks;
    flat[2 * i + 1] = row.sizeLots;
  });
  return flat;
}
