/** Whether the workers live, for React. */
import { create } from 'zustand';
import { onWorkerHealth } from '../../workers/client/supervisor.ts';

type Health = 'starting' | 'ok' | 'lost';

export const useWorkerHealth = create<{ readonly market: Health; readonly risk: Health }>(() => ({
  market: 'starting',
  risk: 'starting',
}));

/** Starts listening. Call once. */
export function startWorkerHealth(): void {
  onWorkerHealth((health) => useWorkerHealth.setState(health, true));
}
