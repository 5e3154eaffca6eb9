/** Reads an expanded ("U2") .pa2 file in chunks of text into a parameter set. */
import { fail, ok, type Result } from '../../../core/result.ts';
import { ParameterDraft } from '../parameter-draft.ts';
import type { CommoditySpread, SpanParameterSet } from '../parameter-set.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from '../scenarios.ts';
import { PA2_CLASSES, Pa2Commodities } from './pa2-commodities.ts';
import { Pa2Contracts, type ProductHome } from './pa2-contracts.ts';
import { type InterSpreadFound, readInterSpread } from './pa2-inter-spread.ts';
import { PA2_NOT_MODELLED, pa2Record } from './pa2-layout.ts';
import { Pa2Line } from './pa2-line.ts';

/** Most of everything in one file. */
export const PA2_LIMITS = { lineCharacters: 2_000, lines: 8_000_000 } as const;

/** CME's extreme move and cover, where a file has no array parameters; supplied arrays already contain them. */
const DEFAULT_EXTREME = { multiple: 3, cover: 0.33 };

interface Header {
  readonly exchange: string;
  readonly date: string;
  readonly isSettlement: boolean;
}

/**
 * Incremental reader: `push` text in file order, then `end`. After a failure every further call answers the same failure,
 * and no set is made: whatever was loaded before stays as it is.
 *
 * Fails: `span/parameters-malformed` with the record number, its columns, what was expected and what was found;
 * `span/limit-exceeded`.
 */
export class Pa2Reader {
  readonly #source: string;
  readonly #commodities = new Pa2Commodities();
  readonly #contracts = new Pa2Contracts();
  readonly #spreads: Pa2Line[] = [];
  readonly #conversions: { from: string; to: string; factor: number }[] = [];
  readonly #notModelled = new Map<string, number>();
  /** What each record does; ids without an entry (1) carry nothing that is needed. */
  readonly #readers: Readonly<Record<string, (line: Pa2Line) => void>> = {
    '0': (line) => this.#readHeader(line),
    '2': (line) => this.#commodities.readCommodity(line),
    '3': (line) => this.#commodities.readTiers(line),
    '4': (line) => this.#readSpot(line),
    '5': (line) => this.#commodities.readGroup(line),
    '6': (line) => this.#spreads.push(line),
    '81': (line) => this.#contracts.readFirstHalf(line),
    '82': (line) => this.#contracts.readSecondHalf(line),
    '83': (line) => this.#contracts.readFirstHalf(line),
    '84': (line) => this.#contracts.readSecondHalf(line),
    B: (line) => this.#contracts.readParameters(line),
    C: (line) => this.#commodities.readCalendar(line),
    P: (line) => this.#contracts.readProduct(line),
    S: (line) => this.#commodities.readScanTiers(line),
    T: (line) => this.#readConversion(line),
  };
  #header: Header | null = null;
  #rest = '';
  #lines = 0;
  #failed: Result<never> | null = null;

  /** @param source - where the file came from, for people */
  constructor(source: string) {
    this.#source = source;
  }

  /** Records read so far, for progress. */
  get records(): number {
    return this.#lines;
  }

  /** Reads on. */
  push(text: string): Result<null> {
    if (this.#failed !== null) return this.#failed;
    const all = this.#rest + text;
    let at = 0;
    for (;;) {
      const end = all.indexOf('\n', at);
      if (end === -1) break;
      const failed = this.#readLine(all.slice(at, all[end - 1] === '\r' ? end - 1 : end));
      if (failed !== null) return failed;
      at = end + 1;
    }
    this.#rest = all.slice(at);
    if (this.#rest.length > PA2_LIMITS.lineCharacters) return this.#tooLong(this.#rest.length);
    return ok(null);
  }

  /** The set, once the whole file was pushed. */
  end(): Result<SpanParameterSet> {
    if (this.#failed === null && this.#rest !== '') this.#readLine(this.#rest);
    this.#rest = '';
    if (this.#failed !== null) return this.#failed;
    const header = this.#header;
    if (header === null) return this.#malformed(1, 'expected a header record (0), found an empty file');
    const draft = new ParameterDraft();
    const added = this.#contracts.addTo(draft, (exchange, product, type) =>
      this.#homeOf(draft, exchange, product, type),
    );
    if (added !== null && !added.ok) return added;
    const found = this.#interSpreads(draft);
    if (!found.ok) return found;
    const commodities = this.#commodities.finish(
      (exchange, code) => this.#contracts.productFacts(exchange, code)?.name ?? code,
    );
    const currencies = [...new Set(commodities.map((c) => c.currency))];
    const { multiple, cover } = this.#contracts.extreme ?? DEFAULT_EXTREME;
    const notModelled = [...this.#notModelled].map(([what, count]) => `${what} (${count} records)`);
    return draft.finish(
      {
        id: `${header.exchange} ${header.date}${header.isSettlement ? ' settlement' : ''}`,
        date: header.date,
        format: 'pa2',
        source: this.#source,
        scenarios: standardScenarios(multiple, cover),
        deltaPoints: STANDARD_DELTA_POINTS,
        currencies: currencies.map((code) => ({ code, decimals: 0 })),
        conversions: this.#conversions,
        classes: PA2_CLASSES.map((c) => ({ ...c, isCustomer: c.accountType !== 'M', tier: 'CORE' })),
        notModelled,
      },
      commodities,
      [],
      found.value,
    );
  }

  #interSpreads(draft: ParameterDraft): Result<readonly CommoditySpread[]> {
    const spreads: CommoditySpread[] = [];
    for (const line of this.#spreads) {
      const found: InterSpreadFound = readInterSpread(line, (code) => this.#commodities.known(code));
      if (line.problem !== null) return this.#malformed(line.place, line.problem);
      if (found.ok) spreads.push(found.spread);
      else draft.addProblem(line.place, `no credit: ${found.reason}`);
    }
    return ok(spreads);
  }

  #homeOf(draft: ParameterDraft, exchange: string, product: string, type: string): ProductHome {
    const home = this.#commodities.homeOf(exchange, product, type);
    if (home !== null) return home;
    draft.addProblem(0, `${exchange}:${product}:${type}: no record 2 lists it; it is margined alone`);
    const currency = this.#contracts.productFacts(exchange, product)?.currency;
    return this.#commodities.addAlone(exchange, product, currency || 'USD');
  }

  #readLine(text: string): Result<never> | null {
    this.#lines++;
    if (text.length > PA2_LIMITS.lineCharacters) return this.#tooLong(text.length);
    if (this.#lines > PA2_LIMITS.lines) {
      this.#failed = fail('span/limit-exceeded', `expected at most ${PA2_LIMITS.lines} records`);
      return this.#failed;
    }
    if (text.trim() === '') return null;
    const id = text.slice(0, 2).trim();
    if (this.#header === null && id !== '0') {
      return this.#malformed(this.#lines, `expected the header record 0 first, found "${text.slice(0, 20)}"`);
    }
    const skipped = PA2_NOT_MODELLED[id];
    if (skipped !== undefined) {
      this.#skip(`record ${id}: ${skipped}`);
      return null;
    }
    if (pa2Record(id) === null) {
      return this.#malformed(this.#lines, `expected a known record id, found "${text.slice(0, 2)}"`);
    }
    const line = new Pa2Line(id, text, this.#lines);
    this.#readers[id]?.(line);
    return line.problem === null ? null : this.#malformed(line.place, line.problem);
  }

  #readConversion(line: Pa2Line): void {
    const factor = line.number('multiplier');
    this.#conversions.push({ from: line.text('fromISO'), to: line.text('toISO'), factor });
  }

  #readSpot(line: Pa2Line): void {
    const skipped = this.#commodities.readSpot(line);
    if (skipped !== null) this.#skip(skipped);
  }

  #readHeader(line: Pa2Line): void {
    const format = line.text('fileFormat');
    if (format !== 'U2') {
      line.reject('fileFormat', 'U2 (expanded, unpacked)');
      return;
    }
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(line.text('businessDate')) ?? [];
    if (day === undefined) {
      line.reject('businessDate', 'a date as YYYYMMDD');
      return;
    }
    if (this.#header !== null) {
      line.reject('exchangeComplex', 'one header a file');
      return;
    }
    this.#header = {
      exchange: line.text('exchangeComplex'),
      date: `${year}-${month}-${day}`,
      isSettlement: line.text('settlOrIntraday') === 'S',
    };
  }

  #skip(what: string): void {
    this.#notModelled.set(what, (this.#notModelled.get(what) ?? 0) + 1);
  }

  #tooLong(found: number): Result<never> {
    const limit = PA2_LIMITS.lineCharacters;
    this.#failed = fail(
      'span/limit-exceeded',
      `record ${this.#lines + 1}: expected at most ${limit} characters, found ${found}`,
      { record: this.#lines + 1 },
    );
    return this.#failed;
  }

  #malformed(record: number, problem: string): Result<never> {
    this.#failed = fail('span/parameters-malformed', `record ${record}: ${problem}`, { record });
    return this.#failed;
  }
}
