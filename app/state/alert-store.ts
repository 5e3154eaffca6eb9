/** Alerts on the page: the rules a reader keeps, which severities sound, browser notifications, and what was sounded last. */
import { create } from 'zustand';
import type { Failure } from '../../engine/core/failure.ts';
import { risk } from '../../workers/client/risk.ts';
import { onGuardFrame } from '../../workers/client/streams.ts';
import type { AlertRule, BoardAlert, GuardSeverity } from '../../workers/contract/guard-board.ts';
import { chime } from './alert-sound.ts';
import { alertWords } from './alert-words.ts';
import { tell } from './notices.ts';

/** Severities, mildest first. */
export const SEVERITIES: readonly GuardSeverity[] = ['info', 'warning', 'danger', 'critical', 'emergency'];

const KEY = 'headroom.alerts';

interface AlertStore {
  readonly rules: readonly AlertRule[];
  readonly failure: Failure | null;
  /** Severities that sound; none until the reader allows it. */
  readonly sounds: readonly GuardSeverity[];
  /** Whether the browser shows notifications for alerts. */
  readonly notifies: boolean;
  /** The alert that was told last by sound or notification, and how; for the eye that missed it. */
  readonly lastTold: { readonly alert: BoardAlert; readonly sounded: boolean } | null;
}

export const useAlerts = create<AlertStore>(() => ({
  rules: [],
  failure: null,
  sounds: [],
  notifies: false,
  lastTold: null,
}));

function keep(): void {
  const { rules, sounds, notifies } = useAlerts.getState();
  try {
    localStorage.setItem(KEY, JSON.stringify({ rules, sounds, notifies }));
  } catch {
    // Storage is full or forbidden: the choice holds until the page closes.
  }
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Puts rules in force; malformed ones are shown with their path and change nothing. Null: those to begin with. */
export async function applyRules(rules: readonly AlertRule[] | null): Promise<boolean> {
  const result = await risk.setAlertRules(rules === null ? null : JSON.stringify(rules));
  if (!result.ok) {
    useAlerts.setState({ failure: result.failure });
    return false;
  }
  useAlerts.setState({ rules: result.value, failure: null });
  return true;
}

/** As {@link applyRules}, by a reader's hand: kept for the next visit. */
export async function changeRules(rules: readonly AlertRule[] | null): Promise<boolean> {
  const done = await applyRules(rules);
  if (done) keep();
  return done;
}

/** Lets a severity sound, or silences it. The press that allows it is what the browser asks for. */
export function allowSound(severity: GuardSeverity, on: boolean): void {
  useAlerts.setState(({ sounds }) => ({
    sounds: SEVERITIES.filter((one) => (one === severity ? on : sounds.includes(one))),
  }));
  if (on) chime(severity);
  keep();
}

/** Asks the browser to show notifications; off again without asking. */
export async function allowNotifications(on: boolean): Promise<void> {
  const granted =
    on && typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted';
  if (on && !granted) tell('trouble', 'The browser does not allow notifications of this page');
  useAlerts.setState({ notifies: granted });
  keep();
}

export async function snooze(rule: string, minutes: number): Promise<void> {
  const result = await risk.snoozeAlert({ rule, minutes });
  if (!result.ok) tell('trouble', result.failure.message);
  else if (!result.value) tell('trouble', `${rule} must be seen: it cannot be silenced`);
  else tell('news', minutes === 0 ? `${rule} speaks again` : `${rule} is silent for ${minutes} minutes`);
}

export async function acknowledge(rule: string, subject: string): Promise<void> {
  const result = await risk.acknowledgeAlert({ rule, subject });
  if (!result.ok) tell('trouble', result.failure.message);
}

function tellAlert(alert: BoardAlert): void {
  const { sounds, notifies } = useAlerts.getState();
  const isOver = alert.phase === 'cleared' || alert.phase === 'gone';
  const sounded = !isOver && sounds.includes(alert.severity);
  if (sounded) chime(alert.severity);
  if (notifies && !isOver) {
    try {
      new Notification(`${alert.severity}: ${alert.subject}`, { body: alertWords(alert), tag: alert.rule });
    } catch {
      // Some phones only notify from a service worker: the centre and the sound remain.
    }
  }
  useAlerts.setState({ lastTold: { alert, sounded } });
}

/** Follows the board, also while the page is hidden, and tells every alert once. Call once. */
export async function startAlerts(): Promise<void> {
  const { rules, sounds, notifies } = stored();
  useAlerts.setState({
    sounds: Array.isArray(sounds) ? SEVERITIES.filter((one) => sounds.includes(one)) : [],
    notifies:
      notifies === true && typeof Notification !== 'undefined' && Notification.permission === 'granted',
  });
  let told = 0;
  onGuardFrame(({ alerts: { said } }) => {
    const last = said.at(-1)?.id ?? 0;
    // A restarted worker counts from one again.
    if (last < told) told = 0;
    for (const alert of said) if (alert.id > told) tellAlert(alert);
    told = last;
  });
  if (!Array.isArray(rules) || rules.length === 0 || !(await applyRules(rules as readonly AlertRule[]))) {
    await applyRules(null);
  }
}
