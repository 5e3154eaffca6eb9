// Writes a bracket table in the published text format from an exchange's table in CSV.

/** One row of the CSV, as text. */
export interface BracketCsvRow {
  readonly symbol: string;
  readonly bracket: string;
  readonly notionalFloor: string;
  readonly notionalCap: string;
  readonly maintenanceMarginRate: string;
  readonly maxLeverage: string;
  readonly maintenanceAmount: string;
}

/** Reads the rows; the files hold no quotes. */
export function readBracketCsv(text: string): readonly BracketCsvRow[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const expected =
    'symbol,bracket,notional_floor,notional_cap,maintenance_margin_rate,max_leverage,maintenance_amount';
  if (header !== expected) throw new Error(`unexpected header: ${header}`);
  return lines.map((line) => {
    const cells = line.split(',');
    if (cells.length !== 7) throw new Error(`expected 7 cells: ${line}`);
    const [symbol = '', bracket = '', notionalFloor = '', notionalCap = ''] = cells;
    const [maintenanceMarginRate = '', maxLeverage = '', maintenanceAmount = ''] = cells.slice(4);
    return {
      symbol,
      bracket,
      notionalFloor,
      notionalCap,
      maintenanceMarginRate,
      maxLeverage,
      maintenanceAmount,
    };
  });
}

/** The largest 64-bit integer and a missing value both stand for "no cap" in the source tables. */
export function capText(notionalCap: string): string {
  if (notionalCap === '' || Number(notionalCap) >= 9.2e18) return 'none';
  if (!/^\d+(\.0)?$/.test(notionalCap)) throw new Error(`cap is not a whole number: ${notionalCap}`);
  return notionalCap.replace('.0', '');
}

/** The published text of one date: symbols with equal brackets share a line, symbols and lines in code unit order. */
export function bracketTableText(date: string, rows: readonly BracketCsvRow[]): string {
  const bySymbol = new Map<string, string>();
  for (const row of rows) {
    const leverage = row.maxLeverage === '' ? '' : `@${row.maxLeverage}`;
    const band = `${capText(row.notionalCap)}:${row.maintenanceMarginRate}${leverage}`;
    const before = bySymbol.get(row.symbol);
    bySymbol.set(row.symbol, before === undefined ? band : `${before} ${band}`);
  }
  const groups = new Map<string, string[]>();
  for (const symbol of [...bySymbol.keys()].sort()) {
    const bands = bySymbol.get(symbol) ?? '';
    const group = groups.get(bands);
    if (group === undefined) groups.set(bands, [symbol]);
    else group.push(symbol);
  }
  const lines = [...groups].map(([bands, symbols]) => `${symbols.join(',')} ${bands}`).sort();
  return [
    `# date: ${date}`,
    `# source: Binance USDT-M notional and leverage brackets as in force on ${date}, from a public dated copy of the exchange's table`,
    `# symbols: ${bySymbol.size}`,
    '# format: SYMBOL[,SYMBOL] then cap:maintenanceMarginRate[@maxLeverage] for each bracket; floors and maintenance amounts follow',
    ...lines,
    '',
  ].join('\n');
}
