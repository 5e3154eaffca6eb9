/** The slider of the what-if, with a mark where each account and position changes status. */
import { useLayoutEffect, useRef, useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { formatSignedPercent } from '../../../format/number.ts';
import { chooseChange, chooseShift, useWhatIf } from '../../../state/what-if-store.ts';
import { StatusShape } from '../../../ui/StatusMark.tsx';
import { placeMarks, type StatusChange } from './slider-marks.ts';

/** Percent per step of an arrow key. */
const STEP = 0.1;

function useWidth(): readonly [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

function Scale({ range }: { readonly range: number }): React.ReactElement {
  return (
    <div className="what-if-scale" aria-hidden="true">
      {[-1, -0.5, 0, 0.5, 1].map((part) => (
        <span key={part} style={{ insetInlineStart: `${(part + 1) * 50}%` }}>
          {part === 0 ? '0' : formatSignedPercent(part * range, 0)}
        </span>
      ))}
    </div>
  );
}

export function WhatIfSlider({ changes }: { readonly changes: readonly StatusChange[] }): React.ReactElement {
  const { shift, range } = useWhatIf();
  const [ref, width] = useWidth();
  const marks = placeMarks(changes, range, width);
  return (
    <div className="what-if-slider" ref={ref}>
      <div className="what-if-marks">
        {marks.map(({ key, at, status, label, name, labelled, shift: where }) => (
          <button
            key={key}
            type="button"
            tabIndex={-1}
            className={`what-if-mark status-${status.toLowerCase()}`}
            style={{ insetInlineStart: `${at * 100}%` }}
            aria-label={`Move to ${formatSignedPercent(where, 1)}: ${label} becomes ${status}`}
            title={`${label}: ${status} from ${formatSignedPercent(where, 1)}`}
            onClick={() => chooseChange(where)}
          >
            <StatusShape status={status} />
            {labelled ? <span>{name}</span> : null}
          </button>
        ))}
      </div>
      <Slider
        aria-label="Move of the mark"
        minValue={-range * 100}
        maxValue={range * 100}
        step={STEP}
        value={shift * 100}
        onChange={(value) => chooseShift((Array.isArray(value) ? (value[0] ?? 0) : value) / 100)}
      >
        <SliderTrack className="what-if-track">
          <span className="what-if-zero" aria-hidden="true" />
          <span
            className="what-if-fill"
            aria-hidden="true"
            style={{
              insetInlineStart: `${50 + Math.min(0, shift / range) * 50}%`,
              inlineSize: `${Math.min(1, Math.abs(shift) / range) * 50}%`,
            }}
          />
          <SliderThumb className="what-if-thumb" />
        </SliderTrack>
      </Slider>
      <Scale range={range} />
    </div>
  );
}
