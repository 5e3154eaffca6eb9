/** Which IP addresses the proxy may connect to: public ones for venues, loopback for a venue on this machine. */

import { isIP } from 'node:net';

/** IPv4 ranges that are not the public internet. Source: IANA IPv4 Special-Purpose Address Registry. */
const SPECIAL_V4: readonly (readonly [base: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * IPv6 ranges inside global unicast (2000::/3) that are not the public internet: protocol assignments with Teredo,
 * documentation, 6to4. Everything outside 2000::/3 is refused as a whole, and with it loopback, unique-local,
 * link-local, multicast, v4-mapped, v4-compatible and NAT64 addresses. Source: IANA IPv6 Special-Purpose Address
 * Registry.
 */
const SPECIAL_V6: readonly (readonly [base: string, bits: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

function bytesV4(text: string): bigint {
  return text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function bytesV6(text: string): bigint {
  // A dotted tail is two groups written another way.
  const plain = text.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const value = bytesV4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function inRange(value: bigint, base: bigint, bits: number, width: number): boolean {
  const shift = BigInt(width - bits);
  return value >> shift === base >> shift;
}

/**
 * Whether this is the canonical text of a public unicast address.
 *
 * Anything that is not plain dotted-quad or plain IPv6 text (decimal, octal, hexadecimal, short forms, zone ids,
 * brackets, names) is not an address and so not public.
 */
export function isPublicAddress(text: string): boolean {
  const family = isIP(text);
  if (family === 4) {
    const value = bytesV4(text);
    return !SPECIAL_V4.some(([base, bits]) => inRange(value, bytesV4(base), bits, 32));
  }
  if (family !== 6 || text.includes('%')) return false;
  const value = bytesV6(text);
  if (!inRange(value, bytesV6('2000::'), 3, 128)) return false;
  return !SPECIAL_V6.some(([base, bits]) => inRange(value, bytesV6(base), bits, 128));
}

/** Whether this is the canonical text of a loopback address of this machine. */
export function isLoopbackAddress(text: string): boolean {
  return (isIP(text) === 4 && text.startsWith('127.')) || text === '::1';
}
