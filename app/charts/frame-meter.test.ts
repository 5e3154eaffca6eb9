// Figures of the trust strip: rates, percentiles and what falls out of the window.
import { describe, expect, it } from 'vitest';
import { FrameMeter, frameRate, percentile } from './frame-meter.ts';

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const sample = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(sample, 0.5)).toBe(50);
    expect(percentile(sample, 0.95)).toBe(95);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNull();
  });
});

describe('frameRate', () => {
  const ticks = (hz: number, seconds: number) =>
    Array.from({ length: hz * seconds }, (_, i) => (i * 1_000) / hz);

  it('tells the rate of the last second', () => {
    expect(frameRate(ticks(60, 3), 2_990)).toBeCloseTo(60, 0);
    expect(frameRate([...ticks(60, 2), ...ticks(30, 1).map((t) => t + 2_000)], 2_990)).toBeCloseTo(30, 0);
  });

  it('is absent while nothing moves', () => {
    expect(frameRate(ticks(60, 2), 5_000)).toBeNull();
    expect(frameRate([], 0)).toBeNull();
  });
});

describe('FrameMeter', () => {
  it('reports the last two seconds only, and keeps the rest to read', () => {
    const meter = new FrameMeter();
    for (let i = 0; i < 300; i++) {
      const atMs = i * 16;
      meter.frame({ atMs, workMs: atMs < 2_000 ? 50 : 2, latencyMs: i % 2 === 0 ? 10 : null, renderMs: 5 });
    }
    const stats = meter.stats(4_800);
    expect(stats.workP95Ms).toBe(2);
    expect(stats.latencyP95Ms).toBe(10);
    expect(stats.renderP95Ms).toBe(5);
    expect(meter.read()).toHaveLength(300);
    expect(meter.read(4_000).every((r) => r.atMs >= 4_000)).toBe(true);
    expect(meter.read()[1]?.latencyMs).toBeNull();
  });

  it('tells each painter apart, from its last 256 paints', () => {
    const meter = new FrameMeter();
    for (let i = 0; i < 2_000; i++) meter.painted('ladder', i < 1_700 ? 9 : 1);
    meter.painted('tape', 0.5);
    expect(meter.stats(0).painters).toEqual({
      ladder: { p50Ms: 1, p95Ms: 1 },
      tape: { p50Ms: 0.5, p95Ms: 0.5 },
    });
  });

  it('holds at most thirty thousand frames', () => {
    const meter = new FrameMeter();
    for (let i = 0; i < 30_500; i++) meter.frame({ atMs: i, workMs: 1, latencyMs: null, renderMs: 1 });
    const all = meter.read();
    expect(all).toHaveLength(30_000);
    expect(all[0]?.atMs).toBe(500);
  });
});
