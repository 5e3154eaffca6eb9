/** Which source is open, which instrument is in view, and the commands that change either. */
import { create } from 'zustand';
import { type Failure, failure } from '../../engine/core/failure.ts';
import { micros } from '../../engine/core/units.ts';
import type { SourceKind } from '../../engine/market/trust.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import { market } from '../../workers/client/market.ts';
import type { OpenedReplay, OpenedSource } from '../../workers/contract/market-api.ts';
import { feedUrl } from './address.ts';
import { tell } from './notices.ts';
import { usePreferences } from './preferences.ts';

/** Seed of the simulation that a first visit sees: its first minutes move about as much as the recorded market. */
export const FIRST_SEED = 2;
/** Instrument in view where the source does not ask for another. */
const FIRST_INSTRUMENT: InstrumentId = 'binance-usdm:BTCUSDT';
/** Ladder rows per side asked of the worker: enough for a held axis that the market has moved away from. */
const ROWS_PER_SIDE = 200;

interface SourceState {
  readonly status: 'opening' | 'open' | 'failed';
  /** What is being opened or was opened, for people. */
  readonly label: string;
  readonly kind: SourceKind;
  readonly opened: OpenedSource | null;
  readonly replay: OpenedReplay | null;
  /** The file that plays. */
  readonly recording: File | null;
  readonly failure: Failure | null;
  readonly instrument: InstrumentId;
  readonly seed: number;
}

export const useSource = create<SourceState>(() => ({
  status: 'opening',
  label: '',
  kind: 'SIMULATED',
  opened: null,
  replay: null,
  recording: null,
  failure: null,
  instrument: FIRST_INSTRUMENT,
  seed: FIRST_SEED,
}));

/** The contract in view; null until a source told its instruments. */
export function specInView(state: SourceState): ContractSpec | null {
  return state.opened?.instruments.find((spec) => spec.id === state.instrument) ?? null;
}

let openings = 0;

/** Opens a source; a later opening overtakes an earlier one. The source that was open stays on screen when it fails. */
async function open<T extends OpenedSource>(
  next: Pick<SourceState, 'kind' | 'label'>,
  question: () => Promise<
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
  >,
): Promise<T | null> {
  openings += 1;
  const turn = openings;
  useSource.setState({ status: 'opening', failure: null, ...next });
  const result = await question();
  if (turn !== openings) return null;
  if (!result.ok) {
    // Whatever was being opened meanwhile: what is open is what the worker still plays.
    const { opened } = useSource.getState();
    const kept = opened === null ? {} : { kind: opened.kind, label: opened.label };
    useSource.setState({
      ...kept,
      status: opened === null ? 'failed' : 'open',
      failure: result.failure,
    });
    tell('trouble', `${next.label}: ${result.failure.message}`);
    return null;
  }
  const { value } = result;
  const { instrument } = useSource.getState();
  const listed = value.instruments.some((spec) => spec.id === instrument);
  useSource.setState({
    status: 'open',
    kind: value.kind,
    label: value.label,
    opened: value,
    replay: null,
    recording: null,
    failure: null,
    instrument: listed ? instrument : (value.instruments[0]?.id ?? instrument),
  });
  sendView();
  return value;
}

/** Starts the embedded market from a seed. */
export async function openSimulated(seed: number): Promise<void> {
  useSource.setState({ seed });
  await open({ kind: 'SIMULATED', label: `Simulation with seed ${seed}` }, () =>
    market.openSimulated({ seed }),
  );
}

/** Plays a recording. */
export async function openRecording(file: File): Promise<void> {
  const opened = await open({ kind: 'REPLAY', label: file.name }, () =>
    market.openReplay({ name: file.name, file }),
  );
  if (opened !== null) useSource.setState({ replay: opened, recording: file });
}

/** Follows the live market through the relay of this page's own server. */
export async function openLive(): Promise<void> {
  const { instrument } = useSource.getState();
  await open({ kind: 'LIVE', label: 'Live market' }, () =>
    market.openLive({ feedUrl: feedUrl(location), instrument }),
  );
}

/** Says whether a stored or shared seed can be used. */
export function seedFailure(text: string): Failure | null {
  return /^\d{1,9}$/.test(text.trim())
    ? null
    : failure('core/number-malformed', `expected a whole number of at most 9 digits, found "${text}"`);
}

/** Brings an instrument of the open source into view. */
export function viewInstrument(instrument: InstrumentId): void {
  useSource.setState({ instrument });
  sendView();
}

/** Tells the market worker what the page wants painted. */
export function sendView(): void {
  const { instrument } = useSource.getState();
  const { groupTicks } = usePreferences.getState();
  void market.setView({ instrument, groupTicks, rowsPerSide: ROWS_PER_SIDE }).then((result) => {
    if (!result.ok && result.failure.code !== 'source/not-open') tell('trouble', result.failure.message);
  });
}

/** Sends a transport command; a refusal is told. */
export async function sendTransport(command: Parameters<typeof market.transport>[0]): Promise<void> {
  const result = await market.transport(command);
  if (!result.ok) tell('trouble', result.failure.message);
}

/** Moves a replay to an instant. */
export function seekTo(toMicros: number): void {
  void sendTransport({ kind: 'seek', toMicros: micros(Math.round(toMicros)) });
}
