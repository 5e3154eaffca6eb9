/** Frames the page painted over the last second. */
import { create } from 'zustand';

export const useFrameRate = create<{ readonly fps: number | null }>(() => ({ fps: null }));

/** Starts counting. Call once. A hidden page paints nothing and shows no rate. */
export function startFrameRate(): void {
  let frames = 0;
  let sinceMs = performance.now();
  const count = (nowMs: number): void => {
    frames += 1;
    if (nowMs - sinceMs >= 1_000) {
      useFrameRate.setState({ fps: Math.round((frames * 1_000) / (nowMs - sinceMs)) });
      frames = 0;
      sinceMs = nowMs;
    }
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  document.addEventListener('visibilitychange', () => {
    frames = 0;
    sinceMs = performance.now();
    useFrameRate.setState({ fps: null });
  });
}
