// Books in the SPAN worker: from file and seed, with and without a helper, given up, paged, opened, saved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../engine/core/result.ts';
import type { SetCard } from '../contract/span-api.ts';
import type { BookQuestion, BookSummary } from '../contract/span-book.ts';
import { serveHelper } from './book-helper.ts';
import { SpanService } from './service.ts';
import { Slices } from './slices.ts';

const folder = join(import.meta.dirname, '../../public/span');

function answered<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

async function opened(): Promise<{ span: SpanService; card: SetCard }> {
  const span = new SpanService(async (name) => readFileSync(join(folder, `${name}.txt`), 'utf8'));
  return { span, card: answered(await span.openBuiltIn({ date: '2020-03-13', spreads: 'assumed' })) };
}

const example = (card: SetCard, count: number, seed = 1): BookQuestion => ({
  setHash: card.hash,
  classIndex: 0,
  source: { kind: 'example', count, seed },
});
const file = (card: SetCard, text: string): BookQuestion => ({
  setHash: card.hash,
  classIndex: 0,
  source: { kind: 'file', name: 'book.csv', file: new Blob([text]) },
});

/** Margins with a helper behind a port; `serve` is what stands at its other end. */
async function helped(
  span: SpanService,
  question: BookQuestion,
  serve: (port: MessagePort) => void,
): Promise<BookSummary> {
  const { port1, port2 } = new MessageChannel();
  serve(port2 as unknown as MessagePort);
  try {
    return answered(await span.marginBook(question, port1 as unknown as MessagePort));
  } finally {
    port2.close();
  }
}

describe('an example book', () => {
  it('has the requirements of its portfolios, one by one, and their sum', async () => {
    const { span, card } = await opened();
    const book = answered(await span.marginBook(example(card, 300), null));
    expect(book).toMatchObject({ isExample: true, portfolioCount: 300, refusedCount: 0, workers: 1 });
    const page = answered(
      await span.bookPage({ bookHash: book.bookHash, order: 'requirement', words: '', from: 0, count: 300 }),
    );
    const values = page.rows.map((row) => row.figures?.requirement ?? Number.NaN);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values.reduce((sum, x) => sum + x, 0)).toBe(book.sums.requirement);
    for (const row of page.rows.slice(0, 40)) {
      const { positions, name } = answered(
        await span.bookPortfolio({ bookHash: book.bookHash, index: row.index }),
      );
      expect(name).toBe(row.name);
      const one = answered(await span.calculate({ setHash: card.hash, classIndex: 0, positions }));
      expect(row.figures?.requirement).toBe(one.report.requirement);
    }
    const lines = (await answered(await span.exportBook({ bookHash: book.bookHash })).text())
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(301);
    expect(lines[0]).toMatch(/^portfolio,rows,requirement,/);
  });

  it('has one hash, alone, with a helper, and with a helper that never answers', async () => {
    const { span, card } = await opened();
    const alone = answered(await span.marginBook(example(card, 12_000), null));
    const two = await helped(span, example(card, 12_000), serveHelper);
    const deaf = await helped(span, example(card, 12_000), () => {});
    expect([two.bookHash, deaf.bookHash]).toEqual([alone.bookHash, alone.bookHash]);
    expect([two.sums, deaf.sums]).toEqual([alone.sums, alone.sums]);
    expect([alone.workers, two.workers, deaf.workers]).toEqual([1, 2, 1]);
    expect(answered(await span.marginBook(example(card, 12_000, 2), null)).bookHash).not.toBe(alone.bookHash);
  });

  it('can be watched and given up on its way; the book before stays', async () => {
    const { span, card } = await opened();
    const before = answered(await span.marginBook(example(card, 50), null));
    const margining = span.marginBook(example(card, 200_000), null);
    const seen = new Set<string>();
    for (let turn = 0; turn < 20_000; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      const progress = answered(await span.bookProgress());
      if (progress !== null) seen.add(progress.phase);
      if (progress?.phase === 'margining' && progress.done > 3_000) break;
    }
    expect([...seen]).toEqual(['drawing', 'margining']);
    await span.cancelBook();
    expect(await margining).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    expect(answered(await span.bookProgress())).toBeNull();
    const page = { bookHash: before.bookHash, order: 'name', words: '', from: 10, count: 2 } as const;
    expect(answered(await span.bookPage(page)).rows.map(({ name }) => name)).toEqual([
      'EXAMPLE-000011',
      'EXAMPLE-000012',
    ]);
    const found = answered(await span.bookPage({ ...page, words: 'example-00004', from: 8 }));
    expect([found.total, ...found.rows.map(({ name }) => name)]).toEqual([
      10,
      'EXAMPLE-000048',
      'EXAMPLE-000049',
    ]);
    expect(await span.bookPage({ ...page, bookHash: 'another' })).toMatchObject({
      failure: { code: 'span/book-missing' },
    });
  });
});

describe('a book from a file', () => {
  it('margins what it can, and counts and names the rest', async () => {
    const { span, card } = await opened();
    const text = [
      'portfolio,contract,lots',
      'Alpha,ESM20,2',
      'Beta,ESM20,1',
      'Beta,XXM20,1',
      'Gamma,ES 202006,1.5',
      'Alpha,ESM20,-1',
      'Delta,GC 202006,1',
      ',ESM20,1',
    ].join('\n');
    const book = answered(await span.marginBook(file(card, text), null));
    expect(book).toMatchObject({
      isExample: false,
      portfolioCount: 4,
      rowCount: 4,
      refusedCount: 2,
      problemCount: 3,
      strayRowCount: 1,
    });
    expect(book.refusals.map(({ code, count, examples }) => [code, count, examples[0]?.portfolio])).toEqual([
      ['span/contract-missing', 1, 'Beta'],
      ['span/position-malformed', 1, 'Gamma'],
    ]);
    const page = answered(
      await span.bookPage({ bookHash: book.bookHash, order: 'requirement', words: '', from: 0, count: 10 }),
    );
    expect(page.rows.map(({ name }) => name).slice(2)).toEqual(['Beta', 'Gamma']);
    const alpha = page.rows.find(({ name }) => name === 'Alpha');
    expect(alpha?.figures?.requirement).toBe(9_000);
    expect(answered(await span.bookPortfolio({ bookHash: book.bookHash, index: 0 })).positions).toEqual([
      { contract: 'CME:ES:FUT:202006', lots: 1 },
    ]);
    const refused = answered(
      await span.bookPage({ bookHash: book.bookHash, order: 'refused', words: '', from: 0, count: 10 }),
    );
    expect(refused.rows.map(({ name, refused: why }) => [name, why])).toEqual([
      ['Beta', 'line 4: expected a contract of the set, found "XXM20"'],
      ['Gamma', 'line 5: expected whole contracts, at most 10000000, found "1.5"'],
    ]);
  });

  it('says what is wrong with a file that is no book, and with a set that is not open', async () => {
    const { span, card } = await opened();
    expect(await span.marginBook(file(card, 'contract,lots\nESM20,1'), null)).toMatchObject({
      failure: { message: expect.stringMatching(/^book\.csv: line 1: expected columns portfolio,/) },
    });
    expect(await span.marginBook({ ...example(card, 5), setHash: 'none' }, null)).toMatchObject({
      failure: { code: 'span/set-missing' },
    });
  });
});

describe('slices', () => {
  it('sort as one sort would, across their edges', async () => {
    const slices = new Slices(() => false);
    for (const count of [0, 1, 8_192, 8_193, 30_001]) {
      const keys = Int32Array.from({ length: count }, (_, i) => (i * 7_919) % 1_000);
      const byKey = (a: number, b: number): number => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b;
      const items = Int32Array.from({ length: count }, (_, i) => i);
      const expected = [...items].sort(byKey);
      expect([...((await slices.sort(items, byKey)) ?? [])]).toEqual(expected);
    }
  });
});
