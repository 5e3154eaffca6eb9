/** One record line of a .pa2 file, read field by field; the first thing wrong with it is kept, with its columns. */
import { assert } from '../../../core/assert.ts';
import { type Pa2Field, pa2Record } from './pa2-layout.ts';

const DIGITS = /^\d+$/;

/** A line with a known record id. Short lines read as blank beyond their end. */
export class Pa2Line {
  readonly id: string;
  /** Counted from 1. */
  readonly place: number;
  /** What was expected and found in the first field that could not be read; null while all is well. */
  problem: string | null = null;
  readonly #text: string;
  readonly #fields: ReadonlyMap<string, Pa2Field>;

  constructor(id: string, text: string, place: number) {
    const fields = pa2Record(id);
    assert(fields !== null, `record ${id} has a layout`);
    this.id = id;
    this.place = place;
    this.#text = text;
    this.#fields = fields;
  }

  /** The field without the blanks around it; '' where the line is too short. */
  text(name: string): string {
    const { from, to } = this.#field(name);
    return this.#text.slice(from - 1, to).trim();
  }

  /** Digits with the field's implied decimals; blank is 0. */
  number(name: string): number {
    const field = this.#field(name);
    const text = this.#text.slice(field.from - 1, field.to).trim();
    if (text === '') return 0;
    if (!DIGITS.test(text)) return this.#wrong(name, field, 'digits', text);
    if (this.#text.length < field.to) return this.#wrong(name, field, 'a whole field', text);
    return Number(text) / 10 ** field.decimals;
  }

  /** Digits that must be there. */
  required(name: string): number {
    if (this.text(name) === '') this.reject(name, 'digits');
    return this.number(name);
  }

  /** A number that must be there, with the sign of its own sign field (`nameSign`, blank is +). */
  signed(name: string): number {
    const size = this.required(name);
    const sign = this.text(`${name}Sign`);
    if (sign !== '' && sign !== '+' && sign !== '-') {
      return this.#wrong(`${name}Sign`, this.#field(`${name}Sign`), '+ or -', sign);
    }
    return sign === '-' && size !== 0 ? -size : size;
  }

  /** Notes what is wrong with a field, unless something was wrong before. */
  reject(name: string, expected: string): void {
    const field = this.#field(name);
    this.#wrong(name, field, expected, this.text(name));
  }

  #field(name: string): Pa2Field {
    const field = this.#fields.get(name);
    assert(field !== undefined, `record ${this.id} has a field ${name}`);
    return field;
  }

  #wrong(name: string, field: Pa2Field, expected: string, found: string): number {
    this.problem ??= `columns ${field.from}-${field.to} (${name}): expected ${expected}, found "${found}"`;
    return 0;
  }
}
