/** The newest board frame for React, and whether it is still the state of anything. */
import { create } from 'zustand';
import { onGuardFrame } from '../../workers/client/streams.ts';
import type { GuardFrame } from '../../workers/contract/guard-board.ts';

/** The board comes at least once a second; without a frame for this long it is the past. */
const SILENCE_MS = 3_000;
const LOOK_MS = 500;

interface GuardSlice {
  readonly frame: GuardFrame | null;
  /** True once the guards stopped answering: what is shown is what they said last. */
  readonly isSilent: boolean;
}

export const useGuards = create<GuardSlice>(() => ({ frame: null, isSilent: false }));

/** Starts reading the stream. Call once. */
export function startGuardSlice(): void {
  let heardAtMs = performance.now();
  onGuardFrame((frame) => {
    heardAtMs = performance.now();
    useGuards.setState({ frame, isSilent: false });
  });
  setInterval(() => {
    const isSilent = performance.now() - heardAtMs > SILENCE_MS;
    if (isSilent !== useGuards.getState().isSilent) useGuards.setState({ isSilent });
  }, LOOK_MS);
}
