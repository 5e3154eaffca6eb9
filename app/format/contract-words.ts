/** A contract's id in words for people. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `202006` → `Jun 2020`; a day stays behind it. */
function periodWords(period: string): string {
  const month = MONTHS[Number(period.slice(4, 6)) - 1];
  return month === undefined
    ? period
    : `${month} ${period.slice(0, 4)}${period.length > 6 ? ` ${period.slice(6)}` : ''}`;
}

/** `CME:ES:FUT:202006` → `ES Jun 2020`; options end in strike and right, other types name themselves. */
export function contractWords(id: string): string {
  const [, product = id, type = 'FUT', period = '', ...tail] = id.split(':');
  const right = tail.find((part) => part === 'C' || part === 'P');
  const strike = tail.find((part) => part !== right && part !== '');
  const option = right === undefined ? '' : ` ${strike ?? ''} ${right === 'C' ? 'call' : 'put'}`;
  const kind = type === 'FUT' || right !== undefined ? '' : ` ${type}`;
  return `${product} ${periodWords(period)}${option}${kind}`;
}
