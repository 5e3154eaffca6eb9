/** The asset class of an instrument, read from its own facts and never from the shape of its name. */
import type { ContractSpec } from '../../reference/instruments/contract-spec.ts';
import type { GuardInstrument } from './guard-input.ts';

/** Classes of instruments. `unknown` is always blocked. */
export type AssetClass =
  | 'crypto-perpetual'
  | 'crypto-quarterly'
  | 'cme-equity-index'
  | 'cme-commodity'
  | 'cme-currency'
  | 'cme-bond'
  | 'unknown';

const CME_CLASSES = {
  'equity-index': 'cme-equity-index',
  metal: 'cme-commodity',
  energy: 'cme-commodity',
  fx: 'cme-currency',
  'interest-rate': 'cme-bond',
} as const;

/** The class of an instrument; `unknown` where its facts contradict each other. */
export function assetClassOf(instrument: GuardInstrument): AssetClass {
  const { spec } = instrument;
  if (instrument.kind === 'crypto') return cryptoClass(spec);
  if (spec.venue !== 'cme-globex' || spec.kind !== 'dated-future') return 'unknown';
  return CME_CLASSES[instrument.contract.product.group] ?? 'unknown';
}

function cryptoClass(spec: ContractSpec): AssetClass {
  if (spec.venue !== 'binance-usdm') return 'unknown';
  if (spec.kind === 'perpetual') return 'crypto-perpetual';
  return spec.kind === 'dated-future' ? 'crypto-quarterly' : 'unknown';
}
