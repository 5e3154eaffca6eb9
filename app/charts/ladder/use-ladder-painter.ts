/** Joins the ladder's painter to the elements around its canvas: banner, state, spread, way back, description. */
import { type RefObject, useEffect, useRef } from 'react';
import type { ContractSpec } from '../../../engine/reference/instruments/contract-spec.ts';
import { tickText } from '../tick-text.ts';
import { showBanner } from '../trust-banner.ts';
import { type LadderPainted, LadderPainter } from './ladder-painter.ts';
import { describeLadder } from './ladder-voice.ts';

/** The description of a moving market is renewed this often, so that a screen reader is not talked to death. */
const VOICE_MS = 5_000;

/** Elements that the painter writes to; React never does. */
export interface LadderParts {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly grid: RefObject<HTMLTableElement | null>;
  readonly banner: RefObject<HTMLDivElement | null>;
  readonly state: RefObject<HTMLParagraphElement | null>;
  readonly spread: RefObject<HTMLSpanElement | null>;
  readonly back: RefObject<HTMLButtonElement | null>;
}

export function useLadderParts(): LadderParts {
  return useRef({
    canvas: { current: null },
    grid: { current: null },
    banner: { current: null },
    state: { current: null },
    spread: { current: null },
    back: { current: null },
  }).current;
}

/** The painter lives as long as the component is mounted. */
export function useLadderPainter(
  parts: LadderParts,
  spec: ContractSpec | null,
): RefObject<LadderPainter | null> {
  const painter = useRef<LadderPainter | null>(null);
  const shownSpec = useRef(spec);
  shownSpec.current = spec;
  useEffect(() => {
    const canvas = parts.canvas.current;
    if (canvas === null) return;
    let last: LadderPainted = { frame: null, trust: null, outOfSight: null };
    let voiceAtMs = Number.NEGATIVE_INFINITY;
    const made = new LadderPainter(canvas, (painted) => {
      const fresh = (last.frame === null) !== (painted.frame === null);
      last = painted;
      showPainted(parts, shownSpec.current, painted);
      if (fresh || performance.now() - voiceAtMs > VOICE_MS) {
        voiceAtMs = performance.now();
        parts.grid.current?.setAttribute('aria-label', describeLadder(shownSpec.current, painted));
      }
    });
    painter.current = made;
    return () => {
      made.dispose();
      painter.current = null;
    };
  }, [parts]);
  return painter;
}

function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function setHidden(element: HTMLElement | null, hidden: boolean): void {
  if (element !== null && element.hidden !== hidden) element.hidden = hidden;
}

function showPainted(parts: LadderParts, spec: ContractSpec | null, painted: LadderPainted): void {
  const { frame, trust, outOfSight } = painted;
  if (parts.banner.current !== null) showBanner(parts.banner.current, trust);
  const text = stateText(spec, painted);
  setText(parts.state.current, text);
  setHidden(parts.state.current, text === '');
  const bid = frame?.ladder.bids[0];
  const ask = frame?.ladder.asks[0];
  const spread =
    spec === null || bid === undefined || ask === undefined
      ? ''
      : `spread ${tickText(ask - bid, spec.tickSize)}`;
  setText(parts.spread.current, spread);
  const back = parts.back.current;
  setHidden(back, outOfSight === null);
  if (back !== null && outOfSight !== null) {
    if (back.dataset['side'] !== outOfSight) back.dataset['side'] = outOfSight;
    const price = outOfSight === 'above' ? bid : ask;
    const priceText = spec === null || price === undefined ? '' : ` ${tickText(price, spec.tickSize)}`;
    setText(back, `${outOfSight === 'above' ? '▲' : '▼'} market at${priceText}`);
  }
}

function stateText(spec: ContractSpec | null, { frame, trust }: LadderPainted): string {
  if (spec === null) return 'No market is open yet';
  if (frame === null) return 'Waiting for the first prices …';
  if (frame.updateId !== 0) return '';
  return trust?.state === 'OFFLINE'
    ? 'No book: there is no connection. It is tried again by itself.'
    : 'No book yet: the first snapshot is on its way';
}
