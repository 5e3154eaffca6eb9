/** A divider between two panels, moved by pointer or arrow keys, put back by a double click. */
import { useRef } from 'react';

interface SplitterProps {
  /** The line itself: `vertical` stands between left and right. */
  readonly orientation: 'vertical' | 'horizontal';
  readonly label: string;
  /** Size in CSS pixels of the panel after the divider. */
  readonly size: number;
  readonly least: number;
  readonly most: number;
  readonly onResize: (size: number) => void;
  readonly onReset: () => void;
}

const KEY_STEP = 16;

export function Splitter(props: SplitterProps): React.ReactElement {
  const { orientation, label, size, least, most, onResize, onReset } = props;
  const drag = useRef<{ readonly from: number; readonly size: number } | null>(null);
  const along = (event: React.PointerEvent): number =>
    orientation === 'vertical' ? event.clientX : event.clientY;
  const resize = (wanted: number): void => onResize(Math.round(Math.min(most, Math.max(least, wanted))));
  const [grow, shrink] = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];

  return (
    <hr
      className={`splitter splitter-${orientation}`}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuetext={`${size} pixels`}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: along(event), size };
      }}
      onPointerMove={(event) => {
        if (drag.current !== null) resize(drag.current.size + drag.current.from - along(event));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDoubleClick={onReset}
      onKeyDown={(event) => {
        if (event.key === grow) resize(size + KEY_STEP);
        else if (event.key === shrink) resize(size - KEY_STEP);
        else if (event.key === 'Home') resize(least);
        else if (event.key === 'End') resize(most);
        else return;
        event.preventDefault();
      }}
    />
  );
}
