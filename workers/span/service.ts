/** The SPAN worker's service: holds parameter sets by hash and answers questions about cases under them. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import type { DerivationTerm } from '../../engine/margin/margin-report.ts';
import { attributePositions } from '../../engine/margin/span/attribution.ts';
import { SpanCalculator } from '../../engine/margin/span/calculator.ts';
import { explainSpan, scenarioLabel } from '../../engine/margin/span/explain-span.ts';
import { builtInSet } from '../../engine/margin/span/files/built-in-set.ts';
import {
  type AssumedSpreads,
  marginDates,
  type OutrightMargins,
  parseAssumedSpreads,
  parseOutrightMargins,
} from '../../engine/margin/span/files/outright-margins.ts';
import { readPositionFile } from '../../engine/margin/span/files/position-files.ts';
import type { SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { planSpan, type SpanPlan } from '../../engine/margin/span/plan.ts';
import { runHash } from '../../engine/margin/span/run-hash.ts';
import { spanMargin, spanReport } from '../../engine/margin/span/span-margin.ts';
import { readPositions } from '../../engine/margin/span/span-portfolio.ts';
import type { BreakerRow, SupposedMove } from '../contract/breaker-board.ts';
import type {
  ContractCard,
  HistoryPoint,
  ReadProgress,
  SetCard,
  SetOrigin,
  SpanAnswer,
  SpanApi,
  SpanCase,
} from '../contract/span-api.ts';
import type {
  BookPage,
  BookPageQuestion,
  BookPortfolio,
  BookProgress,
  BookQuestion,
  BookSummary,
} from '../contract/span-book.ts';
import { BookDesk } from './book-desk.ts';
import { serveHelper } from './book-helper.ts';
import { supposedBoards } from './breaker-desk.ts';
import { readParameterFile } from './parameter-file.ts';

/** A file of 60 MB stays open as a hundred or so; the set used longest ago goes first. */
const MOST_SETS = 6;
const PROBLEMS_SHOWN = 20;
const BASE = 'USD';

interface OpenSet {
  readonly set: SpanParameterSet;
  readonly card: SetCard;
  /** By class; planned when first asked for. */
  readonly plans: Map<number, SpanPlan>;
}

interface Tables {
  readonly margins: OutrightMargins;
  readonly spreads: AssumedSpreads;
}

interface Reading {
  progress: ReadProgress;
  cancelled: boolean;
}

/** Implements {@link SpanApi} without Comlink, so that tests call it directly. */
export class SpanService implements SpanApi {
  readonly #readTable: (name: string) => Promise<string>;
  /** By hash; the one used last stands last. */
  readonly #sets = new Map<string, OpenSet>();
  #tables: Tables | null = null;
  #reading: Reading | null = null;
  readonly #books = new BookDesk();

  /** @param readTable - text of a table of the built-in sets by its name */
  constructor(readTable: (name: string) => Promise<string>) {
    this.#readTable = readTable;
  }

  async ping(): Promise<Result<null>> {
    return ok(null);
  }

  async builtInDates() {
    const tables = await this.#loadTables();
    if (!tables.ok) return tables;
    const { margins } = tables.value;
    const dates = marginDates(margins).filter((date) => date >= margins.from && date <= margins.to);
    return ok({ from: margins.from, to: margins.to, dates });
  }

  async openBuiltIn({
    date,
    spreads,
  }: {
    date: string;
    spreads: 'assumed' | 'none';
  }): Promise<Result<SetCard>> {
    const tables = await this.#loadTables();
    if (!tables.ok) return tables;
    const set = builtInSet(tables.value.margins, date, spreads === 'assumed' ? tables.value.spreads : null);
    return set.ok ? ok(this.#keep(set.value, { kind: 'built-in', date, spreads })) : set;
  }

  async readSet({ name, file }: { name: string; file: Blob }): Promise<Result<SetCard>> {
    if (this.#reading !== null) this.#reading.cancelled = true;
    const reading: Reading = { progress: { name, readBytes: 0, bytes: file.size }, cancelled: false };
    this.#reading = reading;
    const set = await readParameterFile(name, file, (readBytes) => {
      reading.progress = { name, readBytes, bytes: file.size };
      return reading.cancelled;
    });
    if (this.#reading === reading) this.#reading = null;
    return set.ok ? ok(this.#keep(set.value, { kind: 'file', name })) : set;
  }

  async readProgress(): Promise<Result<ReadProgress | null>> {
    return ok(this.#reading?.progress ?? null);
  }

  async cancelReading(): Promise<Result<null>> {
    if (this.#reading !== null) this.#reading.cancelled = true;
    return ok(null);
  }

  async findContracts(question: {
    setHash: string;
    words: string;
    most: number;
  }): Promise<Result<readonly ContractCard[]>> {
    const open = this.#open(question.setHash);
    if (!open.ok) return open;
    const { set } = open.value;
    const words = question.words
      .toUpperCase()
      .split(/[\s:]+/)
      .filter((word) => word !== '');
    const found: ContractCard[] = [];
    for (const [i, contract] of set.contracts.entries()) {
      if (found.length >= question.most) break;
      const all = `${contract.id} ${set.commodities[contract.commodity]?.name ?? ''}`.toUpperCase();
      if (contract.hasArray && words.every((word) => all.includes(word))) found.push(contractCard(set, i));
    }
    return ok(found);
  }

  async calculate(spanCase: SpanCase): Promise<Result<SpanAnswer>> {
    const plan = this.#plan(spanCase);
    if (!plan.ok) return plan;
    const lots = readPositions(plan.value, spanCase.positions);
    if (!lots.ok) return lots;
    const calculator = new SpanCalculator(plan.value);
    const report = spanReport(plan.value, calculator, lots.value);
    const attribution = attributePositions(plan.value, calculator, lots.value);
    const held = report.commodities.flatMap((c) => c.positions.map((p) => p.contract));
    return ok({
      report,
      attribution,
      runHash: runHash(spanCase.positions, report),
      contracts: held.map((id) => contractCard(plan.value.set, plan.value.contractIndex.get(id) ?? 0)),
    });
  }

  async explain(spanCase: SpanCase): Promise<Result<DerivationTerm>> {
    const plan = this.#plan(spanCase);
    if (!plan.ok) return plan;
    const lots = readPositions(plan.value, spanCase.positions);
    return lots.ok ? ok(explainSpan(plan.value, new SpanCalculator(plan.value), lots.value)) : lots;
  }

  async history(question: {
    positions: SpanCase['positions'];
    isMaintenance: boolean;
    spreads: 'assumed' | 'none';
    from: string;
    to: string;
  }): Promise<Result<readonly HistoryPoint[]>> {
    const tables = await this.#loadTables();
    if (!tables.ok) return tables;
    const { margins, spreads } = tables.value;
    const from = [question.from, margins.from].toSorted().at(-1) ?? margins.from;
    const dates = marginDates(margins).filter((date) => date > from && date <= question.to);
    const points: HistoryPoint[] = [];
    for (const date of [from, ...dates]) {
      const set = builtInSet(margins, date, question.spreads === 'assumed' ? spreads : null);
      if (!set.ok) return set;
      const chosen =
        set.value.classes.find((c) => c.isMaintenance === question.isMaintenance) ?? set.value.classes[0];
      if (chosen === undefined) continue;
      const report = spanMargin(planSpan(set.value, chosen, BASE), question.positions);
      points.push({
        date,
        setHash: set.value.hash,
        requirement: report.ok ? report.value.requirement : null,
        reason: report.ok ? '' : report.failure.message,
      });
    }
    return ok(points);
  }

  async readPositions({ setHash, text }: { setHash: string; text: string }) {
    const open = this.#open(setHash);
    return open.ok ? readPositionFile(open.value.set.contracts, text) : open;
  }

  async marginBook(question: BookQuestion, helper: MessagePort | null): Promise<Result<BookSummary>> {
    const plan = this.#plan(question);
    return plan.ok ? this.#books.margin(plan.value, question, helper) : plan;
  }

  async bookProgress(): Promise<Result<BookProgress | null>> {
    return ok(this.#books.progress());
  }

  async cancelBook(): Promise<Result<null>> {
    this.#books.cancel();
    return ok(null);
  }

  async bookPage(question: BookPageQuestion): Promise<Result<BookPage>> {
    return this.#books.page(question);
  }

  async bookPortfolio(question: { bookHash: string; index: number }): Promise<Result<BookPortfolio>> {
    return this.#books.portfolio(question);
  }

  async exportBook(question: { bookHash: string }): Promise<Result<Blob>> {
    return this.#books.csv(question);
  }

  async help(port: MessagePort): Promise<Result<null>> {
    serveHelper(port);
    return ok(null);
  }

  async supposedBreakers(question: SupposedMove): Promise<Result<readonly BreakerRow[]>> {
    return supposedBoards(question);
  }

  async #loadTables(): Promise<Result<Tables>> {
    if (this.#tables !== null) return ok(this.#tables);
    let texts: readonly string[];
    try {
      texts = await Promise.all(['outright-margins', 'assumed-spreads'].map((name) => this.#readTable(name)));
    } catch (error) {
      return fail(
        'span/parameters-missing',
        `the tables of the built-in sets could not be fetched: ${String(error)}`,
      );
    }
    const margins = parseOutrightMargins(texts[0] ?? '');
    if (!margins.ok) return margins;
    const spreads = parseAssumedSpreads(texts[1] ?? '');
    if (!spreads.ok) return spreads;
    this.#tables = { margins: margins.value, spreads: spreads.value };
    return ok(this.#tables);
  }

  #keep(set: SpanParameterSet, origin: SetOrigin): SetCard {
    const card = setCard(set, origin);
    this.#sets.delete(set.hash);
    this.#sets.set(set.hash, { set, card, plans: new Map() });
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > MOST_SETS && oldest !== undefined) this.#sets.delete(oldest);
    return card;
  }

  #open(hash: string): Result<OpenSet> {
    const open = this.#sets.get(hash);
    if (open === undefined)
      return fail('span/set-missing', `the parameter set ${hash} is not open`, { set: hash });
    this.#sets.delete(hash);
    this.#sets.set(hash, open);
    return ok(open);
  }

  #plan({ setHash, classIndex }: Pick<SpanCase, 'setHash' | 'classIndex'>): Result<SpanPlan> {
    const open = this.#open(setHash);
    if (!open.ok) return open;
    const { set, plans, card } = open.value;
    const chosen = set.classes[classIndex] ?? set.classes[0];
    if (chosen === undefined)
      return fail('span/parameters-malformed', `${set.id} has no performance-bond class`);
    const known = plans.get(chosen.rateId) ?? planSpan(set, chosen, card.baseCurrency);
    plans.set(chosen.rateId, known);
    return ok(known);
  }
}

function setCard(set: SpanParameterSet, origin: SetOrigin): SetCard {
  const { hash, id, date, format, source, classes, notModelled } = set;
  const convertible =
    set.commodities.some((c) => c.currency === BASE) ||
    set.conversions.some((c) => c.from === BASE || c.to === BASE);
  return {
    hash,
    id,
    date,
    format,
    source,
    origin,
    baseCurrency: convertible ? BASE : (set.commodities[0]?.currency ?? BASE),
    classes,
    scenarios: set.scenarios.map((scenario, i) => ({ ...scenario, words: scenarioLabel(scenario, i) })),
    commodityCount: set.commodities.length,
    contractCount: set.contracts.length,
    problemCount: set.problems.length,
    problems: set.problems.slice(0, PROBLEMS_SHOWN),
    notModelled,
  };
}

function contractCard(set: SpanParameterSet, index: number): ContractCard {
  const contract = set.contracts[index];
  const commodity = set.commodities[contract?.commodity ?? 0];
  return {
    contract: contract?.id ?? '',
    product: contract?.product ?? '',
    name: commodity?.name ?? '',
    commodity: commodity?.code ?? '',
    currency: commodity?.currency ?? '',
    type: contract?.type ?? '',
    period: contract?.period ?? '',
    option: contract?.option ?? null,
    price: contract?.price ?? null,
    multiplier: contract?.multiplier ?? 1,
    priceScan: contract?.priceScan ?? null,
    compositeDelta: contract?.compositeDelta ?? 1,
  };
}
