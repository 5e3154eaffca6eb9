/** The SPAN screen in tests: opened by its address, handed files, its figures as numbers. */
import type { Page } from '@playwright/test';
import { expect } from './page-test.ts';

/** An amount as the page writes it. */
export const grouped = (value: number): string =>
  `${value < 0 ? '−' : ''}${Math.round(Math.abs(value))
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')}`;

/** The number in a figure of the page. */
export const numberIn = (text: string): number => Number(text.replace(/[^\d.−-]/g, '').replace('−', '-'));

/** Opens a screen by its address and waits for its figures. */
export async function openSpan(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByTestId('span-requirement')).toHaveText(/\d/, { timeout: 30_000 });
  await expect(page.getByTestId('span-run')).toHaveText(/^[0-9a-f]{8}$/);
}

/** Hands a file over where a button asks for one; a path stands for a file on disk. */
export async function chooseFile(
  page: Page,
  button: string,
  name: string,
  file: Buffer | string,
): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button, exact: true }).click();
  await (await asked).setFiles(
    typeof file === 'string' ? file : { name, mimeType: 'application/octet-stream', buffer: file },
  );
}
