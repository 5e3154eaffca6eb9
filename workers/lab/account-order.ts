/** The order of the accounts table and which accounts are in it. */
import type { AccountColumns } from '../../engine/simulation/cascade/cascade-view.ts';
import { ACCOUNT_FATES } from '../../engine/simulation/cascade/wave-totals.ts';
import type { AccountQuestion } from '../contract/lab-api.ts';

/** Account numbers in order; equal ones by number, so that the order never depends on the host. */
export function accountOrder(
  columns: AccountColumns,
  sort: AccountQuestion['sort'],
  show: AccountQuestion['show'],
): Uint32Array {
  const { sizeLots, fates } = columns;
  const fallen = ACCOUNT_FATES.liquidated | ACCOUNT_FATES.partlyLiquidated | ACCOUNT_FATES.waiting;
  const shown: number[] = [];
  for (let account = 0; account < sizeLots.length; account++) {
    const fate = fates[account] as number;
    if (show === 'liquidated' && (fate & fallen) === 0) continue;
    if (show === 'deleveraged' && (fate & ACCOUNT_FATES.deleveraged) === 0) continue;
    if (show === 'open' && sizeLots[account] === 0) continue;
    shown.push(account);
  }
  const key = KEYS[sort];
  const keys = Float64Array.from(shown, (account) => key(columns, account));
  const places = Uint32Array.from(shown, (_, i) => i);
  places.sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  return places.map((place) => shown[place] as number);
}

const lossOf = (columns: AccountColumns, account: number): number =>
  (columns.liquidationLoss[account] as number) + (columns.adlLoss[account] as number);

/** Accounts without a position come after all that have one. */
const ratioOf = (columns: AccountColumns, account: number): number =>
  columns.sizeLots[account] === 0 ? 1e9 : (columns.marginRatio[account] as number);

/** Smallest first. Worst: those that wait, then by what they lost, then by how little headroom they have. */
const KEYS: Readonly<Record<AccountQuestion['sort'], (columns: AccountColumns, account: number) => number>> =
  {
    worst: (columns, account) => {
      const waiting = ((columns.fates[account] as number) & ACCOUNT_FATES.waiting) !== 0;
      if (waiting) return -1e18;
      const loss = lossOf(columns, account);
      return loss > 0 ? -loss : ratioOf(columns, account);
    },
    ratio: ratioOf,
    loss: (columns, account) => -lossOf(columns, account),
    size: (columns, account) => -Math.abs(columns.sizeLots[account] as number),
    account: (_, account) => account,
  };
