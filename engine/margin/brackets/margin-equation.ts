/**
 * The margin equation along one moving quantity: where balance = threshold × maintenance.
 *
 * With x the quantity that moves (a mark price, or a common factor on several marks), the balance is linear in x and
 * the maintenance of each leg is piecewise linear and convex (rates rise with notional). Their difference
 *
 *   excess(x) = balance + Σ side·(scale·x − entry value) − threshold · (maintenance + Σ (scale·x·rate − amount))
 *
 * is therefore continuous, piecewise linear and **concave**: the x with excess > 0 form one interval, so there are at
 * most two roots, `lower` where it becomes positive and `upper` where it stops. Each is solved exactly on the
 * piece that holds it; nothing is iterated, and the bracket found is the one in force at the root. A single leg at
 * threshold 1 is even monotone (slope scale·(1 − rate) > 0 for a long, −scale·(1 + rate) < 0 for a short): one root.
 */
import type { PositionSide } from '../../accounting/portfolio.ts';
import { assert } from '../../core/assert.ts';
import { sideSign } from './margin-balance.ts';
import type { NotionalBracket, NotionalBrackets } from './notional-bracket.ts';

/** A position whose notional moves with x. */
export interface MovingLeg {
  readonly side: PositionSide;
  /** Notional per unit of x: the size when x is the price, the notional at mark when x is a factor. Positive. */
  readonly scale: number;
  /** Size × entry price. */
  readonly entryValue: number;
  readonly brackets: NotionalBrackets;
}

/** Everything the equation knows. Quote currency. */
export interface MarginEquation {
  /** Wallet balance plus unrealised PnL of all that does not move. */
  readonly balance: number;
  /** Maintenance margin of all that does not move. */
  readonly maintenance: number;
  readonly legs: readonly MovingLeg[];
}

/** A root and the bracket of each leg there. */
export interface MarginRoot {
  readonly at: number;
  readonly brackets: readonly NotionalBracket[];
}

/** The edges of the interval of positive excess; null where it has no edge above 0 on that side, or is empty. */
export interface MarginRoots {
  readonly lower: MarginRoot | null;
  readonly upper: MarginRoot | null;
}

/** Finds the edges of the interval of x > 0 in which balance > threshold × maintenance. */
export function marginRoots(equation: MarginEquation, threshold: number): MarginRoots {
  const { legs } = equation;
  const kinks = kinksOf(legs);
  const held = legs.map((_, leg) => bracketOf(legs, leg, 0));
  let { constant, slope } = lineOf(equation, held, threshold);
  let enough = constant > 0;
  let lower: MarginRoot | null = null;
  // The sign at the end of a piece is carried into the next, so rounding cannot hide a root between two pieces.
  for (let piece = 0; piece <= kinks.length; piece++) {
    const kink = kinks[piece];
    const enoughAtEnd =
      kink === undefined ? slope > 0 || (slope === 0 && enough) : constant + slope * kink.at > 0;
    if (enough !== enoughAtEnd) {
      const root = rootOn(equation, held, threshold);
      if (enough) return { lower, upper: root };
      lower = root;
    }
    enough = enoughAtEnd;
    if (kink === undefined) break;
    const left = held[kink.leg];
    const right = bracketOf(legs, kink.leg, kink.index);
    assert(left !== undefined, `no leg ${kink.leg}`);
    held[kink.leg] = right;
    constant += threshold * (right.maintenanceAmount - left.maintenanceAmount);
    slope -= threshold * scaleOf(legs, kink.leg) * (right.maintenanceMarginRate - left.maintenanceMarginRate);
  }
  return { lower, upper: null };
}

/**
 * The root of one linear piece, or null where the piece is flat.
 *
 * Formula: [balance − threshold·maintenance + Σ threshold·amount − Σ side·entry value] ÷ [Σ (threshold·scale·rate − side·scale)].
 * At threshold 1 with one or two legs this is the exchange's published liquidation price formula.
 */
export function pieceRoot(
  equation: MarginEquation,
  brackets: readonly Pick<NotionalBracket, 'maintenanceMarginRate' | 'maintenanceAmount'>[],
  threshold: number,
): number | null {
  const { constant, slope } = lineOf(equation, brackets, threshold);
  return slope === 0 ? null : constant / -slope;
}

function rootOn(
  equation: MarginEquation,
  held: readonly NotionalBracket[],
  threshold: number,
): MarginRoot | null {
  const at = pieceRoot(equation, held, threshold);
  return at !== null && at > 0 ? { at, brackets: [...held] } : null;
}

function lineOf(
  equation: MarginEquation,
  brackets: readonly Pick<NotionalBracket, 'maintenanceMarginRate' | 'maintenanceAmount'>[],
  threshold: number,
): { constant: number; slope: number } {
  let constant = equation.balance - threshold * equation.maintenance;
  let slope = 0;
  for (const [i, leg] of equation.legs.entries()) {
    const bracket = brackets[i];
    assert(bracket !== undefined, `no bracket for leg ${i}`);
    const sign = sideSign(leg.side);
    constant += threshold * bracket.maintenanceAmount - sign * leg.entryValue;
    slope += sign * leg.scale - threshold * leg.scale * bracket.maintenanceMarginRate;
  }
  return { constant, slope };
}

/** Where a leg crosses into its next bracket, ascending; ties in leg order. */
function kinksOf(legs: readonly MovingLeg[]): readonly { at: number; leg: number; index: number }[] {
  const kinks = legs.flatMap(({ scale, brackets }, leg) => {
    assert(scale > 0, `a leg needs a positive scale, found ${scale}`);
    return brackets.slice(1).map(({ floor }, i) => ({ at: floor / scale, leg, index: i + 1 }));
  });
  return legs.length < 2 ? kinks : kinks.sort((a, b) => a.at - b.at || a.leg - b.leg || a.index - b.index);
}

function bracketOf(legs: readonly MovingLeg[], leg: number, index: number): NotionalBracket {
  const bracket = legs[leg]?.brackets[index];
  assert(bracket !== undefined, `no bracket ${index} for leg ${leg}`);
  return bracket;
}

function scaleOf(legs: readonly MovingLeg[], leg: number): number {
  return legs[leg]?.scale ?? 0;
}
