/** Tests that every text and status colour can be read on every ground it stands on. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
const blocks = [...css.matchAll(/([^{}]+)\{([^}]*)\}/g)].map(([, selector = '', body = '']) => ({
  selector: selector.trim(),
  values: new Map(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  ),
}));

/** Values in force for a theme and palette, by the cascade of the file. */
function tokens(theme: string, palette: string | null): ReadonlyMap<string, string> {
  const inForce = new Map<string, string>();
  for (const { selector, values } of blocks) {
    const themes = /data-theme="(\w+)"/.exec(selector)?.[1];
    const palettes = /data-palette="([\w-]+)"/.exec(selector)?.[1];
    if (themes !== undefined && themes !== theme) continue;
    if (palettes !== undefined && palettes !== palette) continue;
    for (const [name, value] of values) inForce.set(name, value);
  }
  return inForce;
}

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channel = (offset: number): number => {
    const c = Number.parseInt(hex.slice(offset, offset + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['--ground', '--surface-1', '--surface-2'];
const TEXTS = [
  ...['--text', '--muted', '--accent', '--bid', '--ask'],
  ...['healthy', 'warning', 'danger', 'critical', 'liquidation'].map((status) => `--status-${status}`),
  ...['simulated', 'replay', 'live'].map((source) => `--source-${source}`),
];

describe('tokens', () => {
  it('finds white on black', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  for (const [theme, least] of [
    ['dark', 4.5],
    ['light', 4.5],
    ['contrast', 7],
  ] as const) {
    for (const palette of [null, 'green-red', 'red-up']) {
      it(`${theme}, ${palette ?? 'blue and orange'}: text stands out by ${least}:1, control edges by 3:1`, () => {
        const value = tokens(theme, palette);
        const failing = TEXTS.flatMap((text) =>
          GROUNDS.map((ground) => ({ text, ground, ratio: contrast(value.get(text)!, value.get(ground)!) })),
        ).filter(({ ratio }) => !(ratio >= least));
        expect(failing).toEqual([]);
        expect(contrast(value.get('--on-accent')!, value.get('--accent')!)).toBeGreaterThanOrEqual(least);
        for (const ground of GROUNDS) {
          expect(contrast(value.get('--control-edge')!, value.get(ground)!)).toBeGreaterThanOrEqual(3);
        }
      });
    }
  }
});
