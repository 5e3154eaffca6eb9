/** A minimal streaming XML tokenizer for SPAN files: elements and text, within limits; no document types, no entities of one's own. */
import { fail, ok, type Result } from '../../../core/result.ts';

/** What a tokenizer tells. Text is told for elements without child elements only. */
export interface XmlListener {
  /** An element with child elements begins. */
  open(name: string): void;
  /** An element without child elements, whole. */
  leaf(name: string, text: string): void;
  /** The element opened last ends. */
  close(name: string): void;
}

/** Most of everything. */
export const XML_LIMITS = {
  depth: 64,
  nameCharacters: 64,
  textCharacters: 65_536,
  characters: 1_000_000_000,
} as const;

const NAME = /^[A-Za-z_][\w.-]*$/;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Incremental tokenizer. Attributes are skipped, comments and the XML declaration too. Refused: document types, CDATA,
 * processing instructions, entities other than the five of XML and character numbers, text between elements.
 *
 * Fails: `span/parameters-malformed` with the character position, `span/limit-exceeded`. After a failure it stays failed.
 */
export class XmlTokenizer {
  readonly #listener: XmlListener;
  readonly #names: string[] = [];
  #rest = '';
  /** Characters before {@link #rest}. */
  #base = 0;
  #at = 0;
  #rootDone = false;
  #failed: Result<never> | null = null;

  constructor(listener: XmlListener) {
    this.#listener = listener;
  }

  /** Position of the tag at hand, in characters from the start of the file. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** Names of the elements that are open, outermost first. */
  get path(): string {
    return this.#names.join('/');
  }

  /** Reads on. */
  push(text: string): Result<null> {
    if (this.#failed !== null) return this.#failed;
    const all = this.#rest === '' ? text : this.#rest + text;
    let at = 0;
    while (at >= 0 && this.#failed === null) {
      this.#at = at;
      const next = this.#step(all, at);
      if (next === at) break;
      at = next;
    }
    if (this.#failed !== null) return this.#failed;
    this.#rest = all.slice(this.#at);
    this.#base += this.#at;
    this.#at = 0;
    const { textCharacters, characters } = XML_LIMITS;
    if (this.#rest.length > textCharacters) return this.#limit(`${textCharacters} characters in one element`);
    if (this.#base > characters) return this.#limit(`${characters} characters`);
    return ok(null);
  }

  /** Checks that the file ended where it may. */
  end(): Result<null> {
    if (this.#failed !== null) return this.#failed;
    if (this.#names.length > 0 || this.#rest.trim() !== '') {
      const where = this.path === '' ? 'the first element' : `</${this.#names.at(-1)}>`;
      return this.reject(`expected ${where}, found the end of the file`);
    }
    return this.#rootDone ? ok(null) : this.reject('expected an element, found the end of the file');
  }

  /** Fails at the present position; for the listener, too. */
  reject(problem: string): Result<never> {
    const path = this.path === '' ? '' : ` in ${this.path}`;
    this.#failed ??= fail('span/parameters-malformed', `character ${this.position}${path}: ${problem}`, {
      position: this.position,
    });
    return this.#failed;
  }

  #limit(what: string): Result<never> {
    this.#failed = fail('span/limit-exceeded', `character ${this.position}: expected at most ${what}`, {
      position: this.position,
    });
    return this.#failed;
  }

  /** Handles one construct that starts at `at`; answers where the next starts, or `at` when it is not all there yet. */
  #step(all: string, at: number): number {
    const open = all.indexOf('<', at);
    if (open === -1) {
      if (all.length > at && all.slice(at).trim() !== '') this.#stray(all.slice(at));
      return at;
    }
    for (let i = at; i < open; i++) {
      if (all.charCodeAt(i) > 32 && all.charCodeAt(i) !== 0xfeff) {
        this.#stray(all.slice(i, open));
        return at;
      }
    }
    this.#at = open;
    const mark = all.charCodeAt(open + 1);
    if (mark === 33 || mark === 63) return this.#declaration(all, open, at);
    const end = all.indexOf('>', open + 1);
    if (end === -1) return at;
    return mark === 47 ? this.#close(all, open, end) : this.#open(all, open, end, at);
  }

  #open(all: string, open: number, end: number, from: number): number {
    const empty = all.charCodeAt(end - 1) === 47;
    let name = all.slice(open + 1, empty ? end - 1 : end);
    if (name.length > 2 && !this.#isPlain(name)) {
      const blank = name.search(/\s/);
      if (blank !== -1) name = name.slice(0, blank);
    }
    if (!this.#isPlain(name) && !NAME.test(name)) {
      this.reject(`expected the name of an element, found "${name.slice(0, 40)}"`);
      return from;
    }
    if (this.#rootDone) {
      this.reject(`expected the end of the file, found <${name}>`);
      return from;
    }
    if (empty) return this.#leaf(name, '', end + 1);
    const next = all.indexOf('<', end + 1);
    if (next === -1 || next + 1 === all.length) return from;
    if (all.charCodeAt(next + 1) === 47) {
      const close = next + 2 + name.length;
      if (all.length <= close) return from;
      if (all.charCodeAt(close) === 62 && all.startsWith(name, next + 2)) {
        const text = all.slice(end + 1, next);
        return this.#leaf(name, text.includes('&') ? this.#decode(text) : text, close + 1);
      }
      this.reject(`expected </${name}>, found "${all.slice(next, close + 1)}"`);
      return from;
    }
    if (this.#names.length >= XML_LIMITS.depth) {
      this.#limit(`${XML_LIMITS.depth} elements inside each other`);
      return from;
    }
    this.#listener.open(name);
    this.#names.push(name);
    return end + 1;
  }

  #leaf(name: string, text: string, next: number): number {
    this.#listener.leaf(name, text);
    if (this.#names.length === 0) this.#rootDone = true;
    return next;
  }

  #close(all: string, open: number, end: number): number {
    const name = this.#names.pop();
    if (name === undefined || end - open - 2 !== name.length || !all.startsWith(name, open + 2)) {
      if (name !== undefined) this.#names.push(name);
      this.reject(
        `expected ${name === undefined ? 'an element' : `</${name}>`}, found "${all.slice(open, Math.min(end + 1, open + 40))}"`,
      );
      return open;
    }
    this.#listener.close(name);
    if (this.#names.length === 0) this.#rootDone = true;
    return end + 1;
  }

  /** Letters and digits only: the usual case, quicker than the pattern. */
  #isPlain(name: string): boolean {
    if (name.length === 0 || name.length > XML_LIMITS.nameCharacters) return false;
    for (let i = 0; i < name.length; i++) {
      const c = name.charCodeAt(i);
      if (!((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (i > 0 && c >= 48 && c <= 57))) return false;
    }
    return true;
  }

  #declaration(all: string, open: number, from: number): number {
    if (all.length < open + 9 && !all.includes('>', open)) return from;
    if (all.startsWith('<!--', open)) {
      const end = all.indexOf('-->', open + 4);
      return end === -1 ? from : end + 3;
    }
    if (all.startsWith('<?xml', open) && this.#names.length === 0 && !this.#rootDone) {
      const end = all.indexOf('?>', open);
      return end === -1 ? from : end + 2;
    }
    const what = all.startsWith('<!DOCTYPE', open)
      ? 'no document type (DOCTYPE)'
      : all.startsWith('<![CDATA[', open)
        ? 'no CDATA section'
        : 'an element or a comment';
    this.reject(`expected ${what}, found "${all.slice(open, open + 20)}"`);
    return from;
  }

  #stray(text: string): void {
    this.reject(`expected an element, found text "${text.trim().slice(0, 40)}"`);
  }

  #decode(text: string): string {
    return text.replace(/&([^;]{0,10});?/g, (whole, name: string) => {
      const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
      const code =
        number === null ? Number.NaN : Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10);
      const decoded = code <= 0x10ffff ? String.fromCodePoint(code) : ENTITIES[name];
      if (decoded === undefined || !whole.endsWith(';'))
        this.reject(`expected one of the five entities of XML, found "${whole}"`);
      return decoded ?? '';
    });
  }
}
