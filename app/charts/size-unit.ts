/** The unit in which a contract's size is told. */
import type { ContractSpec } from '../../engine/reference/instruments/contract-spec.ts';

/** The base asset of a perpetual, e.g. `BTC`; `contracts` for dated futures. */
export function sizeUnit(spec: Pick<ContractSpec, 'kind' | 'symbol' | 'currency'>): string {
  if (spec.kind === 'dated-future') return 'contracts';
  return spec.symbol.endsWith(spec.currency) ? spec.symbol.slice(0, -spec.currency.length) : '';
}
