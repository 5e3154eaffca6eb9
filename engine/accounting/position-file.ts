/** Position files: import, export and template, in CSV and JSON. */
import { fail, type Result } from '../core/result.ts';
import { IMPORT_LIMITS, type ImportedPortfolio } from './import-problem.ts';
import type { Portfolio } from './portfolio.ts';
import { exportCsv, importCsv } from './position-csv.ts';
import { exportJson, importJson } from './position-json.ts';

/** The two file formats. */
export type PositionFileFormat = 'csv' | 'json';

/**
 * Reads a positions file. `name` decides the format: `.json` is JSON, anything else CSV.
 *
 * @returns the accounts that read well and every problem with its line and column
 *
 * Fails: `portfolio/file-malformed`, `portfolio/limit-exceeded`; nothing of the file is used then.
 */
export function importPositions(name: string, text: string): Result<ImportedPortfolio> {
  if (text.length > IMPORT_LIMITS.characters) {
    return fail(
      'portfolio/limit-exceeded',
      `expected at most ${IMPORT_LIMITS.characters} characters, found ${text.length}`,
    );
  }
  if (text.includes('\0')) {
    return fail('portfolio/file-malformed', 'expected text, found a file with zero bytes');
  }
  return name.toLowerCase().endsWith('.json') ? importJson(text) : importCsv(text);
}

/** Writes a portfolio. What is written and read again is written the same, byte for byte. */
export function exportPositions(portfolio: Portfolio, format: PositionFileFormat): string {
  return format === 'csv' ? exportCsv(portfolio) : exportJson(portfolio);
}

/** A file with every field and one example position, to fill in. */
export function positionsTemplate(format: PositionFileFormat): string {
  return exportPositions(
    {
      accounts: [
        {
          id: 'Main',
          name: 'Main',
          demo: false,
          currency: 'USDT',
          positionMode: 'one-way',
          crossWalletBalance: '5000',
          positions: [
            {
              id: 'Main/BTCUSDT/long',
              venue: 'binance-usdm',
              symbol: 'BTCUSDT',
              side: 'long',
              size: '0.5',
              entryPrice: '61640.5',
              marginMode: 'cross',
              leverage: 20,
              isolatedWallet: null,
              givenMarkPrice: null,
            },
          ],
        },
      ],
    },
    format,
  );
}
