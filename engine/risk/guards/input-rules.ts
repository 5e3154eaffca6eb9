/** What an input must be before anything is computed from it, and what stands in for what it lacks. */
import type { Venue } from '../../reference/instruments/contract-spec.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import { ageSeconds, isSound } from './guard-facts.ts';
import type { GuardInput, GuardInstrument, GuardPosition } from './guard-input.ts';

const MOST_FEE_RATE = 0.1;

/** The first thing that is wrong with an input, in words; null where nothing is. */
export function brokenInput(input: GuardInput): string | null {
  if (!Number.isSafeInteger(input.atMicros)) return `expected an instant, found ${input.atMicros}`;
  const venues = new Set<string>();
  for (const { venue, currency } of input.wallets) {
    if (venues.has(venue)) return `expected one wallet a venue, found two at ${venue}`;
    venues.add(venue);
    const other = input.instruments.find(({ spec }) => spec.venue === venue && spec.currency !== currency);
    if (other !== undefined) return `${other.spec.id} is not settled in ${currency}`;
  }
  const instruments = new Set<string>();
  for (const instrument of input.instruments) {
    const broken = brokenInstrument(instrument);
    if (broken !== null) return broken;
    if (instruments.has(instrument.spec.id)) return `${instrument.spec.id} is described twice`;
    instruments.add(instrument.spec.id);
  }
  const held = new Set<string>();
  for (const position of input.positions) {
    const broken = brokenPosition(position) ?? brokenLeg(position, input);
    if (broken !== null) return `${position.instrument}: ${broken}`;
    const key = `${position.leg ?? 'only'} ${position.instrument}`;
    if (held.has(key)) return `${position.instrument} is held twice`;
    held.add(key);
  }
  return null;
}

/** Whether positions in an instrument have two legs: in hedge mode, but at CME. */
export function hasLegs({ positionMode }: GuardInput, instrument: string): boolean {
  return positionMode === 'hedge' && !instrument.startsWith('cme-globex:');
}

function brokenInstrument(instrument: GuardInstrument): string | null {
  const { spec } = instrument;
  if (!(Number(spec.multiplier) > 0))
    return `${spec.id}: expected a multiplier above 0, found ${spec.multiplier}`;
  if (!(spec.lotSize.mantissa > 0 && spec.tickSize.mantissa > 0))
    return `${spec.id}: expected lot and tick sizes`;
  if (instrument.kind === 'cme') return null;
  const { takerFeeRate } = instrument;
  if (takerFeeRate >= 0 && takerFeeRate < MOST_FEE_RATE) return null;
  return `${spec.id}: expected a fee rate from 0 to ${MOST_FEE_RATE}, found ${takerFeeRate}`;
}

function brokenPosition(position: GuardPosition): string | null {
  const { sizeLots, bidLots, askLots, entryPrice, leverage, isolatedWallet } = position;
  if (!Number.isSafeInteger(sizeLots)) return `expected whole lots, found ${sizeLots}`;
  if (!(Number.isSafeInteger(bidLots) && bidLots >= 0 && Number.isSafeInteger(askLots) && askLots >= 0)) {
    return `expected whole resting lots, found ${bidLots} and ${askLots}`;
  }
  if (sizeLots !== 0 && !Number.isFinite(entryPrice)) return `expected an entry price, found ${entryPrice}`;
  if (!(leverage >= 1)) return `expected a leverage of at least 1, found ${leverage}`;
  if (isolatedWallet !== null && !Number.isFinite(isolatedWallet)) {
    return `expected an isolated wallet, found ${isolatedWallet}`;
  }
  return null;
}

function brokenLeg({ instrument, leg, sizeLots }: GuardPosition, input: GuardInput): string | null {
  if (!hasLegs(input, instrument)) return leg === undefined ? null : 'a leg where there are none';
  if (leg === undefined) return 'expected a leg of the position in hedge mode';
  if (leg === 'long' ? sizeLots >= 0 : sizeLots <= 0) return null;
  return `expected a ${leg} leg, found ${sizeLots} lots`;
}

/** Mean correlation in force; what is missing, old or no number counts as moving as one. */
export function correlationOf(
  { meanCorrelation, atMicros }: GuardInput,
  { oldest }: GuardConfiguration,
): number {
  if (!isSound(meanCorrelation)) return 1;
  const age = ageSeconds(atMicros, meanCorrelation.atMicros);
  return age <= oldest.riskSeconds ? Math.min(1, Math.abs(meanCorrelation.value)) : 1;
}

/** Venues at which something is held in an instrument that the input does not describe. */
export function unknownHeld({ positions, instruments }: GuardInput): Venue | 'both' | null {
  const known = new Set<string>(instruments.map(({ spec }) => spec.id));
  const venues = new Set(
    positions
      .filter((p) => !known.has(p.instrument))
      .map((p) => (p.instrument.startsWith('cme-globex:') ? 'cme-globex' : 'binance-usdm')),
  );
  const [first] = venues;
  return venues.size > 1 ? 'both' : (first ?? null);
}
