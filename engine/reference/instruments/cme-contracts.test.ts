// Symbols and specifications of contracts against published tables.
import { describe, expect, it } from 'vitest';
import { HAS_SHARED_DATA, readSharedText, SHARED_DATA_NOTE } from '../../testkit/shared-data.ts';
import { dayOf } from '../calendar/civil-day.ts';
import { contractSpec, formatContractSymbol, parseContractSymbol } from './cme-contracts.ts';
import { factOn } from './cme-product.ts';
import { CME_PRODUCTS, findProduct } from './cme-products.ts';
import { LISTINGS } from './listings.ts';

const today = dayOf('2026-03-02');

describe('contract symbols', () => {
  const read = (text: string, on: string): string => {
    const parsed = parseContractSymbol(text, dayOf(on));
    if (!parsed.ok) return parsed.failure.code;
    return `${parsed.value.product.code} ${parsed.value.year}-${parsed.value.month}`;
  };

  it('are read with one or two digits of the year', () => {
    expect(read('ESH4', '2024-03-15')).toBe('ES 2024-3');
    expect(read('ESH4', '2024-04-01')).toBe('ES 2034-3');
    expect(read('ESH4', '2016-01-01')).toBe('ES 2024-3');
    expect(read('ESZ26', '2024-01-01')).toBe('ES 2026-12');
    expect(read('6EM5', '2025-05-01')).toBe('6E 2025-6');
    expect(read('MCLF20', '2026-05-01')).toBe('MCL 2020-1');
    expect(read('M2KU6', '2026-05-01')).toBe('M2K 2026-9');
    expect(read('GCZ99', '2026-05-01')).toBe('GC 1999-12');
  });

  it('are refused for what they lack', () => {
    expect(read('ES', '2024-03-15')).toBe('reference/symbol-malformed');
    expect(read('esh4', '2024-03-15')).toBe('reference/symbol-malformed');
    expect(read('ESA4', '2024-03-15')).toBe('reference/symbol-malformed');
    expect(read('ESH2024', '2024-03-15')).toBe('reference/symbol-malformed');
    expect(read('XXH4', '2024-03-15')).toBe('reference/instrument-unknown');
    expect(read('ESF4', '2024-03-15')).toBe('reference/contract-unknown');
  });

  it('come back from every contract of every product', () => {
    for (const product of CME_PRODUCTS) {
      for (let month = 1; month <= 12; month++) {
        for (const year of [2026, 2031]) {
          const symbol = formatContractSymbol({ product, year, month }, 2);
          const listed = product.listedMonths.includes(symbol.at(-3) ?? '-');
          const again = parseContractSymbol(symbol, today);
          expect(again.ok).toBe(listed);
          if (again.ok)
            expect([again.value.product, again.value.year, again.value.month]).toEqual([
              product,
              year,
              month,
            ]);
        }
      }
    }
  });
});

describe('specifications', () => {
  it('agree with the listed contracts', () => {
    for (const listed of LISTINGS.filter((spec) => spec.venue === 'cme-globex')) {
      const parsed = parseContractSymbol(listed.symbol, today);
      expect(parsed.ok && contractSpec(parsed.value, today)).toMatchObject({
        id: listed.id,
        multiplier: listed.multiplier,
        tickSize: listed.tickSize,
        currency: listed.currency,
        kind: listed.kind,
      });
    }
  });

  it.skipIf(!HAS_SHARED_DATA)(`agree with the published multipliers and ticks${SHARED_DATA_NOTE}`, () => {
    let compared = 0;
    for (const line of readSharedText('cme/symbol-properties_cme.csv').trim().split('\n')) {
      const [market, code = '', , , , multiplier, tick] = line.split(',');
      const product = findProduct(code);
      if (product === null) continue;
      compared++;
      expect(product.exchange.toLowerCase()).toBe(market);
      expect([code, Number(product.multiplier)]).toEqual([code, Number(multiplier)]);
      expect([code, Number(factOn(product.tickSizes, today)?.value.text)]).toEqual([code, Number(tick)]);
    }
    expect(compared).toBe(CME_PRODUCTS.filter(({ code }) => code !== 'MNG' && code !== 'QG').length);
  });

  it('name a parent that exists and shares the way of the session', () => {
    for (const product of CME_PRODUCTS) {
      if (product.parent === null) continue;
      expect(findProduct(product.parent)).toMatchObject({ parent: null, sessionGroup: product.sessionGroup });
    }
  });
});
