/** Puts imported positions together as accounts: duplicates and clashing sides are reported, the rest is kept. */
import type { InstrumentId } from '../reference/instruments/contract-spec.ts';
import type { ProblemList } from './import-problem.ts';
import type { Account, Position, PositionSide } from './portfolio.ts';
import { brokenField, instrumentOf, sideClash } from './position-rules.ts';

/** A position as read, and where. */
export interface PlacedPosition {
  readonly position: Position;
  readonly line: number;
  /** Name of a field in the file's own terms: a column, or a path. */
  columnOf(field: string): string;
}

/** Ids used so far in one import. */
export type UsedIds = Set<string>;

/** Builds one account from its head and the positions that read well, leaving out those that cannot stand. */
export function assembleAccount(
  head: Omit<Account, 'positions'>,
  placed: readonly PlacedPosition[],
  used: UsedIds,
  problems: ProblemList,
): Account {
  const held = new Map<InstrumentId, PositionSide[]>();
  const positions: Position[] = [];
  for (const { position, line, columnOf } of placed) {
    const report = (field: string, expected: string, found: string): void =>
      problems.add({ line, column: columnOf(field), expected, found });
    const broken = brokenField(position, head.currency);
    const instrument = instrumentOf(position);
    const sides = held.get(instrument) ?? [];
    const clash = sideClash(head.positionMode, sides, position.side);
    if (broken !== null) {
      report(broken.field, broken.expected, foundIn(position, broken.field));
    } else if (clash !== null) {
      report('side', clash, `${position.symbol} ${position.side} beside ${sides.join(' and ')}`);
    } else if (used.has(position.id)) {
      report('id', 'a position id used once', position.id);
    } else {
      used.add(position.id);
      held.set(instrument, [...sides, position.side]);
      positions.push(position);
    }
  }
  return { ...head, positions };
}

function foundIn(position: Position, field: string): string {
  const found = new Map(Object.entries(position)).get(field);
  return found === null || found === undefined ? '' : String(found);
}
