/** Liquidation (clearance) fee: what a venue takes of the amount it liquidates, by symbol and day. */
import { multiplyDecimals, roundDecimal } from '../../../core/money.ts';
import { fail, ok, type Result } from '../../../core/result.ts';
import type { Dated } from '../provenance.ts';
import type { FeeRounding } from './fee-schedule.ts';
import type { BookedFee } from './trading-fee.ts';

/** Rates of several symbols as seen in force on a day. */
interface LiquidationFeeTable extends Dated {
  /** Symbols by rate; rates are decimal fractions of the amount liquidated. */
  readonly symbolsByRate: Readonly<Record<string, readonly string[]>>;
}

const ROUNDING: FeeRounding = { places: 8, direction: 'ceiling', confidence: 'unconfirmed' };

const words = (text: string): readonly string[] => text.split(' ');

/** Binance USDT-M, `exchangeInfo.symbols[].liquidationFee`. Newest last. */
const TABLES: readonly LiquidationFeeTable[] = [
  {
    asOf: '2021-07-21',
    source: 'recorded fapi.binance.com/fapi/v1/exchangeInfo, server time 1626858243909, all 122 symbols',
    confidence: 'measured',
    symbolsByRate: {
      '0.012': words('BTCUSDT BTCBUSD BTCUSDT_210924'),
      '0.005': words(
        'ETHUSDT BCHUSDT XRPUSDT EOSUSDT LTCUSDT TRXUSDT ETCUSDT LINKUSDT XLMUSDT ADAUSDT XMRUSDT XTZUSDT BNBUSDT ' +
          'DOTUSDT ETHBUSD ETHUSDT_210924',
      ),
      '0.0075': words(
        'DASHUSDT ZECUSDT ATOMUSDT ONTUSDT IOTAUSDT BATUSDT VETUSDT NEOUSDT QTUMUSDT IOSTUSDT THETAUSDT ALGOUSDT ' +
          'ZILUSDT KNCUSDT ZRXUSDT COMPUSDT OMGUSDT DOGEUSDT SXPUSDT KAVAUSDT BANDUSDT RLCUSDT WAVESUSDT MKRUSDT ' +
          'SNXUSDT DEFIUSDT YFIUSDT BALUSDT CRVUSDT TRBUSDT YFIIUSDT RUNEUSDT SUSHIUSDT SRMUSDT BZRXUSDT EGLDUSDT ' +
          'SOLUSDT ICXUSDT STORJUSDT BLZUSDT UNIUSDT AVAXUSDT FTMUSDT HNTUSDT ENJUSDT FLMUSDT TOMOUSDT RENUSDT ' +
          'KSMUSDT NEARUSDT AAVEUSDT FILUSDT RSRUSDT LRCUSDT MATICUSDT OCEANUSDT CVCUSDT BELUSDT CTKUSDT AXSUSDT ' +
          'ALPHAUSDT ZENUSDT SKLUSDT GRTUSDT 1INCHUSDT AKROUSDT CHZUSDT SANDUSDT ANKRUSDT LUNAUSDT BTSUSDT LITUSDT ' +
          'UNFIUSDT DODOUSDT REEFUSDT RVNUSDT SFPUSDT XEMUSDT COTIUSDT CHRUSDT MANAUSDT ALICEUSDT HBARUSDT ONEUSDT ' +
          'LINAUSDT STMXUSDT DENTUSDT CELRUSDT HOTUSDT MTLUSDT OGNUSDT BTTUSDT NKNUSDT SCUSDT DGBUSDT 1000SHIBUSDT ' +
          'ICPUSDT BAKEUSDT GTCUSDT BTCDOMUSDT KEEPUSDT TLMUSDT',
      ),
      '0.04': words('BTCSTUSDT'),
    },
  },
  {
    asOf: '2024-01-01',
    source:
      'exchangeInfo quoted in public repositories of 2024 to 2026 (no newer rate of another symbol was found)',
    confidence: 'reported',
    symbolsByRate: { '0.0125': ['BTCUSDT'] },
  },
];

/** What is asked. */
export interface LiquidationFeeQuestion {
  readonly symbol: string;
  /** ISO day. */
  readonly date: string;
  /** Value liquidated, decimal text in the settlement currency. */
  readonly notional: string;
}

/**
 * Computes the clearance fee of a liquidation on Binance USDT-M.
 *
 * Formula: amount liquidated × rate of the symbol, rounded up at the eighth decimal. The rate is the newest one seen
 * on or before the day; its `asOf` says how old that is.
 *
 * Fails: `costs/table-missing` when no rate of the symbol was seen by that day.
 *
 * @example BTCUSDT, 2021-07-22, 10,000 → 120
 */
export function liquidationFee(question: LiquidationFeeQuestion): Result<BookedFee> {
  const { symbol, date } = question;
  const found = rateOn(symbol, date);
  if (found === null) {
    return fail('costs/table-missing', `no liquidation fee of ${symbol} is known for ${date}`, {
      symbol,
      date,
    });
  }
  const { rate, table } = found;
  return ok({
    amount: roundDecimal(multiplyDecimals(question.notional, rate), ROUNDING.places, ROUNDING.direction),
    currency: symbol.includes('BUSD') ? 'BUSD' : 'USDT',
    rate,
    rounding: ROUNDING,
    asOf: table.asOf,
    source: table.source,
    confidence: table.confidence,
  });
}

function rateOn(symbol: string, date: string): { rate: string; table: LiquidationFeeTable } | null {
  for (const table of TABLES.toReversed()) {
    if (table.asOf > date) continue;
    for (const [rate, symbols] of Object.entries(table.symbolsByRate)) {
      if (symbols.includes(symbol)) return { rate, table };
    }
  }
  return null;
}
