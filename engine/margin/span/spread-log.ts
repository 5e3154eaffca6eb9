/** What the calculation tells whoever wants to explain it; nothing is kept unless someone listens. */

/** One spread between months of one commodity. */
export interface CalendarEntry {
  /** Index into the commodity's calendar spreads. */
  readonly spread: number;
  /** 1: side A long; −1: side B long. */
  readonly direction: 1 | -1;
  readonly count: number;
  readonly charge: number;
}

/** Delivery charge of one month. */
export interface SpotEntry {
  readonly month: number;
  readonly usedDeltas: number;
  readonly leftDeltas: number;
  readonly charge: number;
}

/** What one leg of a spread between commodities earned. */
export interface CreditEntry {
  /** Index into the set's super or inter spreads. */
  readonly spread: number;
  readonly isSuper: boolean;
  readonly count: number;
  /** Deltas of this commodity used; 0 where arrays were added instead. */
  readonly deltas: number;
  readonly weightedRisk: number;
  readonly rate: number;
  readonly credit: number;
}

/** Collects the entries of all commodities. */
export class SpreadLog {
  readonly calendars: Map<number, CalendarEntry[]> = new Map();
  readonly spots: Map<number, SpotEntry[]> = new Map();
  readonly credits: Map<number, CreditEntry[]> = new Map();

  /** A calendar spread was formed. */
  calendar(commodity: number, spread: number, direction: 1 | -1, count: number, charge: number): void {
    push(this.calendars, commodity, { spread, direction, count, charge });
  }

  /** A month was charged for delivery. */
  spot(commodity: number, month: number, usedDeltas: number, leftDeltas: number, charge: number): void {
    push(this.spots, commodity, { month, usedDeltas, leftDeltas, charge });
  }

  /** A leg of a spread between commodities was credited. */
  credit(commodity: number, entry: CreditEntry): void {
    push(this.credits, commodity, entry);
  }
}

function push<T>(map: Map<number, T[]>, key: number, entry: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}
