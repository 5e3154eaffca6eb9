// The procedure step by step: what comes first, how much is reduced, who gets the fee, and who takes what is left.
import { describe, expect, it } from 'vitest';
import { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsOf, unitsValue } from '../../accounting/ledger/money-units.ts';
import { scheduleOf } from '../../simulation/cascade/cascade-market.ts';
import { MARCH_2021_BRACKETS } from '../../simulation/cascade/scenarios/scenario-parts.ts';
import { type AdlPrice, Deleveraging } from './deleveraging.ts';
import { exactBrackets, exactMaintenance } from './exact-maintenance.ts';
import { LiquidationEngine } from './liquidation-engine.ts';
import type { LiquidationEvent } from './liquidation-events.ts';
import { MarginDesk } from './margin-desk.ts';
import { reductionLots } from './reduction-plan.ts';

/** 0.1 × 0.001: a tick on a lot is worth 0.0001. */
const UNIT = 10_000n;
const START = 100_000;
const FEE = 12_000n;
const [VICTIM, WINNER, BIDDER, OUTSIDE, FUND] = [0, 1, 2, 3, 4] as const;
const SCHEDULE = scheduleOf(MARCH_2021_BRACKETS);

interface Setup {
  readonly lots: number;
  readonly margin: number;
  readonly fundCash?: number;
  readonly notionalLimit?: bigint;
  readonly adlPrice?: AdlPrice;
  /** Lots bid for at a price; the rest of an order finds nothing. */
  readonly bids?: { readonly lots: number; readonly ticks: number };
  readonly feeRate?: bigint;
  readonly orders?: number;
  readonly collateral?: number;
}

/** A long against the winner's short, and a book of one bid. */
function setup(given: Setup) {
  const house = new ClearingHouse({ traders: 5, unitsPerTickLot: [UNIT] });
  const desk = new MarginDesk(house, [SCHEDULE]);
  desk.markTicks[0] = START;
  desk.collateralRate = 1_000_000n;
  house.deposit(VICTIM, unitsOf(given.margin));
  if (given.collateral !== undefined) house.depositCollateral(VICTIM, unitsOf(given.collateral));
  for (const trader of [WINNER, BIDDER, OUTSIDE]) house.deposit(trader, unitsOf(1e7));
  house.deposit(FUND, unitsOf(given.fundCash ?? 0));
  const slot = (trader: number): number => house.slotOf(trader, 0, 0);
  house.trade(slot(VICTIM), slot(WINNER), given.lots, START);
  const traders = { fund: FUND, outside: OUTSIDE };
  const deleveraging = new Deleveraging(
    { house, desk, traders },
    { rule: 'binance', price: given.adlPrice ?? 'bankruptcy' },
    3,
  );
  const events: (LiquidationEvent & { readonly causeId: number })[] = [];
  const tell = (event: LiquidationEvent, causeId: number): number => events.push({ ...event, causeId }) - 1;
  let bidLots = given.bids?.lots ?? 0;
  const engine = new LiquidationEngine({
    house,
    desk,
    traders,
    deleveraging,
    tell,
    rules: {
      feeRates: [given.feeRate ?? FEE],
      fundNotionalLimit: given.notionalLimit ?? 1_000_000n,
      partial: true,
    },
    door: {
      cancelOrders: () => given.orders ?? 0,
      closeAtOnce: (from, lots, limitTicks, causeId) => {
        const ticks = given.bids?.ticks ?? 0;
        const filled = ticks >= limitTicks ? Math.min(lots, bidLots) : 0;
        bidLots -= filled;
        if (filled > 0) house.trade(slot(BIDDER), from, filled, ticks);
        const filledUnits = BigInt(filled * ticks) * UNIT;
        const fill = {
          filledLots: filled,
          unfilledLots: lots - filled,
          averageTicks: filled === 0 ? null : ticks,
          worstTicks: filled === 0 ? null : ticks,
          notional: unitsValue(filledUnits),
        };
        const id = tell({ kind: 'order-filled', account: VICTIM, side: 'sell', ...fill }, causeId);
        return { id, filledUnits, unfilledLots: lots - filled };
      },
    },
  });
  const liquidateAt = (ticks: number): readonly string[] => {
    desk.markTicks[0] = ticks;
    engine.liquidate(VICTIM, -1, 0);
    expect(house.breach()).toBeNull();
    return events.map(({ kind }) => kind);
  };
  const find = <K extends LiquidationEvent['kind']>(kind: K) =>
    events.find(
      (event): event is Extract<LiquidationEvent, { kind: K }> & { causeId: number } => event.kind === kind,
    );
  return { house, desk, events, slot, liquidateAt, find };
}

describe('the liquidation of one account', () => {
  it('cancels orders first and leaves a healthy account alone', () => {
    const { liquidateAt, house, slot } = setup({ lots: 1000, margin: 200, orders: 2 });
    expect(liquidateAt(START)).toEqual(['orders-cancelled', 'recovered']);
    expect(house.positions.size(slot(VICTIM))).toBe(1000);
  });

  it('closes a small position whole; the fee goes to the fund, the rest stays with the account', () => {
    // 1,000 lots at 100,000 ticks: 10,000 of notional, maintenance 40.
    const { liquidateAt, house, find } = setup({
      lots: 1000,
      margin: 200,
      bids: { lots: 1000, ticks: 98_390 },
    });
    expect(liquidateAt(98_390)).toEqual(['liquidation-order', 'order-filled', 'clearance-fee', 'liquidated']);
    // Equity 200 − 161 = 39; the fee of 1.2 % of 9,839 is 118.07, of which 39 is there.
    expect(find('clearance-fee')).toMatchObject({ amount: 39, fundCash: 39 });
    expect(find('liquidation-order')).toMatchObject({ side: 'sell', sizeLots: 1000, limitTicks: 98_000 });
    expect(find('liquidated')).toMatchObject({ outcome: 'whole', loss: 200, cashLeft: 0 });
    expect(house.cash(VICTIM)).toBe(0n);
  });

  it('reduces a large position to the bracket that fits, once', () => {
    // 30,000 lots: 297,000 of notional at this mark, maintenance 1,670, equity 1,660; 250,000 need 1,200.
    const { liquidateAt, house, slot, find } = setup({
      lots: 30_000,
      margin: 4660,
      feeRate: 1000n,
      bids: { lots: 30_000, ticks: 99_000 },
    });
    expect(liquidateAt(99_000)).toEqual(['liquidation-order', 'order-filled', 'clearance-fee', 'liquidated']);
    const left = house.positions.size(slot(VICTIM));
    // The cap of bracket 2, 250,000, in lots at the mark.
    expect(left).toBe(Math.floor(250_000 / 9.9));
    expect(find('liquidation-order')).toMatchObject({ step: 'reduce', sizeLots: 30_000 - left });
    expect(find('liquidated')).toMatchObject({ outcome: 'partial' });
  });

  it('hands to the fund what the book does not take, at the bankruptcy price, within its limits', () => {
    const { liquidateAt, house, slot, find } = setup({
      lots: 1000,
      margin: 200,
      fundCash: 5000,
      bids: { lots: 300, ticks: 98_400 },
    });
    expect(liquidateAt(98_350)).toEqual([
      'liquidation-order',
      'order-filled',
      'fund-took-over',
      'adl-needed',
      'adl-fill',
      'clearance-fee',
      'liquidated',
    ]);
    // 5,000 of cash at 9.835 a lot: 508 lots.
    const took = find('fund-took-over');
    expect(took).toMatchObject({ sizeLots: 508 });
    expect(took?.loss ?? 0).toBeLessThan(0);
    expect(house.positions.size(slot(FUND))).toBe(508);
    expect(find('adl-fill')).toMatchObject({ account: WINNER, sizeLots: 192, rank: 1 });
    expect(house.cash(VICTIM)).toBe(0n);
    expect(house.cash(FUND)).toBeGreaterThanOrEqual(unitsOf(5000));
  });

  it('beyond the bankruptcy price lets the queue pay by the price, or the fund as far as it can where ADL is at the mark', () => {
    // At 97,000 the account is 100 short: equity 200 − 300.
    const byPrice = setup({ lots: 1000, margin: 200 });
    byPrice.liquidateAt(97_000);
    expect(byPrice.find('adl-fill')).toMatchObject({ priceTicks: 98_000, sizeLots: 1000 });
    expect(byPrice.find('adl-fill')?.lossAgainstMark).toBeCloseTo(100, 9);
    const atMark = setup({ lots: 1000, margin: 200, fundCash: 100, notionalLimit: 0n, adlPrice: 'mark' });
    atMark.liquidateAt(97_000);
    expect(atMark.find('fund-paid')).toMatchObject({ amount: 100, fundCash: 0 });
    expect(atMark.find('adl-fill')).toMatchObject({ priceTicks: 97_000, lossAgainstMark: 0 });
    const half = setup({ lots: 1000, margin: 200, fundCash: 50, notionalLimit: 0n, adlPrice: 'mark' });
    half.liquidateAt(97_000);
    // Exactly the rest of the deficit, 50, goes to the queue.
    expect(half.find('adl-fill')?.lossAgainstMark).toBeCloseTo(50, 9);
    for (const { house } of [byPrice, atMark, half]) {
      expect(house.cash(VICTIM)).toBe(0n);
      expect(house.cash(FUND)).toBeGreaterThanOrEqual(0n);
    }
  });

  it('sells the collateral asset before it touches the position', () => {
    const { liquidateAt, desk, house, find } = setup({
      lots: 1000,
      margin: 50,
      collateral: 150,
      bids: { lots: 1000, ticks: 98_400 },
    });
    desk.collateralRate = 500_000n;
    expect(liquidateAt(99_000).slice(0, 2)).toEqual(['collateral-sold', 'liquidation-order']);
    expect(find('collateral-sold')).toMatchObject({ value: 75 });
    expect(house.collateralOf(VICTIM)).toBe(0n);
    expect(house.collateralOf(OUTSIDE)).toBe(unitsOf(150));
  });
});

describe('the reduction plan', () => {
  const brackets = exactBrackets(SCHEDULE);
  const question = {
    brackets,
    sizeLots: 200_000,
    markTicks: START,
    unitsPerTickLot: UNIT,
    equity: unitsOf(37_000),
    otherMaintenance: 0n,
    feeRate: 0n,
  };

  it('takes the highest lower bracket whose requirement the equity exceeds', () => {
    // 2,000,000 of notional needs 37,000 or more; 1,000,000 needs 1 % less 1,300.
    expect(exactMaintenance(brackets, unitsOf(2_000_000))).toBeGreaterThan(unitsOf(30_000));
    expect(reductionLots(question)).toBe(100_000);
    expect(exactMaintenance(brackets, unitsOf(1_000_000))).toBe(unitsOf(8700));
    expect(reductionLots({ ...question, equity: unitsOf(8700) })).toBe(175_000);
    expect(reductionLots({ ...question, equity: unitsOf(100) })).toBeNull();
    expect(reductionLots({ ...question, sizeLots: 1000 })).toBeNull();
  });

  it('counts the fee and what the other positions of the pool need', () => {
    expect(reductionLots({ ...question, equity: unitsOf(9000), feeRate: 1000n })).toBe(175_000);
    expect(reductionLots({ ...question, equity: unitsOf(9000), otherMaintenance: unitsOf(500) })).toBe(
      175_000,
    );
  });
});
