// Works out a derivation from the words of its formulas alone: labels stand for values, × ÷ + − and min( , ) for themselves.
import type { DerivationTerm } from '../margin/margin-report.ts';

/** The value a term's formula gives over the labels of its own terms. */
export function evaluateFormula(term: DerivationTerm): number {
  if (term.formula === null) throw new Error(`${term.label} has no formula`);
  if (term.formula === 'sum of the terms below') {
    return term.terms.reduce((sum, part) => sum + numberOf(part), 0);
  }
  const parser = new Parser(tokens(term.formula, term.terms));
  const value = parser.sum();
  if (!parser.done()) throw new Error(`text left over in "${term.formula}"`);
  return value;
}

function numberOf(term: DerivationTerm): number {
  if (typeof term.value !== 'number') throw new Error(`${term.label} is not a number: ${term.value}`);
  return term.value;
}

type Token = string | number;

function tokens(formula: string, terms: readonly DerivationTerm[]): readonly Token[] {
  const byLength = terms.toSorted((a, b) => b.label.length - a.label.length);
  const found: Token[] = [];
  let rest = formula.trim();
  while (rest !== '') {
    const label = byLength.find((term) => rest.startsWith(term.label));
    const sign = /^(min\(|[()+−×÷,])/.exec(rest)?.[0];
    if (label !== undefined) found.push(numberOf(label));
    else if (sign !== undefined) found.push(sign);
    else throw new Error(`no term for "${rest}" in "${formula}"`);
    rest = rest.slice((label?.label ?? sign ?? '').length).trimStart();
  }
  return found;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  done(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): number {
    let value = this.#product();
    for (;;) {
      if (this.#take('+')) value += this.#product();
      else if (this.#take('−')) value -= this.#product();
      else return value;
    }
  }

  #product(): number {
    let value = this.#factor();
    for (;;) {
      if (this.#take('×')) value *= this.#factor();
      else if (this.#take('÷')) value /= this.#factor();
      else return value;
    }
  }

  #factor(): number {
    const token = this.#tokens[this.#at++];
    if (typeof token === 'number') return token;
    const first = this.sum();
    if (token === '(') {
      this.#expect(')');
      return first;
    }
    if (token !== 'min(') throw new Error(`unexpected ${token}`);
    this.#expect(',');
    const second = this.sum();
    this.#expect(')');
    return Math.min(first, second);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`expected ${token}, found ${this.#tokens[this.#at]}`);
  }
}
