/** Reads a parameter file in pieces: .spn, .pa2, or a zip with one of them; the worker stays answerable meanwhile. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { Pa2Reader } from '../../engine/margin/span/files/pa2-reader.ts';
import { SpnReader } from '../../engine/margin/span/files/spn-reader.ts';
import type { SpanParameterSet } from '../../engine/margin/span/parameter-set.ts';
import { isZip, openZipEntry } from './zip-entry.ts';

/** After so many bytes, messages are answered. */
const SLICE_BYTES = 1_000_000;
/** A zip may hold a file so many times its size, and no more. */
const MOST_EXPANSION = 200;

/** Told as reading goes on; answers whether to stop. */
export type OnRead = (readBytes: number) => boolean;

/**
 * Reads `file` whole. Fails: as the readers do; `span/parameters-malformed` where the file is of another kind;
 * `worker/cancelled`.
 */
export async function readParameterFile(
  name: string,
  file: Blob,
  onRead: OnRead,
): Promise<Result<SpanParameterSet>> {
  const zipped = await isZip(file);
  const opened = zipped ? await openZipEntry(file) : ok({ name, stream: file.stream() });
  if (!opened.ok) return opened;
  const source = zipped ? `${opened.value.name} in ${name}` : name;
  const text = opened.value.stream.getReader();
  const decoder = new TextDecoder('latin1');
  let reader: SpnReader | Pa2Reader | null = null;
  let bytes = 0;
  let sinceYield = 0;
  try {
    for (;;) {
      const { done, value } = await text.read();
      if (done) break;
      // A stream may hand over all it has at once.
      for (let at = 0; at < value.byteLength; at += SLICE_BYTES) {
        const slice = value.subarray(at, at + SLICE_BYTES);
        bytes += slice.byteLength;
        sinceYield += slice.byteLength;
        if (bytes > Math.max(file.size, 1) * MOST_EXPANSION) {
          const most = file.size * MOST_EXPANSION;
          return fail('span/limit-exceeded', `${source}: expected at most ${most} bytes out of the zip`);
        }
        const piece = decoder.decode(slice, { stream: true });
        if (reader === null) {
          if (piece.trim() === '') continue;
          const begun = readerFor(source, piece);
          if (!begun.ok) return begun;
          reader = begun.value;
        }
        const pushed = reader.push(piece);
        if (!pushed.ok) return named(source, pushed);
        if (sinceYield < SLICE_BYTES) continue;
        sinceYield = 0;
        await new Promise((resolve) => setTimeout(resolve));
        if (onRead(zipped ? Math.min(bytes, file.size) : bytes)) {
          return fail('worker/cancelled', `${name} is not read any further`);
        }
      }
    }
  } catch (error) {
    return fail(
      'span/parameters-malformed',
      `${source}: byte ${bytes}: expected readable data, ${String(error)}`,
    );
  } finally {
    await text.cancel().catch(() => {});
  }
  if (reader === null)
    return fail('span/parameters-malformed', `${source}: expected a SPAN file, found it empty`);
  const set = reader.end();
  return set.ok ? set : named(source, set);
}

function readerFor(source: string, start: string): Result<SpnReader | Pa2Reader> {
  const first = start.replace(/^\ufeff|^ï»¿/, '').trimStart();
  if (first.startsWith('<')) return ok(new SpnReader(source));
  if (/^0 /.test(first)) return ok(new Pa2Reader(source));
  const found = first.slice(0, 40).replace(/[^\x20-\x7e]/g, '·');
  return fail(
    'span/parameters-malformed',
    `${source}: expected a .spn file (XML), an expanded .pa2 file (first record "0 ") or a zip of either, found "${found}"`,
  );
}

function named(source: string, failed: Result<never>): Result<never> {
  if (failed.ok) return failed;
  return { ok: false, failure: { ...failed.failure, message: `${source}: ${failed.failure.message}` } };
}
