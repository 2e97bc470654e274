import type { Rng } from "../../core/rng.ts";

/** A sum over the variables that must stay in bounds: `lower <= sum table[v][option] <= upper`. */
export interface SumRule<Table extends Int32Array | Float64Array = Int32Array> {
  /** Contribution of each option of each variable; null where a variable does not contribute. */
  readonly tables: readonly (Table | null)[];
  readonly lower: number;
  readonly upper: number;
}

/** How large a lattice may grow: numbers held in memory. */
export interface LatticeLimits {
  readonly edges: number;
  readonly nodes: number;
}

const defaultLimits: LatticeLimits = { edges: 2.4e7, nodes: 4e6 };

/** A partial sum that no completion can bring out of bounds any more; all such states are one. */
const SETTLED = -2147483648;
const DENSE_KEYS = 1 << 22;

/**
 * All choices of one option per variable under whole-number sum rules, as a layered graph: a node is
 * what the choices so far leave open (the partial sums, merged where they no longer matter), an edge
 * one option of the next variable. Counting paths counts the choices exactly, and walking down with
 * the counts as weights draws them uniformly, without listing any.
 */
export class Lattice {
  /** Variables in the order of the layers; layer k decides variable `order[k]`. */
  readonly order: readonly number[];
  /** Options of the variable of each layer. */
  readonly options: readonly number[];
  /** edges[k][node * options[k] + option]: node of layer k + 1, or -1. */
  readonly edges: readonly Int32Array[];
  /** counts[k][node]: completions from there, exact below 2^53. */
  readonly counts: readonly Float64Array[];
  private exactCounts: readonly bigint[][] | undefined;

  private constructor(order: readonly number[], options: readonly number[], edges: Int32Array[]) {
    this.order = order;
    this.options = options;
    this.edges = edges;
    this.counts = backward(edges, options);
  }

  /**
   * The lattice, or null when it would grow beyond the limits.
   * @param order variables from the first layer to the last
   */
  static build(
    optionCounts: readonly number[],
    rules: readonly SumRule[],
    limits: LatticeLimits = defaultLimits,
    order: readonly number[] = layerOrder(optionCounts.length, rules),
  ): Lattice | null {
    const options = order.map((variable) => optionCounts[variable]!);
    const edges = buildEdges(order, options, rules, limits);
    return edges === null ? null : new Lattice(order, options, edges);
  }

  /** Number of choices as a float: 0 when there is none, rounded above 2^53. */
  get size(): number {
    return this.counts[0]![0]!;
  }

  /** Number of choices, exact. */
  count(): bigint {
    return this.countFrom(0, 0);
  }

  /** Number of completions from a node, exact. */
  countFrom(layer: number, node: number): bigint {
    if (this.size < Number.MAX_SAFE_INTEGER) return BigInt(this.counts[layer]![node]!);
    this.exactCounts ??= backwardExact(this.edges, this.options);
    return this.exactCounts[layer]![node]!;
  }

  /** Writes one uniform choice into `choice` (option per variable, in the variables' own order). */
  draw(rng: Rng, choice: Int32Array): void {
    let node = 0;
    for (let layer = 0; layer < this.order.length; layer++) {
      const option = this.quantile(layer, node, rng.uniform());
      choice[this.order[layer]!] = option;
      node = this.edges[layer]![node * this.options[layer]! + option]!;
    }
  }

  /** The option at which the cumulative share of completions passes u (0 <= u < 1). */
  quantile(layer: number, node: number, u: number): number {
    const edges = this.edges[layer]!;
    const next = this.counts[layer + 1]!;
    const width = this.options[layer]!;
    const start = node * width;
    let rest = u * this.counts[layer]![node]!;
    let last = -1;
    for (let option = 0; option < width; option++) {
      const target = edges[start + option]!;
      if (target < 0) continue;
      const weight = next[target]!;
      if (weight === 0) continue;
      last = option;
      rest -= weight;
      if (rest < 0) break;
    }
    return last;
  }

  /** Least and largest remainder of a real sum from every node: `[least, largest]` per layer. */
  remainders(tables: readonly (Float64Array | null)[]): readonly [Float64Array, Float64Array][] {
    const result: [Float64Array, Float64Array][] = [];
    result[this.order.length] = [new Float64Array(1), new Float64Array(1)];
    for (let layer = this.order.length - 1; layer >= 0; layer--) {
      const table = tables[this.order[layer]!]!;
      const [nextLeast, nextLargest] = result[layer + 1]!;
      const width = this.options[layer]!;
      const edges = this.edges[layer]!;
      const nodes = this.counts[layer]!.length;
      const least = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
      const largest = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
      for (let node = 0; node < nodes; node++) {
        for (let option = 0; option < width; option++) {
          const target = edges[node * width + option]!;
          if (target < 0 || this.counts[layer + 1]![target] === 0) continue;
          const term = table === null ? 0 : table[option]!;
          least[node] = Math.min(least[node]!, term + nextLeast[target]!);
          largest[node] = Math.max(largest[node]!, term + nextLargest[target]!);
        }
      }
      result[layer] = [least, largest];
    }
    return result;
  }
}

/** Variables under many rules first, so that rules settle early and their states merge. */
function layerOrder(variables: number, rules: readonly SumRule[]): number[] {
  const weight = Array.from(
    { length: variables },
    (_, variable) => rules.filter((rule) => rule.tables[variable] !== null).length,
  );
  return Array.from({ length: variables }, (_, i) => i).sort(
    (a, b) => weight[b]! - weight[a]! || a - b,
  );
}

function buildEdges(
  order: readonly number[],
  options: readonly number[],
  rules: readonly SumRule[],
  limits: LatticeLimits,
): Int32Array[] | null {
  const layers = order.length;
  const bounds = rules.map((rule) => new RuleBounds(rule, order));
  const edges: Int32Array[] = [];
  let states = new Int32Array(rules.length);
  // A rule that nothing can break or nothing can keep is settled before the first layer.
  for (let r = 0; r < rules.length; r++) {
    const state = bounds[r]!.advance(0, 0);
    if (state === null)
      return order.map((_, layer) => new Int32Array(layer === 0 ? options[0]! : 0).fill(-1));
    states[r] = state;
  }
  let nodes = 1;
  let edgeTotal = 0;
  let nodeTotal = 1;
  for (let layer = 0; layer < layers; layer++) {
    const width = options[layer]!;
    edgeTotal += nodes * width;
    if (edgeTotal > limits.edges) return null;
    const strides: number[] = [];
    let keys = 1;
    for (const bound of bounds) {
      strides.push(keys);
      keys *= bound.width(layer + 1);
    }
    if (keys > Number.MAX_SAFE_INTEGER) return null;
    const table = keys <= DENSE_KEYS ? new Int32Array(keys).fill(-1) : null;
    const map = table === null ? new Map<number, number>() : null;
    const layerEdges = new Int32Array(nodes * width).fill(-1);
    const nextStates: number[] = [];
    const state = new Int32Array(rules.length);
    let next = 0;
    for (let node = 0; node < nodes; node++) {
      const base = node * rules.length;
      for (let option = 0; option < width; option++) {
        let key = 0;
        let isAlive = true;
        for (let r = 0; r < rules.length; r++) {
          const bound = bounds[r]!;
          let value = states[base + r]!;
          if (value !== SETTLED) {
            value += bound.tables[layer]?.[option] ?? 0;
            const least = value + bound.least[layer + 1]!;
            const largest = value + bound.largest[layer + 1]!;
            if (least > bound.upper || largest < bound.lower) {
              isAlive = false;
              break;
            }
            if (largest <= bound.upper && least >= bound.lower) value = SETTLED;
            else key += (value - bound.base[layer + 1]! + 1) * strides[r]!;
          }
          state[r] = value;
        }
        if (!isAlive) continue;
        let target = table === null ? (map!.get(key) ?? -1) : table[key]!;
        if (target < 0) {
          target = next++;
          if (table === null) map!.set(key, target);
          else table[key] = target;
          for (let r = 0; r < rules.length; r++) nextStates.push(state[r]!);
        }
        layerEdges[node * width + option] = target;
      }
    }
    nodeTotal += next;
    if (nodeTotal > limits.nodes) return null;
    edges.push(layerEdges);
    states = Int32Array.from(nextStates);
    nodes = next;
  }
  return edges;
}

/** What the layers still to come can add to one rule, and the range of useful partial sums. */
class RuleBounds {
  readonly tables: readonly (Int32Array | null)[];
  readonly lower: number;
  readonly upper: number;
  /** Least and largest sum of the layers from k on. */
  readonly least: Float64Array;
  readonly largest: Float64Array;
  /** Smallest useful partial sum before layer k. */
  readonly base: Float64Array;
  private readonly top: Float64Array;

  constructor(rule: SumRule, order: readonly number[]) {
    const layers = order.length;
    this.tables = order.map((variable) => rule.tables[variable]!);
    this.lower = rule.lower;
    this.upper = rule.upper;
    this.least = new Float64Array(layers + 1);
    this.largest = new Float64Array(layers + 1);
    for (let layer = layers - 1; layer >= 0; layer--) {
      const [low, high] = rangeOf(this.tables[layer]!);
      this.least[layer] = this.least[layer + 1]! + low;
      this.largest[layer] = this.largest[layer + 1]! + high;
    }
    this.base = new Float64Array(layers + 1);
    this.top = new Float64Array(layers + 1);
    let low = 0;
    let high = 0;
    for (let layer = 0; layer <= layers; layer++) {
      this.base[layer] = Math.max(low, this.lower - this.largest[layer]!);
      this.top[layer] = Math.min(high, this.upper - this.least[layer]!);
      if (layer < layers) {
        const [a, b] = rangeOf(this.tables[layer]!);
        low += a;
        high += b;
      }
    }
  }

  /** Number of keys before a layer: settled, or one of the useful partial sums. */
  width(layer: number): number {
    return Math.max(0, this.top[layer]! - this.base[layer]! + 1) + 1;
  }

  advance(value: number, layer: number): number | null {
    const least = value + this.least[layer]!;
    const largest = value + this.largest[layer]!;
    if (least > this.upper || largest < this.lower) return null;
    return largest <= this.upper && least >= this.lower ? SETTLED : value;
  }
}

function rangeOf(table: Int32Array | null): [number, number] {
  if (table === null) return [0, 0];
  return [table.reduce((a, b) => Math.min(a, b)), table.reduce((a, b) => Math.max(a, b))];
}

function backward(edges: readonly Int32Array[], options: readonly number[]): Float64Array[] {
  const counts: Float64Array[] = [];
  counts[edges.length] = Float64Array.of(1);
  for (let layer = edges.length - 1; layer >= 0; layer--) {
    const width = options[layer]!;
    const next = counts[layer + 1]!;
    const current = new Float64Array(edges[layer]!.length / width);
    for (let node = 0, e = 0; node < current.length; node++) {
      let sum = 0;
      for (let option = 0; option < width; option++, e++) {
        const target = edges[layer]![e]!;
        if (target >= 0) sum += next[target]!;
      }
      current[node] = sum;
    }
    counts[layer] = current;
  }
  return counts;
}

function backwardExact(edges: readonly Int32Array[], options: readonly number[]): bigint[][] {
  const counts: bigint[][] = [];
  counts[edges.length] = [1n];
  for (let layer = edges.length - 1; layer >= 0; layer--) {
    const width = options[layer]!;
    const next = counts[layer + 1]!;
    const nodes = edges[layer]!.length / width;
    const current: bigint[] = [];
    for (let node = 0, e = 0; node < nodes; node++) {
      let sum = 0n;
      for (let option = 0; option < width; option++, e++) {
        const target = edges[layer]![e]!;
        if (target >= 0) sum += next[target]!;
      }
      current.push(sum);
    }
    counts[layer] = current;
  }
  return counts;
}
