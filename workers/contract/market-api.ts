/** Contract of the market worker. Calls are questions and commands; data travels on the stream ports. */
import type { Result } from '../../engine/core/result.ts';
import type { Micros } from '../../engine/core/units.ts';
import type { SourceKind } from '../../engine/market/trust.ts';
import type { ContractSpec, InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { MarketFork } from '../../engine/simulation/cascade-lab/fork-scenario.ts';
import type { PaperApi } from './paper.ts';

/** What the page wants painted. */
export interface MarketView {
  readonly instrument: InstrumentId;
  /** Ticks per ladder row: 1, 10, 100 or 1000. */
  readonly groupTicks: number;
  /** Rows per side, at most 200. */
  readonly rowsPerSide: number;
}

/** Commands of the transport bar. */
export type TransportCommand =
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  /** Applies exactly one book event and pauses. */
  | { readonly kind: 'step' }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'seek'; readonly toMicros: Micros };

/** A market to be read through from beginning to end, which nobody watches. */
export type ReadSource =
  | { readonly kind: 'recording'; readonly name: string; readonly file: Blob }
  /** `hours` of the market of a seed, more than 0 and at most 24. */
  | { readonly kind: 'simulated'; readonly seed: number; readonly hours: number };

/** What was opened. */
export interface OpenedSource {
  readonly kind: SourceKind;
  /** For people: file name, seed or venue. */
  readonly label: string;
  readonly instruments: readonly ContractSpec[];
}

/** Findings of reading a recording: what plays and what does not. */
export interface OpenedReplay extends OpenedSource {
  readonly lines: number;
  readonly brokenLines: number;
  /** The first few broken lines, each named with its number, what was expected and what was found. */
  readonly brokenSamples: readonly string[];
  readonly startMicros: Micros;
  readonly endMicros: Micros;
}

/** Methods of the market worker. Every answer is a Result; a rejection means a defect or a dead worker. */
export interface MarketApi extends PaperApi {
  /** Heartbeat. */
  ping(): Promise<Result<null>>;
  openSimulated(options: { readonly seed: number }): Promise<Result<OpenedSource>>;
  openReplay(options: { readonly name: string; readonly file: Blob }): Promise<Result<OpenedReplay>>;
  /** `feedUrl` is the proxy of this page's own origin. */
  openLive(options: {
    readonly feedUrl: string;
    readonly instrument: InstrumentId;
  }): Promise<Result<OpenedSource>>;
  /** Gives up what is being opened: it answers `worker/cancelled`, and what was open goes on. */
  cancelOpening(): Promise<Result<null>>;
  /** An instrument as it stands, for a cascade to start from. Changes nothing. */
  forkMarket(question: { readonly instrument: InstrumentId }): Promise<Result<MarketFork>>;
  /**
   * Reads a market through as fast as it can and sends {@link MarksPiece}s on a port, in which credit is granted. What is
   * open is not touched, but waits its turn: a worker of its own is the better place. Answers when all was sent.
   */
  readMarks(question: { readonly from: ReadSource; readonly port: MessagePort }): Promise<Result<null>>;
  setView(view: MarketView): Promise<Result<null>>;
  transport(command: TransportCommand): Promise<Result<null>>;
  /** Hands over the stream port of {@link MarketFrame}s; the page grants credit on it. */
  connectPage(port: MessagePort): Promise<Result<null>>;
  /** Hands over the port on which {@link MarksFrame}s go to the risk worker. */
  connectRisk(port: MessagePort): Promise<Result<null>>;
}
