import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { requireWhole, resolveSettings } from "../run.ts";
import { baseRow, beginDesign, requireFeasible } from "./begin.ts";
import type { DesignSpec } from "./contract.ts";
import { bestFraction, bitsOf } from "./generators.ts";

export interface FractionalFactorialSettings {
  /** Without a number of experiments, the smallest fraction of at least this resolution. */
  readonly resolution: number;
}

/** Most factors and base factors whose generators are searched. */
const mostFactors = 20;
const mostBase = 10;

/** Signs of a two-level design. */
export interface TwoLevelDesign {
  /** runs x factors, -1 and 1. */
  readonly signs: Matrix;
  /** Null for all combinations. */
  readonly resolution: number | null;
  /** `E = ABC`, one for each factor that is made of others. */
  readonly generators: readonly string[];
}

/**
 * A two-level design of 2^base runs for some factors.
 * @throws InputError for too few runs or more than all combinations
 */
export function twoLevelDesign(factors: number, base: number): TwoLevelDesign {
  const fraction = base <= factors ? bestFraction(base, factors - base) : null;
  if (fraction === null) {
    throw new InputError(
      `fractional-factorial: ${1 << base} runs do not fit ${factors} two-level factors.`,
      {
        path: "n",
        expected: `a power of two above ${factors}, at most ${1 << factors}`,
        received: `${1 << base}`,
      },
    );
  }
  const runs = 1 << base;
  const signs = matrix(runs, factors);
  for (let run = 0; run < runs; run++) {
    const row = rowOf(signs, run);
    for (let k = 0; k < base; k++) row[k] = (run >>> k) & 1 ? 1 : -1;
    fraction.generators.forEach((mask, g) => {
      // The product of the base factors of the word: minus for an odd number of low ones.
      row[base + g] = bitsOf(mask & ~run) % 2 === 1 ? -1 : 1;
    });
  }
  return {
    signs,
    resolution: base === factors ? null : fraction.resolution,
    generators: fraction.generators.map((mask, g) => `${letter(base + g)} = ${word(mask)}`),
  };
}

/** The smallest two-level design of at least this resolution. */
export function smallestOfResolution(factors: number, resolution: number): TwoLevelDesign {
  for (let base = 1; base < factors; base++) {
    if (factors - base > (1 << base) - 1 - base) continue;
    const fraction = bestFraction(base, factors - base);
    if (fraction !== null && fraction.resolution >= resolution)
      return twoLevelDesign(factors, base);
  }
  return twoLevelDesign(factors, factors);
}

/** Letters as in the tables, without I, which stands for the identity. */
const letter = (k: number): string => "ABCDEFGHJKLMNOPQRSTUVWXYZ"[k];

const word = (mask: number): string =>
  Array.from({ length: 32 - Math.clz32(mask) }, (_, k) => ((mask >>> k) & 1 ? letter(k) : "")).join(
    "",
  );

/**
 * A fraction of all combinations of the lowest and the highest value of each factor, with the largest resolution for its
 * number of runs, which is a power of two.
 */
export const fractionalFactorial: DesignSpec<FractionalFactorialSettings> = {
  name: "fractional-factorial",
  title: "Two-level fractional factorial",
  supports: { composition: "none", lists: false, constraints: false, ownSize: true, known: false },
  defaults: { resolution: 4 },
  async points(space, options, given) {
    const { resolution } = resolveSettings(
      fractionalFactorial.name,
      fractionalFactorial.defaults,
      given,
    );
    requireWhole(fractionalFactorial.name, "resolution", resolution, 3);
    const { others } = beginDesign(fractionalFactorial, space, options);
    const k = others.length;
    if (k < 1 || k > mostFactors) {
      throw new UnsupportedError(
        `fractional-factorial: takes 1 to ${mostFactors} factors, the space has ${k}.`,
      );
    }
    for (const column of others) {
      const { kind, label, min, max } = space.columns[column];
      if (kind !== "category" || max - min === 1) continue;
      throw new UnsupportedError(
        `fractional-factorial: takes two words a category, "${label}" has ${max - min + 1}.`,
        { hint: "Use a full factorial or a d-optimal design." },
      );
    }
    const { n } = options;
    const base = n === null ? null : exponentOfTwo(n);
    if (base !== null && !(Number.isInteger(base) && base >= 1 && base <= mostBase)) {
      throw new InputError(`fractional-factorial: expected a power of two of runs, got ${n}.`, {
        path: "n",
        expected: `2, 4, 8, ... ${1 << mostBase}`,
        received: `${n}`,
      });
    }
    const design = base === null ? smallestOfResolution(k, resolution) : twoLevelDesign(k, base);
    const fixed = baseRow(space, options.rng);
    const rows = matrix(design.signs.rows, space.dimension);
    for (let i = 0; i < rows.rows; i++) {
      const row = rowOf(rows, i);
      row.set(fixed);
      others.forEach((column, f) => {
        const { min, max } = space.columns[column];
        row[column] = design.signs.data[i * k + f] < 0 ? min : max;
      });
    }
    requireFeasible(fractionalFactorial.name, space, rows);
    const names = others.map((column, f) => `${letter(f)} ${space.columns[column].label}`);
    return Promise.resolve({
      rows,
      figures: design.resolution === null ? {} : { resolution: design.resolution },
      notes: [
        design.resolution === null
          ? "All combinations of two levels: every effect can be told."
          : `${resolutionText(design.resolution)} ${names.join(", ")}; ${design.generators.join(", ")}.`,
      ],
    });
  },
};

function resolutionText(resolution: number): string {
  const numeral = ["III", "IV", "V", "VI", "VII", "VIII"][resolution - 3] ?? `${resolution}`;
  const meaning =
    resolution === 3
      ? "main effects are mixed with effects of pairs"
      : resolution === 4
        ? "main effects are clear of pairs, pairs are mixed with each other"
        : "main effects and effects of pairs are clear of each other";
  return `Resolution ${numeral}: ${meaning}.`;
}

/** k for 2^k, else a number that is not whole. */
function exponentOfTwo(n: number): number {
  const exponent = 31 - Math.clz32(n);
  return n === 1 << exponent ? exponent : Number.NaN;
}
