/** The one animation loop of the page's painters: marks merge, each painter paints at most once a frame, rest costs nothing. */
import { FrameMeter, type FrameRecord, type FrameStats } from './frame-meter.ts';

/** Something that paints on request. */
export interface Painter {
  /** For measurements, e.g. `ladder`. */
  readonly name: string;
  /** Least time between two paints; interactions may ask for an immediate one. */
  readonly intervalMs: number;
  /** Whether anybody can see it; an unseen painter stays marked. */
  isVisible(): boolean;
  /** Paints. Returns the publication time of the market frame it painted, or null when it painted none. */
  paint(nowMs: number): number | null;
}

/** A painter's handle to the loop. */
export interface PaintRequest {
  /** Paint when the interval allows. */
  mark(): void;
  /** Paint in the next frame, e.g. after a key press. */
  markNow(): void;
  remove(): void;
}

interface Entry {
  readonly painter: Painter;
  marked: boolean;
  urgent: boolean;
  paintedAtMs: number;
}

/** The loop goes on this long after the last paint, so that the frame rate can be told. */
const IDLE_AFTER_MS = 1_000;
/** A frame may come this much early and still be the one that is due: 10 Hz must not become 8.6 Hz at 60 Hz. */
const EARLY_MS = 8;

const entries = new Set<Entry>();
const meter = new FrameMeter();
let handle: number | null = null;
let lastPaintMs = Number.NEGATIVE_INFINITY;
/** The rendering step under way, from its first painter to its end. */
let step: { readonly startMs: number; workMs: number; publishedAtMs: number | null } | null = null;
let stepEnd: MessagePort | null = null;
let isYielded = false;

/** Adds a painter. It is marked at once. */
export function addPainter(painter: Painter): PaintRequest {
  const entry: Entry = { painter, marked: true, urgent: true, paintedAtMs: Number.NEGATIVE_INFINITY };
  entries.add(entry);
  request();
  return {
    mark: () => {
      entry.marked = true;
      request();
    },
    markNow: () => {
      entry.marked = true;
      entry.urgent = true;
      request();
    },
    remove: () => entries.delete(entry),
  };
}

function request(): void {
  handle ??= requestAnimationFrame(onAnimationFrame);
}

function isDue(entry: Entry, nowMs: number): boolean {
  if (!entry.marked || !entry.painter.isVisible()) return false;
  return entry.urgent || nowMs - entry.paintedAtMs >= entry.painter.intervalMs - EARLY_MS;
}

/** Leaves the next frame to other work, a render of React: only what is urgent is painted in it. */
export function yieldFrame(): void {
  isYielded = true;
}

/** What to paint in this frame: all that is urgent, or of the rest the one that waits longest, so that no frame carries all. */
function chooseForFrame(nowMs: number): readonly Entry[] {
  const due = [...entries].filter((entry) => isDue(entry, nowMs));
  const urgent = due.filter((entry) => entry.urgent);
  const yielding = isYielded;
  isYielded = false;
  if (urgent.length > 0 || yielding) return urgent;
  const [longest] = due.toSorted((a, b) => a.paintedAtMs - b.paintedAtMs);
  return longest === undefined ? [] : [longest];
}

function onAnimationFrame(): void {
  // Asked for first, so that in the next frame this loop stands before those of libraries it calls now.
  handle = requestAnimationFrame(onAnimationFrame);
  const startMs = performance.now();
  meter.tick(startMs);
  for (const entry of chooseForFrame(startMs)) {
    entry.marked = false;
    entry.urgent = false;
    entry.paintedAtMs = startMs;
    const beganMs = performance.now();
    const publishedAtMs = entry.painter.paint(beganMs);
    reportPaint(entry.painter.name, performance.now() - beganMs, publishedAtMs);
    lastPaintMs = startMs;
  }
  const waiting = [...entries].some((entry) => entry.marked && entry.painter.isVisible());
  if (!waiting && startMs - lastPaintMs >= IDLE_AFTER_MS) {
    cancelAnimationFrame(handle);
    handle = null;
  }
}

/** Adds painting that was done outside this loop, by a library, to the frame under way. */
export function reportPaint(name: string, durationMs: number, publishedAtMs: number | null = null): void {
  meter.painted(name, durationMs);
  step ??= beginStep(performance.now() - durationMs);
  step.workMs += durationMs;
  if (publishedAtMs !== null) {
    step.publishedAtMs = Math.min(step.publishedAtMs ?? publishedAtMs, publishedAtMs);
  }
}

/** A message posted inside an animation frame is delivered once style, layout and raster of that frame are done. */
function beginStep(startMs: number): NonNullable<typeof step> {
  if (stepEnd === null) {
    const channel = new MessageChannel();
    channel.port1.onmessage = endStep;
    stepEnd = channel.port2;
  }
  stepEnd.postMessage(null);
  return { startMs, workMs: 0, publishedAtMs: null };
}

function endStep(): void {
  if (step === null) return;
  const nowMs = performance.now();
  const latencyMs = step.publishedAtMs === null ? null : performance.timeOrigin + nowMs - step.publishedAtMs;
  meter.frame({ atMs: step.startMs, workMs: step.workMs, latencyMs, renderMs: nowMs - step.startMs });
  step = null;
}

/** Figures of the last two seconds. */
export function frameStats(): FrameStats {
  return meter.stats(performance.now());
}

/** Frames in which something was painted, oldest first, at most the last 30,000. */
export function frameRecords(sinceMs?: number): readonly FrameRecord[] {
  return meter.read(sinceMs);
}

/** Calls back with {@link frameStats} twice a second. */
export function onFrameStats(listener: (stats: FrameStats) => void): () => void {
  const timer = setInterval(() => listener(frameStats()), 500);
  return () => clearInterval(timer);
}
