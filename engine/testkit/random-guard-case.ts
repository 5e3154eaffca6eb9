// Random worlds for guards: accounts good and bad, in either position mode, inputs fresh and rotten, so that every rule is met.
import type { PositionSide } from '../accounting/portfolio.ts';
import type { Rng } from '../core/rng.ts';
import { lots, micros } from '../core/units.ts';
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';
import type { GuardInput, GuardPosition, TradingFacts } from '../risk/guards/guard-input.ts';
import {
  BTC,
  cmeInstrument,
  cryptoInstrument,
  ES,
  ETH,
  fresh,
  GUARD_NOW,
  guardInput,
  NQ,
  OPEN,
  position,
} from './guard-cases.ts';

/** The four contracts of a random world, by their place in the input. */
const WORLD_INSTRUMENTS = [BTC, ETH, ES, NQ] as const;

/** What an order of a world may be in. */
export interface WorldSlot {
  readonly place: number;
  readonly instrument: InstrumentId;
  readonly leg: PositionSide | null;
}

/** All of them, in the order in which a guard numbers its slots. */
export function worldSlots({ positionMode }: GuardInput): readonly WorldSlot[] {
  return WORLD_INSTRUMENTS.flatMap((instrument, place): readonly WorldSlot[] => {
    const hasLegs = positionMode === 'hedge' && place < 2;
    return (hasLegs ? (['long', 'short'] as const) : [null]).map((leg) => ({ place, instrument, leg }));
  });
}

const unit = (rng: Rng): number => rng.below(1_000_000) / 1_000_000;
const between = (rng: Rng, from: number, to: number): number => from + (to - from) * unit(rng);
/** Spread over orders of magnitude, as sizes are. */
const wide = (rng: Rng, from: number, to: number): number =>
  Math.exp(between(rng, Math.log(from), Math.log(to)));
const oneIn = (rng: Rng, n: number): boolean => rng.below(n) === 0;

function trading(rng: Rng, rotten: boolean): TradingFacts {
  if (!rotten || !oneIn(rng, 10)) return OPEN;
  const state = (['closed', 'halted', 'monitoring', 'open'] as const)[rng.below(4)] ?? 'open';
  return { state, cause: state === 'halted' ? 'level-2' : null, fallRate: between(rng, 0, 0.2) };
}

function held(
  rng: Rng,
  instrument: (typeof WORLD_INSTRUMENTS)[number],
  mark: number,
  most: number,
  leg: PositionSide | null = null,
): readonly GuardPosition[] {
  if (oneIn(rng, 3)) return [];
  const isCrypto = instrument === BTC || instrument === ETH;
  const isLong = leg === null ? oneIn(rng, 2) : leg === 'long';
  const side = isLong ? 1 : -1;
  return [
    position(instrument, side * Math.round(wide(rng, 1, most)), mark * between(rng, 0.8, 1.25), {
      leverage: isCrypto ? 1 + rng.below(60) : 1,
      isolatedWallet: isCrypto && oneIn(rng, 3) ? wide(rng, 10, 20_000) : null,
      bidLots: lots(isCrypto && oneIn(rng, 4) ? rng.below(most) : 0),
      askLots: lots(isCrypto && oneIn(rng, 4) ? rng.below(most) : 0),
      ...(leg === null ? {} : { leg }),
    }),
  ];
}

/**
 * One random world.
 *
 * @param rotten - whether inputs may be missing, old, halted or no numbers
 */
export function randomGuardInput(rng: Rng, rotten: boolean): GuardInput {
  const marks = [wide(rng, 5_000, 100_000), wide(rng, 200, 5_000), 4_400, 14_500] as const;
  const isHedge = oneIn(rng, 3);
  const legs = isHedge ? (['long', 'short'] as const) : ([null] as const);
  const at = () => micros(GUARD_NOW - (rotten && oneIn(rng, 30) ? 60 : rng.below(5)) * 1_000_000);
  const mark = (value: number) =>
    rotten && oneIn(rng, 30) ? (oneIn(rng, 2) ? null : fresh(Number.NaN)) : fresh(value, at());
  const crypto = (symbol: 'BTCUSDT' | 'ETHUSDT', value: number) =>
    cryptoInstrument(symbol, value, {
      mark: mark(value),
      trading: fresh(trading(rng, rotten), at()),
      funding: fresh(
        { rate: between(rng, -0.004, 0.004) * unit(rng) ** 3, predictedRate: 0.0001, intervalHours: 8 },
        at(),
      ),
      adl: fresh({ rank: 1 + rng.below(200), of: 200 }, at()),
      ...(rotten && oneIn(rng, 40) ? { brackets: null } : {}),
    });
  const cme = (symbol: string, value: number) =>
    cmeInstrument(symbol, value, { mark: mark(value), trading: fresh(trading(rng, rotten), at()) });
  return guardInput({
    positionMode: isHedge ? 'hedge' : 'one-way',
    wallets: [
      { venue: 'binance-usdm', currency: 'USDT', balance: fresh(wide(rng, 100, 1e7), at()) },
      { venue: 'cme-globex', currency: 'USD', balance: fresh(wide(rng, 1_000, 1e8), at()) },
    ],
    instruments: [
      crypto('BTCUSDT', marks[0]),
      crypto('ETHUSDT', marks[1]),
      cme('ESH2', marks[2]),
      cme('NQH2', marks[3]),
    ],
    positions: [
      ...legs.flatMap((leg) => held(rng, BTC, marks[0], 20_000, leg)),
      ...legs.flatMap((leg) => held(rng, ETH, marks[1], 200_000, leg)),
      ...held(rng, ES, marks[2], 300),
      ...held(rng, NQ, marks[3], 100),
    ],
    meanCorrelation: fresh(unit(rng), at()),
    valueAtRisk: fresh(0.3 * unit(rng), at()),
  });
}

/** A signed order size for the contract at a place of the input. */
export function randomOrderLots(rng: Rng, place: number): number {
  const most = [50_000, 500_000, 2_000, 800][place] ?? 1;
  return (oneIn(rng, 2) ? 1 : -1) * Math.max(1, Math.round(wide(rng, 1, most)));
}
