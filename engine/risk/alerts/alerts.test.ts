// Alerts: dwell, hysteresis, cooldown, snooze, the class that must be seen, figures that go missing; and the backtest.
import { describe, expect, it } from 'vitest';
import { Rng } from '../../core/rng.ts';
import { micros } from '../../core/units.ts';
import { backtestAlerts } from './alert-backtest.ts';
import { type AlertRule, DEFAULT_ALERT_RULES, parseAlertRules } from './alert-rules.ts';
import { type AlertInput, type AlertOutput, AlertWatch } from './alert-watch.ts';

const at = (seconds: number) => micros(seconds * 1_000_000);
const sample = (seconds: number, value: number | null, subject = 'a'): AlertInput => ({
  kind: 'sample',
  atMicros: at(seconds),
  subject,
  metric: 'margin-ratio',
  value,
});
const RULE: AlertRule = {
  id: 'low',
  metric: 'margin-ratio',
  subject: '*',
  when: 'below',
  threshold: 1.2,
  hysteresis: 0.05,
  forSeconds: 60,
  cooldownSeconds: 300,
  severity: 'danger',
  mustSee: false,
};
const phases = (outputs: readonly AlertOutput[]): readonly string[] =>
  outputs.map((output) => (output.kind === 'alert' ? output.phase : output.kind));

describe('alert watch', () => {
  it('raises when a figure has stood beyond the threshold for the time, by the clock alone too', () => {
    const watch = new AlertWatch([RULE]);
    expect(watch.apply(sample(0, 1.2))).toEqual([]);
    expect(watch.apply({ kind: 'clock', atMicros: at(59) })).toEqual([]);
    expect(watch.apply({ kind: 'clock', atMicros: at(60) })).toMatchObject([
      { phase: 'raised', rule: 'low', subject: 'a', value: 1.2, severity: 'danger' },
    ]);
    const interrupted = new AlertWatch([RULE]);
    interrupted.apply(sample(0, 1.1));
    interrupted.apply(sample(30, 1.21));
    expect(interrupted.apply(sample(61, 1.1))).toEqual([]);
  });

  it('is over only beyond the hysteresis, and comes again no faster than the cooldown', () => {
    const watch = new AlertWatch([{ ...RULE, forSeconds: 0 }]);
    expect(phases(watch.apply(sample(0, 1.1)))).toEqual(['raised']);
    expect(watch.apply(sample(1, 1.25))).toEqual([]);
    expect(phases(watch.apply(sample(2, 1.26)))).toEqual(['cleared']);
    expect(watch.apply(sample(3, 1.1))).toEqual([]);
    expect(phases(watch.apply({ kind: 'clock', atMicros: at(302) }))).toEqual(['raised']);
    expect(phases(watch.apply({ kind: 'clock', atMicros: at(602) }))).toEqual(['reminder']);
    watch.apply({ kind: 'acknowledge', atMicros: at(603), rule: 'low', subject: 'a' });
    expect(watch.apply({ kind: 'clock', atMicros: at(2_000) })).toEqual([]);
  });

  it('a snooze silences, and what still stands after it is told; a rule that must be seen refuses', () => {
    const must = { ...RULE, id: 'must', forSeconds: 0, mustSee: true };
    const watch = new AlertWatch([{ ...RULE, forSeconds: 0 }, must]);
    watch.apply({ kind: 'snooze', atMicros: at(0), rule: 'low', untilMicros: at(100) });
    expect(
      phases(watch.apply({ kind: 'snooze', atMicros: at(0), rule: 'must', untilMicros: at(100) })),
    ).toEqual(['snooze-refused']);
    expect(watch.apply(sample(1, 1.1))).toMatchObject([{ rule: 'must', phase: 'raised' }]);
    expect(watch.apply({ kind: 'clock', atMicros: at(100) })).toMatchObject([
      { rule: 'low', phase: 'reminder' },
    ]);
  });

  it('a figure that is gone neither raises nor clears, and a rule that must be seen says it is blind, once', () => {
    const watch = new AlertWatch([
      { ...RULE, forSeconds: 0 },
      { ...RULE, id: 'must', mustSee: true },
    ]);
    watch.apply(sample(0, 1.1));
    expect(watch.apply(sample(1, null))).toMatchObject([{ rule: 'must', phase: 'blind' }]);
    expect(watch.apply(sample(2, Number.NaN))).toEqual([]);
    expect(watch.snapshot().alerts[0]).toMatchObject({ isRaised: true });
  });

  it('what is gone is told once where it stood raised, and begins anew when it comes back', () => {
    const rules = [{ ...RULE, forSeconds: 0 }];
    const watch = new AlertWatch(rules);
    watch.apply(sample(0, 1.1));
    watch.apply(sample(0, 1.5, 'b'));
    const gone = (seconds: number, subject: string) =>
      watch.apply({ kind: 'gone', atMicros: at(seconds), subject });
    expect(gone(1, 'a')).toMatchObject([{ phase: 'gone', subject: 'a', value: 1.1 }]);
    expect([gone(2, 'a'), gone(2, 'b')]).toEqual([[], []]);
    expect(watch.stateHash()).toBe(new AlertWatch(rules).stateHash());
    expect(phases(watch.apply(sample(3, 1.1)))).toEqual(['raised']);
  });

  it('never flutters, and goes on from a snapshot as if nothing had been, over a random run', () => {
    const rng = new Rng(9);
    const rules = [{ ...RULE, forSeconds: 5 }];
    const watch = new AlertWatch(rules);
    let copy = new AlertWatch(rules);
    let ratio = 1.2;
    let told: number | null = null;
    let raised = 0;
    for (let s = 0; s < 8_000; s++) {
      ratio = Math.min(1.5, Math.max(1, ratio + (rng.below(201) - 100) / 4000));
      const outputs = watch.apply(sample(s, ratio));
      expect(copy.apply(sample(s, ratio))).toEqual(outputs);
      for (const phase of phases(outputs)) {
        if (phase !== 'cleared' && told !== null) expect(s - told).toBeGreaterThanOrEqual(300);
        if (phase === 'raised') raised++;
        told = s;
      }
      if (s % 500 === 0) copy = new AlertWatch(rules, watch.snapshot());
      expect(copy.stateHash()).toBe(watch.stateHash());
    }
    expect(raised).toBeGreaterThan(4);
  });
});

describe('alert rules as a file', () => {
  it('reads what it writes and refuses the rest by path', () => {
    expect(parseAlertRules(JSON.stringify(DEFAULT_ALERT_RULES))).toEqual({
      ok: true,
      value: DEFAULT_ALERT_RULES,
    });
    const refused = (rules: unknown): string => {
      const read = parseAlertRules(JSON.stringify(rules));
      return read.ok ? 'accepted' : read.failure.message;
    };
    expect(refused([{ ...RULE, treshold: 1 }])).toBe('0.treshold: unknown key');
    expect(refused([{ ...RULE, when: 'under' }])).toBe('0.when: expected below or above');
    expect(refused([RULE, RULE])).toBe('1.id: expected a new id, found "low" again');
    expect(refused({})).toBe('expected an array of rules');
    expect(refused([{ ...RULE, threshold: null }])).toMatch(/^0\.threshold: /);
  });
});

describe('alert backtest', () => {
  it('counts fires, lead times, misses and false alarms of a hand-made series', () => {
    const samples = [
      sample(0, 1.5),
      sample(10, 1.1),
      sample(20, 1.4),
      sample(400, 1.1),
      sample(430, 1.0),
      sample(440, 1.4, 'b'),
      sample(450, 0.9, 'b'),
    ];
    const incidents = [
      { subject: 'a', positions: [], atMicros: at(430) },
      { subject: 'b', positions: [], atMicros: at(450) },
      { subject: 'c', positions: [], atMicros: at(450) },
    ];
    const [score] = backtestAlerts([{ ...RULE, forSeconds: 0 }], samples, incidents, 100);
    expect(score).toMatchObject({ rule: 'low', falseAlarms: 1, medianLeadSeconds: 15 });
    expect(score?.fires).toHaveLength(3);
    expect(score?.caught.map(({ leadSeconds }) => leadSeconds)).toEqual([30, 0]);
    expect(score?.missed).toEqual([incidents[2]]);
    expect(score?.fires.map(({ leadSeconds }) => leadSeconds)).toEqual([null, 30, 0]);
  });

  it('holds a rule only against the liquidations it watches and whose figure tells of them', () => {
    const near = { ...sample(5, 0.01, 'BTCUSDT long, a'), metric: 'liquidation-distance' } as AlertInput;
    const funding = { ...sample(6, 0.01, 'BTCUSDT'), metric: 'funding-rate' } as AlertInput;
    const rules: readonly AlertRule[] = [
      { ...RULE, id: 'near', metric: 'liquidation-distance', threshold: 0.02, forSeconds: 0 },
      { ...RULE, id: 'funding', metric: 'funding-rate', when: 'above', threshold: 0.005, forSeconds: 0 },
      { ...RULE, id: 'other', subject: 'b' },
    ];
    const fallen = { subject: 'a', positions: ['BTCUSDT long, a'], atMicros: at(30) };
    const scores = backtestAlerts(rules, [near, funding], [fallen], 60);
    // A cross position falls with its account; funding says nothing of it; nobody asked the third rule about it.
    expect(scores).toMatchObject([
      { caught: [{ leadSeconds: 25 }], missed: [], falseAlarms: 0 },
      { warnsOfLiquidation: false, caught: [], missed: [], falseAlarms: 0 },
      { caught: [], missed: [], falseAlarms: 0 },
    ]);
    expect(scores[1]?.fires).toHaveLength(1);
    expect(scores.map(({ figures }) => figures)).toEqual([1, 1, 0]);
  });

  it('knows nothing before it happens: samples after an instant change nothing up to it', () => {
    const rng = new Rng(10);
    const samples = Array.from({ length: 2000 }, (_, s) => sample(s * 10, 1 + rng.below(500) / 1000));
    const whole = backtestAlerts([RULE], samples, [], 60)[0]?.fires ?? [];
    const part = backtestAlerts([RULE], samples.slice(0, 1000), [], 60)[0]?.fires ?? [];
    expect(whole.filter(({ atMicros }) => atMicros <= at(9_990))).toEqual(part);
    expect(part.length).toBeGreaterThan(0);
  });
});
