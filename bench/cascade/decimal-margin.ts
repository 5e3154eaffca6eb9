/** Cross margin with decimal.js: the same formula with every number exact, for comparison only. */
import { Decimal } from 'decimal.js';
import type { CrossAccount, CrossSymbol } from '../../engine/risk/crowd/cross-accounts.ts';

interface Band {
  readonly floor: Decimal;
  readonly rate: Decimal;
  readonly amount: Decimal;
}

interface Row {
  readonly size: Decimal;
  readonly absoluteSize: Decimal;
  readonly entry: Decimal;
  readonly symbol: number;
}

/** Accounts as decimals. All parsing is done beforehand; a pass is arithmetic alone. */
export class DecimalMargin {
  readonly #marks: readonly Decimal[];
  readonly #bands: readonly (readonly Band[])[];
  readonly #accounts: readonly { readonly wallet: Decimal; readonly rows: readonly Row[] }[];

  constructor(
    symbols: readonly CrossSymbol[],
    accounts: readonly CrossAccount[],
    markTicks: readonly number[],
  ) {
    this.#marks = markTicks.map((ticks) => new Decimal(ticks).div(100));
    this.#bands = symbols.map(({ brackets }) =>
      brackets.map((b) => ({
        floor: new Decimal(b.floor),
        rate: new Decimal(b.maintenanceMarginRate),
        amount: new Decimal(b.maintenanceAmount),
      })),
    );
    this.#accounts = accounts.map(({ walletUnits, positions }) => ({
      wallet: new Decimal(walletUnits).div(1e6),
      rows: positions.map(({ symbol, signedLots, entryTicks }) => ({
        symbol,
        size: new Decimal(signedLots).div(100),
        absoluteSize: new Decimal(Math.abs(signedLots)).div(100),
        entry: new Decimal(entryTicks).div(100),
      })),
    }));
  }

  /** Margin balance and maintenance margin of each account, as floats for comparison. */
  remargin(): readonly { readonly balance: number; readonly maintenance: number }[] {
    return this.#accounts.map(({ wallet, rows }) => {
      let balance = wallet;
      let maintenance = new Decimal(0);
      for (const { symbol, size, absoluteSize, entry } of rows) {
        const mark = this.#marks[symbol]!;
        const bands = this.#bands[symbol]!;
        const notional = absoluteSize.mul(mark);
        let band = bands[0]!;
        for (let i = 1; i < bands.length && bands[i]!.floor.lt(notional); i++) band = bands[i]!;
        balance = balance.add(size.mul(mark.sub(entry)));
        maintenance = maintenance.add(notional.mul(band.rate).sub(band.amount));
      }
      return { balance: balance.toNumber(), maintenance: maintenance.toNumber() };
    });
  }
}
