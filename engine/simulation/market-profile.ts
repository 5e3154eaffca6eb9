/** What the agents of one contract are like: rates, sizes and distances. */

import type { MakerTerms } from './agents/market-maker.ts';
import type { LiquidityBand } from './agents/passive-liquidity.ts';
import type { BlockTerms, CrowdTerms, MomentumTerms } from './agents/takers.ts';
import type { SizeTable } from './draws.ts';
import type { ImpactTerms } from './fair-value.ts';
import type { LatentTerms } from './latent-value.ts';
import type { SimulatedFunding } from './mark-desk.ts';

/** Everything about one contract that is chosen rather than computed. Prices in ticks, sizes in lots. */
export interface MarketProfile {
  /** Symbol of the listed contract. */
  readonly symbol: string;
  readonly latent: LatentTerms;
  readonly impact: ImpactTerms;
  readonly maker: MakerTerms;
  readonly bands: readonly LiquidityBand[];
  readonly restingSizes: SizeTable;
  /** Share of the resting orders that get out of the way of a move of the fair value; the rest is taken. */
  readonly pullShare: number;
  /** How much faster resting orders move after a move of the quotes by the maker's patience, and per lot traded. */
  readonly excitementByMove: number;
  readonly excitementPerLot: number;
  readonly crowd: CrowdTerms;
  readonly momentum: MomentumTerms;
  readonly block: BlockTerms;
  /** Null for contracts without funding. */
  readonly funding: SimulatedFunding | null;
}
