/** The hypothetical move of marks that the reader chose. */
import { create } from 'zustand';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';

/** Slider ranges, as fractions to each side, and the one that a page starts with. */
const RANGES = [0.05, 0.2, 0.5] as const;
const FIRST_RANGE = 0.2;
/** Farthest move that may be asked. */
const FARTHEST = 0.5;
/** A status changes exactly at its price; this much beyond, whatever the last digits of a product do, it has changed. */
const HAIR = 1e-9;

export interface WhatIfState {
  /** The instrument whose mark moves; null: all move together. */
  readonly instrument: InstrumentId | null;
  readonly shift: number;
  /** A price that was picked: the move follows the mark so that this price stays. Null when a move was chosen. */
  readonly pinnedPrice: number | null;
  /** Range of the slider to each side. */
  readonly range: number;
}

export const useWhatIf = create<WhatIfState>(() => ({
  instrument: null,
  shift: 0,
  pinnedPrice: null,
  range: FIRST_RANGE,
}));

function within(shift: number): number {
  return Math.min(FARTHEST, Math.max(-FARTHEST, shift));
}

function rangeFor(shift: number, range: number): number {
  return Math.abs(shift) <= range ? range : (RANGES.find((r) => Math.abs(shift) <= r) ?? FARTHEST);
}

/** Chooses a move; the range widens where it must. */
export function chooseShift(shift: number): void {
  const chosen = within(shift);
  useWhatIf.setState(({ range }) => ({ shift: chosen, pinnedPrice: null, range: rangeFor(chosen, range) }));
}

/** Chooses the move at which a status changes, so that it has changed. */
export function chooseChange(shift: number): void {
  chooseShift(shift * (1 + HAIR));
}

export function chooseInstrument(instrument: InstrumentId | null): void {
  useWhatIf.setState({ instrument, pinnedPrice: null });
}

/** Chooses the price that one instrument's mark moves to. */
export function choosePrice(instrument: InstrumentId, price: number, markPrice: number): void {
  const shift = within(price / markPrice - 1);
  useWhatIf.setState(({ range }) => ({
    instrument,
    shift,
    pinnedPrice: price,
    range: rangeFor(shift, range),
  }));
}

/** Chooses the price at which a position is liquidated, so that it is. */
export function chooseLiquidation(instrument: InstrumentId, price: number, markPrice: number): void {
  choosePrice(instrument, price * (1 + Math.sign(price - markPrice) * HAIR), markPrice);
}

/** Keeps a picked price in place while its mark moves. */
export function followMark(markPrice: number): void {
  const { pinnedPrice, shift, range } = useWhatIf.getState();
  if (pinnedPrice === null) return;
  const next = within(pinnedPrice / markPrice - 1);
  if (next !== shift) useWhatIf.setState({ shift: next, range: rangeFor(next, range) });
}

/** Takes the next wider range that holds the move; after the widest, the narrowest that does. */
export function nextRange(): void {
  useWhatIf.setState(({ range, shift }) => ({
    range: RANGES.find((r) => r > range) ?? RANGES.find((r) => Math.abs(shift) <= r) ?? FARTHEST,
  }));
}

export function resetWhatIf(): void {
  useWhatIf.setState({ shift: 0, pinnedPrice: null, range: FIRST_RANGE });
}
