// The clearing house under random bookings, against sums kept apart: nothing is created, PnL is exact to the unit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateHash } from '../../core/state-hash.ts';
import { ClearingHouse, HOUSE_ACCOUNTS } from './clearing-house.ts';
import { Ledger } from './ledger.ts';
import { ceilDivide, floorDivide, parseUnits, unitsOf, unitsText, unitsValue } from './money-units.ts';
import { PositionBook } from './position-book.ts';

const UNIT = 10_000n;
const TRADERS = 5;

function newHouse(): ClearingHouse {
  const house = new ClearingHouse({ traders: TRADERS, unitsPerTickLot: [UNIT, 7n] });
  house.setModes(1, { isolated: true, hedge: false });
  house.setModes(2, { isolated: false, hedge: true });
  for (let trader = 0; trader < TRADERS; trader++) house.deposit(trader, unitsOf(1000));
  return house;
}

const trades = fc.array(
  fc.record({
    buyer: fc.nat(TRADERS - 1),
    seller: fc.nat(TRADERS - 1),
    market: fc.nat(1),
    lots: fc.integer({ min: 1, max: 1_000_000 }),
    priceTicks: fc.integer({ min: 1, max: 2_000_000 }),
    rate: fc.integer({ min: -3_000_000, max: 3_000_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('the clearing house', () => {
  it('creates nothing, whatever is traded and paid', () => {
    fc.assert(
      fc.property(trades, (list) => {
        const house = newHouse();
        for (const { buyer, seller, market, lots, priceTicks, rate } of list) {
          if (buyer === seller) continue;
          house.trade(
            house.openingSlot(buyer, market, 'buy'),
            house.openingSlot(seller, market, 'sell'),
            lots,
            priceTicks,
          );
          expect(house.breach()).toBeNull();
          const [longs, shorts] = house.payFunding(market, priceTicks, BigInt(rate));
          // Payers pay rounded up, receivers get rounded down: the rest stays in its account, and is never owed.
          expect(longs + shorts <= 0n).toBe(true);
          expect(house.houseCash(HOUSE_ACCOUNTS.fundingClearing)).toBeGreaterThanOrEqual(0n);
          house.chargeFee(buyer, 3n);
          expect(house.breach()).toBeNull();
        }
        // All equity together is what was deposited, less fees and residue.
        const marks = [1234, 99];
        let equity = house.houseCash(HOUSE_ACCOUNTS.fees) + house.houseCash(HOUSE_ACCOUNTS.fundingClearing);
        for (let pool = 0; pool < house.pools; pool++) equity += house.equity(pool, marks);
        expect(equity).toBe(unitsOf(1000) * BigInt(TRADERS));
        expect(house.houseCash(HOUSE_ACCOUNTS.deposits)).toBe(-unitsOf(1000) * BigInt(TRADERS));
      }),
      { numRuns: 60 },
    );
  });

  it('realises over the life of a position exactly its cash flow', () => {
    const fills = fc.array(
      fc.record({
        lots: fc.integer({ min: -5000, max: 5000 }).filter((n) => n !== 0),
        priceTicks: fc.integer({ min: 1, max: 1_000_000 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(fills, (list) => {
        const book = new PositionBook(1);
        let realised = 0n;
        let paid = 0n;
        let size = 0;
        const fill = (lots: number, priceTicks: number): void => {
          realised += book.fill(0, lots, priceTicks, UNIT);
          paid += BigInt(lots) * BigInt(priceTicks) * UNIT;
          size += lots;
          // Cost is what was paid and not yet realised, to the unit, at any time.
          expect(book.cost(0)).toBe(paid + realised);
          expect(book.size(0)).toBe(size);
        };
        for (const { lots, priceTicks } of list) fill(lots, priceTicks);
        if (size !== 0) fill(-size, 500);
        expect(realised).toBe(-paid);
        expect(book.cost(0)).toBe(0n);
      }),
      { numRuns: 100 },
    );
  });

  it('is equal after a snapshot was restored', () => {
    const house = newHouse();
    house.trade(house.slotOf(0, 0, 0), house.slotOf(1, 0, 0), 10, 1000);
    const other = newHouse();
    other.restore(house.snapshot());
    expect(other.stateHash()).toBe(house.stateHash());
    other.transfer(0, 3, 1n);
    expect(other.stateHash()).not.toBe(house.stateHash());
  });

  it('closes one leg of a hedge against the other', () => {
    const house = newHouse();
    const [long, short] = [house.slotOf(2, 0, 0), house.slotOf(2, 0, 1)];
    house.trade(long, house.slotOf(0, 0, 0), 10, 1000);
    house.trade(house.slotOf(0, 0, 0), short, 10, 1100);
    expect([house.positions.size(long), house.positions.size(short)]).toEqual([10, -10]);
    expect(house.equity(2, [5, 5])).toBe(unitsOf(1000) + 10n * 100n * UNIT);
    expect(house.openInterest(0)).toBe(10);
  });
});

describe('the ledger', () => {
  it('refuses postings that do not balance', () => {
    const ledger = new Ledger(3);
    const lopsided = [
      { account: 0, units: -5n },
      { account: 1, units: 4n },
    ];
    expect(() => ledger.book(lopsided)).toThrow(/sum to zero/);
    ledger.book([...lopsided, { account: 2, units: 1n }]);
    expect([ledger.balance(0), ledger.balance(1), ledger.balance(2), ledger.total()]).toEqual([
      -5n,
      4n,
      1n,
      0n,
    ]);
    const hash = new StateHash();
    ledger.hashInto(hash);
    expect(hash.value()).toBeGreaterThan(0);
  });
});

describe('money units', () => {
  it('read, write and round', () => {
    expect(parseUnits('-12.5')).toBe(-1_250_000_000n);
    expect(parseUnits('0.000000001')).toBeNull();
    expect(unitsText(-1_250_000_001n)).toBe('-12.50000001');
    expect(unitsValue(unitsOf(123.25))).toBe(123.25);
    expect(unitsOf(-0.5)).toBe(-50_000_000n);
    fc.assert(
      fc.property(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: 1n, max: 50n }), (a, b) => {
        const [floor, ceil] = [floorDivide(a, b), ceilDivide(a, b)];
        expect(floor * b <= a && (floor + 1n) * b > a).toBe(true);
        expect(ceil * b >= a && (ceil - 1n) * b < a).toBe(true);
        expect(parseUnits(unitsText(a))).toBe(a);
      }),
    );
  });
});
