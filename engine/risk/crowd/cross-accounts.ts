/** Many cross accounts with positions in many symbols as columns: margin of all, of what one tick touches, and of one. */
import { assert } from '../../core/assert.ts';
import type { NotionalBrackets } from '../../margin/brackets/notional-bracket.ts';
import { type MaintenanceColumns, maintenanceColumns } from './maintenance-columns.ts';
import type { CrowdContract } from './population.ts';
import { liquidationTicks } from './trigger-price.ts';

/** A symbol the accounts may hold. */
export interface CrossSymbol {
  readonly contract: CrowdContract;
  readonly brackets: NotionalBrackets;
}

/** One position of one account, one-way: an account holds a symbol once. Integers. */
export interface CrossPosition {
  /** Number of the symbol. */
  readonly symbol: number;
  /** Positive long, negative short; not 0. */
  readonly signedLots: number;
  readonly entryTicks: number;
}

/** One account. */
export interface CrossAccount {
  /** Millionths of the quote currency. */
  readonly walletUnits: number;
  readonly positions: readonly CrossPosition[];
}

/**
 * Cross accounts of one quote currency at the marks last given. Money in wallet units, an estimate (float64). The
 * positions of account a are `start[a]` up to, not including, `start[a + 1]`.
 *
 * Figures after a tick are the same, bit for bit, as after a full pass: an account is always summed in the order of its
 * positions, so nothing drifts.
 */
export class CrossAccounts {
  readonly count: number;
  readonly start: Uint32Array;
  readonly symbol: Uint16Array;
  /** Value of one tick on the position, negative for a short, wallet units. */
  readonly tickUnits: Float64Array;
  readonly entryTicks: Float64Array;
  readonly walletUnits: Float64Array;
  readonly markTicks: Float64Array;
  readonly pnlUnits: Float64Array;
  readonly maintenanceUnits: Float64Array;
  /** By account: wallet plus unrealised profit, and maintenance margin. */
  readonly marginBalanceUnits: Float64Array;
  readonly accountMaintenanceUnits: Float64Array;
  readonly #account: Uint32Array;
  readonly #heldStart: Uint32Array;
  readonly #held: Uint32Array;
  /** Place of each position's bracket in the last full pass. */
  readonly #bracket: Uint32Array;
  readonly #columns: readonly MaintenanceColumns[];
  /** All schedules behind each other, `#stride` apart, padded with brackets that no notional reaches. */
  readonly #stride: number;
  readonly #floor: Float64Array;
  readonly #rate: Float64Array;
  readonly #amount: Float64Array;

  constructor(
    symbols: readonly CrossSymbol[],
    accounts: readonly CrossAccount[],
    markTicks: readonly number[],
  ) {
    assert(
      markTicks.length === symbols.length,
      `expected ${symbols.length} marks, found ${markTicks.length}`,
    );
    const positions = accounts.reduce((sum, account) => sum + account.positions.length, 0);
    this.count = accounts.length;
    this.start = new Uint32Array(accounts.length + 1);
    this.symbol = new Uint16Array(positions);
    this.tickUnits = new Float64Array(positions);
    this.entryTicks = new Float64Array(positions);
    this.walletUnits = Float64Array.from(accounts, ({ walletUnits }) => walletUnits);
    this.markTicks = Float64Array.from(markTicks);
    this.pnlUnits = new Float64Array(positions);
    this.maintenanceUnits = new Float64Array(positions);
    this.marginBalanceUnits = new Float64Array(accounts.length);
    this.accountMaintenanceUnits = new Float64Array(accounts.length);
    this.#account = new Uint32Array(positions);
    this.#bracket = new Uint32Array(positions);
    this.#stride = 1 + Math.max(1, ...symbols.map(({ brackets }) => brackets.length));
    this.#floor = new Float64Array(symbols.length * this.#stride).fill(Number.POSITIVE_INFINITY);
    this.#rate = new Float64Array(symbols.length * this.#stride);
    this.#amount = new Float64Array(symbols.length * this.#stride);
    this.#columns = symbols.map(({ brackets }, symbol) => this.#place(symbol, maintenanceColumns(brackets)));
    this.#fill(symbols, accounts);
    this.#heldStart = new Uint32Array(symbols.length + 1);
    this.#held = this.#invert();
    this.remarginAll();
  }

  /** Margin of every account at the marks in force. */
  remarginAll(): void {
    const { start, count, symbol, tickUnits, entryTicks, markTicks, pnlUnits, maintenanceUnits } = this;
    const { walletUnits, marginBalanceUnits, accountMaintenanceUnits } = this;
    const stride = this.#stride;
    const floor = this.#floor;
    const rate = this.#rate;
    const amount = this.#amount;
    const bracket = this.#bracket;
    let p = 0;
    for (let account = 0; account < count; account++) {
      const to = start[account + 1] as number;
      let balance = walletUnits[account] as number;
      let maintenance = 0;
      // The body of #value, written out: a call for each of a million positions would cost as much again.
      for (; p < to; p++) {
        const held = symbol[p] as number;
        const mark = markTicks[held] as number;
        const value = tickUnits[p] as number;
        const notional = Math.abs(value) * mark;
        let at = bracket[p] as number;
        // Almost always still in the bracket of the last pass, which the processor guesses; a search it cannot.
        if (notional > (floor[at + 1] as number) || notional <= (floor[at] as number)) {
          at = held * stride;
          while (notional > (floor[at + 1] as number)) at++;
          bracket[p] = at;
        }
        const pnl = value * (mark - (entryTicks[p] as number));
        const required = notional * (rate[at] as number) - (amount[at] as number);
        pnlUnits[p] = pnl;
        maintenanceUnits[p] = required;
        balance += pnl;
        maintenance += required;
      }
      marginBalanceUnits[account] = balance;
      accountMaintenanceUnits[account] = maintenance;
    }
  }

  /**
   * Takes a new mark of one symbol and re-margins the accounts that hold it, no other.
   *
   * @returns the number of positions touched
   */
  setMark(symbol: number, ticks: number): number {
    this.markTicks[symbol] = ticks;
    const from = this.#heldStart[symbol] as number;
    const to = this.#heldStart[symbol + 1] as number;
    for (let i = from; i < to; i++) {
      const position = this.#held[i] as number;
      this.#value(position);
      this.#sum(this.#account[position] as number);
    }
    return to - from;
  }

  /** Maintenance margin of one position at its mark, computed anew. */
  positionMaintenance(position: number): number {
    const symbol = this.symbol[position] as number;
    const base = symbol * this.#stride;
    const notional = Math.abs(this.tickUnits[position] as number) * (this.markTicks[symbol] as number);
    let at = base;
    while (notional > (this.#floor[at + 1] as number)) at++;
    return notional * (this.#rate[at] as number) - (this.#amount[at] as number);
  }

  /**
   * The liquidation price of a position's symbol for its whole account, the other positions frozen at their marks, in
   * ticks (float64). At or below 0: no price liquidates a long.
   */
  liquidationTicks(position: number): number {
    const account = this.#account[position] as number;
    const tickUnits = this.tickUnits[position] as number;
    // What the others leave: balance less this position's profit, less the maintenance of the others.
    const wallet =
      (this.marginBalanceUnits[account] as number) -
      (this.pnlUnits[position] as number) -
      (this.accountMaintenanceUnits[account] as number) +
      (this.maintenanceUnits[position] as number);
    const columns = this.#columns[this.symbol[position] as number] as MaintenanceColumns;
    const entry = this.entryTicks[position] as number;
    return liquidationTicks(columns, tickUnits > 0 ? 1 : -1, Math.abs(tickUnits), entry, wallet);
  }

  #value(position: number): void {
    const mark = this.markTicks[this.symbol[position] as number] as number;
    this.pnlUnits[position] =
      (this.tickUnits[position] as number) * (mark - (this.entryTicks[position] as number));
    this.maintenanceUnits[position] = this.positionMaintenance(position);
  }

  #sum(account: number): void {
    const { pnlUnits, maintenanceUnits } = this;
    const to = this.start[account + 1] as number;
    let balance = this.walletUnits[account] as number;
    let maintenance = 0;
    for (let p = this.start[account] as number; p < to; p++) {
      balance += pnlUnits[p] as number;
      maintenance += maintenanceUnits[p] as number;
    }
    this.marginBalanceUnits[account] = balance;
    this.accountMaintenanceUnits[account] = maintenance;
  }

  /** Copies a schedule to its place and gives it back as a view of that place. */
  #place(symbol: number, columns: MaintenanceColumns): MaintenanceColumns {
    const from = symbol * this.#stride;
    const to = from + columns.rate.length;
    this.#floor.set(columns.floorUnits, from);
    this.#rate.set(columns.rate, from);
    this.#amount.set(columns.amountUnits, from);
    return {
      floorUnits: this.#floor.subarray(from, to),
      rate: this.#rate.subarray(from, to),
      amountUnits: this.#amount.subarray(from, to),
    };
  }

  #fill(symbols: readonly CrossSymbol[], accounts: readonly CrossAccount[]): void {
    let p = 0;
    for (const [account, { positions }] of accounts.entries()) {
      this.start[account] = p;
      for (const { symbol, signedLots, entryTicks } of positions) {
        const unitsPerTickLot = symbols[symbol]?.contract.unitsPerTickLot;
        assert(unitsPerTickLot !== undefined && signedLots !== 0, `account ${account}: not a position`);
        this.symbol[p] = symbol;
        this.tickUnits[p] = signedLots * unitsPerTickLot;
        this.entryTicks[p] = entryTicks;
        this.#account[p] = account;
        this.#bracket[p] = symbol * this.#stride;
        p++;
      }
    }
    this.start[accounts.length] = p;
  }

  /** Positions by symbol: those of symbol s from `#heldStart[s]`, in order. */
  #invert(): Uint32Array {
    const starts = this.#heldStart;
    for (const symbol of this.symbol) starts[symbol + 1] = (starts[symbol + 1] as number) + 1;
    for (let s = 1; s < starts.length; s++) starts[s] = (starts[s] as number) + (starts[s - 1] as number);
    const next = starts.slice();
    const held = new Uint32Array(this.symbol.length);
    for (const [position, symbol] of this.symbol.entries()) {
      held[next[symbol] as number] = position;
      next[symbol] = (next[symbol] as number) + 1;
    }
    return held;
  }
}
