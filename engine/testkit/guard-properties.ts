// The properties every guard must keep, over seeded random cases; counted, so that no property passes for lack of cases.
import type { PositionSide } from '../accounting/portfolio.ts';
import { Rng } from '../core/rng.ts';
import { lots, stepValue, ticks } from '../core/units.ts';
import { maintenanceMargin } from '../margin/brackets/maintenance-margin.ts';
import { bracketAt } from '../margin/brackets/notional-bracket.ts';
import { type GuardConfiguration, guardProfile } from '../risk/guards/guard-configuration.ts';
import type { GuardInput, GuardPosition } from '../risk/guards/guard-input.ts';
import { GUARD_VERDICTS } from '../risk/guards/guard-vocabulary.ts';
import { reductionAdvice } from '../risk/guards/reduction-advice.ts';
import { UnifiedGuard } from '../risk/guards/unified-guard.ts';
import { guardInput } from './guard-cases.ts';
import { randomGuardInput, randomOrderLots, type WorldSlot, worldSlots } from './random-guard-case.ts';

/** Orders that are asked of each world. */
const ORDERS = 25;
const NONE = Number.NaN;

/** What a run found. */
export interface GuardPropertyRun {
  readonly cases: number;
  /** Verdicts of the first question of each case: ALLOW, REDUCE, BLOCK. */
  readonly verdicts: readonly [number, number, number];
  /** How often each property was really asked. */
  readonly asked: Readonly<Record<string, number>>;
  /** The first breaches, in words. */
  readonly breaches: readonly string[];
}

/** Every other world has no value at risk, so that the quick screen of crypto orders is asked, too. */
const PLAIN: GuardConfiguration = guardProfile('default');
const FULL: GuardConfiguration = {
  ...guardProfile('default'),
  valueAtRisk: { warnShare: 0.1, blockShare: 0.2 },
};
/** The same configuration with one rule switched off or loosened. */
function fewerOf(full: GuardConfiguration, world: number): GuardConfiguration {
  const looser: readonly Partial<GuardConfiguration>[] = [
    { adl: null },
    { funding: null },
    { valueAtRisk: null },
    { concentration: { ...full.concentration, groupShare: 1 } },
    { margin: { ...full.margin, blockRatio: 1 } },
    { leverage: { ...full.leverage, account: 100 } },
  ];
  return { ...full, ...looser[(world >> 1) % looser.length] };
}

/** Runs so many cases from a seed. */
export function runGuardProperties(seed: number, cases: number): GuardPropertyRun {
  const rng = new Rng(seed);
  const verdicts: [number, number, number] = [0, 0, 0];
  const asked: Record<string, number> = {};
  const breaches: string[] = [];
  const expectThat = (property: string, holds: boolean, words: () => string): void => {
    asked[property] = (asked[property] ?? 0) + 1;
    if (!holds && breaches.length < 10) breaches.push(`${property}: ${words()}`);
  };
  for (let done = 0; done < cases; ) {
    const world = done / ORDERS;
    const rotten = world % 3 === 0;
    const input = randomGuardInput(rng, rotten);
    const full = world % 2 === 0 ? FULL : PLAIN;
    const slots = worldSlots(input);
    const guard = new UnifiedGuard(full, input);
    const poorer = new UnifiedGuard(full, withLoss(input, rng));
    const fewer = new UnifiedGuard(fewerOf(full, world), input);
    for (let i = 0; i < ORDERS && done < cases; i++, done++) {
      const slot = rng.below(slots.length);
      const { place, instrument, leg } = slots[slot] as WorldSlot;
      const change = randomOrderLots(rng, place);
      const leverage = place < 2 ? 1 + rng.below(130) : NONE;
      const price = limitPrice(rng, input, place);
      const number = guard.check(slot, change, price, leverage);
      verdicts[number]++;
      const words = (): string =>
        `seed ${seed}, case ${done}, ${leg ?? 'only'} ${instrument}, ${change} lots, ${leverage}x`;
      if (isOneSided(input, place, change)) {
        const larger = change + Math.sign(change) * (1 + rng.below(Math.abs(change) + 1));
        expectThat(
          'a larger order is never judged more mildly',
          guard.check(slot, larger, price, leverage) >= number,
          words,
        );
      }
      if (place < 2) {
        const higher = guard.check(slot, change, price, leverage + 1 + rng.below(50));
        expectThat('more leverage is never judged more mildly', higher >= number, words);
      }
      expectThat(
        'less money is never judged more mildly',
        poorer.check(slot, change, price, leverage) >= number,
        words,
      );
      expectThat(
        'a further rule never allows more',
        fewer.check(slot, change, price, leverage) <= number,
        words,
      );
      expectThat(
        'a reduction that is advised reaches its target',
        reductionHolds(rng, input),
        () => `seed ${seed}, case ${done}`,
      );
      if (done % 8 === 0) {
        const told = guard.verdict({
          instrument,
          ...(leg === null ? {} : { leg }),
          side: change > 0 ? 'buy' : 'sell',
          sizeLots: lots(Math.abs(change)),
          priceTicks: Number.isNaN(price) ? null : ticks(price),
          leverage: Number.isNaN(leverage) ? null : leverage,
          reduceOnly: false,
        });
        expectThat(
          'the quick check and the verdict agree',
          GUARD_VERDICTS.indexOf(told.verdict) === number,
          words,
        );
      }
      const close = reducing(input, instrument, leg, rng);
      if (close !== 0) {
        const halted = input.instruments[place]?.trading?.value.state === 'halted';
        expectThat(
          'who wants out is let out',
          guard.check(slot, close, price, leverage) === (halted ? 2 : 0),
          words,
        );
      }
    }
  }
  return { cases, verdicts, asked, breaches };
}

/** A limit in whole ticks on either side of the mark, or NaN: an order at the market, as every second one is. */
function limitPrice(rng: Rng, { instruments }: GuardInput, place: number): number {
  const away = 0.9 + rng.below(2_000) / 10_000;
  const { spec, mark } = instruments[place] ?? {};
  if (rng.below(2) === 0 || spec === undefined || mark === null || mark === undefined) return NONE;
  return Math.round((mark.value * away) / stepValue(spec.tickSize));
}

/** Whether a larger order in this direction surely means more risk: at CME no position on the other side may be hedged by it. */
function isOneSided(input: GuardInput, place: number, change: number): boolean {
  if (place < 2) return true;
  const side = Math.sign(change);
  return input.positions.every(
    ({ instrument, sizeLots }) =>
      !instrument.startsWith('cme') || sizeLots === 0 || Math.sign(sizeLots) === side,
  );
}

/** The same account with less money in every wallet, isolated ones included. */
function withLoss(input: GuardInput, rng: Rng): GuardInput {
  const share = rng.below(1000) / 1000;
  return {
    ...input,
    wallets: input.wallets.map((wallet) => ({
      ...wallet,
      balance: { ...wallet.balance, value: wallet.balance.value * share - rng.below(100) },
    })),
    positions: input.positions.map(
      (position): GuardPosition => ({
        ...position,
        isolatedWallet: position.isolatedWallet === null ? null : position.isolatedWallet * share,
      }),
    ),
  };
}

function reducing(input: GuardInput, instrument: string, leg: PositionSide | null, rng: Rng): number {
  const found = input.positions.find((p) => p.instrument === instrument && (p.leg ?? null) === leg);
  const held = found?.sizeLots ?? 0;
  return held === 0 ? 0 : -Math.sign(held) * (1 + rng.below(Math.abs(held)));
}

/** Applies the advice to the crypto positions of a world and computes the ratio anew. */
function reductionHolds(rng: Rng, input: GuardInput): boolean {
  const targetRatio = 1 + rng.below(300) / 100;
  const feeRate = rng.below(10) / 10_000;
  const table = guardInput().instruments;
  const positions = input.positions.flatMap(({ instrument, leg, sizeLots }, i) => {
    const facts = table.find(({ spec }) => spec.id === instrument);
    if (facts?.kind !== 'crypto' || facts.brackets === null || sizeLots === 0) return [];
    const lotNotional = (i === 0 ? 50_000 : 2_000) * 0.001 * (0.5 + rng.below(1000) / 1000);
    const named = `${leg ?? 'only'} ${instrument}`;
    return [{ instrument: named, sizeLots: Math.abs(sizeLots), lotNotional, brackets: facts.brackets }];
  });
  const balance = (rng.below(1_000_000) / 1_000_000) ** 3 * 3e6 - 10;
  const advice = reductionAdvice({ balance, targetRatio, feeRate, positions });
  let closed = 0;
  let maintenance = 0;
  for (const { instrument, sizeLots, lotNotional, brackets } of positions) {
    const close = advice.steps.find((step) => step.instrument === instrument)?.closeLots ?? 0;
    if (!(Number.isSafeInteger(close) && close >= 0 && close <= sizeLots)) return false;
    closed += close * lotNotional;
    const notional = (sizeLots - close) * lotNotional;
    if (notional > 0) maintenance += maintenanceMargin(notional, bracketAt(brackets, notional));
  }
  const left = balance - closed * feeRate;
  const reached = left > 0 && left >= targetRatio * maintenance * (1 - 1e-12);
  // Where the advice says it cannot be done, everything is closed and nothing is left.
  return advice.reachesTarget ? reached : maintenance === 0 && left <= 0;
}
