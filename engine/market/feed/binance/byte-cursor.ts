/** A cursor over the bytes of one JSON text: strict, without recursion, without garbage, and it never throws. */
import { type Failure, type FailureCode, failure } from '../../../core/failure.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const MINUS = 0x2d;
const DOT = 0x2e;

/** `,` */
export const COMMA = 0x2c;
/** `}` */
export const CLOSE_BRACE = 0x7d;
/** `]` */
export const CLOSE_BRACKET = 0x5d;

/** Nesting beyond which a value is refused; the venue's own messages reach 4. */
const MAX_DEPTH = 30;
const EXCERPT_BYTES = 40;

/** Answer of {@link ByteCursor.nextKey} at the end of an object. */
export const KEY_END = -1;
/** Answer of {@link ByteCursor.nextKey} after a failure. */
export const KEY_FAILED = -2;
const KEY_UNKNOWN = -3;
const LONG_KEYS: readonly string[] = ['stream', 'lastUpdateId'];
const LONG_KEY_CODES: readonly (readonly [Uint8Array, number])[] = LONG_KEYS.map((key) => [
  ascii(key),
  keyCode(key),
]);

/** The code under which {@link ByteCursor.nextKey} reports a key: up to four ASCII bytes packed, or a listed long key. */
export function keyCode(key: string): number {
  const long = LONG_KEYS.indexOf(key);
  return long >= 0 ? -10 - long : packed(ascii(key), 0, key.length);
}

/** The bytes of ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/**
 * Reads JSON left to right. Every read answers false (or a listed code) once something was not as expected and then
 * {@link failed} is true; the first failure is kept. Reads tolerate white space before a token.
 */
export class ByteCursor {
  bytes: Uint8Array = new Uint8Array(0);
  pos = 0;
  failed = false;
  /** Where the reader is, for failures: a prefix, the current key, and the level of a list. */
  prefix = '';
  key = '';
  level = -1;
  #code: FailureCode = 'feed/message-malformed';
  #expected = '';
  #failedAt = 0;

  /** Starts on a new text. */
  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.pos = 0;
    this.failed = false;
    this.prefix = '';
    this.key = '';
    this.level = -1;
  }

  /** Notes the first failure, at the given byte (default: here); always false. */
  fail(code: FailureCode, expected: string, at: number = this.pos): false {
    if (!this.failed) {
      this.failed = true;
      this.#code = code;
      this.#expected = expected;
      this.#failedAt = at;
    }
    return false;
  }

  /** The noted failure, with path, excerpt and byte offset. */
  failure(): Failure {
    const path = `${this.prefix}${this.key}${this.level >= 0 ? `[${this.level}]` : ''}` || '(message)';
    const excerpt = this.excerpt(this.#failedAt);
    return failure(
      this.#code,
      `expected ${this.#expected} at ${path}, found ${excerpt === '' ? 'the end' : excerpt}`,
      { path, excerpt, byte: this.#failedAt, bytes: this.bytes.length },
    );
  }

  /** Printable text of the bytes from `at` on, at most 40. */
  excerpt(at: number): string {
    let text = '';
    const end = Math.min(this.bytes.length, at + EXCERPT_BYTES);
    for (let i = at; i < end; i++) {
      const c = this.bytes[i] as number;
      text += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : '·';
    }
    return text;
  }

  /** The next byte that is not white space, not consumed; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    for (;;) {
      const c = bytes[this.pos];
      if (c === undefined) return -1;
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return c;
      this.pos++;
    }
  }

  /** Consumes `byte` if it is next. */
  takeIf(byte: number): boolean {
    if (this.bytes[this.pos] !== byte && this.peek() !== byte) return false;
    this.pos++;
    return true;
  }

  /** Consumes `byte`, or fails. */
  take(byte: number): boolean {
    if (this.bytes[this.pos] !== byte && this.peek() !== byte) {
      return this.fail('feed/message-malformed', `"${String.fromCharCode(byte)}"`);
    }
    this.pos++;
    return true;
  }

  /** Consumes the opening of an object, or fails. */
  enterObject(): boolean {
    return this.take(OPEN_BRACE);
  }

  /**
   * Reads the next key of an object with its colon: the key's code, {@link KEY_END} after the closing brace, or
   * {@link KEY_FAILED}. Escaped keys are refused: the venue never sends them, and they could hide a second spelling.
   */
  nextKey(first: boolean): number {
    const { bytes, pos } = this;
    // Nearly every key is one letter: `,"p":`.
    if (
      bytes[pos + 4] === COLON &&
      bytes[pos + 3] === QUOTE &&
      bytes[pos + 1] === QUOTE &&
      bytes[pos] === COMMA &&
      !first
    ) {
      const letter = bytes[pos + 2] as number;
      if (letter > 0x20 && letter < 0x80 && letter !== QUOTE && letter !== BACKSLASH) {
        this.pos = pos + 5;
        return letter;
      }
    }
    if (this.takeIf(CLOSE_BRACE)) return KEY_END;
    if (!first && !this.take(COMMA)) return KEY_FAILED;
    const start = this.#openString();
    if (start < 0) return KEY_FAILED;
    let end = start;
    for (; ; end++) {
      const c = bytes[end];
      if (c === QUOTE) break;
      if (c === undefined || c < 0x20 || c === BACKSLASH) {
        this.fail('feed/message-malformed', 'a plain key', start);
        return KEY_FAILED;
      }
    }
    this.pos = end + 1;
    if (!this.take(COLON)) return KEY_FAILED;
    return codeOf(bytes, start, end - start);
  }

  /** Consumes a string if it is exactly this text, without escapes. */
  takeText(text: Uint8Array): boolean {
    if (this.peek() !== QUOTE) return false;
    const start = this.pos + 1;
    if (this.bytes[start + text.length] !== QUOTE) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text[i]) return false;
    this.pos = start + text.length + 1;
    return true;
  }

  /** Reads a JSON integer that is not negative, at most 2^53 - 1 (`feed/id-not-safe` beyond); -1 on failure. */
  readUnsigned(): number {
    const first = this.peek();
    const { bytes } = this;
    let pos = this.pos;
    let value = 0;
    for (; ; pos++) {
      const digit = (bytes[pos] as number) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    const next = bytes[pos];
    const digits = pos - this.pos;
    const goesOn = next === DOT || next === 0x65 || next === 0x45;
    if (digits === 0 || goesOn || (first === 0x30 && digits > 1)) {
      this.fail('feed/message-malformed', 'a whole number that is not negative');
      return -1;
    }
    if (value > Number.MAX_SAFE_INTEGER) {
      this.fail('feed/id-not-safe', 'a whole number below 2^53');
      return -1;
    }
    this.pos = pos;
    return value;
  }

  /** Checks and passes over any JSON value. */
  skipValue(): boolean {
    let depth = 0;
    // One bit per open container, the innermost lowest: 1 is an object.
    let objects = 0;
    for (;;) {
      const c = this.peek();
      const object = c === OPEN_BRACE;
      if (object || c === OPEN_BRACKET) {
        if (depth === MAX_DEPTH)
          return this.fail('feed/limit-exceeded', `at most ${MAX_DEPTH} levels of nesting`);
        this.pos++;
        if (!this.takeIf(object ? CLOSE_BRACE : CLOSE_BRACKET)) {
          depth++;
          objects = (objects << 1) | (object ? 1 : 0);
          if (object && !this.#skipKey()) return false;
          continue;
        }
      } else if (!this.#skipScalar(c)) return false;
      for (;;) {
        if (depth === 0) return true;
        const inObject = (objects & 1) === 1;
        if (this.takeIf(COMMA)) {
          if (inObject && !this.#skipKey()) return false;
          break;
        }
        if (!this.take(inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return false;
        depth--;
        objects >>>= 1;
      }
    }
  }

  /** Fails unless only white space is left. */
  finish(): boolean {
    return this.peek() === -1 || this.fail('feed/message-malformed', 'the end of the message');
  }

  /** Consumes a quote; the position after it, or -1. */
  #openString(): number {
    return this.take(QUOTE) ? this.pos : -1;
  }

  #skipKey(): boolean {
    return this.#skipString() && this.take(COLON);
  }

  #skipScalar(first: number): boolean {
    switch (first) {
      case QUOTE:
        return this.#skipString();
      case 0x74:
        return this.#skipWord('true');
      case 0x66:
        return this.#skipWord('false');
      case 0x6e:
        return this.#skipWord('null');
      default:
        return this.#skipNumber();
    }
  }

  #skipWord(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i))
        return this.fail('feed/message-malformed', 'a JSON value');
    }
    this.pos += word.length;
    return true;
  }

  #skipString(): boolean {
    let pos = this.#openString();
    if (pos < 0) return false;
    const { bytes } = this;
    for (;;) {
      const c = bytes[pos++];
      if (c === QUOTE) break;
      if (c === undefined || c < 0x20) return this.fail('feed/message-malformed', 'a closed string');
      if (c === BACKSLASH) {
        const length = escapeLength(bytes, pos);
        if (length === 0) return this.fail('feed/message-malformed', 'a JSON escape', pos - 1);
        pos += length;
      }
    }
    this.pos = pos;
    return true;
  }

  #skipNumber(): boolean {
    const { bytes } = this;
    let pos = this.pos;
    if (bytes[pos] === MINUS) pos++;
    const whole = pos;
    pos = digitsEnd(bytes, pos);
    let valid = pos > whole && !(bytes[whole] === 0x30 && pos > whole + 1);
    if (bytes[pos] === DOT) {
      const end = digitsEnd(bytes, pos + 1);
      valid &&= end > pos + 1;
      pos = end;
    }
    if (bytes[pos] === 0x65 || bytes[pos] === 0x45) {
      pos++;
      if (bytes[pos] === MINUS || bytes[pos] === 0x2b) pos++;
      const end = digitsEnd(bytes, pos);
      valid &&= end > pos;
      pos = end;
    }
    if (!valid) return this.fail('feed/message-malformed', 'a JSON value');
    this.pos = pos;
    return true;
  }
}

function packed(bytes: Uint8Array, at: number, length: number): number {
  let code = 0;
  for (let i = 0; i < length; i++) {
    const c = bytes[at + i] as number;
    if (c >= 0x80) return KEY_UNKNOWN;
    code = (code << 8) | c;
  }
  return code;
}

function codeOf(bytes: Uint8Array, at: number, length: number): number {
  if (length <= 4) return packed(bytes, at, length);
  for (const [text, code] of LONG_KEY_CODES) {
    if (text.length !== length) continue;
    let same = 0;
    while (same < length && bytes[at + same] === text[same]) same++;
    if (same === length) return code;
  }
  return KEY_UNKNOWN;
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let pos = at;
  for (; ; pos++) {
    const c = bytes[pos] as number;
    if (!(c >= 0x30 && c <= 0x39)) return pos;
  }
}

/** Bytes of a valid escape after its backslash; 0 when it is none. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const c = bytes[at];
  if (c === undefined) return 0;
  if (c !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(c)) ? 1 : 0;
  for (let i = 1; i <= 4; i++) {
    const h = bytes[at + i];
    if (h === undefined || !/^[0-9a-fA-F]$/.test(String.fromCharCode(h))) return 0;
  }
  return 5;
}
