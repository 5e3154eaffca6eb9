// The margin report: a documented account to the cent, and an honest gap wherever an input is missing.
import { describe, expect, it } from 'vitest';
import type { Account, Portfolio, Position } from '../accounting/portfolio.ts';
import { AT, accountOf, markOf, portfolioOf, position } from '../testkit/build-portfolio.ts';
import { publishedBrackets } from '../testkit/published-brackets.ts';
import type { MarginReport, MarkInput, PositionMargin } from './margin-report.ts';
import { marginReport } from './portfolio-margin.ts';

const TABLE = publishedBrackets('2026-05-01');
const BTC = markOf('BTCUSDT', 60_000);
const ETH = markOf('ETHUSDT', 3_000);

function rowOf(report: MarginReport, id: string): PositionMargin {
  const row = report.positions.find((p) => p.positionId === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

const report = (portfolio: Portfolio, marks: readonly MarkInput[]): MarginReport =>
  marginReport(portfolio, marks, TABLE, AT);

describe('the exchange’s worked cross account (table of 2021-03-01)', () => {
  const positions = [
    position({ symbol: 'ETHUSDT', size: '3683.979', entryPrice: '1456.84' }),
    position({ symbol: 'BTCUSDT', size: '109.488', entryPrice: '32481.98' }),
  ];
  const marks = [markOf('ETHUSDT', 1335.18), markOf('BTCUSDT', 31967.27)];
  const found = marginReport(
    portfolioOf('1535443.01', positions),
    marks,
    publishedBrackets('2021-03-01'),
    AT,
  );

  it('gives both documented liquidation prices, 1,153.26 and 26,316.89', () => {
    expect(rowOf(found, 'ETHUSDT/long').figures?.liquidationPrice).toBeCloseTo(1153.26, 2);
    expect(rowOf(found, 'BTCUSDT/long').figures?.liquidationPrice).toBeCloseTo(26316.89, 2);
  });

  it('gives the documented maintenance and unrealised PnL of each', () => {
    const [eth, btc] = [rowOf(found, 'ETHUSDT/long').figures, rowOf(found, 'BTCUSDT/long').figures];
    expect(eth?.maintenanceMargin).toBeCloseTo(356_512.508, 3);
    expect(eth?.unrealisedPnl).toBeCloseTo(-448_192.885, 3);
    expect(btc?.maintenanceMargin).toBeCloseTo(71_200.811, 3);
    expect(btc?.unrealisedPnl).toBeCloseTo(-56_354.568, 3);
    expect(eth?.bracket).toBe(6);
    expect(eth?.bracketMaxLeverage).toBeNull();
  });

  it('sums the account, and both positions carry its ratio', () => {
    const [account] = found.accounts;
    const ratio = (1_535_443.01 - 448_192.88514 - 56_354.56848) / (356_512.508122 + 71_200.811444);
    expect(account?.marginRatio).toBeCloseTo(ratio, 9);
    expect(account?.status).toBe('HEALTHY');
    for (const row of found.positions) expect(row.figures?.marginRatio).toBe(account?.marginRatio);
  });

  it('gives 18,778.73 for the BTC position isolated with the same wallet', () => {
    const alone = portfolioOf('0', [
      position({ size: '109.488', entryPrice: '32481.98', isolatedWallet: '1535443.01' }),
    ]);
    const isolated = marginReport(alone, marks, publishedBrackets('2021-03-01'), AT);
    expect(rowOf(isolated, 'BTCUSDT/long').figures?.liquidationPrice).toBeCloseTo(18778.73, 2);
  });
});

describe('figures of one position', () => {
  it('isolated long: 10x, table of 2026-05-01', () => {
    const found = report(portfolioOf('100', [position({ size: '0.5', isolatedWallet: '3000' })]), [
      markOf('BTCUSDT', 59_000, { dailyVolatility: 0.03 }),
    ]);
    const price = (3000 - 30_000) / (0.5 * 0.004 - 0.5);
    const { figures, trust } = rowOf(found, 'BTCUSDT/long');
    expect(trust).toBe('LIVE');
    expect(figures).toEqual({
      markPrice: 59_000,
      markOrigin: 'mark',
      notional: 29_500,
      unrealisedPnl: -500,
      initialMargin: 2_950,
      maintenanceMargin: 118,
      bracket: 1,
      bracketMaxLeverage: 150,
      marginRatio: 2_500 / 118,
      status: 'HEALTHY',
      liquidationPrice: price,
      bankruptcyPrice: 54_000,
      distanceRate: (59_000 - price) / 59_000,
      distanceTicks: Math.trunc((59_000 - price) / 0.1),
      distanceSigma: (59_000 - price) / 59_000 / 0.03,
    });
    expect(found.accounts[0]).toMatchObject({
      failure: null,
      marginBalance: 100,
      equity: 2_600,
      initialMargin: 0,
      maintenanceMargin: 0,
      marginRatio: null,
      status: null,
    });
  });

  it('a distance is positive on the safe side of either direction and negative beyond it', () => {
    const sides = ['long', 'short'] as const;
    for (const side of sides) {
      const at = (price: number): number =>
        rowOf(
          report(portfolioOf('0', [position({ side, isolatedWallet: '3000' })]), [markOf('BTCUSDT', price)]),
          `BTCUSDT/${side}`,
        ).figures?.distanceRate ?? Number.NaN;
      const edge = side === 'long' ? 57_000 / 0.996 : 63_000 / 1.004;
      const safer = side === 'long' ? 1 : -1;
      expect(at(edge + safer)).toBeCloseTo(1 / (edge + safer), 9);
      expect(at(edge - safer)).toBeCloseTo(-1 / (edge - safer), 9);
    }
  });

  it('None is null, never 0: a 1x long, with a listing it has no ticks either', () => {
    const { figures } = rowOf(
      report(portfolioOf('0', [position({ isolatedWallet: '60000', leverage: 1 })]), [BTC]),
      'BTCUSDT/long',
    );
    expect(figures).toMatchObject({
      liquidationPrice: null,
      bankruptcyPrice: null,
      distanceRate: null,
      distanceTicks: null,
      distanceSigma: null,
    });
    expect(figures?.status).toBe('HEALTHY');
  });

  it('charges the most leverage the bracket allows where more was chosen', () => {
    const { figures } = rowOf(
      report(portfolioOf('1000000', [position({ size: '10', leverage: 125 })]), [BTC]),
      'BTCUSDT/long',
    );
    expect(figures).toMatchObject({ bracketMaxLeverage: 100, initialMargin: 6_000 });
  });

  it('has no ticks for a symbol without a listing', () => {
    const { figures } = rowOf(
      report(
        portfolioOf('0', [
          position({ symbol: 'DOGEUSDT', size: '1000', entryPrice: '0.1', isolatedWallet: '10' }),
        ]),
        [markOf('DOGEUSDT', 0.1)],
      ),
      'DOGEUSDT/long',
    );
    expect(figures?.distanceTicks).toBeNull();
    expect(figures?.distanceRate).toBeGreaterThan(0);
  });

  it('hedge: cross sides share one price, isolated sides have two', () => {
    const legs: readonly Position[] = [
      position({ size: '2' }),
      position({ side: 'short', size: '0.5', entryPrice: '61000' }),
    ];
    const cross = report(portfolioOf('9000', legs, { positionMode: 'hedge' }), [BTC]).positions;
    const denominator = 2 * 0.004 + 0.5 * 0.004 - 2 + 0.5;
    expect(cross[0]?.figures?.liquidationPrice).toBeCloseTo((9000 - 120_000 + 30_500) / denominator, 6);
    expect(cross[1]?.figures?.liquidationPrice).toBe(cross[0]?.figures?.liquidationPrice);
    const isolated = report(
      portfolioOf(
        '0',
        legs.map((leg) => ({ ...leg, marginMode: 'isolated', isolatedWallet: '4000' })),
        { positionMode: 'hedge' },
      ),
      [BTC],
    ).positions;
    expect(isolated[0]?.figures?.liquidationPrice).toBeLessThan(60_000);
    expect(isolated[1]?.figures?.liquidationPrice).toBeGreaterThan(60_000);
  });
});

describe('trust', () => {
  const two = portfolioOf('5000', [position({}), position({ symbol: 'ETHUSDT', entryPrice: '3000' })]);

  it('is the worst of the inputs: cross rows share it, isolated rows keep their own', () => {
    const found = report(two, [{ ...BTC, trust: 'DEGRADED' }, ETH]);
    expect(found.positions.map((p) => p.trust)).toEqual(['DEGRADED', 'DEGRADED']);
    expect(found.accounts[0]?.trust).toBe('DEGRADED');
    expect(found.trust).toBe('DEGRADED');
    const mixed = portfolioOf('5000', [
      position({ isolatedWallet: '7000' }),
      position({ symbol: 'ETHUSDT', entryPrice: '3000' }),
    ]);
    const other = report(mixed, [{ ...BTC, trust: 'RESYNCING' }, ETH]);
    expect(other.positions.map((p) => p.trust)).toEqual(['RESYNCING', 'LIVE']);
    expect(other.accounts[0]?.trust).toBe('RESYNCING');
  });

  it('a mark given by hand is used only without a feed, and is STALE', () => {
    const given = portfolioOf('5000', [position({ givenMarkPrice: '50000' })]);
    const alone = rowOf(report(given, []), 'BTCUSDT/long');
    expect(alone.trust).toBe('STALE');
    expect(alone.figures).toMatchObject({ markPrice: 50_000, markOrigin: 'given', distanceSigma: null });
    expect(rowOf(report(given, [BTC]), 'BTCUSDT/long').figures?.markPrice).toBe(60_000);
  });
});

describe('a missing input is a failure, never 0', () => {
  const good = position({ symbol: 'ETHUSDT', entryPrice: '3000' });
  const failing: readonly [string, Position, string][] = [
    ['no mark', position({}), 'margin/mark-missing'],
    ['no bracket', position({ symbol: 'NOSUCHUSDT', givenMarkPrice: '1' }), 'margin/bracket-missing'],
    [
      'a CME future',
      position({ symbol: 'ESZ6', venue: 'cme-globex', givenMarkPrice: '5000' }),
      'margin/bracket-missing',
    ],
    ['another currency', position({ symbol: 'BTCUSDC', givenMarkPrice: '60000' }), 'portfolio/field-invalid'],
    ['a broken field', position({ size: '0', givenMarkPrice: '60000' }), 'portfolio/field-invalid'],
  ];
  for (const [what, bad, code] of failing) {
    it(`${what}: the position, and every cross figure that leans on it`, () => {
      const found = report(portfolioOf('5000', [bad, good]), [ETH]);
      expect(found.positions.map((p) => p.failure?.code)).toEqual([code, code]);
      expect(found.positions.map((p) => p.figures)).toEqual([null, null]);
      expect(found.accounts[0]?.failure?.message).toContain('needs every cross position');
      expect(found.accounts[0]).toMatchObject({
        crossWalletBalance: 5000,
        marginBalance: null,
        equity: null,
        initialMargin: null,
        maintenanceMargin: null,
        marginRatio: null,
        status: null,
      });
    });

    it(`${what}: isolated, it takes only the account's equity with it`, () => {
      const found = report(
        portfolioOf('5000', [{ ...bad, marginMode: 'isolated', isolatedWallet: '9' }, good]),
        [ETH],
      );
      expect(found.positions.map((p) => p.failure?.code ?? null)).toEqual([code, null]);
      expect(found.accounts[0]).toMatchObject({ failure: null, equity: null, marginBalance: 5000 });
      expect(found.accounts[0]?.marginRatio).toBeGreaterThan(0);
    });
  }

  it('a mark that is not a price is no mark', () => {
    for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const found = report(portfolioOf('5000', [position({})]), [{ ...BTC, price }]);
      expect(found.positions[0]?.failure?.code).toBe('margin/mark-missing');
    }
  });

  it('one account’s gap does not touch another account', () => {
    const accounts: readonly Account[] = [
      accountOf('5000', [position({ symbol: 'NOSUCHUSDT' })], { id: 'x' }),
      accountOf('5000', [position({ id: 'other' })], { id: 'y' }),
    ];
    const found = report({ accounts }, [BTC]);
    expect(found.accounts.map((a) => a.failure === null)).toEqual([false, true]);
    expect(found.trust).toBe('OFFLINE');
  });
});

describe('edges', () => {
  it('an empty portfolio, an empty account', () => {
    expect(report({ accounts: [] }, [])).toMatchObject({ trust: 'LIVE', accounts: [], positions: [] });
    expect(report(portfolioOf('12.5', []), []).accounts[0]).toMatchObject({
      marginBalance: 12.5,
      equity: 12.5,
      maintenanceMargin: 0,
      marginRatio: null,
    });
  });

  it('a notional beyond the last cap keeps the last rate: the requirement never stops rising', () => {
    const huge = report(
      portfolioOf('0', [position({ size: '40000', leverage: 1, isolatedWallet: '2400000000' })]),
      [BTC],
    );
    const { figures } = rowOf(huge, 'BTCUSDT/long');
    expect(figures).toMatchObject({
      bracket: 12,
      notional: 2.4e9,
      maintenanceMargin: 2.4e9 * 0.5 - 421_482_000,
    });
  });

  it('wallets are summed exactly before they become an estimate', () => {
    const found = report(portfolioOf('0.1', [position({ size: '0.001', isolatedWallet: '0.2' })]), [
      markOf('BTCUSDT', 60_000),
    ]);
    expect(found.accounts[0]?.equity).toBe(0.3);
  });

  it('is plain data that survives cloning, and carries the table it used', () => {
    const found = report(portfolioOf('5000', [position({})]), [BTC]);
    expect(structuredClone(found)).toEqual(found);
    expect(found.bracketTable).toEqual({ date: '2026-05-01', source: TABLE.source });
    expect(found.atMicros).toBe(AT);
  });
});
