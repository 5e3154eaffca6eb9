// The page of defects names a test for each, and every test it names exists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const rows = readFileSync(join(root, 'docs/defects.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const match = /^\| (\d+) \| .+ \| `(.+?)` \| (.+) \|$/.exec(line);
    return match === null ? [] : [{ number: Number(match[1]), file: match[2] ?? '', title: match[3] ?? '' }];
  });

describe('page of defects', () => {
  it('lists 26, each with another test', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
    expect(new Set(rows.map(({ title }) => title)).size).toBe(26);
  });

  for (const { number, file, title } of rows) {
    it(`defect ${number}: its test is there`, () => {
      const text = readFileSync(join(root, file), 'utf8');
      expect(text).toMatch(new RegExp(`\\bit\\(\\s*['"\`]${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    });
  }
});
