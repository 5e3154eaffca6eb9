// The risk worker's service, called directly: reports by credit, trust that only worsens, tables by date.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Account, Portfolio } from '../../engine/accounting/portfolio.ts';
import { micros } from '../../engine/core/units.ts';
import type { MarginReport, MarkInput } from '../../engine/margin/margin-report.ts';
import { RiskService } from './service.ts';

const readTable = async (date: string): Promise<string> =>
  readFileSync(join(import.meta.dirname, `../../public/brackets/${date}.txt`), 'utf8');

const readMargins = async (): Promise<string> =>
  readFileSync(join(import.meta.dirname, '../../public/span/outright-margins.txt'), 'utf8');

const account: Account = {
  id: 'a',
  name: 'A',
  demo: false,
  currency: 'USDT',
  positionMode: 'one-way',
  crossWalletBalance: '1000',
  positions: [
    {
      id: 'p',
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      side: 'long',
      size: '0.1',
      entryPrice: '60000',
      marginMode: 'cross',
      leverage: 20,
      isolatedWallet: null,
      givenMarkPrice: null,
    },
  ],
};
const portfolio: Portfolio = { accounts: [account] };
const mark: MarkInput = {
  instrument: 'binance-usdm:BTCUSDT',
  price: 61_000,
  origin: 'mark',
  trust: 'LIVE',
  atMicros: micros(1),
  dailyVolatility: 0.02,
};

let service: RiskService;
let ports: MessagePort[] = [];

afterEach(() => {
  service.dispose();
  for (const port of ports) port.close();
  ports = [];
});

async function start(
  read = readTable,
  readFutures: () => Promise<string> = readMargins,
): Promise<{ reports: MarginReport[]; page: MessagePort; feed: MessagePort }> {
  service = new RiskService(read, readFutures);
  const page = new MessageChannel();
  const market = new MessageChannel();
  ports.push(page.port1, page.port2, market.port1, market.port2);
  const reports: MarginReport[] = [];
  page.port1.onmessage = (event: MessageEvent<MarginReport>) => reports.push(event.data);
  await service.connectPage(page.port2);
  await service.connectMarket(market.port2);
  return { reports, page: page.port1, feed: market.port1 };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('risk service', () => {
  it('reports once for one credit, at the marks in force', async () => {
    const { reports, page, feed } = await start();
    await service.setPortfolio(portfolio);
    feed.postMessage({ source: 'LIVE', nowMicros: micros(5), marks: [mark] });
    await pause(300);
    expect(reports.length).toBe(0);
    page.postMessage({ credit: 1 });
    await pause(400);
    expect(reports.length).toBe(1);
    const [row] = reports[0]?.positions ?? [];
    expect(row).toMatchObject({ trust: 'LIVE', failure: null });
    // 0.1 BTC at 61,000 in the first bracket of 2026-05-01 (0.4 %): 6,100 notional, 24.4 maintenance, +100 PnL.
    expect(row?.figures).toMatchObject({ notional: 6_100, unrealisedPnl: 100 });
    expect(row?.figures?.maintenanceMargin).toBeCloseTo(24.4, 10);
    expect(row?.figures?.marginRatio).toBeCloseTo(1_100 / 24.4, 9);
  });

  it('margins futures by the table of their own, and without it fails them alone', async () => {
    const future = {
      ...account.positions[0],
      id: 'f',
      venue: 'cme-globex',
      symbol: 'ESM0',
      size: '2',
    } as const;
    const futures = { ...account, id: 'f', currency: 'USD', positions: [{ ...future, entryPrice: '2300' }] };
    const both = { accounts: [account, futures] } as Portfolio;
    const es: MarkInput = { ...mark, instrument: 'cme-globex:ESM0', price: 2_300 };
    // Noon in Chicago on 2020-03-20: ES requires 12,000 a contract.
    const nowMicros = micros(Date.parse('2020-03-20T17:00:00Z') * 1_000);
    for (const [read, margin] of [
      [readMargins, 24_000],
      [() => Promise.reject(new Error('status 404')), null],
    ] as const) {
      const { reports, page, feed } = await start(readTable, read);
      expect(await service.setPortfolio(both)).toEqual({ ok: true, value: null });
      feed.postMessage({ source: 'LIVE', nowMicros, marks: [mark, es] });
      await pause(50);
      page.postMessage({ credit: 1 });
      await pause(250);
      expect(reports[0]?.accounts[0]?.maintenanceMargin).toBeCloseTo(24.4, 9);
      expect(reports[0]?.accounts[1]?.maintenanceMargin).toBe(margin);
      expect(reports[0]?.positions[1]?.failure?.code ?? null).toBe(
        margin === null ? 'span/parameters-missing' : null,
      );
      service.dispose();
    }
  });

  it('calls its answers OFFLINE when marks stop coming', async () => {
    const { reports, page, feed } = await start();
    await service.setPortfolio(portfolio);
    feed.postMessage({ source: 'LIVE', nowMicros: micros(5), marks: [mark] });
    page.postMessage({ credit: 1 });
    await pause(300);
    expect(reports.at(-1)?.trust).toBe('LIVE');
    page.postMessage({ credit: 2 });
    await pause(1_500);
    page.postMessage({ credit: 2 });
    await pause(300);
    expect(reports.at(-1)).toMatchObject({ trust: 'OFFLINE', positions: [{ trust: 'OFFLINE' }] });
  });

  it('has no figures without a mark, and says so', async () => {
    const { reports, page } = await start();
    await service.setPortfolio(portfolio);
    page.postMessage({ credit: 1 });
    await pause(300);
    expect(reports[0]?.positions[0]).toMatchObject({
      figures: null,
      failure: { code: 'margin/mark-missing' },
    });
    expect(reports[0]?.accounts[0]).toMatchObject({ marginRatio: null, status: null });
  });

  it('answers by the bracket table that was chosen', async () => {
    const { feed } = await start();
    await service.setPortfolio(portfolio);
    feed.postMessage({ source: 'LIVE', nowMicros: micros(5), marks: [{ ...mark, price: 900_000 }] });
    await pause(50);
    const dates = await service.bracketDates();
    expect(dates.ok && dates.value.map((table) => table.date)).toEqual([
      '2026-05-01',
      '2024-10-24',
      '2022-02-12',
      '2021-03-01',
    ]);
    const maintenance = async (): Promise<number | string | null> => {
      const explained = await service.explain({ positionId: 'p', figure: 'maintenanceMargin' });
      return explained.ok ? explained.value.value : explained.failure.message;
    };
    // 90,000 notional: 0.4 % in the first bracket of 2026; 0.5 % less 50 in the second of 2021.
    expect(await maintenance()).toBeCloseTo(360, 9);
    await service.setBracketDate('2021-03-01');
    expect(await maintenance()).toBeCloseTo(400, 9);
    expect(await service.setBracketDate('1999-01-01')).toMatchObject({
      ok: false,
      failure: { code: 'margin/table-missing' },
    });
    expect(await maintenance()).toBeCloseTo(400, 9);
  });

  it('ends with the bracket table that was chosen last, whichever is read first', async () => {
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { reports, page, feed } = await start(async (date) => {
      if (date === '2021-03-01') await slow;
      return readTable(date);
    });
    await service.setPortfolio(portfolio);
    feed.postMessage({ source: 'LIVE', nowMicros: micros(5), marks: [mark] });
    const first = service.setBracketDate('2021-03-01');
    expect(await service.setBracketDate('2024-10-24')).toEqual({ ok: true, value: null });
    release();
    expect(await first).toMatchObject({ ok: false, failure: { code: 'worker/cancelled' } });
    page.postMessage({ credit: 1 });
    await pause(300);
    expect(reports[0]?.bracketTable.date).toBe('2024-10-24');
  });

  it('begins to report by itself once a table can be read that could not before', async () => {
    let isDown = true;
    const { reports, page, feed } = await start(async (date) => {
      if (isDown) throw new Error('status 503');
      return readTable(date);
    });
    expect(await service.setPortfolio(portfolio)).toMatchObject({ ok: false });
    feed.postMessage({ source: 'LIVE', nowMicros: micros(5), marks: [mark] });
    page.postMessage({ credit: 1 });
    await pause(500);
    expect(reports).toEqual([]);
    isDown = false;
    await pause(2_500);
    feed.postMessage({ source: 'LIVE', nowMicros: micros(6), marks: [mark] });
    page.postMessage({ credit: 1 });
    await pause(400);
    expect(reports.at(-1)?.positions[0]?.figures?.notional).toBe(6_100);
  });

  it('says what every figure is worth: none is better than its worst mark', async () => {
    const { reports, page, feed } = await start();
    const isolated = {
      ...account.positions[0],
      id: 'i',
      symbol: 'ETHUSDT',
      marginMode: 'isolated',
      isolatedWallet: '50',
    };
    const accounts = [{ ...account, positions: [...account.positions, isolated] }] as Portfolio['accounts'];
    await service.setPortfolio({ accounts });
    const eth: MarkInput = { ...mark, instrument: 'binance-usdm:ETHUSDT', price: 60_000 };
    const seen: unknown[] = [];
    for (const [btc, other] of [
      ['LIVE', 'LIVE'],
      ['LIVE', 'STALE'],
      ['DEGRADED', 'LIVE'],
      ['OFFLINE', 'RESYNCING'],
    ] as const) {
      feed.postMessage({
        source: 'LIVE',
        nowMicros: micros(5),
        marks: [
          { ...mark, trust: btc },
          { ...eth, trust: other },
        ],
      });
      await pause(50);
      page.postMessage({ credit: 1 });
      await pause(250);
      const report = reports.at(-1);
      const answer = await service.whatIf({ shift: -0.1, instrument: null });
      seen.push([
        report?.positions.map(({ trust }) => trust),
        report?.accounts.map(({ trust }) => trust),
        report?.trust,
        answer.ok && answer.value.trust,
      ]);
    }
    expect(seen).toEqual([
      [['LIVE', 'LIVE'], ['LIVE'], 'LIVE', 'LIVE'],
      [['LIVE', 'STALE'], ['STALE'], 'STALE', 'STALE'],
      [['DEGRADED', 'LIVE'], ['DEGRADED'], 'DEGRADED', 'DEGRADED'],
      [['OFFLINE', 'RESYNCING'], ['OFFLINE'], 'OFFLINE', 'OFFLINE'],
    ]);
  });

  it('refuses a portfolio that could not have been entered, and keeps the old one', async () => {
    const { reports, page } = await start();
    await service.setPortfolio(portfolio);
    const damaged = { accounts: [{ ...account, crossWalletBalance: 'lots' }] };
    expect(await service.setPortfolio(damaged)).toMatchObject({ ok: false, failure: { kind: 'invalid' } });
    page.postMessage({ credit: 1 });
    await pause(300);
    expect(reports[0]?.accounts[0]?.crossWalletBalance).toBe(1_000);
  });

  it('says which table could not be read', async () => {
    await start(() => Promise.reject(new Error('status 404')));
    expect(await service.setPortfolio(portfolio)).toMatchObject({
      ok: false,
      failure: { code: 'margin/table-missing' },
    });
    expect(await service.whatIf({ shift: 2, instrument: null })).toMatchObject({ ok: false });
  });
});
