/** Owns one worker: every call gets a deadline, a lost worker rejects nothing silently and is started again. */
import { type Remote, wrap } from 'comlink';
import { fail, type Result } from '../../engine/core/result.ts';

/** What the page shows of a worker. */
export type WorkerHealth = 'starting' | 'ok' | 'lost';

/** Health of the workers. Lab and SPAN start when they are first asked; until then they are `starting`. */
export interface WorkersHealth {
  readonly market: WorkerHealth;
  readonly risk: WorkerHealth;
  readonly lab: WorkerHealth;
  readonly span: WorkerHealth;
}

const healthListeners = new Set<(health: WorkersHealth) => void>();
let health: WorkersHealth = { market: 'starting', risk: 'starting', lab: 'starting', span: 'starting' };

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
/** A worker that was well for this long has earned a quick restart; one that dies again and again has not. */
const STEADY_MS = 60_000;

/** A pending call, so that a lost worker can answer it. */
interface Pending {
  readonly settle: (result: Result<never>) => void;
}

/** What calls wait for: opened when a worker is ready, replaced by a closed one when it is lost. */
interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function closedGate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Starts, watches and restarts one worker. Start-up and recovery are the same path: `onStarted` runs after both. */
export class Supervisor<Api extends Pingable> {
  readonly #name: keyof WorkersHealth;
  readonly #create: () => Worker;
  readonly #onStarted: (remote: Remote<Api>, restarts: number) => Promise<void>;
  // Held strongly: Comlink closes a call for good when its proxy is collected mid-await.
  #worker: Worker | null = null;
  #remote: Remote<Api> | null = null;
  #gate = closedGate();
  #health: WorkerHealth = 'starting';
  #restarts = 0;
  #wellSinceMs = 0;
  #lastPulseMs = 0;
  #lastBeatMs = 0;
  readonly #pending = new Set<Pending>();

  /** @param options.onStarted - tells a new worker what it must know; `restarts` counts those in quick succession */
  constructor(options: {
    readonly name: keyof WorkersHealth;
    readonly create: () => Worker;
    readonly onStarted: (remote: Remote<Api>, restarts: number) => Promise<void>;
  }) {
    this.#name = options.name;
    this.#create = options.create;
    this.#onStarted = options.onStarted;
  }

  /** Starts the worker and its heartbeat. Call once. */
  start(): void {
    this.#lastBeatMs = performance.now();
    this.#launch();
    setInterval(() => void this.#beat(), HEARTBEAT_MS);
  }

  /**
   * Asks the worker, which a call waits for while it is being started. Always resolves: with the answer, or with
   * `worker/lost` or `worker/deadline`; a call that was so answered never reaches a later worker.
   */
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
      void this.#gate.opened.then(async () => {
        const remote = this.#remote;
        if (!this.#pending.has(entry) || remote === null) return;
        try {
          settle(await question(remote));
        } catch (error) {
          settle(fail('worker/lost', `the ${this.#name} worker failed: ${String(error)}`));
        }
      });
    });
  }

  #launch(): void {
    let worker: Worker;
    try {
      worker = this.#create();
    } catch (error) {
      this.#lose(String(error));
      return;
    }
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
    this.#onStarted(remote, this.#restarts).then(
      () => {
        if (this.#worker !== worker) return;
        this.#lastPulseMs = performance.now();
        this.#wellSinceMs = this.#lastPulseMs;
        this.#gate.open();
        this.#setHealth('ok');
      },
      (error: unknown) => {
        if (this.#worker === worker) this.#lose(String(error));
      },
    );
  }

  async #beat(): Promise<void> {
    const askedMs = performance.now();
    const sinceBeatMs = askedMs - this.#lastBeatMs;
    this.#lastBeatMs = askedMs;
    const worker = this.#worker;
    const remote = this.#remote;
    if (worker === null || remote === null) return;
    // A page that itself stood still must not blame the worker, whose pulses may be waiting to be heard.
    if (sinceBeatMs > HEARTBEAT_MS * 2) this.#lastPulseMs = askedMs;
    if (askedMs - this.#lastPulseMs > HEARTBEAT_DEADLINE_MS) {
      this.#lose(`no heartbeat for ${HEARTBEAT_DEADLINE_MS / 1000} s`);
      return;
    }
    if (this.#health === 'ok' && askedMs - this.#wellSinceMs > STEADY_MS) this.#restarts = 0;
    try {
      await (remote as unknown as Pingable).ping();
      if (this.#worker === worker) this.#lastPulseMs = performance.now();
    } catch (error) {
      if (this.#worker === worker) this.#lose(String(error));
    }
  }

  #lose(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#remote = null;
    this.#gate = closedGate();
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
