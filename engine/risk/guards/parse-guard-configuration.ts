/** Reads a guard configuration from JSON: unknown keys and values out of range are named by their path. */
import * as z from 'zod/mini';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  GUARD_CONFIGURATION_VERSION,
  GUARD_PROFILES,
  type GuardConfiguration,
  type GuardProfile,
  guardProfile,
} from './guard-configuration.ts';

// A strict content policy forbids compiled code, and even asking whether it is allowed counts as a violation.
z.config({ jitless: true });

/** Longest text that is read, in characters. */
const MOST_TEXT = 200_000;
/** Most symbols with limits of their own. */
const MOST_OVERRIDES = 1000;

const number = (from: number, to: number) => {
  const what = `a number from ${from} to ${to}`;
  return z.number(what).check(z.refine((n) => n >= from && n <= to, what));
};
const truth = z.boolean('true or false');
const share = number(0, 1);
const rate = number(0, 1);
const seconds = number(0, 86_400);
const leverage = number(1, 1000);
const ratio = number(1, 1000);
const minutes = number(0, 1440);
const days = number(0, 60);
const profile = z.enum(
  GUARD_PROFILES as readonly [GuardProfile, ...GuardProfile[]],
  `one of ${GUARD_PROFILES.join(', ')}`,
);

const OVERRIDE = z.strictObject({
  symbolLeverage: z.optional(leverage),
  symbolShare: z.optional(share),
  settlementWarnMinutes: z.optional(minutes),
  rolloverWarnDays: z.optional(days),
  requirementMultiplier: z.optional(number(1, 10)),
});

const SECTIONS = {
  trades: z.strictObject({ crypto: truth, cme: truth }),
  oldest: z.strictObject({
    markSeconds: seconds,
    walletSeconds: seconds,
    tradingSeconds: seconds,
    fundingSeconds: seconds,
    adlSeconds: seconds,
    riskSeconds: seconds,
  }),
  leverage: z.strictObject({ account: leverage, symbol: leverage, warnShare: share }),
  margin: z
    .strictObject({ target: ratio, warnRatio: ratio, blockRatio: ratio })
    .check(
      z.refine(
        (m) => m.target >= m.warnRatio && m.warnRatio >= m.blockRatio,
        'target ≥ warnRatio ≥ blockRatio',
      ),
    ),
  concentration: z.strictObject({
    symbolShare: share,
    groupShare: share,
    warnShare: share,
    correlationWeight: number(1, 10),
    correlationSpike: share,
  }),
  funding: z.nullable(
    z
      .strictObject({ warnRate: rate, dangerRate: rate, blockRate: rate, dayShare: share })
      .check(
        z.refine(
          (f) => f.warnRate <= f.dangerRate && f.dangerRate <= f.blockRate,
          'warnRate ≤ dangerRate ≤ blockRate',
        ),
      ),
  ),
  adl: z.nullable(
    z
      .strictObject({ warnShare: share, dangerShare: share, blockShare: share })
      .check(
        z.refine(
          (a) => a.warnShare <= a.dangerShare && a.dangerShare <= a.blockShare,
          'warnShare ≤ dangerShare ≤ blockShare',
        ),
      ),
  ),
  position: z.strictObject({ warnShare: share, isHedger: truth }),
  breaker: z.strictObject({ warnFallRate: rate }),
  settlement: z
    .strictObject({ warnMinutes: minutes, criticalMinutes: minutes, blockMinutes: minutes })
    .check(
      z.refine(
        (s) => s.warnMinutes >= s.criticalMinutes && s.criticalMinutes >= s.blockMinutes,
        'warnMinutes ≥ criticalMinutes ≥ blockMinutes',
      ),
    ),
  rollover: z
    .strictObject({ warnDays: days, criticalDays: days, blockDays: days })
    .check(
      z.refine(
        (r) => r.warnDays >= r.criticalDays && r.criticalDays >= r.blockDays,
        'warnDays ≥ criticalDays ≥ blockDays',
      ),
    ),
  valueAtRisk: z.nullable(
    z
      .strictObject({ warnShare: share, blockShare: number(0, 10) })
      .check(z.refine((v) => v.warnShare <= v.blockShare, 'warnShare ≤ blockShare')),
  ),
  overrides: z
    .record(z.string('a symbol or product code'), OVERRIDE)
    .check(
      z.refine(
        (o) => Object.keys(o).length <= MOST_OVERRIDES,
        `at most ${MOST_OVERRIDES} symbols with limits of their own`,
      ),
    ),
} as const;

const CONFIGURATION = z.strictObject({
  version: z.literal(GUARD_CONFIGURATION_VERSION, `version ${GUARD_CONFIGURATION_VERSION}`),
  profile,
  ...Object.fromEntries(
    Object.entries(SECTIONS).map(([name, section]) => [name, z.optional(section as z.ZodMiniType)]),
  ),
});

/**
 * Reads a configuration: `version` and `profile` are required, each other section replaces that of the profile whole.
 *
 * Fails: `guard/configuration-malformed` for text that is no JSON, an unknown key, a missing or misfit value, or levels in the
 * wrong order; the message names the path and what was expected there.
 *
 * @example '{"version":1,"profile":"default","leverge":{}}' → leverge: unknown key
 */
export function parseGuardConfiguration(text: string): Result<GuardConfiguration> {
  if (text.length > MOST_TEXT) return malformed('', `expected at most ${MOST_TEXT} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('', 'expected JSON');
  }
  const read = CONFIGURATION.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.map(String) ?? [];
    if (issue?.code === 'unrecognized_keys') {
      return malformed([...path, issue.keys[0] ?? ''].join('.'), 'unknown key');
    }
    return malformed(path.join('.'), `expected ${issue?.message ?? 'something else'}`);
  }
  const given = read.data as Partial<GuardConfiguration> & Pick<GuardConfiguration, 'profile'>;
  return ok({ ...guardProfile(given.profile), ...given });
}

/** Writes a configuration so that reading it back gives an equal one. */
export function formatGuardConfiguration(configuration: GuardConfiguration): string {
  return JSON.stringify(configuration, null, 2);
}

function malformed(path: string, why: string): Result<never> {
  return fail('guard/configuration-malformed', path === '' ? why : `${path}: ${why}`, { path });
}
