// What the rules watch: every figure on offer is told or said not to be; what funding took, worked out by hand.
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../engine/accounting/portfolio.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import { marginReport } from '../../engine/margin/portfolio-margin.ts';
import { ALERT_METRICS } from '../../engine/risk/alerts/alert-rules.ts';
import { publishedBrackets } from '../../engine/testkit/published-brackets.ts';
import { UNTOLD_METRICS } from '../contract/guard-board.ts';
import type { MarketFacts } from '../contract/marks-frame.ts';
import { AdlDesk } from './adl-desk.ts';
import { alertInputs } from './alert-samples.ts';
import { boardRows } from './board-rows.ts';
import { FundingMeter } from './funding-meter.ts';
import { guardWorld } from './guard-post.ts';

const TABLE = publishedBrackets('2026-05-01');
const START = 1_777_903_200_000_000;
const HOUR = 3_600_000_000;
const BTC = 'binance-usdm:BTCUSDT';
const ES = 'cme-globex:ESZ6';

function position(over: Partial<Position>): Position {
  return {
    id: 'p',
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    side: 'long',
    size: '10',
    entryPrice: '60000',
    marginMode: 'cross',
    leverage: 20,
    isolatedWallet: null,
    givenMarkPrice: null,
    ...over,
  };
}

function account(name: string, held: readonly Position[], currency: Account['currency'] = 'USDT'): Account {
  const common = { demo: false, positionMode: 'one-way', crossWalletBalance: '90000' } as const;
  return { ...common, id: name, name, currency, positions: held };
}

function market(
  instrument: typeof BTC | typeof ES,
  atMicros: Micros,
  over: Partial<MarketFacts>,
): MarketFacts {
  const none = {
    breaker: null,
    fundingRate: null,
    nextFundingMicros: null,
    fundingAtMicros: null,
    paper: null,
  };
  return { instrument, trust: 'LIVE', atMicros, state: 'open', stateReason: '', ...none, ...over };
}

function seen(
  accounts: readonly Account[],
  atMicros: Micros,
  markets: readonly MarketFacts[],
  price = 60_000,
) {
  const marks = markets.map(({ instrument }) => ({
    instrument,
    price: instrument === BTC ? price : 6_000,
    origin: 'mark' as const,
    trust: 'LIVE' as const,
    atMicros,
    dailyVolatility: 0.02,
  }));
  const world = {
    ...guardWorld({ nowMicros: atMicros, marks, markets }, TABLE, null),
    meanCorrelation: { value: 0.4, trust: 'LIVE' as const, atMicros },
    valueAtRisk: { value: 0.1, trust: 'LIVE' as const, atMicros },
  };
  const report = marginReport({ accounts }, marks, TABLE, atMicros);
  return { world, rows: boardRows({ accounts }, report, world, null, new AdlDesk()) };
}

describe('figures of alerts', () => {
  it('every figure a rule may watch is told, or said to be told by nobody', () => {
    const at = micros(START);
    const accounts = [
      account('crypto', [position({})]),
      account('futures', [position({ venue: 'cme-globex', symbol: 'ESZ6', size: '1' })], 'USD'),
    ];
    const { rows, world } = seen(accounts, at, [
      market(BTC, at, { fundingRate: 0.0001, nextFundingMicros: micros(START + HOUR) }),
      market(ES, at, { breaker: { cause: null, isMonitoring: false, fallRate: 0, limitDistance: 0.05 } }),
    ]);
    const told = new Set<string>();
    for (const input of alertInputs(rows, world, new FundingMeter())) {
      if (input.kind === 'sample' && input.value !== null) told.add(input.metric);
    }
    expect([...told, ...UNTOLD_METRICS].toSorted()).toEqual(Object.keys(ALERT_METRICS).toSorted());
  });

  it('a place in a queue that is not known any more is told as such', () => {
    const at = micros(START);
    const { rows, world } = seen([account('crypto', [position({})])], at, []);
    const place = alertInputs(rows, world, new FundingMeter()).find(
      (input) => input.kind === 'sample' && input.metric === 'adl-share',
    );
    expect(place).toMatchObject({ subject: 'BTCUSDT long, crypto', value: null });
  });
});

describe('funding meter', () => {
  const rate = (fundingRate: number, hours: number, at: number) =>
    market(BTC, micros(at), { fundingRate, nextFundingMicros: micros(START + hours * HOUR) });
  const both = [
    account('long', [position({ size: '10' })]),
    account('short', [position({ side: 'short', size: '2', id: 's' })]),
  ];

  it('pays at the instant, at the rate told last before it, once, and forgets after a day', () => {
    const meter = new FundingMeter();
    const look = (hours: number, told: number, next: number, accounts = both, price = 60_000) => {
      const at = START + hours * HOUR;
      const { rows, world } = seen(accounts, micros(at), [rate(told, next, at)], price);
      return Object.fromEntries(meter.take(rows, world));
    };
    expect(look(0, 0.0003, 8)).toEqual({ long: 0, short: 0 });
    expect(look(7.9, 0.0001, 8)).toEqual({ long: 0, short: 0 });
    // 10 × 60,000 × 0.0001 is paid by the long, 2 × 60,000 × 0.0001 goes to the short; the mark after it does not count.
    const [long, short] = [60, -12];
    expect(look(8.1, 0.0005, 8, both, 70_000)).toEqual({ long, short });
    expect(look(8.2, 0.0005, 16)).toEqual({ long, short });
    // Closed before the instant: nothing more is paid, and what was paid stays.
    expect(look(15.9, 0.0005, 16, both.slice(0, 1))).toEqual({ long, short });
    expect(look(16, -0.0002, 24, both.slice(0, 1))).toEqual({ long: long + 300, short });
    expect(look(33, 0.0001, 40, both.slice(0, 1))).toEqual({ long: 300 - 120 });
  });
});
