/** The circuit breakers of one product group, run through the prices it was seen at. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { findProduct } from '../../engine/reference/instruments/cme-products.ts';
import type { BreakerOutput } from '../../engine/venue/circuit-breakers/breaker-inputs.ts';
import { CircuitBreakers } from '../../engine/venue/circuit-breakers/circuit-breakers.ts';
import type { BreakerBoard, BreakerQuestion, StateStretch } from '../contract/breaker-board.ts';

/** Fails: `reference/contract-unknown` for products the breakers do not know, `worker/request-malformed` for times that go back. */
export function breakerBoard(question: BreakerQuestion): Result<BreakerBoard> {
  const { product, symbol, referenceTicks, indexClose, startMicros, nowMicros, prices } = question;
  if (findProduct(product) === null)
    return fail('reference/contract-unknown', `no breakers are known for ${product}`);
  const times = [startMicros, ...prices.map((price) => price.atMicros), nowMicros];
  if (times.some((at, i) => !Number.isSafeInteger(at) || at < (times[i - 1] ?? 1))) {
    return fail('worker/request-malformed', 'expected whole microseconds in order of time');
  }
  const breakers = new CircuitBreakers({ product, instruments: [{ symbol, isLead: true }] });
  const outputs: BreakerOutput[] = [];
  const contracts = [{ fixingTicks: referenceTicks, settlementTicks: referenceTicks }];
  const references = { contracts, indexClose, marketClose: question.marketClose };
  outputs.push(...breakers.apply({ kind: 'references', atMicros: startMicros, references }));
  const history: StateStretch[] = [{ state: breakers.view().state, fromMicros: startMicros }];
  for (const { atMicros, priceTicks } of prices) {
    outputs.push(...breakers.apply({ kind: 'trade', atMicros, instrument: 0, priceTicks }));
  }
  if (question.marketLevel !== null) {
    outputs.push(
      ...breakers.apply({ kind: 'market-index', atMicros: nowMicros, level: question.marketLevel }),
    );
  }
  outputs.push(...breakers.apply({ kind: 'clock', atMicros: nowMicros }));
  for (const output of outputs) {
    if (output.kind !== 'group-state' || output.atMicros < startMicros) continue;
    if (output.atMicros === startMicros) history.length = 0;
    history.push({ state: output.state, fromMicros: output.atMicros });
  }
  return ok({ view: breakers.view(), history });
}
