/** The part of the address that is the SPAN screen's: a whole case, and the hash of the run that its figures came from. */
import type { SpanPosition } from '../../engine/margin/span/span-portfolio.ts';
import type { SetOrigin } from '../../workers/contract/span-api.ts';

/** A case as a link or a pack file names it. */
export interface NamedCase {
  readonly origin: SetOrigin;
  /** Hash of the parameter set; null: whatever the origin gives. */
  readonly setHash: string | null;
  readonly classIndex: number;
  readonly positions: readonly SpanPosition[];
  /** Hash of the run whose figures it belongs to; null where none is claimed. */
  readonly runHash: string | null;
}

const HASH = /^[0-9a-f]{8}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** Positions of a longer address are better kept in a file. */
const MOST_POSITIONS = 200;

/** Reads the address after the screen's name; null where it names no case. */
export function readSpanAddress(parameters: string): NamedCase | null {
  const fields = new URLSearchParams(parameters);
  const date = fields.get('date');
  const file = fields.get('file');
  const origin: SetOrigin | null =
    date !== null && DATE.test(date)
      ? { kind: 'built-in', date, spreads: fields.get('spreads') === 'none' ? 'none' : 'assumed' }
      : file !== null && file !== ''
        ? { kind: 'file', name: file }
        : null;
  if (origin === null) return null;
  const positions = (fields.get('p') ?? '').split(',').flatMap((cell): SpanPosition[] => {
    const [contract = '', lots = ''] = cell.split('*');
    return contract !== '' && /^-?\d{1,8}$/.test(lots) ? [{ contract, lots: Number(lots) }] : [];
  });
  const classIndex = Number(fields.get('class') ?? 0);
  return {
    origin,
    setHash: hashIn(fields.get('set')),
    classIndex: Number.isSafeInteger(classIndex) && classIndex >= 0 ? classIndex : 0,
    positions,
    runHash: hashIn(fields.get('run')),
  };
}

/** Writes a case; what is read again is the same, up to {@link MOST_POSITIONS}. */
export function writeSpanAddress({ origin, setHash, classIndex, positions, runHash }: NamedCase): string {
  const fields = new URLSearchParams();
  if (origin.kind === 'built-in') {
    fields.set('date', origin.date);
    fields.set('spreads', origin.spreads);
  } else fields.set('file', origin.name);
  if (setHash !== null) fields.set('set', setHash);
  if (classIndex !== 0) fields.set('class', String(classIndex));
  if (positions.length > 0 && positions.length <= MOST_POSITIONS) {
    fields.set('p', positions.map(({ contract, lots }) => `${contract}*${lots}`).join(','));
  }
  if (runHash !== null) fields.set('run', runHash);
  return fields.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
}

function hashIn(text: string | null): string | null {
  return text !== null && HASH.test(text) ? text : null;
}
