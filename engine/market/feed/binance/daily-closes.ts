/** Daily candles of Binance USDT-M by REST: the closes of those that are over. */
import { fail, ok, type Result } from '../../../core/result.ts';
import type { Micros } from '../../../core/units.ts';

/** Closes with the instants at which their days ended, oldest first. */
export interface DailyCloses {
  readonly atMicros: readonly number[];
  readonly closes: readonly number[];
}

const CLOSE = 4;
const CLOSE_TIME = 6;

/**
 * Reads an answer of `GET /fapi/v1/klines`. The candle of the running day is left out.
 *
 * Source: Binance USDT-M documentation, Kline/Candlestick Data: a list of lists with the close price (text) at 4 and the close
 * time (milliseconds, the last one of the candle) at 6.
 *
 * Fails: `feed/message-malformed` where anything is not so, or the candles are out of order.
 */
export function decodeDailyCloses(text: string, nowMicros: Micros): Result<DailyCloses> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('expected JSON');
  }
  if (!Array.isArray(value)) return malformed('expected a list of candles');
  const atMicros: number[] = [];
  const closes: number[] = [];
  for (const [i, row] of (value as readonly unknown[]).entries()) {
    if (!Array.isArray(row)) return malformed(`candle ${i}: expected a list`);
    const price: unknown = row[CLOSE];
    const time: unknown = row[CLOSE_TIME];
    const close = typeof price === 'string' && /^\d+(\.\d+)?$/.test(price) ? Number(price) : 0;
    if (!(close > 0)) return malformed(`candle ${i}: expected a close above 0, found ${String(price)}`);
    // The last millisecond of a candle: it is over when the next one begins.
    const at = Number.isSafeInteger(time) ? ((time as number) + 1) * 1_000 : Number.NaN;
    if (!(Number.isSafeInteger(at) && at > (atMicros.at(-1) ?? 0))) {
      return malformed(`candle ${i}: expected a later close time, found ${String(time)}`);
    }
    if (at > nowMicros) break;
    atMicros.push(at);
    closes.push(close);
  }
  return ok({ atMicros, closes });
}

function malformed(why: string): Result<never> {
  return fail('feed/message-malformed', `daily candles: ${why}`);
}
