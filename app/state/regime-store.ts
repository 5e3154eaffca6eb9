/** What the reader assumes where brackets or SPAN have no parameters of their own, as typed, and the question that follows. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { create } from 'zustand';
import { risk } from '../../workers/client/risk.ts';
import type { RegimeChoices, TwoRegimes } from '../../workers/contract/two-regimes.ts';
import { parsePercent } from '../format/number.ts';
import { FailureError } from './queries.ts';

/** Fields as typed. */
export interface RegimeDraft extends Pick<RegimeChoices, 'asOneAccount' | 'ladder'> {
  readonly origin: RegimeChoices['scan']['origin'];
  readonly deviations: string;
  /** Per cent. */
  readonly credit: string;
  /** Price scan ranges by base asset in per cent; empty text leaves the derived one in force. */
  readonly entered: Readonly<Record<string, string>>;
}

/** What the panel starts from: nothing is given back, months of closes decide the ranges. */
export const FIRST_DRAFT: RegimeDraft = {
  asOneAccount: false,
  ladder: 'BTCUSDT',
  origin: 'dated',
  deviations: '3',
  credit: '0',
  entered: {},
};

export const useRegimes = create<RegimeDraft>(() => FIRST_DRAFT);

/** Changes some of the assumptions. */
export function assume(part: Partial<RegimeDraft>): void {
  useRegimes.setState(part);
}

/** What was typed, read: choices where every field is one, else what is wrong with which. */
export interface ReadDraft {
  readonly choices: RegimeChoices | null;
  readonly errors: Readonly<Partial<Record<'deviations' | 'credit' | `scan ${string}`, string>>>;
}

/** Reads a draft; ranges are those the risk worker keeps to. */
export function readDraft(draft: RegimeDraft): ReadDraft {
  const errors: Record<string, string> = {};
  const percent = (
    key: string,
    text: string,
    isAllowed: (rate: number) => boolean,
    words: string,
  ): number => {
    const rate = parsePercent(text);
    if (rate !== null && isAllowed(rate)) return rate;
    errors[key] = `expected ${words}, found "${text}"`;
    return Number.NaN;
  };
  const creditRate = percent('credit', draft.credit, (r) => r >= 0 && r <= 1, '0 to 100 %');
  const deviations = /^\d+(\.\d+)?$/.test(draft.deviations.trim()) ? Number(draft.deviations) : Number.NaN;
  if (!(deviations > 0 && deviations <= 100)) {
    errors['deviations'] = `expected above 0, at most 100, found "${draft.deviations}"`;
  }
  const entered: Record<string, number> = {};
  for (const [asset, text] of Object.entries(draft.entered)) {
    if (text.trim() === '') continue;
    entered[asset] = percent(`scan ${asset}`, text, (r) => r > 0 && r <= 1, 'above 0, at most 100 %');
  }
  const { asOneAccount, ladder, origin } = draft;
  const symbol = ladder.trim().toUpperCase();
  const choices = { asOneAccount, ladder: symbol, scan: { origin, deviations, entered }, creditRate };
  return { choices: Object.keys(errors).length === 0 ? choices : null, errors };
}

/** Both regimes under these assumptions, reckoned anew every two seconds while they are looked at. */
export function regimesQuery(choices: RegimeChoices | null) {
  return queryOptions<TwoRegimes, FailureError>({
    queryKey: ['two-regimes', choices],
    queryFn: async () => {
      const result = await risk.twoRegimes(choices as RegimeChoices);
      if (result.ok) return result.value;
      throw new FailureError(result.failure);
    },
    enabled: choices !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 5_000,
    refetchInterval: 2_000,
  });
}
