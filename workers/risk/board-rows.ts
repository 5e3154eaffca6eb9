/** The lines of the risk board: what the margin report says, joined with markets, calendar, verdict and advice; worst first. */
import type { Account, Portfolio } from '../../engine/accounting/portfolio.ts';
import { formatMultiple, lots, stepValue } from '../../engine/core/units.ts';
import type { AccountMargin, MarginReport, PositionMargin } from '../../engine/margin/margin-report.ts';
import { MARGIN_STATUS_LEVELS, type MarginStatus } from '../../engine/margin/margin-status.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { findListing } from '../../engine/reference/instruments/listings.ts';
import { contractClock } from '../../engine/risk/guards/contract-clock.ts';
import type { GuardConfiguration } from '../../engine/risk/guards/guard-configuration.ts';
import type { GuardInput, GuardOrder } from '../../engine/risk/guards/guard-input.ts';
import { guardOrder } from '../../engine/risk/guards/guard-order.ts';
import type { GuardVerdict } from '../../engine/risk/guards/guard-verdict.ts';
import { type ReductionPosition, reductionAdvice } from '../../engine/risk/guards/reduction-advice.ts';
import { UnifiedGuard } from '../../engine/risk/guards/unified-guard.ts';
import type { BoardAdvice, BoardContract, BoardFunding, BoardRow } from '../contract/guard-board.ts';
import { type AdlDesk, type AdlPlaces, adlFacts } from './adl-desk.ts';
import { contractOf, type GuardWorld, guardInput, legOf } from './guard-inputs.ts';

/** Verdicts are asked for so many positions; a larger portfolio shows the rest without. */
const MOST_JUDGED = 100;
const DAY_HOURS = 24;
/** Currency is added in whole cents, upward. */
const CENT = 100;

const LADDER: readonly MarginStatus[] = [...MARGIN_STATUS_LEVELS.map(({ status }) => status), 'LIQUIDATION'];

/** What the guards say of a position. */
interface Judgement {
  readonly verdict: GuardVerdict | null;
  readonly advice: BoardAdvice | null;
}

const NO_PLACES: AdlPlaces = new Map();
const NOT_JUDGED: Judgement = { verdict: null, advice: null };

/**
 * All lines of a portfolio, worst first. Without a configuration nobody is judged or advised, which costs little; without
 * crowds nobody has a place in a queue.
 */
export function boardRows(
  portfolio: Portfolio,
  report: MarginReport,
  world: GuardWorld,
  configuration: GuardConfiguration | null,
  adl: AdlDesk | null = null,
): readonly BoardRow[] {
  let judged = 0;
  const rows = portfolio.accounts.flatMap((account) => {
    const margin = report.accounts.find(({ accountId }) => accountId === account.id);
    const positions = report.positions.filter(({ accountId }) => accountId === account.id);
    if (margin === undefined) return [];
    const places = adl?.places(account, world) ?? NO_PLACES;
    const hasCrowd = (id: InstrumentId): boolean => adl?.models(id, world) ?? false;
    const input = (): GuardInput => guardInput(account, world, adlFacts(account, places, world));
    const judge =
      configuration === null ? null : judgement(account, margin, input(), configuration, hasCrowd);
    const hasCross = positions.some(({ marginMode }) => marginMode === 'cross');
    return [
      ...(hasCross ? [accountRow(margin)] : []),
      ...positions.map((position): BoardRow => {
        judged += 1;
        const guard = judge?.(position, judged <= MOST_JUDGED) ?? NOT_JUDGED;
        const place = places.get(position.positionId) ?? null;
        return positionRow(position, margin.name, world, { ...guard, adl: place });
      }),
    ];
  });
  return rows.sort((a, b) => danger(b) - danger(a) || ratioOf(a) - ratioOf(b));
}

/** Verdict on adding to a position of an account, where it is asked for, and advice on it. */
function judgement(
  account: Account,
  margin: AccountMargin,
  input: GuardInput,
  configuration: GuardConfiguration,
  hasCrowd: (instrument: InstrumentId) => boolean,
): (position: PositionMargin, withVerdict: boolean) => Judgement {
  const judge = judgeOf(configuration, input, hasCrowd);
  const advice = crossAdvice(account, margin, input, configuration);
  return (position, withVerdict) => {
    const order = withVerdict ? oneMore(account, position) : null;
    return {
      verdict: order === null ? null : judge(order),
      advice:
        position.marginMode === 'cross'
          ? (advice.get(position.instrument) ?? null)
          : isolatedAdvice(position, configuration.margin.target),
    };
  };
}

/** Rank of a line: its rung, and a line without figures between DANGER and CRITICAL, since nobody knows where it stands. */
function danger({ status }: BoardRow): number {
  return status === null ? LADDER.indexOf('DANGER') + 0.5 : LADDER.indexOf(status);
}

function ratioOf({ marginRatio }: BoardRow): number {
  return marginRatio ?? Number.POSITIVE_INFINITY;
}

/**
 * A judge of one account. Where no crowd is modelled behind an instrument nobody can tell a place in its queue: the rule
 * about it is then off for orders in it, and the verdict says so.
 */
export function judgeOf(
  configuration: GuardConfiguration,
  input: GuardInput,
  hasCrowd: (instrument: InstrumentId) => boolean,
): (order: GuardOrder) => GuardVerdict {
  const judge = guardOf(configuration, input);
  return (order) => {
    if (configuration.adl === null || hasCrowd(order.instrument)) return judge(order);
    return guardOf({ ...configuration, adl: null }, input)(order);
  };
}

/** A guard that is kept; an input that none can be built from is a BLOCK of every order. */
function guardOf(configuration: GuardConfiguration, input: GuardInput): (order: GuardOrder) => GuardVerdict {
  try {
    const guard = new UnifiedGuard(configuration, input);
    return (order) => guard.verdict(order);
  } catch {
    return (order) => guardOrder(configuration, input, order);
  }
}

/** The smallest order that adds to a position; null where the contract is not listed. */
function oneMore(account: Account, { instrument, side }: PositionMargin): GuardOrder | null {
  if (findListing(instrument) === null) return null;
  return {
    instrument,
    ...legOf(account, instrument, side),
    side: side === 'long' ? 'buy' : 'sell',
    sizeLots: lots(1),
    priceTicks: null,
    leverage: null,
    reduceOnly: false,
  };
}

function accountRow(margin: AccountMargin): BoardRow {
  const { accountId, name, trust, failure, status, marginRatio } = margin;
  return {
    id: accountId,
    kind: 'account',
    accountId,
    accountName: name,
    title: name,
    side: null,
    size: null,
    instrument: null,
    marginMode: 'cross',
    trust,
    failure,
    status,
    marginRatio,
    distanceRate: null,
    distanceSigma: null,
    notional: null,
    funding: null,
    adl: null,
    market: null,
    contract: null,
    ageMs: null,
    verdict: null,
    reasons: [],
    advice: null,
  };
}

function positionRow(
  position: PositionMargin,
  accountName: string,
  world: GuardWorld,
  guard: Judgement & Pick<BoardRow, 'adl'>,
): BoardRow {
  const { positionId, accountId, instrument, symbol, side, size, marginMode, figures } = position;
  const market = world.markets.get(instrument) ?? null;
  const mark = world.marks.get(instrument) ?? null;
  return {
    id: positionId,
    kind: 'position',
    accountId,
    accountName,
    title: `${symbol} ${side} ${size}`,
    side,
    size,
    instrument,
    marginMode,
    trust: position.trust,
    failure: position.failure,
    status: figures?.status ?? null,
    marginRatio: figures?.marginRatio ?? null,
    distanceRate: figures?.distanceRate ?? null,
    distanceSigma: figures?.distanceSigma ?? null,
    notional: figures?.notional ?? null,
    funding: fundingOf(position, world),
    adl: guard.adl,
    market:
      market === null
        ? null
        : {
            state: market.state,
            reason: market.stateReason,
            trust: market.trust,
            breaker: market.breaker,
          },
    contract: contractFacts(position, world),
    ageMs: mark === null ? null : Math.max(0, (world.nowMicros - mark.atMicros) / 1000),
    verdict: guard.verdict?.verdict ?? null,
    reasons: guard.verdict?.reasons ?? [],
    advice: guard.advice,
  };
}

function fundingOf({ instrument, side, figures }: PositionMargin, world: GuardWorld): BoardFunding | null {
  const market = world.markets.get(instrument);
  const rate = market?.fundingRate ?? null;
  const hours = findListing(instrument)?.fundingIntervalHours ?? null;
  if (market === undefined || rate === null || hours === null || figures === null) return null;
  const paid = side === 'long' ? rate : -rate;
  return {
    rate,
    dayCost: (figures.notional * paid * DAY_HOURS) / hours,
    nextMicros: market.nextFundingMicros,
  };
}

function contractFacts({ instrument }: PositionMargin, { nowMicros }: GuardWorld): BoardContract | null {
  const spec = findListing(instrument);
  const contract = spec?.venue === 'cme-globex' ? contractOf(spec, nowMicros) : null;
  if (contract === null) return null;
  const { settlementEndMicros, businessDaysLeft, deadline } = contractClock(contract, nowMicros);
  return {
    settlementMicros: Number.isFinite(settlementEndMicros) ? settlementEndMicros : null,
    businessDaysLeft,
    deadline,
  };
}

/** What to close in the cross pool of an account, by instrument; hedge mode has two sides of one symbol and gets none. */
function crossAdvice(
  account: Account,
  margin: AccountMargin,
  input: GuardInput,
  { margin: { target } }: GuardConfiguration,
): ReadonlyMap<string, BoardAdvice> {
  const advice = new Map<string, BoardAdvice>();
  const { marginBalance, marginRatio } = margin;
  if (account.positionMode === 'hedge' || marginBalance === null || marginRatio === null) return advice;
  if (marginRatio >= target) return advice;
  const held = input.positions.flatMap((position): ReductionPosition[] => {
    const found = input.instruments.find(({ spec }) => spec.id === position.instrument);
    if (position.isolatedWallet !== null || position.sizeLots === 0) return [];
    if (found?.kind !== 'crypto' || found.brackets === null || found.mark === null) return [];
    const lotNotional = stepValue(found.spec.lotSize) * found.mark.value;
    const sizeLots = Math.abs(position.sizeLots);
    return [{ instrument: position.instrument, sizeLots, lotNotional, brackets: found.brackets }];
  });
  const feeRate = input.instruments.find((one) => one.kind === 'crypto')?.takerFeeRate ?? Number.NaN;
  // A size that is no whole number of lots, or a fee that is not known, would advise something that does not work.
  if (Number.isNaN(feeRate) || held.some(({ sizeLots }) => !Number.isInteger(sizeLots))) return advice;
  const { steps, reachesTarget, ratioAfter } = reductionAdvice({
    balance: marginBalance,
    targetRatio: target,
    feeRate,
    positions: held,
  });
  if (!reachesTarget) return advice;
  for (const { instrument, closeLots } of steps) {
    const lotSize = input.instruments.find(({ spec }) => spec.id === instrument)?.spec.lotSize;
    if (lotSize === undefined) continue;
    const amount = formatMultiple(closeLots, lotSize);
    advice.set(instrument, { kind: 'reduce', amount, ratioAfter, feeRate });
  }
  return advice;
}

/** A part of an isolated position takes its part of the wallet with it, so what helps is more margin. */
function isolatedAdvice({ figures }: PositionMargin, target: number): BoardAdvice | null {
  if (figures === null || figures.marginRatio >= target) return null;
  const missing = figures.maintenanceMargin * (target - figures.marginRatio);
  const amount = (Math.ceil(missing * CENT) / CENT).toFixed(2);
  return { kind: 'add-margin', amount, ratioAfter: target, feeRate: 0 };
}
