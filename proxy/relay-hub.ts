/** Brings pages and venues together: one shared upstream per stream class, one snapshot relay. */

import type { Micros } from '../engine/core/units.ts';
import type { ProxyLimits } from './limits.ts';
import type { Resolve } from './pinned-address.ts';
import { type SnapshotAnswer, SnapshotRelay, type SnapshotStats } from './snapshot-relay.ts';
import { type StreamListener, Upstream, type UpstreamStats } from './upstream.ts';
import { type RestRequest, type RestResource, restRequest, routeOf, type Venue } from './venue-table.ts';

export interface RelayHubOptions {
  readonly venues: ReadonlyMap<string, Venue>;
  readonly resolve: Resolve;
  readonly random: () => number;
  readonly now: () => Micros;
  readonly limits: ProxyLimits;
}

export class RelayHub {
  readonly #options: RelayHubOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #snapshots: SnapshotRelay;

  constructor(options: RelayHubOptions) {
    this.#options = options;
    this.#snapshots = new SnapshotRelay(options);
  }

  get stats(): { readonly upstreams: readonly UpstreamStats[]; readonly snapshots: SnapshotStats } {
    return {
      upstreams: [...this.#upstreams.values()].map((upstream) => upstream.stats),
      snapshots: this.#snapshots.stats,
    };
  }

  /** The upstream that carries this stream, opened on first use, or why there is none. */
  upstream(venueId: string, stream: string): Upstream | string {
    const venue = this.#options.venues.get(venueId);
    if (venue === undefined) return 'unknown venue';
    const route = routeOf(stream);
    if (route === null) return 'unknown stream';
    const key = `${venueId} ${route}`;
    let upstream = this.#upstreams.get(key);
    if (upstream === undefined) {
      const url = venue.streamUrls[route];
      const { resolve, random, now, limits } = this.#options;
      upstream = new Upstream({
        venue: venueId,
        route,
        url,
        local: venue.local,
        resolve,
        random,
        now,
        limits,
      });
      this.#upstreams.set(key, upstream);
    }
    return upstream;
  }

  /** Listens to a stream; returns why that cannot be, or null. */
  listen(venueId: string, stream: string, listener: StreamListener): string | null {
    const upstream = this.upstream(venueId, stream);
    return typeof upstream === 'string' ? upstream : upstream.add(stream, listener);
  }

  unlisten(venueId: string, stream: string, listener: StreamListener): void {
    const upstream = this.upstream(venueId, stream);
    if (typeof upstream !== 'string') upstream.remove(stream, listener);
  }

  /** The request for what is named of a symbol, with the stream name under which it travels, or why there is none. */
  restRequest(venueId: string, resource: RestResource, symbol: string): RestRequest | string {
    const venue = this.#options.venues.get(venueId);
    if (venue === undefined) return 'unknown venue';
    return restRequest(venue, resource, symbol) ?? 'unknown symbol';
  }

  fetch(venueId: string, resource: RestResource, symbol: string): Promise<SnapshotAnswer> {
    const venue = this.#options.venues.get(venueId);
    if (venue === undefined) {
      return Promise.resolve({ kind: 'refused', reason: 'unknown venue', retryAfterMs: null });
    }
    return this.#snapshots.fetch(venue, resource, symbol);
  }

  close(): void {
    for (const upstream of this.#upstreams.values()) upstream.close();
    this.#snapshots.close();
  }
}
