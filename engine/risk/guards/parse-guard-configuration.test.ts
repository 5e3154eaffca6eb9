// The guard configuration as a file: written and read back, and refused by path where anything is unknown or misfits.
import { describe, expect, it } from 'vitest';
import { GUARD_PROFILES, guardProfile } from './guard-configuration.ts';
import { formatGuardConfiguration, parseGuardConfiguration } from './parse-guard-configuration.ts';
import { slotLimits } from './slot-limits.ts';

const refused = (text: string): string => {
  const read = parseGuardConfiguration(text);
  return read.ok ? 'accepted' : read.failure.message;
};
const edited = (edit: (c: Record<string, Record<string, unknown>>) => void): string => {
  const copy = JSON.parse(formatGuardConfiguration(guardProfile('default')));
  edit(copy);
  return refused(JSON.stringify(copy));
};

describe('guard configuration', () => {
  it('every profile is written and read back equal', () => {
    for (const profile of GUARD_PROFILES) {
      const read = parseGuardConfiguration(formatGuardConfiguration(guardProfile(profile)));
      expect(read).toEqual({ ok: true, value: guardProfile(profile) });
    }
  });

  it('a section left out is that of the profile', () => {
    const read = parseGuardConfiguration('{"version":1,"profile":"conservative","adl":null}');
    expect(read).toEqual({ ok: true, value: { ...guardProfile('conservative'), adl: null } });
  });

  it('refuses an unknown key at any depth and names its path', () => {
    expect(refused('{"version":1,"profile":"default","leverge":{}}')).toBe('leverge: unknown key');
    expect(edited((c) => Object.assign(c['margin'] ?? {}, { blockRation: 1 }))).toBe(
      'margin.blockRation: unknown key',
    );
    expect(edited((c) => Object.assign(c['overrides'] ?? {}, { ES: { settlementWarn: 45 } }))).toBe(
      'overrides.ES.settlementWarn: unknown key',
    );
  });

  it('refuses values out of range, of the wrong kind, and levels in the wrong order', () => {
    expect(edited((c) => Object.assign(c['leverage'] ?? {}, { account: 0 }))).toMatch(/^leverage\.account: /);
    expect(edited((c) => Object.assign(c['leverage'] ?? {}, { account: null }))).toMatch(
      /^leverage\.account: /,
    );
    expect(edited((c) => Object.assign(c['trades'] ?? {}, { cme: 'yes' }))).toBe(
      'trades.cme: expected true or false',
    );
    expect(edited((c) => Object.assign(c['margin'] ?? {}, { blockRatio: 1.6 }))).toBe(
      'margin: expected target ≥ warnRatio ≥ blockRatio',
    );
    expect(edited((c) => Object.assign(c['rollover'] ?? {}, { blockDays: 9 }))).toMatch(/^rollover: /);
    expect(refused('{"version":2,"profile":"default"}')).toBe('version: expected version 1');
    expect(refused('{"version":1,"profile":"bold"}')).toMatch(/^profile: expected one of default/);
    expect(refused('{"version":1}')).toMatch(/^profile: /);
    expect(refused('{')).toBe('expected JSON');
    expect(refused('null')).not.toBe('accepted');
    expect(refused(' '.repeat(200_001))).toMatch(/at most/);
  });

  it('an override changes the limits of its symbol and of no other', () => {
    const configuration = guardProfile('default');
    expect(slotLimits(configuration, 'BTCUSDT').symbolShare).toBe(0.4);
    expect(slotLimits(configuration, 'ETHUSDT')).toMatchObject({ symbolLeverage: 100, symbolShare: 0.35 });
    expect(slotLimits(configuration, 'ES').settlementWarnMinutes).toBe(45);
    expect(slotLimits(configuration, 'CL').requirementMultiplier).toBe(1.2);
    expect(slotLimits(configuration, 'NQ')).toEqual({
      symbolLeverage: 125,
      symbolShare: 0.5,
      settlementWarnMinutes: 60,
      rolloverWarnDays: 10,
      requirementMultiplier: 1,
    });
    expect(slotLimits(configuration, 'toString').symbolLeverage).toBe(125);
  });
});
