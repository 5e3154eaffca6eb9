/** Where one more position would stand in the deleveraging queue of a modelled crowd, at any mark. */
import type { AdlPlace } from '../../venue/liquidation/adl-queue.ts';
import type { AdlCandidate, AdlRule } from '../../venue/liquidation/adl-rules.ts';
import { type MaintenanceColumns, maintenanceUnits } from './maintenance-columns.ts';
import { type Population, WALLET_UNITS } from './population.ts';

/** The place of a position among the crowd. An estimate: the crowd is modelled, not known. */
export interface CrowdPlace extends Omit<AdlPlace, 'slot' | 'lights'> {
  /** Lots of the whole side, this position included. */
  readonly lotsInQueue: number;
  /** Positions of the side that are in profit, this one included where it is. */
  readonly winners: number;
}

/**
 * Level of a place by its quantile, 0 to 4: 4 in the first fifth of the queue.
 *
 * Source: Binance ADL page: quantile = rank ÷ total, shown as levels 0 to 4. That the levels are fifths is our reading:
 * the venue does not publish their edges.
 *
 * @param rank - k of n, from 1
 */
export function adlLevel(rank: number, of: number): number {
  return 4 - Math.floor((5 * (rank - 1)) / of);
}

/**
 * The queues of both sides of a population by a ranked rule.
 *
 * Nothing is sorted: a side is scored once for a mark, and a place is counted in one pass over the scores. The answer is
 * that of `rankCandidates` with the position put in behind the crowd, to the bit; equal scores stand ahead of it.
 */
export class AdlCrowd {
  readonly #longs: CrowdSide;
  readonly #shorts: CrowdSide;
  readonly #rule: AdlRule;

  /** @param rule - one that spreads a need down the ranks */
  constructor(population: Population, columns: MaintenanceColumns, rule: AdlRule) {
    this.#rule = rule;
    this.#longs = new CrowdSide(population, columns, rule, 1);
    this.#shorts = new CrowdSide(population, columns, rule, -1);
  }

  /**
   * The place of a position at a mark.
   *
   * @param candidate - the position, at the same mark, in units of the quote currency
   * @param markTicks - a mark near that of the last call costs nothing: a side is scored anew only where it changed
   */
  place(candidate: AdlCandidate, markTicks: number): CrowdPlace {
    const side = candidate.side === 1 ? this.#longs : this.#shorts;
    side.scoreAt(markTicks);
    return side.place(candidate, this.#rule.score(candidate));
  }
}

type Draft = { -readonly [K in keyof AdlCandidate]: AdlCandidate[K] };

class CrowdSide {
  readonly #columns: MaintenanceColumns;
  readonly #rule: AdlRule;
  readonly #side: 1 | -1;
  readonly #unitsPerTickLot: number;
  readonly #sizeLots: Float64Array;
  readonly #entryTicks: Float64Array;
  readonly #walletUnits: Float64Array;
  readonly #scores: Float64Array;
  readonly #lots: number;
  #winners = 0;
  #markTicks: number = Number.NaN;

  constructor(population: Population, columns: MaintenanceColumns, rule: AdlRule, side: 1 | -1) {
    const own = (_: number, row: number): boolean => population.side[row] === side;
    this.#columns = columns;
    this.#rule = rule;
    this.#side = side;
    this.#unitsPerTickLot = population.contract.unitsPerTickLot;
    this.#sizeLots = population.sizeLots.filter(own);
    this.#entryTicks = population.entryTicks.filter(own);
    this.#walletUnits = population.walletUnits.filter(own);
    this.#scores = new Float64Array(this.#sizeLots.length);
    this.#lots = this.#sizeLots.reduce((sum, size) => sum + size, 0);
  }

  scoreAt(markTicks: number): void {
    if (markTicks === this.#markTicks) return;
    this.#markTicks = markTicks;
    this.#winners = 0;
    const side = this.#side;
    const toPrice = 1 / WALLET_UNITS;
    // One draft for all: ten thousand candidates a mark are no garbage.
    const draft: Draft = {
      side,
      sizeLots: 0,
      entryPrice: 0,
      markPrice: markTicks,
      notional: 0,
      unrealisedPnl: 0,
      walletBalance: 0,
      equity: 0,
      maintenanceMargin: 0,
    };
    for (let i = 0; i < this.#sizeLots.length; i++) {
      const entryTicks = this.#entryTicks[i] as number;
      const wallet = this.#walletUnits[i] as number;
      const tickUnits = (this.#sizeLots[i] as number) * this.#unitsPerTickLot;
      const pnl = side * tickUnits * (markTicks - entryTicks);
      const notional = tickUnits * markTicks;
      draft.sizeLots = this.#sizeLots[i] as number;
      // Prices in ticks: every rule only uses their ratio.
      draft.entryPrice = entryTicks;
      draft.notional = notional * toPrice;
      draft.unrealisedPnl = pnl * toPrice;
      draft.walletBalance = wallet * toPrice;
      draft.equity = (wallet + pnl) * toPrice;
      draft.maintenanceMargin = maintenanceUnits(this.#columns, notional) * toPrice;
      this.#scores[i] = this.#rule.score(draft);
      if (pnl > 0) this.#winners++;
    }
  }

  place({ sizeLots, unrealisedPnl }: AdlCandidate, score: number): CrowdPlace {
    let ahead = 0;
    let lotsAhead = 0;
    for (let i = 0; i < this.#scores.length; i++) {
      if ((this.#scores[i] as number) < score) continue;
      ahead++;
      lotsAhead += this.#sizeLots[i] as number;
    }
    return {
      score,
      rank: ahead + 1,
      of: this.#scores.length + 1,
      lotsAhead,
      sizeLots,
      lotsInQueue: this.#lots + sizeLots,
      winners: this.#winners + (unrealisedPnl > 0 ? 1 : 0),
    };
  }
}
