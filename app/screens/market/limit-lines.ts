/** The prices at which the venue of a future stops or bounds trading, marked on its chart and ladder. */
import type { BreakerView } from '../../../engine/venue/circuit-breakers/breaker-view.ts';
import type { PriceLine } from '../../charts/price-line.ts';

/** The limits of the lead month as text that stays the same while they do: frames come four times a second. */
export function limitTicksText(breakers: BreakerView | null): string {
  const contract = breakers?.contracts.find(({ isLead }) => isLead);
  if (contract === undefined) return '';
  const { hard, dynamic } = contract;
  return [hard.lowTicks, hard.highTicks, dynamic.lowTicks, dynamic.highTicks]
    .map((ticks) => ticks ?? '')
    .join('/');
}

const LABELS = ['lower', 'upper', 'dynamic, lower', 'dynamic, upper'] as const;

/** Lines of those limits. `tickSize` is the currency value of a tick. */
export function limitLines(limitTicks: string, tickSize: number): readonly PriceLine[] {
  const ticks = limitTicks.split('/');
  return LABELS.flatMap((label, i): PriceLine[] => {
    const text = ticks[i] ?? '';
    if (text === '') return [];
    return [{ id: `limit/${label}`, kind: 'limit', price: Number(text) * tickSize, label, status: null }];
  });
}
