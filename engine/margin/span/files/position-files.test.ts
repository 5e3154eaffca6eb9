// Position files for SPAN: three formats that say the same, names of contracts, rows that cannot be used.
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/result.ts';
import type { SpanContract } from '../parameter-set.ts';
import { type PositionFile, readPositionFile } from './position-files.ts';

const future = (product: string, period: string): SpanContract => ({
  id: `CME:${product}:FUT:${period}`,
  exchange: 'CME',
  product,
  type: 'FUT',
  commodity: 0,
  period,
  option: null,
  price: null,
  multiplier: 50,
  deltaScaling: 1,
  hasArray: true,
  compositeDelta: 1,
  priceScan: 6000,
  place: 0,
});
const contracts: readonly SpanContract[] = [
  future('ES', '202003'),
  future('ES', '202006'),
  future('ES', '203006'),
  {
    ...future('ES', '202003'),
    id: 'CME:ES:OOF:202003:C:2825',
    type: 'OOF',
    option: { right: 'call', strike: 2825, period: '202003', premiumStyle: true },
  },
];

function read(text: string): PositionFile {
  const file: Result<PositionFile> = readPositionFile(contracts, text);
  if (!file.ok) throw new Error(file.failure.message);
  return file.value;
}

const WANTED = [
  { contract: 'CME:ES:FUT:202003', lots: 5 },
  { contract: 'CME:ES:OOF:202003:C:2825', lots: -2 },
];

describe('position files', () => {
  it('reads the same positions from each format', () => {
    const np = (inner: string): string => `<np><exch>CME</exch><pfCode>ES</pfCode>${inner}</np>`;
    const xml = `<?xml version="1.0"?><posFile><pointInTime><portfolio><firm>A</firm><ecPort><ccPort><cc>SP</cc>${np(
      '<pfType>FUT</pfType><pe>202003</pe><net>5</net>',
    )}${np('<pfType>OOF</pfType><pe>202003</pe><undPe>202003</undPe><o>C</o><k>2825.00</k><net>-2</net>')}</ccPort></ecPort></portfolio></pointInTime></posFile>`;
    const files = [
      'contract,lots\r\nCME:ES:FUT:202003,7\r\nESH20,-2\r\nCME:ES:OOF:202003:C:2825,-2\r\n',
      'exch;pfCode;pfType;pe;o;k;net\nCME;ES;FUT;202003;;;5\nCME;ES;OOF;202003;c;2825.0;-2',
      JSON.stringify({ positions: [{ contract: 'es 202003', lots: 5 }, { ...WANTED[1] }] }),
      JSON.stringify(WANTED),
      xml,
    ];
    for (const text of files) expect(read(text), text).toMatchObject({ positions: WANTED, problems: [] });
    expect(files.map((text) => read(text).format)).toEqual(['csv', 'csv', 'json', 'json', 'xml']);
  });

  it('names rows that cannot be used and keeps the rest', () => {
    const file = read('contract,lots\nESH20,5\nXXH20,1\nESH20,1.5\nESM0,1\nESH20,');
    expect(file.positions).toEqual([{ contract: 'CME:ES:FUT:202003', lots: 5 }]);
    expect(file.problems).toEqual([
      { place: 'line 3', message: 'expected a contract of the set, found "XXH20"' },
      { place: 'line 4', message: 'expected whole contracts, at most 10000000, found "1.5"' },
      // Two years end in 0: the name could mean either.
      { place: 'line 5', message: 'expected a contract of the set, found "ESM0"' },
      { place: 'line 6', message: 'expected whole contracts, at most 10000000, found ""' },
    ]);
  });

  it('refuses what is none of the three', () => {
    const messages = ['a,b\n1,2', '[1', '{"a":1}', '<posFile><np>', '1  20200318S1200'].map((text) => {
      const file = readPositionFile(contracts, text);
      return file.ok ? 'read' : file.failure.message;
    });
    expect(messages).toEqual([
      expect.stringMatching(/^line 1: expected columns contract,lots .*, found "a,b"$/),
      expect.stringMatching(/^expected JSON, found /),
      'expected a list of positions, or an object with "positions"',
      expect.stringMatching(/^character \d+ in posFile: expected <\/posFile>, found the end of the file$/),
      expect.stringMatching(/fixed-width position file: save it as XML$/),
    ]);
  });
});
