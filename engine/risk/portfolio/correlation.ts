/** Correlation of returns, shrunk so that it can be trusted: always positive definite, however few days there are. */
import { assert } from '../../core/assert.ts';
import { mean, standardDeviation } from './statistics.ts';

/** A square matrix by rows. */
export type Matrix = readonly (readonly number[])[];

/** Correlation of several series with what was done to it. */
export interface ShrunkCorrelation {
  /** Ones on the diagonal, positive definite. */
  readonly matrix: Matrix;
  /** Standard deviations of the series, per observation. */
  readonly deviations: readonly number[];
  /** Weight of the identity, 0 to 1: the noisier the data, the more. */
  readonly shrinkage: number;
  readonly observations: number;
}

/** Least weight of the identity, so that the matrix stays definite even where series repeat each other. */
const LEAST_SHRINKAGE = 1e-6;

/**
 * Estimates correlation and shrinks it toward none, by as much as the data's own noise asks for.
 *
 * Source: O. Ledoit, M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004, applied to
 * standardised returns, whose scaled identity is the identity.
 *
 * @param series - returns of each factor, equally long, oldest first, at least 3, none constant
 */
export function shrunkCorrelation(series: readonly ArrayLike<number>[]): ShrunkCorrelation {
  const n = series[0]?.length ?? 0;
  assert(series.length > 0 && n >= 3, `correlation needs a series of at least 3 returns, found ${n}`);
  const deviations = series.map((one) => {
    assert(one.length === n, `series must be equally long, found ${one.length} and ${n}`);
    return standardDeviation(one);
  });
  // Standardised with the divisor n, so that the sample matrix has ones on its diagonal.
  const standard = series.map((one, i) => {
    const middle = mean(one);
    const scale = (deviations[i] ?? 0) * Math.sqrt((n - 1) / n);
    assert(scale > 0, 'a series that never moves has no correlation');
    return Float64Array.from({ length: n }, (_, t) => ((one[t] as number) - middle) / scale);
  });
  const sample = series.map(() => new Array<number>(series.length).fill(0));
  let distance = 0;
  let noise = 0;
  for (const [i, x] of standard.entries()) {
    for (const [j, y] of standard.entries()) {
      if (j > i) break;
      const { entry, spread } = moments(x, y);
      (sample[i] as number[])[j] = entry;
      (sample[j] as number[])[i] = entry;
      // Every pair stands twice in the matrix.
      const times = i === j ? 1 : 2;
      distance += times * (entry - (i === j ? 1 : 0)) ** 2;
      noise += times * spread;
    }
  }
  noise /= n * n;
  const wanted = distance > 0 ? Math.min(noise, distance) / distance : 1;
  const shrinkage = Math.max(LEAST_SHRINKAGE, wanted);
  const matrix = sample.map((row, i) => row.map((entry, j) => (i === j ? 1 : (1 - shrinkage) * entry)));
  return { matrix, deviations, shrinkage, observations: n };
}

/** Mean of the products of two standardised series, and the sum of squares of the products about it. */
function moments(x: Float64Array, y: Float64Array): { readonly entry: number; readonly spread: number } {
  let sum = 0;
  for (let t = 0; t < x.length; t++) sum += (x[t] as number) * (y[t] as number);
  const entry = sum / x.length;
  let spread = 0;
  for (let t = 0; t < x.length; t++) spread += ((x[t] as number) * (y[t] as number) - entry) ** 2;
  return { entry, spread };
}

/**
 * Correlation as it gets in a panic: every pair moved toward 1 by a share. A mixture with the matrix of ones, so what was
 * positive definite stays so for any share below 1.
 *
 * @param share - 0 leaves it, 0.8 moves each pair four fifths of the way
 */
export function spikedCorrelation(matrix: Matrix, share: number): Matrix {
  assert(share >= 0 && share < 1, `a share from 0 to below 1, found ${share}`);
  return matrix.map((row, i) => row.map((entry, j) => (i === j ? 1 : entry + share * (1 - entry))));
}

/** Mean absolute correlation of all pairs; 0 for a single series. */
export function meanAbsoluteCorrelation(matrix: Matrix): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j < i; j++, pairs++) sum += Math.abs(at(matrix, i, j));
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/** The lower triangle L with L·Lᵀ = matrix, or null where the matrix is not positive definite. */
export function cholesky(matrix: Matrix): Matrix | null {
  const lower: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i, j);
      const other = i === j ? row : (lower[j] ?? []);
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      if (i === j && !(sum > 0)) return null;
      row.push(i === j ? Math.sqrt(sum) : sum / (lower[j]?.[j] ?? 1));
    }
    lower.push(row);
  }
  return lower;
}

/** Correlation and deviations as one covariance matrix. */
export function covariance(matrix: Matrix, deviations: readonly number[]): Matrix {
  return matrix.map((row, i) => row.map((entry, j) => entry * (deviations[i] ?? 0) * (deviations[j] ?? 0)));
}

/** One entry; a defect outside the matrix. */
export function at(matrix: Matrix, i: number, j: number): number {
  const entry = matrix[i]?.[j];
  assert(entry !== undefined, `no entry ${i}, ${j}`);
  return entry;
}
