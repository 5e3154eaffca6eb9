/** Starts the workers and joins them: marks flow from the market worker to the risk worker on a port of their own. */
import { transfer } from 'comlink';
import { marketSupervisor } from './market.ts';
import { riskSupervisor } from './risk.ts';
import { watchSilence } from './streams.ts';
import { onWorkerHealth } from './supervisor.ts';

/** Starts both workers. Call once, at start-up. */
export function startWorkers(): void {
  let joined = false;
  onWorkerHealth((health) => {
    const both = health.market === 'ok' && health.risk === 'ok';
    if (both && !joined) void joinWorkers();
    joined = both;
  });
  marketSupervisor.start();
  riskSupervisor.start();
  watchSilence();
}

async function joinWorkers(): Promise<void> {
  const channel = new MessageChannel();
  await Promise.all([
    marketSupervisor.call((remote) => remote.connectRisk(transfer(channel.port1, [channel.port1]))),
    riskSupervisor.call((remote) => remote.connectMarket(transfer(channel.port2, [channel.port2]))),
  ]);
}
