// Runs with random commands of a reader: seed and journal repeat them, accounts add up, and places in queues are exact throughout.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../../core/units.ts';
import { futureOrder, perpOrder } from '../../testkit/paper-orders.ts';
import { EmbeddedMarket, SIMULATION_START } from '../embedded-market.ts';
import type { PaperCommand, PaperOrder } from './paper-orders.ts';

const IDS = ['binance-usdm:BTCUSDT', 'cme-globex:ESZ6', 'cme-globex:NQZ6'] as const;

interface Step {
  readonly waitMicros: number;
  readonly what: 'place' | 'place-more' | 'amend' | 'cancel' | 'cancel-all' | 'interrupt';
  readonly contract: number;
  readonly type: number;
  readonly side: 'buy' | 'sell';
  readonly away: number;
  readonly lots: number;
  readonly time: number;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  waitMicros: fc.integer({ min: 0, max: 700_000 }),
  what: fc.constantFrom<Step['what'][]>(
    'place',
    'place-more',
    'place',
    'amend',
    'cancel',
    'cancel-all',
    'interrupt',
  ),
  contract: fc.nat(2),
  type: fc.nat(6),
  side: fc.constantFrom('buy', 'sell'),
  away: fc.integer({ min: -3, max: 12 }),
  lots: fc.integer({ min: 0, max: 60 }),
  time: fc.nat(5),
  pick: fc.nat(30),
});

const TIMES = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD', 'DAY'] as const;
const PERP = [
  'limit',
  'market',
  'stop',
  'stop-market',
  'take-profit',
  'take-profit-market',
  'trailing-stop-market',
] as const;
const GLOBEX = ['limit', 'limit', 'market', 'market-limit', 'stop', 'stop-limit', 'limit'] as const;

function orderOf(market: EmbeddedMarket, says: Step): PaperOrder {
  const { contract, side, away, lots, pick } = says;
  const instrument = IDS[contract]!;
  const listed = market.contracts.find((each) => each.market.spec.id === instrument)!.market;
  const towards = side === 'buy' ? -1 : 1;
  const touch = side === 'buy' ? listed.bidTicks : listed.askTicks;
  const limit = touch + towards * away;
  const trigger = touch - towards * (4 + away);
  const timeInForce = TIMES[says.time]!;
  const goodTillMicros = timeInForce === 'GTD' ? market.nowMicros + 700_000_000 : null;
  const terms = { instrument, side, sizeLots: lots, timeInForce, goodTillMicros } as const;
  if (contract === 0) {
    const type = PERP[says.type]!;
    const priceTicks = type === 'limit' || type === 'stop' || type === 'take-profit' ? limit : null;
    const triggerTicks =
      type === 'limit' || type === 'market' || type === 'trailing-stop-market' ? null : trigger;
    const callbackPermille = type === 'trailing-stop-market' ? 1 : 0;
    const selfTrade = pick % 2 === 0 ? 'expire-maker' : 'none';
    return perpOrder({
      ...terms,
      type,
      priceTicks,
      triggerTicks,
      callbackPermille,
      selfTrade,
      reduceOnly: pick % 5 === 0,
    });
  }
  const type = GLOBEX[says.type]!;
  return futureOrder({
    ...terms,
    type,
    priceTicks: type === 'limit' || type === 'stop-limit' ? limit : null,
    triggerTicks: type === 'stop' || type === 'stop-limit' ? trigger : null,
    displayLots: pick % 3 === 0 ? 3 : 0,
    minimumLots: pick % 7 === 0 ? 2 : 0,
  });
}

function commandOf(market: EmbeddedMarket, says: Step): PaperCommand {
  const instrument = IDS[says.contract]!;
  const order = orderOf(market, says);
  const id = 1 + says.pick;
  switch (says.what) {
    case 'amend': {
      const priceTicks = order.priceTicks ?? order.triggerTicks ?? 1;
      return { kind: 'amend', instrument, id, priceTicks, sizeLots: says.lots };
    }
    case 'cancel':
      return { kind: 'cancel', instrument, id };
    case 'cancel-all':
      return { kind: 'cancel-all', instrument };
    case 'interrupt':
      return { kind: 'interrupt', instrument, seconds: 1 + (says.pick % 3) };
    default:
      return { kind: 'place', order };
  }
}

function check(market: EmbeddedMarket): number {
  let places = 0;
  for (const { market: listed } of market.contracts) {
    expect(listed.positionsLots().reduce((sum, lots) => sum + lots, 0)).toBe(0);
    const view = market.venueView(listed.spec.id)!;
    expect(view.positionLots).toBe(listed.positionsLots()[0]);
    for (const own of view.orders) {
      if (own.state === 'waiting') continue;
      const queue = listed.book.queueAt(own.side, own.priceTicks!);
      const place = queue.findIndex(({ account, tag }) => account === 0 && tag === own.id);
      const mine = queue[place]!;
      expect(own.sizeLots - own.filledLots).toBe(mine.remainingLots + mine.hiddenLots);
      const shown = (part: typeof queue): number =>
        part.reduce((sum, { remainingLots }) => sum + remainingLots, 0);
      const hidden = queue.reduce((sum, { hiddenLots }) => sum + hiddenLots, 0) - mine.hiddenLots;
      expect([own.aheadLots, own.behindLots]).toEqual([
        shown(queue.slice(0, place)),
        shown(queue.slice(place + 1)) + hidden,
      ]);
      places++;
    }
  }
  return places;
}

describe('a run with a reader', () => {
  it('repeats from seed and journal, and adds up after every command', () => {
    let places = 0;
    const outcomes = new Set<string>();
    const run = (seed: number, steps: readonly Step[]): void => {
      const market = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
      for (const says of steps) {
        market.advance(micros(market.nowMicros + says.waitMicros), Number.MAX_SAFE_INTEGER);
        places += check(market);
        const answer = market.submit(commandOf(market, says));
        outcomes.add(answer.ok ? (answer.value?.kind ?? 'done') : answer.failure.code);
        places += check(market);
      }
      market.advance(micros(market.nowMicros + 1_000_000), Number.MAX_SAFE_INTEGER);
      places += check(market);
      const again = new EmbeddedMarket({ seed, startMicros: SIMULATION_START });
      for (const { atMicros, command } of market.journal) {
        while (!again.advance(atMicros, 101));
        again.submit(command);
      }
      while (!again.advance(market.nowMicros, 1_013));
      expect(again.stateHash()).toBe(market.stateHash());
      expect(again.venueView(IDS[1])).toEqual(market.venueView(IDS[1]));
    };
    const steps = fc.array(step, { minLength: 10, maxLength: 30 });
    fc.assert(fc.property(fc.nat(1_000), steps, run), {
      numRuns: Number(process.env['HEADROOM_PAPER_RUNS'] ?? 8),
      ...(process.env['HEADROOM_PAPER_RUNS'] === undefined ? { seed: 1 } : {}),
    });
    expect(places).toBeGreaterThan(30);
    expect([...outcomes]).toEqual(expect.arrayContaining(['accepted', 'rejected', 'done']));
  });
});
