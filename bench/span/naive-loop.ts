// What one writes without a plan: nested loops over the same arrays in typed arrays, every step for every product.
import type { DeltaSpread, SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { CONTRACTS, MONTHS, PRODUCTS } from './workload.ts';

const M = MONTHS.length;

interface Calendar {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

interface Credit {
  readonly a: number;
  readonly b: number;
  readonly ratioA: number;
  readonly ratioB: number;
  readonly rate: number;
}

/** Margins one portfolio after the other by plain loops. */
export class NaiveLoop {
  readonly #arrays: Float64Array;
  readonly #calendars: readonly (readonly Calendar[])[];
  readonly #credits: readonly Credit[];

  readonly scratch = {
    scan: new Float64Array(PRODUCTS),
    charge: new Float64Array(PRODUCTS),
    credit: new Float64Array(PRODUCTS),
    weighted: new Float64Array(PRODUCTS),
    net: new Float64Array(PRODUCTS),
    losses: new Float64Array(16),
    deltas: new Float64Array(M),
  };

  readonly #fresh: boolean;

  /** @param fresh - whether every array is made where it is needed, as one first writes it, or kept and cleared */
  constructor(set: SpanParameterSet, fresh: boolean) {
    this.#fresh = fresh;
    this.#arrays = set.arrays;
    this.#calendars = set.commodities.map((c) =>
      c.calendarSpreads.map((s) => ({
        from: s.legs[0]!.tier - 1,
        to: s.legs[1]!.tier - 1,
        rate: s.rates[0]!.value,
      })),
    );
    this.#credits = (set.interSpreads as readonly DeltaSpread[]).map((s) => ({
      a: s.legs[0]!.commodity,
      b: s.legs[1]!.commodity,
      ratioA: s.legs[0]!.ratio,
      ratioB: s.legs[1]!.ratio,
      rate: s.rates[0]!.value,
    }));
  }

  #zeros(name: keyof NaiveLoop['scratch']): Float64Array {
    const kept = this.scratch[name];
    return this.#fresh ? new Float64Array(kept.length) : kept.fill(0);
  }

  margin(lots: Float64Array): number {
    const scan = this.#zeros('scan');
    const charge = this.#zeros('charge');
    const credit = this.#zeros('credit');
    const weighted = this.#zeros('weighted');
    const net = this.#zeros('net');
    for (let p = 0; p < PRODUCTS; p++) {
      const losses = this.#zeros('losses');
      const deltas = this.#zeros('deltas');
      for (let s = 0; s < 16; s++) {
        for (let m = 0; m < M; m++) {
          losses[s]! += lots[p * M + m]! * this.#arrays[(p * M + m) * 16 + s]!;
        }
      }
      let worst = losses[0]!;
      let active = 0;
      for (let s = 1; s < 16; s++) {
        if (losses[s]! > worst) {
          worst = losses[s]!;
          active = s;
        }
      }
      scan[p] = Math.max(0, worst);
      const pair = active >= 14 ? active : active % 2 === 0 ? active + 1 : active - 1;
      const time = round((losses[0]! + losses[1]!) / 2);
      const vol = round(worst < 0 ? (losses[0]! - losses[1]!) / 2 : (scan[p]! - losses[pair]!) / 2);
      const price = Math.max(0, scan[p]! - time - vol);
      let delta = 0;
      for (let m = 0; m < M; m++) {
        deltas[m] = lots[p * M + m]!;
        delta += deltas[m]!;
      }
      weighted[p] = delta === 0 ? 0 : price / Math.abs(delta);
      for (const { from, to, rate } of this.#calendars[p]!) {
        for (const sign of [1, -1]) {
          const long = Math.max(0, deltas[from]! * sign);
          const short = Math.max(0, -deltas[to]! * sign);
          const count = Math.min(long, short);
          if (count <= 0) continue;
          charge[p]! += count * rate;
          deltas[from]! -= count * sign;
          deltas[to]! += count * sign;
        }
      }
      for (let m = 0; m < M; m++) net[p]! += deltas[m]!;
    }
    for (const { a, b, ratioA, ratioB, rate } of this.#credits) {
      if (net[a]! * net[b]! >= 0) continue;
      const count = Math.min(Math.abs(net[a]!) / ratioA, Math.abs(net[b]!) / ratioB);
      credit[a]! += weighted[a]! * count * ratioA * rate;
      credit[b]! += weighted[b]! * count * ratioB * rate;
      net[a]! -= Math.sign(net[a]!) * count * ratioA;
      net[b]! -= Math.sign(net[b]!) * count * ratioB;
      if (Math.abs(net[a]!) < 1e-9) net[a] = 0;
      if (Math.abs(net[b]!) < 1e-9) net[b] = 0;
    }
    let total = 0;
    for (let p = 0; p < PRODUCTS; p++) total += round(scan[p]! + charge[p]! - Math.min(credit[p]!, scan[p]!));
    return Math.max(0, total);
  }
}

function round(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5 + 1e-6);
}

/** One row of a block of portfolios. */
export function row(portfolios: Float64Array, index: number): Float64Array {
  return portfolios.subarray(index * CONTRACTS, (index + 1) * CONTRACTS);
}
