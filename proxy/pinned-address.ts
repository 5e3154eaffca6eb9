/** From a venue's address in the table to the one checked IP address that the connection then uses. */

import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Looks up all addresses of a name. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/** The system's resolver. */
export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true });

const DNS_NAME = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const LOCAL_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Says what is wrong with a venue's URL, or null. A venue is a public DNS name on port 443 with TLS. */
export function refuseVenueUrl(url: URL, local: boolean): string | null {
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return 'no credentials or fragment allowed';
  if (local) {
    if (!LOCAL_NAMES.has(url.hostname)) return 'a local venue must be on this machine';
    return /^(?:ws|http):$/.test(url.protocol) ? null : 'a local venue speaks ws or http';
  }
  if (!/^(?:wss|https):$/.test(url.protocol)) return 'TLS required';
  // URL drops a port that is its scheme's own, which for both is 443.
  if (url.port !== '') return 'port 443 only';
  if (!DNS_NAME.test(url.hostname)) return 'a public DNS name required';
  return null;
}

/**
 * Resolves the host of `url` and picks the address to connect to; rejects with the reason when there is none.
 *
 * One address that is not public spoils the whole answer: a name that points inside is not a venue.
 *
 * @param turn - counts the attempts, so that a dead address is not picked for ever
 */
export async function pinAddress(
  url: URL,
  local: boolean,
  resolve: Resolve,
  turn: number,
): Promise<ResolvedAddress> {
  const refusal = refuseVenueUrl(url, local);
  if (refusal !== null) throw new Error(refusal);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  const allowed = local ? isLoopbackAddress : isPublicAddress;
  if (found.some(({ address }) => !allowed(address)))
    throw new Error('the name leads to a forbidden address');
  const picked = found[turn % found.length];
  if (picked === undefined) throw new Error('the name has no address');
  return picked;
}

/** A lookup for `net.connect` that knows only the pinned address, whatever it is asked. */
export function pinnedLookup(pinned: ResolvedAddress): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [{ ...pinned }]);
    else callback(null, pinned.address, pinned.family);
  };
}
