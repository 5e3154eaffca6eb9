// The table of outright margins: nothing before it is read, tried again after a failure, rules by the day of the run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
import { FuturesTable } from './futures-table.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../public/span/outright-margins.txt'), 'utf8');
const at = (iso: string) => micros(Date.parse(iso) * 1_000);

describe('table of outright margins', () => {
  it('gives rules by the trading day, which changes at 17:00 in Chicago', async () => {
    const table = new FuturesTable(async () => TEXT);
    expect(table.rulesAt(at('2020-03-18T17:00:00Z'))).toMatchObject({ ok: false });
    expect(await table.read()).toBe(true);
    expect(await table.read()).toBe(false);
    const dates = ['2020-03-18T21:59:59Z', '2020-03-18T22:00:00Z', '2026-11-20T12:00:00Z'].map((iso) => {
      const rules = table.rulesAt(at(iso));
      return rules.ok ? rules.value.set.date : rules.failure.code;
    });
    expect(dates).toEqual(['2020-03-18', '2020-03-19', '2022-02-11']);
    expect(table.rulesAt(at('1999-01-01T12:00:00Z'))).toMatchObject({
      ok: false,
      failure: { code: 'span/parameters-missing' },
    });
  });

  it('is due again after a failure, and knows more once it is read', async () => {
    let isDown = true;
    const table = new FuturesTable(async () => {
      if (isDown) throw new Error('status 503');
      return TEXT;
    });
    expect(table.isDue(0)).toBe(false);
    expect(await table.read()).toBe(true);
    expect(table.isDue(performance.now())).toBe(false);
    expect(table.isDue(performance.now() + 2_000)).toBe(true);
    const why = table.rulesAt(at('2020-03-18T17:00:00Z'));
    expect(!why.ok && why.failure.message).toContain('status 503');
    isDown = false;
    expect(await table.read()).toBe(true);
    expect(table.isDue(performance.now() + 2_000)).toBe(false);
    expect(table.rulesAt(at('2020-03-18T17:00:00Z')).ok).toBe(true);
  });

  it('a damaged table is an error with its line', async () => {
    const table = new FuturesTable(async () => TEXT.replace('product NQ', 'produce NQ'));
    await table.read();
    const why = table.rulesAt(at('2020-03-18T17:00:00Z'));
    expect(!why.ok && why.failure.message).toMatch(/^line \d+/);
  });
});
