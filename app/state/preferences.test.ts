/** Tests of stored preferences: whatever is in the browser, the page starts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LAYOUT, readPreferences } from './preferences.ts';

describe('preferences', () => {
  it('takes defaults where nothing is stored', () => {
    expect(readPreferences(null)).toMatchObject({
      theme: 'dark',
      palette: 'blue-orange',
      singleKeys: true,
      layout: DEFAULT_LAYOUT,
    });
  });

  it('reads back what was written', () => {
    const chosen = {
      ...readPreferences(null),
      theme: 'light',
      columns: ['ticks'],
      groupTicks: 100,
      tapeMinLots: 50,
    } as const;
    expect(readPreferences(JSON.stringify(chosen))).toEqual(chosen);
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const read = readPreferences(text);
        expect(['dark', 'light', 'contrast']).toContain(read.theme);
        expect(read.layout.sideWidth).toBeGreaterThan(0);
      }),
    );
    expect(
      readPreferences('{"layout":{"sideWidth":-5},"columns":["x","sigma"],"tapeMinLots":0.5}'),
    ).toMatchObject({
      layout: DEFAULT_LAYOUT,
      columns: ['sigma'],
      tapeMinLots: 0,
    });
  });
});
