// Properties of the guards over random accounts, inputs and orders. A million cases: `npm run sweep:guards`.
import { describe, expect, it } from 'vitest';
import { runGuardProperties } from '../../testkit/guard-properties.ts';

const CASES = 20_000;

describe('guards', () => {
  it(`keep their properties over ${CASES} random cases`, () => {
    const { verdicts, asked, breaches } = runGuardProperties(20_260_101, CASES);
    expect(breaches).toEqual([]);
    for (const count of verdicts) expect(count).toBeGreaterThan(CASES / 50);
    expect(Object.keys(asked)).toHaveLength(7);
    for (const count of Object.values(asked)) expect(count).toBeGreaterThan(500);
  });
});
