/** Takes the market on screen into the lab: what stands now becomes a scenario, and the market goes on untouched. */
import { lab } from '../../workers/client/lab.ts';
import { market } from '../../workers/client/market.ts';
import { runScenario } from './cascade-store.ts';
import { tell } from './notices.ts';
import { showScreen, useScreen } from './screen.ts';
import { useSource } from './source-store.ts';

/** Forks the instrument in view and runs it. */
export async function forkMarket(): Promise<void> {
  const { instrument } = useSource.getState();
  const fork = await market.forkMarket({ instrument });
  if (!fork.ok) {
    tell('trouble', fork.failure.message);
    return;
  }
  const scenario = await lab.forkScenario(fork.value);
  if (!scenario.ok) {
    tell('trouble', scenario.failure.message);
    return;
  }
  if (useScreen.getState().screen !== 'cascade') showScreen('cascade');
  await runScenario(scenario.value);
}
