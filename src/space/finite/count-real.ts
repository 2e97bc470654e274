import type { Lattice, SumRule } from "./lattice.ts";

/** Completions whose sums are listed, in all nodes of the layer from which on they are looked up. */
const MOST_LISTED = 4e6;
/** Nodes visited before the count is given up: a few seconds. */
const MOST_VISITS = 4e7;

/**
 * Number of choices of a lattice that also keep rules with real coefficients, exactly. The first layers
 * are walked with exact bounds on what remains, so that only branches near a limit are followed; below
 * them the sums of all completions of a node are listed in order once, and a search in that list
 * counts the completions that keep a limit (meet in the middle: E. Horowitz, S. Sahni, J. ACM 21, 277
 * (1974), doi:10.1145/321812.321823).
 * Sums are rounded in the order of the layers; the tolerance inside the limits is a million times
 * larger than that, so designs are counted as they are tested.
 * @param lattice widest sums first, see `widestFirst`
 * @returns null when more than `visits` nodes would be visited
 */
export function countWith(
  lattice: Lattice,
  rules: readonly SumRule<Float64Array>[],
  visits = MOST_VISITS,
): bigint | null {
  if (lattice.size === 0) return 0n;
  const layers = lattice.order.length;
  const bounds = rules.map((rule) => lattice.remainders(rule.tables));
  const sums = rules.map(() => new Float64Array(layers + 1));
  const lists = rules.map((rule) => new CompletionSums(lattice, rule));
  const listed = firstListedLayer(lattice);
  let left = visits;
  let total = 0n;
  let small = 0;
  const add = (count: number): void => {
    if (small + count > Number.MAX_SAFE_INTEGER) {
      total += BigInt(small);
      small = 0;
    }
    small += count;
  };
  const walk = (layer: number, node: number): void => {
    if (left-- <= 0) return;
    let unsettled = 0;
    let last = -1;
    for (let r = 0; r < rules.length; r++) {
      const { lower, upper } = rules[r]!;
      const least = sums[r]![layer]! + bounds[r]![layer]![0][node]!;
      const largest = sums[r]![layer]! + bounds[r]![layer]![1][node]!;
      if (least > upper || largest < lower) return;
      if (largest <= upper && least >= lower) continue;
      unsettled++;
      last = r;
    }
    if (unsettled === 0) {
      const count = lattice.counts[layer]![node]!;
      if (count < Number.MAX_SAFE_INTEGER) add(count);
      else total += lattice.countFrom(layer, node);
      return;
    }
    if (unsettled === 1 && layer >= listed) {
      const { lower, upper } = rules[last]!;
      add(lists[last]!.countBetween(layer, node, sums[last]![layer]!, lower, upper));
      return;
    }
    const width = lattice.options[layer]!;
    const edges = lattice.edges[layer]!;
    const variable = lattice.order[layer]!;
    for (let option = 0; option < width; option++) {
      const target = edges[node * width + option]!;
      if (target < 0 || lattice.counts[layer + 1]![target] === 0) continue;
      for (let r = 0; r < rules.length; r++) {
        sums[r]![layer + 1] = sums[r]![layer]! + (rules[r]!.tables[variable]?.[option] ?? 0);
      }
      walk(layer + 1, target);
    }
  };
  walk(0, 0);
  return left < 0 ? null : total + BigInt(small);
}

/** Order of the variables in which rules with real coefficients settle soonest. */
export function widestFirst(rules: readonly SumRule<Float64Array>[]): number[] {
  const shares = rules.map(({ tables }) => {
    const spreads = tables.map((table) =>
      table === null
        ? 0
        : table.reduce((a, b) => Math.max(a, b)) - table.reduce((a, b) => Math.min(a, b)),
    );
    const most = spreads.reduce((a, b) => Math.max(a, b), 0) || 1;
    return spreads.map((spread) => spread / most);
  });
  const share = (variable: number): number =>
    shares.reduce((most, list) => Math.max(most, list[variable]!), 0);
  return (rules[0]?.tables ?? []).map((_, v) => v).sort((a, b) => share(b) - share(a) || a - b);
}

/** The first layer whose nodes have few enough completions to be listed. */
function firstListedLayer(lattice: Lattice): number {
  let layer = lattice.order.length;
  while (layer > 0) {
    const completions = lattice.counts[layer - 1]!.reduce((sum, count) => sum + count, 0);
    if (completions > MOST_LISTED) break;
    layer--;
  }
  return layer;
}

/** Sums of one rule over the completions of nodes, ascending, made when asked for. */
class CompletionSums {
  private readonly lattice: Lattice;
  private readonly rule: SumRule<Float64Array>;
  private readonly lists: (Float64Array | undefined)[][];

  constructor(lattice: Lattice, rule: SumRule<Float64Array>) {
    this.lattice = lattice;
    this.rule = rule;
    this.lists = lattice.counts.map(() => []);
  }

  /** How many completions bring a sum between two limits. */
  countBetween(layer: number, node: number, sum: number, lower: number, upper: number): number {
    const list = (this.lists[layer]![node] ??= this.listOf(layer, node));
    const above = countUpTo(list, (rest) => sum + rest <= upper);
    return above - countUpTo(list, (rest) => sum + rest < lower);
  }

  private listOf(layer: number, node: number): Float64Array {
    const { order, options, edges, counts } = this.lattice;
    const list = new Float64Array(counts[layer]![node]!);
    let at = 0;
    const collect = (from: number, place: number, sum: number): void => {
      if (from === order.length) {
        list[at++] = sum;
        return;
      }
      const width = options[from]!;
      const table = this.rule.tables[order[from]!]!;
      for (let option = 0; option < width; option++) {
        const target = edges[from]![place * width + option]!;
        if (target < 0 || counts[from + 1]![target] === 0) continue;
        collect(from + 1, target, sum + (table === null ? 0 : table[option]!));
      }
    };
    collect(layer, node, 0);
    return list.sort();
  }
}

/** Length of the leading part of a list that keeps a test. */
function countUpTo(list: Float64Array, keeps: (value: number) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keeps(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
