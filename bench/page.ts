/**
 * Paints, main-thread work and heap of the built page in a real Chromium, at 100 depth updates a second over live sockets
 * and at 20x replay of the same recording. `npm run bench:page -- --minutes 10`; the last line is JSON.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import type {} from '../app/charts/black-box.ts';
import { goLive, noRecording, RECORDING, startLiveStack } from '../e2e/live-stack.ts';

const FRAME_MS = 1_000 / 60;
const SAMPLE_SECONDS = 20;
/** The recording holds 19 depth updates a second, so this speed gives about 100. */
const LIVE_SPEED = 5.3;
const REPLAY_SPEED = '20';
const WARM_UP_MS = 5_000;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread within the event. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

interface MemoryReport {
  readonly bytes: number;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Processor time that the page's main thread used in each window of one frame. Processor time and not wall time, because
 * work is what the page does, while waiting for a core is what the rest of the machine does to it.
 */
function busyWindows(trace: readonly TraceEvent[]): number[] {
  const mains = trace.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain');
  const tasks = trace.filter(
    (e) => e.name === 'RunTask' && e.ph === 'X' && mains.some((m) => m.pid === e.pid && m.tid === e.tid),
  );
  // Chromium may hold a spare renderer: the page is the one that worked most.
  const byThread = new Map<string, { events: TraceEvent[]; total: number }>();
  for (const task of tasks) {
    const key = `${task.pid}/${task.tid}`;
    const entry = byThread.get(key) ?? { events: [], total: 0 };
    entry.events.push(task);
    entry.total += task.dur ?? 0;
    byThread.set(key, entry);
  }
  const busiest = [...byThread.values()].toSorted((a, b) => b.total - a.total)[0];
  if (busiest === undefined) throw new Error('the trace holds no main-thread task');
  const start = Math.min(...busiest.events.map((e) => e.ts));
  const end = Math.max(...busiest.events.map((e) => e.ts + (e.dur ?? 0)));
  const windows = new Array<number>(Math.ceil((end - start) / 1_000 / FRAME_MS)).fill(0);
  for (const { ts, dur = 0, tdur = 0 } of busiest.events) {
    let from = (ts - start) / 1_000;
    const until = from + dur / 1_000;
    const share = dur > 0 ? Math.min(1, tdur / dur) : 0;
    while (from < until) {
      const index = Math.floor(from / FRAME_MS + 1e-9);
      const edge = Math.min(until, (index + 1) * FRAME_MS);
      windows[index] = (windows[index] ?? 0) + (edge - from) * share;
      from = Math.max(edge, from + 1e-6);
    }
  }
  return windows;
}

interface PaintFigures {
  readonly paintP99Ms: number;
  readonly mainThreadP95Ms: number;
  readonly latencyP95Ms: number;
  readonly framesPerSecond: number;
}

async function measure(browser: Browser, page: Page, what: string): Promise<PaintFigures> {
  await page.waitForTimeout(WARM_UP_MS);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  const fromMs = await page.evaluate(() => performance.now());
  await page.waitForTimeout(SAMPLE_SECONDS * 1_000);
  const frames = await page.evaluate((since) => window.headroomBlackBox?.frames(since) ?? [], fromMs);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: TraceEvent[];
  };
  const figures: PaintFigures = {
    paintP99Ms: quantile(
      frames.map((f) => f.renderMs),
      0.99,
    ),
    mainThreadP95Ms: quantile(busyWindows(trace.traceEvents), 0.95),
    latencyP95Ms: quantile(
      frames.flatMap((f) => (f.latencyMs === null ? [] : [f.latencyMs])),
      0.95,
    ),
    framesPerSecond: frames.length / SAMPLE_SECONDS,
  };
  console.log(
    `${what}: ${figures.framesPerSecond.toFixed(1)} painted frames/s, paint p99 ${figures.paintP99Ms.toFixed(2)} ms, main thread p95 ${figures.mainThreadP95Ms.toFixed(2)} ms per frame, worker to pixel p95 ${figures.latencyP95Ms.toFixed(1)} ms`,
  );
  return figures;
}

/** Bytes of page and workers together, after a collection. */
async function memoryBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const measureMemory = (
      performance as unknown as { measureUserAgentSpecificMemory(): Promise<MemoryReport> }
    ).measureUserAgentSpecificMemory;
    return (await measureMemory.call(performance)).bytes;
  });
}

async function openReplay(page: Page): Promise<void> {
  await page.getByTestId('source-badge').click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a recording' }).click();
  await (await chooser).setFiles(RECORDING);
  await page.waitForFunction(() => window.headroomBlackBox?.read(1).at(-1)?.source === 'REPLAY', undefined, {
    timeout: 60_000,
  });
  await page.getByTestId('transport-speed').selectOption(REPLAY_SPEED);
}

/** Slope of memory over replay at 20x by least squares, in MB a minute; the recording is played again whenever it ends. */
async function heapSlope(page: Page, minutes: number): Promise<number> {
  const samples: { minute: number; megabytes: number }[] = [];
  const begunMs = Date.now();
  const play = setInterval(() => {
    void page
      .evaluate(() => {
        const button = document.querySelector<HTMLButtonElement>('[data-testid="transport-play"]');
        if (button !== null && /play/i.test(button.getAttribute('aria-label') ?? button.textContent ?? ''))
          button.click();
      })
      .catch(() => {});
  }, 1_000);
  while (Date.now() - begunMs < minutes * 60_000) {
    const megabytes = (await memoryBytes(page)) / 1e6;
    samples.push({ minute: (Date.now() - begunMs) / 60_000, megabytes });
    console.log(`  ${samples.at(-1)?.minute.toFixed(1)} min: ${megabytes.toFixed(1)} MB`);
    await page.waitForTimeout(10_000);
  }
  clearInterval(play);
  // The first fifth fills caches and bounded histories.
  const settled = samples.filter((sample) => sample.minute > minutes / 5);
  const meanX = settled.reduce((sum, s) => sum + s.minute, 0) / settled.length;
  const meanY = settled.reduce((sum, s) => sum + s.megabytes, 0) / settled.length;
  const covariance = settled.reduce((sum, s) => sum + (s.minute - meanX) * (s.megabytes - meanY), 0);
  return covariance / settled.reduce((sum, s) => sum + (s.minute - meanX) ** 2, 0);
}

const flag = process.argv.indexOf('--minutes');
const minutes = flag < 0 ? 10 : Number(process.argv[flag + 1]);
if (noRecording !== false) {
  console.log(`skipped: ${noRecording}`);
  process.exit(0);
}
execFileSync('npx', ['vite', 'build', '--logLevel', 'warn'], {
  stdio: 'inherit',
  cwd: join(import.meta.dirname, '..'),
});
const executablePath = ['/usr/bin/chromium', process.env['HEADROOM_CHROMIUM'] ?? ''].find(existsSync);
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
const stack = await startLiveStack({ mode: 'book', speed: LIVE_SPEED });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(stack.proxy.url);
await goLive(page);
const live = await measure(browser, page, 'live, 100 depth updates/s');
await openReplay(page);
const replay = await measure(browser, page, 'replay at 20x');
const slope = await heapSlope(page, minutes);
await browser.close();
await stack.close();
console.log(
  JSON.stringify({
    paint_p99_ms: Number(Math.max(live.paintP99Ms, replay.paintP99Ms).toFixed(2)),
    main_thread_p95_ms: Number(Math.max(live.mainThreadP95Ms, replay.mainThreadP95Ms).toFixed(2)),
    heap_mb_per_min: Number(slope.toFixed(3)),
    minutes,
  }),
);
process.exit(0);
