/** The futures products of CME Group that the engine knows: facts by product, dated where they changed. */
import { type Increment, increment } from '../../core/units.ts';
import { dayOf } from '../calendar/civil-day.ts';
import type { CmeProduct, Dated } from './cme-product.ts';

const QUARTERS = 'HMUZ';
const EVERY_MONTH = 'FGHJKMNQUVXZ';
const TICK_SOURCE =
  'CME Group contract specification, as in the QuantConnect Lean symbol properties (Apache-2.0)';

const always = (text: string): readonly Dated<Increment>[] => [
  { from: null, value: increment(text), source: TICK_SOURCE },
];

const INDEX = {
  group: 'equity-index',
  sessionGroup: 'equity',
  listedMonths: QUARTERS,
  activeMonths: QUARTERS,
  settlement: 'cash',
  expiry: 'third-friday',
  firstNotice: null,
  roll: { kind: 'monday-before-expiry' },
  source:
    'CME Group stock index futures: cash settled to the special opening quotation of the third Friday, 08:30 CT',
} as const;

const METAL = {
  exchange: 'COMEX',
  group: 'metal',
  sessionGroup: 'commodity',
  listedMonths: EVERY_MONTH,
  settlement: 'physical',
  expiry: 'third-last-business-day',
  firstNotice: { rule: 'last-business-day-of-month-before', days: 0 },
  roll: { kind: 'business-days-before-month', days: 2 },
  source:
    'COMEX metal futures: trading ends on the third last business day of the delivery month; the day of the roll is ours',
} as const;

const CURRENCY = {
  exchange: 'CME',
  group: 'fx',
  sessionGroup: 'fx',
  listedMonths: EVERY_MONTH,
  activeMonths: QUARTERS,
  settlement: 'physical',
  expiry: 'second-business-day-before-third-wednesday',
  firstNotice: null,
  roll: { kind: 'business-days-before-last-trade', days: 1 },
  parent: null,
  source:
    'CME FX futures: 09:16 CT of the second business day before the third Wednesday; the lead month changes on the Thursday evening before',
} as const;

const TREASURY = {
  exchange: 'CBOT',
  group: 'interest-rate',
  sessionGroup: 'rates',
  listedMonths: QUARTERS,
  activeMonths: QUARTERS,
  settlement: 'physical',
  firstNotice: { rule: 'last-business-day-of-month-before', days: 0 },
  roll: { kind: 'business-days-before-month', days: 2 },
  parent: null,
} as const;

const ENERGY = {
  exchange: 'NYMEX',
  group: 'energy',
  sessionGroup: 'commodity',
  listedMonths: EVERY_MONTH,
  activeMonths: EVERY_MONTH,
  roll: { kind: 'business-days-before-last-trade', days: 2 },
} as const;

const CRUDE_EXPIRY = {
  expiry: 'third-business-day-before-25th-of-month-before',
  settlement: 'physical',
  firstNotice: { rule: 'business-days-after-last-trade', days: 2 },
  source:
    'NYMEX rule 200: third business day before the 25th of the month before; where the 25th is none, before the business day that precedes it; notice dates of 2026 as published by brokers',
} as const;

const GAS_EXPIRY = {
  expiry: 'third-last-business-day-of-month-before',
  settlement: 'physical',
  firstNotice: { rule: 'business-days-after-last-trade', days: 1 },
  source:
    'CME Group natural gas specification: third last business day of the month before; active until two business days before',
} as const;

const FINANCIAL_ENERGY = {
  settlement: 'cash',
  expiry: 'business-day-before-parent',
  firstNotice: null,
} as const;

const TICK_OF_ZT: readonly Dated<Increment>[] = [
  {
    from: null,
    value: increment('0.0078125'),
    source: 'CBOT 2-year note specification before 2019: a quarter of 1/32, $15.625',
  },
  {
    from: dayOf('2019-01-14'),
    value: increment('0.00390625'),
    source:
      'CBOT 2-year note specification: an eighth of 1/32, $7.8125, since January 2019 (the day itself is unconfirmed)',
  },
];

/** All products, in the order in which they are shown. */
export const CME_PRODUCTS: readonly CmeProduct[] = [
  {
    ...INDEX,
    code: 'ES',
    name: 'E-mini S&P 500',
    exchange: 'CME',
    multiplier: '50',
    tickSizes: always('0.25'),
    parent: null,
  },
  {
    ...INDEX,
    code: 'MES',
    name: 'Micro E-mini S&P 500',
    exchange: 'CME',
    multiplier: '5',
    tickSizes: always('0.25'),
    parent: 'ES',
  },
  {
    ...INDEX,
    code: 'NQ',
    name: 'E-mini Nasdaq-100',
    exchange: 'CME',
    multiplier: '20',
    tickSizes: always('0.25'),
    parent: null,
  },
  {
    ...INDEX,
    code: 'MNQ',
    name: 'Micro E-mini Nasdaq-100',
    exchange: 'CME',
    multiplier: '2',
    tickSizes: always('0.25'),
    parent: 'NQ',
  },
  {
    ...INDEX,
    code: 'YM',
    name: 'E-mini Dow',
    exchange: 'CBOT',
    multiplier: '5',
    tickSizes: always('1'),
    parent: null,
  },
  {
    ...INDEX,
    code: 'MYM',
    name: 'Micro E-mini Dow',
    exchange: 'CBOT',
    multiplier: '0.5',
    tickSizes: always('1'),
    parent: 'YM',
  },
  {
    ...INDEX,
    code: 'RTY',
    name: 'E-mini Russell 2000',
    exchange: 'CME',
    multiplier: '50',
    tickSizes: always('0.1'),
    parent: null,
  },
  {
    ...INDEX,
    code: 'M2K',
    name: 'Micro E-mini Russell 2000',
    exchange: 'CME',
    multiplier: '5',
    tickSizes: always('0.1'),
    parent: 'RTY',
  },
  {
    ...METAL,
    code: 'GC',
    name: 'Gold',
    multiplier: '100',
    tickSizes: always('0.1'),
    activeMonths: 'GJMQZ',
    parent: null,
  },
  {
    ...METAL,
    code: 'MGC',
    name: 'Micro Gold',
    multiplier: '10',
    tickSizes: always('0.1'),
    activeMonths: 'GJMQZ',
    parent: 'GC',
  },
  {
    ...METAL,
    code: 'SI',
    name: 'Silver',
    multiplier: '5000',
    tickSizes: always('0.005'),
    activeMonths: 'HKNUZ',
    parent: null,
  },
  {
    ...METAL,
    code: 'SIL',
    name: 'Micro Silver',
    multiplier: '1000',
    tickSizes: always('0.005'),
    activeMonths: 'HKNUZ',
    parent: 'SI',
  },
  {
    ...ENERGY,
    ...CRUDE_EXPIRY,
    code: 'CL',
    name: 'Crude Oil',
    multiplier: '1000',
    tickSizes: always('0.01'),
    parent: null,
  },
  {
    ...ENERGY,
    ...FINANCIAL_ENERGY,
    code: 'MCL',
    name: 'Micro WTI Crude Oil',
    multiplier: '100',
    tickSizes: always('0.01'),
    parent: 'CL',
    source: 'CME Group micro crude oil specification: one business day before CL, settled in cash',
  },
  {
    ...ENERGY,
    ...GAS_EXPIRY,
    code: 'NG',
    name: 'Henry Hub Natural Gas',
    multiplier: '10000',
    tickSizes: always('0.001'),
    parent: null,
  },
  {
    ...ENERGY,
    ...FINANCIAL_ENERGY,
    code: 'MNG',
    name: 'Micro Henry Hub Natural Gas',
    multiplier: '1000',
    tickSizes: always('0.001'),
    parent: 'NG',
    source:
      'CME Group FAQ on micro Henry Hub futures: 1 000 MMBtu, $0.001, one business day before NG, listed since 2023-11-06',
  },
  {
    ...ENERGY,
    ...FINANCIAL_ENERGY,
    code: 'QG',
    name: 'E-mini Natural Gas',
    multiplier: '2500',
    tickSizes: always('0.005'),
    parent: 'NG',
    source: 'CME Group E-mini natural gas specification: 2 500 MMBtu, $0.005, the business day before NG',
  },
  { ...CURRENCY, code: '6E', name: 'Euro FX', multiplier: '125000', tickSizes: always('0.00005') },
  { ...CURRENCY, code: '6J', name: 'Japanese Yen', multiplier: '12500000', tickSizes: always('0.0000005') },
  { ...CURRENCY, code: '6B', name: 'British Pound', multiplier: '62500', tickSizes: always('0.0001') },
  {
    ...TREASURY,
    code: 'ZN',
    name: '10-Year T-Note',
    multiplier: '1000',
    tickSizes: always('0.015625'),
    expiry: 'seventh-business-day-before-last',
    source:
      'CBOT 10-year note specification: 12:01 CT of the seventh business day before the last of the month',
  },
  {
    ...TREASURY,
    code: 'ZB',
    name: 'U.S. Treasury Bond',
    multiplier: '1000',
    tickSizes: always('0.03125'),
    expiry: 'seventh-business-day-before-last',
    source: 'CBOT bond specification: 12:01 CT of the seventh business day before the last of the month',
  },
  {
    ...TREASURY,
    code: 'ZT',
    name: '2-Year T-Note',
    multiplier: '2000',
    tickSizes: TICK_OF_ZT,
    expiry: 'last-business-day',
    source: 'CBOT 2-year note specification: 12:01 CT of the last business day of the month',
  },
];

const BY_CODE: ReadonlyMap<string, CmeProduct> = new Map(
  CME_PRODUCTS.map((product) => [product.code, product]),
);

/** The product with this code, or null where none is known. */
export function findProduct(code: string): CmeProduct | null {
  return BY_CODE.get(code) ?? null;
}
