// Futures accounts: requirement, excess, ratio, the price at ratio 1 and what-ifs, each against numbers worked by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Account, Position } from '../../accounting/portfolio.ts';
import { micros } from '../../core/units.ts';
import { tradingDayAt } from '../../reference/calendar/sessions.ts';
import { accountOf, markOf, position } from '../../testkit/build-portfolio.ts';
import { publishedBrackets } from '../../testkit/published-brackets.ts';
import { explain } from '../explain.ts';
import type { DerivationTerm, ExplainedFigure, MarginReport, MarkInput } from '../margin-report.ts';
import { marginReport } from '../portfolio-margin.ts';
import { parseOutrightMargins } from '../span/files/outright-margins.ts';
import { whatIf } from '../what-if.ts';
import { futuresRules } from './futures-rules.ts';

const text = readFileSync(join(import.meta.dirname, '../../../public/span/outright-margins.txt'), 'utf8');
const read = parseOutrightMargins(text);
if (!read.ok) throw new Error(read.failure.message);
const MARGINS = read.value;
const TABLE = publishedBrackets('2026-05-01');
const dayAt = (iso: string) => micros(Date.parse(iso) * 1_000);
/** Noon in Chicago; ES 12,000 ÷ 13,200 since 2020-03-19, NQ 15,000 ÷ 16,500 since 2020-03-18. */
const MARCH = dayAt('2020-03-20T17:00:00Z');
const LATER = dayAt('2026-11-20T18:00:00Z');
const rulesAt = (at: typeof MARCH) => futuresRules(MARGINS, tradingDayAt(at));

const future = (change: Partial<Position>): Position =>
  position({ venue: 'cme-globex', symbol: 'ESM0', size: '2', entryPrice: '2400', leverage: 1, ...change });
const futureMark = (symbol: string, price: number, change: Partial<MarkInput> = {}): MarkInput =>
  markOf(symbol, price, { instrument: `cme-globex:${symbol}`, ...change });
const account = (wallet: string, positions: readonly Position[], change: Partial<Account> = {}): Account =>
  accountOf(wallet, positions, { currency: 'USD', ...change });
const reportOf = (accounts: readonly Account[], marks: readonly MarkInput[], at = MARCH): MarginReport =>
  marginReport({ accounts }, marks, TABLE, at, rulesAt(at));

const ES = futureMark('ESM0', 2_300);
const NQ = futureMark('NQM0', 7_000);

describe('a futures account', () => {
  it('long 2 ES: requirement 24,000, excess 66,000, ratio 3.75, ratio 1 at 1,640', () => {
    const found = reportOf([account('100000', [future({})])], [ES]);
    // 2 × 50 × (2,300 − 2,400) = −10,000; 2 × 12,000; 2 × 13,200; 2,300 − (90,000 − 24,000) ÷ 100.
    expect(found.accounts[0]).toMatchObject({
      marginBalance: 90_000,
      equity: 90_000,
      maintenanceMargin: 24_000,
      initialMargin: 26_400,
      marginRatio: 3.75,
      status: 'HEALTHY',
      failure: null,
    });
    expect(found.accounts[0]?.futures).toMatchObject({
      setDate: '2020-03-20',
      excess: 66_000,
      isOutdated: false,
      label: 'independent SPAN-type calculation, not an official CME figure',
    });
    expect(found.positions[0]?.figures).toMatchObject({
      notional: 230_000,
      unrealisedPnl: -10_000,
      maintenanceMargin: 24_000,
      initialMargin: 26_400,
      bracket: null,
      marginRatio: 3.75,
      liquidationPrice: 1_640,
      distanceTicks: 2_640,
    });
  });

  it('walks all five levels of the ladder, edges on the right side', () => {
    // The balance is wallet − 10,000 over a requirement of 24,000.
    const ladder = [
      ['46000', 'HEALTHY'],
      ['45999', 'WARNING'],
      ['38800', 'WARNING'],
      ['38799', 'DANGER'],
      ['35200', 'DANGER'],
      ['35199', 'CRITICAL'],
      ['34000', 'LIQUIDATION'],
    ] as const;
    for (const [wallet, status] of ladder) {
      expect(reportOf([account(wallet, [future({})])], [ES]).accounts[0]?.status, wallet).toBe(status);
    }
  });

  it('a short dies of a rise; a price at or below 0 is none', () => {
    const short = reportOf([account('50000', [future({ side: 'short' })])], [ES]);
    // +10,000; 2,300 + (60,000 − 24,000) ÷ 100.
    expect(short.positions[0]?.figures?.liquidationPrice).toBe(2_660);
    const safe = reportOf([account('1000000', [future({})])], [ES]);
    expect(safe.positions[0]?.figures).toMatchObject({ liquidationPrice: null, distanceRate: null });
  });

  it('two products share one balance, and neither relieves the other', () => {
    const nq = future({ symbol: 'NQM0', side: 'short', size: '1', entryPrice: '7100' });
    const found = reportOf([account('80000', [future({}), nq])], [ES, NQ]);
    // Balance 80,000 − 10,000 + 20 × 100 = 72,000; 24,000 + 15,000.
    expect(found.accounts[0]).toMatchObject({ marginBalance: 72_000, maintenanceMargin: 39_000 });
    const [es, nqRow] = found.positions;
    expect(es?.figures?.liquidationPrice).toBeCloseTo(2_300 - 33_000 / 100, 9);
    expect(nqRow?.figures?.liquidationPrice).toBeCloseTo(7_000 + 33_000 / 20, 9);
    expect(nqRow?.figures?.maintenanceMargin).toBe(15_000);
  });

  it('ten micros cancel one big contract of the same month, and nothing is required', () => {
    const micro = future({ symbol: 'MESM0', side: 'short', size: '10', entryPrice: '2400' });
    const marks = [ES, futureMark('MESM0', 2_300)];
    const found = reportOf([account('5000', [future({ size: '1' }), micro])], marks);
    expect(found.accounts[0]).toMatchObject({ maintenanceMargin: 0, status: 'HEALTHY' });
    expect(found.positions.map((row) => row.figures?.maintenanceMargin)).toEqual([12_000, 12_000]);
    const broke = reportOf([account('-5000', [future({ size: '1' }), micro])], marks);
    expect(broke.accounts[0]?.status).toBe('LIQUIDATION');
  });

  it('after the last published margins the newest hold, under their own date', () => {
    const found = reportOf(
      [account('50000', [future({ symbol: 'ESZ6', size: '1' })])],
      [futureMark('ESZ6', 2_400)],
      LATER,
    );
    // ES 10,800 since 2022-01-21; the table ends on 2022-02-11.
    expect(found.accounts[0]?.maintenanceMargin).toBe(10_800);
    expect(found.accounts[0]?.futures).toMatchObject({ setDate: '2022-02-11', isOutdated: true });
    expect(found.accounts[0]?.futures?.setId).toContain('the newest');
  });
});

describe('accounts do not cover each other', () => {
  it('crypto and futures accounts are the same beside each other as alone', () => {
    const crypto = accountOf('5000', [position({ size: '0.1' })], { id: 'crypto' });
    const futures = account('40000', [future({})], { id: 'futures' });
    const other = account('1000000', [future({ id: 'other', side: 'short' })], { id: 'other' });
    const marks = [markOf('BTCUSDT', 60_000), ES];
    const together = reportOf([crypto, futures, other], marks);
    expect(together.accounts).toEqual(
      [crypto, futures, other].map((one) => reportOf([one], marks).accounts[0]),
    );
    expect(together.accounts[1]?.status).toBe('WARNING');
  });

  it('a future in an account in USDT is an error that says where it belongs', () => {
    const found = reportOf([accountOf('5000', [future({})])], [ES]);
    expect(found.positions[0]).toMatchObject({ figures: null, failure: { code: 'margin/bracket-missing' } });
    expect(found.positions[0]?.failure?.message).toContain('account in USD');
  });
});

describe('what is missing is an error of the row and of the account', () => {
  const good = future({ symbol: 'NQM0', size: '1', entryPrice: '7000' });
  const cases: readonly [string, Partial<Position>, readonly MarkInput[], string][] = [
    ['the mark', {}, [NQ], 'margin/mark-missing'],
    ['the product', { symbol: 'MNGM0' }, [NQ, futureMark('MNGM0', 2)], 'span/contract-missing'],
    ['the month', { symbol: 'ESM29' }, [NQ, futureMark('ESM29', 2_300)], 'span/contract-missing'],
    ['part of a contract', { size: '1.5' }, [NQ, ES], 'span/position-malformed'],
    ['a sliver of a contract', { size: '2.00000000000000000001' }, [NQ, ES], 'span/position-malformed'],
    ['too many contracts', { size: '99999999999999999999' }, [NQ, ES], 'span/position-malformed'],
    [
      'a wallet of its own',
      { marginMode: 'isolated', isolatedWallet: '5' },
      [NQ, ES],
      'portfolio/field-invalid',
    ],
    ['a perpetual', { venue: 'binance-usdm', symbol: 'BTCUSDT' }, [NQ], 'portfolio/field-invalid'],
  ];
  for (const [what, change, marks, code] of cases) {
    it(what, () => {
      const found = reportOf([account('100000', [future(change), good])], marks);
      expect(found.positions.map((row) => row.failure?.code)).toEqual([code, code]);
      expect(found.positions.map((row) => row.figures)).toEqual([null, null]);
      expect(found.accounts[0]).toMatchObject({
        maintenanceMargin: null,
        marginBalance: null,
        equity: null,
        marginRatio: null,
        status: null,
        futures: null,
      });
      const answer = whatIf(
        { shift: -0.5, instrument: null },
        { accounts: [account('1', [future(change)])] },
        marks,
        TABLE,
        MARCH,
        rulesAt(MARCH),
      );
      expect(answer.rows).toMatchObject([{ before: null, after: null }]);
    });
  }

  it('the set: before its first day, and where no table was read', () => {
    const early = dayAt('1999-06-01T17:00:00Z');
    expect(reportOf([account('1', [future({})])], [ES], early).positions[0]?.failure?.code).toBe(
      'span/parameters-missing',
    );
    const unread = marginReport({ accounts: [account('1', [future({})])] }, [ES], TABLE, MARCH);
    expect(unread.positions[0]).toMatchObject({
      figures: null,
      failure: { code: 'span/parameters-missing' },
    });
    expect(unread.accounts[0]?.status).toBeNull();
  });
});

describe('what if', () => {
  it('moves the balance and names the exact move of every level', () => {
    const accounts = [account('100000', [future({})])];
    const ask = (shift: number) =>
      whatIf({ shift, instrument: null }, { accounts }, [ES], TABLE, MARCH, rulesAt(MARCH));
    const [row] = ask(-0.2).rows;
    // 100,000 + 100 × (1,840 − 2,400) = 44,000 over 24,000.
    expect(row?.after?.marginRatio).toBeCloseTo(44_000 / 24_000, 9);
    // Balance 90,000 + 230,000 × shift = 24,000 × rung.
    expect(row?.changes.map((c) => c.status)).toEqual(['WARNING', 'DANGER', 'CRITICAL', 'LIQUIDATION']);
    const shifts = [1.5, 1.2, 1.05, 1].map((rung) => (24_000 * rung - 90_000) / 230_000);
    row?.changes.forEach((change, i) => {
      expect(change.shift).toBeCloseTo(shifts[i] ?? 0, 12);
    });
    expect(ask((row?.changes[3]?.shift ?? 0) - 1e-9).fallen).toBe(1);
    expect(ask((row?.changes[3]?.shift ?? 0) + 1e-9).fallen).toBe(0);
  });

  it('a move of another instrument changes nothing', () => {
    const accounts = [account('100000', [future({})])];
    const question = { shift: -0.9, instrument: 'binance-usdm:BTCUSDT' } as const;
    const [row] = whatIf(question, { accounts }, [ES], TABLE, MARCH, rulesAt(MARCH)).rows;
    expect(row?.after).toEqual(row?.before);
    expect(row?.changes).toEqual([]);
  });
});

describe('explanations of futures', () => {
  const accounts = [
    account('100000', [future({}), future({ symbol: 'NQM0', side: 'short', size: '1', entryPrice: '7100' })]),
  ];
  const marks = [ES, NQ];
  const ask = (figure: ExplainedFigure): DerivationTerm => {
    const found = explain('ESM0/long', figure, { accounts }, marks, TABLE, MARCH, rulesAt(MARCH));
    if (!found.ok) throw new Error(found.failure.message);
    return found.value;
  };
  const all = (term: DerivationTerm): readonly DerivationTerm[] => [term, ...term.terms.flatMap(all)];

  it('give the reported value for every figure', () => {
    const figures = reportOf(accounts, marks).positions[0]?.figures;
    expect(ask('notional').value).toBe(figures?.notional);
    expect(ask('unrealisedPnl').value).toBe(figures?.unrealisedPnl);
    expect(ask('initialMargin').value).toBe(figures?.initialMargin);
    expect(ask('maintenanceMargin').value).toBe(figures?.maintenanceMargin);
    expect(ask('marginRatio').value).toBe(figures?.marginRatio);
    expect(ask('liquidationPrice').value).toBe(figures?.liquidationPrice);
    expect(ask('distance').value).toBe(figures?.distanceRate);
    expect(ask('bankruptcyPrice').value).toBeNull();
  });

  it('reach the array cell, the set with date and hash, and the label', () => {
    const terms = all(ask('marginRatio'));
    // Scenario 13: price down by the whole scan range of 12,000 a contract.
    const cell = terms.find((t) => t.label === 'array value' && t.value === 12_000);
    expect(cell?.source).toContain('value 13');
    const set = terms.find((t) => t.label === 'parameter set');
    expect(set?.source).toBe('independent SPAN-type calculation, not an official CME figure');
    expect(set?.terms.map((t) => t.value)).toEqual(['2020-03-20', expect.stringMatching(/^[0-9a-f]{8}$/)]);
  });

  it('work out again: the price at ratio 1', () => {
    const root = ask('liquidationPrice');
    const value = (label: string) => Number(root.terms.find((t) => t.label === label)?.value);
    expect(root.formula).toBe('mark price − (margin balance − maintenance margin) ÷ net size');
    expect(root.value).toBeCloseTo(
      value('mark price') - (value('margin balance') - value('maintenance margin')) / value('net size'),
      9,
    );
  });
});
