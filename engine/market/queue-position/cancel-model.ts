/** Whose cancel was it: models that split a shrinking level between the orders ahead of ours and those behind. */
import { assert } from '../../core/assert.ts';

/** What is known about one decrease of a level that trades do not account for. */
export interface CancelEvidence {
  /** The decrease, in lots. */
  readonly cancelLots: number;
  /** Lots ahead of us before it, estimated. */
  readonly aheadLots: number;
  /** Lots behind us before it, estimated; our own are in neither. */
  readonly behindLots: number;
  /** Orders ahead that a decrease of this size may have come from, estimated. */
  readonly aheadOrdersFitting: number;
  /** The same behind us. */
  readonly behindOrdersFitting: number;
  /** The level is the best of its side. */
  readonly isBest: boolean;
}

/** A named way to split a decrease. Stateless: {@link lotsAhead} depends on the evidence alone. */
export interface CancelModel {
  readonly name: string;
  /** Expected lots of the decrease that stood ahead of us, 0..cancelLots; the caller keeps it possible. */
  lotsAhead(evidence: CancelEvidence): number;
}

/**
 * Nobody ahead ever cancels unless there are too few lots behind: the latest fill one can argue for.
 *
 * @example cancel 3 with 10 ahead and 2 behind → 1 ahead
 */
export const RISK_ADVERSE: CancelModel = {
  name: 'risk-adverse',
  lotsAhead: ({ cancelLots, behindLots }) => Math.max(0, cancelLots - behindLots),
};

/**
 * A cancel comes from ahead with probability f(ahead) ÷ (f(ahead) + f(behind)).
 *
 * Source: E. Rigtorp, "Estimating order queue position" (2013), where f is the identity or log(1 + x).
 */
function byFunction(name: string, f: (lots: number) => number): CancelModel {
  return {
    name,
    lotsAhead: ({ cancelLots, aheadLots, behindLots }) => {
      const ahead = f(aheadLots);
      const behind = f(behindLots);
      return ahead + behind === 0 ? 0 : (cancelLots * ahead) / (ahead + behind);
    },
  };
}

/** Every lot is as likely to be cancelled as any other. */
export const PRO_RATA: CancelModel = byFunction('pro-rata', (lots) => lots);

/** Probability by the logarithm of the lots on either side: less extreme than pro rata. */
export const LOGARITHMIC: CancelModel = byFunction('log', (lots) => Math.log1p(lots));

/**
 * Probability by a power of the lots on either side: the larger side gets more than its share.
 *
 * @param exponent - above 0; 1 is pro rata
 */
export function powerModel(exponent: number): CancelModel {
  assert(exponent > 0, `exponent must be above 0, found ${exponent}`);
  return byFunction(`power ${exponent}`, (lots) => lots ** exponent);
}

/** How many times as likely to be cancelled something behind us is as the same ahead of us: above 0. */
export interface YoungerWeights {
  /** At the best price, where the whole queue is young. */
  readonly atBest: number;
  /** At any other price, where queues are old and their newest orders restless. */
  readonly away: number;
}

/**
 * Who came late leaves early: every lot behind us is `weights` times as likely to be cancelled as a lot ahead.
 * Weights of 1 are pro rata, infinite ones the risk-adverse model.
 */
export function youngerFirst(weights: YoungerWeights): CancelModel {
  return {
    name: `younger first ${checked(weights)}`,
    lotsAhead: ({ cancelLots, aheadLots, behindLots, isBest }) => {
      const total = aheadLots + (isBest ? weights.atBest : weights.away) * behindLots;
      return total === 0 ? 0 : (cancelLots * aheadLots) / total;
    },
  };
}

/**
 * Counts orders instead of lots, and only those that fit the size of the decrease; each behind us is `weights` times
 * as likely as one ahead. We saw every order behind us arrive, so often none of them fits and the cancel was ahead.
 */
export function sizeMatched(weights: YoungerWeights): CancelModel {
  const withoutFit = youngerFirst(weights);
  return {
    name: `size-matched ${checked(weights)}`,
    lotsAhead: (evidence) => {
      const { cancelLots, aheadOrdersFitting, behindOrdersFitting, isBest } = evidence;
      const total = aheadOrdersFitting + (isBest ? weights.atBest : weights.away) * behindOrdersFitting;
      return total < 1e-9 ? withoutFit.lotsAhead(evidence) : (cancelLots * aheadOrdersFitting) / total;
    },
  };
}

function checked({ atBest, away }: YoungerWeights): string {
  assert(atBest > 0 && away > 0, `weights must be above 0, found ${atBest} and ${away}`);
  return `×${atBest} best, ×${away} away`;
}
