// Named regressions: defects that were measured in another system, and must not come back here.
import { describe, expect, it } from 'vitest';
import { ClearingHouse } from '../../accounting/ledger/clearing-house.ts';
import { unitsOf } from '../../accounting/ledger/money-units.ts';
import { Rng } from '../../core/rng.ts';
import { scheduleOf } from '../../simulation/cascade/cascade-market.ts';
import { CascadeRun } from '../../simulation/cascade/cascade-run.ts';
import { BTC_BRACKETS_2026, MARCH_2021_BRACKETS } from '../../simulation/cascade/scenarios/scenario-parts.ts';
import { linearCascade } from '../../testkit/linear-cascade.ts';
import { exactBrackets, exactMaintenance } from './exact-maintenance.ts';
import { payableUnits, takeoverLots } from './insurance-fund.ts';
import { MarginDesk } from './margin-desk.ts';

const UNIT = 10_000n;
const BRACKETS = scheduleOf(BTC_BRACKETS_2026);

describe('liquidation happens at margin ratio 1 (elsewhere: at 2.48, 1.55, 1.65, 1.29)', () => {
  it('is not due one tick before the liquidation price and due at it, over random positions', () => {
    const rng = new Rng(5);
    let checked = 0;
    for (let i = 0; i < 300; i++) {
      const house = new ClearingHouse({ traders: 2, unitsPerTickLot: [UNIT] });
      const long = rng.below(2) === 0;
      const lots = 1 + rng.below(4_000_000);
      const entry = 300_000 + rng.below(700_000);
      const leverage = 1 + rng.below(40);
      const value = (lots * entry) / 10_000;
      house.deposit(0, unitsOf(value / leverage + rng.below(1000)));
      house.deposit(1, unitsOf(1e9));
      const [a, b] = [house.slotOf(0, 0, 0), house.slotOf(1, 0, 0)];
      house.trade(long ? a : b, long ? b : a, lots, entry);
      const desk = new MarginDesk(house, [BRACKETS]);
      desk.markTicks[0] = entry;
      if (desk.isBreached(0)) continue;
      const price = desk.liquidationTicks(a, 0);
      if (price === null) continue;
      const side = long ? 1 : -1;
      const reached = long ? Math.floor(price) : Math.ceil(price);
      desk.markTicks[0] = reached + side;
      expect(desk.isBreached(0)).toBe(false);
      expect(desk.ratio(0) ?? 0).toBeGreaterThan(1);
      desk.markTicks[0] = reached;
      // A price that is itself whole may lie on either side by the rounding of its estimate.
      if (Math.abs(price - reached) > 1e-6) expect(desk.isBreached(0)).toBe(true);
      desk.markTicks[0] = reached - side;
      expect(desk.isBreached(0)).toBe(true);
      // One tick of the mark moves the ratio by that much around 1, no more.
      expect(desk.ratio(0) ?? 0).toBeGreaterThan(0.99);
      checked++;
    }
    expect(checked).toBeGreaterThan(200);
  });

  it('has no jump of maintenance at a bracket edge (elsewhere: 1,250 to 2,500 at 250,000)', () => {
    for (const schedule of [BRACKETS, scheduleOf(MARCH_2021_BRACKETS)]) {
      const exact = exactBrackets(schedule);
      for (const { cap } of exact) {
        if (cap === null) continue;
        const step = exactMaintenance(exact, cap + 1n) - exactMaintenance(exact, cap);
        expect(step >= 0n && step <= 1n).toBe(true);
      }
    }
  });

  it('subtracts the maintenance amount (elsewhere added: 4,300 instead of 1,700)', () => {
    const exact = exactBrackets(scheduleOf(MARCH_2021_BRACKETS));
    expect(exactMaintenance(exact, unitsOf(300_000))).toBe(unitsOf(1700));
  });
});

describe('the insurance fund creates no money (elsewhere: balance 100, payout 500, paid 500)', () => {
  const fund = { cash: unitsOf(100), equity: unitsOf(100) };

  it('pays no more than it has', () => {
    expect(payableUnits(fund)).toBe(unitsOf(100));
    expect(payableUnits({ cash: unitsOf(100), equity: unitsOf(-1) })).toBe(0n);
    expect(payableUnits({ cash: unitsOf(40), equity: unitsOf(100) })).toBe(unitsOf(40));
  });

  it('takes over a fifth of a position that comes with a loss of five times its balance; the rest is for the queue', () => {
    const lots = takeoverLots({
      fund,
      lots: 1000,
      side: 1,
      takeoverTicks: 105_000,
      markTicks: 100_000,
      unitsPerTickLot: UNIT,
      heldLots: 0,
      notionalLimit: 1_000_000_000n,
    });
    // 1,000 lots × 5,000 ticks × 0.0001 = a loss of 500.
    expect(lots).toBe(200);
  });

  it('holds no more than its notional limit, what it holds already counted', () => {
    const question = {
      fund,
      lots: 1000,
      side: 1 as const,
      takeoverTicks: 90_000,
      markTicks: 100_000,
      unitsPerTickLot: UNIT,
      heldLots: 4,
      notionalLimit: 1_000_000n,
    };
    // A lot is worth 10: a fund of 100 may hold ten.
    expect(takeoverLots(question)).toBe(6);
    expect(takeoverLots({ ...question, heldLots: -5 })).toBe(15);
    expect(takeoverLots({ ...question, fund: { cash: 0n, equity: 0n } })).toBe(0);
  });

  it('lets the queue bear exactly what the fund does not (elsewhere the trigger did nothing)', () => {
    // The book is far below every bankruptcy price, so nothing of the positions can be sold.
    const base = linearCascade(0.5);
    const market = base.markets[0] as (typeof base.markets)[number];
    const scenario = {
      ...base,
      durationSeconds: 10,
      accounts: base.accounts.slice(0, 40),
      fund: { cash: 100, notionalLimit: 1000 },
      markets: [{ ...market, indexFollowPerSecond: 0 }],
      rules: { ...base.rules, mark: 'median' as const },
      shocks: [
        { kind: 'maker-withdrawal' as const, atSeconds: 1, market: 0, share: 1, forSeconds: 9 },
        { kind: 'index-move' as const, atSeconds: 2, market: 0, bps: -1000, overSeconds: 0 },
        {
          kind: 'market-order' as const,
          atSeconds: 2,
          market: 0,
          side: 'sell' as const,
          notional: 1,
          overSeconds: 0,
        },
      ],
    };
    const run = new CascadeRun(scenario);
    const size = run.house.openInterest(0);
    let taken = 0;
    let deleveraged = 0;
    let filled = 0;
    for (let told = run.step(); told !== null; told = run.step()) {
      for (const event of told) {
        if (event.kind === 'fund-took-over') taken += event.sizeLots;
        if (event.kind === 'adl-fill') deleveraged += event.sizeLots;
        if (event.kind === 'order-filled') filled += event.filledLots;
        if ('fundCash' in event) expect(event.fundCash).toBeGreaterThanOrEqual(0);
      }
      expect(run.house.cash(run.traders.fund)).toBeGreaterThanOrEqual(0n);
    }
    expect(run.house.breach()).toBeNull();
    expect(filled).toBe(0);
    expect(taken).toBeGreaterThan(0);
    expect(deleveraged).toBeGreaterThan(0);
    expect(taken + deleveraged).toBeGreaterThanOrEqual(size);
  });
});

describe('a liquidation walks the book (elsewhere: filled at price 0, the same at any size)', () => {
  it('never fills at price 0 or beyond its bankruptcy price, and moves the price with its size', () => {
    const falls = [0.2, 0.4, 0.8].map((ratio) => {
      const run = new CascadeRun(linearCascade(ratio));
      const limits = new Map<number, number>();
      const start = run.markets[0]?.lastTicks ?? 0;
      let fills = 0;
      for (let told = run.step(); told !== null; told = run.step()) {
        for (const event of told) {
          if (event.kind === 'liquidation-order') limits.set(event.account, event.limitTicks);
          if (event.kind !== 'order-filled' || event.worstTicks === null) continue;
          expect(event.worstTicks).toBeGreaterThanOrEqual(
            limits.get(event.account) ?? Number.POSITIVE_INFINITY,
          );
          expect(event.worstTicks).toBeGreaterThan(0);
          expect(event.averageTicks ?? 0).toBeGreaterThanOrEqual(event.worstTicks);
          fills++;
        }
      }
      expect(fills).toBeGreaterThan(50);
      return start - (run.markets[0]?.lastTicks ?? 0);
    });
    expect(falls[1]).toBeGreaterThan(falls[0] as number);
    expect(falls[2]).toBeGreaterThan(falls[1] as number);
  });

  it('in an empty book fills nothing at all, instead of at 0', () => {
    const base = linearCascade(0.3);
    const run = new CascadeRun({
      ...base,
      durationSeconds: 5,
      shocks: [
        { kind: 'maker-withdrawal', atSeconds: 0, market: 0, share: 1, forSeconds: 5 },
        { kind: 'market-order', atSeconds: 1, market: 0, side: 'sell', notional: 1e6, overSeconds: 0 },
      ],
    });
    const events = run.runUntil(10_000_000);
    const orders = events.filter((event) => event.kind === 'shock-order');
    expect(orders).toMatchObject([{ filledLots: 0, averageTicks: null, worstTicks: null, notional: 0 }]);
    expect(run.markets[0]?.lastTicks).toBe(100_000);
  });
});
