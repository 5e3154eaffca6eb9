/** What a guard keeps of each contract, whichever side it belongs to. */
import { stepValue } from '../../core/units.ts';
import { type AssetClass, assetClassOf } from './asset-class.ts';
import type { GuardConfiguration } from './guard-configuration.ts';
import type { GuardInput, GuardInstrument } from './guard-input.ts';
import { quietAt } from './rules/trading.ts';
import { type SlotLimits, slotLimits } from './slot-limits.ts';

/** One contract of the input. A class, because objects of one shape are read quickly and without garbage. */
export class GuardSlot {
  readonly instrument: GuardInstrument;
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

  constructor(instrument: GuardInstrument, index: number, configuration: GuardConfiguration, held: number) {
    const { spec, trading } = instrument;
    this.instrument = instrument;
    this.symbol = spec.symbol;
    this.isCme = instrument.kind === 'cme';
    this.assetClass = assetClassOf(instrument);
    const key = instrument.kind === 'cme' ? instrument.contract.product.code : spec.symbol;
    this.limits = slotLimits(configuration, key);
    this.index = index;
    this.tickValue = stepValue(spec.tickSize);
    this.held = held;
    this.quietAtMicros = quietAt(trading, configuration);
  }
}

/** The slots of an input, in its order. */
export function guardSlots(input: GuardInput, configuration: GuardConfiguration): readonly GuardSlot[] {
  const used = { crypto: 0, cme: 0 };
  return input.instruments.map((instrument) => {
    const held = input.positions.find((p) => p.instrument === instrument.spec.id)?.sizeLots ?? 0;
    return new GuardSlot(instrument, used[instrument.kind]++, configuration, held);
  });
}
