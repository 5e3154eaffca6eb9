/** Frames per second while the page paints, for the trust strip; null while nothing moves. */
import { create } from 'zustand';
import { onFrameStats } from '../charts/frame-loop.ts';

export const useFrameRate = create<{ readonly fps: number | null }>(() => ({ fps: null }));

/** Starts listening to the frame meter. Call once. */
export function startFrameRate(): void {
  onFrameStats(({ fps }) => useFrameRate.setState({ fps: fps === null ? null : Math.round(fps) }));
}
