// Two regimes asked of the risk worker: both sides of what is held, and choices out of range refused by name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { micros } from '../../engine/core/units.ts';
import { AT, accountOf, markOf, position } from '../../engine/testkit/build-portfolio.ts';
import type { RegimeChoices } from '../contract/two-regimes.ts';
import { RiskService } from './service.ts';

const folder = join(import.meta.dirname, '../../public');
const service = new RiskService(
  async (date) => readFileSync(join(folder, `brackets/${date}.txt`), 'utf8'),
  async () => readFileSync(join(folder, 'span/outright-margins.txt'), 'utf8'),
);
const market = new MessageChannel();
afterEach(() => {
  service.dispose();
  market.port1.close();
  market.port2.close();
});

const CHOICES: RegimeChoices = {
  asOneAccount: false,
  ladder: 'BTCUSDT',
  scan: { origin: 'run', deviations: 3, entered: {} },
  creditRate: 0,
};

it('answers for a perpetual and a future, and names what it refuses', async () => {
  const es = { venue: 'cme-globex', symbol: 'ESU4', size: '2', entryPrice: '5400', leverage: 1 } as const;
  const accounts = [
    accountOf('1000', [position({ size: '0.1' })]),
    accountOf('40000', [position(es)], { id: 'f', name: 'F', currency: 'USD' }),
  ];
  await service.setPortfolio({ accounts });
  await service.connectMarket(market.port2);
  const marks = [
    markOf('BTCUSDT', 61_000, { dailyVolatility: 0.02 }),
    markOf('ESU4', 5_400, { instrument: 'cme-globex:ESU4' }),
  ];
  market.port1.postMessage({ source: 'LIVE', nowMicros: micros(AT), marks });
  await expect
    .poll(async () => {
      const answer = await service.twoRegimes(CHOICES);
      return answer.ok ? answer.value.positions.length : 0;
    })
    .toBe(2);
  const answer = await service.twoRegimes(CHOICES);
  if (!answer.ok) throw new Error(answer.failure.message);
  const { positions, scans, bySpan } = answer.value;
  // 6,100 at 0.4 %; 6 % of it; twice 10,800, ES since 2022-01-21.
  expect(positions[0]).toMatchObject({ bySpanAlone: 366, assumed: 'span' });
  expect(positions[0]?.byBrackets).toBeCloseTo(24.4, 9);
  expect(positions[1]).toMatchObject({ bySpanAlone: 21_600, assumed: 'brackets' });
  expect(bySpan).toBe(21_966);
  expect(scans).toMatchObject([{ asset: 'BTC', origin: 'run' }]);

  for (const [wrong, words] of [
    [{ creditRate: 1.5 }, 'credit'],
    [{ creditRate: Number.NaN }, 'credit'],
    [{ scan: { ...CHOICES.scan, deviations: 0 } }, 'deviations'],
    [{ scan: { ...CHOICES.scan, entered: { BTC: -1 } } }, 'range of BTC'],
  ] as const) {
    const refused = await service.twoRegimes({ ...CHOICES, ...wrong });
    expect(refused.ok ? null : refused.failure.code).toBe('worker/request-malformed');
    expect(refused.ok ? '' : refused.failure.message).toContain(words);
  }
});
