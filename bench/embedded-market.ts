// Speed of the embedded market and its manners over simulated hours: `npm run bench:market -- [seeds] [seconds]`.
// The last line of the output is JSON.
import { micros } from '../engine/core/units.ts';
import { EmbeddedMarket } from '../engine/simulation/embedded-market.ts';

const seeds = (process.argv[2] ?? '1,2,3').split(',').map(Number);
const seconds = Number(process.argv[3] ?? 3600);
const START = 1_777_903_200_000_000;
const SECOND = 1_000_000;
const PREROLL_SECONDS = 300;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
};
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [ma, mb] = [mean(a), mean(b)];
  return mean(a.map((x, i) => (x - ma) * (b[i]! - mb))) / (deviation(a) * deviation(b));
};
const returns = (path: readonly number[], step: number): number[] => {
  const out: number[] = [];
  for (let i = step; i < path.length; i += step) out.push((path[i]! / path[i - step]! - 1) * 1e4);
  return out;
};
const longestPause = (path: readonly number[]): number => {
  let longest = 0;
  let pause = 0;
  for (let i = 1; i < path.length; i++) {
    pause = path[i] === path[i - 1] ? pause + 1 : 0;
    longest = Math.max(longest, pause);
  }
  return longest;
};

const wholeStart = performance.now();
const cpuStart = cpuMs();
const preroll = new EmbeddedMarket({ seed: 1, startMicros: micros(START) });
preroll.advance(micros(START + PREROLL_SECONDS * SECOND), Number.MAX_SAFE_INTEGER);
const prerollFrames = preroll.takeFrames().length;
const prerollMs = performance.now() - wholeStart;
const prerollCpuMs = cpuMs() - cpuStart;
console.log(
  `cold start and ${PREROLL_SECONDS} s: ${prerollCpuMs.toFixed(0)} ms CPU, ${prerollMs.toFixed(0)} ms wall, ${prerollFrames} frames`,
);
const hashStart = performance.now();
preroll.stateHash();
const hashMs = performance.now() - hashStart;
console.log(`state hash: ${hashMs.toFixed(2)} ms`);

console.log(
  '| seed | contract | return % | range % | 1 s vol, bps | 60 s vol / √60, bps | lag-1 of 10 s | lag-1 of its size | corr. with BTC, ES (60 s) | basis sd, bps | spread > 2 ticks, share | widest, ticks | fewest levels a side | longest pause, s |',
);
console.log(`|${' --- |'.repeat(14)}`);
const speeds: number[] = [];
for (const seed of seeds) {
  const market = new EmbeddedMarket({ seed, startMicros: micros(START) });
  const paths: number[][] = market.contracts.map(() => []);
  const bases: number[][] = market.contracts.map(() => []);
  const widest = market.contracts.map(() => 0);
  const wide = market.contracts.map(() => 0);
  const fewest = market.contracts.map(() => Number.POSITIVE_INFINITY);
  let cpu = 0;
  for (let s = 1; s <= seconds; s++) {
    const before = cpuMs();
    market.advance(micros(START + s * SECOND), Number.MAX_SAFE_INTEGER);
    market.takeFrames();
    cpu += cpuMs() - before;
    market.contracts.forEach(({ market: listed, fair }, i) => {
      const spread = listed.askTicks - listed.bidTicks;
      paths[i]!.push(listed.midPrice);
      bases[i]!.push((listed.midPrice / fair.index - 1) * 1e4);
      widest[i] = Math.max(widest[i]!, spread);
      wide[i]! += spread > 2 ? 1 : 0;
      fewest[i] = Math.min(fewest[i]!, listed.book.levelCount('buy'), listed.book.levelCount('sell'));
    });
  }
  speeds.push(cpu / seconds);
  market.contracts.forEach(({ market: listed }, i) => {
    const path = paths[i]!;
    const tens = returns(path, 10);
    const sizes = tens.map(Math.abs);
    const minutes = returns(path, 60);
    const cells = [
      String(seed),
      listed.spec.symbol,
      ((path.at(-1)! / path[0]! - 1) * 100).toFixed(2),
      ((Math.max(...path) / Math.min(...path) - 1) * 100).toFixed(2),
      deviation(returns(path, 1)).toFixed(2),
      (deviation(minutes) / Math.sqrt(60)).toFixed(2),
      correlation(tens.slice(1), tens.slice(0, -1)).toFixed(2),
      correlation(sizes.slice(1), sizes.slice(0, -1)).toFixed(2),
      `${correlation(minutes, returns(paths[0]!, 60)).toFixed(2)}, ${correlation(minutes, returns(paths[2]!, 60)).toFixed(2)}`,
      deviation(bases[i]!).toFixed(1),
      (wide[i]! / seconds).toFixed(4),
      String(widest[i]),
      String(fewest[i]),
      String(longestPause(path)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  });
}
console.log(
  JSON.stringify({
    bench: 'embedded-market',
    seeds,
    seconds,
    cpuMsPerSimulatedSecond: speeds.map((ms) => Number(ms.toFixed(3))),
    prerollCpuMs: Math.round(prerollCpuMs),
    prerollWallMs: Math.round(prerollMs),
    stateHashMs: Number(hashMs.toFixed(2)),
  }),
);
