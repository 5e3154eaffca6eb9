/** Contracts of a .spn file: families, series and their risk arrays, in the order in which they stream by. */
import type { Result } from '../../../core/result.ts';
import type { ParameterDraft } from '../parameter-draft.ts';
import { SCENARIO_COUNT, type SpanContract } from '../parameter-set.ts';
import type { SpnNode, SpnValues } from './spn-node.ts';

/** Element of a product family → word for its contracts in ids. */
export const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['phyPf', 'PHY'],
  ['debtPf', 'DEBT'],
  ['equityPf', 'EQTY'],
  ['futPf', 'FUT'],
  ['fwdPf', 'FWD'],
  ['cmbPf', 'CMB'],
  ['oopPf', 'OOP'],
  ['oofPf', 'OOF'],
  ['ooePf', 'OOE'],
  ['oocPf', 'OOC'],
]);

/** Elements that are contracts without being options. */
export const PLAIN_CONTRACTS: ReadonlySet<string> = new Set(['phy', 'debt', 'equity', 'fut', 'fwd', 'cmb']);

interface Family {
  readonly key: string;
  readonly exchange: string;
  readonly product: string;
  readonly type: string;
  readonly multiplier: number;
  readonly premiumStyle: boolean;
}

interface Series {
  readonly optionPeriod: string;
  readonly netPeriod: string;
  readonly multiplier: number | null;
  readonly deltaScaling: number;
}

/** What a contract has besides its array, price and family. */
interface ContractFacts {
  /** End of its id. */
  readonly tail: string;
  readonly period: string;
  readonly option: SpanContract['option'];
  readonly multiplier: number | null;
  readonly deltaScaling: number;
  readonly priceScan: number | null;
}

/** Turns contract trees into contracts of a draft. Their commodities are found later: until then they count families. */
export class SpnContracts {
  /** `exchange:pfId` of each family, in order. */
  readonly families: Family[] = [];
  readonly #values: SpnValues;
  readonly #draft: ParameterDraft;
  /** Period of each contract that an option may stand on. */
  readonly #periods = new Map<string, string>();
  #series: Series | null = null;

  constructor(values: SpnValues, draft: ParameterDraft) {
    this.#values = values;
    this.#draft = draft;
  }

  /** A family begins: its own values, as far as they stand before its contracts. */
  openFamily(type: string, exchange: string, head: SpnNode): void {
    const values = this.#values;
    this.#series = null;
    this.families.push({
      key: `${exchange}:${values.text(head, 'pfId')}`,
      exchange,
      product: values.text(head, 'pfCode'),
      type,
      multiplier: values.number(head, 'cvf') ?? 1,
      premiumStyle: values.text(head, 'valueMeth') !== 'FUT',
    });
  }

  /** A series of options begins: its own values. */
  openSeries(head: SpnNode): void {
    const values = this.#values;
    const optionPeriod = values.text(head, 'pe');
    const under = values.child(head, 'undC');
    const key = under === null ? '' : this.#key(under);
    this.#series = {
      optionPeriod,
      netPeriod: this.#periods.get(key) || optionPeriod,
      multiplier: values.number(head, 'cvf'),
      deltaScaling: values.number(head, 'sc') ?? 1,
    };
  }

  /** A future, physical or other contract that is no option. */
  addPlain(node: SpnNode): Result<null> {
    const values = this.#values;
    const family = this.families.at(-1);
    const period = values.text(node, 'pe');
    this.#periods.set(`${family?.key}:${values.text(node, 'cId')}`, period);
    const scan = values.child(node, 'scanRate');
    return this.#add(node, {
      tail: period,
      period,
      option: null,
      multiplier: values.number(node, 'cvf'),
      deltaScaling: values.number(node, 'sc') ?? 1,
      priceScan: scan === null ? null : values.number(scan, 'priceScan'),
    });
  }

  /** One option of the series at hand. */
  addOption(node: SpnNode): Result<null> {
    const values = this.#values;
    const family = this.families.at(-1);
    const series = this.#series ?? { optionPeriod: '', netPeriod: '', multiplier: null, deltaScaling: 1 };
    const letter = values.text(node, 'o');
    if (letter !== 'C' && letter !== 'P') {
      values.reject(node.place, `expected C or P in <o>, found "${letter}"`);
    }
    const strike = values.required(node, 'k');
    const { optionPeriod, netPeriod } = series;
    return this.#add(node, {
      tail: `${netPeriod}:${optionPeriod}:${letter}:${strike}`,
      period: netPeriod,
      option: {
        right: letter === 'P' ? 'put' : 'call',
        strike,
        period: optionPeriod,
        premiumStyle: family?.premiumStyle ?? true,
      },
      multiplier: values.number(node, 'cvf') ?? series.multiplier,
      deltaScaling: values.number(node, 'sc') ?? series.deltaScaling,
      priceScan: null,
    });
  }

  #add(node: SpnNode, facts: ContractFacts): Result<null> {
    const values = this.#values;
    const family = this.families.at(-1);
    const exchange = family?.exchange ?? '';
    const product = family?.product ?? '';
    const type = family?.type ?? '';
    const array = values.child(node, 'ra');
    const losses = array?.values ?? null;
    if (losses !== null && losses.length !== SCENARIO_COUNT) {
      values.reject(node.place, `expected ${SCENARIO_COUNT} values <a> in <ra>, found ${losses.length}`);
    }
    const id = `${exchange}:${product}:${type}:${facts.tail}`;
    if (losses === null) this.#draft.addProblem(node.place, `${id}: no risk array`);
    // Written out, not spread: a large file has hundreds of thousands of these.
    const contract: SpanContract = {
      id,
      exchange,
      product,
      type,
      commodity: this.families.length - 1,
      period: facts.period,
      option: facts.option,
      price: values.number(node, 'p'),
      multiplier: facts.multiplier ?? family?.multiplier ?? 1,
      deltaScaling: facts.deltaScaling,
      hasArray: losses !== null,
      compositeDelta: array === null ? 0 : values.required(array, 'd'),
      priceScan: facts.priceScan,
      place: node.place,
    };
    return this.#draft.addContract(contract, losses);
  }

  #key(under: SpnNode): string {
    const values = this.#values;
    return `${values.text(under, 'exch')}:${values.text(under, 'pfId')}:${values.text(under, 'cId')}`;
  }
}
