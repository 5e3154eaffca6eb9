// Labels never lie on each other while there is room, and no line is silently left out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceLine } from '../price-line.ts';
import { placeLabels } from './line-labels.ts';

const line = (id: string): PriceLine => ({ id, kind: 'entry', price: 1, label: '', status: null });
const room = { height: 600, labelHeight: 15 };

describe('placeLabels', () => {
  it('keeps labels apart and accounts for every line', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 900 }), { maxLength: 12 }), (heights) => {
        const { labels, more } = placeLabels(
          heights.map((y, i) => ({ line: line(`l${i}`), y })),
          room,
        );
        const hidden = more.reduce((n, each) => n + each.count, 0);
        expect(labels.length + hidden).toBe(heights.length);
        const middles = [...labels.map((l) => l.labelY), ...more.map((m) => m.labelY)].sort((a, b) => a - b);
        for (const [i, y] of middles.entries()) {
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(600);
          if (i > 0) expect(y - middles[i - 1]!).toBeGreaterThanOrEqual(room.labelHeight);
        }
      }),
    );
  });

  it('names the nearest of the lines out of sight and counts the others', () => {
    const { labels, more } = placeLabels(
      [700, 5_000, 650, 9_000].map((y) => ({ line: line(String(y)), y })),
      room,
    );
    expect(
      labels
        .filter((l) => l.edge === 'bottom')
        .map((l) => l.line.id)
        .sort(),
    ).toEqual(['650', '700']);
    expect(more).toMatchObject([{ edge: 'bottom', count: 2 }]);
  });

  it('names a liquidation before a nearer entry', () => {
    const { labels } = placeLabels(
      [
        { line: line('entry'), y: 150 },
        { line: { ...line('far'), kind: 'liquidation' }, y: 4_000 },
      ],
      { height: 110, labelHeight: 15 },
    );
    expect(labels.map((l) => l.line.id)).toEqual(['far']);
  });

  it('names one line at each edge of a sketch', () => {
    const { labels, more } = placeLabels(
      [700, 800, -50].map((y) => ({ line: line(String(y)), y })),
      { height: 110, labelHeight: 15 },
    );
    expect(labels.map((l) => l.line.id).sort()).toEqual(['-50', '700']);
    expect(more).toMatchObject([{ edge: 'bottom', count: 1 }]);
  });

  it('sets a lone label just above its line', () => {
    const [label] = placeLabels([{ line: line('a'), y: 300 }], room).labels;
    expect(label!.labelY).toBeLessThan(300 - 7);
    expect(label!.labelY).toBeGreaterThan(300 - 16);
  });
});
