/** A cascade, event by event: nothing in it is a formula for cascades; they emerge from book, marks, margin and rules. */
import type { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import { assert } from '../../core/assert.ts';
import { StateHash } from '../../core/state-hash.ts';
import { Deleveraging } from '../../venue/liquidation/deleveraging.ts';
import { type ClosingFill, LiquidationEngine } from '../../venue/liquidation/liquidation-engine.ts';
import type { LiquidationEvent } from '../../venue/liquidation/liquidation-events.ts';
import { MarginDesk } from '../../venue/liquidation/margin-desk.ts';
import { type CascadeTraders, drawPopulation, openAccounts } from './cascade-accounts.ts';
import type { CascadeContext } from './cascade-context.ts';
import type { CascadeEvent, MarketEvent } from './cascade-events.ts';
import { CascadeMarket, scheduleOf } from './cascade-market.ts';
import type { CascadeScenario } from './cascade-scenario.ts';
import type { CascadeSnapshot, QueuedPool } from './cascade-snapshot.ts';
import { MarginWatch } from './margin-watch.ts';
import { OrderDesk } from './order-desk.ts';
import { PriceDesk } from './price-desk.ts';
import { ShockDesk } from './shock-desk.ts';
import { CascadeTotals } from './wave-totals.ts';

const SECOND = 1_000_000;
const MILLION = 1_000_000;

/** What happens within one step of time, in this order; each is one act or, for liquidations, one act a pool. */
const STAGES = ['shocks', 'marks', 'fund', 'breaches', 'liquidations', 'makers'] as const;

/**
 * One run of a scenario. The scenario must be checked (`parseScenario`).
 *
 * Time goes in steps; a step goes through its stages act by act. `step` runs to the end of the next act that told
 * something, so that it can be stopped between any two decisions; snapshots may be taken between any two calls.
 */
export class CascadeRun {
  readonly scenario: CascadeScenario;
  readonly house: ClearingHouse;
  readonly desk: MarginDesk;
  readonly traders: CascadeTraders;
  readonly markets: readonly CascadeMarket[];
  readonly watch: MarginWatch;
  readonly totals: CascadeTotals;
  readonly deleveraging: Deleveraging;
  readonly #orders: OrderDesk;
  readonly #engine: LiquidationEngine;
  #stepNumber = 0;
  #stage = 0;
  #nextId = 0;
  /** Room for liquidations in this step, in millionths of one. */
  #liquidationRoom = 0;
  #queue: QueuedPool[] = [];
  readonly #queued: Uint8Array;
  readonly #context: CascadeContext;
  readonly #shocks: ShockDesk;
  readonly #prices: PriceDesk;
  #told: CascadeEvent[] = [];
  /** Wave of the liquidation in progress. */
  #wave = 0;

  constructor(scenario: CascadeScenario) {
    this.scenario = scenario;
    const populations = scenario.markets.map((market, i) => {
      const drawn = drawPopulation(market, scenario.seed, i);
      assert(drawn.ok, `a checked scenario has a population that can be drawn: ${market.symbol}`);
      return drawn.value;
    });
    const { house, traders } = openAccounts(scenario, populations);
    this.house = house;
    this.traders = traders;
    const crowdOrders = scenario.accounts.reduce((sum, account) => sum + account.orders.length, 0);
    this.markets = scenario.markets.map((facts) => new CascadeMarket(facts, traders.makers, crowdOrders));
    this.desk = new MarginDesk(
      house,
      scenario.markets.map((market) => scheduleOf(market.brackets)),
    );
    this.markets.forEach((market, i) => {
      this.desk.markTicks[i] = market.markTicks;
      market.makers.quote(market.referenceTicks(), 1000, 1000);
    });
    this.desk.collateralRate = BigInt(MILLION);
    this.watch = new MarginWatch(house, this.desk, traders.crowd);
    this.totals = new CascadeTotals(traders.crowd);
    this.deleveraging = new Deleveraging(
      { house, desk: this.desk, traders },
      { rule: scenario.rules.adlRule, price: scenario.rules.adlPrice },
      traders.crowd,
    );
    this.#orders = new OrderDesk(house, this.markets, traders);
    this.#orders.placeGiven(scenario.accounts);
    this.#queued = new Uint8Array(house.pools);
    this.#context = {
      scenario,
      house,
      desk: this.desk,
      traders,
      markets: this.markets,
      orders: this.#orders,
      marginCauses: this.markets.map(() => null),
      tell: (event, cause, market) => this.#tell(event, cause?.id ?? null, cause?.wave ?? 0, market),
      handOverFund: (market, causeId) => {
        this.#wave = 0;
        this.#engine.handOver(market, causeId);
      },
    };
    this.#shocks = new ShockDesk(this.#context);
    this.#prices = new PriceDesk(this.#context);
    this.#engine = this.#newEngine();
  }

  /** Time of the step in progress. */
  get atMicros(): number {
    return this.scenario.startMicros + this.#sinceStart;
  }

  /** Number the next event will get: how many events were told so far. */
  get eventCount(): number {
    return this.#nextId;
  }

  /** Number of breached pools that wait for their liquidation. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** True when the scenario's time is over. */
  get ended(): boolean {
    return this.#sinceStart > this.scenario.durationSeconds * SECOND;
  }

  /** Runs to the end of the next act that tells something, and returns it; null when the run is over. */
  step(): readonly CascadeEvent[] | null {
    while (!this.ended) {
      this.#act();
      if (this.#told.length > 0) return this.#takeTold();
    }
    return null;
  }

  /**
   * Runs all that happens up to a time, inclusive, and returns it; or until `eventLimit` events were told and the act in
   * which that happened is over.
   */
  runUntil(atMicros: number, eventLimit: number = Number.POSITIVE_INFINITY): readonly CascadeEvent[] {
    const events: CascadeEvent[] = [];
    while (!this.ended && this.atMicros <= atMicros && events.length < eventLimit) {
      this.#act();
      for (const event of this.#told) events.push(event);
      this.#told = [];
    }
    return events;
  }

  /** Runs until the given number of events were told, or the act in which that happens is over. */
  runToEvent(eventCount: number): readonly CascadeEvent[] {
    const events: CascadeEvent[] = [];
    while (this.#nextId < eventCount) {
      const told = this.step();
      if (told === null) break;
      for (const event of told) events.push(event);
    }
    return events;
  }

  /** The whole state as plain data, for a keyframe. */
  snapshot(): CascadeSnapshot {
    return {
      stepNumber: this.#stepNumber,
      stage: this.#stage,
      nextId: this.#nextId,
      liquidationRoom: this.#liquidationRoom,
      queue: [...this.#queue],
      shocks: this.#shocks.snapshot(),
      marginCauses: [...this.#context.marginCauses],
      collateralRate: Number(this.desk.collateralRate),
      markTicks: this.desk.markTicks.slice(),
      house: this.house.snapshot(),
      markets: this.markets.map((market) => market.snapshot()),
      orders: this.#orders.snapshot(),
      queues: this.deleveraging.snapshot(),
      totals: this.totals.snapshot(),
    };
  }

  /** A run of the same scenario in the state of a snapshot. */
  static restore(scenario: CascadeScenario, snapshot: CascadeSnapshot): CascadeRun {
    const run = new CascadeRun(scenario);
    run.#stepNumber = snapshot.stepNumber;
    run.#stage = snapshot.stage;
    run.#nextId = snapshot.nextId;
    run.#liquidationRoom = snapshot.liquidationRoom;
    run.#queue = [...snapshot.queue];
    for (const { pool } of snapshot.queue) run.#queued[pool] = 1;
    run.#shocks.restore(snapshot.shocks);
    snapshot.marginCauses.forEach((cause, i) => {
      run.#context.marginCauses[i] = cause;
    });
    run.desk.collateralRate = BigInt(snapshot.collateralRate);
    run.desk.markTicks.set(snapshot.markTicks);
    run.house.restore(snapshot.house);
    run.markets.forEach((market, i) => {
      const kept = snapshot.markets[i];
      assert(kept !== undefined, 'a snapshot has the markets of its scenario');
      market.restore(kept);
    });
    run.#orders.restore(snapshot.orders);
    run.deleveraging.restore(snapshot.queues);
    run.totals.restore(snapshot.totals);
    return run;
  }

  /** Hash over the meaning of the state: equal on every host for equal scenario and time. */
  stateHash(): number {
    const hash = new StateHash();
    for (const n of [this.#stepNumber, this.#stage, this.#nextId, this.#liquidationRoom]) hash.integer(n);
    for (const { pool, breachId } of this.#queue) {
      hash.integer(pool);
      hash.integer(breachId);
    }
    for (const owed of this.#shocks.snapshot().owedLots) hash.integer(owed);
    hash.integer(Number(this.desk.collateralRate));
    hash.integer(this.house.stateHash());
    for (const market of this.markets) hash.integer(market.stateHash());
    return hash.value();
  }

  get #sinceStart(): number {
    return this.#stepNumber * this.scenario.stepMillis * 1000;
  }

  #takeTold(): readonly CascadeEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #act(): void {
    switch (STAGES[this.#stage]) {
      case 'shocks':
        this.#shocks.act(this.#sinceStart);
        break;
      case 'marks':
        this.#prices.mark(this.#sinceStart);
        break;
      case 'breaches':
        this.#breaches();
        break;
      case 'liquidations':
        if (this.#liquidateNext()) return;
        break;
      case 'fund':
        this.#relieveFund();
        break;
      default:
        this.#prices.quote(this.#sinceStart);
    }
    this.#stage++;
    if (this.#stage < STAGES.length) return;
    this.#stage = 0;
    this.#stepNumber++;
    this.deleveraging.refresh();
  }

  /** Every pool that the marks in force breach waits for its liquidation. */
  #breaches(): void {
    for (const { pool, market } of this.watch.breached()) {
      if (this.#queued[pool] === 1) continue;
      this.#queued[pool] = 1;
      const cause = this.#context.marginCauses[market] ?? null;
      const wave = (cause?.wave ?? 0) + 1;
      const { equity, maintenance } = this.desk.margin(pool);
      const account = this.house.traderOfPool(pool);
      const markTicks = this.desk.markTicks[market] as number;
      const breachId = this.#tell(
        {
          kind: 'margin-breached',
          account,
          markTicks,
          equity: unitsValue(equity),
          maintenance: unitsValue(maintenance),
        },
        cause?.id ?? null,
        wave,
        market,
      );
      this.#queue.push({ pool, breachId, market, wave });
    }
    const rate = this.scenario.rules.liquidationsPerSecond;
    const gain = rate === null ? 0 : Math.round(rate * this.scenario.stepMillis * 1000);
    // Room is not saved up while nobody needs it.
    this.#liquidationRoom = Math.min(this.#liquidationRoom, MILLION) + gain;
  }

  /** Liquidates the next pool of the queue that may trade; false when it is another stage's turn. */
  #liquidateNext(): boolean {
    const limited = this.scenario.rules.liquidationsPerSecond !== null;
    if (limited && this.#liquidationRoom < MILLION) return false;
    const at = this.#queue.findIndex(({ market }) => this.markets[market]?.haltedUntilMicros === 0);
    const next = this.#queue[at];
    if (next === undefined) return false;
    if (limited) this.#liquidationRoom -= MILLION;
    this.#queue.splice(at, 1);
    this.#queued[next.pool] = 0;
    this.#wave = next.wave;
    this.#engine.liquidate(next.pool, next.breachId, next.market);
    return true;
  }

  #relieveFund(): void {
    if (this.desk.prudentEquity(this.traders.fund) >= 0n) return;
    const cause = this.#context.marginCauses[0] ?? null;
    this.#wave = cause?.wave ?? 0;
    const id = this.#context.tell({ kind: 'fund-relieved' }, cause, 0);
    this.#engine.relieveFund(id);
  }

  #newEngine(): LiquidationEngine {
    const { rules, fund, markets } = this.scenario;
    return new LiquidationEngine({
      house: this.house,
      desk: this.desk,
      traders: this.traders,
      deleveraging: this.deleveraging,
      rules: {
        feeRates: markets.map((market) => BigInt(Math.round(market.clearanceFeeRate * MILLION))),
        fundNotionalLimit: BigInt(Math.round(fund.notionalLimit * MILLION)),
        partial: rules.partialLiquidation,
      },
      door: {
        cancelOrders: (trader) => this.#orders.cancelOrders(trader),
        closeAtOnce: (slot, lots, limit, cause) => this.#closeAtOnce(slot, lots, limit, cause),
      },
      tell: (event, causeId, market) => this.#tell(event, causeId, this.#wave, market),
    });
  }

  #closeAtOnce(slot: number, lots: number, limitTicks: number, causeId: number): ClosingFill {
    const market = this.house.marketOf(slot);
    const account = this.house.traderOf(slot);
    const side = this.house.positions.size(slot) > 0 ? 'sell' : 'buy';
    const { fill, filledUnits } = this.#orders.take(slot, side, lots, limitTicks);
    const id = this.#tell({ kind: 'order-filled', account, side, ...fill }, causeId, this.#wave, market);
    if (fill.filledLots > 0) (this.markets[market] as CascadeMarket).tradeCause = { id, wave: this.#wave };
    return { id, filledUnits, unfilledLots: fill.unfilledLots };
  }

  #tell(body: MarketEvent | LiquidationEvent, causeId: number | null, wave: number, market: number): number {
    const id = this.#nextId++;
    const event = { id, atMicros: this.atMicros, causeId, wave, market, ...body };
    this.totals.add(event);
    this.#told.push(event);
    return id;
  }
}
