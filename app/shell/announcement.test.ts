/** Tests of what a screen reader is told. */
import { describe, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
import type { MarginReport, PositionFigures } from '../../engine/margin/margin-report.ts';
import { announcement, announcementKey } from './announcement.ts';

const figures: PositionFigures = {
  markPrice: 2_681.4,
  markOrigin: 'mark',
  notional: 30_000,
  unrealisedPnl: -421.3,
  initialMargin: 600,
  maintenanceMargin: 120,
  bracket: 1,
  bracketMaxLeverage: 150,
  marginRatio: 1.38,
  status: 'WARNING',
  liquidationPrice: 2_847,
  bankruptcyPrice: null,
  distanceRate: 0.062,
  distanceTicks: 16_560,
  distanceSigma: null,
};
const report = (all: readonly (PositionFigures | null)[]): MarginReport => ({
  atMicros: micros(0),
  trust: 'LIVE',
  bracketTable: { date: '2026-05-01', source: 'test' },
  accounts: [],
  positions: all.map((each, at) => ({
    positionId: `p${at}`,
    accountId: 'a',
    instrument: 'binance-usdm:ETHUSDT',
    symbol: 'ETHUSDT',
    side: 'short',
    marginMode: 'cross',
    size: '11.3',
    entryPrice: '2644.12',
    leverage: 50,
    trust: 'LIVE',
    failure: null,
    figures: each,
  })),
});

describe('announcement', () => {
  it('tells of the worst position and of the feed', () => {
    const safe = { ...figures, marginRatio: 3, status: 'HEALTHY' } as const;
    expect(announcement(report([safe, figures, null]), 'STALE')).toBe(
      'Feed STALE. Worst: ETHUSDT short, WARNING, margin ratio 1.38, 6.2\u202f% to liquidation.',
    );
    expect(announcement(report([{ ...figures, distanceRate: null }]), 'LIVE')).toContain(
      'no price liquidates',
    );
    expect(announcement(null, 'OFFLINE')).toBe('Feed OFFLINE.');
    // A book that goes on says nothing for the mark that the figures rest on.
    const rested = report([figures]);
    const stale: MarginReport = {
      ...rested,
      trust: 'STALE',
      positions: rested.positions.map((position) => ({ ...position, trust: 'STALE' })),
    };
    expect(announcement(stale, 'LIVE')).toMatch(/to liquidation\. Its figures are STALE\.$/);
    expect(announcementKey(stale, 'LIVE')).not.toBe(announcementKey(rested, 'LIVE'));
  });

  it('is renewed by a change of status, not by a change of figures', () => {
    const key = announcementKey(report([figures]), 'LIVE');
    expect(announcementKey(report([{ ...figures, marginRatio: 1.37 }]), 'LIVE')).toBe(key);
    expect(announcementKey(report([{ ...figures, status: 'DANGER' }]), 'LIVE')).not.toBe(key);
    expect(announcementKey(report([figures]), 'STALE')).not.toBe(key);
  });
});
