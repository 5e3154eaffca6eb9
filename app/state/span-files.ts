/** Positions and whole cases of the SPAN screen, out to files and in again. */
import { span } from '../../workers/client/span.ts';
import { SPAN_LABEL } from '../../workers/contract/span-api.ts';
import { tell } from './notices.ts';
import { askForFile, saveText } from './save-file.ts';
import { readSpanAddress, writeSpanAddress } from './span-address.ts';
import { isBookFile, marginBook } from './span-book.ts';
import { nameCase, openNamed, replacePositions, setOf, useSpan } from './span-store.ts';

const KIND = 'headroom-span-case';

/** Asks for a file of positions, or for a case saved here, and takes it in place of the positions in force. */
export function askForPositions(): void {
  askForFile('.csv,.json,.xml,.pos,.txt', (file) => void importPositions(file));
}

/** Takes a file of positions, or a saved case, in place of the positions in force; a file of many portfolios is margined as a book. */
export async function importPositions(file: File): Promise<void> {
  if (await isBookFile(file)) return marginBook({ kind: 'file', name: file.name, file });
  const text = await file.text();
  const named = caseIn(text);
  if (named !== null) return openNamed(named);
  const { now } = useSpan.getState();
  if (now === null) return;
  const answer = await span.readPositions({ setHash: now.setHash, text });
  if (!answer.ok) {
    tell('trouble', `${file.name}: ${answer.failure.message}`);
    return;
  }
  const { positions, problems } = answer.value;
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`;
    tell(
      'trouble',
      `${file.name}, ${first.place}: ${first.message}${more}. Nothing else of these rows was taken.`,
    );
  }
  if (positions.length === 0) return;
  replacePositions(positions, `before ${file.name} was taken in`);
  tell('news', `${file.name}: ${positions.length} positions taken in`);
}

/** A case saved by {@link saveCase}: its link stands in it. */
function caseIn(text: string): ReturnType<typeof readSpanAddress> {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || !('kind' in data) || data.kind !== KIND) return null;
    return 'link' in data && typeof data.link === 'string' ? readSpanAddress(data.link) : null;
  } catch {
    return null;
  }
}

/** Saves the case with its hashes: taken in again it opens the same set and checks its run. */
export function saveCase(runHash: string, requirement: number): void {
  const { now, sets, title } = useSpan.getState();
  const card = setOf({ sets }, now);
  if (now === null || card === null) return;
  const data = {
    kind: KIND,
    label: SPAN_LABEL,
    title,
    set: { id: card.id, date: card.date, source: card.source, hash: card.hash },
    class: card.classes[now.classIndex],
    positions: now.positions,
    requirement,
    baseCurrency: card.baseCurrency,
    runHash,
    link: writeSpanAddress(nameCase(card, now, runHash)),
  };
  saveText(`span-case-${runHash}.json`, 'application/json', `${JSON.stringify(data, null, 2)}\n`);
}

export function savePositions(): void {
  const { now } = useSpan.getState();
  if (now === null) return;
  const lines = now.positions.map(({ contract, lots }) => `${contract},${lots}`);
  saveText('span-positions.csv', 'text/csv', `contract,lots\n${lines.join('\n')}\n`);
}
