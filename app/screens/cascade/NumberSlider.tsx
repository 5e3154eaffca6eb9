/** A slider with a number box beside it, so that nothing needs dragging. */
import { useId, useState } from 'react';

interface NumberSliderProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly show: (value: number) => string;
  readonly onChange: (value: number) => void;
}

export function NumberSlider(props: NumberSliderProps): React.ReactElement {
  const { label, value, from, to, step, show, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className="number-slider">
      <label htmlFor={id}>{label}</label>
      <output className="number">{show(value)}</output>
      <input
        id={id}
        type="range"
        min={from}
        max={to}
        step={step}
        value={Math.min(to, Math.max(from, value))}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <input
        className="input input-short"
        aria-label={`${label}, as a number`}
        inputMode="decimal"
        value={typed ?? String(Math.round(value * 1e6) / 1e6)}
        onFocus={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(null)}
        onChange={(event) => {
          setTyped(event.target.value);
          const wanted = Number(event.target.value);
          if (event.target.value.trim() !== '' && wanted >= from && wanted <= to) onChange(wanted);
        }}
      />
    </div>
  );
}
