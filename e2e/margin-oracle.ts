/** Margin by hand: the exchange's formulas over the rows of the bracket file, and roots by bisection. No engine inside. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'public', 'brackets');

interface Bracket {
  readonly floor: number;
  readonly cap: number;
  readonly rate: number;
  readonly amount: number;
}

/** Date of the newest bracket file. */
export const NEWEST_TABLE: string = readdirSync(folder).sort().at(-1)?.replace('.txt', '') ?? '';

/** Brackets of a symbol from the newest file: `cap:rate@leverage`, floors and maintenance amounts worked out here. */
export function bracketsOf(symbol: string): readonly Bracket[] {
  const line = readFileSync(join(folder, `${NEWEST_TABLE}.txt`), 'utf8')
    .split('\n')
    .find((text) => !text.startsWith('#') && text.split(' ')[0]?.split(',').includes(symbol));
  const brackets: Bracket[] = [];
  for (const word of line?.split(' ').slice(1) ?? []) {
    const [cap = Number.NaN, rate = Number.NaN] = (word.split('@')[0] ?? '').split(':').map(Number);
    const before = brackets.at(-1) ?? { cap: 0, rate, amount: 0 };
    const amount = before.amount + before.cap * (rate - before.rate);
    brackets.push({ floor: before.cap, cap, rate, amount });
  }
  return brackets;
}

/** A position as it stands in the table, with the mark it is shown at. */
export interface Held {
  readonly symbol: string;
  readonly side: 1 | -1;
  readonly size: number;
  readonly entry: number;
  readonly mark: number;
}

/** Side by side what one collateral stands behind. */
export interface Figures {
  readonly pnl: number;
  readonly notional: number;
  readonly maintenance: number;
  readonly ratio: number;
  readonly liquidation: number | null;
}

const pnlAt = ({ side, size, entry }: Held, price: number): number => side * size * (price - entry);

/** Maintenance margin of a notional. */
export function maintenance(symbol: string, notional: number): number {
  const brackets = bracketsOf(symbol);
  const bracket = brackets.find(({ cap }) => notional <= cap) ?? brackets.at(-1);
  return bracket === undefined ? Number.NaN : notional * bracket.rate - bracket.amount;
}

/** Figures of each position behind one wallet. Positions of one symbol share a mark and move together. */
export function figuresOf(wallet: number, held: readonly Held[]): readonly Figures[] {
  const surplusAt = (symbol: string, price: number): number => {
    const at = (one: Held): number => (one.symbol === symbol ? price : one.mark);
    return held.reduce(
      (sum, one) => sum + pnlAt(one, at(one)) - maintenance(one.symbol, one.size * at(one)),
      wallet,
    );
  };
  const balance = held.reduce((sum, one) => sum + pnlAt(one, one.mark), wallet);
  const required = held.reduce((sum, one) => sum + maintenance(one.symbol, one.size * one.mark), 0);
  return held.map((one) => {
    const net = held
      .filter(({ symbol }) => symbol === one.symbol)
      .reduce((sum, { side, size }) => sum + side * size, 0);
    return {
      pnl: pnlAt(one, one.mark),
      notional: one.size * one.mark,
      maintenance: maintenance(one.symbol, one.size * one.mark),
      ratio: balance / required,
      liquidation: root((price) => surplusAt(one.symbol, price), one.mark, net > 0 ? 0 : one.mark * 50),
    };
  });
}

/** Where the surplus is gone between the mark and the far end; null when it is not. */
function root(surplus: (price: number) => number, mark: number, end: number): number | null {
  if (surplus(end) >= 0) return null;
  let [alive, dead] = [mark, end];
  for (let i = 0; i < 200; i++) {
    const middle = (alive + dead) / 2;
    if (surplus(middle) > 0) alive = middle;
    else dead = middle;
  }
  return alive;
}
