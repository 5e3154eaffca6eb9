/** Tests that the headroom bar shows the engine's own ladder. */
import { describe, expect, it } from 'vitest';
import { MARGIN_STATUS_LEVELS } from '../../engine/margin/margin-status.ts';
import { NOTCHES, trackPosition } from './HeadroomBar.tsx';

describe('headroom bar', () => {
  it('has a notch at every edge of the status ladder above liquidation', () => {
    const edges = MARGIN_STATUS_LEVELS.map(({ from }) => from).filter((from) => from > 1);
    expect([...NOTCHES].sort()).toEqual(edges.sort());
  });

  it('runs from 1.0 to 2.5 and stops at its ends', () => {
    expect(trackPosition(1)).toBe(0);
    expect(trackPosition(1.75)).toBe(0.5);
    expect(trackPosition(2.5)).toBe(1);
    expect(trackPosition(-3)).toBe(0);
    expect(trackPosition(90)).toBe(1);
  });
});
