/** Inputs of the guard from what the risk worker knows: one account, the marks, the markets, the bracket table. */
import type { Account, Position, PositionSide } from '../../engine/accounting/portfolio.ts';
import { decimalValue } from '../../engine/core/money.ts';
import { lots, type Micros, parseMultiple } from '../../engine/core/units.ts';
import type { BracketTable } from '../../engine/margin/brackets/bracket-table.ts';
import type { MarkInput } from '../../engine/margin/margin-report.ts';
import { formatDay } from '../../engine/reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../engine/reference/calendar/sessions.ts';
import { type CmeContract, parseContractSymbol } from '../../engine/reference/instruments/cme-contracts.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { findListing, LISTINGS } from '../../engine/reference/instruments/listings.ts';
import type {
  AdlFacts,
  GuardFact,
  GuardInput,
  GuardInstrument,
  GuardPosition,
  TradingFacts,
} from '../../engine/risk/guards/guard-input.ts';
import { feeSchedule } from '../../engine/venue/costs/fees/trading-fee.ts';
import { PAPER_ACCOUNT, PAPER_FUTURES_ACCOUNT } from '../contract/guard-board.ts';
import type { MarketFacts } from '../contract/marks-frame.ts';

/** What price histories say of the whole portfolio; null where they say too little. */
export interface TailFacts {
  readonly meanCorrelation: GuardInput['meanCorrelation'];
  readonly valueAtRisk: GuardInput['valueAtRisk'];
}

/** Everything beside the account. */
export interface GuardWorld extends TailFacts {
  readonly nowMicros: Micros;
  readonly marks: ReadonlyMap<string, MarkInput>;
  readonly markets: ReadonlyMap<string, MarketFacts>;
  readonly table: BracketTable;
  readonly span: GuardInput['span'];
}

/** The largest coins move together; whoever else is listed forms a group of its own. */
const MAJORS: readonly string[] = ['BTCUSDT', 'ETHUSDT'];

const STATES: Readonly<Record<NonNullable<MarketFacts['state']>, TradingFacts['state']>> = {
  open: 'open',
  'pre-open': 'closed',
  'pre-open-no-cancel': 'closed',
  reserved: 'halted',
  pause: 'halted',
  'close-not-final': 'closed',
  'close-final': 'closed',
  'post-close': 'closed',
};

/** Places in the deleveraging queue by instrument, of the account at hand. */
type AdlByInstrument = ReadonlyMap<InstrumentId, GuardFact<AdlFacts>>;
const NO_ADL: AdlByInstrument = new Map();

/** What a guard reads of one account. Positions in contracts without a listing stay in it: they block what leans on them. */
export function guardInput(account: Account, world: GuardWorld, adl: AdlByInstrument = NO_ADL): GuardInput {
  const { nowMicros, markets } = world;
  const isFlat = (id: string): boolean => account.positions.every((p) => `${p.venue}:${p.symbol}` !== id);
  const positions = account.positions.flatMap((position) => guardPosition(account, position, markets));
  const resting = [...markets.values()].filter(
    ({ instrument, paper }) =>
      account.id === paperAccountOf(instrument) &&
      paper !== null &&
      paper.bidLots + paper.askLots > 0 &&
      isFlat(instrument),
  );
  const balance = decimalValue(account.crossWalletBalance);
  return {
    atMicros: nowMicros,
    accountId: account.id,
    positionMode: account.positionMode,
    // Typed or simulated wallets are known at every instant.
    wallets: [
      {
        venue: account.currency === 'USD' ? 'cme-globex' : 'binance-usdm',
        currency: account.currency,
        balance: { value: balance, trust: 'LIVE', atMicros: nowMicros },
      },
    ],
    instruments: LISTINGS.flatMap((spec) => guardInstrument(spec, world, adl) ?? []),
    positions: [...positions, ...resting.map(restingOnly)],
    span: world.span,
    meanCorrelation: world.meanCorrelation,
    valueAtRisk: world.valueAtRisk,
  };
}

function paperAccountOf(instrument: InstrumentId): string {
  return instrument.startsWith('cme-globex:') ? PAPER_FUTURES_ACCOUNT : PAPER_ACCOUNT;
}

function restingOnly({ instrument, paper }: MarketFacts): GuardPosition {
  return {
    instrument,
    sizeLots: lots(0),
    entryPrice: Number.NaN,
    leverage: 1,
    isolatedWallet: null,
    bidLots: lots(paper?.bidLots ?? 0),
    askLots: lots(paper?.askLots ?? 0),
  };
}

/** The leg of a position, to be named with every order for it; none in one-way mode, and none at CME. */
export function legOf(
  { positionMode }: Account,
  instrument: InstrumentId,
  side: PositionSide,
): { readonly leg?: PositionSide } {
  return positionMode === 'hedge' && instrument.startsWith('binance-usdm:') ? { leg: side } : {};
}

function guardPosition(
  account: Account,
  position: Position,
  markets: ReadonlyMap<string, MarketFacts>,
): readonly GuardPosition[] {
  const instrument: InstrumentId = `${position.venue}:${position.symbol}`;
  const lotSize = findListing(instrument)?.lotSize;
  const size = lotSize === undefined ? null : parseMultiple(position.size, lotSize);
  const isPaper = position.id === `${paperAccountOf(instrument)}/${position.symbol}`;
  const paper = isPaper ? (markets.get(instrument)?.paper ?? null) : null;
  return [
    {
      instrument,
      ...legOf(account, instrument, position.side),
      // A size that is no whole number of lots is NaN, which the guard refuses: nothing is rounded away.
      sizeLots: lotsOf(size?.ok === true ? size.value : Number.NaN, position.side),
      entryPrice: decimalValue(position.entryPrice),
      leverage: position.leverage,
      isolatedWallet: position.isolatedWallet === null ? null : decimalValue(position.isolatedWallet),
      bidLots: lots(paper?.bidLots ?? 0),
      askLots: lots(paper?.askLots ?? 0),
    },
  ];
}

function lotsOf(size: number, side: Position['side']): GuardPosition['sizeLots'] {
  return (side === 'long' ? size : -size) as GuardPosition['sizeLots'];
}

/** The facts of one listed contract; null for a future whose contract cannot be read. */
function guardInstrument(
  spec: ContractSpec,
  world: GuardWorld,
  adl: AdlByInstrument,
): GuardInstrument | null {
  const { nowMicros, marks, markets, table } = world;
  const market = markets.get(spec.id) ?? null;
  const known = marks.get(spec.id) ?? null;
  const mark: GuardFact<number> | null =
    known === null ? null : { value: known.price, trust: known.trust, atMicros: known.atMicros };
  const trading = market === null ? null : tradingFact(market);
  if (spec.venue === 'cme-globex') {
    const contract = contractOf(spec, nowMicros);
    return contract === null ? null : { kind: 'cme', spec, contract, mark, trading };
  }
  const rate = market?.fundingRate ?? null;
  return {
    kind: 'crypto',
    spec,
    brackets: table.symbols.get(spec.symbol) ?? null,
    bracketSource: `bracket table of ${table.date}: ${table.source}`,
    takerFeeRate: takerFeeRate(nowMicros),
    group: MAJORS.includes(spec.symbol) ? 'crypto-majors' : 'crypto-others',
    mark,
    trading,
    // The mark stream tells one rate: the one that will be paid, as predicted now.
    funding:
      market === null || rate === null || market.fundingAtMicros === null || mark === null
        ? null
        : {
            value: { rate, predictedRate: rate, intervalHours: spec.fundingIntervalHours ?? 8 },
            trust: mark.trust,
            atMicros: market.fundingAtMicros,
          },
    adl: adl.get(spec.id) ?? null,
  };
}

const CAUSES = {
  'level-1': 'level-1',
  'level-2': 'level-2',
  'level-3': 'level-3',
  dynamic: 'limit',
  stepped: 'limit',
} as const;

/** A market whose source tells no state trades as long as its book is in sequence; a stop by a breaker is a halt in any state. */
function tradingFact({ state, breaker, trust, atMicros }: MarketFacts): GuardFact<TradingFacts> | null {
  if (atMicros === null) return null;
  const fallRate = breaker?.fallRate ?? null;
  const stopped = breaker?.cause ?? null;
  if (stopped !== null)
    return { value: { state: 'halted', cause: CAUSES[stopped], fallRate }, trust, atMicros };
  if (state === 'reserved')
    return { value: { state: 'halted', cause: 'velocity', fallRate }, trust, atMicros };
  const found = state === null ? 'open' : STATES[state];
  const watched = found === 'open' && breaker?.isMonitoring === true;
  return { value: { state: watched ? 'monitoring' : found, cause: null, fallRate }, trust, atMicros };
}

/** The contract behind a listed future; null where its symbol cannot be read. */
export function contractOf(spec: ContractSpec, nowMicros: Micros): CmeContract | null {
  const contract = parseContractSymbol(spec.symbol, tradingDayAt(nowMicros));
  return contract.ok ? contract.value : null;
}

/** Fee of a taker without discounts; NaN, which the guard refuses, where no schedule speaks of the day. */
function takerFeeRate(nowMicros: Micros): number {
  const schedule = feeSchedule('binance-usdm', formatDay(tradingDayAt(nowMicros)));
  return Number(schedule?.tiers[0]?.takerRate ?? Number.NaN);
}
