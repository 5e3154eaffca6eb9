/** States, causes and transitions of breakers in words, and the look of each state. */
import type { BreakerState } from '../../../engine/venue/circuit-breakers/breaker-inputs.ts';
import type { BreakerView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';

const CAUSES: Readonly<Record<Extract<BreakerState, { kind: 'stopped' }>['cause'], string>> = {
  'level-1': 'market level 1',
  'level-2': 'market level 2',
  'level-3': 'market level 3',
  dynamic: 'dynamic breaker',
  stepped: 'stepped limit',
};

const PHASES: Readonly<Record<NonNullable<BreakerView['phase']>, string>> = {
  overnight: 'overnight',
  'all-levels': 'all levels',
  'level-3-only': 'level 3 only',
  'after-close': 'after the close of stocks',
};

const REGIMES: Readonly<Record<BreakerView['regime'], string>> = {
  'equity-index': 'stock index limits',
  dynamic: 'dynamic breaker',
  stepped: 'stepped limits',
  none: 'no limits known',
};

/** What a chip shows of a group: word, shape and colour class. */
export interface StateLook {
  readonly word: string;
  readonly shape: string;
  readonly tone: 'healthy' | 'warning' | 'danger' | 'critical' | 'quiet';
  readonly cause: string;
}

export function stateLook(state: BreakerState, at: 'limit-up' | 'limit-down' | null): StateLook {
  switch (state.kind) {
    case 'closed':
      return { word: 'CLOSED', shape: '○', tone: 'quiet', cause: '' };
    case 'monitoring':
      return { word: 'MONITORING', shape: '△', tone: 'warning', cause: 'the lead month stands at a limit' };
    case 'stopped':
      return { word: 'STOPPED', shape: '■', tone: 'critical', cause: CAUSES[state.cause] };
    case 'open':
      if (at === null) return { word: 'OPEN', shape: '●', tone: 'healthy', cause: '' };
      return {
        word: at === 'limit-up' ? 'LIMIT UP' : 'LIMIT DOWN',
        shape: '▲',
        tone: 'danger',
        cause: 'open, at a limit',
      };
  }
}

export function phaseWords(phase: NonNullable<BreakerView['phase']>): string {
  return PHASES[phase];
}

export function regimeWords(regime: BreakerView['regime']): string {
  return REGIMES[regime];
}

/** What changes next, e.g. `resumes in 1 min 58 s`. */
export function nextWords(next: NonNullable<BreakerView['next']>): string {
  const time = spanWords(next.inMicros);
  switch (next.kind) {
    case 'opens':
      return `opens in ${time}`;
    case 'closes':
      return `closes in ${time}`;
    case 'resumes':
      return `trading resumes in ${time}`;
    case 'halts-or-opens':
      return `halts in ${time} unless the price leaves the limit`;
    case 'phase':
      return `${next.phase === null ? 'limits change' : PHASES[next.phase]} in ${time}`;
  }
}

/** A span of time: `45 s`, `1 min 58 s`, `3 h 05 min`, `2 d 4 h`. */
export function spanWords(micros: number): string {
  const seconds = Math.max(0, Math.ceil(micros / 1_000_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
