/** Dated tables of outright performance bonds and of assumed spread rates, as the built-in parameter sets are made of. */
import { fail, ok, type Result } from '../../../core/result.ts';

/** A product of the tables. */
export interface OutrightProduct {
  readonly code: string;
  /** Combined commodity; the product of the same code gives it its name and rates. */
  readonly commodity: string;
  readonly exchange: string;
  /** Currency value of a price of 1. */
  readonly multiplier: number;
  /** Deltas of the commodity in one contract. */
  readonly deltaScaling: number;
  /** Month codes of the listed months, e.g. HMUZ. */
  readonly months: string;
  readonly name: string;
  /** By date, ascending. USD for one contract. */
  readonly margins: readonly {
    readonly date: string;
    readonly maintenance: number;
    readonly initial: number;
  }[];
}

/** The table of outright margins. */
export interface OutrightMargins {
  readonly source: string;
  /** First and last day the table speaks of. */
  readonly from: string;
  readonly to: string;
  readonly products: readonly OutrightProduct[];
}

/** Spread rates that were assumed, not published. */
export interface AssumedSpreads {
  readonly source: string;
  /** Charge of one calendar spread as a fraction of the outright maintenance margin, by commodity. */
  readonly calendars: ReadonlyMap<string, number>;
  readonly inters: readonly {
    readonly priority: number;
    readonly legs: readonly [AssumedLeg, AssumedLeg];
    /** Fraction of the price risk of both sides. */
    readonly creditRate: number;
  }[];
}

/** One side of an assumed credit. */
export interface AssumedLeg {
  readonly commodity: string;
  readonly ratio: number;
}

const MARGIN = /^(\d{4}-\d\d-\d\d):(\d+)\/(\d+)$/;

function malformed(line: number, expected: string, found: string): Result<never> {
  return fail(
    'span/parameters-malformed',
    `line ${line}: expected ${expected}, found "${found.slice(0, 80)}"`,
    {
      line,
    },
  );
}

/** Reads the table of outright margins. Fails: `span/parameters-malformed`, naming the line. */
export function parseOutrightMargins(text: string): Result<OutrightMargins> {
  const source = /^# source: (.+)$/m.exec(text)?.[1];
  const covers = /^# covers: (\S+) to (\S+)$/m.exec(text);
  const products = new Map<string, OutrightProduct>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [kind, code = '', ...rest] = line.split(' ');
    if (kind === 'product') {
      const [commodity = '', exchange = '', multiplier = '', delta = '', months = '', ...name] = rest;
      if (!(Number(multiplier) > 0 && Number(delta) > 0 && /^[FGHJKMNQUVXZ]+$/.test(months))) {
        return malformed(i + 1, 'product, commodity, exchange, multiplier, deltas, months and name', line);
      }
      const [size, scaling] = [Number(multiplier), Number(delta)];
      const facts = { code, commodity, exchange, multiplier: size, deltaScaling: scaling, months };
      products.set(code, { ...facts, name: name.join(' '), margins: [] });
      continue;
    }
    const product = products.get(code);
    if (kind !== 'margins' || product === undefined) {
      return malformed(i + 1, 'the margins of a product listed above', line);
    }
    const margins: { date: string; maintenance: number; initial: number }[] = [];
    for (const cell of rest) {
      const [, date = '', maintenance, initial] = MARGIN.exec(cell) ?? [];
      const row = { date, maintenance: Number(maintenance), initial: Number(initial) };
      if (date <= (margins.at(-1)?.date ?? '') || !(row.maintenance > 0 && row.initial >= row.maintenance)) {
        return malformed(i + 1, 'date:maintenance/initial in order of date, initial not below', cell);
      }
      margins.push(row);
    }
    products.set(code, { ...product, margins });
  }
  if (source === undefined || covers === null) {
    return malformed(1, 'a "# source:" and a "# covers:" line', '');
  }
  const [, from = '', to = ''] = covers;
  return ok({ source, from, to, products: [...products.values()] });
}

/** Reads the table of assumed spread rates. Fails: `span/parameters-malformed`, naming the line. */
export function parseAssumedSpreads(text: string): Result<AssumedSpreads> {
  const source = /^# source: (.+)$/m.exec(text)?.[1];
  if (source === undefined) return malformed(1, 'a "# source:" line', '');
  const calendars = new Map<string, number>();
  const inters: AssumedSpreads['inters'][number][] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [kind, ...cells] = line.split(' ');
    const rate = Number(cells.at(-1));
    if (!(rate >= 0 && rate <= 1)) return malformed(i + 1, 'a rate between 0 and 1 at the end', line);
    if (kind === 'calendar' && cells.length === 2) calendars.set(cells[0] ?? '', rate);
    else if (kind === 'inter' && cells.length === 6) {
      const [priority, first = '', firstRatio, second = '', secondRatio] = cells;
      const legs = [
        { commodity: first, ratio: Number(firstRatio) },
        { commodity: second, ratio: Number(secondRatio) },
      ] as const;
      if (!legs.every((leg) => leg.ratio > 0)) return malformed(i + 1, 'positive ratios', line);
      inters.push({ priority: Number(priority), legs, creditRate: rate });
    } else return malformed(i + 1, 'a calendar or an inter line', line);
  }
  return ok({ source, calendars, inters });
}

/** Every day on which some margin changed, ascending. */
export function marginDates(table: OutrightMargins): readonly string[] {
  return [...new Set(table.products.flatMap((p) => p.margins.map((m) => m.date)))].sort();
}
