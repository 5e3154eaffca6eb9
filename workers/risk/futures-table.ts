/** The table of outright margins: read once it is needed, tried again after a failure, made into rules once a day of the run. */
import { fail, type Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import {
  type FuturesRules,
  futuresRules,
  NO_FUTURES_RULES,
} from '../../engine/margin/futures/futures-rules.ts';
import {
  type OutrightMargins,
  parseOutrightMargins,
} from '../../engine/margin/span/files/outright-margins.ts';
import type { CivilDay } from '../../engine/reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../engine/reference/calendar/sessions.ts';

/** A table that could not be read is tried again after this long. */
const RETRY_MS = 2_000;

/** Holds the table and the rules of the last day asked about. */
export class FuturesTable {
  readonly #readText: () => Promise<string>;
  #table: Result<OutrightMargins> | null = null;
  #triedAtMs = 0;
  #rules: { readonly day: CivilDay; readonly of: Result<FuturesRules> } | null = null;

  /** @param readText - text of the table; rejects where it cannot be read */
  constructor(readText: () => Promise<string>) {
    this.#readText = readText;
  }

  /** Whether a table that could not be read should be tried again. */
  isDue(nowMs: number): boolean {
    return this.#table !== null && !this.#table.ok && nowMs - this.#triedAtMs >= RETRY_MS;
  }

  /** Reads the table unless it is there already; true where that changed what is known. */
  async read(): Promise<boolean> {
    if (this.#isRead()) return false;
    this.#triedAtMs = performance.now();
    let table: Result<OutrightMargins>;
    try {
      table = parseOutrightMargins(await this.#readText());
    } catch (error) {
      const why = `the table of outright margins could not be read: ${String(error)}`;
      table = fail('span/parameters-missing', why);
    }
    // Of two readings at once a failed one must not undo the other.
    if (!table.ok && this.#isRead()) return false;
    this.#table = table;
    this.#rules = null;
    return true;
  }

  #isRead(): boolean {
    return this.#table?.ok === true;
  }

  /** The rules on the trading day of an instant, or why there are none. */
  rulesAt(atMicros: Micros): Result<FuturesRules> {
    if (this.#table === null) return NO_FUTURES_RULES;
    if (!this.#table.ok) return this.#table;
    const day = tradingDayAt(atMicros);
    if (this.#rules?.day !== day) this.#rules = { day, of: futuresRules(this.#table.value, day) };
    return this.#rules.of;
  }
}
