/** Opens the parameter file inside a zip as a stream; the browser's own inflater does the work. */
import { fail, ok, type Result } from '../../engine/core/result.ts';

const LOCAL_SIGNATURE = 0x04034b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
/** The end record stands before a comment of at most 65,535 bytes. */
const END_SEARCH = 65_557;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly at: number;
}

/** Whether a file begins as a zip does. */
export async function isZip(file: Blob): Promise<boolean> {
  if (file.size < END_BYTES) return false;
  return (await view(file, 0, 4)).getUint32(0, true) === LOCAL_SIGNATURE;
}

/** The first .spn, .xml or .pa2 of a zip, or else its only file. Fails: `span/parameters-malformed`. */
export async function openZipEntry(
  file: Blob,
): Promise<Result<{ readonly name: string; readonly stream: ReadableStream<Uint8Array> }>> {
  const entries = await readEntries(file);
  if (!entries.ok) return entries;
  const files = entries.value.filter(({ name }) => !name.endsWith('/'));
  const entry =
    files.find(({ name }) => /\.(spn|xml|pa2)$/i.test(name)) ?? (files.length === 1 ? files[0] : undefined);
  if (entry === undefined) {
    const found = files
      .map(({ name }) => name)
      .slice(0, 5)
      .join(', ');
    return malformed(`expected a .spn, .xml or .pa2 in the zip, found ${found || 'nothing'}`);
  }
  const local = await view(file, entry.at, 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL_SIGNATURE) {
    return malformed(`byte ${entry.at}: expected the header of ${entry.name} in the zip`);
  }
  const start = entry.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = file.slice(start, start + entry.packedBytes).stream();
  if (entry.method === STORED) return ok({ name: entry.name, stream: packed });
  if (entry.method !== DEFLATED) {
    return malformed(`${entry.name}: expected it stored or deflated, found method ${entry.method}`);
  }
  return ok({ name: entry.name, stream: packed.pipeThrough(new DecompressionStream('deflate-raw')) });
}

async function readEntries(file: Blob): Promise<Result<readonly Entry[]>> {
  const from = Math.max(0, file.size - END_SEARCH);
  const tail = await view(file, from, file.size - from);
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < 0) return malformed('expected the directory at the end of the zip: the file is cut');
  const directory = await view(file, tail.getUint32(end + 16, true), tail.getUint32(end + 12, true));
  const entries: Entry[] = [];
  let at = 0;
  while (at + 46 <= directory.byteLength && directory.getUint32(at, true) === CENTRAL_SIGNATURE) {
    const nameBytes = directory.getUint16(at + 28, true);
    const bytes = new Uint8Array(
      directory.buffer,
      at + 46,
      Math.min(nameBytes, directory.byteLength - at - 46),
    );
    entries.push({
      name: new TextDecoder().decode(bytes),
      method: directory.getUint16(at + 10, true),
      packedBytes: directory.getUint32(at + 20, true),
      at: directory.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  return entries.length === 0 ? malformed('expected files in the zip, found none') : ok(entries);
}

async function view(file: Blob, from: number, bytes: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + bytes).arrayBuffer());
}

function malformed(message: string): Result<never> {
  return fail('span/parameters-malformed', message);
}
