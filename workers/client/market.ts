/** The market worker, for the page; a restarted worker is put back to where its predecessor was. */
import { type Remote, transfer } from 'comlink';
import type { Result } from '../../engine/core/result.ts';
import type { MarketApi, MarketView, OpenedSource } from '../contract/market-api.ts';
import marketWorkerUrl from '../market/worker.ts?worker&url';
import { resume } from './resume.ts';
import { latestMarketFrame, receiveMarketFrames } from './streams.ts';
import { Supervisor } from './supervisor.ts';
import { trustedWorkerUrl } from './trusted-url.ts';

/** What the worker was last told, told again after a restart. */
let lastOpen: ((remote: Remote<MarketApi>) => Promise<Result<OpenedSource>>) | null = null;
let view: MarketView | null = null;

/** The supervised worker; `start.ts` starts it. */
export const marketSupervisor = new Supervisor<MarketApi>({
  name: 'market',
  create: () => new Worker(trustedWorkerUrl(marketWorkerUrl), { type: 'module', name: 'market' }),
  onStarted: async (remote, restarts) => {
    const before = latestMarketFrame();
    const channel = new MessageChannel();
    await remote.connectPage(transfer(channel.port2, [channel.port2]));
    receiveMarketFrames(channel.port1);
    if (view !== null) await remote.setView(view);
    const opened = lastOpen === null ? null : await lastOpen(remote);
    // A run that dies twice in short time is not led to the same place again.
    if (opened?.ok !== true || restarts > 1 || before?.source !== opened.value.kind) return;
    await resume(before, (command) => remote.transport(command));
  },
});

async function open<T extends OpenedSource>(
  command: (remote: Remote<MarketApi>) => Promise<Result<T>>,
): Promise<Result<T>> {
  const result = await marketSupervisor.call(command);
  if (result.ok) lastOpen = command;
  // What the page no longer waits for must not come into force behind its back.
  else if (result.failure.code === 'worker/deadline') void market.cancelOpening();
  return result;
}

/** Every method resolves to a Result and never hangs. */
export const market: Omit<MarketApi, 'connectPage' | 'connectRisk' | 'readMarks'> = {
  ping: () => marketSupervisor.call((remote) => remote.ping()),
  openSimulated: (options) => open((remote) => remote.openSimulated(options)),
  openReplay: (options) => open((remote) => remote.openReplay(options)),
  openLive: (options) => open((remote) => remote.openLive(options)),
  cancelOpening: () => marketSupervisor.call((remote) => remote.cancelOpening()),
  forkMarket: (question) => marketSupervisor.call((remote) => remote.forkMarket(question)),
  setView: (wanted) => {
    view = wanted;
    return marketSupervisor.call((remote) => remote.setView(wanted));
  },
  transport: (command) => marketSupervisor.call((remote) => remote.transport(command)),
  placePaperOrder: (order) => marketSupervisor.call((remote) => remote.placePaperOrder(order)),
  estimatePaperOrder: (order) => marketSupervisor.call((remote) => remote.estimatePaperOrder(order)),
  cancelPaperOrder: (question) => marketSupervisor.call((remote) => remote.cancelPaperOrder(question)),
  cancelAllPaperOrders: (question) =>
    marketSupervisor.call((remote) => remote.cancelAllPaperOrders(question)),
  amendPaperOrder: (question) => marketSupervisor.call((remote) => remote.amendPaperOrder(question)),
  inspectPaperOrder: (question) => marketSupervisor.call((remote) => remote.inspectPaperOrder(question)),
  interruptMarket: (question) => marketSupervisor.call((remote) => remote.interruptMarket(question)),
};
