/** The last trades, kept whole so that a change of filter needs no new data. */
import { TRADE_KINDS, TRADE_STRIDE } from '../../../workers/contract/market-frame.ts';

/** Trades kept. */
const KEPT = 2_000;

export type TradeKind = (typeof TRADE_KINDS)[number];

/** One trade as it is shown. */
export interface TapeTrade {
  readonly atMicros: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly takerSide: 'buy' | 'sell';
  readonly kind: TradeKind;
}

/** Kinds that no size filter may hide: somebody was forced. */
export function isForced(kind: TradeKind): boolean {
  return kind === 'LIQUIDATION' || kind === 'INSURANCE_FUND' || kind === 'ADL';
}

/** A ring of packed trades. */
export class TapeMemory {
  readonly #ring = new Float64Array(KEPT * TRADE_STRIDE);
  /** Trades of all time since the last clearing. */
  written = 0;
  /** Changes when trades were taken away. */
  revision = 0;

  /** Adds packed trades, oldest first. */
  add(trades: Float64Array): void {
    // Of a burst larger than the ring only the newest can stay.
    const count = Math.floor(trades.length / TRADE_STRIDE);
    for (let i = Math.max(0, count - KEPT); i < count; i++) {
      const from = i * TRADE_STRIDE;
      const to = (this.written % KEPT) * TRADE_STRIDE;
      for (let k = 0; k < TRADE_STRIDE; k++) this.#ring[to + k] = trades[from + k] ?? 0;
      this.written += 1;
    }
  }

  clear(): void {
    this.written = 0;
    this.revision += 1;
  }

  /** Takes away what lies after an instant: after a jump back, the tape must not know the future. */
  forgetAfter(micros: number): void {
    const before = this.written;
    while (this.written > 0 && this.#at(this.written - 1) > micros) this.written -= 1;
    if (this.written !== before) this.revision += 1;
    // What a jump leaves behind in the ring is not the past of these trades any more once it has wrapped.
    if (this.written !== before && before > KEPT) this.clear();
  }

  /**
   * The newest trades that pass, newest first.
   * @param until - trades of all time to look at; the tape stands still while a reader holds it
   */
  newest(limit: number, minLots: number, until: number = this.written): readonly TapeTrade[] {
    const found: TapeTrade[] = [];
    const oldest = Math.max(0, this.written - KEPT);
    for (let i = Math.min(until, this.written) - 1; i >= oldest && found.length < limit; i--) {
      const trade = this.#read(i);
      if (trade.sizeLots >= minLots || isForced(trade.kind)) found.push(trade);
    }
    return found;
  }

  #at(index: number): number {
    return this.#ring[(index % KEPT) * TRADE_STRIDE] ?? 0;
  }

  #read(index: number): TapeTrade {
    const at = (index % KEPT) * TRADE_STRIDE;
    return {
      atMicros: this.#ring[at] ?? 0,
      priceTicks: this.#ring[at + 1] ?? 0,
      sizeLots: this.#ring[at + 2] ?? 0,
      takerSide: this.#ring[at + 3] === 1 ? 'sell' : 'buy',
      kind: TRADE_KINDS[this.#ring[at + 4] ?? 0] ?? 'MARKET',
    };
  }
}
