/** An estimate of an order in words: what it takes, what rests, what ends, each with its fee. */
import { multipleValue } from '../../../../engine/core/units.ts';
import type { ContractSpec } from '../../../../engine/reference/instruments/contract-spec.ts';
import type { OrderEstimate } from '../../../../workers/contract/paper.ts';
import { formatNumber } from '../../../format/number.ts';
import { priceWords, sizeWords } from './order-words.ts';

/** One line for each thing that would happen. */
export function expectedWords(
  estimate: OrderEstimate,
  sizeLots: number,
  spec: ContractSpec,
): readonly string[] {
  const { filledLots, averagePrice, touchTicks, fee, restingLots, restingTicks, restingFee } = estimate;
  const money = (amount: number): string => `${formatNumber(amount, 2)} ${spec.currency}`;
  const lines: string[] = [];
  if (averagePrice !== null) {
    const price = formatNumber(averagePrice, spec.tickSize.scale + 1);
    const beyond = Math.abs(averagePrice - multipleValue(touchTicks, spec.tickSize));
    const slip =
      beyond < 10 ** -(spec.tickSize.scale + 2)
        ? 'the best price'
        : `${formatNumber(beyond, spec.tickSize.scale + 1)} past the best`;
    lines.push(`Takes ${sizeWords(filledLots, spec)} at ${price}, ${slip}; fee ${money(fee)}`);
  }
  if (restingLots > 0) {
    const rest = `${sizeWords(restingLots, spec)} rests at ${priceWords(restingTicks, spec)}`;
    lines.push(`${rest}; fee ${money(restingFee)} when filled`);
  }
  const left = sizeLots - filledLots - restingLots;
  if (left > 0) lines.push(`${sizeWords(left, spec)} would end unfilled`);
  return lines;
}
