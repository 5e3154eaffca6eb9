// The margin-call notifier: levels, cooldown and its halving, hysteresis, trend, snapshots; and no fluttering in random runs.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { marginStatus } from '../../margin/margin-status.ts';
import { MarginCallNotifier, type MarginNotice, NOTIFIER_SETTINGS } from './margin-call-notifier.ts';

const at = (seconds: number) => micros(seconds * 1_000_000);
const tell = (notifier: MarginCallNotifier, seconds: number, ratio: number | null): readonly MarginNotice[] =>
  notifier.apply({ kind: 'ratio', atMicros: at(seconds), ratio });

describe('margin-call notifier', () => {
  it('tells a fall at once and as deep as it goes', () => {
    const notifier = new MarginCallNotifier();
    expect(tell(notifier, 0, 2)).toEqual([]);
    expect(tell(notifier, 1, 1.3)).toMatchObject([
      { because: 'worse', event: 'margin-warning', was: 'HEALTHY' },
    ]);
    expect(tell(notifier, 2, 1.0)).toMatchObject([{ event: 'margin-liquidation', severity: 'emergency' }]);
  });

  it('reminds after the cooldown, sooner on lower rungs, and not after it was seen', () => {
    const gaps = [1.3, 1.1, 1.02, 0.9].map((ratio) => {
      const notifier = new MarginCallNotifier();
      tell(notifier, 0, ratio);
      for (let s = 1; ; s++) if (tell(notifier, s, ratio).length > 0) return s;
    });
    expect(gaps).toEqual([300, 150, 75, 38]);
    const seen = new MarginCallNotifier();
    tell(seen, 0, 1.1);
    seen.apply({ kind: 'acknowledge', atMicros: at(1) });
    expect(tell(seen, 1000, 1.1)).toEqual([]);
    expect(tell(seen, 1001, 1.02)).toMatchObject([{ because: 'worse', status: 'CRITICAL' }]);
  });

  it('recovers only well above the edge and after the cooldown', () => {
    const notifier = new MarginCallNotifier();
    tell(notifier, 0, 1.19);
    expect(tell(notifier, 149, 1.4)).toEqual([]);
    expect(tell(notifier, 150, 1.21)).toMatchObject([{ because: 'reminder' }]);
    expect(tell(notifier, 151, 1.22)).toMatchObject([
      { because: 'recovered', status: 'WARNING', severity: 'info' },
    ]);
    expect(tell(notifier, 10_000, null)).toMatchObject([{ because: 'recovered', status: 'HEALTHY' }]);
  });

  it('sees the trend over its samples', () => {
    const notifier = new MarginCallNotifier();
    for (let i = 0; i < 9; i++) tell(notifier, i, 1.65 - i * 0.01);
    expect(tell(notifier, 9, 1.45)).toMatchObject([{ trend: 'worsening' }]);
  });

  it('says when the ratio is not known, and keeps its rung', () => {
    const notifier = new MarginCallNotifier();
    tell(notifier, 0, 1.1);
    expect(tell(notifier, 400, Number.NaN)).toMatchObject([
      { because: 'unknown', event: 'input-missing', status: 'DANGER' },
    ]);
  });

  it('never says better than the ladder does, never recovers faster than the cooldown, and continues from a snapshot', () => {
    const rng = new Rng(11);
    let notifier = new MarginCallNotifier();
    let ratio = 1.3;
    let changed: number | null = null;
    let recoveries = 0;
    for (let s = 0; s < 12_000; s++) {
      ratio = Math.min(2.2, Math.max(0.9, ratio + (rng.below(2001) - 1000) / 20_000));
      if (s % 97 === 0) {
        const copy = new MarginCallNotifier(NOTIFIER_SETTINGS, notifier.snapshot());
        expect(copy.stateHash()).toBe(notifier.stateHash());
        notifier = copy;
      }
      for (const notice of tell(notifier, s, ratio)) {
        if (notice.because === 'recovered') {
          recoveries++;
          if (changed !== null) expect(s - changed).toBeGreaterThanOrEqual(37);
        }
        if (notice.because !== 'reminder') changed = s;
      }
      const order = ['HEALTHY', 'WARNING', 'DANGER', 'CRITICAL', 'LIQUIDATION'];
      expect(order.indexOf(notifier.snapshot().status)).toBeGreaterThanOrEqual(
        order.indexOf(marginStatus(ratio)),
      );
    }
    expect(recoveries).toBeGreaterThan(8);
  });
});
