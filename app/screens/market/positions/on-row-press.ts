/** One listener for all rows: a figure opens its derivation, the dots open the row's menu. */
import type { ExplainedFigure } from '../../../../engine/margin/margin-report.ts';
import { type AccountFigure, explain } from '../../../state/explain-store.ts';
import { openRowMenu } from './row-menu.ts';

function onRowPress(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const row = event.target.closest<HTMLElement>('[data-position], [data-account]');
  if (row === null) return;
  const { position: positionId, account: accountId } = row.dataset;
  const more = event.target.closest<HTMLElement>('[data-more]');
  if (more !== null) {
    openRowMenu(more, positionId ?? null, accountId ?? null);
    return;
  }
  const button = event.target.closest<HTMLElement>('[data-figure]');
  const figure = button?.dataset['figure'];
  if (button == null || figure === undefined) return;
  if (positionId !== undefined) {
    explain({ of: 'position', positionId, figure: figure as ExplainedFigure }, button);
  } else if (accountId !== undefined) {
    explain({ of: 'account', accountId, figure: figure as AccountFigure }, button);
  }
}

/** Listens to the rows inside an element; for a `ref`. The buttons inside are real, so keys arrive as clicks too. */
export function listenToRows(element: HTMLElement | null): (() => void) | undefined {
  if (element === null) return undefined;
  element.addEventListener('click', onRowPress);
  return () => element.removeEventListener('click', onRowPress);
}
