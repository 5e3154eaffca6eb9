/** A cascade scenario: plain JSON data from which a run follows, to the last unit. */
import type { PopulationParameters } from '../../risk/crowd/population-parameters.ts';
import type { AdlRuleName } from '../../venue/liquidation/adl-rules.ts';
import type { AdlPrice } from '../../venue/liquidation/deleveraging.ts';

/** One band of the maintenance schedule; `cap` null for a last one without. */
export interface ScenarioBracket {
  readonly cap: number | null;
  readonly maintenanceMarginRate: number;
  readonly maxLeverage: number | null;
}

/** The crowd of one market: open interest in currency, the rest as in {@link PopulationParameters}. */
export type ScenarioPopulation = Omit<PopulationParameters, 'seed' | 'openInterestLots' | 'markTicks'> & {
  /** Notional held long at the start, quote currency. */
  readonly openInterest: number;
};

/** The resting liquidity of the makers around their reference price. */
export interface ScenarioBook {
  /** Cumulative notional on one side within a distance of the reference price; straight between the points. */
  readonly depth: readonly { readonly distanceBps: number; readonly notional: number }[];
  readonly spacingTicks: number;
  readonly levels: number;
  readonly halfSpreadTicks: number;
}

/** How makers behave. */
export interface ScenarioMakers {
  /** Share of its full size that a level regains in a second. */
  readonly refillPerSecond: number;
  /** Share of a move of the last price, away from the index, that their reference price follows: 1 all, 0 none. */
  readonly permanentShare: number;
  /** Depth falls in a straight line to `floorShare` as the last price moves `moveBps` within the window; null: never. */
  readonly withdrawal: {
    readonly moveBps: number;
    readonly floorShare: number;
    readonly windowSeconds: number;
  } | null;
}

/** One market of a scenario. */
export interface ScenarioMarket {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly price: string;
  readonly brackets: readonly ScenarioBracket[];
  /** Clearance fee, fraction of the notional that the book takes. */
  readonly clearanceFeeRate: number;
  /** Last funding rate, with which price 1 of the mark is carried to the next instant. */
  readonly fundingRate: number;
  readonly population: ScenarioPopulation | null;
  readonly book: ScenarioBook;
  readonly makers: ScenarioMakers;
  /** Share of the gap to the last price that the index closes in a second: how much other places follow. */
  readonly indexFollowPerSecond: number;
}

/** An account given by hand. Accounts of a scenario are numbered first, then the populations. */
export interface ScenarioAccount {
  readonly name: string;
  /** Cash, currency. */
  readonly wallet: number;
  /** Asset that counts as margin at par less the haircut; cross only. */
  readonly collateral: number;
  readonly isolated: boolean;
  readonly hedge: boolean;
  readonly positions: readonly {
    readonly market: number;
    readonly side: 'long' | 'short';
    readonly sizeLots: number;
    readonly entryTicks: number;
    /** Isolated margin, currency; 0 for cross. */
    readonly margin: number;
  }[];
  readonly orders: readonly {
    readonly market: number;
    readonly side: 'buy' | 'sell';
    readonly priceTicks: number;
    readonly sizeLots: number;
  }[];
}

/** Something that happens to the market from outside. Times in seconds from the start. */
export type ScenarioShock =
  | {
      readonly kind: 'market-order';
      readonly atSeconds: number;
      readonly market: number;
      readonly side: 'buy' | 'sell';
      readonly notional: number;
      readonly overSeconds: number;
    }
  | {
      readonly kind: 'index-move';
      readonly atSeconds: number;
      readonly market: number;
      /** Of the price at the start. */
      readonly bps: number;
      readonly overSeconds: number;
    }
  | {
      readonly kind: 'maker-withdrawal';
      readonly atSeconds: number;
      readonly market: number;
      /** Share of the size that leaves. */
      readonly share: number;
      readonly forSeconds: number;
    }
  | { readonly kind: 'collateral-haircut'; readonly atSeconds: number; readonly haircut: number }
  | { readonly kind: 'funding'; readonly atSeconds: number; readonly market: number; readonly rate: number };

/** The rules of the venue. */
export interface ScenarioRules {
  /** `median` of price 1, price 2 and last; or the last price itself, to show why marks exist. */
  readonly mark: 'median' | 'last';
  readonly adlRule: AdlRuleName;
  readonly adlPrice: AdlPrice;
  /**
   * Overrides the choice of the drawn accounts; those given by hand keep theirs. Isolated: margin of notional ÷ leverage,
   * the rest of the wallet out of reach.
   */
  readonly marginMode: 'as-given' | 'isolated' | 'cross';
  readonly partialLiquidation: boolean;
  /** Null for no limit. */
  readonly liquidationsPerSecond: number | null;
  /** Halt of trading when the last price moves this far within the window; null for none. */
  readonly breaker: {
    readonly moveBps: number;
    readonly windowSeconds: number;
    readonly haltSeconds: number;
  } | null;
}

/** More margin, or a smaller position, for one account from the start. */
export interface ScenarioIntervention {
  readonly account: number;
  readonly market: number;
  readonly extraMargin: number;
  readonly cutLots: number;
}

/**
 * What can be measured of a run and of a documented event alike. Shares and falls are fractions.
 *
 * - `price-fall`: from the start to the lowest last price
 * - `liquidations-before-adl`: seconds from the first liquidation fill to the first ADL fill
 * - `adl-share`: notional deleveraged ÷ notional liquidated
 * - `longs-share`: of the notional liquidated
 * - `adl-in-profit-share`: of the ADL fills, those that realise a gain
 * - `adl-top-10-share`, `adl-top-100-share`: of the notional deleveraged, by account
 * - `open-interest-fall`, `fund-fall`: from the start to the end
 */
export const CASCADE_MEASURES = [
  'price-fall',
  'liquidations-before-adl',
  'adl-share',
  'longs-share',
  'adl-in-profit-share',
  'adl-top-10-share',
  'adl-top-100-share',
  'open-interest-fall',
  'fund-fall',
] as const;

/** One of {@link CASCADE_MEASURES}. */
export type CascadeMeasure = (typeof CASCADE_MEASURES)[number];

/** A published figure of the documented event, to stand beside ours. */
export interface PublishedFigure {
  readonly what: string;
  /** What of a run it is to be compared with; null where a run has nothing like it. */
  readonly measure: CascadeMeasure | null;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

/** A whole scenario. */
export interface CascadeScenario {
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  /** `calibrated`: synthetic, made to resemble a documented event. `teaching`: made to show one thing. */
  readonly kind: 'calibrated' | 'teaching';
  readonly about: string;
  readonly seed: number;
  /** Instant at which the run begins, µs since 1970. */
  readonly startMicros: number;
  readonly durationSeconds: number;
  readonly stepMillis: number;
  readonly markets: readonly ScenarioMarket[];
  /** True: row i of every population is one account with one wallet, so losses in one market reach the others. */
  readonly linkedAccounts: boolean;
  readonly accounts: readonly ScenarioAccount[];
  readonly fund: {
    readonly cash: number;
    /** Most notional it holds in a market, as a multiple of what it can pay. */
    readonly notionalLimit: number;
  };
  readonly rules: ScenarioRules;
  readonly shocks: readonly ScenarioShock[];
  readonly interventions: readonly ScenarioIntervention[];
  readonly published: readonly PublishedFigure[];
}
