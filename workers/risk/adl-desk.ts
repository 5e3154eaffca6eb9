/** Keeps the modelled crowds and tells each position its place in the deleveraging queue of its side: always an estimate. */
import type { Account } from '../../engine/accounting/portfolio.ts';
import { stepValue } from '../../engine/core/units.ts';
import { isFuturesAccount } from '../../engine/margin/futures/futures-account.ts';
import {
  type AccountState,
  marksInForce,
  type ValuedPosition,
  valueAccount,
} from '../../engine/margin/portfolio-state.ts';
import { worstTrust } from '../../engine/market/trust.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { AdlCrowd, adlLevel, type CrowdPlace } from '../../engine/risk/crowd/adl-crowd.ts';
import { lotsFallen, turnTicks } from '../../engine/risk/crowd/adl-turn.ts';
import type { AdlFacts, GuardFact } from '../../engine/risk/guards/guard-input.ts';
import { adlShareOf } from '../../engine/risk/guards/rules/adl.ts';
import { expectedAdlLoss } from '../../engine/venue/liquidation/adl-queue.ts';
import { type AdlCandidate, adlRule } from '../../engine/venue/liquidation/adl-rules.ts';
import type { AdlJump, BoardAdl } from '../contract/board-adl.ts';
import { type AssumedCrowd, assumedCrowd, standsFor } from '../shared/assumed-crowd.ts';
import type { GuardWorld } from './guard-inputs.ts';

/** The rule of Binance USDT-M, the only venue with deleveraging here. */
const RULE = adlRule('binance');
const JUMPS = [0.01, 0.02, 0.05, 0.1];

interface Queue {
  readonly crowd: AssumedCrowd;
  readonly queues: AdlCrowd;
}

/** Places of one account by position id. */
export type AdlPlaces = ReadonlyMap<string, BoardAdl>;

/** One for the risk worker. */
export class AdlDesk {
  readonly #queues = new Map<InstrumentId, Queue>();

  /** The places of an account's positions; none for futures, for positions without a mark and where no crowd is modelled. */
  places(account: Account, world: GuardWorld): AdlPlaces {
    const places = new Map<string, BoardAdl>();
    if (isFuturesAccount(account)) return places;
    const state = valueAccount(
      account,
      marksInForce([...world.marks.values()], world.nowMicros),
      world.table,
    );
    for (const { position, valued } of state.positions) {
      const candidate = valued === null ? null : candidateOf(valued, state);
      const spec = valued === null ? null : findListing(valued.instrument);
      if (valued === null || candidate === null || spec === null) continue;
      const markTicks = ticksOf(spec, valued.mark.price);
      const queue = this.#queue(valued.instrument, markTicks);
      if (queue === null) continue;
      const leans = valued.isolatedWallet === null ? state.crossTrust : valued.mark.trust;
      places.set(position.id, {
        ...boardAdl(queue, candidate, spec, markTicks),
        trust: worstTrust('DEGRADED', leans),
      });
    }
    return places;
  }

  /** Whether a crowd is modelled behind an instrument; true without a mark, where nobody can say. */
  models(instrument: InstrumentId, { marks }: GuardWorld): boolean {
    const spec = findListing(instrument);
    const mark = marks.get(instrument);
    if (spec === null || mark === undefined) return true;
    return this.#queue(instrument, ticksOf(spec, mark.price)) !== null;
  }

  #queue(instrument: InstrumentId, markTicks: number): Queue | null {
    const known = this.#queues.get(instrument);
    if (known !== undefined && standsFor(known.crowd, instrument, markTicks)) return known;
    const drawn = assumedCrowd(instrument, markTicks);
    if (!drawn.ok) return null;
    const { population, columns } = drawn.value;
    const queue = { crowd: drawn.value, queues: new AdlCrowd(population, columns, RULE) };
    this.#queues.set(instrument, queue);
    return queue;
  }
}

/** What the guard is told of an account: of two positions in one instrument the place that is nearer the front. */
export function adlFacts(
  { positions }: Account,
  places: AdlPlaces,
  world: GuardWorld,
): ReadonlyMap<InstrumentId, GuardFact<AdlFacts>> {
  const facts = new Map<InstrumentId, GuardFact<AdlFacts>>();
  for (const { id, venue, symbol } of positions) {
    const instrument: InstrumentId = `${venue}:${symbol}`;
    const place = places.get(id);
    const mark = world.marks.get(instrument);
    if (place === undefined || mark === undefined) continue;
    const { rank, of, trust, share } = place;
    const known = facts.get(instrument)?.value;
    if (known !== undefined && adlShareOf(known.rank, known.of) >= share) continue;
    facts.set(instrument, { value: { rank, of }, trust, atMicros: mark.atMicros });
  }
  return facts;
}

function ticksOf({ tickSize }: ContractSpec, price: number): number {
  return Math.max(1, Math.round(price / stepValue(tickSize)));
}

/** What the rule looks at: the pool behind the position, as the venue's own queue takes it; null where the pool is not known. */
function candidateOf(valued: ValuedPosition, { cross }: AccountState): AdlCandidate | null {
  const { position, mark, notional, unrealisedPnl, isolatedWallet, entryPrice, size } = valued;
  const spec = findListing(valued.instrument);
  if (spec === null || (isolatedWallet === null && cross === null)) return null;
  const walletBalance = isolatedWallet ?? cross?.walletBalance ?? 0;
  const isCross = isolatedWallet === null && cross !== null;
  return {
    side: position.side === 'long' ? 1 : -1,
    sizeLots: size / stepValue(spec.lotSize),
    entryPrice,
    markPrice: mark.price,
    notional,
    unrealisedPnl,
    walletBalance,
    equity: isCross ? cross.marginBalance : walletBalance + unrealisedPnl,
    maintenanceMargin: isCross ? cross.maintenanceMargin : valued.maintenanceMargin,
  };
}

function boardAdl(
  { crowd, queues }: Queue,
  candidate: AdlCandidate,
  spec: ContractSpec,
  markTicks: number,
): Omit<BoardAdl, 'trust'> {
  const place = queues.place(candidate, markTicks);
  const { rank, of, winners, score, lotsAhead, lotsInQueue } = place;
  const { side, unrealisedPnl, walletBalance, equity, notional, maintenanceMargin } = candidate;
  // Shorts win in a fall, in which longs are liquidated.
  const losers = side === 1 ? crowd.rise : crowd.fall;
  const turn = turnTicks(losers, markTicks, lotsAhead);
  return {
    rank,
    of,
    winners,
    level: adlLevel(rank, of),
    share: adlShareOf(rank, of),
    score,
    profitOnWallet: Math.max(0, unrealisedPnl) / Math.max(1, walletBalance),
    marginUse: equity <= 0 ? 0 : maintenanceMargin / equity,
    profitRate: unrealisedPnl / (notional - side * unrealisedPnl),
    effectiveLeverage: equity <= 0 ? null : notional / equity,
    notionalAhead: lotsAhead * lotValue(spec) * candidate.markPrice,
    shareAhead: lotsAhead / lotsInQueue,
    turn: turn === null ? null : { price: turn * stepValue(spec.tickSize), move: turn / markTicks - 1 },
    jumps: JUMPS.map((size) => jump(losers, candidate, place, spec, markTicks, side * size)),
    rule: RULE.source,
  };
}

function jump(
  losers: AssumedCrowd['fall'],
  { side, markPrice }: AdlCandidate,
  place: CrowdPlace,
  spec: ContractSpec,
  markTicks: number,
  move: number,
): AdlJump {
  const price = markPrice * (1 + move);
  const fallen = lotsFallen(losers, markTicks, Math.round(markTicks * (1 + move)));
  const { lots, loss } = expectedAdlLoss(place, fallen, side, markPrice, price, lotValue(spec));
  return {
    price,
    move,
    need: fallen * lotValue(spec) * markPrice,
    closedShare: lots / place.sizeLots,
    missed: loss,
  };
}

/** Value of a price of 1 on one lot. */
function lotValue({ lotSize, multiplier }: ContractSpec): number {
  return stepValue(lotSize) * Number(multiplier);
}
