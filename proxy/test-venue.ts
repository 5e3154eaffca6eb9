/** A scripted venue on this machine, for tests: says exactly what a test makes it say. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Venue } from './venue-table.ts';

/** One connection as the venue sees it. */
export interface VenueConnection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Texts that the proxy sent. */
  readonly received: string[];
}

export class TestVenue {
  readonly connections: VenueConnection[] = [];
  readonly restRequests: IncomingMessage[] = [];
  /** Handles a REST request; the default answers an empty book. */
  onRest: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.end('{"lastUpdateId":1,"E":1,"T":1,"bids":[],"asks":[]}');
  /** Handles an upgrade before it is accepted; true when the handler took it. */
  onUpgrade: (request: IncomingMessage, raw: Socket) => boolean = () => false;
  onConnection: (connection: VenueConnection) => void = () => {};
  /** Answers SUBSCRIBE and UNSUBSCRIBE as the venue does. */
  acknowledges = true;
  readonly #http = createServer((request, response) => {
    this.restRequests.push(request);
    this.onRest(request, response);
  });
  readonly #sockets = new WebSocketServer({ noServer: true });
  #port = 0;

  async open(): Promise<this> {
    this.#http.on('upgrade', (request, raw, head) => {
      if (this.onUpgrade(request, raw as Socket)) return;
      this.#sockets.handleUpgrade(request, raw, head, (socket) => {
        const connection: VenueConnection = { socket, request, received: [] };
        this.connections.push(connection);
        socket.on('error', () => {});
        socket.on('message', (data) => {
          connection.received.push(data.toString());
          if (!this.acknowledges) return;
          const { id } = JSON.parse(data.toString()) as { id: number };
          socket.send(JSON.stringify({ result: null, id }));
        });
        this.onConnection(connection);
      });
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
    return this;
  }

  get venue(): Venue {
    const base = `127.0.0.1:${this.#port}`;
    return {
      id: 'binance-usdm',
      streamUrls: { public: `ws://${base}/public/stream`, market: `ws://${base}/market/stream` },
      snapshotUrl: `http://${base}/fapi/v1/depth?limit=1000`,
      closesUrl: `http://${base}/fapi/v1/klines?interval=1d&limit=90`,
      snapshotWeight: 20,
      closesWeight: 1,
      weightPerMinute: 2_400,
      local: true,
    };
  }

  get venues(): ReadonlyMap<string, Venue> {
    return new Map([[this.venue.id, this.venue]]);
  }

  /** Connections that are open now. */
  get live(): readonly VenueConnection[] {
    return this.connections.filter(({ socket }) => socket.readyState === socket.OPEN);
  }

  /** Sends one message of a stream on every open connection, or on one. */
  send(stream: string, data: string, on: readonly VenueConnection[] = this.live): void {
    for (const { socket } of on) socket.send(`{"stream":"${stream}","data":${data}}`);
  }

  async close(): Promise<void> {
    for (const { socket } of this.connections) socket.terminate();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }
}
