import { keepsCount, keepsExclusion } from "../model/feasibility.ts";
import type { Model } from "../model/model.ts";
import type { Region } from "./region.ts";

const MOST_SWEEPS = 60;

/**
 * Local search on the grid: grid steps move from one element to another, or an element leaves, enters
 * or is replaced, as long as that lessens the broken linear limits, then the distance to the target.
 * Every step keeps the sum, the bounds and the counts. Scratch arrays are kept between calls.
 */
export class Exchange {
  private readonly model: Model;
  private readonly grid: number;
  private readonly n: number;
  /** Linear rows in grid steps, each divided by its largest coefficient: rows x n. */
  private readonly rates: Float64Array;
  private readonly sizes: Float64Array;
  private readonly values: Float64Array;
  private readonly rowCount: number;
  private readonly needsRow: boolean;
  private readonly lo: Int32Array;
  private readonly hi: Int32Array;

  constructor(model: Model) {
    const { elements, grid } = model.composition!;
    this.model = model;
    this.grid = grid;
    this.n = elements.length;
    this.rowCount = model.linear.length;
    this.rates = new Float64Array(this.rowCount * this.n);
    this.sizes = new Float64Array(this.rowCount);
    model.linear.forEach(({ coefficients }, r) => {
      let size = 0;
      for (let i = 0; i < this.n; i++) size = Math.max(size, Math.abs(coefficients[i]!));
      this.sizes[r] = size || 1;
      for (let i = 0; i < this.n; i++) {
        this.rates[r * this.n + i] = coefficients[i]! / (this.sizes[r] * grid);
      }
    });
    this.values = new Float64Array(this.rowCount);
    // Moves that keep who is present can still break a rule that compares fractions.
    this.needsRow = model.exclusions.some(({ conditions }) =>
      conditions.some(({ column, condition }) => condition.kind === "compare" && column < this.n),
    );
    this.lo = new Int32Array(this.n);
    this.hi = new Int32Array(this.n);
  }

  /**
   * Improves `units` (grid steps that sum to the grid) in place.
   * @param target wanted grid steps, real numbers
   * @param row the whole row; its other columns are read, its fractions written
   * @param keepExclusions whether moves must keep all exclusions (true where the start keeps them)
   * @returns whether all linear rows hold at the end
   */
  improve(
    region: Region,
    target: Float64Array,
    units: Int32Array,
    row: Float64Array,
    keepExclusions: boolean,
  ): boolean {
    const { n, grid, lo, hi } = this;
    for (let i = 0; i < n; i++) {
      lo[i] = Math.ceil(region.lower[i]! * grid - 1e-6);
      hi[i] = Math.floor(region.upper[i]! * grid + 1e-6);
      row[i] = units[i]! / grid;
    }
    this.model.linear.forEach(({ coefficients }, r) => {
      let value = 0;
      for (let j = 0; j < coefficients.length; j++) value += coefficients[j]! * row[j]!;
      this.values[r] = value / this.sizes[r]!;
    });
    let violation = this.violation(0, 0, 0, 0);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      let bestViolation = violation;
      let bestChange = violation > 0 ? Number.POSITIVE_INFINITY : -1e-9;
      let from = -1;
      let to = -1;
      let amount = 0;
      const need = violation > 0 ? this.worstRow() : -1;
      for (let i = 0; i < n; i++) {
        const available = units[i]!;
        if (available === 0) continue;
        const ei = available - target[i]!;
        for (let j = 0; j < n; j++) {
          if (j === i || region.mayBePresent[j] === 0) continue;
          const room = hi[j]! - units[j]!;
          if (room <= 0) continue;
          const ej = units[j]! - target[j]!;
          // The distance changes by 2 delta (delta - ei + ej), which one step or more must lessen.
          if (violation <= 0 && ei - ej <= 1) continue;
          for (let option = 0; option < 5; option++) {
            let delta: number;
            if (option === 0) delta = units[j] === 0 && lo[j]! > 1 ? lo[j]! : 1;
            else if (option === 1) delta = available;
            else if (option === 2) delta = available - lo[i]!;
            else if (option === 3) delta = room;
            else {
              if (need < 0) continue;
              delta = this.needed(need, i, j);
            }
            if (delta <= 0 || delta > available || delta > room) continue;
            const left = available - delta;
            if (left === 0 ? lo[i]! > 0 && region.mayBeAbsent[i] === 0 : left < lo[i]!) continue;
            if (units[j]! + delta < lo[j]!) continue;
            const change = 2 * delta * (delta - ei + ej);
            if (violation <= 0 && change >= bestChange - 1e-12) continue;
            const after = this.rowCount === 0 ? 0 : this.violation(i, j, delta, delta);
            if (after > bestViolation + 1e-15) continue;
            if (after >= bestViolation - 1e-15 && change >= bestChange - 1e-12) continue;
            // The first move of a broken start is taken only if it breaks less.
            if (violation > 0 && after >= violation - 1e-15) continue;
            if (!this.keepsLogic(units, row, i, j, delta, keepExclusions)) continue;
            bestViolation = after;
            bestChange = change;
            from = i;
            to = j;
            amount = delta;
          }
        }
      }
      if (from < 0) break;
      units[from] = units[from]! - amount;
      units[to] = units[to]! + amount;
      row[from] = units[from]! / grid;
      row[to] = units[to]! / grid;
      for (let r = 0; r < this.rowCount; r++) {
        this.values[r]! += amount * (this.rates[r * n + to]! - this.rates[r * n + from]!);
      }
      violation = bestViolation;
    }
    return violation <= 0;
  }

  /** Sum of the scaled violations after moving steps from i to j. */
  private violation(i: number, j: number, taken: number, given: number): number {
    let sum = 0;
    for (let r = 0; r < this.rowCount; r++) {
      const base = r * this.n;
      const value = this.values[r]! + given * this.rates[base + j]! - taken * this.rates[base + i]!;
      const { lower, upper } = this.model.linear[r]!;
      const size = this.sizes[r]!;
      if (value * size > upper) sum += value - upper / size;
      else if (value * size < lower) sum += lower / size - value;
    }
    return sum;
  }

  private worstRow(): number {
    let worst = -1;
    let most = 0;
    this.model.linear.forEach(({ lower, upper }, r) => {
      const value = this.values[r]!;
      const gap = Math.max(value - upper / this.sizes[r]!, lower / this.sizes[r]! - value);
      if (gap > most) {
        most = gap;
        worst = r;
      }
    });
    return worst;
  }

  /** Steps from i to j that just mend row r; 0 where none do. */
  private needed(r: number, i: number, j: number): number {
    const rate = this.rates[r * this.n + j]! - this.rates[r * this.n + i]!;
    const { lower, upper } = this.model.linear[r]!;
    const above = this.values[r]! - upper / this.sizes[r]!;
    const gap = above > 0 ? -above : lower / this.sizes[r]! - this.values[r]!;
    const steps = gap / rate;
    return steps > 0 && Number.isFinite(steps) ? Math.ceil(steps - 1e-9) : 0;
  }

  /** Whether counts and (when asked) exclusions hold after a move; the arrays are left as they were. */
  private keepsLogic(
    units: Int32Array,
    row: Float64Array,
    i: number,
    j: number,
    delta: number,
    keepExclusions: boolean,
  ): boolean {
    const changesPresence = units[i] === delta || units[j] === 0;
    if (!changesPresence && !(keepExclusions && this.needsRow)) return true;
    const { counts, exclusions } = this.model;
    const [a, b] = [row[i]!, row[j]!];
    row[i] = (units[i]! - delta) / this.grid;
    row[j] = (units[j]! + delta) / this.grid;
    let isKept = true;
    for (let c = 0; isKept && c < counts.length; c++) isKept = keepsCount(counts[c]!, row);
    if (keepExclusions) {
      for (let e = 0; isKept && e < exclusions.length; e++)
        isKept = keepsExclusion(exclusions[e]!, row);
    }
    row[i] = a;
    row[j] = b;
    return isKept;
  }
}
