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

function supervise(
  onStarted: (remote: Remote<Api>, restarts: number) => Promise<void> = async () => {},
  make: () => Api = api,
): Supervisor<Api> {
  const supervisor = new Supervisor<Api>({
    name: 'risk',
    create: () => new FakeWorker(make()) as unknown as Worker,
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
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The newest worker ends with an error event, as a browser sends it. */
const crash = (message: string): void => {
  FakeWorker.all.at(-1)?.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
};

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
    crash('out of memory');
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

  it('lets a call wait that was made while the worker is being started again', async () => {
    const supervisor = supervise();
    await settle();
    crash('gone');
    const answer = supervisor.call((remote) => remote.add(1, 1));
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(await answer).toEqual(ok(2));
  });

  it('lets it wait also when the lost worker never finished starting', async () => {
    let starts = 0;
    const supervisor = supervise(async (remote) => {
      if (starts++ === 0) await remote.hang();
    });
    await settle();
    crash('died while starting');
    const answer = supervisor.call((remote) => remote.add(1, 1));
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(await answer).toEqual(ok(2));
  });

  it('never asks the next worker what was answered as lost or as late', async () => {
    const asked: string[] = [];
    let starts = 0;
    const supervisor = supervise(async (remote) => {
      if (starts++ === 0) await remote.hang();
    });
    await settle();
    const ask = (what: string, deadlineMs?: number): Promise<Result<number>> =>
      supervisor.call((remote) => {
        asked.push(what);
        return remote.add(1, 1);
      }, deadlineMs);
    const lost = ask('lost');
    crash('died while starting');
    expect(await lost).toMatchObject({ ok: false, failure: { code: 'worker/lost' } });
    const late = ask('late', 100);
    await vi.advanceTimersByTimeAsync(150);
    expect(await late).toMatchObject({ ok: false, failure: { code: 'worker/deadline' } });
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(starts).toBe(2);
    expect(asked).toEqual([]);
  });

  it('does not blame the worker for a page that stood still, however long', async () => {
    const faked = performance.now.bind(performance);
    let stoodStill = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => faked() + stoodStill);
    supervise();
    await settle();
    for (const ms of [3_000, 9_000, 12_000, 15_900, 60_000, 8 * 3_600_000]) {
      // The clock jumps and then a timer fires: what a suspended or throttled page sees.
      stoodStill += ms;
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
      expect(FakeWorker.all.length).toBe(1);
    }
  });

  it('starts a worker that keeps dying ever more rarely, though it is well for a moment each time', async () => {
    supervise();
    await settle();
    const gaps: number[] = [];
    for (let death = 0; death < 7; death++) {
      await vi.advanceTimersByTimeAsync(2_000);
      await settle();
      crash('again');
      const alive = FakeWorker.all.length;
      let waitedMs = 0;
      for (; FakeWorker.all.length === alive; waitedMs += 250) {
        await vi.advanceTimersByTimeAsync(250);
        await settle();
      }
      gaps.push(waitedMs);
    }
    expect(gaps).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);
    // A worker that stays well for a minute starts with a clean sheet.
    for (let second = 0; second < 62; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await settle();
    }
    crash('again');
    const alive = FakeWorker.all.length;
    await vi.advanceTimersByTimeAsync(250);
    expect(FakeWorker.all.length).toBe(alive + 1);
  });

  it('goes on trying when a worker cannot even be made', async () => {
    let tries = 0;
    const supervisor = supervise(undefined, () => {
      if (++tries < 3) throw new Error('out of memory');
      return api();
    });
    const answer = supervisor.call((remote) => remote.add(1, 1));
    await vi.advanceTimersByTimeAsync(300);
    expect(await answer).toMatchObject({ ok: false, failure: { code: 'worker/lost' } });
    await vi.advanceTimersByTimeAsync(500);
    await settle();
    expect(tries).toBe(3);
    expect(await supervisor.call((remote) => remote.add(1, 1))).toEqual(ok(2));
  });

  it('tells each start how many came before it', async () => {
    const told: number[] = [];
    supervise(async (_remote, restarts) => void told.push(restarts));
    await settle();
    crash('once');
    await vi.advanceTimersByTimeAsync(250);
    await settle();
    crash('twice');
    await vi.advanceTimersByTimeAsync(500);
    await settle();
    expect(told).toEqual([0, 1, 2]);
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
