/** Result: a value or a failure. Nothing expected is thrown. */
import { type Failure, type FailureCode, failure } from './failure.ts';

/** Either the value or the reason why there is none. Plain data: it crosses workers unchanged. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** Wraps a value. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a failure built from its registered code. */
export function fail(
  code: FailureCode,
  message: string,
  context: Readonly<Record<string, string | number>> = {},
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: failure(code, message, context) };
}
