/** Keeps the guards: the configuration in force, the notifier of every line, the timeline; judges orders and makes frames. */
import type { Account, Portfolio } from '../../engine/accounting/portfolio.ts';
import { fail, ok, type Result } from '../../engine/core/result.ts';
import { type Micros, micros } from '../../engine/core/units.ts';
import type { MarginReport } from '../../engine/margin/margin-report.ts';
import { type GuardConfiguration, guardProfile } from '../../engine/risk/guards/guard-configuration.ts';
import type { GuardOrder } from '../../engine/risk/guards/guard-input.ts';
import type { GuardVerdict } from '../../engine/risk/guards/guard-verdict.ts';
import {
  MarginCallNotifier,
  type MarginNotice,
  NOTIFIER_SETTINGS,
} from '../../engine/risk/guards/margin-call-notifier.ts';
import { parseGuardConfiguration } from '../../engine/risk/guards/parse-guard-configuration.ts';
import type { BoardEvent, BoardRow, GuardFrame } from '../contract/guard-board.ts';
import { AdlDesk, adlFacts } from './adl-desk.ts';
import { AlertDesk } from './alert-desk.ts';
import { boardRows, judgeOf } from './board-rows.ts';
import { type GuardWorld, guardInput } from './guard-inputs.ts';

const MOST_EVENTS = 500;
/** A reader at the screen wants to hear of a recovery within a minute, and no oftener than that. */
const COOLDOWN_SECONDS = 60;

/** One for the risk worker. */
export class GuardDesk {
  readonly alerts: AlertDesk = new AlertDesk();
  readonly #adl = new AdlDesk();
  #configuration = guardProfile('default');
  readonly #notifiers = new Map<string, MarginCallNotifier>();
  readonly #trading = new Map<string, string>();
  #events: BoardEvent[] = [];
  #lastEventId = 0;
  #atMicros: Micros = micros(0);

  get configuration(): GuardConfiguration {
    return this.#configuration;
  }

  /** Puts a configuration in force; a malformed one changes nothing. */
  configure(text: string): Result<GuardConfiguration> {
    const read = parseGuardConfiguration(text);
    if (read.ok) this.#configuration = read.value;
    return read;
  }

  /** Judges an order on an account. */
  judge(accounts: readonly Account[], accountId: string, order: GuardOrder, world: GuardWorld) {
    const account = accounts.find(({ id }) => id === accountId);
    if (account === undefined) {
      return fail('portfolio/position-unknown', `no account "${accountId}" to judge an order on`);
    }
    const input = guardInput(account, world, adlFacts(account, this.#adl.places(account, world), world));
    const judge = judgeOf(this.#configuration, input, (instrument) => this.#adl.models(instrument, world));
    const verdict: GuardVerdict = judge(order);
    return ok(verdict);
  }

  /** The board at these marks, with everything that happened since the run began. */
  frame(portfolio: Portfolio, report: MarginReport, world: GuardWorld): GuardFrame {
    const rows = boardRows(portfolio, report, world, this.#configuration, this.#adl);
    this.#observe(rows, world);
    const { profile, version, margin } = this.#configuration;
    return {
      atMicros: world.nowMicros,
      rows,
      events: this.#events,
      configuration: { profile, version },
      target: margin.target,
      alerts: this.alerts.view(),
    };
  }

  /** A moment that no frame is made of: what happens at it is told all the same. */
  pass(portfolio: Portfolio, report: MarginReport, world: GuardWorld): void {
    this.#observe(boardRows(portfolio, report, world, null, this.#adl), world);
  }

  /** A person has seen a line: no reminders until it changes. */
  acknowledge(rowId: string): void {
    this.#notifiers.get(rowId)?.apply({ kind: 'acknowledge', atMicros: this.#atMicros });
  }

  #observe(rows: readonly BoardRow[], world: GuardWorld): void {
    this.#restartAfter(world.nowMicros);
    // Before the first mark nothing has happened yet.
    if (world.marks.size === 0) return;
    for (const row of rows) this.#follow(row, world.nowMicros);
    this.#followMarkets(world);
    this.alerts.take(rows, world);
  }

  /** Another source, or an earlier time of this one, is another story. */
  #restartAfter(nowMicros: Micros): void {
    if (nowMicros < this.#atMicros) {
      this.#notifiers.clear();
      this.#trading.clear();
      this.#events = [];
      this.alerts.restart();
    }
    this.#atMicros = nowMicros;
  }

  #follow(row: BoardRow, atMicros: Micros): void {
    // A cross position stands and falls with its account, which has a line of its own.
    if (row.kind === 'position' && row.marginMode === 'cross') return;
    let notifier = this.#notifiers.get(row.id);
    if (notifier === undefined) {
      notifier = new MarginCallNotifier({ ...NOTIFIER_SETTINGS, cooldownSeconds: COOLDOWN_SECONDS });
      this.#notifiers.set(row.id, notifier);
    }
    const ratio = row.failure === null ? row.marginRatio : Number.NaN;
    for (const notice of notifier.apply({ kind: 'ratio', atMicros, ratio })) {
      this.#add(row, notice.event, notice.severity, noticeWords(notice), atMicros);
    }
  }

  #followMarkets({ markets, nowMicros }: GuardWorld): void {
    for (const { instrument, state, stateReason } of markets.values()) {
      if (state === null) continue;
      const before = this.#trading.get(instrument);
      this.#trading.set(instrument, state);
      if (before === undefined || before === state) continue;
      const subject = instrument.slice(instrument.indexOf(':') + 1);
      const halted = state === 'reserved' || state === 'pause';
      this.#add(
        { id: instrument, title: subject },
        halted ? 'market-halted' : 'market-closed',
        state === 'open' ? 'info' : 'warning',
        `${before} → ${state}: ${stateReason}`,
        nowMicros,
      );
    }
  }

  #add(
    row: Pick<BoardRow, 'id' | 'title'>,
    event: BoardEvent['event'],
    severity: BoardEvent['severity'],
    text: string,
    atMicros: Micros,
  ): void {
    this.#lastEventId += 1;
    const added = {
      id: this.#lastEventId,
      atMicros,
      event,
      severity,
      rowId: row.id,
      subject: row.title,
      text,
    };
    this.#events = [...this.#events, added].slice(-MOST_EVENTS);
  }
}

function noticeWords({ because, was, status, ratio, trend }: MarginNotice): string {
  const at = ratio === null ? '' : ` at ratio ${(Math.floor(ratio * 1000) / 1000).toFixed(3)}`;
  const going = trend === 'steady' ? '' : `, ${trend}`;
  if (because === 'unknown') return 'its margin ratio is not known';
  if (because === 'reminder') return `still ${status}${at}${going}`;
  return `${was} → ${status}${at}${going}`;
}
