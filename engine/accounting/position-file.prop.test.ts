// Position files: what is exported and imported again is the same, whatever stands in it; hostile text never escapes.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountName, portfolios } from '../testkit/portfolio-arbitrary.ts';
import { escapeFormula, readCsv, unescapeFormula, writeCsv } from './csv.ts';
import { jsonDepth, jsonLines } from './json-places.ts';
import { exportPositions, importPositions } from './position-file.ts';
import { checkPortfolio } from './position-rules.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', '1000SHIBUSDT', 'BTCUSDT_260626', 'ESZ6', '币安人生USDT'];

describe('position files (property)', () => {
  for (const format of ['csv', 'json'] as const) {
    it(`${format}: import gives back the portfolio, and a second export the same bytes`, () => {
      void fc.assert(
        fc.property(portfolios(SYMBOLS), (portfolio) => {
          expect(checkPortfolio(portfolio).ok).toBe(true);
          const text = exportPositions(portfolio, format);
          const back = importPositions(`positions.${format}`, text);
          if (!back.ok) {
            // Nothing to write leaves a header alone, which is a file like any other.
            throw new Error(back.failure.message);
          }
          expect(back.value.problems).toEqual([]);
          expect(back.value.accounts).toEqual(portfolio.accounts);
          expect(exportPositions({ accounts: back.value.accounts }, format)).toBe(text);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('any text at all is read without a throw, and leaves the prototype alone', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json(),
      fc
        .array(
          fc.constantFrom(
            '"',
            ',',
            '\n',
            '\r\n',
            '\ufeff',
            'account',
            '__proto__',
            '=1',
            '1e5',
            '{',
            '[',
            ':',
            ' ',
          ),
          {
            maxLength: 60,
          },
        )
        .map((parts) => parts.join('')),
      fc
        .array(fc.constantFrom('Main', 'BTCUSDT', 'long', '1', 'cross', '20', '', '"a', '-'), {
          minLength: 11,
          maxLength: 33,
        })
        .map((cells) => `account,symbol,side,size,entryPrice,marginMode,leverage\n${cells.join(',')}\n`),
    );
    void fc.assert(
      fc.property(hostile, fc.constantFrom('a.csv', 'a.json'), (text, name) => {
        const read = importPositions(name, text);
        if (read.ok) expect(checkPortfolio({ accounts: read.value.accounts }).ok).toBe(true);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('no exported text cell starts a formula, and none is changed by a round trip', () => {
    void fc.assert(
      fc.property(accountName, (name) => {
        expect(escapeFormula(name)).not.toMatch(/^[=+\-@\t\r]/);
        expect(unescapeFormula(escapeFormula(name))).toBe(name);
      }),
    );
  });

  it('CSV cells of any text come back', () => {
    const rows = fc.array(
      fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 2, maxLength: 5 }),
      {
        minLength: 1,
      },
    );
    void fc.assert(
      fc.property(rows, (cells) => {
        const text = writeCsv(cells);
        fc.pre(!text.startsWith('\ufeff'));
        const read = readCsv(text);
        expect(read.map((row) => row.problem)).toEqual(cells.map(() => null));
        expect(read.map((row) => row.cells)).toEqual(cells);
      }),
      { numRuns: 500 },
    );
  });

  it('JSON places: values are found in order, within the text, and the depth is right', () => {
    const depthOf = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : 1 + Math.max(0, ...Object.values(value).map((v) => depthOf(v)));
    void fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value, null, 2);
        expect(jsonDepth(text)).toBe(depthOf(JSON.parse(text)));
        // With one value to a line, values walked in order stand on rising lines.
        const lines = [...jsonLines(text).values()];
        expect(lines).toEqual(lines.toSorted((a, b) => a - b));
        expect(lines.every((line) => line >= 1 && line <= text.split('\n').length)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
