import { createRng } from "../../core/rng.ts";
import type { Rng } from "../../core/rng.ts";
import { countWith, widestFirst } from "./count-real.ts";
import type { FiniteModel } from "./finite.ts";
import { Lattice } from "./lattice.ts";
import type { SumRule } from "./lattice.ts";
import { TOLERANCE } from "../model/tolerance.ts";

/** Share of draws that should survive the real rules before the lattice is refined. */
const GOOD_ACCEPTANCE = 0.2;
const TRIAL_DRAWS = 400;
/** Buckets that a real rule is rounded to, coarse to fine. */
const BUCKETS = [48, 192, 768];

/**
 * Counting, drawing and listing of the choices of a finite model. Everything is built on first use
 * and kept.
 */
export class FiniteSpace {
  readonly model: FiniteModel;
  private exactLattice:
    { readonly lattice: Lattice | null; readonly dropped: readonly string[] } | undefined;
  private drawingLattice: Lattice | null | undefined;

  constructor(model: FiniteModel) {
    this.model = model;
  }

  /**
   * The lattice under all whole-number rules; rules that make it too large are left out, widest
   * first, and named in `dropped`. Null when even the first rule is too large.
   */
  exact(): { readonly lattice: Lattice | null; readonly dropped: readonly string[] } {
    this.exactLattice ??= this.buildExact();
    return this.exactLattice;
  }

  /** A lattice whose draws mostly keep the real rules too: those are added rounded in the lenient direction. */
  drawing(): Lattice | null {
    if (this.drawingLattice === undefined) this.drawingLattice = this.buildDrawing();
    return this.drawingLattice;
  }

  /** Exact number of choices under whole-number and real rules, or the reason why not. */
  count(): bigint | { readonly reason: string } {
    const { lattice, dropped } = this.exact();
    if (lattice === null) return { reason: "the grid is too fine to be counted in memory" };
    if (dropped.length > 0) {
      return { reason: `"${dropped[0]!}" leaves too many partial sums to keep in memory` };
    }
    const { realRules, rules, variables } = this.model;
    if (realRules.length === 0) return lattice.count();
    const real = realRules.map(({ rule }) => rule);
    const ordered = Lattice.build(
      variables.map(({ values }) => values.length),
      rules.map(({ rule }) => rule),
      undefined,
      widestFirst(real),
    );
    const counted = countWith(ordered ?? lattice, real);
    if (counted !== null) return counted;
    const texts = realRules.map(({ text }) => `"${text}"`).join(", ");
    return {
      reason: `${texts} has real coefficients, so that no two partial sums are alike, and the space is too large to walk through (${lattice.count()} designs without it)`,
    };
  }

  /** Whether a choice keeps the rules with real coefficients. */
  keepsReal(choice: Int32Array): boolean {
    return this.model.realRules.every(({ rule }) => {
      const sum = sumOf(rule, choice);
      return sum >= rule.lower - TOLERANCE * 1e-3 && sum <= rule.upper + TOLERANCE * 1e-3;
    });
  }

  /** Every choice once, in a fixed order: variable by variable in the lattice's order, options ascending. */
  *choices(): Generator<Int32Array> {
    const { lattice } = this.exact();
    if (lattice === null || lattice.size === 0) return;
    const rules = this.model.realRules.map(({ rule }) => rule);
    const remainders = rules.map((rule) => lattice.remainders(rule.tables));
    const layers = lattice.order.length;
    const nodes = new Int32Array(layers + 1);
    const option = new Int32Array(layers).fill(-1);
    const choice = new Int32Array(layers);
    const sums = rules.map(() => new Float64Array(layers + 1));
    let layer = 0;
    while (layer >= 0) {
      if (layer === layers) {
        yield choice;
        layer--;
        continue;
      }
      const width: number = lattice.options[layer]!;
      const edges: Int32Array = lattice.edges[layer]!;
      const next = lattice.counts[layer + 1]!;
      const variable = lattice.order[layer]!;
      let o = option[layer]! + 1;
      for (; o < width; o++) {
        const target = edges[nodes[layer]! * width + o]!;
        if (target < 0 || next[target] === 0) continue;
        let isOpen = true;
        for (let r = 0; r < rules.length && isOpen; r++) {
          const { tables, lower, upper } = rules[r]!;
          const sum = sums[r]![layer]! + (tables[variable]?.[o] ?? 0);
          const [least, largest] = remainders[r]![layer + 1]!;
          sums[r]![layer + 1] = sum;
          isOpen = sum + least[target]! <= upper && sum + largest[target]! >= lower;
        }
        if (!isOpen) continue;
        nodes[layer + 1] = target;
        break;
      }
      if (o === width) {
        option[layer] = -1;
        layer--;
        continue;
      }
      option[layer] = o;
      choice[variable] = o;
      layer++;
      if (layer < layers) option[layer] = -1;
    }
  }

  private buildExact(): { readonly lattice: Lattice | null; readonly dropped: readonly string[] } {
    const { variables, rules } = this.model;
    const options = variables.map(({ values }) => values.length);
    const kept = [...rules];
    const dropped: string[] = [];
    for (;;) {
      const lattice = Lattice.build(
        options,
        kept.map(({ rule }) => rule),
      );
      if (lattice !== null || kept.length <= 1) return { lattice, dropped };
      let widest = 1;
      for (let r = 2; r < kept.length; r++) {
        if (spread(kept[r]!.rule) >= spread(kept[widest]!.rule)) widest = r;
      }
      dropped.push(kept.splice(widest, 1)[0]!.text);
    }
  }

  private buildDrawing(): Lattice | null {
    const { lattice, dropped } = this.exact();
    const { variables, rules, realRules } = this.model;
    if (lattice === null || lattice.size === 0 || realRules.length === 0 || dropped.length > 0) {
      return lattice;
    }
    const options = variables.map(({ values }) => values.length);
    const rng = createRng("acceptance of a lattice");
    let best = lattice;
    if (this.acceptance(lattice, rng) >= GOOD_ACCEPTANCE) return lattice;
    for (const buckets of BUCKETS) {
      const rounded = realRules.flatMap(({ rule }) => roundedRules(rule, lattice, buckets));
      const finer = Lattice.build(options, [...rules.map(({ rule }) => rule), ...rounded], {
        edges: 1.2e7,
        nodes: 2e6,
      });
      if (finer === null) break;
      best = finer;
      if (finer.size === 0 || this.acceptance(finer, rng) >= GOOD_ACCEPTANCE) break;
    }
    return best;
  }

  private acceptance(lattice: Lattice, rng: Rng): number {
    const choice = new Int32Array(lattice.order.length);
    let kept = 0;
    for (let i = 0; i < TRIAL_DRAWS; i++) {
      lattice.draw(rng, choice);
      if (this.keepsReal(choice)) kept++;
    }
    return kept / TRIAL_DRAWS;
  }
}

function sumOf(rule: SumRule<Float64Array>, choice: Int32Array): number {
  let sum = 0;
  for (let v = 0; v < choice.length; v++) {
    const table = rule.tables[v]!;
    if (table !== null) sum += table[choice[v]!]!;
  }
  return sum;
}

const spread = (rule: SumRule): number =>
  rule.tables.reduce(
    (sum, table) =>
      sum +
      (table === null
        ? 0
        : table.reduce((a, b) => Math.max(a, b)) - table.reduce((a, b) => Math.min(a, b))),
    0,
  );

/** Whole-number rules that every choice within the real rule keeps, and few others. */
function roundedRules(rule: SumRule<Float64Array>, lattice: Lattice, buckets: number): SumRule[] {
  const [least, largest] = lattice.remainders(rule.tables)[0]!;
  const low = Math.max(least[0]!, rule.lower);
  const high = Math.min(largest[0]!, rule.upper);
  // Fine enough to resolve what the rule leaves open as well as what it forbids.
  const span = Math.max(
    Math.min(high - low, largest[0]! - least[0]!),
    (largest[0]! - least[0]!) / 64,
  );
  const scale = buckets / Math.max(span, Number.MIN_VALUE);
  if (!Number.isFinite(scale)) return [];
  const lows = rule.tables.map((table) =>
    table === null ? 0 : table.reduce((a, b) => Math.min(a, b)),
  );
  const shift = lows.reduce((a, b) => a + b, 0);
  const rounded = (round: (x: number) => number): (Int32Array | null)[] =>
    rule.tables.map((table, v) =>
      table === null ? null : Int32Array.from(table, (x) => round((x - lows[v]!) * scale)),
    );
  const result: SumRule[] = [];
  const { POSITIVE_INFINITY: infinity } = Number;
  if (rule.upper < largest[0]!) {
    const upper = Math.floor((rule.upper - shift) * scale + 1e-6);
    result.push({ tables: rounded(Math.floor), lower: -infinity, upper });
  }
  if (rule.lower > least[0]!) {
    const lower = Math.ceil((rule.lower - shift) * scale - 1e-6);
    result.push({ tables: rounded(Math.ceil), lower, upper: infinity });
  }
  return result;
}
