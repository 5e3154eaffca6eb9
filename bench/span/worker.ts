// One worker of the SPAN bench: margins the portfolios it was given, when told to.
import { parentPort, workerData } from 'node:worker_threads';
import { SpanCalculator } from '../../engine/margin/span/calculator.ts';
import { row } from './naive-loop.ts';
import { benchPlan, benchPortfolios, benchSet, CONTRACTS } from './workload.ts';

const { count, seed } = workerData as { count: number; seed: number };
const calculator = new SpanCalculator(benchPlan(benchSet('own')));
const portfolios = benchPortfolios(count, seed);
const warmUp = benchPortfolios(2_000, 1);

const marginAll = (block: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < block.length / CONTRACTS; i++) sum += calculator.margin(row(block, i));
  return sum;
};

for (let round = 0; round < 10; round++) marginAll(warmUp);
parentPort?.on('message', () => parentPort?.postMessage(marginAll(portfolios)));
parentPort?.postMessage('ready');
