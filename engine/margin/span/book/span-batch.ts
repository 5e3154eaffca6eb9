/** Margins a portfolio book part by part: any thread may do any part, and the figures are those of each portfolio alone. */
import { type Failure, failure } from '../../../core/failure.ts';
import { optionValueOf, SpanCalculator } from '../calculator.ts';
import type { CommodityPlan } from '../commodity-plan.ts';
import type { SpanPlan } from '../plan.ts';
import { isWholeLots, LOTS_LIMIT, marginableContract, type SpanPosition } from '../span-portfolio.ts';
import type { SpreadGroup } from '../spread-plan.ts';
import type { BookRows } from './portfolio-book.ts';

/** What is kept of each portfolio, all in the base currency, as float64: sums over its commodities, but for the requirement. */
export const BATCH_FIGURES = [
  'requirement',
  'scanRisk',
  'calendarCharge',
  'spotCharge',
  'interCredit',
  'shortOptionMinimum',
  'netOptionValue',
] as const;

/** One of them. */
export type BatchFigure = (typeof BATCH_FIGURES)[number];

/** A column for each figure, by portfolio; NaN where the portfolio is refused or not margined yet. */
export type BatchColumns = Readonly<Record<BatchFigure, Float64Array>>;

/** Figures of the portfolios `from` up to, not including, `to`, as plain data for another thread. */
export interface BatchPart {
  readonly from: number;
  readonly to: number;
  readonly columns: BatchColumns;
  readonly refused: ReadonlyMap<number, Failure>;
}

const NOT_LOOKED_AT = 0;
const FIT = 1;
const UNFIT = 2;

/**
 * Margins the portfolios of a book under one plan. Which parts are run, in which order and by whom does not change a figure.
 *
 * A portfolio with a row that cannot be margined is refused whole, with the failure that `readPositions` would give; nothing of it is
 * counted as 0.
 */
export class SpanBatch {
  readonly columns: BatchColumns;
  readonly refused: Map<number, Failure> = new Map();
  readonly #plan: SpanPlan;
  readonly #rows: BookRows;
  readonly #calculator: SpanCalculator;
  /** Contracts held by the portfolio in hand; all 0 between portfolios. */
  readonly #lots: Float64Array;
  readonly #fitness: Uint8Array;
  /** Groups that the portfolio in hand touches, and in which turn a group was touched last. */
  readonly #groups: Int32Array;
  readonly #touchedIn: Int32Array;
  #groupCount = 0;
  #turn = 0;

  constructor(plan: SpanPlan, rows: BookRows) {
    this.#plan = plan;
    this.#rows = rows;
    this.#calculator = new SpanCalculator(plan);
    this.#lots = new Float64Array(plan.set.contracts.length);
    this.#fitness = new Uint8Array(plan.set.contracts.length);
    this.#groups = new Int32Array(plan.groups.length);
    this.#touchedIn = new Int32Array(plan.groups.length);
    this.columns = emptyColumns(this.portfolioCount);
  }

  get portfolioCount(): number {
    return this.#rows.starts.length - 1;
  }

  /** Margins the portfolios `from` up to, not including, `to`. */
  run(from: number, to: number): void {
    for (let p = from; p < to; p++) {
      const refusal = this.#rows.unread.get(p) ?? (this.#hold(p) ? null : this.#whyNot(p));
      if (refusal === null) this.#margin(p);
      else this.refused.set(p, refusal);
      this.#letGo(p);
    }
  }

  /** A copy of what {@link run} made of these portfolios. */
  part(from: number, to: number): BatchPart {
    const refused = new Map<number, Failure>();
    for (let p = from; p < to; p++) {
      const refusal = this.refused.get(p);
      if (refusal !== undefined) refused.set(p, refusal);
    }
    const columns = emptyColumns(0);
    for (const figure of BATCH_FIGURES) columns[figure] = this.columns[figure].slice(from, to);
    return { from, to, columns, refused };
  }

  /** Takes what another batch over the same plan and book made. */
  take(part: BatchPart): void {
    for (const figure of BATCH_FIGURES) this.columns[figure].set(part.columns[figure], part.from);
    for (const [portfolio, refusal] of part.refused) this.refused.set(portfolio, refusal);
  }

  /** Puts the portfolio's contracts into the lots; false where some cannot be margined. */
  #hold(portfolio: number): boolean {
    const { starts, contracts, lots } = this.#rows;
    const { commodityOf, groupOf } = this.#plan;
    const end = starts[portfolio + 1] as number;
    this.#groupCount = 0;
    this.#turn++;
    for (let row = starts[portfolio] as number; row < end; row++) {
      const contract = contracts[row] as number;
      const quantity = lots[row] as number;
      if (!isWholeLots(quantity) || !this.#isFit(contract)) return false;
      const total = (this.#lots[contract] as number) + quantity;
      if (!isWholeLots(total)) return false;
      this.#lots[contract] = total;
      const group = groupOf[commodityOf[contract] as number] as number;
      if (this.#touchedIn[group] === this.#turn) continue;
      this.#touchedIn[group] = this.#turn;
      this.#groups[this.#groupCount++] = group;
    }
    return true;
  }

  #letGo(portfolio: number): void {
    const { starts, contracts } = this.#rows;
    const end = starts[portfolio + 1] as number;
    for (let row = starts[portfolio] as number; row < end; row++) {
      const contract = contracts[row] as number;
      if (contract >= 0 && contract < this.#lots.length) this.#lots[contract] = 0;
    }
  }

  #isFit(contract: number): boolean {
    const known = this.#fitness[contract] ?? UNFIT;
    if (known !== NOT_LOOKED_AT) return known === FIT;
    const fit = marginableContract(this.#plan, this.#position(contract, 1), 1).ok;
    this.#fitness[contract] = fit ? FIT : UNFIT;
    return fit;
  }

  #position(contract: number, lots: number): SpanPosition {
    return { contract: this.#plan.set.contracts[contract]?.id ?? `contract ${contract}`, lots };
  }

  /** Why a portfolio cannot be held. */
  #whyNot(portfolio: number): Failure {
    const { starts, contracts, lots } = this.#rows;
    const start = starts[portfolio] as number;
    for (let row = start; row < (starts[portfolio + 1] as number); row++) {
      const position = this.#position(contracts[row] as number, lots[row] as number);
      const contract = marginableContract(this.#plan, position, row - start + 1);
      if (!contract.ok) return contract.failure;
    }
    const most = `expected at most ${LOTS_LIMIT} contracts of one kind in a portfolio, found more`;
    return failure('span/position-malformed', most);
  }

  #margin(portfolio: number): void {
    const { columns } = this;
    const { commodities, groups, pools } = this.#plan;
    const requirement = this.#calculator.marginWithin(this.#lots, this.#groups, this.#groupCount);
    let scanRisk = 0;
    let calendarCharge = 0;
    let spotCharge = 0;
    let interCredit = 0;
    let shortOptionMinimum = 0;
    let netOptionValue = 0;
    for (let g = 0; g < this.#groupCount; g++) {
      const members = (groups[this.#groups[g] as number] as SpreadGroup).commodities;
      for (let i = 0; i < members.length; i++) {
        const c = members[i] as number;
        const work = this.#calculator.work(c);
        if (work.empty) continue;
        const plan = commodities[c] as CommodityPlan;
        const toBase = pools[plan.pool]?.toBase ?? 0;
        scanRisk += work.scanRisk * toBase;
        calendarCharge += work.calendarCharge * toBase;
        spotCharge += work.spotCharge * toBase;
        interCredit += Math.min(work.credit, work.scanRisk) * toBase;
        shortOptionMinimum += work.shortOptionMinimum * toBase;
        netOptionValue += optionValueOf(plan, work) * toBase;
      }
    }
    columns.requirement[portfolio] = requirement;
    columns.scanRisk[portfolio] = scanRisk;
    columns.calendarCharge[portfolio] = calendarCharge;
    columns.spotCharge[portfolio] = spotCharge;
    columns.interCredit[portfolio] = interCredit;
    columns.shortOptionMinimum[portfolio] = shortOptionMinimum;
    columns.netOptionValue[portfolio] = netOptionValue;
  }
}

function emptyColumns(count: number): Record<BatchFigure, Float64Array> {
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  return {
    requirement: column(),
    scanRisk: column(),
    calendarCharge: column(),
    spotCharge: column(),
    interCredit: column(),
    shortOptionMinimum: column(),
    netOptionValue: column(),
  };
}
