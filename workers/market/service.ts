/** The market worker's service: opens sources, runs the loop, answers the page. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { SECOND_MICROS } from '../../engine/core/units.ts';
import { findListing, LISTINGS } from '../../engine/reference/instruments/listings.ts';
import type { MarketFork } from '../../engine/simulation/cascade-lab/fork-scenario.ts';
import type { PaperCommand } from '../../engine/simulation/paper/paper-orders.ts';
import type {
  MarketApi,
  MarketView,
  OpenedReplay,
  OpenedSource,
  ReadSource,
  TransportCommand,
} from '../contract/market-api.ts';
import type { OrderEstimate, OrderStory, PaperOrder, PaperOrderId, PaperReceipt } from '../contract/paper.ts';
import { forkOf } from './fork.ts';
import { LiveSource } from './live-source.ts';
import { readMarks } from './mark-reading.ts';
import { MarketRun } from './market-run.ts';
import { Publisher } from './publisher.ts';
import { ReplaySource } from './replay-source.ts';
import { SimulatedSource } from './simulated-source.ts';
import type { MarketSource } from './source.ts';

const LOOP_MS = 8;
const PUMP_BUDGET_MS = 10;
const CLOCK_INTERVAL_MS = 200;
const MOST_ROWS = 200;
const SPEEDS = { least: 0.1, most: 1_000 };

/** An order of the reader. */
interface PaperOrderName {
  readonly instrument: MarketView['instrument'];
  readonly id: PaperOrderId;
}

const notSimulated = (): Result<never> =>
  fail('paper/not-simulated', 'orders can be sent to the simulated market alone');

/** Implements {@link MarketApi} without Comlink, so that tests call it directly. */
export class MarketService implements MarketApi {
  readonly #publisher = new Publisher();
  #run: MarketRun | null = null;
  #view: MarketView = { instrument: 'binance-usdm:BTCUSDT', groupTicks: 1, rowsPerSide: 60 };
  #clockAtMs = performance.now();
  #clockWallMs = Date.now();
  /** Counts wishes to open something: the newest is the one that holds, whichever is ready first. */
  #wish = 0;
  readonly #loop: ReturnType<typeof setInterval>;

  constructor() {
    this.#loop = setInterval(() => this.#tick(), LOOP_MS);
  }

  /** Stops the loop and the source; for tests. */
  dispose(): void {
    clearInterval(this.#loop);
    this.#run?.source.close();
  }

  async ping(): Promise<Result<null>> {
    return ok(null);
  }

  async openSimulated(options: { readonly seed: number }): Promise<Result<OpenedSource>> {
    const wish = ++this.#wish;
    if (!Number.isSafeInteger(options.seed) || options.seed < 0) {
      return fail('worker/request-malformed', `expected a seed from 0 to 2^53, found ${options.seed}`);
    }
    return this.#open(wish, new SimulatedSource(options.seed));
  }

  async openReplay(options: { readonly name: string; readonly file: Blob }): Promise<Result<OpenedReplay>> {
    const wish = ++this.#wish;
    const source = await ReplaySource.read(options.name, options.file, () => wish === this.#wish);
    if (!source.ok) return source;
    const opened = await this.#open(wish, source.value);
    return opened.ok ? ok({ ...opened.value, ...source.value.findings }) : opened;
  }

  async openLive(options: {
    readonly feedUrl: string;
    readonly instrument: MarketView['instrument'];
  }): Promise<Result<OpenedSource>> {
    const wish = ++this.#wish;
    const chosen = findListing(options.instrument);
    if (chosen === null || chosen.venue !== 'binance-usdm') {
      return fail(
        'reference/instrument-unknown',
        `expected a Binance USDT-M perpetual, found ${options.instrument}`,
      );
    }
    const others = LISTINGS.filter((spec) => spec.venue === 'binance-usdm' && spec.id !== chosen.id);
    return this.#open(wish, new LiveSource(options.feedUrl, [chosen, ...others]));
  }

  async cancelOpening(): Promise<Result<null>> {
    this.#wish++;
    return ok(null);
  }

  async forkMarket(question: { readonly instrument: MarketView['instrument'] }): Promise<Result<MarketFork>> {
    return this.#run === null
      ? fail('source/not-open', 'no source is open')
      : forkOf(this.#run, question.instrument);
  }

  async readMarks(question: {
    readonly from: ReadSource;
    readonly port: MessagePort;
  }): Promise<Result<null>> {
    return readMarks(question.from, question.port);
  }

  async setView(view: MarketView): Promise<Result<null>> {
    const { groupTicks, rowsPerSide } = view;
    if (
      !Number.isSafeInteger(groupTicks) ||
      groupTicks < 1 ||
      !Number.isInteger(rowsPerSide) ||
      rowsPerSide < 1
    ) {
      return fail(
        'worker/request-malformed',
        `expected positive whole numbers, found ${groupTicks}, ${rowsPerSide}`,
      );
    }
    this.#view = { ...view, rowsPerSide: Math.min(rowsPerSide, MOST_ROWS) };
    const run = this.#run;
    if (run === null) return ok(null);
    run.viewed.dirty = true;
    if (!run.view(view.instrument)) {
      return fail('reference/instrument-unknown', `${view.instrument} is not in ${run.source.label}`);
    }
    return ok(null);
  }

  async transport(command: TransportCommand): Promise<Result<null>> {
    const run = this.#run;
    if (run === null) return fail('source/not-open', 'no source is open');
    if (command.kind === 'speed' && !(command.speed >= SPEEDS.least && command.speed <= SPEEDS.most)) {
      return fail(
        'worker/request-malformed',
        `expected a speed from ${SPEEDS.least} to ${SPEEDS.most}, found ${command.speed}`,
      );
    }
    await run.source.transport(command);
    run.viewed.dirty = true;
    return ok(null);
  }

  async placePaperOrder(order: PaperOrder): Promise<Result<PaperReceipt>> {
    return this.#send({ kind: 'place', order });
  }

  async estimatePaperOrder(order: PaperOrder): Promise<Result<OrderEstimate | null>> {
    const paper = this.#run?.source.paper ?? null;
    return paper === null ? notSimulated() : paper.estimate(order);
  }

  async cancelPaperOrder(question: PaperOrderName): Promise<Result<PaperReceipt>> {
    return this.#send({ kind: 'cancel', ...question });
  }

  async cancelAllPaperOrders(question: {
    readonly instrument: MarketView['instrument'];
  }): Promise<Result<null>> {
    return this.#ask({ kind: 'cancel-all', ...question });
  }

  async amendPaperOrder(
    question: PaperOrderName & { readonly priceTicks: number; readonly sizeLots: number },
  ): Promise<Result<PaperReceipt>> {
    return this.#send({ kind: 'amend', ...question });
  }

  async inspectPaperOrder(question: PaperOrderName): Promise<Result<OrderStory>> {
    const paper = this.#run?.source.paper ?? null;
    return paper === null ? notSimulated() : paper.story(question.instrument, question.id);
  }

  async interruptMarket(question: {
    readonly instrument: MarketView['instrument'];
    readonly seconds: number;
  }): Promise<Result<null>> {
    return this.#ask({ kind: 'interrupt', ...question });
  }

  async connectPage(port: MessagePort): Promise<Result<null>> {
    this.#publisher.connectPage(port);
    if (this.#run !== null) this.#run.viewed.restarted = true;
    return ok(null);
  }

  async connectRisk(port: MessagePort): Promise<Result<null>> {
    this.#publisher.connectRisk(port);
    return ok(null);
  }

  async #open(wish: number, source: MarketSource): Promise<Result<OpenedSource>> {
    if (wish !== this.#wish) return fail('worker/cancelled', 'something else was opened meanwhile');
    const run = new MarketRun(source);
    run.view(this.#view.instrument);
    this.#run?.source.close();
    // Time before the run does not count as a timer that came late.
    this.#clockAtMs = performance.now();
    this.#clockWallMs = Date.now();
    // In force at once: what a source delivers while it starts is already worth seeing.
    this.#run = run;
    await source.start(run);
    if (this.#run !== run) return fail('worker/cancelled', 'another source was opened meanwhile');
    return ok({ kind: source.kind, label: source.label, instruments: source.instruments });
  }

  /** A command of the reader to the simulated market; what it changed is shown soon. */
  #submit(command: PaperCommand): Result<PaperReceipt | null> {
    const run = this.#run;
    if (run === null || run.source.paper === null) return notSimulated();
    run.viewed.dirty = true;
    return run.source.paper.submit(command);
  }

  /** A command about an order, which is answered by a receipt. */
  #send(command: PaperCommand): Result<PaperReceipt> {
    const answer = this.#submit(command);
    if (!answer.ok) return answer;
    if (answer.value === null) throw new Error('a command about an order has a receipt');
    return ok(answer.value);
  }

  /** A command without a receipt. */
  #ask(command: PaperCommand): Result<null> {
    const answer = this.#submit(command);
    return answer.ok ? ok(null) : answer;
  }

  #tick(): void {
    const run = this.#run;
    if (run === null) return;
    this.#pump(run);
    // Within a seek nothing is judged and nothing shown; the moment it ends is judged before it is shown.
    if (run.source.busy) return;
    this.#clock(run);
    this.#publisher.publish(run, this.#view);
  }

  /** Lets the run go on, second by second: the risk worker is told of every one, however many pass at once. */
  #pump(run: MarketRun): void {
    const { source } = run;
    const endMs = performance.now() + PUMP_BUDGET_MS;
    for (let leftMs = PUMP_BUDGET_MS; leftMs > 0; leftMs = endMs - performance.now()) {
      const second = (Math.floor(source.nowMicros() / SECOND_MICROS) + 1) * SECOND_MICROS;
      source.pump(leftMs, second);
      if (source.kind === 'LIVE' || source.busy || source.nowMicros() < second) return;
      run.clock(0);
      this.#publisher.pass(run);
    }
  }

  #clock(run: MarketRun): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - this.#clockAtMs;
    const isLive = run.source.kind === 'LIVE';
    if (sinceMs < CLOCK_INTERVAL_MS && (isLive || !run.isClockDue)) return;
    const wallMs = Date.now();
    // While a machine sleeps the smooth clock stands still on some systems, but the wall clock never does.
    const passedMs = Math.max(sinceMs, wallMs - this.#clockWallMs);
    this.#clockAtMs = nowMs;
    this.#clockWallMs = wallMs;
    const lateMs = Math.max(0, passedMs - CLOCK_INTERVAL_MS - LOOP_MS);
    // A run on its own clock does not age while this machine sleeps.
    run.clock(isLive ? Math.round(lateMs * 1_000) : 0);
  }
}
