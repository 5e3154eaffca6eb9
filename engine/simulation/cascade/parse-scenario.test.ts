// Reading scenarios: what is wrong is named by its path, with what was expected and what was found.
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse-scenario.ts';
import { DOMINO } from './scenarios/teaching.ts';

type Plain = Record<string, unknown>;

/** The scenario with the value at a path replaced, or removed for undefined. */
function changed(path: string, value: unknown): Plain {
  const copy = structuredClone(DOMINO) as unknown as Plain;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at: Plain = copy;
  for (const key of keys) at = at[key] as Plain;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function message(json: unknown): string {
  const parsed = parseScenario(json);
  if (parsed.ok) return 'ok';
  expect(parsed.failure.code).toBe('scenario/malformed');
  return parsed.failure.message;
}

describe('parseScenario', () => {
  it('takes a scenario as value and as text', () => {
    expect(message(DOMINO)).toBe('ok');
    expect(message(JSON.stringify(DOMINO))).toBe('ok');
  });

  const faults: readonly (readonly [string, unknown, RegExp])[] = [
    ['seed', 1.5, /^seed: expected a whole number from 0 to 4294967295, found 1\.5$/],
    ['seed', undefined, /^seed: expected a whole number .*, found nothing$/],
    ['markets.0.price', 65_000, /^markets\[0\]\.price: expected a decimal step such as "0\.1", found 65000$/],
    ['markets.0.price', '65000.05', /^markets\[0\]\.price: expected a multiple of tickSize/],
    ['markets.0.book.levels', 0, /^markets\[0\]\.book\.levels: expected a whole number from 1 to/],
    ['markets.0.book.levels', 5000, /^ok$/],
    ['markets.0.book.spacingTicks', 90_000, /^markets\[0\]\.book\.levels: expected levels × spacing/],
    ['markets.0.makers', 7, /^markets\[0\]\.makers: expected an object, found 7$/],
    ['markets.0.population.openInterest', 10, /^markets\[0\]\.population: expected parameters in range/],
    ['markets.0.brackets.1.maintenanceMarginRate', 0.001, /^markets\[0\]\.brackets: expected a schedule/],
    ['markets', [], /^markets: expected at least one market, found none$/],
    ['rules.adlRule', 'fairest', /^rules\.adlRule: expected one of binance, .*, found "fairest"$/],
    ['rules.typo', 1, /^rules\.typo: expected no such key, found 1$/],
    ['shocks.0.kind', 'earthquake', /^shocks\[0\]\.kind: expected a shock of kind/],
    ['shocks.0.market', 3, /^shocks\[0\]\.market: expected a market below 1, found 3$/],
    ['stepMillis', 300, /^stepMillis: expected a divisor of 1000/],
    ['durationSeconds', 80_000, /^durationSeconds: expected at most 200000 steps/],
    ['fund.cash', -1, /^fund\.cash: expected a number from 0/],
    [
      'accounts.0.collateral',
      5,
      /^accounts\[0\]: expected open orders and collateral with cross margin only/,
    ],
  ];
  for (const [path, value, expected] of faults) {
    it(`${path} = ${JSON.stringify(value)}`, () => {
      expect(message(changed(path, value))).toMatch(expected);
    });
  }

  it('names text that is no JSON, and values that are no scenario', () => {
    expect(message('{"a":')).toMatch(/^scenario: expected JSON, found /);
    expect(message(null)).toMatch(/^scenario: expected an object, found null$/);
    expect(message([])).toMatch(/^scenario: expected an object, found \[\]$/);
  });
});
