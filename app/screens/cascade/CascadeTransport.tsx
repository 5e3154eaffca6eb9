/** The transport of a run: steps by event, decision and incident both ways, play, speed, and the place in time. */
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { formatCount, formatHash } from '../../format/number.ts';
import { formatDateTime, zoneName } from '../../format/time.ts';
import { moveCursor, stepCursor, togglePlay, useCascade } from '../../state/cascade-store.ts';
import { usePreferences } from '../../state/preferences.ts';
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import { elapsedText } from './chart-axes.ts';
import {
  BackDecisionIcon,
  BackEventIcon,
  BackIncidentIcon,
  NextDecisionIcon,
  NextEventIcon,
  NextIncidentIcon,
} from './transport-icons.tsx';
import { useCursorTime } from './use-cascade-data.ts';

const SPEEDS: readonly number[] = [0.25, 1, 2, 5, 10, 30, 60, 120];

const ZOOMS = [
  [0, 'whole run'],
  [300, '5 min'],
  [60, '1 min'],
  [10, '10 s'],
] as const;

interface StepButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly icon: React.ReactElement;
  readonly onPress: () => void;
}

function StepButton({ label, keys, icon, onPress }: StepButtonProps): React.ReactElement {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={`${label} (${keys})`}
      onClick={onPress}
    >
      {icon}
    </button>
  );
}

function Scrub(): React.ReactElement | null {
  const main = useCascade((state) => state.main);
  const atMicros = useCursorTime();
  if (main === null) return null;
  const { startMicros, endMicros } = main.series;
  const length = (endMicros - startMicros) / 1e6;
  const seconds = (atMicros - startMicros) / 1e6;
  const reached = (main.series.atMicros - startMicros) / 1e6 / length;
  return (
    <>
      <span className="transport-time">{elapsedText(seconds)}</span>
      <Slider
        className="seek cascade-seek"
        aria-label="Place in the run, seconds from its start"
        minValue={0}
        maxValue={length}
        step={main.scenario.stepMillis / 1000}
        value={seconds}
        onChange={(value) => {
          const wanted = Array.isArray(value) ? (value[0] ?? 0) : value;
          useCascade.setState({ playing: false });
          moveCursor(startMicros + wanted * 1e6);
        }}
      >
        <SliderTrack className="seek-track" data-testid="cascade-seek">
          <span
            className="seek-fill cascade-reached"
            aria-hidden="true"
            style={{ inlineSize: `${reached * 100}%` }}
          />
          {main.incidents.map((id) => (
            <span
              key={id}
              className="seek-incident"
              aria-hidden="true"
              style={{
                insetInlineStart: `${(((main.series.eventTimes[id] ?? startMicros) - startMicros) / 1e6 / length) * 100}%`,
              }}
            />
          ))}
          <SliderThumb className="seek-thumb" />
        </SliderTrack>
      </Slider>
      <span className="transport-time muted">{elapsedText(length)}</span>
    </>
  );
}

/** Events told at the cursor; a step of events within one instant moves this and not the time. */
function useShownCount(_atMicros: number): number {
  const playing = useCascade((state) => state.playing);
  const still = useCascade((state) => (state.playing ? 0 : state.eventCount));
  return playing ? useCascade.getState().eventCount : still;
}

/** When it is, which event, and what the run is known by. */
function Place(): React.ReactElement | null {
  const zone = usePreferences((state) => state.zone);
  const atMicros = useCursorTime();
  const startMicros = useCascade((state) => state.main?.series.startMicros ?? 0);
  const eventCount = useShownCount(atMicros);
  const events = useCascade((state) => state.main?.series.eventTimes.length ?? 0);
  const identity = useCascade((state) => state.main?.series.identity ?? null);
  return (
    <span className="transport-identity">
      {startMicros === 0 ? null : (
        <span className="cascade-clock">
          {formatDateTime(atMicros, zone)} <span className="muted">{zoneName(atMicros, zone)}</span>
        </span>
      )}
      <span>
        <span className="muted">event</span> {formatCount(eventCount)} <span className="muted">of</span>{' '}
        {formatCount(events)}
      </span>
      {identity === null ? null : (
        <span title="Hash of the run's last state: the same scenario gives the same hash on every machine">
          <span className="muted">state</span>{' '}
          <span data-testid="cascade-hash">{formatHash(identity.stateHash)}</span>
        </span>
      )}
    </span>
  );
}

export function CascadeTransport(): React.ReactElement {
  const playing = useCascade((state) => state.playing);
  const speed = useCascade((state) => state.speed);
  const zoomSeconds = useCascade((state) => state.zoomSeconds);
  const done = useCascade((state) => state.main?.series.done ?? false);
  return (
    <section className="transport cascade-transport" aria-label="Transport">
      <div className="transport-buttons">
        <StepButton
          label="Previous incident"
          keys="["
          icon={<BackIncidentIcon />}
          onPress={() => stepCursor(-1, 'incident')}
        />
        <StepButton
          label="Previous decision"
          keys="Shift D"
          icon={<BackDecisionIcon />}
          onPress={() => stepCursor(-1, 'decision')}
        />
        <StepButton
          label="Previous event"
          keys=","
          icon={<BackEventIcon />}
          onPress={() => stepCursor(-1, 'event')}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={playing ? 'Pause' : 'Play'}
          title={`${playing ? 'Pause' : 'Play'} (Space)`}
          disabled={!done}
          onClick={togglePlay}
        >
          {playing ? <PauseIcon /> : <PlayIcon />}
        </button>
        <StepButton
          label="Next event"
          keys="."
          icon={<NextEventIcon />}
          onPress={() => stepCursor(1, 'event')}
        />
        <StepButton
          label="Next decision"
          keys="D"
          icon={<NextDecisionIcon />}
          onPress={() => stepCursor(1, 'decision')}
        />
        <StepButton
          label="Next incident"
          keys="]"
          icon={<NextIncidentIcon />}
          onPress={() => stepCursor(1, 'incident')}
        />
        <select
          className="select-quiet"
          aria-label="Speed"
          value={speed}
          onChange={(event) => useCascade.setState({ speed: Number(event.target.value) })}
        >
          {SPEEDS.map((choice) => (
            <option key={choice} value={choice}>
              {choice}×
            </option>
          ))}
        </select>
        <select
          className="select-quiet"
          aria-label="Stretch of the charts"
          title="How much of the run the charts show, around the cursor"
          value={zoomSeconds ?? 0}
          onChange={(event) =>
            useCascade.setState({
              zoomSeconds: event.target.value === '0' ? null : Number(event.target.value),
            })
          }
        >
          {ZOOMS.map(([seconds, words]) => (
            <option key={seconds} value={seconds}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <Scrub />
      <Place />
    </section>
  );
}
