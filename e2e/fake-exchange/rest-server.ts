/** The exchange's REST side: book snapshots and daily candles, with request weights, limits and bans. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';

/** Weight of a snapshot by its limit, and the weight allowed in a minute. Source: USDT-M futures REST documentation. */
const WEIGHTS: ReadonlyMap<number, number> = new Map([
  [5, 2],
  [10, 2],
  [20, 2],
  [50, 2],
  [100, 5],
  [500, 10],
  [1000, 20],
]);
const WEIGHT_PER_MINUTE = 2_400;

/** Weight of at most 99 candles. Source: the same. */
const CANDLES_WEIGHT = 1;
const DAY_MS = 86_400_000;

/** Daily candles up to the running one, whose closes swing by up to 3 % a day. */
function dailyCandles(count: number): string {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  let price = 60_000;
  return JSON.stringify(
    Array.from({ length: count }, (_, i) => {
      const open = today - (count - 1 - i) * DAY_MS;
      price *= 1 + 0.03 * Math.sin(i * i);
      const text = price.toFixed(1);
      return [open, text, text, text, text, '1', open + DAY_MS - 1, '1', 1, '1', '1', '0'];
    }),
  );
}

export interface RestServerOptions {
  readonly faults: Faults;
  /** The snapshot of the moment as JSON text. */
  readonly snapshot: (limit: number) => string;
}

export interface RestServerStats {
  readonly requests: number;
  readonly answered: number;
  readonly bans: number;
  readonly weightUsed: number;
  /** Requests that came while a ban was in force. */
  readonly requestsWhileBanned: number;
}

export class RestServer {
  readonly #options: RestServerOptions;
  readonly #http = createServer((request, response) => this.#answer(request, response));
  #requests = 0;
  #answered = 0;
  #bans = 0;
  #requestsWhileBanned = 0;
  #minute = 0;
  #weight = 0;
  #bannedUntilMs = 0;

  constructor(options: RestServerOptions) {
    this.#options = options;
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#http.listen(0, '127.0.0.1', () => resolve((this.#http.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  stats(): RestServerStats {
    return {
      requests: this.#requests,
      answered: this.#answered,
      bans: this.#bans,
      weightUsed: this.#weight,
      requestsWhileBanned: this.#requestsWhileBanned,
    };
  }

  #reply(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=UTF-8',
      'X-MBX-USED-WEIGHT-1M': String(this.#weight),
      ...headers,
    });
    response.end(body);
  }

  /** 418 with the seconds left; true when the request is answered by it. */
  #refuseBanned(response: ServerResponse): boolean {
    const { faults } = this.#options;
    const now = performance.now();
    if (now < this.#bannedUntilMs) this.#requestsWhileBanned += 1;
    else if (faults.isOn('ban')) {
      this.#bannedUntilMs = now + faults.tuning.banSeconds * 1000;
      this.#bans += 1;
      faults.acted('ban');
    } else return false;
    const seconds = Math.ceil((this.#bannedUntilMs - now) / 1000);
    const body = '{"code":-1003,"msg":"Way too many requests; IP banned"}';
    this.#reply(response, 418, body, { 'Retry-After': String(seconds) });
    return true;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#requests += 1;
    const { faults } = this.#options;
    if (faults.isOn('outage')) {
      faults.acted('outage');
      request.socket.destroy();
      return;
    }
    if (this.#refuseBanned(response)) return;
    const url = new URL(request.url ?? '', 'http://localhost');
    if (request.method === 'GET' && url.pathname === '/fapi/v1/klines') {
      this.#weight += CANDLES_WEIGHT;
      this.#answered += 1;
      this.#reply(response, 200, dailyCandles(Number(url.searchParams.get('limit') ?? 500)));
      return;
    }
    if (request.method !== 'GET' || url.pathname !== '/fapi/v1/depth') {
      this.#reply(response, 404, '{"code":-5000,"msg":"Path not found"}');
      return;
    }
    const limit = Number(url.searchParams.get('limit') ?? 500);
    const weight = WEIGHTS.get(limit);
    if (weight === undefined) {
      this.#reply(response, 400, '{"code":-4021,"msg":"Invalid depth limit"}');
      return;
    }
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#weight = 0;
    }
    this.#weight += weight;
    if (this.#weight > WEIGHT_PER_MINUTE) {
      const seconds = 60 - (Math.floor(Date.now() / 1000) % 60);
      this.#reply(response, 429, '{"code":-1003,"msg":"Too many requests"}', {
        'Retry-After': String(seconds),
      });
      return;
    }
    if (url.searchParams.get('symbol') !== 'BTCUSDT') {
      this.#reply(response, 400, '{"code":-1121,"msg":"Invalid symbol."}');
      return;
    }
    // Taken now: a late answer is late, but no younger.
    const body = this.#options.snapshot(limit);
    this.#answered += 1;
    if (!faults.isOn('snapshot-late')) this.#reply(response, 200, body);
    else {
      faults.acted('snapshot-late');
      setTimeout(() => this.#reply(response, 200, body), faults.delayMs());
    }
  }
}
