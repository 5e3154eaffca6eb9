/** Contracts of a .pa2 file: product records, array parameters, and risk arrays in two halves. */
import type { ParameterDraft } from '../parameter-draft.ts';
import { SCENARIO_COUNT, type SpanContract } from '../parameter-set.ts';
import type { Pa2Line } from './pa2-line.ts';
import { decodePrice } from './pa2-price.ts';

const FIRST_HALF = 9;

interface Product {
  readonly settlementDecimals: number;
  readonly strikeDecimals: number;
  readonly settlementAlign: string;
  readonly strikeAlign: string;
  readonly multiplier: number;
  readonly currency: string;
  readonly name: string;
}

interface ArrayParameters {
  readonly priceScan: number;
  readonly deltaScaling: number;
  readonly multiplier: number;
}

interface ArrayHalves {
  readonly exchange: string;
  readonly product: string;
  readonly type: string;
  readonly right: string;
  readonly futurePeriod: string;
  readonly optionPeriod: string;
  readonly strikeDigits: number;
  readonly place: number;
  readonly losses: Float64Array;
  firstHalf: boolean;
  second: {
    readonly compositeDelta: number;
    readonly settlement: number;
    readonly settlementNegative: boolean;
    readonly strikeNegative: boolean;
  } | null;
}

/** Where a product is margined, as record 2 says. */
export interface ProductHome {
  readonly commodity: number;
  readonly premiumStyle: boolean;
  /** Factor from file values to currency: risk exponent and the decimals of the product's arrays. */
  readonly arrayScale: number;
  readonly amountScale: number;
}

/** The extreme move and cover of the first array parameters of the file. */
export interface ExtremeMove {
  readonly multiple: number;
  readonly cover: number;
}

/** Collects contract records until the whole file is read, because a product may be described after its arrays. */
export class Pa2Contracts {
  extreme: ExtremeMove | null = null;
  readonly #products = new Map<string, Product>();
  readonly #parameters = new Map<string, ArrayParameters>();
  readonly #arrays = new Map<string, ArrayHalves>();

  /** Record P. */
  readProduct(line: Pa2Line): void {
    const key = `${line.text('exchange')}:${line.text('product')}:${line.text('productType')}`;
    this.#products.set(key, {
      settlementDecimals: line.number('settlDecimalLocator'),
      strikeDecimals: line.number('strikeDecimalLocator'),
      settlementAlign: line.text('settlAlign'),
      strikeAlign: line.text('strikeAlign'),
      multiplier: line.number('cvf') * exponent(line, 'cvfExp', 'cvfSign'),
      currency: line.text('settlCurISO'),
      name: line.text('longName'),
    });
  }

  /** Record B. */
  readParameters(line: Pa2Line): void {
    const multiple = line.number('extremeMoveMult');
    const cover = line.number('extremeMoveCover');
    if (this.extreme === null && multiple > 0 && cover > 0) this.extreme = { multiple, cover };
    const key = [
      line.text('exchange'),
      line.text('product'),
      line.text('productType'),
      period(line, 'futMonth', 'futDay'),
      period(line, 'optMonth', 'optDay'),
    ].join(':');
    this.#parameters.set(key, {
      priceScan: line.number('futPriceScanRange') * exponent(line, 'psrExp', 'psrSign'),
      deltaScaling: line.number('deltaScaling'),
      multiplier: line.number('cvfOrSwapValueFactor'),
    });
  }

  /** Records 81 and 83: scenarios 1 to 9. */
  readFirstHalf(line: Pa2Line): void {
    const array = this.#array(line);
    for (let s = 0; s < FIRST_HALF; s++) array.losses[s] = line.signed(`ra${s + 1}`);
    array.firstHalf = true;
  }

  /** Records 82 and 84: scenarios 10 to 16, composite delta, settlement price. */
  readSecondHalf(line: Pa2Line): void {
    const array = this.#array(line);
    for (let s = FIRST_HALF; s < SCENARIO_COUNT; s++) array.losses[s] = line.signed(`ra${s + 1}`);
    array.second = {
      compositeDelta: line.signed('compositeDelta'),
      settlement: line.number('settlementPrice'),
      settlementNegative: line.text('settlementSign') === '-',
      strikeNegative: line.text('strikeSign') === '-',
    };
  }

  /** Currency and name the product record gives; null without one. */
  productFacts(exchange: string, product: string): { currency: string; name: string } | null {
    for (const type of ['FUT', 'PHY', 'OOF', 'OOP', 'CMB', 'OOC']) {
      const found = this.#products.get(`${exchange}:${product}:${type}`);
      if (found !== undefined) return { currency: found.currency, name: found.name };
    }
    return null;
  }

  /**
   * Adds every contract to the draft; one whose array has only a half is listed without it, as a problem.
   *
   * @param homeOf - the commodity a product is margined in
   */
  addTo(
    draft: ParameterDraft,
    homeOf: (exchange: string, product: string, type: string) => ProductHome,
  ): ReturnType<ParameterDraft['addContract']> | null {
    for (const array of this.#arrays.values()) {
      const home = homeOf(array.exchange, array.product, array.type);
      const losses = array.losses.map((loss) => loss * home.arrayScale);
      const contract = this.#contract(draft, array, home);
      if (!contract.hasArray) {
        const missing = array.firstHalf ? 'scenarios 10 to 16' : 'scenarios 1 to 9';
        draft.addProblem(array.place, `${contract.id}: no record with ${missing}`);
      }
      const added = draft.addContract(contract, contract.hasArray ? losses : null);
      if (!added.ok) return added;
    }
    return null;
  }

  #array(line: Pa2Line): ArrayHalves {
    const facts = {
      exchange: line.text('exchange'),
      product: line.text('product'),
      type: line.text('productType'),
      right: line.text('optionRight'),
      futurePeriod: period(line, 'futMonth', 'futDay'),
      optionPeriod: period(line, 'optMonth', 'optDay'),
      strikeDigits: line.number('strike'),
    };
    const key = `${Object.values(facts).join(':')}`;
    const known = this.#arrays.get(key);
    if (known !== undefined) return known;
    const losses = new Float64Array(SCENARIO_COUNT);
    const made: ArrayHalves = { ...facts, losses, place: line.place, firstHalf: false, second: null };
    this.#arrays.set(key, made);
    return made;
  }

  #contract(draft: ParameterDraft, array: ArrayHalves, home: ProductHome): SpanContract {
    const { exchange, product, type, right, second, place } = array;
    const facts = this.#products.get(`${exchange}:${product}:${type}`);
    const own = `${exchange}:${product}:${type}:${array.futurePeriod}:${array.optionPeriod}`;
    const parameters = this.#parameters.get(own) ?? this.#parameters.get(own.replace(/:[^:]*$/, ':'));
    const isOption = right === 'C' || right === 'P';
    const strike = decodePrice(array.strikeDigits, facts?.strikeDecimals ?? 0, facts?.strikeAlign ?? '');
    const settlement =
      second === null || facts === undefined
        ? null
        : decodePrice(second.settlement, facts.settlementDecimals, facts.settlementAlign);
    if (isOption && strike === null) draft.addProblem(place, `${own}: strike has an illegal last digit`);
    if (second !== null && facts !== undefined && settlement === null) {
      draft.addProblem(place, `${own}: settlement price has an illegal last digit`);
    }
    const signedStrike = (strike ?? 0) * (second?.strikeNegative === true ? -1 : 1);
    const tail = isOption ? `:${array.optionPeriod}:${right}:${signedStrike}` : '';
    return {
      id: `${exchange}:${product}:${type}:${array.futurePeriod}${tail}`,
      exchange,
      product,
      type,
      commodity: home.commodity,
      period: array.futurePeriod || array.optionPeriod,
      option: isOption
        ? {
            right: right === 'C' ? 'call' : 'put',
            strike: signedStrike,
            period: array.optionPeriod,
            premiumStyle: home.premiumStyle,
          }
        : null,
      price: settlement === null ? null : second?.settlementNegative === true ? -settlement : settlement,
      multiplier: facts?.multiplier || parameters?.multiplier || 1,
      deltaScaling: parameters?.deltaScaling || 1,
      compositeDelta: second?.compositeDelta ?? 0,
      hasArray: array.firstHalf && second !== null,
      priceScan: parameters === undefined ? null : parameters.priceScan * home.amountScale,
      place,
    };
  }
}

/** Month with its day where it has one ('00' means none). */
function period(line: Pa2Line, month: string, day: string): string {
  const days = line.text(day);
  const months = line.text(month);
  return months === '' || Number(months) === 0 ? '' : days === '' || days === '00' ? months : months + days;
}

function exponent(line: Pa2Line, name: string, sign: string): number {
  return 10 ** (line.number(name) * (line.text(sign) === '-' ? -1 : 1));
}
