/** The circuit breakers of product groups, run through a supposed move. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import {
  formatMultiple,
  type Increment,
  increment,
  type Micros,
  micros,
  multipleValue,
} from '../../engine/core/units.ts';
import { chicagoClock, chicagoInstant, clockTime } from '../../engine/reference/calendar/chicago-time.ts';
import { addDays, parseDay } from '../../engine/reference/calendar/civil-day.ts';
import { tradingDayAt } from '../../engine/reference/calendar/sessions.ts';
import { type CmeProduct, factOn } from '../../engine/reference/instruments/cme-product.ts';
import { findProduct } from '../../engine/reference/instruments/cme-products.ts';
import type { BreakerInput, BreakerOutput } from '../../engine/venue/circuit-breakers/breaker-inputs.ts';
import { CircuitBreakers } from '../../engine/venue/circuit-breakers/circuit-breakers.ts';
import type { BreakerRow, StateStretch, SupposedMove } from '../contract/breaker-board.ts';

/** A supposed move starts from the reference, which was traded this long before. */
const BEFORE_MICROS = 300_000_000;
/** The S&P 500 in hundredths of a percent of its close: only its fall matters. */
const MARKET_CLOSE = 10_000;

/** The boards of a supposed move. Fails: `reference/date-malformed`, `reference/contract-unknown`, `worker/request-malformed`. */
export function supposedBoards(question: SupposedMove): Result<readonly BreakerRow[]> {
  const day = parseDay(question.day);
  if (!day.ok) return day;
  const opens = chicagoInstant(addDays(day.value, -1), clockTime('17:00'));
  const movedMicros = opens + Math.round(question.minutes) * 60_000_000;
  const rows: BreakerRow[] = [];
  for (const { product: code, price } of question.references) {
    const product = findProduct(code);
    if (product === null) return fail('reference/contract-unknown', `no breakers are known for ${code}`);
    const tick = tickOf(product, opens);
    const referenceTicks = Math.round((Number(price) * 10 ** tick.scale) / tick.mantissa);
    if (!(referenceTicks > 0) || !Number.isSafeInteger(referenceTicks)) {
      return fail('worker/request-malformed', `expected a positive price of ${code}, found "${price}"`);
    }
    const priceTicks = Math.round(referenceTicks * (1 + question.move));
    const level = String(Math.round(MARKET_CLOSE * (1 + question.move)));
    const at = { instrument: 0 } as const;
    const row = run({
      product,
      symbol: code,
      tick,
      referenceTicks,
      reference: formatMultiple(referenceTicks, tick),
      startMicros: movedMicros - BEFORE_MICROS,
      nowMicros: movedMicros + Math.round(question.laterSeconds * 1_000_000),
      inputs: [
        { kind: 'trade', atMicros: movedMicros - BEFORE_MICROS, priceTicks: referenceTicks, ...at },
        { kind: 'trade', atMicros: movedMicros, priceTicks, ...at },
        { kind: 'market-index', atMicros: movedMicros, level },
      ],
    });
    if (!row.ok) return row;
    rows.push(row.value);
  }
  return ok(rows);
}

interface Run {
  readonly product: CmeProduct;
  readonly symbol: string;
  readonly tick: Increment;
  readonly referenceTicks: number;
  /** The same as decimal text: the close of the index under a stock index future. */
  readonly reference: string;
  readonly startMicros: number;
  readonly nowMicros: number;
  readonly inputs: readonly BreakerInput[];
}

function run({
  product,
  symbol,
  tick,
  referenceTicks,
  reference,
  startMicros,
  nowMicros,
  inputs,
}: Run): Result<BreakerRow> {
  const times = [startMicros, ...inputs.map((input) => input.atMicros), nowMicros];
  if (times.some((at, i) => !Number.isSafeInteger(at) || at < (times[i - 1] ?? 1))) {
    return fail('worker/request-malformed', 'expected whole microseconds in order of time');
  }
  const breakers = new CircuitBreakers({ product: product.code, instruments: [{ symbol, isLead: true }] });
  const contracts = [{ fixingTicks: referenceTicks, settlementTicks: referenceTicks }];
  const references = { contracts, indexClose: reference, marketClose: String(MARKET_CLOSE) };
  const first = breakers.apply({ kind: 'references', atMicros: startMicros, references });
  const history: StateStretch[] = [{ state: breakers.view().state, fromMicros: startMicros }];
  const outputs: BreakerOutput[] = [...first];
  for (const input of inputs) outputs.push(...breakers.apply(input));
  outputs.push(...breakers.apply({ kind: 'clock', atMicros: nowMicros }));
  for (const output of outputs) {
    if (output.kind === 'group-state' && output.atMicros > startMicros) {
      history.push({ state: output.state, fromMicros: output.atMicros });
    }
  }
  const view = breakers.view();
  return ok({
    product: product.code,
    name: product.name,
    group: product.group,
    tickSize: multipleValue(1, tick),
    decimals: tick.scale,
    view,
    history,
    startMicros,
    nowMicros,
    nowClock: clockText(nowMicros),
    nextClock: view.next === null ? null : clockText(view.next.atMicros),
  });
}

function tickOf(product: CmeProduct, atMicros: Micros): Increment {
  return factOn(product.tickSizes, tradingDayAt(atMicros))?.value ?? increment('1');
}

/** `14:25:00`, Chicago. */
function clockText(atMicros: number): string {
  const seconds = Math.floor(chicagoClock(micros(atMicros)).timeMicros / 1_000_000);
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(seconds / 3_600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}
