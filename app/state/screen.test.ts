/** Tests of the screen named by the address. */
import { describe, expect, it } from 'vitest';
import { readScreen } from './screen.ts';

describe('screen', () => {
  it('is the first word of the address, the rest belongs to it', () => {
    expect(readScreen('#market&seed=4&instrument=binance-usdm:BTCUSDT')).toEqual({
      screen: 'market',
      parameters: 'seed=4&instrument=binance-usdm:BTCUSDT',
    });
  });

  it('is the Market screen where none is named', () => {
    expect(readScreen('')).toEqual({ screen: 'market', parameters: '' });
    expect(readScreen('#seed=4')).toEqual({ screen: 'market', parameters: 'seed=4' });
    expect(readScreen('#nowhere&x=1').screen).toBe('market');
  });
});
