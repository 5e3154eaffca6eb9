// One worker of the SPAN bench: margins the portfolios it was given, when told to.
import { parentPort, workerData } from 'node:worker_threads';
import { SpanBatch } from '../../engine/margin/span/book/span-batch.ts';
import { benchBook, benchPlan, benchPortfolios, benchSet } from './workload.ts';

const { count, seed } = workerData as { count: number; seed: number };
const plan = benchPlan(benchSet('own'));
const batchOf = (portfolios: number, from: number): SpanBatch =>
  new SpanBatch(plan, benchBook(benchPortfolios(portfolios, from)));
const batch = batchOf(count, seed);
const warmUp = batchOf(2_000, 1);

const marginAll = (all: SpanBatch): number => {
  all.run(0, all.portfolioCount);
  return all.columns.requirement.reduce((sum, requirement) => sum + requirement, 0);
};

for (let round = 0; round < 10; round++) marginAll(warmUp);
parentPort?.on('message', () => parentPort?.postMessage(marginAll(batch)));
parentPort?.postMessage('ready');
