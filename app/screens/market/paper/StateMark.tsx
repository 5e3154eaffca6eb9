/** State of a market: a shape, a word and a colour together. */
import type { MarketState } from '../../../../engine/venue/globex/market-states.ts';

interface Look {
  readonly word: string;
  readonly tone: 'open' | 'collects' | 'stopped' | 'closed';
  readonly rule: string;
}

/** The word, and what the state allows. */
export const STATE_LOOKS: Readonly<Record<MarketState, Look>> = {
  open: { word: 'OPEN', tone: 'open', rule: 'orders meet as they come' },
  'pre-open': {
    word: 'PRE-OPEN',
    tone: 'collects',
    rule: 'orders are entered, changed and cancelled, and meet at the opening',
  },
  'pre-open-no-cancel': {
    word: 'PRE-OPEN, NO CANCEL',
    tone: 'collects',
    rule: 'orders are entered, none is changed or cancelled, until the opening',
  },
  reserved: {
    word: 'RESERVED',
    tone: 'stopped',
    rule: 'matching rests for a moment; orders are entered, changed and cancelled',
  },
  pause: { word: 'PAUSE', tone: 'stopped', rule: 'orders are cancelled, none is entered' },
  'close-not-final': { word: 'CLOSE', tone: 'closed', rule: 'nothing is taken' },
  'close-final': { word: 'CLOSE, FINAL', tone: 'closed', rule: 'nothing is taken' },
  'post-close': { word: 'POST-CLOSE', tone: 'closed', rule: 'only orders that outlast the day are taken' },
};

const SHAPES: Readonly<Record<Look['tone'], React.ReactElement>> = {
  open: <circle cx="5" cy="5" r="3.8" />,
  collects: <path d="M5 1.4 9 8.6H1Z" className="shape-open" />,
  stopped: <path d="M3 1.6v6.8M7 1.6v6.8" className="shape-open" />,
  closed: <path d="M1.4 1.4h7.2v7.2H1.4Z" />,
};

export function StateMark({ state }: { readonly state: MarketState }): React.ReactElement {
  const { word, tone } = STATE_LOOKS[state];
  return (
    <span className={`status-mark market-state-${tone}`}>
      <svg className="status-shape" viewBox="0 0 10 10" aria-hidden="true">
        {SHAPES[tone]}
      </svg>
      {word}
    </span>
  );
}
