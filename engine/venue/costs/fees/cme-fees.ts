/** Fees per contract and side at CME: exchange, clearing, regulatory and technology parts as dated configuration. */
import { assert } from '../../../core/assert.ts';
import { multiplyDecimals, sumDecimals } from '../../../core/money.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import { type Dated, tableOn } from '../provenance.ts';

/** The parts of the fee of one contract and side, USD, decimal text. The broker's commission is not among them. */
export interface ContractFeeParts {
  readonly exchange: string;
  readonly clearing: string;
  readonly regulatory: string;
  readonly technology: string;
}

/** Fees per contract of several products as seen in force on a day. */
interface CmeFeeTable extends Dated {
  /** Exchange fee by product root. */
  readonly exchange: ReadonlyMap<string, string>;
  readonly clearing: string;
  readonly regulatory: string;
  readonly technology: string;
}

/** Roots by exchange fee. */
function byFee(groups: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(groups).flatMap(([fee, roots]) => roots.split(' ').map((root) => [root, fee] as const)),
  );
}

/** Non-member rates on Globex. */
const TABLES: readonly CmeFeeTable[] = [
  {
    asOf: '2020-01-01',
    source: 'split in common use by retail backtests, without a date of its own',
    confidence: 'unconfirmed',
    exchange: byFee({
      '1.18': 'ES NQ YM RTY',
      '0.20': 'MES MNQ',
      '1.50': 'GC SI HG',
      '0.50': 'MGC',
      '1.45': 'CL NG',
      '0.25': 'MCL',
      '0.85': '6E 6J 6B 6A ZB ZN ZF ZT',
    }),
    clearing: '0.10',
    regulatory: '0.02',
    technology: '0.25',
  },
  {
    asOf: '2023-01-01',
    source:
      'exchange and clearing in one, as brokers pass them on (public TradeStation table, E-mini 1.33, micro 0.35; the ' +
      'year is ours: IBKR tables of 2022 have 1.28 and 0.30); NFA assessment 0.02',
    confidence: 'reported',
    exchange: byFee({
      '1.33': 'ES NQ YM RTY',
      '0.35': 'MES MNQ MYM M2K',
      '1.55': 'GC SI HG',
      '0.50': 'MGC MCL',
      '1.00': 'SIL',
      '1.50': 'CL NG HO RB',
      '1.60': '6E 6J 6B 6A 6C 6S',
      '0.24': 'M6E M6A M6B',
      '0.65': 'ZF ZT',
      '0.80': 'ZN',
      '0.87': 'ZB',
      '0.95': 'UB',
    }),
    clearing: '0',
    regulatory: '0.02',
    technology: '0',
  },
];

/** What is asked. */
export interface CmeFeeQuestion {
  /** Product root, e.g. 'ES' for ESZ6. */
  readonly product: string;
  /** ISO day of the trade. */
  readonly date: string;
  /** Whole contracts, positive. */
  readonly contracts: number;
}

/** The fee of one trade, with its parts per contract. */
export interface CmeFee extends Dated {
  /** Decimal text in USD: whole cents, so nothing is rounded. */
  readonly amount: string;
  readonly perContract: string;
  readonly parts: ContractFeeParts;
}

/**
 * Computes the fee of one side of a trade at CME: contracts × (exchange + clearing + regulatory + technology), exact.
 *
 * Fails: `costs/table-missing` for a day or product without a table; there is no default product.
 *
 * @example 3 ES on 2020-06-01 → 3 × (1.18 + 0.10 + 0.02 + 0.25) = 4.65
 */
export function cmeFee(question: CmeFeeQuestion): Result<CmeFee> {
  const { product, date, contracts } = question;
  assert(
    Number.isSafeInteger(contracts) && contracts > 0,
    `contracts must be a whole number, found ${contracts}`,
  );
  const table = tableOn(TABLES, date);
  const exchange = table?.exchange.get(product);
  if (table === null || exchange === undefined) {
    return fail('costs/table-missing', `no CME fee of ${product} is known for ${date}`, { product, date });
  }
  const { asOf, source, confidence, clearing, regulatory, technology } = table;
  const perContract = sumDecimals([exchange, clearing, regulatory, technology]);
  return ok({
    amount: multiplyDecimals(perContract, String(contracts)),
    perContract,
    parts: { exchange, clearing, regulatory, technology },
    asOf,
    source,
    confidence,
  });
}
