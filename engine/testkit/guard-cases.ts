// Inputs for guards under test: a mixed account in two crypto perpetuals and two stock index futures, all fresh, changed at will.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lots, lots, type Micros } from '../core/units.ts';
import { builtInSet } from '../margin/span/files/built-in-set.ts';
import { parseAssumedSpreads, parseOutrightMargins } from '../margin/span/files/outright-margins.ts';
import { planSpan, type SpanPlan } from '../margin/span/plan.ts';
import { chicagoInstant, clockTime } from '../reference/calendar/chicago-time.ts';
import { dayOf } from '../reference/calendar/civil-day.ts';
import { contractSpec, parseContractSymbol } from '../reference/instruments/cme-contracts.ts';
import type { ContractSpec, InstrumentId } from '../reference/instruments/contract-spec.ts';
import { findListing } from '../reference/instruments/listings.ts';
import type {
  CmeInstrument,
  CryptoInstrument,
  GuardFact,
  GuardInput,
  GuardOrder,
  GuardPosition,
  TradingFacts,
} from '../risk/guards/guard-input.ts';
import { publishedBrackets } from './published-brackets.ts';

/** A Tuesday morning in Chicago, far from settlement and from any expiry. */
export const GUARD_DAY = '2022-01-25';
export const GUARD_NOW: Micros = chicagoInstant(dayOf(GUARD_DAY), clockTime('10:00:00'));

const TABLE = publishedBrackets('2022-02-12');
const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../public/span', name), 'utf8');

/** Both plans of the built-in set of a day, with assumed spreads. */
export function guardSpan(day: string = GUARD_DAY): { initial: SpanPlan; maintenance: SpanPlan } {
  const margins = parseOutrightMargins(read('outright-margins.txt'));
  const spreads = parseAssumedSpreads(read('assumed-spreads.txt'));
  if (!margins.ok || !spreads.ok) throw new Error('the built-in tables do not load');
  const set = builtInSet(margins.value, day, spreads.value);
  if (!set.ok) throw new Error(set.failure.message);
  const [maintenance, initial] = set.value.classes;
  if (maintenance === undefined || initial === undefined) throw new Error('two classes are expected');
  return {
    maintenance: planSpan(set.value, maintenance, 'USD'),
    initial: planSpan(set.value, initial, 'USD'),
  };
}

/** A fact that is as fresh as can be. */
export function fresh<T>(value: T, atMicros: Micros = GUARD_NOW): GuardFact<T> {
  return { value, trust: 'LIVE', atMicros };
}

/** An open market with nothing to report. */
export const OPEN: TradingFacts = { state: 'open', cause: null, fallRate: 0 };

function spec(id: InstrumentId): ContractSpec {
  const found = findListing(id);
  if (found === null) throw new Error(`no listing ${id}`);
  return found;
}

/** A crypto perpetual under the bracket table of 2022-02-12. */
export function cryptoInstrument(
  symbol: 'BTCUSDT' | 'ETHUSDT',
  mark: number,
  over: Partial<CryptoInstrument> = {},
): CryptoInstrument {
  return {
    kind: 'crypto',
    spec: spec(`binance-usdm:${symbol}`),
    brackets: TABLE.symbols.get(symbol) ?? null,
    bracketSource: TABLE.source,
    takerFeeRate: 0.0005,
    group: 'crypto-majors',
    mark: fresh(mark),
    trading: fresh(OPEN),
    funding: fresh({ rate: 0.0001, predictedRate: 0.0001, intervalHours: 8 }),
    adl: fresh({ rank: 150, of: 200 }),
    ...over,
  };
}

/** A CME contract by its symbol. */
export function cmeInstrument(
  symbol: string,
  mark: number,
  over: Partial<CmeInstrument> = {},
  day: string = GUARD_DAY,
): CmeInstrument {
  const contract = parseContractSymbol(symbol, dayOf(day));
  if (!contract.ok) throw new Error(contract.failure.message);
  return {
    kind: 'cme',
    spec: contractSpec(contract.value, dayOf(day)),
    contract: contract.value,
    mark: fresh(mark),
    trading: fresh(OPEN),
    ...over,
  };
}

/** One cross position without resting orders. */
export function position(
  instrument: InstrumentId,
  sizeLots: number,
  entryPrice: number,
  over: Partial<GuardPosition> = {},
): GuardPosition {
  return {
    instrument,
    sizeLots: lots(sizeLots),
    entryPrice,
    leverage: 10,
    isolatedWallet: null,
    bidLots: lots(0),
    askLots: lots(0),
    ...over,
  };
}

const SPAN = guardSpan();

/** A sound account of 100,000 USDT and 100,000 USD without positions. */
export function guardInput(over: Partial<GuardInput> = {}): GuardInput {
  return {
    atMicros: GUARD_NOW,
    accountId: 'account',
    wallets: [
      { venue: 'binance-usdm', currency: 'USDT', balance: fresh(100_000) },
      { venue: 'cme-globex', currency: 'USD', balance: fresh(100_000) },
    ],
    instruments: [
      cryptoInstrument('BTCUSDT', 50_000),
      cryptoInstrument('ETHUSDT', 2_000),
      cmeInstrument('ESH2', 4_400),
      cmeInstrument('NQH2', 14_500),
    ],
    positions: [],
    span: SPAN,
    meanCorrelation: fresh(0.6),
    valueAtRisk: null,
    ...over,
  };
}

/** A market order. */
export function guardOrder(
  instrument: InstrumentId,
  signedLots: number,
  over: Partial<GuardOrder> = {},
): GuardOrder {
  return {
    instrument,
    side: signedLots < 0 ? 'sell' : 'buy',
    sizeLots: Math.abs(signedLots) as Lots,
    priceTicks: null,
    leverage: null,
    reduceOnly: false,
    ...over,
  };
}

/** Names of the four contracts. */
export const BTC: InstrumentId = 'binance-usdm:BTCUSDT';
export const ETH: InstrumentId = 'binance-usdm:ETHUSDT';
export const ES: InstrumentId = 'cme-globex:ESH2';
export const NQ: InstrumentId = 'cme-globex:NQH2';
