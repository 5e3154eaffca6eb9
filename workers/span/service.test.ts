// The SPAN worker's service without Comlink: dated sets, files and zips of them, broken files, history, positions, breakers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../engine/core/result.ts';
import { Rng } from '../../engine/core/rng.ts';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../engine/testkit/shared-data.ts';
import { randomSet } from '../../engine/testkit/span-sets.ts';
import { spnText } from '../../engine/testkit/spn-text.ts';
import { SpanService } from './service.ts';

const folder = join(import.meta.dirname, '../../public/span');
const service = (): SpanService =>
  new SpanService(async (name) => readFileSync(join(folder, `${name}.txt`), 'utf8'));

function answered<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** A zip of one deflated file, written by hand. */
function zipOf(name: string, text: string): Uint8Array<ArrayBuffer> {
  const packed = deflateRawSync(Buffer.from(text, 'latin1'));
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(packed.length, 18);
  head.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const at = 30 + name.length + packed.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(at, 16);
  const parts = [head, Buffer.from(name), packed, entry, Buffer.from(name), end];
  return new Uint8Array(Buffer.concat(parts));
}

const spn = [...spnText(randomSet(new Rng(7)))].join('');

describe('dated sets', () => {
  it('margins one contract at the published figure, with the same hash each time', async () => {
    const one = service();
    const card = answered(await one.openBuiltIn({ date: '2020-03-18', spreads: 'assumed' }));
    const question = {
      setHash: card.hash,
      classIndex: 0,
      positions: [{ contract: 'CME:ES:FUT:202006', lots: 3 }],
    };
    const answer = answered(await one.calculate(question));
    expect(answer.report.requirement).toBe(3 * 10_600);
    expect(answer.contracts.map((c) => c.contract)).toEqual(['CME:ES:FUT:202006']);
    const two = service();
    answered(await two.openBuiltIn({ date: '2020-03-18', spreads: 'assumed' }));
    expect(answered(await two.calculate(question)).runHash).toBe(answer.runHash);
    const more = { ...question, positions: [{ contract: 'CME:ES:FUT:202006', lots: 4 }] };
    expect(answered(await two.calculate(more)).runHash).not.toBe(answer.runHash);
    const tree = answered(await one.explain(question));
    expect(tree.value).toBe(answer.report.requirement);
  });

  it('walks the path of March 2020', async () => {
    const path = answered(
      await service().history({
        positions: [{ contract: 'CME:ES:FUT:202006', lots: 1 }],
        isMaintenance: true,
        spreads: 'assumed',
        from: '2020-02-28',
        to: '2020-03-20',
      }),
    );
    const steps = path.filter((p, i) => p.requirement !== path[i - 1]?.requirement);
    expect(steps.map((p) => [p.date, p.requirement])).toEqual([
      ['2020-02-28', 6_600],
      ['2020-03-02', 7_200],
      ['2020-03-04', 7_600],
      ['2020-03-10', 8_350],
      ['2020-03-13', 9_000],
      ['2020-03-17', 10_600],
      ['2020-03-19', 12_000],
    ]);
  });

  it('says that a set is not open', async () => {
    const answer = await service().calculate({ setHash: 'none', classIndex: 0, positions: [] });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'span/set-missing' } });
  });
});

describe('files', () => {
  it('reads a file and the same file out of a zip as one set', async () => {
    const one = service();
    const plain = answered(await one.readSet({ name: 'a.spn', file: new Blob([spn]) }));
    const zipped = answered(await one.readSet({ name: 'a.zip', file: new Blob([zipOf('a.spn', spn)]) }));
    expect(zipped.hash).toBe(plain.hash);
    expect(zipped.source).toBe('a.spn in a.zip');
    expect(answered(await one.findContracts({ setHash: plain.hash, words: '', most: 3 }))).toHaveLength(3);
  });

  it('names what is wrong with a file and keeps the set before', async () => {
    const one = service();
    const before = answered(await one.readSet({ name: 'a.spn', file: new Blob([spn]) }));
    const broken: readonly (readonly [string, BlobPart, RegExp])[] = [
      [
        'cut.spn',
        spn.slice(0, spn.length / 2),
        /^cut\.spn: character \d+.*expected .+ found the end of the file/,
      ],
      ['cut.zip', zipOf('a.spn', spn).slice(0, 500), /expected the directory at the end of the zip/],
      ['note.txt', 'hello there', /^.*note\.txt: expected a \.spn file .* found "hello there"/],
      ['empty.spn', '', /expected a SPAN file, found it empty/],
      ['evil.spn', '<!DOCTYPE x><spanFile></spanFile>', /^evil\.spn: character 0.*expected/],
      ['other.zip', zipOf('a.exe', 'MZ'), /a\.exe in other\.zip: expected a \.spn file/],
    ];
    for (const [name, text, words] of broken) {
      const read = await one.readSet({ name, file: new Blob([text]) });
      expect(read, name).toMatchObject({ ok: false });
      if (!read.ok) expect(read.failure.message, name).toMatch(words);
    }
    const none = { setHash: before.hash, classIndex: 0, positions: [] };
    expect(answered(await one.calculate(none)).report.requirement).toBe(0);
  });

  it('stops reading when it is told to', async () => {
    const one = service();
    const long = new Blob([spn.slice(0, spn.indexOf('<exchange>')), '<!-- a remark -->'.repeat(2_000_000)]);
    const reading = one.readSet({ name: 'long.spn', file: long });
    let readBytes = 0;
    for (let turn = 0; turn < 100_000 && readBytes === 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      readBytes = answered(await one.readProgress())?.readBytes ?? 0;
    }
    expect(readBytes).toBeGreaterThan(0);
    await one.cancelReading();
    expect(await reading).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    expect(answered(await one.readProgress())).toBeNull();
  });

  it.skipIf(!HAS_SHARED_DATA)(`reads CME's records of 2019-01-02${SHARED_DATA_NOTE}`, async () => {
    const text = readSharedText('cme/pa2_fixture_records_cme_20190102.txt');
    const one = service();
    const card = answered(await one.readSet({ name: 'cme.pa2', file: new Blob([text]) }));
    const positions = [{ contract: 'CME:ES:FUT:201903', lots: -1 }];
    const answer = answered(await one.calculate({ setHash: card.hash, classIndex: 0, positions }));
    expect(answer.report.requirement).toBe(6_000);
    expect(answer.report.commodities[0]?.losses[9]).toBe(-4_000);
  });
});
