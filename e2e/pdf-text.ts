/** The text of a PDF that Chromium printed, page by page: enough of the format to read what stands on paper. */
import { inflateSync } from 'node:zlib';

/** A page of a PDF. */
interface PdfPage {
  /** Width and height in points. */
  readonly size: readonly [number, number];
  /** All characters in the order of drawing, without spaces. */
  readonly text: string;
}

interface PdfObject {
  readonly head: string;
  readonly stream: Buffer | null;
}

/** Reads the pages in order. */
export function pdfPages(pdf: Buffer): readonly PdfPage[] {
  const objects = readObjects(pdf);
  const fonts = new Map<string, ReadonlyMap<string, string>>();
  const fontOf = (id: string): ReadonlyMap<string, string> => {
    const known = fonts.get(id) ?? characterMap(objects, id);
    fonts.set(id, known);
    return known;
  };
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.map(({ head }) => {
    const box = /\/MediaBox \[([^\]]+)\]/.exec(head)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    const resources = referred(objects, head, 'Resources') ?? head;
    const fontDictionary = /\/Font\s*<<([^>]*)>>/.exec(resources)?.[1] ?? '';
    const names = new Map(
      [...fontDictionary.matchAll(/\/(\S+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, id]),
    );
    const content =
      objects.get(/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? '')?.stream?.toString('latin1') ?? '';
    return {
      size: [box[2] ?? 0, box[3] ?? 0],
      text: drawnText(content, (name) => fontOf(names.get(name) ?? '')),
    };
  });
}

function readObjects(pdf: Buffer): ReadonlyMap<string, PdfObject> {
  const text = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
    const from = match.index + match[0].length;
    const end = text.indexOf('endobj', from);
    const streamAt = text.indexOf('stream', from);
    const hasStream = streamAt !== -1 && streamAt < end;
    const head = text.slice(from, hasStream ? streamAt : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const start = streamAt + (text.startsWith('\r\n', streamAt + 6) ? 8 : 7);
    const packed = pdf.subarray(start, start + length);
    const stream = hasStream && head.includes('FlateDecode') ? inflateSync(packed) : packed;
    objects.set(match[1] ?? '', { head, stream: hasStream ? stream : null });
  }
  return objects;
}

function referred(objects: ReadonlyMap<string, PdfObject>, head: string, key: string): string | null {
  const id = new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1];
  return id === undefined ? null : (objects.get(id)?.head ?? null);
}

/** Glyph to text, from the font's ToUnicode table. */
function characterMap(objects: ReadonlyMap<string, PdfObject>, font: string): ReadonlyMap<string, string> {
  const id = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font)?.head ?? '')?.[1] ?? '';
  const table = objects.get(id)?.stream?.toString('latin1') ?? '';
  const map = new Map<string, string>();
  const add = (glyph: number, digits: number, code: number): unknown =>
    map.set(glyph.toString(16).padStart(digits, '0'), String.fromCodePoint(code));
  for (const [, part = ''] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph = '', to = ''] of part.matchAll(/<(\w+)>\s*<(\w+)>/g)) {
      const units = (to.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16));
      map.set(glyph.toLowerCase(), String.fromCharCode(...units));
    }
  }
  for (const [, part = ''] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from = '', to = '', code = ''] of part.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const first = Number.parseInt(from, 16);
      for (let glyph = first; glyph <= Number.parseInt(to, 16); glyph++) {
        add(glyph, from.length, Number.parseInt(code, 16) + glyph - first);
      }
    }
  }
  return map;
}

function drawnText(content: string, fontOf: (name: string) => ReadonlyMap<string, string>): string {
  let font: ReadonlyMap<string, string> = new Map();
  let text = '';
  for (const [, name, shown] of content.matchAll(/\/(\S+) [\d.-]+ Tf|(<[0-9A-Fa-f]+>|\[[^\]]*\])\s*T[Jj]/g)) {
    if (name !== undefined) font = fontOf(name);
    // Glyphs have two or four digits, as the font's table has.
    const digits = [...font.keys()][0]?.length ?? 4;
    for (const [, glyphs = ''] of (shown ?? '').matchAll(/<([0-9A-Fa-f]+)>/g)) {
      for (const glyph of glyphs.match(digits === 2 ? /.{2}/g : /.{4}/g) ?? [])
        text += font.get(glyph.toLowerCase()) ?? '�';
    }
  }
  return text.replace(/\s/g, '');
}
