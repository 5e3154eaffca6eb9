/** Reads an XML SPAN file (.spn) in chunks of text into a parameter set. */
import { fail, type Result } from '../../../core/result.ts';
import { ParameterDraft } from '../parameter-draft.ts';
import type { CommoditySpread, SpanClass, SpanParameterSet, SpanScenario } from '../parameter-set.ts';
import { STANDARD_DELTA_POINTS, standardScenarios } from '../scenarios.ts';
import {
  buildCommodity,
  type CommodityDefinition,
  readCommoditySpreads,
  readDefinition,
} from './spn-commodity.ts';
import { FAMILIES, PLAIN_CONTRACTS, SpnContracts } from './spn-contracts.ts';
import { reasonNotModelled } from './spn-elements.ts';
import { type SpnNode, SpnValues } from './spn-node.ts';
import { XmlTokenizer } from './xml-tokenizer.ts';

/** Elements whose children are read one after the other, so that no large tree is ever held. */
const STREAMED: ReadonlySet<string> = new Set([
  'spanFile',
  'definitions',
  'pointInTime',
  'clearingOrg',
  'exchange',
  'series',
  ...FAMILIES.keys(),
]);

/** An element being streamed: what stands in it before its contracts. */
interface Streamed {
  readonly head: SpnNode;
  opened: boolean;
}

/**
 * Incremental reader: `push` text (Latin-1) in file order, then `end`. After a failure every further call answers the same
 * failure, and no set is made: whatever was loaded before stays as it is.
 *
 * Fails: `span/parameters-malformed` with the character position, the path, what was expected and what was found;
 * `span/limit-exceeded`.
 */
export class SpnReader {
  readonly #source: string;
  readonly #values = new SpnValues();
  readonly #draft = new ParameterDraft();
  readonly #contracts: SpnContracts = new SpnContracts(this.#values, this.#draft);
  readonly #tokenizer: XmlTokenizer = new XmlTokenizer(this);
  readonly #streamed: Streamed[] = [];
  readonly #building: SpnNode[] = [];
  readonly #definitions: CommodityDefinition[] = [];
  readonly #currencies: { code: string; decimals: number }[] = [];
  readonly #conversions: { from: string; to: string; factor: number }[] = [];
  readonly #classes: SpanClass[] = [];
  readonly #spreads: { inter: SpnNode[]; super: SpnNode[] } = { inter: [], super: [] };
  readonly #notModelled = new Map<string, Set<string>>();
  #scenarios: readonly SpanScenario[] | null = null;
  #deltaPoints = STANDARD_DELTA_POINTS;
  #date = '';
  #isSettlement = false;
  #organization = '';
  #organizations = 0;

  /** @param source - where the file came from, for people */
  constructor(source: string) {
    this.#source = source;
  }

  /** Characters read so far, for progress. */
  get characters(): number {
    return this.#tokenizer.position;
  }

  /** Reads on. */
  push(text: string): Result<null> {
    return this.#tokenizer.push(text);
  }

  /** The set, once the whole file was pushed. */
  end(): Result<SpanParameterSet> {
    const ended = this.#tokenizer.end();
    if (!ended.ok) return ended;
    if (this.#date === '')
      return this.#tokenizer.reject('expected <spanFile> with a <pointInTime>, found none');
    const set = this.#finish();
    const { problem } = this.#values;
    if (problem === null) return set;
    const { place, message } = problem;
    return fail('span/parameters-malformed', `character ${place}: ${message}`, { position: place });
  }

  /** Told by the tokenizer. */
  open(name: string): void {
    if (this.#building.length === 0 && STREAMED.has(name)) {
      this.#openHeads();
      this.#streamed.push({ head: this.#node(name, '', true), opened: false });
      return;
    }
    const node = this.#node(name, '', true);
    this.#building.at(-1)?.children.push(node);
    this.#building.push(node);
  }

  /** Told by the tokenizer. */
  leaf(name: string, text: string): void {
    const parent = this.#building.at(-1);
    if (parent === undefined) {
      const within = this.#streamed.at(-1);
      if (within === undefined) this.#wrongRoot(name);
      within?.head.children.push(this.#node(name, text, false));
    } else if (name === 'a' && parent.values !== null) {
      parent.values.push(this.#values.parse(text, name, this.#tokenizer.position));
    } else parent.children.push(this.#node(name, text, false));
  }

  /** Told by the tokenizer. */
  close(name: string): void {
    const node = this.#building.pop();
    if (node === undefined) {
      this.#openHeads();
      this.#closeStreamed(name);
    } else if (this.#building.length === 0) {
      this.#unit(node);
    }
    this.#check();
  }

  #node(name: string, text: string, hasChildren: boolean): SpnNode {
    const values = name === 'ra' ? [] : null;
    return { name, text, children: hasChildren ? [] : NO_CHILDREN, values, place: this.#tokenizer.position };
  }

  #check(): void {
    const { problem } = this.#values;
    if (problem !== null) this.#tokenizer.reject(problem.message);
  }

  #wrongRoot(name: string): void {
    this.#tokenizer.reject(`expected <spanFile>, found <${name}>`);
  }

  /** A finished tree inside a streamed element. */
  #unit(node: SpnNode): void {
    const within = this.#streamed.at(-1);
    if (within === undefined) {
      this.#wrongRoot(node.name);
      return;
    }
    const reason = reasonNotModelled(node.name);
    if (reason !== null) {
      this.#notModelled.set(reason, (this.#notModelled.get(reason) ?? new Set()).add(node.name));
      return;
    }
    if (PLAIN_CONTRACTS.has(node.name)) this.#contract(node, false);
    else if (node.name === 'opt') this.#contract(node, true);
    else if (within.head.name === 'clearingOrg' || within.head.name === 'definitions') this.#parameter(node);
    else within.head.children.push(node);
  }

  #contract(node: SpnNode, isOption: boolean): void {
    this.#openHeads();
    const added = isOption ? this.#contracts.addOption(node) : this.#contracts.addPlain(node);
    if (!added.ok) this.#tokenizer.reject(added.failure.message);
  }

  /** Tells families and series what stands before their first contract. */
  #openHeads(): void {
    const within = this.#streamed.at(-1);
    if (within === undefined || within.opened) return;
    within.opened = true;
    const { head } = within;
    const type = FAMILIES.get(head.name);
    if (type !== undefined) this.#contracts.openFamily(type, this.#exchange(), head);
    else if (head.name === 'series') this.#contracts.openSeries(head);
    else if (head.name === 'pointInTime') this.#readPoint(head);
    else if (head.name === 'clearingOrg') {
      this.#organization = this.#values.text(head, 'ec');
      if (++this.#organizations > 1) this.#tokenizer.reject('expected one clearing organization a file');
    }
  }

  #exchange(): string {
    const exchange = this.#streamed.findLast((s) => s.head.name === 'exchange');
    return exchange === undefined ? '' : this.#values.text(exchange.head, 'exch');
  }

  #readPoint(head: SpnNode): void {
    const text = this.#values.text(head, 'date');
    const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? [];
    if (day === undefined) this.#values.reject(head.place, `expected a date in <date>, found "${text}"`);
    else if (this.#date !== '') this.#values.reject(head.place, 'expected one <pointInTime> a file');
    else this.#date = `${year}-${month}-${day}`;
    this.#isSettlement = this.#values.flag(head, 'isSetl');
  }

  #closeStreamed(name: string): void {
    const within = this.#streamed.pop();
    if (this.#streamed.length === 0 && name !== 'spanFile') this.#wrongRoot(name);
    if (within?.head.name === 'clearingOrg') {
      for (const child of within.head.children) {
        const reason = reasonNotModelled(child.name);
        if (reason !== null) {
          this.#notModelled.set(reason, (this.#notModelled.get(reason) ?? new Set()).add(child.name));
        }
      }
    }
  }

  /** One child of `definitions` or `clearingOrg`. */
  #parameter(node: SpnNode): void {
    const values = this.#values;
    switch (node.name) {
      case 'currencyDef':
        this.#currencies.push({
          code: values.text(node, 'currency'),
          decimals: Math.min(8, Math.max(0, values.number(node, 'decimalPos') ?? 0)),
        });
        break;
      case 'curConv':
        this.#conversions.push({
          from: values.text(node, 'fromCur'),
          to: values.text(node, 'toCur'),
          factor: values.required(node, 'factor'),
        });
        break;
      case 'pbRateDef':
        this.#classes.push({
          rateId: values.required(node, 'r'),
          isCustomer: values.flag(node, 'isCust'),
          accountType: values.text(node, 'acctType'),
          isMaintenance: values.flag(node, 'isM'),
          tier: values.text(node, 'pbc'),
        });
        break;
      case 'pointDef':
        this.#readScenarios(node);
        break;
      case 'ccDef':
        this.#definitions.push(readDefinition(values, node));
        this.#noteParts(node);
        break;
      case 'interSpreads':
        this.#spreads.inter.push(node);
        break;
      case 'superSpreads':
        this.#spreads.super.push(node);
        break;
    }
  }

  /** Parts of a commodity that carry figures nobody uses here. */
  #noteParts(node: SpnNode): void {
    for (const child of node.children) {
      const reason = child.children.length > 0 ? reasonNotModelled(child.name) : null;
      if (reason === null) continue;
      this.#notModelled.set(reason, (this.#notModelled.get(reason) ?? new Set()).add(child.name));
    }
  }

  #readScenarios(node: SpnNode): void {
    const values = this.#values;
    const move = (parent: SpnNode, name: string): number => {
      const found = values.child(parent, name);
      if (found === null) return 0;
      return (
        (values.required(found, 'mult') * (values.number(found, 'numerator') ?? 1)) /
        (values.number(found, 'denominator') || 1)
      );
    };
    const points = values.all(node, 'scanPointDef');
    if (points.length !== 16) {
      values.reject(node.place, `expected 16 <scanPointDef>, found ${points.length}`);
    }
    this.#scenarios ??= points.map((point, i) => ({
      priceMove: move(point, 'priceScanDef'),
      volatilityMove: move(point, 'volScanDef'),
      cover: values.required(point, 'weight'),
      paired: Math.min(15, Math.max(0, (values.number(point, 'pairedPoint') ?? i + 1) - 1)),
    }));
    const deltas = values.all(node, 'deltaPointDef');
    if (deltas.length > 0) {
      this.#deltaPoints = deltas.map((point) => ({
        priceMove: move(point, 'priceScanDef'),
        weight: values.required(point, 'weight'),
      }));
    }
  }

  #finish(): Result<SpanParameterSet> {
    const values = this.#values;
    const draft = this.#draft;
    const codes = new Map(this.#definitions.map((d, i) => [values.text(d.node, 'cc'), i]));
    const find = (code: string): number | null => codes.get(code) ?? null;
    const note = (place: number, message: string): void => draft.addProblem(place, message);
    const homes = new Map(
      this.#definitions.flatMap(({ links }, commodity) =>
        links.map(({ key, deltaScaling }) => [key, { commodity, deltaScaling }] as const),
      ),
    );
    const { families } = this.#contracts;
    draft.settleContracts((family) => homes.get(families[family]?.key ?? '') ?? null);
    const commodities = this.#definitions.map((definition) => {
      const family = families.find((f) => definition.links.some((link) => link.key === f.key));
      return buildCommodity(values, definition, family?.exchange ?? this.#organization, find, note);
    });
    const spreads = (nodes: readonly SpnNode[]): readonly CommoditySpread[] =>
      nodes.flatMap((node) => readCommoditySpreads(values, node, find, note));
    const settled = this.#isSettlement ? ' settlement' : '';
    return draft.finish(
      {
        id: `${this.#organization} ${this.#date}${settled}`,
        date: this.#date,
        format: 'spn',
        source: this.#source,
        scenarios: this.#scenarios ?? standardScenarios(3, 0.33),
        deltaPoints: this.#deltaPoints,
        currencies: this.#currencies,
        conversions: this.#conversions,
        classes: this.#classes.length > 0 ? this.#classes : [ONLY_CLASS],
        notModelled: [...this.#notModelled].map(([reason, names]) => `${reason} (${[...names].join(', ')})`),
      },
      commodities,
      spreads(this.#spreads.super),
      spreads(this.#spreads.inter),
    );
  }
}

const NO_CHILDREN: SpnNode[] = [];

/** For a file that defines no classes: its rates are those of class 1. */
const ONLY_CLASS: SpanClass = {
  rateId: 1,
  isCustomer: true,
  accountType: 'H',
  isMaintenance: true,
  tier: 'CORE',
};
