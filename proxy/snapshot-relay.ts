/** Fetches book snapshots and daily candles: one request at a time for a symbol, its answer shared by all who asked. */

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { backoffMs } from './backoff.ts';
import type { ProxyLimits } from './limits.ts';
import { pinAddress, pinnedLookup, type Resolve } from './pinned-address.ts';
import { type RestResource, restRequest, type Venue } from './venue-table.ts';
import { WeightBudget } from './weight-budget.ts';

/** The venue's answer as it came, or why there is none and when to ask again. */
export type SnapshotAnswer =
  | { readonly kind: 'answer'; readonly payload: Buffer }
  | { readonly kind: 'refused'; readonly reason: string; readonly retryAfterMs: number | null };

export interface SnapshotRelayOptions {
  readonly resolve: Resolve;
  readonly random: () => number;
  readonly limits: ProxyLimits;
}

export interface SnapshotStats {
  readonly requests: number;
  readonly shared: number;
  readonly refused: number;
  readonly weightUsed: number;
}

interface HttpAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly weightUsed: number | null;
  readonly body: Buffer;
}

function headerNumber(response: IncomingMessage, name: string): number | null {
  const text = response.headers[name];
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Whether the bytes are what was asked for: a book is an object with an integer id and two lists, candles are a list of lists. */
function isWhatWasAsked(resource: RestResource, body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (resource === 'closes') return Array.isArray(value) && value.every((row) => Array.isArray(row));
    if (typeof value !== 'object' || value === null) return false;
    const { lastUpdateId, bids, asks } = value as Readonly<Record<string, unknown>>;
    return Number.isSafeInteger(lastUpdateId) && Array.isArray(bids) && Array.isArray(asks);
  } catch {
    return false;
  }
}

export class SnapshotRelay {
  readonly #options: SnapshotRelayOptions;
  readonly #inFlight = new Map<string, Promise<SnapshotAnswer>>();
  readonly #budgets = new Map<string, WeightBudget>();
  readonly #failures = new Map<string, number>();
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 4 });
  #requests = 0;
  #shared = 0;
  #refused = 0;

  constructor(options: SnapshotRelayOptions) {
    this.#options = options;
  }

  get stats(): SnapshotStats {
    const now = performance.now();
    const weightUsed = [...this.#budgets.values()].reduce((sum, budget) => sum + budget.used(now), 0);
    return { requests: this.#requests, shared: this.#shared, refused: this.#refused, weightUsed };
  }

  /** Fetches what is named of a symbol, or joins the request that is already on its way. Never rejects. */
  fetch(venue: Venue, resource: RestResource, symbol: string): Promise<SnapshotAnswer> {
    const key = `${venue.id} ${resource} ${symbol}`;
    const running = this.#inFlight.get(key);
    if (running !== undefined) {
      this.#shared += 1;
      return running;
    }
    const answer = this.#fetchOnce(venue, resource, symbol, key).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, answer);
    return answer;
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #refuse(reason: string, retryAfterMs: number | null): SnapshotAnswer {
    this.#refused += 1;
    return { kind: 'refused', reason, retryAfterMs };
  }

  async #fetchOnce(
    venue: Venue,
    resource: RestResource,
    symbol: string,
    key: string,
  ): Promise<SnapshotAnswer> {
    const target = restRequest(venue, resource, symbol);
    if (target === null) return this.#refuse('no such symbol', null);
    const budget = this.#budgets.get(venue.id) ?? new WeightBudget(venue.weightPerMinute);
    this.#budgets.set(venue.id, budget);
    const wait = budget.take(performance.now(), target.weight);
    if (wait !== null) return this.#refuse(wait.reason, wait.retryAfterMs);
    this.#requests += 1;
    try {
      const answer = await this.#get(target.url, venue.local);
      const now = performance.now();
      if (answer.weightUsed !== null) budget.venueCounted(now, answer.weightUsed);
      if (answer.status === 429 || answer.status === 418) {
        const holdMs = budget.stop(now, answer.status, answer.retryAfterSeconds);
        return this.#refuse(`the venue answered ${answer.status}: no requests until it allows`, holdMs);
      }
      if (answer.status !== 200) return this.#failed(key, `the venue answered ${answer.status}`);
      if (!isWhatWasAsked(resource, answer.body)) {
        return this.#failed(key, `the venue sent no ${resource === 'closes' ? 'candles' : 'book'}`);
      }
      this.#failures.delete(key);
      return { kind: 'answer', payload: answer.body };
    } catch (error) {
      return this.#failed(key, error instanceof Error ? error.message : 'no answer');
    }
  }

  #failed(key: string, reason: string): SnapshotAnswer {
    const { limits, random } = this.#options;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    // A wrong answer is asked for less and less often, however fast it comes.
    const mostMs = limits.reconnectFirstMs * 2 ** Math.min(failures, 30);
    return this.#refuse(reason, backoffMs(mostMs, limits.reconnectFirstMs, limits.reconnectCapMs, random));
  }

  async #get(url: URL, local: boolean): Promise<HttpAnswer> {
    const pinned = await pinAddress(url, local, this.#options.resolve, this.#requests);
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () => request.destroy(new Error('no answer in time')),
        this.#options.limits.restTimeoutMs,
      );
      // Redirects are not followed: node's client never does. Nothing of a page's request is passed on.
      const options = {
        agent: secure ? this.#https : this.#http,
        lookup: pinnedLookup(pinned),
        // Said in full, because an environment variable could switch the default off.
        rejectUnauthorized: true,
        headers: { Accept: 'application/json', 'Accept-Encoding': 'identity' },
        maxHeaderSize: this.#options.limits.maxHeaderBytes,
      };
      const request = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > this.#options.limits.upstreamMaxPayloadBytes) {
            request.destroy(new Error('the answer is too large'));
          } else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfterSeconds: headerNumber(response, 'retry-after'),
            weightUsed: headerNumber(response, 'x-mbx-used-weight-1m'),
            body: Buffer.concat(chunks),
          }),
        );
      });
      request.on('error', reject);
      request.on('close', () => clearTimeout(deadline));
      request.end();
    });
  }
}
