/** What the reader asks of tail risk, as typed; the files of closes they brought; and the question that follows. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { create } from 'zustand';
import { risk } from '../../workers/client/risk.ts';
import type {
  HistoryChoice,
  LoadedHistory,
  TailCurrency,
  TailQuestion,
  TailReport,
} from '../../workers/contract/tail-risk.ts';
import { parsePercent } from '../format/number.ts';
import { tell } from './notices.ts';
import { FailureError } from './queries.ts';
import { askForFile } from './save-file.ts';

/** Fields as typed. */
export interface TailDraft {
  readonly confidence: '0.95' | '0.99';
  readonly currency: TailCurrency;
  readonly factor: string | null;
  /** Per cent. */
  readonly shock: string;
  readonly spike: string;
}

interface TailState extends TailDraft {
  readonly choice: HistoryChoice;
  /** The file of closes read last. */
  readonly loaded: LoadedHistory | null;
}

/** Beyond this a file is no file of closes. */
const LARGEST_FILE_BYTES = 32 * 1024 * 1024;

export const useTail = create<TailState>(() => ({
  confidence: '0.99',
  currency: 'joined',
  factor: null,
  shock: '-10',
  spike: '0',
  choice: 'auto',
  loaded: null,
}));

/** Changes some of the fields. */
export function askTail(part: Partial<TailDraft>): void {
  useTail.setState(part);
}

/** What was typed, read: a question where every field is one, else what is wrong with which. */
export function readTailDraft(draft: TailDraft): {
  readonly question: TailQuestion | null;
  readonly errors: { readonly shock?: string; readonly spike?: string };
} {
  const shock = parsePercent(draft.shock);
  const spike = parsePercent(draft.spike);
  const errors = {
    ...(shock !== null && shock > -1 && shock < 10 ? {} : { shock: 'expected above −100, below 1000 %' }),
    ...(spike !== null && spike >= 0 && spike < 1 ? {} : { spike: 'expected 0 to below 100 %' }),
  };
  if (shock === null || spike === null || Object.keys(errors).length > 0) return { question: null, errors };
  const { confidence, currency, factor } = draft;
  const stress = { factor, shock, correlationSpike: spike };
  return { question: { confidence: Number(confidence), currency, stress }, errors };
}

/** Tail risk at the marks in force, reckoned anew every two seconds while it is looked at. */
export function tailQuery(question: TailQuestion | null, { choice, loaded }: TailState) {
  return queryOptions<TailReport, FailureError>({
    // What the worker was told besides stands in the key: a change of it is asked about at once.
    queryKey: ['tail-risk', question, choice, loaded?.name, loaded?.closes],
    queryFn: async () => {
      const result = await risk.tailRisk(question as TailQuestion);
      if (result.ok) return result.value;
      throw new FailureError(result.failure);
    },
    enabled: question !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 5_000,
    refetchInterval: 2_000,
  });
}

/** Chooses where closes come from, for the figures and for the guards. */
export async function chooseHistory(choice: HistoryChoice): Promise<void> {
  const before = useTail.getState().choice;
  useTail.setState({ choice });
  const result = await risk.chooseHistory(choice);
  if (result.ok) return;
  useTail.setState({ choice: before });
  tell('trouble', `The history could not be chosen: ${result.failure.message}`);
}

/** Reads a file of closes; a malformed one changes nothing. */
export async function loadHistory(file: File): Promise<void> {
  if (file.size > LARGEST_FILE_BYTES) {
    tell('trouble', `${file.name}: expected closes of at most 32 MB, found ${file.size} bytes`);
    return;
  }
  let text: string;
  try {
    text = await file.text();
  } catch {
    tell('trouble', `${file.name} could not be read; it may have been moved or changed`);
    return;
  }
  const result = await risk.loadHistory({ name: file.name, text });
  if (!result.ok) {
    tell('trouble', `${file.name}: ${result.failure.message}`);
    return;
  }
  useTail.setState({ loaded: result.value });
  const { closes, instruments } = result.value;
  tell('news', `${file.name}: ${closes} closes of ${instruments.length} instruments`);
}

export function askForHistory(): void {
  askForFile('.csv,text/csv', (file) => void loadHistory(file));
}

/** Whether a CSV file holds closes, not positions: its header begins with a time. */
export async function holdsCloses(file: File): Promise<boolean> {
  if (!/\.csv$/i.test(file.name)) return false;
  try {
    const head = await file.slice(0, 200).text();
    return /^\ufeff?"?(time|date|timestamp)\b/i.test(head);
  } catch {
    return false;
  }
}
