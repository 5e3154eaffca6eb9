/** The newest answer to the what-if, with the question it answers. */
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useMargin } from '../../../state/margin-slice.ts';
import { usePortfolio } from '../../../state/portfolio-store.ts';
import { type FailureError, type WhatIfAnswer, whatIfQuery } from '../../../state/queries.ts';
import { useWhatIf } from '../../../state/what-if-store.ts';

interface WhatIfView {
  /** Null before the first answer. */
  readonly answer: WhatIfAnswer | null;
  readonly error: FailureError | null;
  /** True while the answer shown is to another move than the one chosen. */
  readonly pending: boolean;
}

/**
 * Asks one question at a time: while an answer is awaited the slider may move on and marks may change, and the next
 * question is the newest. So neither a slow worker nor a fast hand builds up a queue, and an answer always arrives.
 */
export function useWhatIfAnswer(): WhatIfView {
  const { shift, instrument } = useWhatIf();
  const version = usePortfolio((state) => state.version);
  const epoch = useMargin((state) => state.epoch);
  const wanted = { shift: useDeferredValue(shift), instrument, version, epoch };
  const [asked, ask] = useState(wanted);
  const { data, error, isFetching } = useQuery(whatIfQuery(asked));
  const same =
    asked.shift === wanted.shift &&
    asked.instrument === instrument &&
    asked.version === version &&
    asked.epoch === epoch;
  if (!isFetching && !same) ask(wanted);
  return {
    answer: data ?? null,
    error,
    pending: data !== undefined && (data.shift !== shift || data.instrument !== instrument),
  };
}
