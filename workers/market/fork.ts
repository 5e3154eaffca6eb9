/** An instrument at a moment, copied for a cascade to start from. */
import { fail, ok, type Result } from '../../engine/core/result.ts';
import type { InstrumentId } from '../../engine/reference/instruments/contract-spec.ts';
import type { MarketFork } from '../../engine/simulation/cascade-lab/fork-scenario.ts';
import type { MarketRun } from './market-run.ts';

/** Levels copied of each side, at most. */
const LEVELS = 1_000;

/** Copies what is in view. Fails: `source/not-open` where the instrument is not in view or its book has no two sides. */
export function forkOf(run: MarketRun, instrument: InstrumentId): Result<MarketFork> {
  const { spec, feed } = run.viewed;
  if (spec.id !== instrument)
    return fail('source/not-open', `expected ${instrument} in view, found ${spec.id}`);
  const side = (name: 'bid' | 'ask'): readonly number[] => {
    const flat: number[] = [];
    feed.book.eachLevel(name, (priceTicks, sizeLots) => {
      flat.push(priceTicks, sizeLots);
      return flat.length < 2 * LEVELS;
    });
    return flat;
  };
  const [bids, asks] = [side('bid'), side('ask')];
  const [bid, ask] = [bids[0], asks[0]];
  if (bid === undefined || ask === undefined) {
    return fail('source/not-open', `expected a book with two sides, found ${spec.symbol} without`);
  }
  const { mantissa, scale } = spec.tickSize;
  const mark = feed.markPrice === null ? null : Math.round((feed.markPrice * 10 ** scale) / mantissa);
  const { kind, label } = run.source;
  return ok({
    symbol: spec.symbol,
    origin: `${kind}, ${label}`,
    atMicros: run.source.nowMicros(),
    tickSize: spec.tickSize.text,
    lotSize: spec.lotSize.text,
    multiplier: spec.multiplier,
    // A mark outside the spread would begin the cascade with a jump that the market did not make.
    priceTicks: mark !== null && mark >= bid && mark <= ask ? mark : Math.round((bid + ask) / 2),
    fundingRate: feed.fundingRate,
    bids,
    asks,
  });
}
