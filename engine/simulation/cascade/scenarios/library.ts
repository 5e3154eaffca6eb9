/** The scenarios that come with the product, in the order they are offered. */
import type { CascadeScenario } from '../cascade-scenario.ts';
import { MARCH_2020 } from './march-2020.ts';
import { MAY_2021 } from './may-2021.ts';
import { OCTOBER_2025 } from './october-2025.ts';
import { COLLATERAL, CONTAGION, DOMINO, FUND_RUNS_DRY, MARK_IS_LAST } from './teaching.ts';

/** All scenarios of the library; ids are unique. */
export const CASCADE_LIBRARY: readonly CascadeScenario[] = [
  OCTOBER_2025,
  MAY_2021,
  MARCH_2020,
  DOMINO,
  MARK_IS_LAST,
  FUND_RUNS_DRY,
  CONTAGION,
  COLLATERAL,
];
