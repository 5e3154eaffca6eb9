/** The lab worker's service: runs scenarios in slices between answers, so that it can always be asked and stopped. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import {
  DEFAULT_POPULATION,
  type PopulationParameters,
} from '../../engine/risk/crowd/population-parameters.ts';
import type { CascadeScenario } from '../../engine/simulation/cascade/cascade-scenario.ts';
import { parseScenario } from '../../engine/simulation/cascade/parse-scenario.ts';
import { CASCADE_LIBRARY } from '../../engine/simulation/cascade/scenarios/library.ts';
import { BTC_BRACKETS_2026, crowd } from '../../engine/simulation/cascade/scenarios/scenario-parts.ts';
import {
  accountRecords,
  exportAccounts,
  exportEvents,
  importAccounts,
  importEvents,
} from '../../engine/simulation/cascade-lab/cascade-files.ts';
import { type AccountStory, storyOf } from '../../engine/simulation/cascade-lab/cascade-recorder.ts';
import {
  compareTrail,
  EventTrail,
  type TrailComparison,
} from '../../engine/simulation/cascade-lab/event-trail.ts';
import { forkScenario, type MarketFork } from '../../engine/simulation/cascade-lab/fork-scenario.ts';
import { type Rescue, searchRescue } from '../../engine/simulation/cascade-lab/rescue-search.ts';
import type {
  AccountPage,
  AccountQuestion,
  CrowdAnswer,
  CrowdQuestion,
  CursorView,
  ImportedFile,
  LabApi,
  MarketCrowdColumns,
  MarketCrowdQuestion,
  QueueRow,
  RunName,
  ScenarioCard,
  SeriesHeld,
  SeriesPart,
} from '../contract/lab-api.ts';
import { yieldTurn } from '../shared/yield-turn.ts';
import { CrowdDesk } from './crowd-desk.ts';
import { MarketCrowd } from './market-crowd.ts';
import { RunDesk } from './run-desk.ts';

/** Work between two turns of the worker's message loop. */
const SLICE_MS = 14;
const FORK_SEED = 1;
/** Crowd assumed behind a forked market. */
const FORK_ACCOUNTS = 5_000;
const FORK_OPEN_INTEREST = 1e9;

const notOpen = (run: RunName): Result<never> =>
  fail('scenario/not-open', `expected a ${run} run, found none started`);

/** Implements {@link LabApi} without Comlink, so that tests call it directly. */
export class LabService implements LabApi {
  readonly #desks: Record<RunName, RunDesk | null> = { main: null, other: null };
  readonly #crowd = new CrowdDesk();
  readonly #market = new MarketCrowd();
  /** Runs begun by the search in progress, and the number of the search: a newer one ends it. */
  #rescueRuns = 0;
  #search = 0;

  async ping(): Promise<Result<null>> {
    return ok(null);
  }

  async library(): Promise<Result<readonly ScenarioCard[]>> {
    return ok(
      CASCADE_LIBRARY.map((scenario) => {
        const { id, title, kind, about, published } = scenario;
        return { id, title, kind, about, published, scenario };
      }),
    );
  }

  async readScenario(text: string): Promise<Result<CascadeScenario>> {
    return parseScenario(text);
  }

  async start(question: { readonly run: RunName; readonly text: string }): Promise<Result<CascadeScenario>> {
    const scenario = parseScenario(question.text);
    if (!scenario.ok) return scenario;
    const desk = new RunDesk(scenario.value);
    this.#desks[question.run] = desk;
    this.#search++;
    void this.#drive(question.run, desk);
    return scenario;
  }

  async drop(run: RunName): Promise<Result<null>> {
    this.#desks[run] = null;
    return ok(null);
  }

  async series(question: {
    readonly run: RunName;
    readonly market: number;
    readonly held: SeriesHeld;
  }): Promise<Result<SeriesPart>> {
    const desk = this.#desks[question.run];
    return desk === null ? notOpen(question.run) : ok(desk.series(question.market, question.held));
  }

  async viewAt(question: {
    readonly run: RunName;
    readonly eventCount: number;
    readonly market: number;
  }): Promise<Result<CursorView>> {
    const desk = this.#desks[question.run];
    const view = desk?.view(question.eventCount, question.market) ?? null;
    return view === null ? notOpen(question.run) : ok(view);
  }

  async queueAt(question: {
    readonly run: RunName;
    readonly eventCount: number;
    readonly market: number;
    readonly side: 'long' | 'short';
    readonly count: number;
  }): Promise<Result<readonly QueueRow[]>> {
    const { run, eventCount, market, side, count } = question;
    const desk = this.#desks[run];
    return desk === null ? notOpen(run) : ok(desk.queue(eventCount, market, side, count));
  }

  async accountsAt(question: AccountQuestion): Promise<Result<AccountPage>> {
    const desk = this.#desks[question.run];
    return desk === null ? notOpen(question.run) : ok(desk.accounts(question));
  }

  async story(question: {
    readonly run: RunName;
    readonly account: number;
  }): Promise<Result<AccountStory | null>> {
    const desk = this.#desks[question.run];
    return desk === null ? notOpen(question.run) : ok(storyOf(desk.recorder.events, question.account));
  }

  async rescue(question: {
    readonly run: RunName;
    readonly account: number;
    readonly market: number;
  }): Promise<Result<Rescue>> {
    const desk = this.#desks[question.run];
    if (desk === null) return notOpen(question.run);
    const turn = ++this.#search;
    const { scenario, events } = desk.recorder;
    const search = searchRescue(scenario, events, question.account, question.market);
    for (;;) {
      const until = performance.now() + SLICE_MS;
      while (performance.now() < until) {
        const next = search.next();
        if (next.done === true) {
          this.#rescueRuns = 0;
          if (next.value !== null) return ok(next.value);
          return fail('scenario/not-liquidated', `account ${question.account} is not liquidated in this run`);
        }
        this.#rescueRuns = next.value;
      }
      await yieldTurn();
      if (turn !== this.#search) return fail('worker/cancelled', 'the search was given up');
    }
  }

  async rescueProgress(): Promise<Result<number>> {
    return ok(this.#rescueRuns);
  }

  async cancelRescue(): Promise<Result<null>> {
    this.#search++;
    this.#rescueRuns = 0;
    return ok(null);
  }

  async compare(question: {
    readonly run: RunName;
    readonly trail: Parameters<typeof compareTrail>[0];
  }): Promise<Result<TrailComparison>> {
    const desk = this.#desks[question.run];
    return desk === null ? notOpen(question.run) : ok(compareTrail(question.trail, desk.recorder.events));
  }

  async exportFile(question: Parameters<LabApi['exportFile']>[0]): Promise<Result<string>> {
    const { run, what, format, eventCount, market } = question;
    const desk = this.#desks[run];
    if (desk === null) return notOpen(run);
    if (what === 'scenario') return ok(`${JSON.stringify(desk.recorder.scenario, null, 2)}\n`);
    if (what === 'events') return ok(exportEvents(desk.recorder.events, format));
    return ok(exportAccounts(accountRecords(desk.columns(eventCount, market)), format));
  }

  async importFile(question: {
    readonly run: RunName;
    readonly text: string;
  }): Promise<Result<ImportedFile>> {
    const { text } = question;
    const head = text.slice(0, 200);
    const format = text.startsWith('{') ? 'json' : 'csv';
    if (head.includes('cascade-events') || head.startsWith('id,atMicros')) {
      const events = importEvents(text);
      if (!events.ok) return events;
      const trail = new EventTrail();
      for (const event of events.value) trail.add(event);
      const recorder = this.#desks[question.run]?.recorder;
      const comparison = recorder?.done === true ? compareTrail(trail.marks(), recorder.events) : null;
      const sameBytes = exportEvents(events.value, format) === text;
      return ok({ what: 'events', scenario: null, rows: events.value.length, sameBytes, comparison });
    }
    if (head.includes('cascade-accounts') || head.startsWith('account,')) {
      const accounts = importAccounts(text);
      if (!accounts.ok) return accounts;
      const sameBytes = exportAccounts(accounts.value, format) === text;
      return ok({
        what: 'accounts',
        scenario: null,
        rows: accounts.value.length,
        sameBytes,
        comparison: null,
      });
    }
    const scenario = parseScenario(text);
    if (!scenario.ok) return scenario;
    const sameBytes = `${JSON.stringify(scenario.value, null, 2)}\n` === text;
    return ok({ what: 'scenario', scenario: scenario.value, rows: 1, sameBytes, comparison: null });
  }

  async forkScenario(fork: MarketFork): Promise<Result<CascadeScenario>> {
    const population = crowd(FORK_ACCOUNTS, FORK_OPEN_INTEREST);
    return parseScenario(forkScenario(fork, { seed: FORK_SEED, population, brackets: BTC_BRACKETS_2026 }));
  }

  async openCrowd(changes: Partial<PopulationParameters>): Promise<Result<{ readonly accounts: number }>> {
    return this.#crowd.open({ ...DEFAULT_POPULATION, ...changes });
  }

  async marketCrowd(question: MarketCrowdQuestion): Promise<Result<MarketCrowdColumns>> {
    return this.#market.columns(question);
  }

  async crowdWhatIf(question: CrowdQuestion): Promise<Result<CrowdAnswer>> {
    return this.#crowd.whatIf(question);
  }

  /** Runs a desk to its end unless another takes its place; between slices the worker answers. */
  async #drive(name: RunName, desk: RunDesk): Promise<void> {
    while (!desk.recorder.done && this.#desks[name] === desk) {
      const until = performance.now() + SLICE_MS;
      while (!desk.recorder.done && performance.now() < until) desk.recorder.advance();
      await yieldTurn();
    }
  }
}
