/** Keeps the price histories and draws tail risk from them: for the page when it asks, for the guards at every frame. */
import type { Failure } from '../../engine/core/failure.ts';
import { fail, ok, type Result } from '../../engine/core/result.ts';
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import { worstTrust } from '../../engine/market/trust.ts';
import type { GuardFact } from '../../engine/risk/guards/guard-input.ts';
import { aggregatePools, type PortfolioSummary } from '../../engine/risk/portfolio/aggregate.ts';
import {
  type FactorCorrelation,
  factorCorrelation,
  portfolioTail,
} from '../../engine/risk/portfolio/portfolio-tail.ts';
import { readPriceFile } from '../../engine/risk/portfolio/price-file.ts';
import {
  bestHistory,
  type CommonReturns,
  commonReturns,
  type HistoryOrigin,
  type PriceHistory,
} from '../../engine/risk/portfolio/price-history.ts';
import type { RiskPool } from '../../engine/risk/portfolio/risk-pool.ts';
import { leastTestable, walkForward } from '../../engine/risk/portfolio/walk-forward.ts';
import type { MarksFrame, VenueCloses } from '../contract/marks-frame.ts';
import type {
  GuardedTail,
  HistoryChoice,
  HistoryFacts,
  LoadedHistory,
  TailFigures,
  TailQuestion,
  TailReport,
} from '../contract/tail-risk.ts';
import type { GuardWorld, TailFacts } from './guard-inputs.ts';
import { riskPools } from './risk-pools.ts';
import { RunCloses } from './run-closes.ts';
import { tailStress } from './tail-stress.ts';

/** The guards and alerts ask for the tail of one day in a hundred. */
const GUARD_CONFIDENCE = 0.99;
/** A history that ends longer ago than this tells a guard nothing of today. */
const OLDEST_HISTORY_MICROS = 30 * 86_400e6;

/** What the histories are held against. */
type TailWorld = Pick<GuardWorld, 'nowMicros' | 'marks' | 'table'>;

/** What one origin says of some instruments. */
interface Source {
  readonly origin: HistoryOrigin;
  readonly common: CommonReturns;
  readonly correlation: Result<FactorCorrelation>;
}

/** One for the risk worker. */
export class TailDesk {
  readonly #run = new RunCloses();
  readonly #given = new Map<
    HistoryOrigin,
    { readonly history: PriceHistory; readonly name: string | null }
  >();
  #choice: HistoryChoice = 'auto';
  #version = 0;
  /** Returns and correlations by instruments, until a close is added. */
  #known = new Map<string, readonly Source[]>();
  #knownOf = '';

  /** Marks of the run. */
  hear(frame: MarksFrame): void {
    this.#run.hear(frame);
    if (frame.closes !== undefined) this.#takeVenue(frame.closes);
  }

  /** All that the venue of the run has told; nothing where it has no closes. */
  #takeVenue(told: readonly VenueCloses[]): void {
    this.#version += 1;
    if (told.length === 0) {
      this.#given.delete('venue');
      return;
    }
    const series = new Map(told.map(({ instrument, ...closes }) => [instrument.toUpperCase(), closes]));
    this.#given.set('venue', { history: { origin: 'venue', series }, name: null });
  }

  /** Reads a file of closes; it takes the place of the one before. A malformed one changes nothing. */
  load(name: string, text: string): Result<LoadedHistory> {
    const read = readPriceFile(text);
    if (!read.ok) return read;
    const { history, closes, problems } = read.value;
    this.#given.set('file', { history, name });
    this.#version += 1;
    return ok({ name, instruments: [...history.series.keys()], closes, problems });
  }

  /** Which origin figures are drawn from. */
  choose(choice: HistoryChoice): void {
    this.#choice = choice;
  }

  /** What the guards are told at the marks of a report. */
  facts(report: MarginReport, world: TailWorld): TailFacts {
    return { meanCorrelation: this.#meanCorrelation(world), valueAtRisk: this.#valueAtRisk(report, world) };
  }

  /** Everything the page shows. */
  report(question: TailQuestion, report: MarginReport, world: GuardWorld): Result<TailReport> {
    const all = riskPools(report, world);
    const currencies = (['USDT', 'USD'] as const).filter((one) => all.some((p) => p.currency === one));
    const isJoined = question.currency === 'joined' && currencies.length > 1;
    const currency =
      question.currency === 'joined' ? (currencies.length === 1 ? currencies[0] : 'USD') : question.currency;
    const pools = isJoined ? all : all.filter((pool) => pool.currency === currency);
    const summary = summed(pools, currency ?? 'USD');
    if (!summary.ok) return summary;
    const exposures = summary.value.byFactor.map(({ key, net, gross }) => ({ factor: key, net, gross }));
    const factors = exposures.map(({ factor }) => factor);
    const sources = this.#sourcesOf(factors);
    const source = this.#chosen(sources);
    const figures = figuresOf(question, pools, exposures, source);
    return ok({
      atMicros: report.atMicros,
      trust: report.trust,
      currency: currency ?? 'USD',
      isJoined,
      currencies,
      equity: summary.value.equity,
      exposures,
      left: report.positions.filter((position) => position.figures === null).length,
      histories: sources.map((one) => this.#factsOf(one)),
      origin: source?.origin ?? null,
      figures: figures.ok ? figures.value : null,
      failure: figures.ok ? null : figures.failure,
      guarded: guardedOf(world),
    });
  }

  #factsOf({ origin, common }: Source): HistoryFacts {
    const { observations, intervalMicros, untilMicros, missing } = common;
    const name = this.#given.get(origin)?.name ?? null;
    return { origin, name, observations, intervalMicros, untilMicros, missing };
  }

  #sourcesOf(instruments: readonly string[]): readonly Source[] {
    const of = `${this.#run.version} ${this.#version}`;
    if (of !== this.#knownOf) this.#known = new Map();
    this.#knownOf = of;
    const key = instruments.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const histories = [...[...this.#given.values()].map(({ history }) => history), this.#run.history()];
    const sources = histories.map((history): Source => {
      const common = commonReturns(history, instruments);
      return { origin: history.origin, common, correlation: factorCorrelation(instruments, common) };
    });
    this.#known.set(key, sources);
    return sources;
  }

  #chosen(sources: readonly Source[]): Source | null {
    if (this.#choice !== 'auto') return sources.find(({ origin }) => origin === this.#choice) ?? null;
    const ranked = sources.map((source) => ({ ...source.common, origin: source.origin, source }));
    return bestHistory(ranked)?.source ?? null;
  }

  /** Of all perpetuals with a mark, held or not: an order may be the first in its symbol. */
  #meanCorrelation(world: TailWorld): GuardFact<number> | null {
    const instruments = [...world.marks.keys()].filter((id) => id.startsWith('binance-usdm:')).sort();
    if (instruments.length < 2) return null;
    const source = this.#chosen(this.#sourcesOf(instruments));
    if (source === null || !source.correlation.ok || !isRecent(source.common, world.nowMicros)) return null;
    let trust = world.marks.get(instruments[0] ?? '')?.trust ?? 'OFFLINE';
    for (const id of instruments) trust = worstTrust(trust, world.marks.get(id)?.trust ?? 'OFFLINE');
    return { value: source.correlation.value.meanAbsolute, trust, atMicros: world.nowMicros };
  }

  /** Of all accounts, a dollar counted as a USDT; a position without figures leaves it unknown. */
  #valueAtRisk(report: MarginReport, world: TailWorld): GuardFact<number> | null {
    if (report.positions.some(({ figures }) => figures === null)) return null;
    const summary = summed(riskPools(report, world), 'USD');
    const { nowMicros } = world;
    if (!summary.ok) return null;
    const { equity } = summary.value;
    // In the order in which the correlation is asked for: what both need is drawn once.
    const byFactor = summary.value.byFactor.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    // Nothing is held: nothing is at risk.
    if (byFactor.length === 0) return { value: 0, trust: report.trust, atMicros: nowMicros };
    const source = this.#chosen(this.#sourcesOf(byFactor.map(({ key }) => key)));
    if (source === null || !source.correlation.ok || !isRecent(source.common, nowMicros)) return null;
    const nets = byFactor.map(({ net }) => net);
    const { historical, parametric } = portfolioTail(
      nets,
      source.common,
      source.correlation.value,
      GUARD_CONFIDENCE,
    );
    const loss = Math.max(0, historical.valueAtRisk, parametric.valueAtRisk);
    // Without equity any loss is too large.
    const value = equity > 0 ? loss / equity : loss > 0 ? Number.MAX_VALUE : 0;
    return { value, trust: report.trust, atMicros: nowMicros };
  }
}

/** Whether a history reaches into the present of the run, and not beyond it. */
function isRecent({ untilMicros, intervalMicros }: CommonReturns, nowMicros: number): boolean {
  if (untilMicros === null || intervalMicros === null) return false;
  return nowMicros - untilMicros <= OLDEST_HISTORY_MICROS && untilMicros - nowMicros <= intervalMicros;
}

/** A dollar counts as a USDT: the only two currencies there are. */
function summed(pools: readonly RiskPool[], currency: 'USD' | 'USDT'): Result<PortfolioSummary> {
  const rates = (['USD', 'USDT'] as const).map((one) => ({
    currency: one,
    toBase: 1,
    trust: 'LIVE' as const,
  }));
  return aggregatePools(pools, rates, currency);
}

function figuresOf(
  { confidence, stress }: TailQuestion,
  pools: readonly RiskPool[],
  exposures: TailReport['exposures'],
  source: Source | null,
): Result<TailFigures> {
  if (exposures.length === 0) return fail('portfolio/position-unknown', 'no position has figures');
  if (source === null) return fail('portfolio/history-missing', 'no history of this origin is at hand');
  if (!source.correlation.ok) return source.correlation;
  const correlation = source.correlation.value;
  const nets = exposures.map(({ net }) => net);
  const tail = portfolioTail(nets, source.common, correlation, confidence);
  const methods = ['historical', 'parametric'] as const;
  return ok({
    historical: tail.historical,
    parametric: tail.parametric,
    scale: tail.scale,
    backtests: methods.flatMap((method) => walkForward(tail.profits, confidence, method) ?? []),
    leastTestable: leastTestable(confidence),
    correlation: correlation.matrix,
    shrinkage: correlation.shrinkage,
    meanCorrelation: correlation.meanAbsolute,
    stress: tailStress(stress, pools, exposures, correlation),
  });
}

function guardedOf({ meanCorrelation, valueAtRisk }: TailFacts): GuardedTail {
  return { meanCorrelation: meanCorrelation?.value ?? null, valueAtRisk: valueAtRisk?.value ?? null };
}

/** A question that cannot be answered, or null. */
export function faultOf({ confidence, stress }: TailQuestion): Failure | null {
  const { shock, correlationSpike } = stress;
  const isSound =
    confidence > 0.5 &&
    confidence < 1 &&
    shock > -1 &&
    shock < 10 &&
    correlationSpike >= 0 &&
    correlationSpike < 1;
  const why = 'expected a confidence from 0.5 to 1, a shock above −100 % and a spike from 0 to 1';
  return isSound ? null : fail('worker/request-malformed', why).failure;
}
