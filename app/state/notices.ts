/** Short messages of the page to its reader. Troubles stay until they are closed; news goes by itself. */
import { create } from 'zustand';

export interface Notice {
  readonly id: number;
  readonly kind: 'news' | 'trouble';
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const MOST = 4;
const NEWS_MS = 6_000;

let lastId = 0;

export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));

/** Tells the reader something. */
export function tell(kind: Notice['kind'], text: string, action: Notice['action'] = null): void {
  lastId += 1;
  const id = lastId;
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((notice) => notice.text !== text), { id, kind, text, action }].slice(-MOST),
  }));
  if (kind === 'news') setTimeout(() => closeNotice(id), NEWS_MS);
}

export function closeNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
