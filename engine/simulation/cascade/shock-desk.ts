/** The shock desk: carries out the shocks of a scenario step by step, and lets the index follow. */
import { unitsValue } from '../../accounting/ledger/money-units.ts';
import type { CascadeContext } from './cascade-context.ts';
import type { CascadeMarket, PriceCause } from './cascade-market.ts';
import type { ScenarioShock } from './cascade-scenario.ts';
import { beginsIn, type ShockOf, stepOf } from './shock-clock.ts';

const MILLION = 1_000_000;

/** What the shocks have to remember. */
export interface ShockSnapshot {
  readonly owedLots: Float64Array;
  readonly shockIds: Float64Array;
}

/** Shocks by their place in the scenario. */
export class ShockDesk {
  readonly #context: CascadeContext;
  /** Lots of each shock's order that a halt held back. */
  readonly #owedLots: Float64Array;
  /** The event by which each shock began. */
  readonly #shockIds: Float64Array;

  constructor(context: CascadeContext) {
    this.#context = context;
    this.#owedLots = new Float64Array(context.scenario.shocks.length);
    this.#shockIds = new Float64Array(context.scenario.shocks.length);
  }

  snapshot(): ShockSnapshot {
    return { owedLots: this.#owedLots.slice(), shockIds: this.#shockIds.slice() };
  }

  restore(snapshot: ShockSnapshot): void {
    this.#owedLots.set(snapshot.owedLots);
    this.#shockIds.set(snapshot.shockIds);
  }

  /** Shocks that begin or go on in this step, then what the index does by itself. */
  act(now: number): void {
    const { scenario, markets } = this.#context;
    const before = now - scenario.stepMillis * 1000;
    markets.forEach((market, i) => {
      if (market.haltedUntilMicros === 0 || now < market.haltedUntilMicros) return;
      market.haltedUntilMicros = 0;
      market.forgetPrices();
      this.#context.tell({ kind: 'trading-resumed' }, null, i);
    });
    scenario.shocks.forEach((shock, i) => {
      if (beginsIn(shock, before, now)) {
        const market = shock.kind === 'collateral-haircut' ? 0 : shock.market;
        this.#shockIds[i] = this.#context.tell({ kind: 'shock', shock: i, what: shock.kind }, null, market);
      }
      this.#shock(shock, i, before, now);
    });
    markets.forEach((market, i) => {
      const gap = market.lastTicks - market.indexTicks;
      const share = (market.facts.indexFollowPerSecond * scenario.stepMillis) / 1000;
      const follow = Math.trunc(gap * share);
      if (follow !== 0) this.#moveIndex(i, follow, market.tradeCause);
    });
  }

  #shock(shock: ScenarioShock, index: number, before: number, now: number): void {
    const { desk, markets, marginCauses, tell } = this.#context;
    const cause = { id: this.#shockIds[index] as number, wave: 0 };
    if (shock.kind === 'market-order') {
      this.#shockOrder(shock, index, before, now);
    } else if (shock.kind === 'index-move') {
      const { startTicks } = (markets[shock.market] as CascadeMarket).units;
      const ticks = stepOf(shock, (startTicks * shock.bps) / 10_000, before, now);
      if (ticks !== 0) this.#moveIndex(shock.market, ticks, cause);
    } else if (!beginsIn(shock, before, now)) {
      return;
    } else if (shock.kind === 'funding') {
      this.#payFunding(shock, cause);
    } else if (shock.kind === 'collateral-haircut') {
      const rateMillionths = Math.round((1 - shock.haircut) * MILLION);
      desk.collateralRate = BigInt(rateMillionths);
      const id = tell({ kind: 'collateral-cut', rateMillionths }, cause, 0);
      marginCauses.fill({ id, wave: 0 });
    }
  }

  /** Funding at the mark. Where the fund could not pay for what it holds, it holds nothing when funding is paid. */
  #payFunding(shock: ShockOf<'funding'>, cause: PriceCause): void {
    const { house, desk, marginCauses, tell, traders, handOverFund } = this.#context;
    const { market } = shock;
    const rate = BigInt(Math.round(shock.rate * 1e8));
    const mark = desk.markTicks[market] as number;
    const held = BigInt(house.positions.size(house.slotOf(traders.fund, market, 0)));
    const unit = house.unitsPerTickLot[market] as bigint;
    const due = (held * BigInt(mark) * unit * rate) / 100_000_000n;
    if (due >= desk.prudentEquity(traders.fund)) handOverFund(market, cause.id);
    const [longs, shorts] = house.payFunding(market, mark, rate);
    const event = {
      kind: 'funding-paid',
      rate: Number(rate),
      longs: unitsValue(longs),
      shorts: unitsValue(shorts),
    } as const;
    marginCauses[market] = { id: tell(event, cause, market), wave: 0 };
  }

  #shockOrder(shock: ShockOf<'market-order'>, index: number, before: number, now: number): void {
    const { house, markets, orders, tell, traders } = this.#context;
    const market = markets[shock.market] as CascadeMarket;
    const whole = shock.notional / market.units.valuePerLot;
    const lots = (this.#owedLots[index] as number) + stepOf(shock, whole, before, now);
    this.#owedLots[index] = market.haltedUntilMicros > 0 ? lots : 0;
    if (lots === 0 || market.haltedUntilMicros > 0) return;
    const slot = house.slotOf(traders.outside, shock.market, 0);
    const { fill } = orders.take(slot, shock.side, lots, null);
    const id = tell(
      { kind: 'shock-order', shock: index, side: shock.side, ...fill },
      { id: this.#shockIds[index] as number, wave: 0 },
      shock.market,
    );
    if (fill.filledLots > 0) market.tradeCause = { id, wave: 0 };
  }

  #moveIndex(index: number, byTicks: number, cause: PriceCause | null): void {
    const market = this.#context.markets[index] as CascadeMarket;
    const fromTicks = market.indexTicks;
    market.indexTicks = Math.max(1, fromTicks + byTicks);
    const event = { kind: 'index-moved', indexTicks: market.indexTicks, fromTicks } as const;
    const id = this.#context.tell(event, cause, index);
    market.indexCause = { id, wave: cause?.wave ?? 0 };
  }
}
