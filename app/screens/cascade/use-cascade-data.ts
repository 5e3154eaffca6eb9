/** What the panels ask the lab at the cursor. The key is the whole question, so a late answer to an old one is dropped. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Result } from '../../../engine/core/result.ts';
import { increment, stepValue } from '../../../engine/core/units.ts';
import { lab } from '../../../workers/client/lab.ts';
import type {
  AccountPage,
  AccountQuestion,
  CursorView,
  QueueRow,
} from '../../../workers/contract/lab-api.ts';
import { useCascade } from '../../state/cascade-store.ts';
import { FailureError } from '../../state/queries.ts';

/** While the cursor moves, questions are asked this often. */
const ASK_MS = 280;
const CLOCK_MS = 100;

async function unwrap<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (result.ok) return result.value;
  throw new FailureError(result.failure);
}

/** The cursor's event count, renewed a few times a second while it moves. */
export function useSettledCount(): number {
  const [count, setCount] = useState(() => useCascade.getState().eventCount);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const renew = (): void => {
      timer = null;
      setCount(useCascade.getState().eventCount);
    };
    renew();
    const stop = useCascade.subscribe((now, before) => {
      if (now.eventCount !== before.eventCount) timer ??= setTimeout(renew, ASK_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return count;
}

/** The cursor's time, renewed ten times a second while it moves: painters follow it at every frame, React need not. */
export function useCursorTime(): number {
  const [atMicros, setAtMicros] = useState(() => useCascade.getState().atMicros);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let renewedAtMs = Number.NEGATIVE_INFINITY;
    const renew = (): void => {
      timer = null;
      renewedAtMs = performance.now();
      setAtMicros(useCascade.getState().atMicros);
    };
    renew();
    const stop = useCascade.subscribe((now, before) => {
      if (now.atMicros === before.atMicros) return;
      // The first move after a rest is shown at once, so that a dragged thumb does not lag.
      if (performance.now() - renewedAtMs >= CLOCK_MS && timer === null) renew();
      else timer ??= setTimeout(renew, CLOCK_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
  return atMicros;
}

/** Which run may be asked: null while it is computed or there is none. */
function useAskable(): { readonly turn: number; readonly market: number } | null {
  const turn = useCascade((state) => (state.main?.series.done === true ? state.main.turn : null));
  const market = useCascade((state) => state.market);
  return turn === null ? null : { turn, market };
}

/** State of the market in view at the cursor. */
export function useCursorView(): CursorView | null {
  const run = useAskable();
  const eventCount = useSettledCount();
  const { data } = useQuery({
    queryKey: ['cascade-view', run?.turn, run?.market, eventCount],
    queryFn: () => unwrap(lab.viewAt({ run: 'main', eventCount, market: run?.market ?? 0 })),
    enabled: run !== null,
    placeholderData: keepPreviousData,
    gcTime: 3_000,
  });
  return run === null ? null : (data ?? null);
}

/** The run compared with, at the same time of its own. */
export function useOtherView(): CursorView | null {
  const turn = useCascade((state) => (state.other?.series.done === true ? state.other.turn : null));
  const market = useCascade((state) => state.market);
  // Events of the two runs differ; the cursor they share is the time, rounded to where the main run's count settled.
  const settled = useSettledCount();
  const eventCount = useMemo(() => otherCount(settled), [settled]);
  const { data } = useQuery({
    queryKey: ['cascade-other-view', turn, market, eventCount],
    queryFn: () => unwrap(lab.viewAt({ run: 'other', eventCount, market })),
    enabled: turn !== null,
    placeholderData: keepPreviousData,
    gcTime: 3_000,
  });
  return turn === null ? null : (data ?? null);
}

function otherCount(_settled: number): number {
  const { other, atMicros } = useCascade.getState();
  if (other === null) return 0;
  let count = 0;
  for (const at of other.series.eventTimes) {
    if (at > atMicros) break;
    count++;
  }
  return count;
}

/** The first places of a queue at the cursor. */
export function useQueue(side: 'long' | 'short', count: number): readonly QueueRow[] | null {
  const run = useAskable();
  const eventCount = useSettledCount();
  const { data } = useQuery({
    queryKey: ['cascade-queue', run?.turn, run?.market, eventCount, side, count],
    queryFn: () => unwrap(lab.queueAt({ run: 'main', eventCount, market: run?.market ?? 0, side, count })),
    enabled: run !== null,
    placeholderData: keepPreviousData,
    gcTime: 3_000,
  });
  return run === null ? null : (data ?? null);
}

/** A stretch of the accounts at the cursor. */
export function useAccounts(
  question: Pick<AccountQuestion, 'sort' | 'show' | 'from' | 'count'>,
): AccountPage | null {
  const run = useAskable();
  const eventCount = useSettledCount();
  const { data } = useQuery({
    queryKey: ['cascade-accounts', run?.turn, run?.market, eventCount, question],
    queryFn: () => unwrap(lab.accountsAt({ run: 'main', eventCount, market: run?.market ?? 0, ...question })),
    enabled: run !== null,
    placeholderData: keepPreviousData,
    gcTime: 3_000,
  });
  return run === null ? null : (data ?? null);
}

/** Steps of the market in view, for showing prices and sizes. */
export interface MarketSteps {
  readonly symbol: string;
  readonly tickSize: ReturnType<typeof increment>;
  readonly lotSize: ReturnType<typeof increment>;
  readonly tick: number;
  /** Currency of one lot at a price of one tick. */
  readonly perTickLot: number;
}

/** Steps of the market in view; null without a run. */
export function useMarketSteps(): MarketSteps | null {
  const market = useCascade((state) => state.main?.scenario.markets[state.market] ?? null);
  return useMemo(() => {
    if (market === null) return null;
    const tickSize = increment(market.tickSize);
    const lotSize = increment(market.lotSize);
    const tick = stepValue(tickSize);
    return { symbol: market.symbol, tickSize, lotSize, tick, perTickLot: tick * stepValue(lotSize) };
  }, [market]);
}
