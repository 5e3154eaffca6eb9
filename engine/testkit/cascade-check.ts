// Plays a cascade and checks after every act what must always hold, against positions rebuilt from the events alone.

import type { CascadeEvent } from '../simulation/cascade/cascade-events.ts';
import { CascadeRun } from '../simulation/cascade/cascade-run.ts';
import type { CascadeScenario } from '../simulation/cascade/cascade-scenario.ts';
import { adlRule } from '../venue/liquidation/adl-rules.ts';

/** What a checked run saw, so that a sweep can show that its faults really happened. */
export interface CascadeTally {
  readonly kinds: Map<string, number>;
  readonly stateHash: number;
  acts: number;
}

/** Net lots by account and market, moved by nothing but the events. */
class EventPositions {
  readonly #net = new Map<string, number>();
  readonly #run: CascadeRun;
  /** Side of the last liquidation order by account. */
  readonly orderSide = new Map<number, 'buy' | 'sell'>();

  constructor(run: CascadeRun) {
    this.#run = run;
    for (let account = 0; account <= run.traders.fund; account++) {
      for (let market = 0; market < run.markets.length; market++) {
        this.#net.set(`${account}/${market}`, this.ledger(account, market));
      }
    }
  }

  ledger(account: number, market: number): number {
    const { house } = this.#run;
    const size = (leg: 0 | 1): number => house.positions.size(house.slotOf(account, market, leg));
    return size(0) + size(1);
  }

  net(account: number, market: number): number {
    return this.#net.get(`${account}/${market}`) ?? 0;
  }

  move(account: number, market: number, lots: number): void {
    this.#net.set(`${account}/${market}`, this.net(account, market) + lots);
  }

  /** The first difference from the ledger, leaving out those whose resting orders may have filled. */
  difference(resting: ReadonlySet<number>): string | null {
    for (const [key, net] of this.#net) {
      const [account, market] = key.split('/').map(Number) as [number, number];
      if (resting.has(account)) continue;
      const held = this.ledger(account, market);
      if (held !== net) return `account ${account} market ${market}: events say ${net}, ledger ${held}`;
    }
    return null;
  }
}

function must(condition: boolean, what: string, scenario: CascadeScenario, event?: CascadeEvent): void {
  if (condition) return;
  throw new Error(`${scenario.id}: ${what}${event === undefined ? '' : ` at ${JSON.stringify(event)}`}`);
}

/** Runs a scenario to its end. Throws with the scenario's id, the rule and the event at the first breach. */
export function playChecked(scenario: CascadeScenario): CascadeTally {
  const run = new CascadeRun(scenario);
  const shadow = new EventPositions(run);
  const resting = new Set(scenario.accounts.flatMap((a, i) => (a.orders.length > 0 ? [i] : [])));
  resting.add(run.traders.makers);
  const tally: CascadeTally = { kinds: new Map(), stateHash: 0, acts: 0 };
  const needs = new Map<number, { lots: number; rank: number; spills: boolean }>();
  let nextId = 0;
  for (let told = run.step(); told !== null; told = run.step()) {
    tally.acts++;
    for (const event of told) {
      tally.kinds.set(event.kind, (tally.kinds.get(event.kind) ?? 0) + 1);
      must(event.id === nextId++, 'events are numbered without a hole', scenario, event);
      must(event.causeId === null || event.causeId < event.id, 'causes come first', scenario, event);
      checkEvent(scenario, run, shadow, needs, event);
      if (event.kind === 'adl-fill' && event.lossAgainstMark > 0) {
        const leg = event.side === 'buy' && run.house.isHedge(event.account) ? 1 : 0;
        const pool = run.house.poolOf(run.house.slotOf(event.account, event.market, leg));
        must(run.desk.equity(pool) >= 0n, 'nobody is below zero after ADL', scenario, event);
      }
    }
    for (const [id, { lots }] of needs) must(lots === 0, `ADL of need ${id} left ${lots} lots`, scenario);
    needs.clear();
    checkState(scenario, run, shadow, resting);
  }
  if (scenario.rules.liquidationsPerSecond === null && scenario.rules.breaker === null) {
    must(run.waiting === 0, 'the waves end', scenario);
  }
  return { ...tally, stateHash: run.stateHash() };
}

function checkState(
  scenario: CascadeScenario,
  run: CascadeRun,
  shadow: EventPositions,
  resting: ReadonlySet<number>,
): void {
  const breach = run.house.breach();
  must(breach === null, `conservation: ${breach}`, scenario);
  must(run.house.cash(run.traders.fund) >= 0n, 'the fund is never below zero', scenario);
  const difference = shadow.difference(resting);
  must(difference === null, `events and ledger agree: ${difference}`, scenario);
  for (const market of run.markets) {
    const bid = market.book.bestBidTicks;
    const ask = market.book.bestAskTicks;
    must(bid === null || ask === null || bid < ask, 'the book is not crossed', scenario);
    must(
      market.lastTicks > 0 && market.markTicks > 0 && market.indexTicks > 0,
      'prices are positive',
      scenario,
    );
  }
}

function checkEvent(
  scenario: CascadeScenario,
  run: CascadeRun,
  shadow: EventPositions,
  needs: Map<number, { lots: number; rank: number; spills: boolean }>,
  event: CascadeEvent,
): void {
  const { market } = event;
  for (const value of Object.values(event)) {
    must(typeof value !== 'number' || Number.isFinite(value), 'numbers are finite', scenario, event);
  }
  if ('fundCash' in event) must(event.fundCash >= 0, 'the fund is never below zero', scenario, event);
  if (event.kind === 'liquidation-order') shadow.orderSide.set(event.account, event.side);
  if (event.kind === 'shock-order' || event.kind === 'order-filled' || event.kind === 'caught-up') {
    must(event.filledLots >= 0 && event.unfilledLots >= 0, 'no negative size', scenario, event);
    must(event.worstTicks === null || event.worstTicks > 0, 'no fill at price 0', scenario, event);
    const account = event.kind === 'order-filled' ? event.account : run.traders.outside;
    const signed = event.side === 'buy' ? event.filledLots : -event.filledLots;
    if (event.kind === 'order-filled') reduce(scenario, shadow, event, account, signed);
    else shadow.move(account, market, signed);
  } else if (event.kind === 'fund-took-over') {
    // The order just before says which side is closed: a hedged account has both.
    const signed = shadow.orderSide.get(event.account) === 'buy' ? event.sizeLots : -event.sizeLots;
    reduce(scenario, shadow, event, event.account, signed);
    shadow.move(run.traders.fund, market, -signed);
  } else if (event.kind === 'adl-needed') {
    needs.set(event.id, { lots: event.sizeLots, rank: 0, spills: false });
  } else if (event.kind === 'adl-fill') {
    const need = needs.get(event.causeId ?? -1);
    must(need !== undefined, 'ADL has a need', scenario, event);
    if (need === undefined) return;
    if (adlRule(scenario.rules.adlRule).spread === 'ranked') {
      if (event.rank <= need.rank) must(!need.spills, 'ADL goes down the ranks', scenario, event);
      need.spills ||= event.rank <= need.rank;
    }
    need.rank = event.rank;
    need.lots -= event.sizeLots;
    must(event.sizeLots > 0 && event.priceTicks > 0, 'ADL has size and price', scenario, event);
    const signed = event.side === 'buy' ? event.sizeLots : -event.sizeLots;
    reduce(scenario, shadow, event, event.account, signed, run);
    reduce(scenario, shadow, event, event.againstAccount, -signed, run);
  } else if (event.kind === 'liquidated') {
    must(event.cashLeft >= 0 || event.outcome === 'partial', 'nobody ends below zero', scenario, event);
  }
}

/** Moves a position by lots that may only make it smaller; hedged accounts net two legs, so only their sum is moved. */
function reduce(
  scenario: CascadeScenario,
  shadow: EventPositions,
  event: CascadeEvent,
  account: number,
  signed: number,
  run?: CascadeRun,
): void {
  const before = shadow.net(account, event.market);
  shadow.move(account, event.market, signed);
  const hedged = scenario.accounts[account]?.hedge === true;
  const outside = run !== undefined && account >= run.traders.crowd && account !== run.traders.fund;
  if (signed === 0 || hedged || outside || scenario.accounts[account]?.orders.length) return;
  const after = before + signed;
  must(before * signed < 0 && before * after >= 0, `no flip: ${before} to ${after}`, scenario, event);
}
