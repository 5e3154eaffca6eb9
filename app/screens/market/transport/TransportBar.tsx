/** Play, pause, step, speed and seek of a run that is not live, and what is known about its source. */
import { useRef, useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import type { TransportState } from '../../../../workers/contract/market-frame.ts';
import { askForRecording, stepOnce, togglePlaying } from '../../../commands/commands.ts';
import { formatCount, formatHash, formatNumber } from '../../../format/number.ts';
import { formatClock, formatDateTime, zoneName } from '../../../format/time.ts';
import { useMarket } from '../../../state/market-slice.ts';
import { usePreferences } from '../../../state/preferences.ts';
import { seekTo, sendTransport, useSource } from '../../../state/source-store.ts';
import { PauseIcon, PlayIcon, StepIcon } from '../../../ui/icons.tsx';

const SPEEDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100];
/** Seconds per step of the seek slider. */
const SEEK_STEP = 0.1;
/** Reached speeds below this part of the chosen one are told. */
const KEEPS_UP = 0.9;

function SpeedChoice({ transport }: { readonly transport: TransportState }): React.ReactElement {
  const { speed, reachedSpeed, playing } = transport;
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b);
  return (
    <>
      <select
        className="select-quiet"
        data-testid="transport-speed"
        aria-label="Speed"
        value={speed}
        onChange={(event) => void sendTransport({ kind: 'speed', speed: Number(event.target.value) })}
      >
        {speeds.map((choice) => (
          <option key={choice} value={choice}>
            {choice}×
          </option>
        ))}
      </select>
      {playing && reachedSpeed > 0 && reachedSpeed < speed * KEEPS_UP ? (
        <span className="tag tag-stale" title="This machine does not keep up with the chosen speed">
          reached {formatNumber(reachedSpeed, 1)}×
        </span>
      ) : null}
    </>
  );
}

/** Place in a recording. While it is dragged it shows where it would go; it goes when it is let go. */
function Seek({ transport }: { readonly transport: TransportState }): React.ReactElement | null {
  const zone = usePreferences((state) => state.zone);
  const [dragged, setDragged] = useState<number | null>(null);
  const { startMicros, endMicros, positionMicros } = transport;
  if (startMicros === null || endMicros === null) return null;
  const seconds = dragged ?? (positionMicros - startMicros) / 1e6;
  const length = Math.max(1, (endMicros - startMicros) / 1e6);
  const one = (value: number | number[]): number => (Array.isArray(value) ? (value[0] ?? 0) : value);
  return (
    <>
      <span className="transport-time">{formatClock(startMicros + seconds * 1e6, zone)}</span>
      <Slider
        className="seek"
        aria-label="Place in the recording, seconds from its start"
        minValue={0}
        maxValue={length}
        step={SEEK_STEP}
        value={Math.min(length, Math.max(0, seconds))}
        onChange={(value) => setDragged(one(value))}
        onChangeEnd={(value) => {
          setDragged(null);
          // The last step of the slider lies short of the end by part of a step.
          const last = one(value) > length - SEEK_STEP;
          seekTo(last ? endMicros : startMicros + one(value) * 1e6);
        }}
      >
        <SliderTrack className="seek-track" data-testid="seek">
          <span
            className="seek-fill"
            aria-hidden="true"
            style={{ inlineSize: `${Math.min(1, Math.max(0, seconds / length)) * 100}%` }}
          />
          <SliderThumb className="seek-thumb" />
        </SliderTrack>
      </Slider>
      <span className="transport-time muted">{formatClock(endMicros, zone)}</span>
    </>
  );
}

function BrokenLines(): React.ReactElement | null {
  const replay = useSource((state) => state.replay);
  const details = useRef<HTMLDetailsElement>(null);
  if (replay === null || replay.brokenLines === 0) return null;
  return (
    <details
      className="broken"
      ref={details}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && details.current !== null) details.current.open = false;
      }}
    >
      <summary>
        {formatCount(replay.brokenLines)} of {formatCount(replay.lines)} lines broken
        {replay.brokenSamples[0] === undefined ? '' : `, first: ${replay.brokenSamples[0]}`}
      </summary>
      <ol className="broken-list">
        {replay.brokenSamples.map((sample) => (
          <li key={sample}>{sample}</li>
        ))}
      </ol>
    </details>
  );
}

/** What makes a simulated run the same anywhere: its seed and the hash of its state. */
function Identity({ transport }: { readonly transport: TransportState }): React.ReactElement {
  const zone = usePreferences((state) => state.zone);
  const { seed, stateHash, stateHashMicros } = transport;
  const at =
    stateHashMicros === null
      ? ''
      : ` at ${formatDateTime(stateHashMicros, zone)} ${zoneName(stateHashMicros, zone)}`;
  return (
    <span className="transport-identity">
      {seed === null ? null : (
        <span>
          <span className="muted">seed</span> {seed}
        </span>
      )}
      {stateHash === null ? null : (
        <span title={`State hash of the market${at}: the same seed gives the same hash`}>
          <span className="muted">state</span> {formatHash(stateHash)}
        </span>
      )}
    </span>
  );
}

export function TransportBar(): React.ReactElement | null {
  const transport = useMarket((state) => state.transport);
  const kind = useSource((state) => state.kind);
  const status = useSource((state) => state.status);
  const label = useSource((state) => state.label);
  if (kind === 'LIVE') return null;
  return (
    <section className="transport" aria-label="Transport">
      {transport === null || status === 'opening' ? (
        <span className="muted">{status === 'opening' ? `Opening ${label}…` : label}</span>
      ) : (
        <>
          <button
            type="button"
            className="icon-button"
            data-testid="transport-play"
            aria-label={transport.playing ? 'Pause' : 'Play'}
            title={`${transport.playing ? 'Pause' : 'Play'} (Space)`}
            onClick={togglePlaying}
          >
            {transport.playing ? <PauseIcon /> : <PlayIcon />}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Step one book event"
            title="Step one book event (.)"
            onClick={stepOnce}
          >
            <StepIcon />
          </button>
          <SpeedChoice transport={transport} />
          {transport.ended ? <span className="tag">ended</span> : null}
          <Seek transport={transport} />
          <Identity transport={transport} />
          {kind === 'REPLAY' ? <span className="muted transport-label">{label}</span> : null}
          <BrokenLines />
        </>
      )}
      <span className="panel-gap" />
      <button type="button" className="panel-action" onClick={askForRecording}>
        Open a recording…
      </button>
    </section>
  );
}
