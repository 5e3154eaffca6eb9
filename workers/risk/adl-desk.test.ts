// Places in the deleveraging queue on the board: against the exact queue of the same crowd, and what the guards make of them.
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { lots, micros } from '../../engine/core/units.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { maintenanceUnits } from '../../engine/risk/crowd/maintenance-columns.ts';
import { guardProfile } from '../../engine/risk/guards/guard-configuration.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import { type NamedCandidate, rankCandidates } from '../../engine/venue/liquidation/adl-queue.ts';
import { adlRule } from '../../engine/venue/liquidation/adl-rules.ts';
import type { MarketFacts } from '../contract/marks-frame.ts';
import { type AssumedCrowd, assumedCrowd } from '../shared/assumed-crowd.ts';
import { AdlDesk, adlFacts } from './adl-desk.ts';
import { boardRows, judgeOf } from './board-rows.ts';
import { GuardDesk } from './guard-desk.ts';
import { guardInput } from './guard-inputs.ts';
import { guardWorld, withPaper } from './guard-post.ts';

const TABLE = publishedBrackets('2026-05-01');
const AT = micros(1_777_903_200_000_000);
const BTC = 'binance-usdm:BTCUSDT';
const PRICE = 60_000;

function held(over: Partial<Position> = {}): Position {
  return {
    id: 'p',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    side: 'long',
    size: '2',
    entryPrice: '58000',
    marginMode: 'cross',
    leverage: 50,
    isolatedWallet: null,
    givenMarkPrice: null,
    ...over,
  };
}

function account(positions: readonly Position[], over: Partial<Account> = {}): Account {
  const common = {
    demo: false,
    currency: 'USDT',
    positionMode: 'one-way',
    crossWalletBalance: '20000',
  } as const;
  return { id: 'a', name: 'a', ...common, positions, ...over };
}

function worldAt(price: number | null, over: Partial<MarketFacts> = {}, trust: MarkInput['trust'] = 'LIVE') {
  const mark: Omit<MarkInput, 'price'> = {
    instrument: BTC,
    origin: 'mark',
    trust,
    atMicros: AT,
    dailyVolatility: 0.02,
  };
  const market: MarketFacts = {
    instrument: BTC,
    trust: 'LIVE',
    atMicros: AT,
    state: 'open',
    stateReason: '',
    breaker: null,
    fundingRate: 0.0001,
    nextFundingMicros: null,
    fundingAtMicros: AT,
    paper: null,
    ...over,
  };
  return {
    world: guardWorld(
      { nowMicros: AT, marks: price === null ? [] : [{ ...mark, price }], markets: [market] },
      TABLE,
      null,
    ),
    markets: [market],
    marks: price === null ? [] : [{ ...mark, price }],
  };
}

const CROWD = ((): AssumedCrowd => {
  const drawn = assumedCrowd(BTC, PRICE * 10);
  if (!drawn.ok) throw new Error(drawn.failure.message);
  return drawn.value;
})();

/** The exact queue of one side of the crowd with one more position in it. */
function exactPlace(own: Omit<NamedCandidate, 'slot' | 'last'>) {
  const { population, columns } = CROWD;
  const others = Array.from({ length: population.count }, (_, slot) => slot)
    .filter((slot) => population.side[slot] === own.side)
    .map((slot): NamedCandidate => {
      const sizeLots = population.sizeLots[slot] as number;
      const entryPrice = (population.entryTicks[slot] as number) / 10;
      const wallet = (population.walletUnits[slot] as number) / 1e6;
      const size = sizeLots / 1000;
      const pnl = own.side * size * (PRICE - entryPrice);
      return {
        slot,
        last: false,
        side: own.side,
        sizeLots,
        entryPrice,
        markPrice: PRICE,
        notional: size * PRICE,
        unrealisedPnl: pnl,
        walletBalance: wallet,
        equity: wallet + pnl,
        maintenanceMargin: maintenanceUnits(columns, size * PRICE * 1e6) / 1e6,
      };
    });
  const slot = population.count;
  const places = rankCandidates(adlRule('binance'), [...others, { ...own, slot, last: false }]);
  return places.find((place) => place.slot === slot);
}

describe('places in the deleveraging queue', () => {
  it('a cross, an isolated and a paper position stand where the exact queue puts them', () => {
    const { world, markets } = worldAt(PRICE, {
      paper: { positionLots: -300, averagePrice: 60_500, realised: -40, bidLots: 0, askLots: 0 },
    });
    const cases = [
      { account: account([held()]), id: 'p', side: 1, size: 2, entry: 58_000, wallet: 20_000 },
      {
        account: account([
          held({ side: 'short', entryPrice: '61500', marginMode: 'isolated', isolatedWallet: '900' }),
        ]),
        id: 'p',
        side: -1,
        size: 2,
        entry: 61_500,
        wallet: 900,
      },
      {
        account: withPaper({ accounts: [] }, markets).accounts[0] as Account,
        id: 'paper/BTCUSDT',
        side: -1,
        size: 0.3,
        entry: 60_500,
        wallet: 99_960,
      },
    ] as const;
    const desk = new AdlDesk();
    for (const { account: own, id, side, size, entry, wallet } of cases) {
      const place = desk.places(own, world).get(id);
      const pnl = side * size * (PRICE - entry);
      const report = marginReport({ accounts: [own] }, [...world.marks.values()], TABLE, AT);
      const exact = exactPlace({
        side,
        sizeLots: size * 1000,
        entryPrice: entry,
        markPrice: PRICE,
        notional: size * PRICE,
        unrealisedPnl: pnl,
        walletBalance: wallet,
        equity: wallet + pnl,
        maintenanceMargin: report.positions[0]?.figures?.maintenanceMargin ?? Number.NaN,
      });
      expect(place).toMatchObject({ rank: exact?.rank, of: exact?.of, trust: 'DEGRADED' });
      expect(place?.score).toBeCloseTo(exact?.score ?? Number.NaN, 12);
      expect(place?.notionalAhead).toBeCloseTo((exact?.lotsAhead ?? 0) * 0.001 * PRICE, 3);
      expect((place?.profitOnWallet ?? 0) * (place?.marginUse ?? 0)).toBeCloseTo(place?.score ?? 0, 12);
    }
  });

  it('what falls before its turn is worth what stands ahead, and jumps take no more than the position', () => {
    const { world } = worldAt(PRICE);
    for (const side of ['long', 'short'] as const) {
      const won = held({ side, entryPrice: side === 'long' ? '57000' : '63000' });
      const place = new AdlDesk().places(account([won]), world).get('p');
      expect(Math.sign(place?.turn?.move ?? 0)).toBe(side === 'long' ? 1 : -1);
      const jumps = place?.jumps ?? [];
      for (const { move, need, closedShare, missed } of jumps) {
        const isTurn = Math.abs(move) >= Math.abs(place?.turn?.move ?? 0);
        expect(closedShare > 0).toBe(isTurn);
        expect(need > (place?.notionalAhead ?? 0)).toBe(isTurn);
        expect(closedShare).toBeLessThanOrEqual(1);
        expect(missed).toBeCloseTo(closedShare * 2 * PRICE * Math.abs(move), 6);
      }
    }
  });

  it('is never better than its marks, and not told without one or for futures', () => {
    const desk = new AdlDesk();
    const stale = desk.places(account([held()]), worldAt(PRICE, {}, 'STALE').world);
    expect(stale.get('p')?.trust).toBe('STALE');
    expect(desk.places(account([held()]), worldAt(null).world).size).toBe(0);
    const es = held({ venue: 'cme-globex', symbol: 'ESZ6', size: '1' });
    expect(desk.places(account([es], { currency: 'USD' }), worldAt(PRICE).world).size).toBe(0);
    const { world, marks } = worldAt(PRICE);
    const accounts = [account([held()])];
    const rows = boardRows({ accounts }, marginReport({ accounts }, marks, TABLE, AT), world, null, desk);
    expect(rows.map(({ kind, adl }) => [kind, adl === null])).toEqual([
      ['account', true],
      ['position', false],
    ]);
  });

  it('of a long and a short in one symbol, the guard is told the one nearer the front', () => {
    const both = account([held({ id: 'l' }), held({ id: 's', side: 'short', entryPrice: '58000' })], {
      positionMode: 'hedge',
    });
    const { world } = worldAt(PRICE);
    const places = new AdlDesk().places(both, world);
    const { rank, of } = places.get('l') ?? { rank: 0, of: 0 };
    expect(places.get('s')?.rank).toBe(places.get('s')?.of);
    expect(adlFacts(both, places, world).get(BTC)?.value).toEqual({ rank, of });
  });
});

describe('the rule about the queue in the default profile', () => {
  const buy = (leverage: number | null = null) =>
    ({
      instrument: BTC,
      side: 'buy',
      sizeLots: lots(1),
      priceTicks: null,
      leverage,
      reduceOnly: false,
    }) as const;
  const judged = (own: Account) => {
    const answer = new GuardDesk().judge([own], own.id, buy(), worldAt(PRICE).world);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  };
  const rules = (own: Account): readonly string[] => judged(own).reasons.map(({ rule }) => rule);

  it('is on: the first of the queue may not add, one without profit may, and an account that holds nothing is not asked', () => {
    expect(guardProfile('default').adl).not.toBeNull();
    const front = account([held({ entryPrice: '45000', size: '0.5' })], { crossWalletBalance: '800' });
    expect(judged(front).verdict).toBe('BLOCK');
    expect(judged(front).reasons).toContainEqual(
      expect.objectContaining({ rule: 'adl/rank', event: 'adl-critical', severity: 'critical' }),
    );
    expect(rules(account([held({ entryPrice: '60500', size: '0.1' })]))).not.toContain('adl/rank');
    expect(judged(account([])).verdict).toBe('ALLOW');
    expect(judged(account([])).notChecked).not.toContain('adl/rank');
  });

  it('where no crowd is modelled it is off for orders there, said so, and everything else is asked', () => {
    const own = account([held({ size: '0.1' })]);
    const { world } = worldAt(PRICE);
    const input = guardInput(own, world);
    const ask = (hasCrowd: boolean) => judgeOf(guardProfile('default'), input, () => hasCrowd)(buy());
    expect(ask(true).verdict).toBe('BLOCK');
    expect(ask(true).reasons[0]).toMatchObject({ rule: 'adl/rank', event: 'input-missing' });
    expect(ask(false)).toMatchObject({ verdict: 'ALLOW' });
    expect(ask(false).notChecked).toContain('adl/rank');
  });
});
