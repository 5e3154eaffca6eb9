/** Combined commodities of a .pa2 file: tiers, charges, rates and groups, collected record by record. */
import type {
  DeltaSpread,
  SpanCommodity,
  SpanRate,
  SpanTier,
  SpotRate,
  SpreadLeg,
  WeightedRiskMethod,
} from '../parameter-set.ts';
import type { ProductHome } from './pa2-contracts.ts';
import type { Pa2Line } from './pa2-line.ts';

/** Rate classes of a .pa2 file by rate id: maintenance of member, hedger, speculator, then initial. */
export const PA2_CLASSES = [
  { rateId: 1, accountType: 'H', isMaintenance: true },
  { rateId: 2, accountType: 'M', isMaintenance: true },
  { rateId: 3, accountType: 'S', isMaintenance: true },
  { rateId: 4, accountType: 'H', isMaintenance: false },
  { rateId: 5, accountType: 'M', isMaintenance: false },
  { rateId: 6, accountType: 'S', isMaintenance: false },
] as const;

const PRODUCTS_A_RECORD = 6;
const LEGS_A_RECORD = 8;
const GROUP_MEMBERS = 10;

/** One commodity while its records are read. */
interface Draft {
  readonly code: string;
  readonly place: number;
  exchange: string;
  currency: string;
  riskScale: number;
  optionValueCapped: boolean;
  weightedRiskMethod: WeightedRiskMethod;
  shortOptionRate: number;
  adjustments: { member: number; hedger: number; speculator: number };
  initial: { member: number; hedger: number; speculator: number };
  spots: { period: string; spread: number; outright: number; place: number }[];
  readonly scanTiers: SpanTier[];
  readonly intraTiers: SpanTier[];
  readonly interTiers: SpanTier[];
  readonly somTiers: { readonly tier: SpanTier; readonly rate: number }[];
  readonly calendars: {
    readonly priority: number;
    readonly rate: number;
    readonly legs: readonly Omit<SpreadLeg, 'commodity'>[];
    readonly place: number;
  }[];
}

/** Collects records 2, 3, 4, 5, C and S. */
export class Pa2Commodities {
  readonly #drafts: Draft[] = [];
  readonly #byCode = new Map<string, number>();
  readonly #homes = new Map<string, ProductHome>();
  readonly #groups = new Map<string, string>();

  /** Index of a commodity, made when it is first named. */
  indexOf(code: string, place: number): number {
    const known = this.#byCode.get(code);
    if (known !== undefined) return known;
    this.#byCode.set(code, this.#drafts.length);
    return this.#drafts.push(newDraft(code, place)) - 1;
  }

  /** Index of a commodity some record has described; null for one that is only named. */
  known(code: string): number | null {
    return this.#byCode.get(code) ?? null;
  }

  /** Where a product is margined; null where no record 2 lists it. */
  homeOf(exchange: string, product: string, type: string): ProductHome | null {
    return this.#homes.get(`${exchange}:${product}:${type}`) ?? null;
  }

  /** Gives a product that no record lists a commodity of its own. */
  addAlone(exchange: string, product: string, currency: string): ProductHome {
    const commodity = this.indexOf(product, 0);
    const draft = this.#drafts[commodity];
    if (draft !== undefined && draft.exchange === '') {
      draft.exchange = exchange;
      draft.currency = currency;
    }
    return { commodity, premiumStyle: true, arrayScale: 1, amountScale: 1 };
  }

  /** Record 2: the commodity, its currency and its products. */
  readCommodity(line: Pa2Line): void {
    const commodity = this.indexOf(line.text('combinedCommodityCode'), line.place);
    const draft = this.#drafts[commodity];
    if (draft === undefined) return;
    draft.exchange = line.text('exchangeAcronym');
    draft.currency = line.text('pbCurrencyISO');
    draft.riskScale = 10 ** line.number('riskExponent');
    draft.optionValueCapped = line.text('limitOptionValueFlag') === 'Y';
    const premiumStyle = line.text('optionMarginStyle') !== 'F';
    for (let p = 1; p <= PRODUCTS_A_RECORD; p++) {
      const product = line.text(`product${p}Code`);
      if (product === '') continue;
      const places = line.number(`product${p}RaDecimalLocator`);
      const sign = line.text(`product${p}RaDecimalSign`) === '-' ? -1 : 1;
      const amountScale = draft.riskScale;
      this.#homes.set(`${draft.exchange}:${product}:${line.text(`product${p}Type`)}`, {
        commodity,
        premiumStyle,
        amountScale,
        arrayScale: amountScale / 10 ** (places * sign),
      });
    }
  }

  /** Record 3: calendar tiers and initial to maintenance ratios. */
  readTiers(line: Pa2Line): void {
    const draft = this.#named(line);
    for (let t = 1; t <= 4; t++) {
      const number = line.number(`tier${t}Number`);
      if (number === 0) continue;
      draft.intraTiers.push(tier(line, number, `tier${t}`, 'Month'));
    }
    draft.initial = {
      member: line.number('initMaintRatioMember') || draft.initial.member,
      hedger: line.number('initMaintRatioHedger') || draft.initial.hedger,
      speculator: line.number('initMaintRatioSpec') || draft.initial.speculator,
    };
  }

  /** Record 4: delivery charge and short option minimum. Returns what of it is not modelled, or null. */
  readSpot(line: Pa2Line): string | null {
    const draft = this.#named(line);
    draft.shortOptionRate = line.number('shortOptionMinRate');
    draft.adjustments = {
      member: line.number('riskMaintAdjMember') / 100 || 1,
      hedger: line.number('riskMaintAdjHedger') / 100 || 1,
      speculator: line.number('riskMaintAdjSpec') / 100 || 1,
    };
    const method = line.text('spotMethod');
    if (method !== '10') {
      const none = ['', '0', '00', '01', '1'].includes(method);
      return none ? null : `delivery charge method ${method} of ${draft.code}`;
    }
    const block = line.text('spotBlock').padEnd(46);
    // 2 digits: number of months; then for each: 2 number, 6 month, 7 rate per delta used, 7 per delta left.
    for (let m = 0; m < Math.min(2, Number(block.slice(0, 2)) || 0); m++) {
      const part = block.slice(2 + 22 * m, 24 + 22 * m);
      if (!/^\d{22}$/.test(part)) {
        line.reject('spotBlock', 'two digits, a month and two rates of seven digits for each month');
        return null;
      }
      draft.spots.push({
        period: part.slice(2, 8),
        spread: Number(part.slice(8, 15)),
        outright: Number(part.slice(15, 22)),
        place: line.place,
      });
    }
    return null;
  }

  /** Record 5: a group of commodities that share option value. */
  readGroup(line: Pa2Line): void {
    const group = line.text('combinedCommodityGroupCode');
    for (let c = 1; c <= GROUP_MEMBERS; c++) {
      const code = line.text(`combinedCommodity${c}`);
      if (code !== '') this.#groups.set(code, group);
    }
  }

  /** Record C: a calendar spread between tiers. */
  readCalendar(line: Pa2Line): void {
    const draft = this.#named(line);
    const legs: Omit<SpreadLeg, 'commodity'>[] = [];
    const count = Math.min(LEGS_A_RECORD, line.number('nLegs'));
    for (let l = 1; l <= count; l++) {
      const side = line.text(`leg${l}Side`);
      if (side !== 'A' && side !== 'B') line.reject(`leg${l}Side`, 'A or B');
      const ratio = line.number(`leg${l}DeltaRatio`);
      if (ratio === 0) line.reject(`leg${l}DeltaRatio`, 'a positive ratio');
      const number = line.number(`leg${l}Tier`);
      legs.push({ tier: number, period: null, ratio, side: side === 'B' ? 'B' : 'A', rates: [] });
    }
    if (legs.length < 2) line.reject('nLegs', 'two to eight legs');
    const rate = line.number('chargeRate');
    draft.calendars.push({ priority: line.number('priority'), rate, legs, place: line.place });
  }

  /** Record S: scanning, inter-commodity and short option tiers, and the weighted risk method. */
  readScanTiers(line: Pa2Line): void {
    const draft = this.#named(line);
    const method = line.text('method');
    const weighted = line.text('wfprMethod');
    if (weighted === '2') draft.weightedRiskMethod = 'capped';
    if (weighted === '3') draft.weightedRiskMethod = 'scan-range';
    for (let t = 1; t <= Math.min(5, line.number('nTiers')); t++) {
      const read = tier(line, line.number(`tier${t}`), `tier${t}`, '');
      if (['10', '21', '22'].includes(method)) draft.scanTiers.push(read);
      if (['20', '21', '23'].includes(method)) draft.interTiers.push(read);
      if (method === '30') draft.somTiers.push({ tier: read, rate: line.number(`tier${t}SomRate`) });
    }
  }

  /** The finished commodities. `nameOf` finds a name for a code. */
  finish(nameOf: (exchange: string, code: string) => string): readonly SpanCommodity[] {
    return this.#drafts.map((draft, index): SpanCommodity => {
      const { code, exchange, riskScale } = draft;
      const amount = (value: number): readonly SpanRate[] => [{ rateId: 1, value: value * riskScale }];
      return {
        code,
        exchange,
        name: nameOf(exchange, code),
        currency: draft.currency,
        group: this.#groups.get(code) ?? exchange,
        optionValueCapped: draft.optionValueCapped,
        weightedRiskMethod: draft.weightedRiskMethod,
        // The meaning of the method digit is not documented; the gross count is never below the other.
        shortOptionMethod: 'gross',
        shortOptionRates: amount(draft.shortOptionRate),
        scanTiers: draft.scanTiers,
        intraTiers: draft.intraTiers,
        interTiers: draft.interTiers,
        shortOptionTiers: draft.somTiers.map(({ tier: t, rate }) => ({ ...t, rates: amount(rate) })),
        calendarSpreads: draft.calendars.map(
          ({ priority, rate, legs, place }): DeltaSpread => ({
            kind: 'delta',
            priority,
            charge: 'flat',
            rates: amount(rate),
            perSpreadRates: [],
            legs: legs.map((leg) => ({ ...leg, commodity: index })),
            place,
            assumption: null,
          }),
        ),
        spotRates: draft.spots.map(
          ({ period, spread, outright, place }): SpotRate => ({
            period,
            spreadRates: amount(spread),
            outrightRates: amount(outright),
            place,
          }),
        ),
        adjustments: adjustmentsOf(draft),
        place: draft.place,
      };
    });
  }

  #named(line: Pa2Line): Draft {
    const code = line.text('combinedCommodityCode');
    const draft = this.#drafts[this.indexOf(code, line.place)];
    return draft ?? newDraft(code, line.place);
  }
}

function adjustmentsOf(draft: Draft): SpanCommodity['adjustments'] {
  const { adjustments, initial } = draft;
  const factors = [
    adjustments.hedger,
    adjustments.member,
    adjustments.speculator,
    adjustments.hedger * initial.hedger,
    adjustments.member * initial.member,
    adjustments.speculator * initial.speculator,
  ];
  return PA2_CLASSES.map(({ rateId }, i) => ({ rateId, baseRateId: rateId, factor: factors[i] ?? 1 }));
}

function tier(line: Pa2Line, number: number, name: string, suffix: string): SpanTier {
  const end = (which: 'Start' | 'End'): string => {
    const month = line.text(`${name}${which}${suffix}`);
    const day = line.text(`${name}${which}Day`);
    return Number(month) === 0 ? '' : Number(day) === 0 ? month : month + day;
  };
  return { number, startPeriod: end('Start'), endPeriod: end('End'), rates: [] };
}

function newDraft(code: string, place: number): Draft {
  return {
    code,
    place,
    exchange: '',
    currency: 'USD',
    riskScale: 1,
    optionValueCapped: false,
    weightedRiskMethod: 'normal',
    shortOptionRate: 0,
    adjustments: { member: 1, hedger: 1, speculator: 1 },
    initial: { member: 1, hedger: 1, speculator: 1 },
    spots: [],
    scanTiers: [],
    intraTiers: [],
    interTiers: [],
    somTiers: [],
    calendars: [],
  };
}
