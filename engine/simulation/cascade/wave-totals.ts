/** What happened in each wave of a cascade, and to each account: sums over the events as they are told. */
import type { CascadeEvent } from './cascade-events.ts';

/** One wave. Money in currency. */
export interface WaveTotals {
  readonly wave: number;
  breached: number;
  liquidated: number;
  /** Notional that liquidation orders (in wave 0 shock orders) filled in the book. */
  filledNotional: number;
  /** Lots that went to the fund and to the queue. */
  takenOverLots: number;
  deleveragedLots: number;
  /** What liquidated accounts lost. */
  loss: number;
}

/** What an account went through, as bits of a column. */
export const ACCOUNT_FATES = { partlyLiquidated: 1, liquidated: 2, deleveraged: 4, waiting: 8 } as const;

/** The sums as plain data. */
export interface TotalsSnapshot {
  readonly waves: readonly WaveTotals[];
  readonly fates: Uint8Array;
  readonly liquidationLoss: Float64Array;
  readonly adlLoss: Float64Array;
}

/** Sums over the events of a run. Estimates: the ledger has the exact figures. */
export class CascadeTotals {
  readonly waves: WaveTotals[] = [];
  /** Bits of {@link ACCOUNT_FATES} by account. */
  readonly fates: Uint8Array;
  /** Lost in liquidation by account, currency. */
  readonly liquidationLoss: Float64Array;
  /** Lost against the mark by deleveraging, by account, currency. */
  readonly adlLoss: Float64Array;

  constructor(accounts: number) {
    this.fates = new Uint8Array(accounts);
    this.liquidationLoss = new Float64Array(accounts);
    this.adlLoss = new Float64Array(accounts);
  }

  /** Takes in one event. */
  add(event: CascadeEvent): void {
    const { kind } = event;
    if (kind === 'shock-order') this.#wave(event.wave).filledNotional += event.notional;
    else if (kind === 'order-filled') this.#wave(event.wave).filledNotional += event.notional;
    else if (kind === 'fund-took-over') this.#wave(event.wave).takenOverLots += event.sizeLots;
    else if (kind === 'margin-breached') {
      this.#wave(event.wave).breached++;
      this.#mark(event.account, ACCOUNT_FATES.waiting);
    } else if (kind === 'recovered') this.#unmark(event.account, ACCOUNT_FATES.waiting);
    else if (kind === 'adl-fill') {
      this.#wave(event.wave).deleveragedLots += event.sizeLots;
      this.#lose(this.adlLoss, event.account, event.lossAgainstMark);
      this.#mark(event.account, ACCOUNT_FATES.deleveraged);
    } else if (kind === 'liquidated') {
      const wave = this.#wave(event.wave);
      wave.liquidated++;
      wave.loss += event.loss;
      this.#unmark(event.account, ACCOUNT_FATES.waiting);
      const fate = event.outcome === 'whole' ? ACCOUNT_FATES.liquidated : ACCOUNT_FATES.partlyLiquidated;
      this.#mark(event.account, fate);
      this.#lose(this.liquidationLoss, event.account, event.loss);
    }
  }

  snapshot(): TotalsSnapshot {
    return {
      waves: this.waves.map((wave) => ({ ...wave })),
      fates: this.fates.slice(),
      liquidationLoss: this.liquidationLoss.slice(),
      adlLoss: this.adlLoss.slice(),
    };
  }

  restore(snapshot: TotalsSnapshot): void {
    this.waves.length = 0;
    for (const wave of snapshot.waves) this.waves.push({ ...wave });
    this.fates.set(snapshot.fates);
    this.liquidationLoss.set(snapshot.liquidationLoss);
    this.adlLoss.set(snapshot.adlLoss);
  }

  #wave(wave: number): WaveTotals {
    for (let next = this.waves.length; next <= wave; next++) {
      this.waves.push({
        wave: next,
        breached: 0,
        liquidated: 0,
        filledNotional: 0,
        takenOverLots: 0,
        deleveragedLots: 0,
        loss: 0,
      });
    }
    return this.waves[wave] as WaveTotals;
  }

  /** Traders outside the crowd have no row. */
  #mark(account: number, bit: number): void {
    if (account < this.fates.length) this.fates[account] = (this.fates[account] as number) | bit;
  }

  #unmark(account: number, bit: number): void {
    if (account < this.fates.length) this.fates[account] = (this.fates[account] as number) & ~bit;
  }

  #lose(column: Float64Array, account: number, loss: number): void {
    if (account < column.length) column[account] = (column[account] as number) + loss;
  }
}
