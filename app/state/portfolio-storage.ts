/** Keeps the portfolio in the browser's database; every trouble comes back as a value and the page goes on in memory. */
import { type IDBPDatabase, openDB } from 'idb';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import { type Failure, failure } from '../../engine/core/failure.ts';
import { ok, type Result } from '../../engine/core/result.ts';
import { readStoredPortfolio } from './stored-portfolio.ts';

const DATABASE = 'headroom';
const STORE = 'portfolio';
const CURRENT = 'current';
const SET_ASIDE = 'set-aside';
/** A database that another, older page holds open would otherwise keep this one waiting for ever. */
const OPEN_DEADLINE_MS = 4_000;

export type LoadedPortfolio =
  | { readonly kind: 'none' }
  | { readonly kind: 'stored'; readonly portfolio: Portfolio }
  /** What was stored cannot be read; it was kept under another key. */
  | { readonly kind: 'unreadable'; readonly reason: string };

let database: Promise<IDBPDatabase> | null = null;

function storageFailure(what: string, error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : 'Error';
  const reason =
    name === 'QuotaExceededError'
      ? 'the browser has no room left for this site'
      : error instanceof Error
        ? error.message
        : String(error);
  return failure('storage/unavailable', `${what}: ${reason}`, { error: name });
}

function openDatabase(): Promise<IDBPDatabase> {
  database ??= new Promise<IDBPDatabase>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the database is held by another tab; close it and reload')),
      OPEN_DEADLINE_MS,
    );
    openDB(DATABASE, 1, {
      upgrade: (db) => {
        db.createObjectStore(STORE);
      },
      blocking: (_current, _blocked, event) => {
        // A newer page wants to upgrade: let go, and open again at the next write.
        (event.target as IDBDatabase).close();
        database = null;
      },
      terminated: () => {
        database = null;
      },
    })
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
  database.catch(() => {
    database = null;
  });
  return database;
}

/** Reads the stored portfolio. */
export async function loadPortfolio(): Promise<Result<LoadedPortfolio>> {
  try {
    const db = await openDatabase();
    const stored: unknown = await db.get(STORE, CURRENT);
    if (stored === undefined) return ok({ kind: 'none' });
    const read = readStoredPortfolio(stored);
    if (read.ok) return ok({ kind: 'stored', portfolio: read.value });
    await db.put(STORE, stored, SET_ASIDE);
    return ok({ kind: 'unreadable', reason: read.failure.message });
  } catch (error) {
    return { ok: false, failure: storageFailure('the stored portfolio could not be read', error) };
  }
}

/**
 * Stores the portfolio in place of the one before. The transaction is committed in the same breath as the write is
 * asked for: left to commit by itself it would be undone by a page that is left or reloaded in between.
 */
export async function savePortfolio(portfolio: Portfolio): Promise<Result<null>> {
  try {
    const db = await openDatabase();
    const transaction = db.transaction(STORE, 'readwrite', { durability: 'strict' });
    const written = transaction.store.put({ version: 1, portfolio }, CURRENT);
    transaction.commit();
    await Promise.all([written, transaction.done]);
    return ok(null);
  } catch (error) {
    return { ok: false, failure: storageFailure('the portfolio could not be stored', error) };
  }
}

/** What could not be read earlier, as text to save to a file; null when there is none. */
export async function readSetAside(): Promise<string | null> {
  try {
    const db = await openDatabase();
    const stored: unknown = await db.get(STORE, SET_ASIDE);
    return stored === undefined ? null : JSON.stringify(stored, null, 2);
  } catch {
    return null;
  }
}
