/** What the charts of a run draw: the series of one market, and where the cursor stands. */
import type { CascadeScenario } from '../../../engine/simulation/cascade/cascade-scenario.ts';
import type { CursorView } from '../../../workers/contract/lab-api.ts';
import type { RunSeries } from '../../state/cascade-series.ts';

/** One chart's input. A new object means new things to draw; the cursor is read every frame. */
export interface RunScene {
  readonly scenario: CascadeScenario;
  readonly market: number;
  readonly series: RunSeries;
  readonly incidents: readonly number[];
  /** The run compared with. */
  readonly other: RunSeries | null;
  /** State at the cursor; null while it is not known. */
  readonly view: CursorView | null;
  /** Currency of one tick. */
  readonly tick: number;
  /** Currency of one lot at one tick. */
  readonly perTickLot: number;
}
