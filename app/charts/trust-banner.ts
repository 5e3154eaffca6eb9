/** The strip that says in words that figures are not live; one for every painter. */
import { formatAge } from '../format/time.ts';
import type { PaintTrust } from './paint-trust.ts';

/** Words of the banner, e.g. `RESYNCING · sequence lost · book 3.2 s old`. */
export function bannerText(trust: PaintTrust): string {
  const parts: string[] = [trust.state];
  if (trust.reason !== '') parts.push(trust.reason);
  // Whole seconds: an age that races through tenths is noise.
  if (trust.ageMs !== null && trust.ageMs >= 1_000) {
    parts.push(`book ${formatAge(Math.floor(trust.ageMs / 1_000) * 1_000).replace('.0', '')} old`);
  }
  return parts.join(' · ');
}

/** Shows or hides a banner element, touching the document only when something changed. */
export function showBanner(element: HTMLElement, trust: PaintTrust | null): void {
  const hidden = trust === null || trust.live;
  if (element.hidden !== hidden) element.hidden = hidden;
  const text = hidden ? '' : bannerText(trust);
  if (element.textContent !== text) element.textContent = text;
}
