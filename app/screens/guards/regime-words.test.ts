// Words of two regimes: printed amounts add up, and no ratio is made of nothing.
import { expect, it } from 'vitest';
import { FIRST_DRAFT, readDraft } from '../../state/regime-store.ts';
import { coverWords, decimalsOf, gapBars, gapSentence } from './regime-words.ts';

it('printed steps lead from one printed total to the other', () => {
  const gap = [0.4, 0.4, -0.3, 1_000.4].map((amount) => ({ label: '', why: '', amount }));
  const bars = gapBars(10_000.3, gap, 0);
  // 10,000.3 → 10,000.7 → 10,001.1 → 10,000.8 → 11,001.2.
  expect(bars.map(({ amount }) => amount)).toEqual([1, 0, 0, 1_000]);
  expect(bars.at(-1)?.to).toBe(11_001);
  expect(decimalsOf({ byBrackets: 10_000, bySpan: 3 })).toBe(0);
  expect(decimalsOf({ byBrackets: 9_999, bySpan: 3 })).toBe(2);
});

it('says which side asks more, and what the equity covers', () => {
  expect(gapSentence({ byBrackets: 100, bySpan: 250 })).toBe(
    'SPAN asks for 2.50 times what the brackets ask.',
  );
  expect(gapSentence({ byBrackets: 100, bySpan: 50 })).toBe(
    'The brackets ask for 2.00 times what SPAN asks.',
  );
  expect(gapSentence({ byBrackets: 0, bySpan: 50 })).toContain('no ratio');
  expect(coverWords(150, 100)).toBe('equity covers it 1.50 times');
  expect(coverWords(150, 0)).toBe('nothing is required');
});

it('reads what was typed, and names the field that cannot be read', () => {
  expect(readDraft(FIRST_DRAFT).choices).toEqual({
    asOneAccount: false,
    ladder: 'BTCUSDT',
    scan: { origin: 'dated', deviations: 3, entered: {} },
    creditRate: 0,
  });
  const typed = { ...FIRST_DRAFT, ladder: ' ethusdt ', entered: { BTC: '12 %', ETH: ' ' } };
  expect(readDraft(typed).choices).toMatchObject({ ladder: 'ETHUSDT', scan: { entered: { BTC: 0.12 } } });
  const wrong = readDraft({ ...FIRST_DRAFT, credit: '120', deviations: '0', entered: { BTC: 'x' } });
  expect(wrong.choices).toBeNull();
  expect(Object.keys(wrong.errors).sort()).toEqual(['credit', 'deviations', 'scan BTC']);
});
