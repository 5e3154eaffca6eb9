/** Reads a market through at full speed: the path of every run, without a page, looked at once in a second of its time. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros, SECOND_MICROS } from '../../engine/core/units.ts';
import type { ReadSource } from '../contract/market-api.ts';
import type { StreamCredit } from '../contract/market-frame.ts';
import type { MarksFrame, MarksPiece } from '../contract/marks-frame.ts';
import { MarketRun } from './market-run.ts';
import { ReplaySource } from './replay-source.ts';
import { SimulatedSource } from './simulated-source.ts';
import type { ReadableSource } from './source.ts';

const MOST_HOURS = 24;
const HOUR_MICROS = 3_600 * SECOND_MICROS;
/** Seconds of the run in one piece. */
const PIECE = 60;

/**
 * Sends the marks of a market, second by second, as {@link MarksPiece}s on a port.
 *
 * Fails as opening does; `source/not-open` where a recording cannot be read on.
 */
export async function readMarks(from: ReadSource, port: MessagePort): Promise<Result<null>> {
  const credit = new Credit(port);
  const source = await readable(from);
  if (!source.ok) return source;
  const done = await readThrough(
    source.value,
    from.kind === 'simulated' ? from.hours : null,
    async (piece) => {
      await credit.take();
      port.postMessage(piece);
    },
  );
  source.value.close();
  return done;
}

async function readable(from: ReadSource): Promise<Result<ReadableSource>> {
  if (from.kind === 'recording') return ReplaySource.read(from.name, from.file);
  const { seed, hours } = from;
  if (!Number.isSafeInteger(seed) || seed < 0 || !(hours > 0 && hours <= MOST_HOURS)) {
    return fail(
      'worker/request-malformed',
      `expected a seed from 0 to 2^53 and at most ${MOST_HOURS} hours, found ${seed} and ${hours}`,
    );
  }
  return ok(new SimulatedSource(seed));
}

/**
 * Goes through a source from its first whole second to its last.
 *
 * @param hours - length of a source that has no end of its own
 * @param give - takes a piece; the next is made when it resolves
 */
async function readThrough(
  source: ReadableSource,
  hours: number | null,
  give: (piece: MarksPiece) => Promise<void>,
): Promise<Result<null>> {
  const run = new MarketRun(source);
  await source.start(run);
  const startMicros = source.nowMicros();
  const { endMicros } = source.transportState();
  const untilMicros = endMicros ?? startMicros + (hours ?? 0) * HOUR_MICROS;
  let frames: MarksFrame[] = [];
  const piece = (atMicros: number, isLast: boolean): MarksPiece => ({
    frames,
    progress: isLast ? 1 : (atMicros - startMicros) / (untilMicros - startMicros),
    isLast,
  });
  for (let at = nextSecond(startMicros); at <= untilMicros; at = micros(at + SECOND_MICROS)) {
    const passed = await source.passUntil(at);
    if (!passed.ok) return passed;
    run.clock(0);
    frames.push(run.marksFrame());
    if (frames.length < PIECE) continue;
    await give(piece(at, false));
    frames = [];
  }
  await give(piece(untilMicros, true));
  return ok(null);
}

function nextSecond(atMicros: Micros): Micros {
  return micros(Math.ceil(atMicros / SECOND_MICROS) * SECOND_MICROS);
}

/** What the other side is ready to take. */
class Credit {
  #credit = 0;
  #waiting: (() => void) | null = null;

  constructor(port: MessagePort) {
    port.onmessage = (event: MessageEvent<StreamCredit>) => {
      this.#credit += event.data.credit;
      this.#waiting?.();
    };
  }

  /** Resolves when there is credit, in a later turn of the message loop only if there is none. */
  async take(): Promise<void> {
    while (this.#credit === 0) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#credit -= 1;
  }
}
