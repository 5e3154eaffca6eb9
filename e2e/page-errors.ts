/** Watches a page for everything that must not happen: console errors, exceptions, policy violations, foreign requests. */
import type { Page } from '@playwright/test';

/** What was seen so far; empty when all is well. */
export interface PageErrors {
  readonly found: readonly string[];
}

/** Starts watching. Call before the first navigation. */
export async function watchPageErrors(page: Page, origin: string): Promise<PageErrors> {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== new URL(origin).host) {
      found.push(`foreign request: ${request.url()}`);
    }
  });
  await page.exposeFunction('reportViolation', (text: string) => {
    found.push(`policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return { found };
}
