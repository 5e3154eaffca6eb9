/** One page on the feed socket. */

import type { WebSocket } from 'ws';
import type { Micros } from '../engine/core/units.ts';
import type { ProxyNotice } from '../engine/market/wire/proxy-control.ts';

export class ClientSession {
  readonly #client: WebSocket;

  constructor(client: WebSocket, now: () => Micros) {
    this.#client = client;
    client.on('error', () => client.terminate());
    this.#tell({ op: 'hello', serverAtMicros: now() });
  }

  #tell(notice: ProxyNotice): void {
    this.#client.send(JSON.stringify(notice));
  }

  end(): void {
    this.#client.terminate();
  }
}
