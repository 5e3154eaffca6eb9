/** Black's formula for European options on futures, by which risk arrays are generated. Estimates in float64. */

/** What the formula needs, all per unit of the underlying. */
export interface Black76Inputs {
  readonly right: 'call' | 'put';
  readonly futurePrice: number;
  readonly strike: number;
  /** Annual, as a fraction. */
  readonly volatility: number;
  readonly years: number;
  /** Annual, continuously compounded, as a fraction. */
  readonly interestRate: number;
}

/** Price and delta to the future. */
export interface Black76Value {
  readonly price: number;
  readonly delta: number;
}

/**
 * Price and delta of a European option on a future.
 *
 * Formula: e^(−rT) (φ F N(φ d₁) − φ K N(φ d₂)), d₁ = (ln(F/K) + σ²T/2) ÷ (σ√T), d₂ = d₁ − σ√T, φ = ±1.
 * Without time, without volatility, and where price or strike is not positive, it is the discounted inner value.
 *
 * Source: F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976).
 */
export function black76(inputs: Black76Inputs): Black76Value {
  const { futurePrice, strike, volatility, years } = inputs;
  const sign = inputs.right === 'call' ? 1 : -1;
  const discount = Math.exp(-inputs.interestRate * Math.max(years, 0));
  const deviation = volatility * Math.sqrt(Math.max(years, 0));
  if (!(deviation > 0) || futurePrice <= 0 || strike <= 0) {
    const inner = sign * (futurePrice - strike);
    return { price: discount * Math.max(inner, 0), delta: inner > 0 ? sign * discount : 0 };
  }
  const d1 = Math.log(futurePrice / strike) / deviation + deviation / 2;
  const n1 = normalDistribution(sign * d1);
  const n2 = normalDistribution(sign * (d1 - deviation));
  return {
    price: discount * sign * (futurePrice * n1 - strike * n2),
    delta: discount * sign * n1,
  };
}

/**
 * The standard normal distribution function, to about 1e-15: a series near the middle, a continued fraction outside.
 *
 * Source: Abramowitz and Stegun 26.2.10 and 26.2.14.
 */
export function normalDistribution(x: number): number {
  const size = Math.abs(x);
  if (size > 38) return x > 0 ? 1 : 0;
  const density = Math.exp((-size * size) / 2) / Math.sqrt(2 * Math.PI);
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 3; Math.abs(term) > 1e-17 * sum; n += 2) {
      term *= (size * size) / n;
      sum += term;
    }
    return x >= 0 ? 0.5 + density * sum : 0.5 - density * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / (size + fraction);
  const tail = density / (size + fraction);
  return x > 0 ? 1 - tail : tail;
}
