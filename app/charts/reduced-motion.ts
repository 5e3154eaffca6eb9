/** Whether the person asked for less motion, remembered: asking the browser in every frame costs a style pass. */

let reduced: boolean | null = null;

/** True when the system asks for reduced motion. */
export function prefersReducedMotion(): boolean {
  if (reduced === null) {
    const query = matchMedia('(prefers-reduced-motion: reduce)');
    reduced = query.matches;
    query.addEventListener('change', () => {
      reduced = query.matches;
    });
  }
  return reduced;
}
