/** Whether the workers live, for React. */
import { create } from 'zustand';
import { onWorkerHealth, type WorkersHealth } from '../../workers/client/supervisor.ts';

export const useWorkerHealth = create<WorkersHealth>(() => ({
  market: 'starting',
  risk: 'starting',
  lab: 'starting',
  span: 'starting',
}));

/** Starts listening. Call once. */
export function startWorkerHealth(): void {
  onWorkerHealth((health) => useWorkerHealth.setState(health, true));
}
