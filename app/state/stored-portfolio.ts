/** Decodes what an earlier visit stored: data from outside like any other. */
import * as z from 'zod/mini';
import type { Portfolio } from '../../engine/accounting/portfolio.ts';
import { fail, ok, type Result } from '../../engine/core/result.ts';

// The page's content policy forbids compiled code, and even asking for it is reported as a violation.
z.config({ jitless: true });

const text = z.string().check(z.minLength(1), z.maxLength(200));
/** What a positions file may hold; the engine's own check would bring its decimal library into the page. */
const decimal = z.string().check(z.regex(/^-?\d+(\.\d+)?$/), z.maxLength(64));

const positionSchema = z.object({
  id: text,
  venue: z.enum(['binance-usdm', 'cme-globex']),
  symbol: text,
  side: z.enum(['long', 'short']),
  size: decimal,
  entryPrice: decimal,
  marginMode: z.enum(['cross', 'isolated']),
  leverage: z.number().check(z.minimum(1), z.maximum(1_000)),
  isolatedWallet: z.nullable(decimal),
  givenMarkPrice: z.nullable(decimal),
});

const accountSchema = z.object({
  id: text,
  name: z.string().check(z.maxLength(200)),
  demo: z.boolean(),
  currency: z.enum(['USDT', 'USD']),
  positionMode: z.enum(['one-way', 'hedge']),
  crossWalletBalance: decimal,
  positions: z.array(positionSchema),
});

const storedSchema = z.object({
  version: z.literal(1),
  portfolio: z.object({ accounts: z.array(accountSchema) }),
});

/** Reads a stored portfolio. Fails: `portfolio/file-malformed`, naming the first place that is wrong. */
export function readStoredPortfolio(stored: unknown): Result<Portfolio> {
  const parsed = storedSchema.safeParse(stored);
  if (parsed.success) return ok(parsed.data.portfolio);
  const issue = parsed.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  return fail('portfolio/file-malformed', `${place === '' ? 'portfolio' : place}: ${issue?.message ?? ''}`);
}
