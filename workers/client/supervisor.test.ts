// Supervision: no call hangs, a lost worker is replaced and told again what its predecessor knew.
import { expose, type Remote } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok, type Result } from '../../engine/core/result.ts';
import { Supervisor } from './supervisor.ts';

interface Api {
  ping(): Promise<Result<null>>;
  add(a: number, b: number): Promise<Result<number>>;
  hang(): Promise<Result<null>>;
  fail(): Promise<Result<null>>;
}

/** A worker made of a message channel; killing it leaves calls unanswered, as a real one does. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  readonly #channel = new MessageChannel();
  readonly onmessage = null;
  terminated = false;

  constructor(api: Api) {
    super();
    FakeWorker.all.push(this);
    this.#channel.port1.onmessage = (event: MessageEvent) => {
      if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data: event.data }));
    };
    expose(api, this.#channel.port2 as never);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#channel.port1.postMessage(message, transfer as never);
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
  }
}

const api = (): Api => ({
  ping: async () => ok(null),
  add: async (a, b) => ok(a + b),
  hang: () => new Promise(() => {}),
  fail: async () => {
    throw new Error('a defect');
  },
});

function supervise(onStarted: (remote: Remote<Api>) => Promise<void> = async () => {}): Supervisor<Api> {
  const supervisor = new Supervisor<Api>({
    name: 'risk',
    create: () => new FakeWorker(api()) as unknown as Worker,
    onStarted,
  });
  supervisor.start();
  return supervisor;
}

beforeEach(() => {
  FakeWorker.all = [];
  vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearTimeout', 'clearInterval', 'performance'] });
});

afterEach(() => {
  for (const worker of FakeWorker.all) worker.terminate();
  vi.useRealTimers();
});

const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('supervisor', () => {
  it('carries answers', async () => {
    expect(await supervise().call((remote) => remote.add(2, 3))).toEqual(ok(5));
  });

  it('turns a defect in the worker into a failure, not into silence', async () => {
    expect(await supervise().call((remote) => remote.fail())).toMatchObject({
      ok: false,
      failure: { code: 'worker/lost' },
    });
  });

  it('answers a call that hangs at its deadline', async () => {
    const pending = supervise().call((remote) => remote.hang(), 2_000);
    await settle();
    await vi.advanceTimersByTimeAsync(2_001);
    expect(await pending).toMatchObject({ ok: false, failure: { code: 'worker/deadline' } });
  });

  it('answers everything that was pending when the worker is lost, restarts it, and tells it again', async () => {
    const told: number[] = [];
    const supervisor = supervise(async (remote) => {
      const answer = await remote.add(told.length, 1);
      told.push(answer.ok ? answer.value : 0);
    });
    await settle();
    const pending = [supervisor.call((remote) => remote.hang()), supervisor.call((remote) => remote.hang())];
    await settle();
    FakeWorker.all[0]?.dispatchEvent(
      Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' }),
    );
    for (const result of await Promise.all(pending)) {
      expect(result).toMatchObject({ ok: false, failure: { code: 'worker/lost' } });
      expect(!result.ok && result.failure.message).toContain('out of memory');
    }
    expect(FakeWorker.all[0]?.terminated).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(FakeWorker.all.length).toBe(2);
    expect(told).toEqual([1, 2]);
    expect(await supervisor.call((remote) => remote.add(4, 4))).toEqual(ok(8));
  });

  it('notices a worker that died without a word', async () => {
    supervise();
    await settle();
    FakeWorker.all[0]?.terminate();
    for (let second = 0; second < 12 && FakeWorker.all.length === 1; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
    }
    expect(FakeWorker.all.length).toBe(2);
  });
});
