/** A row `lower <= a . x <= upper` of a projection. */
export interface ProjectionRow {
  readonly coefficients: Float64Array;
  readonly lower: number;
  readonly upper: number;
}

const MOST_CYCLES = 200;
/** Cycles within which the worst violation must halve. */
const PATIENCE = 6;
/** Rows are met to this share of their size before a projection counts as done. */
const PRECISION = 1e-12;

/**
 * The nearest point of a polytope `{ box, the first m coordinates sum to one, rows }`: coordinate
 * ascent on the rows' multipliers (Hildreth), where for fixed multipliers the projection onto the box
 * and the sum is exact. All arrays are kept between calls.
 * Source: C. Hildreth, Naval Res. Logist. Q. 4, 79 (1957), doi:10.1002/nav.3800040113.
 */
export class Projector {
  private readonly dimension: number;
  private readonly summed: number;
  /** Squared scale of each coordinate: distances are measured as (x - t)^2 / scale. */
  private readonly scale: Float64Array;
  private readonly rows: readonly ProjectionRow[];
  private readonly sizes: Float64Array;
  /** Leading coordinates by ascending coefficient, per row. */
  private readonly orders: readonly Int32Array[];
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  private readonly shifted: Float64Array;
  private readonly multipliers: Float64Array;
  private readonly target: Float64Array;
  private readonly x: Float64Array;
  private sum: number;

  /** @param summed how many leading coordinates sum to one (0: none) */
  constructor(scale: Float64Array, summed: number, rows: readonly ProjectionRow[]) {
    this.dimension = scale.length;
    this.summed = summed;
    this.scale = scale;
    this.rows = rows;
    this.sizes = Float64Array.from(rows, ({ coefficients }) =>
      coefficients.reduce((most, a, j) => Math.max(most, Math.abs(a) * Math.sqrt(scale[j]!)), 0),
    );
    this.orders = rows.map(({ coefficients }) =>
      Int32Array.from({ length: summed }, (_, j) => j).sort(
        (a, b) => coefficients[a]! - coefficients[b]!,
      ),
    );
    const zeros = (): Float64Array => new Float64Array(this.dimension);
    this.lower = zeros();
    this.upper = zeros();
    this.shifted = zeros();
    this.target = zeros();
    this.x = zeros();
    this.multipliers = new Float64Array(rows.length);
    this.sum = 1;
  }

  /**
   * Writes the nearest point into `out`.
   * @returns whether it keeps every row; false when the polytope is empty or the ascent is too slow
   */
  project(
    target: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    out: Float64Array,
  ): boolean {
    this.target.set(target);
    this.lower.set(lower);
    this.upper.set(upper);
    this.multipliers.fill(0);
    let least = 0;
    let most = 0;
    for (let i = 0; i < this.summed; i++) {
      least += lower[i]!;
      most += upper[i]!;
    }
    const slack = 1e-12;
    if (this.summed > 0 && (least > this.sum + slack || most < this.sum - slack)) return false;
    for (let r = 0; r < this.rows.length; r++) if (this.shortfallOf(r) > 0) return false;
    this.shifted.set(target);
    this.inner(out);
    let lastWorst = Number.POSITIVE_INFINITY;
    for (let cycle = 0; cycle < MOST_CYCLES; cycle++) {
      let isDone = true;
      let worst = 0;
      for (let r = 0; r < this.rows.length; r++) {
        const value = this.valueOf(r, out);
        const violation = this.violationOf(r, value);
        const isActive = this.multipliers[r] !== 0;
        worst = Math.max(worst, Math.abs(violation) / this.sizes[r]!);
        if (violation === 0 && !isActive) continue;
        if (Math.abs(violation) <= PRECISION * this.sizes[r]! && !isActive) continue;
        const before = this.multipliers[r]!;
        if (!this.settle(r, out)) return false;
        if (Math.abs(this.multipliers[r]! - before) * this.sizes[r]! > PRECISION) isDone = false;
      }
      if (isDone) break;
      // Rows that exclude each other push their multipliers up for ever.
      if (cycle % PATIENCE === PATIENCE - 1) {
        if (worst > 0.5 * lastWorst && worst > 1e-9) return false;
        lastWorst = worst;
      }
    }
    for (let r = 0; r < this.rows.length; r++) {
      if (Math.abs(this.violationOf(r, this.valueOf(r, out))) > 1e-10 * this.sizes[r]!)
        return false;
    }
    return true;
  }

  /**
   * By how much the rows miss their limits at least, each by itself, in shares of their sizes; 0 where
   * every row can be kept. The box must leave room for the sum.
   */
  shortfall(lower: Float64Array, upper: Float64Array): number {
    this.lower.set(lower);
    this.upper.set(upper);
    let total = 0;
    for (let r = 0; r < this.rows.length; r++) total += this.shortfallOf(r) / this.sizes[r]!;
    return total;
  }

  /** Distance of row r to its limits over the box and the sum: its least and largest values are found greedily. */
  private shortfallOf(r: number): number {
    const { coefficients, lower: low, upper: high } = this.rows[r]!;
    const order = this.orders[r]!;
    let fixed = 0;
    let spare = this.sum;
    for (let j = 0; j < this.summed; j++) {
      fixed += coefficients[j]! * this.lower[j]!;
      spare -= this.lower[j]!;
    }
    let least = fixed;
    let most = fixed;
    let left = spare;
    for (let k = 0; k < order.length && left > 0; k++) {
      const j = order[k]!;
      const part = Math.min(left, this.upper[j]! - this.lower[j]!);
      least += part * coefficients[j]!;
      left -= part;
    }
    left = spare;
    for (let k = order.length - 1; k >= 0 && left > 0; k--) {
      const j = order[k]!;
      const part = Math.min(left, this.upper[j]! - this.lower[j]!);
      most += part * coefficients[j]!;
      left -= part;
    }
    for (let j = this.summed; j < this.dimension; j++) {
      const a = coefficients[j]! * this.lower[j]!;
      const b = coefficients[j]! * this.upper[j]!;
      least += Math.min(a, b);
      most += Math.max(a, b);
    }
    const slack = 1e-10 * this.sizes[r]!;
    if (least > high + slack) return least - high;
    return most < low - slack ? low - most : 0;
  }

  /** Signed distance of a value to the row's interval: positive above, negative below. */
  private violationOf(r: number, value: number): number {
    const { lower, upper } = this.rows[r]!;
    return value > upper ? value - upper : value < lower ? value - lower : 0;
  }

  private valueOf(r: number, x: Float64Array): number {
    const { coefficients } = this.rows[r]!;
    let value = 0;
    for (let j = 0; j < this.dimension; j++) value += coefficients[j]! * x[j]!;
    return value;
  }

  /**
   * Chooses the multiplier of row r so that the row holds with the others' multipliers fixed. Its value
   * falls monotonically and piecewise linearly with the multiplier, so a bracketed secant finds it.
   */
  private settle(r: number, out: Float64Array): boolean {
    const row = this.rows[r]!;
    const start = this.multipliers[r]!;
    this.evaluate(r, 0, out);
    const free = this.violationOf(r, this.valueOf(r, out));
    if (free === 0) return true;
    const bound = free > 0 ? row.upper : row.lower;
    const sign = Math.sign(free);
    let near = 0;
    let nearGap = Math.abs(free);
    // A first guess from the row alone; then doubled until it is enough.
    let norm = 0;
    for (let j = 0; j < this.dimension; j++) {
      const a = row.coefficients[j]!;
      norm += a * a * this.scale[j]!;
    }
    if (norm === 0) return false;
    let far = Math.sign(start) === sign && start !== 0 ? Math.abs(start) : nearGap / norm;
    let farGap = 0;
    for (let doubling = 0; ; doubling++) {
      this.evaluate(r, sign * far, out);
      farGap = sign * (this.valueOf(r, out) - bound);
      if (farGap <= 0) break;
      if (doubling === 60) return false;
      near = far;
      nearGap = farGap;
      far *= 2;
      // Beyond this every coordinate is at its bound: more does not help.
      if (far * this.sizes[r]! > 1e9) return false;
    }
    for (let iteration = 0; iteration < 60; iteration++) {
      if (Math.abs(farGap) <= PRECISION * 0.1 * this.sizes[r]!) break;
      let middle = near + ((far - near) * nearGap) / (nearGap - farGap);
      if (!(middle > near && middle < far) || iteration % 4 === 3) middle = (near + far) / 2;
      if (middle === near || middle === far) break;
      this.evaluate(r, sign * middle, out);
      const gap = sign * (this.valueOf(r, out) - bound);
      if (gap > 0) {
        near = middle;
        nearGap = gap;
      } else {
        far = middle;
        farGap = gap;
      }
    }
    this.evaluate(r, sign * far, out);
    return true;
  }

  private evaluate(r: number, multiplier: number, out: Float64Array): void {
    this.multipliers[r] = multiplier;
    for (let j = 0; j < this.dimension; j++) {
      let pull = 0;
      for (let q = 0; q < this.rows.length; q++) {
        const value = this.multipliers[q]!;
        if (value !== 0) pull += value * this.rows[q]!.coefficients[j]!;
      }
      this.shifted[j] = this.target[j]! - pull * this.scale[j]!;
    }
    this.inner(out);
  }

  /** Projection of the shifted target onto the box and the sum: Newton on the sum's multiplier, bracketed. */
  private inner(out: Float64Array): void {
    const { summed, lower, upper, shifted, x } = this;
    for (let j = summed; j < this.dimension; j++) {
      out[j] = Math.min(upper[j]!, Math.max(lower[j]!, shifted[j]!));
    }
    if (summed === 0) return;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < summed; j++) {
      low = Math.min(low, lower[j]! - shifted[j]!);
      high = Math.max(high, upper[j]! - shifted[j]!);
    }
    let mu = 0;
    if (mu < low || mu > high) mu = (low + high) / 2;
    for (let iteration = 0; iteration < 100; iteration++) {
      let sum = 0;
      let free = 0;
      for (let j = 0; j < summed; j++) {
        const value = shifted[j]! + mu;
        if (value <= lower[j]!) x[j] = lower[j]!;
        else if (value >= upper[j]!) x[j] = upper[j]!;
        else {
          x[j] = value;
          free++;
        }
        sum += x[j]!;
      }
      const gap = this.sum - sum;
      if (Math.abs(gap) <= 1e-14) break;
      if (gap > 0) low = mu;
      else high = mu;
      const next = free > 0 ? mu + gap / free : (low + high) / 2;
      const safe = next > low && next < high ? next : (low + high) / 2;
      if (safe === mu) break;
      mu = safe;
    }
    for (let j = 0; j < summed; j++) out[j] = x[j]!;
  }
}
