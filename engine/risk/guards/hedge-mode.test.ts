// Accounts in hedge mode: two legs in one contract, each with its own order, bracket and, if isolated, its own wallet.
import { describe, expect, it } from 'vitest';
import type { Position, PositionSide } from '../../accounting/portfolio.ts';
import { Rng } from '../../core/rng.ts';
import type { MarginReport, MarkInput } from '../../margin/margin-report.ts';
import { marginReport } from '../../margin/portfolio-margin.ts';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  ETH,
  fresh,
  GUARD_NOW,
  guardInput,
  guardOrder as order,
  position,
} from '../../testkit/guard-cases.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { guardProfile } from './guard-configuration.ts';
import type { GuardInput, GuardPosition } from './guard-input.ts';
import { guardOrder } from './guard-order.ts';
import { UnifiedGuard } from './unified-guard.ts';

const CONFIGURATION = { ...guardProfile('default'), overrides: {} };
const TABLE = publishedBrackets('2022-02-12');
const long = (lots: number, over: Partial<GuardPosition> = {}): GuardPosition =>
  position(BTC, lots, 50_000, { ...over, leg: 'long' });
const short = (lots: number, over: Partial<GuardPosition> = {}): GuardPosition =>
  position(BTC, -lots, 50_000, { ...over, leg: 'short' });
const hedge = (over: Partial<GuardInput>): GuardInput => guardInput({ positionMode: 'hedge', ...over });
const judge = (input: GuardInput, lots: number, leg?: PositionSide) =>
  guardOrder(CONFIGURATION, input, order(BTC, lots, leg === undefined ? {} : { leg }));

/** One leg of a random account, as the guard and as the margin report know it. */
interface Leg {
  readonly symbol: 'BTCUSDT' | 'ETHUSDT';
  readonly side: PositionSide;
  readonly lots: number;
  readonly entryPrice: number;
  readonly isolatedWallet: number | null;
}

function reportOf(
  legs: readonly Leg[],
  marks: Readonly<Record<Leg['symbol'], number>>,
  balance: number,
): MarginReport {
  const positions = legs.map(
    ({ symbol, side, lots, entryPrice, isolatedWallet }): Position => ({
      id: `${symbol} ${side}`,
      venue: 'binance-usdm',
      symbol,
      side,
      size: (lots / 1000).toFixed(3),
      entryPrice: String(entryPrice),
      marginMode: isolatedWallet === null ? 'cross' : 'isolated',
      leverage: 10,
      isolatedWallet: isolatedWallet === null ? null : String(isolatedWallet),
      givenMarkPrice: null,
    }),
  );
  const inputs = (['BTCUSDT', 'ETHUSDT'] as const).map(
    (symbol): MarkInput => ({
      instrument: `binance-usdm:${symbol}`,
      price: marks[symbol],
      origin: 'mark',
      trust: 'LIVE',
      atMicros: GUARD_NOW,
      dailyVolatility: null,
    }),
  );
  const account = {
    id: 'a',
    name: 'a',
    demo: false,
    currency: 'USDT',
    positionMode: 'hedge',
    crossWalletBalance: String(balance),
    positions,
  } as const;
  return marginReport({ accounts: [account] }, inputs, TABLE, GUARD_NOW);
}

function randomLegs(rng: Rng, marks: Readonly<Record<Leg['symbol'], number>>): readonly Leg[] {
  return (['BTCUSDT', 'ETHUSDT'] as const).flatMap((symbol) => {
    // Margin mode is chosen by symbol; the first one is left to the test.
    const isIsolated = symbol === 'ETHUSDT' && rng.below(2) === 0;
    return (['long', 'short'] as const).map(
      (side): Leg => ({
        symbol,
        side,
        lots: 1 + rng.below(symbol === 'BTCUSDT' ? 5_000 : 50_000),
        entryPrice: marks[symbol] + rng.below(501) - 250,
        isolatedWallet: isIsolated ? 1 + rng.below(20_000) : null,
      }),
    );
  });
}

function inputOf(
  legs: readonly Leg[],
  marks: Readonly<Record<Leg['symbol'], number>>,
  balance: number,
): GuardInput {
  return hedge({
    wallets: [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(balance) }],
    instruments: [
      cryptoInstrument('BTCUSDT', marks.BTCUSDT, { takerFeeRate: 0 }),
      cryptoInstrument('ETHUSDT', marks.ETHUSDT, { takerFeeRate: 0 }),
    ],
    positions: legs.map(({ symbol, side, lots, entryPrice, isolatedWallet }) =>
      position(symbol === 'BTCUSDT' ? BTC : ETH, side === 'long' ? lots : -lots, entryPrice, {
        leg: side,
        isolatedWallet,
      }),
    ),
  });
}

describe('ratios in hedge mode', () => {
  it('of the cross pool before and after an order are those of the margin report, over random accounts', () => {
    const rng = new Rng(41);
    for (let run = 0; run < 150; run++) {
      const marks = { BTCUSDT: 20_000 + rng.below(40_000), ETHUSDT: 1_000 + rng.below(3_000) };
      const balance = 20_000 + rng.below(500_000);
      const legs = randomLegs(rng, marks);
      const side = rng.below(2) === 0 ? 'long' : 'short';
      const more = 1 + rng.below(3_000);
      const grown = legs.map((leg) =>
        leg.symbol === 'BTCUSDT' && leg.side === side ? { ...leg, lots: leg.lots + more } : leg,
      );
      const [before] = reportOf(legs, marks, balance).accounts;
      const [after] = reportOf(grown, marks, balance).accounts;
      const { marginRatio } = judge(inputOf(legs, marks, balance), side === 'long' ? more : -more, side);
      // Traded at the mark, the order changes the requirement and leaves the balance as it was.
      const expected = (before?.marginBalance ?? Number.NaN) / (after?.maintenanceMargin ?? Number.NaN);
      expect((marginRatio.before ?? Number.NaN) / (before?.marginRatio ?? Number.NaN)).toBeCloseTo(1, 12);
      expect((marginRatio.after ?? Number.NaN) / expected).toBeCloseTo(1, 12);
    }
  });

  it('of an isolated leg are its own', () => {
    const rng = new Rng(42);
    for (let run = 0; run < 100; run++) {
      const marks = { BTCUSDT: 20_000 + rng.below(40_000), ETHUSDT: 2_000 };
      const legs = randomLegs(rng, marks).map((leg) =>
        leg.symbol === 'BTCUSDT' ? { ...leg, isolatedWallet: 1 + rng.below(50_000) } : leg,
      );
      const report = reportOf(legs, marks, 1e6);
      for (const side of ['long', 'short'] as const) {
        const found = report.positions.find(({ positionId }) => positionId === `BTCUSDT ${side}`);
        const { marginRatio } = judge(inputOf(legs, marks, 1e6), side === 'long' ? 1 : -1, side);
        const expected = found?.figures?.marginRatio ?? Number.NaN;
        expect((marginRatio.before ?? Number.NaN) / expected).toBeCloseTo(1, 12);
      }
    }
  });
});

describe('orders in hedge mode', () => {
  it('name a leg, and elsewhere they do not', () => {
    const malformed = { verdict: 'BLOCK', reasons: [{ event: 'order-malformed', subject: 'BTCUSDT' }] };
    expect(judge(hedge({}), 10)).toMatchObject(malformed);
    expect(judge(guardInput(), 10, 'long')).toMatchObject(malformed);
    expect(judge(hedge({}), 10, 'long').verdict).toBe('ALLOW');
    expect(judge(guardInput(), 10).verdict).toBe('ALLOW');
    // CME knows no legs, whatever mode the account is in.
    expect(guardOrder(CONFIGURATION, hedge({}), order(ES, 1)).verdict).toBe('ALLOW');
    expect(guardOrder(CONFIGURATION, hedge({}), order(ES, 1, { leg: 'long' })).verdict).toBe('BLOCK');
  });

  it('close no more than their own leg', () => {
    const input = hedge({ positions: [long(30), short(500)] });
    expect(judge(input, -30, 'long')).toMatchObject({ verdict: 'ALLOW', onlyReduces: true });
    expect(judge(input, -31, 'long')).toMatchObject({
      verdict: 'REDUCE',
      allowedLots: 30,
      reasons: [{ rule: 'order/well-formed', value: 31, limit: 30 }],
      marginRatio: { after: null },
    });
    expect(judge(hedge({ positions: [short(500)] }), -1, 'long')).toMatchObject({
      verdict: 'BLOCK',
      allowedLots: 0,
    });
  });

  it('that close pass in an account that may add nothing', () => {
    const poor = [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(1) }] as const;
    const input = hedge({ wallets: poor, positions: [long(1_000), short(900)] });
    expect(judge(input, 1, 'long').verdict).toBe('BLOCK');
    expect(judge(input, -1, 'short').verdict).toBe('BLOCK');
    expect(judge(input, -1_000, 'long').verdict).toBe('ALLOW');
    expect(judge(input, 900, 'short').verdict).toBe('ALLOW');
  });

  it('are held against the last cap and the share of the symbol with both legs', () => {
    // 100,000 with 20x carry 2,000,000, of which half may be in one symbol: 20,000 lots at 50. Wide limits leave the cap alone.
    const wide = { ...CONFIGURATION, leverage: { ...CONFIGURATION.leverage, account: 1_000 } };
    const sharesOnly = hedge({ positions: [short(15_000)] });
    const rules = (input: GuardInput, lots: number, configuration = CONFIGURATION) =>
      guardOrder(configuration, input, order(BTC, lots, { leg: 'long' }))
        .reasons.filter(({ verdict }) => verdict !== 'ALLOW')
        .map(({ rule }) => rule);
    expect(rules(sharesOnly, 4_000)).not.toContain('concentration/symbol');
    expect(rules(sharesOnly, 6_000)).toContain('concentration/symbol');
    const cap = TABLE.symbols.get('BTCUSDT')?.at(-1)?.cap ?? Number.NaN;
    const half = Math.floor(cap / 2 / 50);
    const wallets = [{ venue: 'binance-usdm', currency: 'USDT', balance: fresh(cap) }] as const;
    const rich = hedge({ wallets, positions: [short(half)] });
    expect(rules(rich, half - 1, wide)).not.toContain('leverage/cap');
    expect(rules(rich, half + 2, wide)).toContain('leverage/cap');
  });

  it('in a leg without a position take leverage and margin mode of the other one', () => {
    const tooHigh = { ...CONFIGURATION, leverage: { ...CONFIGURATION.leverage, symbol: 15 } };
    const input = hedge({ positions: [short(10, { leverage: 20, isolatedWallet: 100 })] });
    const verdict = guardOrder(tooHigh, input, order(BTC, 10, { leg: 'long' }));
    expect(verdict.reasons).toMatchObject([{ rule: 'leverage/symbol', value: 20 }]);
    // An isolated pool of its own, with nothing in it yet: 500 of notional at 20x brings 25, less the fee of 0.25.
    expect(judge(input, 10, 'long').marginRatio).toEqual({ before: null, after: (25 - 0.25) / 2 });
  });

  it('leave what rests to close one leg out of the other', () => {
    const resting = hedge({ positions: [long(100, { askLots: long(100).sizeLots }), short(100)] });
    const without = hedge({ positions: [long(100), short(100)] });
    expect(judge(resting, 50, 'long').marginRatio).toEqual(judge(without, 50, 'long').marginRatio);
    expect(judge(resting, -50, 'short').marginRatio).toEqual(judge(without, -50, 'short').marginRatio);
  });
});

describe('accounts in hedge mode', () => {
  it('are refused where a leg is missing, doubled, on the wrong side or where there are none', () => {
    const es = [cmeInstrument('ESH2', 4_400)];
    const broken: readonly (readonly [GuardInput, RegExp])[] = [
      [hedge({ positions: [position(BTC, 1, 5e4)] }), /expected a leg/],
      [hedge({ positions: [long(1), long(2)] }), /held twice/],
      [hedge({ positions: [position(BTC, -1, 5e4, { leg: 'long' })] }), /expected a long leg/],
      [guardInput({ positions: [long(1)] }), /a leg where there are none/],
      [hedge({ instruments: es, positions: [position(ES, 1, 4_400, { leg: 'long' })] }), /none/],
    ];
    for (const [input, words] of broken) {
      expect(() => new UnifiedGuard(CONFIGURATION, input)).toThrow(words);
      expect(guardOrder(CONFIGURATION, input, order(BTC, 1, { leg: 'long' })).verdict).toBe('BLOCK');
    }
  });
});
