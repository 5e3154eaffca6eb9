/** What a reader chose of the guards: their configuration as text, and whether a BLOCK stops the ticket. Kept in the browser. */
import { create } from 'zustand';
import type { Failure } from '../../engine/core/failure.ts';
import { risk } from '../../workers/client/risk.ts';
import type { GuardConfiguration, GuardProfile } from '../../workers/contract/guard-board.ts';
import { tell } from './notices.ts';

/** Profiles in the order they are offered. */
export const PROFILES: readonly GuardProfile[] = [
  'default',
  'conservative',
  'aggressive',
  'crypto-only',
  'cme-only',
  'institutional',
];

const KEY = 'headroom.guards';

interface GuardSettings {
  /** JSON as typed last; what is in force is `configuration`. */
  readonly text: string;
  readonly configuration: GuardConfiguration | null;
  readonly failure: Failure | null;
  /** Whether the ticket sends what the guard blocks. */
  readonly enforces: boolean;
}

/** A profile as it is written down: whatever the text leaves out is the profile's own. */
export function profileText(profile: GuardProfile): string {
  return JSON.stringify({ version: 1, profile }, null, 2);
}

function stored(): Pick<GuardSettings, 'text' | 'enforces'> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const { text, enforces } = value as Record<string, unknown>;
    return {
      text: typeof text === 'string' ? text : profileText('default'),
      enforces: enforces !== false,
    };
  } catch {
    return { text: profileText('default'), enforces: true };
  }
}

export const useGuardSettings = create<GuardSettings>(() => ({
  ...stored(),
  configuration: null,
  failure: null,
}));

function keep(): void {
  const { text, enforces } = useGuardSettings.getState();
  try {
    localStorage.setItem(KEY, JSON.stringify({ text, enforces }));
  } catch {
    // Storage is full or forbidden: the choice holds until the page closes.
  }
}

/** Puts a configuration in force; a malformed one is shown with its path and changes nothing. */
export async function applyConfiguration(text: string): Promise<boolean> {
  const result = await risk.setGuardConfiguration(text);
  if (!result.ok) {
    useGuardSettings.setState({ failure: result.failure });
    return false;
  }
  useGuardSettings.setState({ text, configuration: result.value, failure: null });
  keep();
  return true;
}

export function enforce(enforces: boolean): void {
  useGuardSettings.setState({ enforces });
  keep();
}

/** Puts the kept configuration in force. Call once. */
export async function startGuardSettings(): Promise<void> {
  const { text } = useGuardSettings.getState();
  if (await applyConfiguration(text)) return;
  const why = useGuardSettings.getState().failure?.message ?? '';
  await applyConfiguration(profileText('default'));
  tell('trouble', `The stored guard configuration cannot be read (${why}): the default one is in force`);
}
