/** The Cascade screen's state: the two runs, the cursor both stand at, and the commands that change either. */
import { create } from 'zustand';
import { type Failure, failure } from '../../engine/core/failure.ts';
import type { CascadeScenario } from '../../engine/simulation/cascade/cascade-scenario.ts';
import { lab } from '../../workers/client/lab.ts';
import type { RunName, ScenarioCard } from '../../workers/contract/lab-api.ts';
import { carriesRun, type RunLink, readRunLink, writeRunLink } from './cascade-link.ts';
import {
  emptySeries,
  eventCountAt,
  heldOf,
  incidentsOf,
  joinSeries,
  type RunSeries,
  type StepGrain,
  stepFrom,
} from './cascade-series.ts';
import { type RuleVariant, underVariant } from './cascade-variants.ts';
import { tell } from './notices.ts';
import { useScreen, writeScreenAddress } from './screen.ts';

/** One run as the page knows it. */
export interface HeldRun {
  /** Tells runs apart. */
  readonly turn: number;
  /** What is different about it, for people. */
  readonly label: string;
  readonly scenario: CascadeScenario;
  readonly series: RunSeries;
  readonly incidents: readonly number[];
}

/** How a link compared with the run it was opened as. */
export type LinkVerdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'identical'; readonly events: number }
  | { readonly kind: 'differs'; readonly sameEvents: number; readonly seenAt: number; readonly why: string };

interface CascadeState {
  readonly library: readonly ScenarioCard[] | null;
  readonly main: HeldRun | null;
  readonly other: HeldRun | null;
  readonly failure: Failure | null;
  /** Market in view, a place in the scenario's list. */
  readonly market: number;
  /** The cursor: a time, and how many events of the main run were told by then. */
  readonly atMicros: number;
  readonly eventCount: number;
  readonly playing: boolean;
  /** Run seconds a second. */
  readonly speed: number;
  /** Stretch of the run that the charts show around the cursor; null for all of it. */
  readonly zoomSeconds: number | null;
  /** Account whose story is open. */
  readonly account: number | null;
  readonly link: LinkVerdict | null;
}

export const useCascade = create<CascadeState>(() => ({
  library: null,
  main: null,
  other: null,
  failure: null,
  market: 0,
  atMicros: 0,
  eventCount: 0,
  playing: false,
  speed: 10,
  zoomSeconds: null,
  account: null,
  link: null,
}));

const POLL_MS = 120;
let turns = 0;
/** The link that was opened last, until something else is run: coming back to the screen must not run it again. */
let openedLink: string | null = null;

/** Fetches the library once. */
export async function loadLibrary(): Promise<void> {
  if (useCascade.getState().library !== null) return;
  const answer = await lab.library();
  if (answer.ok) useCascade.setState({ library: answer.value, failure: null });
  else useCascade.setState({ failure: answer.failure });
}

/**
 * Begins a scenario as the main run; the cursor goes along with it. Says whether the scenario could be read.
 *
 * @param account - whose story is to be open
 */
export async function runScenario(
  scenario: CascadeScenario,
  account: number | null = null,
): Promise<boolean> {
  openedLink = null;
  useCascade.setState({ link: null });
  return begin('main', scenario, '', account);
}

/** Back to the library: both runs are given up. */
export function closeRun(): void {
  openedLink = null;
  useCascade.setState({ main: null, other: null, playing: false, account: null, link: null, failure: null });
  writeScreenAddress('cascade', '');
  void lab.drop('main');
  void lab.drop('other');
}

/** Runs the main scenario under another rule beside it. */
export async function compareWith(variant: RuleVariant): Promise<void> {
  const { main } = useCascade.getState();
  if (main !== null) await begin('other', underVariant(main.scenario, variant), variant.title);
}

/** The lab was lost, and with it what it held: says so where a run is on screen. */
export function loseRuns(): void {
  if (useCascade.getState().main === null) return;
  const lost = failure('worker/lost', 'the lab worker was lost, and its runs with it');
  useCascade.setState({ failure: lost, playing: false });
}

/** Puts the main run back as it was and takes the other away. */
export function endComparison(): void {
  useCascade.setState({ other: null });
  void lab.drop('other');
}

async function begin(
  run: RunName,
  scenario: CascadeScenario,
  label: string,
  account: number | null = null,
): Promise<boolean> {
  const turn = ++turns;
  const answer = await lab.start({ run, text: JSON.stringify(scenario) });
  if (!answer.ok) {
    tell('trouble', answer.failure.message);
    return false;
  }
  const { startMicros, durationSeconds } = answer.value;
  const series = emptySeries(startMicros, startMicros + durationSeconds * 1e6);
  const held: HeldRun = { turn, label, scenario: answer.value, series, incidents: [] };
  if (run === 'main') {
    useCascade.setState({
      main: held,
      other: null,
      failure: null,
      market: 0,
      atMicros: startMicros,
      eventCount: 0,
      playing: false,
      account,
    });
    if (useCascade.getState().link === null) writeScreenAddress('cascade', '');
    void lab.drop('other');
  } else useCascade.setState({ other: held });
  await follow(run, turn);
  return true;
}

/** Fetches what a run tells until it is done or replaced; the cursor goes along with the main run. */
async function follow(run: RunName, turn: number): Promise<void> {
  for (;;) {
    const held = useCascade.getState()[run];
    if (held === null || held.turn !== turn) return;
    const { market } = useCascade.getState();
    const answer = await lab.series({ run, market, held: heldOf(held.series) });
    const now = useCascade.getState()[run];
    if (now === null || now.turn !== turn) return;
    if (!answer.ok) {
      useCascade.setState({ failure: answer.failure });
      return;
    }
    // Another market was chosen meanwhile: its samples are asked for anew.
    const stale = market !== useCascade.getState().market;
    const series = stale ? now.series : joinSeries(now.series, answer.value);
    const incidents = series.done ? incidentsOf(series) : now.incidents;
    useCascade.setState({ [run]: { ...now, series, incidents } });
    if (run === 'main' && !stale) moveCursor(series.atMicros);
    if (series.done && !stale) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Brings another market of the scenario into view. */
export async function viewMarket(market: number): Promise<void> {
  useCascade.setState({ market });
  for (const run of ['main', 'other'] as const) {
    const held = useCascade.getState()[run];
    if (held === null) continue;
    const answer = await lab.series({ run, market, held: { ...heldOf(held.series), samples: 0 } });
    const now = useCascade.getState()[run];
    if (!answer.ok || now?.turn !== held.turn) continue;
    const bare = { ...now.series, samples: new Float64Array(0) };
    useCascade.setState({ [run]: { ...now, series: joinSeries(bare, answer.value) } });
  }
}

/** Moves the cursor to a time. */
export function moveCursor(atMicros: number): void {
  const { main } = useCascade.getState();
  if (main === null) return;
  const { startMicros, endMicros, eventTimes } = main.series;
  const at = Math.min(endMicros, Math.max(startMicros, Math.round(atMicros)));
  useCascade.setState({ atMicros: at, eventCount: eventCountAt(eventTimes, at) });
}

/** Moves the cursor to just after an event, counted from 1; 0 is the start. */
export function moveToEvent(eventCount: number): void {
  const { main } = useCascade.getState();
  if (main === null) return;
  const { startMicros, eventTimes } = main.series;
  const count = Math.min(eventTimes.length, Math.max(0, eventCount));
  useCascade.setState({
    playing: false,
    eventCount: count,
    atMicros: count === 0 ? startMicros : (eventTimes[count - 1] ?? startMicros),
  });
}

/** Steps from event to event, decision to decision, or incident to incident. */
export function stepCursor(direction: 1 | -1, grain: StepGrain): void {
  const { main, eventCount } = useCascade.getState();
  if (main === null) return;
  moveToEvent(stepFrom(main.series, main.incidents, eventCount, direction, grain));
}

/** Plays or pauses; from the end it begins again. */
export function togglePlay(): void {
  const { main, playing, atMicros } = useCascade.getState();
  if (main === null || !main.series.done) return;
  if (!playing && atMicros >= main.series.endMicros) moveCursor(main.series.startMicros);
  useCascade.setState({ playing: !playing });
  if (!playing) requestAnimationFrame(playFrame);
}

let frameAtMs: number | null = null;

/** One frame of playing: the cursor goes on by the time that has passed. */
function playFrame(nowMs: number): void {
  const { playing, atMicros, speed, main } = useCascade.getState();
  if (!playing || main === null) {
    frameAtMs = null;
    return;
  }
  const sinceMs = frameAtMs === null ? 0 : Math.min(100, nowMs - frameAtMs);
  frameAtMs = nowMs;
  moveCursor(atMicros + sinceMs * 1000 * speed);
  if (useCascade.getState().atMicros >= main.series.endMicros) {
    useCascade.setState({ playing: false });
    frameAtMs = null;
    return;
  }
  requestAnimationFrame(playFrame);
}

/** Opens an account's story, or closes it. */
export function openAccount(account: number | null): void {
  useCascade.setState({ account });
}

/** Puts a link to the run at the cursor into the address and the clipboard. */
export async function copyLink(): Promise<void> {
  const { main, eventCount } = useCascade.getState();
  const identity = main?.series.identity ?? null;
  if (main === null || identity === null) return;
  const parameters = await writeRunLink({ scenario: main.scenario, eventCount, identity });
  writeScreenAddress('cascade', parameters);
  try {
    await navigator.clipboard.writeText(location.href);
    tell('news', 'Link copied. Opening it runs the scenario again and compares every event.');
  } catch {
    tell('news', 'The link stands in the address bar: the clipboard was refused.');
  }
}

/** Opens the run that the address carries, once, and compares it with what the link says it was. */
export async function openAddress(): Promise<void> {
  const { screen, parameters } = useScreen.getState();
  if (screen !== 'cascade' || !carriesRun(parameters) || openedLink === parameters) return;
  openedLink = parameters;
  const link = await readRunLink(parameters);
  if (link === null) {
    tell('trouble', 'The link is damaged: expected a run in it, found something else');
    return;
  }
  useCascade.setState({ link: { kind: 'running' } });
  if (!(await begin('main', link.scenario, ''))) {
    useCascade.setState({ link: null });
    return;
  }
  const verdict = await compareLink(link);
  if (verdict === null) return;
  useCascade.setState({ link: verdict });
  moveToEvent(link.eventCount);
}

async function compareLink(link: RunLink): Promise<LinkVerdict | null> {
  const identity = useCascade.getState().main?.series.identity ?? null;
  const answer = await lab.compare({ run: 'main', trail: link.identity.trail });
  if (!answer.ok || identity === null) return null;
  const same = answer.value.kind === 'identical' && identity.stateHash === link.identity.stateHash;
  if (same) return { kind: 'identical', events: identity.events };
  const why =
    identity.engineVersion === link.identity.engineVersion
      ? 'same engine'
      : `engine ${link.identity.engineVersion} then, ${identity.engineVersion} now`;
  const { sameEvents, seenAt } =
    answer.value.kind === 'differs' ? answer.value : { sameEvents: identity.events, seenAt: identity.events };
  return { kind: 'differs', sameEvents, seenAt, why };
}
