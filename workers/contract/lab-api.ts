/** Contract of the lab worker: runs cascades to their end and answers questions about any moment of them. */
import type { Result } from '../../engine/core/result.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { PopulationParameters } from '../../engine/risk/crowd/population-parameters.ts';
import type {
  CascadeMeasure,
  CascadeScenario,
  PublishedFigure,
} from '../../engine/simulation/cascade/cascade-scenario.ts';
import type { CascadeRatio } from '../../engine/simulation/cascade/cascade-view.ts';
import type { WaveTotals } from '../../engine/simulation/cascade/wave-totals.ts';
import type { FileFormat } from '../../engine/simulation/cascade-lab/cascade-files.ts';
import type { AccountStory } from '../../engine/simulation/cascade-lab/cascade-recorder.ts';
import type { TrailComparison, TrailMark } from '../../engine/simulation/cascade-lab/event-trail.ts';
import type { MarketFork } from '../../engine/simulation/cascade-lab/fork-scenario.ts';
import type { Rescue } from '../../engine/simulation/cascade-lab/rescue-search.ts';

export {
  EVENT_KINDS,
  FORCED,
  FORCED_STRIDE,
  SAMPLE,
  SAMPLE_STRIDE,
} from '../../engine/simulation/cascade-lab/cascade-recorder.ts';

/** Two runs can be held at a time; `other` is the one compared with. */
export type RunName = 'main' | 'other';

/** A scenario of the library. */
export interface ScenarioCard {
  readonly id: string;
  readonly title: string;
  readonly kind: CascadeScenario['kind'];
  readonly about: string;
  readonly published: readonly PublishedFigure[];
  readonly scenario: CascadeScenario;
}

/** How far the reader has a series already: lengths of the arrays held. */
export interface SeriesHeld {
  readonly samples: number;
  readonly events: number;
  readonly forced: number;
}

/** What was added to a run's series since it was asked last, packed by `SAMPLE` and `FORCED`. */
export interface SeriesPart {
  readonly done: boolean;
  readonly atMicros: number;
  readonly endMicros: number;
  readonly samples: Float64Array;
  readonly eventTimes: Float64Array;
  /** Places in `EVENT_KINDS`. */
  readonly eventKinds: Uint8Array;
  readonly eventWaves: Uint16Array;
  readonly forced: Float64Array;
  /** Once the run is done. */
  readonly identity: RunIdentity | null;
  readonly measures: Readonly<Record<CascadeMeasure, number | null>> | null;
}

/** What a run is known by anywhere. */
export interface RunIdentity {
  readonly engineVersion: string;
  readonly scenarioHash: number;
  readonly stateHash: number;
  readonly events: number;
  readonly trail: readonly TrailMark[];
}

/** One place of an ADL queue. */
export interface QueueRow {
  readonly account: number;
  readonly name: string;
  readonly rank: number;
  readonly of: number;
  readonly lights: number;
  readonly score: number;
  readonly sizeLots: number;
  /** Lots of those ahead. */
  readonly lotsAhead: number;
  /**
   * Lots it would give up and the gain it would miss, currency, if the mark jumped by `RATIO_BPS` and what falls on the
   * way met neither book nor fund, closed at the mark before the jump. Estimated.
   */
  readonly expectedLots: number;
  readonly expectedLoss: number;
}

/** The state of one market of a run after an event. */
export interface CursorView {
  readonly atMicros: number;
  readonly eventCount: number;
  readonly lastTicks: number;
  readonly markTicks: number;
  readonly indexTicks: number;
  /** Best first: ticks, lots, ticks, lots … */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  readonly depthPermille: number;
  readonly halted: boolean;
  readonly openInterestLots: number;
  readonly fundCash: number;
  readonly fundEquity: number;
  readonly fundLots: number;
  readonly waiting: number;
  readonly down: CascadeRatio;
  readonly up: CascadeRatio;
  readonly waves: readonly WaveTotals[];
  /** Estimated liquidations by price: ticks of the row's lower edge, notional of longs, of shorts. */
  readonly fallRows: Float64Array;
  readonly fallRowTicks: number;
  readonly liquidated: number;
  readonly partly: number;
  readonly deleveraged: number;
  readonly liquidationLoss: number;
  readonly adlLoss: number;
  /** Cumulated share of losses by share of accounts that lost, smallest first: pairs. */
  readonly lorenz: Float64Array;
  /** 0 all lose alike, 1 one loses all. */
  readonly gini: number;
}

/** How the accounts are ordered and which are shown. */
export interface AccountQuestion {
  readonly run: RunName;
  readonly eventCount: number;
  readonly market: number;
  readonly sort: 'worst' | 'ratio' | 'loss' | 'size' | 'account';
  readonly show: 'all' | 'liquidated' | 'deleveraged' | 'open';
  readonly from: number;
  readonly count: number;
}

/** A row of the accounts table. Prices in ticks, money in currency. */
export interface AccountRow {
  readonly account: number;
  readonly name: string;
  readonly sizeLots: number;
  readonly entryTicks: number;
  readonly liquidationTicks: number;
  readonly marginRatio: number;
  readonly equity: number;
  /** Bits: 1 partly liquidated, 2 liquidated, 4 deleveraged, 8 waiting. */
  readonly fates: number;
  readonly liquidationLoss: number;
  readonly adlLoss: number;
}

/** A stretch of the accounts in order. */
export interface AccountPage {
  readonly from: number;
  readonly total: number;
  readonly rows: readonly AccountRow[];
}

/** A shock against a crowd of up to a million, by the fast approximation. */
export interface CrowdQuestion {
  readonly direction: 'fall' | 'rise';
  /** Sold or bought at market, currency. */
  readonly shockNotional: number;
  /** Price impact of a million of currency, basis points: the same at every price. */
  readonly lambdaBps: number;
}

/** What falls. */
export interface CrowdAnswer {
  readonly waves: number;
  readonly accounts: number;
  readonly notional: number;
  readonly lastPrice: number;
  readonly startPrice: number;
  /** Forced flow ÷ liquidity over the next 5 %; null where there is no liquidity. */
  readonly ratio: number | null;
  /** Price from which forced orders alone carry the market on; null where none is in sight. */
  readonly tippingPrice: number | null;
  readonly tippingRunsTo: number | null;
  /** Notional that falls by price: lower edge of each row, then notional, from the lowest price. */
  readonly rows: Float64Array;
  readonly rowWidth: number;
}

/** Which rows of a ladder are asked about; row r begins at `fromTicks + r × ticksPerRow`. */
export interface MarketCrowdQuestion {
  readonly instrument: InstrumentId;
  readonly markTicks: number;
  readonly fromTicks: number;
  readonly ticksPerRow: number;
  readonly rows: number;
}

/** What an assumed crowd around a market's mark would lose at which price: estimates. */
export interface MarketCrowdColumns {
  /** Notional of longs, of shorts that falls in each row, currency. */
  readonly longs: Float64Array;
  readonly shorts: Float64Array;
  /** Prices in ticks from which forced orders alone would carry the market on, in a book as thin as in stress. */
  readonly tipsDownTicks: number | null;
  readonly tipsUpTicks: number | null;
}

/** Methods of the lab worker. */
export interface LabApi {
  /** Heartbeat. */
  ping(): Promise<Result<null>>;
  library(): Promise<Result<readonly ScenarioCard[]>>;
  /** Reads a scenario's JSON: `scenario/malformed` names path, expected and found. */
  readScenario(text: string): Promise<Result<CascadeScenario>>;
  /** Begins a run; it goes on by itself and replaces the one of this name. Answers with the scenario as read. */
  start(question: { readonly run: RunName; readonly text: string }): Promise<Result<CascadeScenario>>;
  /** Gives up a run and forgets it. */
  drop(run: RunName): Promise<Result<null>>;
  series(question: {
    readonly run: RunName;
    readonly market: number;
    readonly held: SeriesHeld;
  }): Promise<Result<SeriesPart>>;
  viewAt(question: {
    readonly run: RunName;
    readonly eventCount: number;
    readonly market: number;
  }): Promise<Result<CursorView>>;
  queueAt(question: {
    readonly run: RunName;
    readonly eventCount: number;
    readonly market: number;
    readonly side: 'long' | 'short';
    readonly count: number;
  }): Promise<Result<readonly QueueRow[]>>;
  accountsAt(question: AccountQuestion): Promise<Result<AccountPage>>;
  /** Why an account was liquidated or deleveraged; null where nothing happened to it. */
  story(question: { readonly run: RunName; readonly account: number }): Promise<Result<AccountStory | null>>;
  /** What would have saved an account; answers when the search ends. One search at a time. */
  rescue(question: {
    readonly run: RunName;
    readonly account: number;
    readonly market: number;
  }): Promise<Result<Rescue>>;
  /** Runs begun by the search in progress; 0 where there is none. */
  rescueProgress(): Promise<Result<number>>;
  cancelRescue(): Promise<Result<null>>;
  /** Compares a run that is done with the places of another. */
  compare(question: {
    readonly run: RunName;
    readonly trail: readonly TrailMark[];
  }): Promise<Result<TrailComparison>>;
  /** Text of a file: the scenario (JSON alone), the events, or the accounts after an event. */
  exportFile(question: {
    readonly run: RunName;
    readonly what: 'scenario' | 'events' | 'accounts';
    readonly format: FileFormat;
    readonly eventCount: number;
    readonly market: number;
  }): Promise<Result<string>>;
  /** Reads an exported file and says how it compares with the run: to events of this run, or to its accounts. */
  importFile(question: { readonly run: RunName; readonly text: string }): Promise<Result<ImportedFile>>;
  /** A scenario from a market as it stands. */
  forkScenario(fork: MarketFork): Promise<Result<CascadeScenario>>;
  /** Draws a crowd for the fast approximation: the documented default with changes. */
  openCrowd(changes: Partial<PopulationParameters>): Promise<Result<{ readonly accounts: number }>>;
  crowdWhatIf(question: CrowdQuestion): Promise<Result<CrowdAnswer>>;
  /** What would fall in each row of a market's ladder, from the documented default crowd around its mark. */
  marketCrowd(question: MarketCrowdQuestion): Promise<Result<MarketCrowdColumns>>;
}

/** What an imported file was found to be. */
export interface ImportedFile {
  readonly what: 'scenario' | 'events' | 'accounts';
  /** The scenario read, where it was one. */
  readonly scenario: CascadeScenario | null;
  readonly rows: number;
  /** Writing it again gives the same bytes. */
  readonly sameBytes: boolean;
  /** Events: against the run; null where no run is done or the file holds none. */
  readonly comparison: TrailComparison | null;
}
