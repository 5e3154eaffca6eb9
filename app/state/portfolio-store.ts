/** The portfolio: every change can be undone, is put in force in the risk worker, and is kept in the browser. */
import { create } from 'zustand';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import type { Failure } from '../../engine/core/failure.ts';
import { risk } from '../../workers/client/risk.ts';
import { demoPortfolio } from './demo-portfolio.ts';
import { tell } from './notices.ts';
import { EMPTY_PORTFOLIO } from './portfolio-edits.ts';
import { loadPortfolio, readSetAside, savePortfolio } from './portfolio-storage.ts';
import { saveText } from './save-file.ts';

/** Changes kept for undo. */
const UNDO_DEPTH = 100;
const CHANNEL = 'headroom-portfolio';
/** What could not be stored is tried again after this long, for as long as it takes. */
const KEEP_RETRY_MS = 5_000;

interface Step {
  readonly portfolio: Portfolio;
  /** What the change after this state did, in words. */
  readonly change: string;
}

interface PortfolioState {
  readonly portfolio: Portfolio;
  /** False until the stored portfolio was read. */
  readonly ready: boolean;
  /** Counts changes; part of the key of every question about the portfolio. */
  readonly version: number;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** Why changes are not kept; null while they are. */
  readonly storageFailure: Failure | null;
  /** Why the risk worker refused the portfolio; null when it is in force. */
  readonly refusal: Failure | null;
}

export const usePortfolio = create<PortfolioState>(() => ({
  portfolio: EMPTY_PORTFOLIO,
  ready: false,
  version: 0,
  past: [],
  future: [],
  storageFailure: null,
  refusal: null,
}));

const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);

/** One sender at a time; what changed meanwhile goes in the next round, newest only. */
function newestOnly(send: (portfolio: Portfolio) => Promise<void>): (portfolio: Portfolio) => void {
  let waiting: Portfolio | null = null;
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    while (waiting !== null) {
      const next: Portfolio = waiting;
      waiting = null;
      await send(next);
    }
    busy = false;
  };
  return (portfolio) => {
    waiting = portfolio;
    if (!busy) void run();
  };
}

const putInForce = newestOnly(async (portfolio) => {
  const result = await risk.setPortfolio(portfolio);
  usePortfolio.setState({ refusal: result.ok ? null : result.failure });
});

let keepRetry: ReturnType<typeof setTimeout> | undefined;

/** Every change is written at once, in order: one that waited for the last to finish would be lost with the page. */
async function keep(portfolio: Portfolio): Promise<void> {
  const result = await savePortfolio(portfolio);
  const before = usePortfolio.getState().storageFailure;
  usePortfolio.setState({ storageFailure: result.ok ? null : result.failure });
  clearTimeout(keepRetry);
  if (result.ok) {
    otherTabs?.postMessage(null);
    return;
  }
  keepRetry = setTimeout(() => void keep(usePortfolio.getState().portfolio), KEEP_RETRY_MS);
  if (before === null) {
    tell(
      'trouble',
      `${result.failure.message}. The page goes on in memory; export the positions to keep them.`,
    );
  }
}

function replace(portfolio: Portfolio, rest: Partial<PortfolioState>): void {
  usePortfolio.setState(({ version }) => ({ portfolio, version: version + 1, ...rest }));
  putInForce(portfolio);
}

/** Changes the portfolio. `change` says in words what was done. */
export function changePortfolio(change: string, edit: (portfolio: Portfolio) => Portfolio): void {
  const { portfolio, past } = usePortfolio.getState();
  const next = edit(portfolio);
  if (next === portfolio) return;
  replace(next, { past: [...past, { portfolio, change }].slice(-UNDO_DEPTH), future: [] });
  void keep(next);
}

export function undo(): void {
  const { portfolio, past, future } = usePortfolio.getState();
  const step = past.at(-1);
  if (step === undefined) return;
  replace(step.portfolio, {
    past: past.slice(0, -1),
    future: [...future, { portfolio, change: step.change }],
  });
  void keep(step.portfolio);
  tell('news', `Undone: ${step.change}`, { label: 'Redo', run: redo });
}

export function redo(): void {
  const { portfolio, past, future } = usePortfolio.getState();
  const step = future.at(-1);
  if (step === undefined) return;
  replace(step.portfolio, {
    past: [...past, { portfolio, change: step.change }],
    future: future.slice(0, -1),
  });
  void keep(step.portfolio);
  tell('news', `Redone: ${step.change}`, { label: 'Undo', run: undo });
}

async function saveSetAside(): Promise<void> {
  const text = await readSetAside();
  if (text !== null) saveText('headroom-unreadable-portfolio.json', 'application/json', text);
}

/** Reads what an earlier visit stored; a first visit gets the demo account. Call once. */
export async function startPortfolio(): Promise<void> {
  const loaded = await loadPortfolio();
  if (!loaded.ok) {
    replace(demoPortfolio(), { ready: true, storageFailure: loaded.failure });
    tell('trouble', `${loaded.failure.message}. The page goes on in memory; changes are not kept.`);
    return;
  }
  if (loaded.value.kind === 'stored') {
    replace(loaded.value.portfolio, { ready: true });
  } else {
    replace(demoPortfolio(), { ready: true });
    if (loaded.value.kind === 'unreadable') {
      tell(
        'trouble',
        `The stored portfolio cannot be read (${loaded.value.reason}). It was set aside and the demo account is shown.`,
        { label: 'Save what was stored', run: () => void saveSetAside() },
      );
    }
  }
  otherTabs?.addEventListener('message', () => void followOtherTab());
}

/** Another tab stored a change: show it here too, as a change that can be undone. */
async function followOtherTab(): Promise<void> {
  const loaded = await loadPortfolio();
  if (!loaded.ok || loaded.value.kind !== 'stored') return;
  const { portfolio, past } = usePortfolio.getState();
  replace(loaded.value.portfolio, {
    past: [...past, { portfolio, change: 'change in another tab' }].slice(-UNDO_DEPTH),
    future: [],
  });
}
