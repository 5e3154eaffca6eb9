// The address check against every way of writing an address that is not the public internet.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinAddress, pinnedLookup, type ResolvedAddress, refuseVenueUrl } from './pinned-address.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';
import { VENUES } from './venue-table.ts';

/** First and last address of each range that must be refused, and the neighbours outside it that must not. */
const RANGES_V4: readonly (readonly [
  first: string,
  last: string,
  before: string | null,
  after: string | null,
])[] = [
  ['0.0.0.0', '0.255.255.255', null, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '239.255.255.255', '223.255.255.255', null],
  ['240.0.0.0', '255.255.255.255', null, null],
];

/** Addresses that a program must never be led to, as numbers. */
const FORBIDDEN_V4 = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
];

const octets = (text: string): number[] => text.split('.').map(Number);
const hex = (n: number): string => n.toString(16);

/** Every odd way to write one IPv4 address that some library somewhere accepts. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address);
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const high = hex(a * 256 + b);
  const low = hex(c * 256 + d);
  return [
    String(number),
    `0x${hex(number)}`,
    `0${number.toString(8)}`,
    [a, b, c, d].map((n) => `0x${hex(n)}`).join('.'),
    [a, b, c, d].map((n) => `0${n.toString(8)}`).join('.'),
    [a, b, c, d].map((n) => `000${n}`).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${address}.`,
    ` ${address}`,
    `${address}\n`,
    `${address}:80`,
    `[${address}]`,
    `::${address}`,
    `::ffff:${address}`,
    `::ffff:${high}:${low}`,
    `::FFFF:${high}:${low}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `0000:0000:0000:0000:0000:ffff:${high}:${low}`,
    `::ffff:0:${high}:${low}`,
    `64:ff9b::${address}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::`,
    `2002:${high}:${low}::1`,
    `2001:0:${high}:${low}::`,
    `::ffff:${address}%eth0`,
    `[::ffff:${address}]`,
  ];
}

const OTHER_FORBIDDEN = [
  '',
  'localhost',
  'localhost.localdomain',
  'metadata.google.internal',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::1%lo',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'fdff:ffff::1',
  'ff02::1',
  'ff05::1:3',
  '100::1',
  '2001:db8::1',
  '2001::1',
  '2001:10::1',
  '2001:20::1',
  '3fff::1',
  '4000::1',
  '1fff::1',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.4/8',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
];

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '13.225.164.218',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '2400:cb00::1',
];

describe('public address', () => {
  it.each(RANGES_V4)('refuses %s to %s and not its neighbours', (first, last, before, after) => {
    expect([isPublicAddress(first), isPublicAddress(last)]).toEqual([false, false]);
    for (const neighbour of [before, after]) {
      if (neighbour !== null) expect([neighbour, isPublicAddress(neighbour)]).toEqual([neighbour, true]);
    }
  });

  it('refuses every spelling of an inner address', () => {
    const cases = [
      ...FORBIDDEN_V4.flatMap((address) => [address, ...spellings(address)]),
      ...OTHER_FORBIDDEN,
    ];
    expect(cases.length).toBeGreaterThan(200);
    expect(cases.filter(isPublicAddress)).toEqual([]);
  });

  it('refuses odd spellings of public addresses too', () => {
    expect(spellings('8.8.8.8').filter(isPublicAddress)).toEqual([]);
  });

  it('accepts public addresses', () => {
    expect(PUBLIC.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it('never calls a private IPv4 address public (property)', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const inner = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    );
    fc.assert(fc.property(inner, (parts) => !isPublicAddress(parts.join('.'))));
  });

  it('calls no IPv6 address outside 2000::/3 public (property)', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.tuple(group, group, group, group, group, group, group, group), (groups) => {
        const outside = (groups[0] & 0xe000) !== 0x2000;
        return !outside || !isPublicAddress(groups.map((g) => g.toString(16)).join(':'));
      }),
    );
  });

  it('knows loopback', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopbackAddress)).toBe(true);
    expect(['128.0.0.1', '10.0.0.1', '::2', 'localhost', '127.1'].some(isLoopbackAddress)).toBe(false);
  });
});

describe('venue URL', () => {
  it.each([
    'ws://fstream.binance.com/stream',
    'http://fapi.binance.com/',
    'wss://fstream.binance.com:8443/stream',
    'wss://fstream.binance.com:80/stream',
    'wss://user:pw@fstream.binance.com/',
    'wss://user@fstream.binance.com/',
    'wss://fstream.binance.com/#x',
    'wss://127.0.0.1/',
    'wss://2130706433/',
    'wss://0x7f.1/',
    'wss://0177.0.0.1/',
    'wss://[::1]/',
    'wss://[::ffff:10.0.0.1]/',
    'wss://localhost/',
    'wss://printer/',
    'wss://a.b.c.1/',
    'https://-bad-.com/',
  ])('refuses %s', (text) => {
    let url: URL | null = null;
    try {
      url = new URL(text);
    } catch {
      return;
    }
    expect(refuseVenueUrl(url, false)).not.toBeNull();
  });

  it('accepts what stands in the table, and the table has only such', () => {
    expect(VENUES.size).toBeGreaterThan(0);
    for (const venue of VENUES.values()) {
      expect(venue.local).toBe(false);
      for (const text of [...Object.values(venue.streamUrls), venue.snapshotUrl, venue.closesUrl]) {
        expect(refuseVenueUrl(new URL(text), false)).toBeNull();
      }
    }
  });

  it('keeps a local venue on this machine', () => {
    expect(refuseVenueUrl(new URL('ws://127.0.0.1:1234/x'), true)).toBeNull();
    expect(refuseVenueUrl(new URL('ws://10.0.0.1:1234/x'), true)).not.toBeNull();
    expect(refuseVenueUrl(new URL('ws://example.com/x'), true)).not.toBeNull();
  });
});

describe('pinned address', () => {
  const answer =
    (...addresses: string[]) =>
    (): Promise<readonly ResolvedAddress[]> =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  const url = new URL('wss://fstream.binance.com/public/stream');

  it('refuses a name that leads inside, even among public addresses', async () => {
    for (const inner of [...FORBIDDEN_V4, '::1', 'fe80::1', '::ffff:10.0.0.1']) {
      await expect(pinAddress(url, false, answer('8.8.8.8', inner), 0)).rejects.toThrow('forbidden address');
    }
    await expect(pinAddress(url, false, answer(), 0)).rejects.toThrow('no address');
  });

  it('refuses before it resolves when the URL itself is wrong', async () => {
    let asked = 0;
    const resolve = (): Promise<readonly ResolvedAddress[]> => {
      asked += 1;
      return answer('8.8.8.8')();
    };
    await expect(pinAddress(new URL('ws://fstream.binance.com/'), false, resolve, 0)).rejects.toThrow('TLS');
    expect(asked).toBe(0);
  });

  it('goes round the addresses of a venue', async () => {
    const resolve = answer('8.8.8.8', '1.1.1.1');
    const turns = await Promise.all([0, 1, 2].map((turn) => pinAddress(url, false, resolve, turn)));
    expect(turns.map(({ address }) => address)).toEqual(['8.8.8.8', '1.1.1.1', '8.8.8.8']);
  });

  it('then looks up nothing else, whatever is asked', () => {
    const lookup = pinnedLookup({ address: '8.8.8.8', family: 4 });
    const seen: unknown[] = [];
    lookup('evil.example', { all: false }, (...found) => seen.push(found));
    lookup('evil.example', { all: true }, (...found) => seen.push(found));
    expect(seen).toEqual([
      [null, '8.8.8.8', 4],
      [null, [{ address: '8.8.8.8', family: 4 }]],
    ]);
  });
});
