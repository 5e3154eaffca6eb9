/** Notes every pool of margin that reaches a ratio of 1, and what falls with it. */
import type { Micros } from '../../engine/core/units.ts';
import type { Incident } from '../../engine/risk/alerts/alert-backtest.ts';
import type { BoardRow } from '../contract/guard-board.ts';

/** What a line is called in a rule: without its size, which changes. */
export function subjectOf({ kind, title, side, accountName }: BoardRow): string {
  return kind === 'account' ? accountName : `${title.split(' ')[0] ?? ''} ${side ?? ''}, ${accountName}`;
}

/** Whether a line is a pool of its own: a cross position stands and falls with its account, which has a line of its own. */
export function isPool({ kind, marginMode }: BoardRow): boolean {
  return kind === 'account' || marginMode === 'isolated';
}

/** Margin ratio at which a pool that fell counts as standing again. */
const RECOVERED = 1.1;

/** A pool, and what it is in the backtest. */
export interface FallenPool {
  readonly pool: BoardRow;
  readonly incident: Incident;
}

/** Follows the pools of a run. */
export class IncidentLog {
  readonly #incidents: Incident[] = [];
  readonly #fallen = new Set<string>();

  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /**
   * Takes the lines at an instant, and answers with the pools that fell at it. A pool must have recovered before it
   * can fall again: swaying about a ratio of 1 is one liquidation.
   */
  take(rows: readonly BoardRow[], atMicros: Micros): readonly FallenPool[] {
    const fallen: FallenPool[] = [];
    for (const pool of rows) {
      const { id, failure, marginRatio } = pool;
      if (!isPool(pool) || failure !== null || marginRatio === null) continue;
      if (marginRatio >= RECOVERED) this.#fallen.delete(id);
      else if (marginRatio <= 1 && !this.#fallen.has(id)) {
        this.#fallen.add(id);
        const incident = { subject: subjectOf(pool), positions: positionsOf(pool, rows), atMicros };
        this.#incidents.push(incident);
        fallen.push({ pool, incident });
      }
    }
    return fallen;
  }
}

function positionsOf(pool: BoardRow, rows: readonly BoardRow[]): readonly string[] {
  if (pool.kind !== 'account') return [];
  return rows
    .filter((row) => row.accountId === pool.accountId && row.kind === 'position' && !isPool(row))
    .map(subjectOf);
}
