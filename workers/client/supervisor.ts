/** Owns one worker: every call gets a deadline, a lost worker rejects nothing silently and is started again. */
import { type Remote, wrap } from 'comlink';
import { fail, type Result } from '../../engine/core/result.ts';

/** What the page shows of a worker. */
export type WorkerHealth = 'starting' | 'ok' | 'lost';

/** Health of both workers. */
export interface WorkersHealth {
  readonly market: WorkerHealth;
  readonly risk: WorkerHealth;
}

const healthListeners = new Set<(health: WorkersHealth) => void>();
let health: WorkersHealth = { market: 'starting', risk: 'starting' };

/** Calls `listener` now and at every change of the workers' health. */
export function onWorkerHealth(listener: (health: WorkersHealth) => void): () => void {
  healthListeners.add(listener);
  listener(health);
  return () => healthListeners.delete(listener);
}

/** The least a supervised worker must answer. */
interface Pingable {
  ping(): Promise<Result<null>>;
}

const HEARTBEAT_MS = 1_000;
const HEARTBEAT_DEADLINE_MS = 8_000;
const CALL_DEADLINE_MS = 120_000;
const LONGEST_RESTART_DELAY_MS = 10_000;

/** A pending call, so that a lost worker can answer it. */
interface Pending {
  readonly settle: (result: Result<never>) => void;
}

/** Starts, watches and restarts one worker. Start-up and recovery are the same path: `onStarted` runs after both. */
export class Supervisor<Api extends Pingable> {
  readonly #name: keyof WorkersHealth;
  readonly #create: () => Worker;
  readonly #onStarted: (remote: Remote<Api>) => Promise<void>;
  // Held strongly: Comlink closes a call for good when its proxy is collected mid-await.
  #worker: Worker | null = null;
  #remote: Remote<Api> | null = null;
  #ready: Promise<void> = Promise.resolve();
  #health: WorkerHealth = 'starting';
  #restarts = 0;
  #lastPulseMs = 0;
  readonly #pending = new Set<Pending>();

  constructor(options: {
    readonly name: keyof WorkersHealth;
    readonly create: () => Worker;
    readonly onStarted: (remote: Remote<Api>) => Promise<void>;
  }) {
    this.#name = options.name;
    this.#create = options.create;
    this.#onStarted = options.onStarted;
  }

  /** Starts the worker and its heartbeat. Call once. */
  start(): void {
    this.#launch();
    setInterval(() => void this.#beat(), HEARTBEAT_MS);
  }

  /** Asks the worker. Always resolves: with its answer, or with `worker/lost` or `worker/deadline`. */
  call<T>(
    question: (remote: Remote<Api>) => Promise<Result<T>>,
    deadlineMs: number = CALL_DEADLINE_MS,
  ): Promise<Result<T>> {
    return new Promise((resolve) => {
      const settle = (result: Result<T>): void => {
        clearTimeout(timer);
        this.#pending.delete(entry);
        resolve(result);
      };
      const entry: Pending = { settle };
      const timer = setTimeout(
        () =>
          settle(
            fail('worker/deadline', `the ${this.#name} worker did not answer in ${deadlineMs / 1000} s`),
          ),
        deadlineMs,
      );
      this.#pending.add(entry);
      this.#ready
        .then(() => {
          const remote = this.#remote;
          if (remote === null) throw new Error('not running');
          return question(remote);
        })
        .then(settle, (error: unknown) =>
          settle(fail('worker/lost', `the ${this.#name} worker failed: ${String(error)}`)),
        );
    });
  }

  #launch(): void {
    const worker = this.#create();
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#lose(event.message || 'script error');
    });
    worker.addEventListener('messageerror', () => {
      if (this.#worker === worker) this.#lose('unreadable message');
    });
    const remote = wrap<Api>(worker);
    this.#worker = worker;
    this.#remote = remote;
    this.#lastPulseMs = performance.now();
    this.#ready = this.#onStarted(remote).then(() => {
      if (this.#worker !== worker) return;
      this.#lastPulseMs = performance.now();
      this.#setHealth('ok');
    });
    this.#ready.catch((error: unknown) => {
      if (this.#worker === worker) this.#lose(String(error));
    });
  }

  async #beat(): Promise<void> {
    const worker = this.#worker;
    const remote = this.#remote;
    if (worker === null || remote === null) return;
    const askedMs = performance.now();
    // A page that itself slept must not blame the worker: judge only pulses asked for while awake.
    if (askedMs - this.#lastPulseMs > HEARTBEAT_DEADLINE_MS * 2) this.#lastPulseMs = askedMs;
    if (askedMs - this.#lastPulseMs > HEARTBEAT_DEADLINE_MS) {
      this.#lose(`no heartbeat for ${HEARTBEAT_DEADLINE_MS / 1000} s`);
      return;
    }
    try {
      await (remote as unknown as Pingable).ping();
      if (this.#worker !== worker) return;
      this.#lastPulseMs = performance.now();
      if (this.#health === 'ok') this.#restarts = 0;
    } catch (error) {
      if (this.#worker === worker) this.#lose(String(error));
    }
  }

  #lose(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#remote = null;
    this.#setHealth('lost');
    for (const pending of [...this.#pending]) {
      pending.settle(fail('worker/lost', `the ${this.#name} worker was lost: ${reason}`));
    }
    const delayMs = Math.min(LONGEST_RESTART_DELAY_MS, 250 * 2 ** this.#restarts);
    this.#restarts++;
    setTimeout(() => this.#launch(), delayMs);
  }

  #setHealth(state: WorkerHealth): void {
    if (state === this.#health) return;
    this.#health = state;
    health = { ...health, [this.#name]: state };
    for (const listener of healthListeners) listener(health);
  }
}
