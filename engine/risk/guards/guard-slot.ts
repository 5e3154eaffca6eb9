/** What a guard keeps of each contract, or of each leg of one, whichever side it belongs to. */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { lots, stepValue } from '../../core/units.ts';
import { type AssetClass, assetClassOf } from './asset-class.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import type { GuardInput, GuardInstrument, GuardPosition } from './guard-input.ts';
import { hasLegs } from './input-rules.ts';
import { quietAt } from './rules/trading.ts';
import { type SlotLimits, slotLimits } from './slot-limits.ts';

/** One contract of the input, or one of its legs. A class, because objects of one shape are read quickly and without garbage. */
export class GuardSlot {
  readonly instrument: GuardInstrument;
  /** Leg in hedge mode; null for the only position there is. */
  readonly leg: PositionSide | null;
  /** What is held in it, in hedge mode with what its symbol has chosen for both legs. */
  readonly position: GuardPosition | null;
  readonly symbol: string;
  readonly isCme: boolean;
  readonly assetClass: AssetClass;
  readonly limits: SlotLimits;
  /** Index within its own pool. */
  readonly index: number;
  readonly tickValue: number;
  /** Signed lots held. */
  readonly held: number;
  /** Whether the market is open with nothing to report, and since when that is known; NaN for an unquiet one. */
  readonly quietAtMicros: number;

  constructor(
    instrument: GuardInstrument,
    leg: PositionSide | null,
    position: GuardPosition | null,
    index: number,
    configuration: GuardConfiguration,
  ) {
    const { spec, trading } = instrument;
    this.instrument = instrument;
    this.leg = leg;
    this.position = position;
    this.symbol = spec.symbol;
    this.isCme = instrument.kind === 'cme';
    this.assetClass = assetClassOf(instrument);
    const key = instrument.kind === 'cme' ? instrument.contract.product.code : spec.symbol;
    this.limits = slotLimits(configuration, key);
    this.index = index;
    this.tickValue = stepValue(spec.tickSize);
    this.held = position?.sizeLots ?? 0;
    this.quietAtMicros = quietAt(trading, configuration);
  }

  /** Whether an order would take more off this leg than it has, which no venue does. */
  isOverdrawnBy(change: number): boolean {
    if (this.leg === null || change > 0 === (this.leg === 'long')) return false;
    return Math.abs(change) > Math.abs(this.held);
  }
}

/** The slots of an input in its order; a long and a short one for each contract that has legs. */
export function guardSlots(input: GuardInput, configuration: GuardConfiguration): readonly GuardSlot[] {
  const used = { crypto: 0, cme: 0 };
  return input.instruments.flatMap((instrument) => {
    const { id } = instrument.spec;
    const slot = (leg: PositionSide | null): GuardSlot =>
      new GuardSlot(instrument, leg, positionOf(input, id, leg), used[instrument.kind]++, configuration);
    return hasLegs(input, id) ? [slot('long'), slot('short')] : [slot(null)];
  });
}

/** A leg without a position takes leverage and margin mode from the other one: both are chosen by symbol. */
function positionOf(
  { positions }: GuardInput,
  instrument: string,
  leg: PositionSide | null,
): GuardPosition | null {
  const ofInstrument = positions.filter((p) => p.instrument === instrument);
  const own = ofInstrument.find((p) => (p.leg ?? null) === leg);
  const other = ofInstrument[0];
  if (own !== undefined || other === undefined || leg === null) return own ?? null;
  const none = lots(0);
  const isolatedWallet = other.isolatedWallet === null ? null : 0;
  return { ...other, leg, isolatedWallet, sizeLots: none, bidLots: none, askLots: none };
}
