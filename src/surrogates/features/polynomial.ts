import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import type { InputColumn } from "../contract.ts";
import { checkNumberOption, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { freeName, numberColumn, numberColumns, otherColumns } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";

export interface PolynomialOptions {
  /** Highest degree of the products, 2 or 3. */
  readonly degree: number;
  /** Only products of different columns, no powers. */
  readonly interactions: boolean;
}

/** More columns than this come from too many inputs; select some first. */
const mostColumns = 2000;

const defaults: PolynomialOptions = { degree: 2, interactions: false };

/** Adds the products of columns of numbers up to a degree: the numbers, then degree 2, then 3. */
export const polynomial = {
  name: "polynomial",
  title: "Products of columns",
  defaults,
  takesMissing: false,
  fillsMissing: false,
  async fit({ columns }, options) {
    const given = withDefaults<PolynomialOptions>("polynomial", defaults, options);
    checkNumberOption("polynomial", "degree", given.degree, { min: 2, max: 3, integer: true });
    if (typeof given.interactions !== "boolean") {
      throw new InputError(`polynomial: expected interactions to be true or false.`, {
        path: "interactions",
        received: String(given.interactions),
      });
    }
    return fitted(given, columns);
  },
  load(saved, columns) {
    const state = readState("polynomial", saved);
    return fitted(
      { degree: state.number("degree"), interactions: state.flag("interactions") },
      columns,
    );
  },
} as const satisfies FeatureStepSpec<PolynomialOptions>;

function fitted(options: PolynomialOptions, columns: readonly InputColumn[]): FeatureStep {
  const { degree, interactions } = options;
  const numbers = numberColumns(columns);
  const others = otherColumns(columns);
  const count = productCount(numbers.length, degree, interactions);
  if (count + others.length > mostColumns) {
    throw new InputError(
      `polynomial: ${numbers.length} columns have ${count} products up to degree ${degree}; at most ${mostColumns} are made.`,
      { path: "degree", hint: "Select fewer columns before, such as select:keep=20." },
    );
  }
  const products = productsOf(numbers, degree, interactions);
  const taken = new Set(columns.map(({ name }) => name));
  const outputs = [
    ...products.map((factors) =>
      factors.length === 1
        ? columns[factors[0]]
        : numberColumn(freeName(nameOf(factors, columns), taken)),
    ),
    ...others.map((j) => columns[j]),
  ];
  return {
    name: "polynomial",
    outputs,
    summary: { degree, columns: outputs.length },
    apply(x) {
      const result = matrix(x.rows, outputs.length);
      for (let i = 0, at = 0; i < x.rows; i++) {
        const row = i * x.columns;
        for (const factors of products) {
          let value = 1;
          for (const j of factors) value *= x.data[row + j];
          result.data[at++] = value;
        }
        for (const j of others) result.data[at++] = x.data[row + j];
      }
      return result;
    },
    save: () => ({ settings: { degree, interactions }, arrays: {} }),
  };
}

/** Products by degree, each with ascending factors. */
function productsOf(
  numbers: readonly number[],
  degree: number,
  interactions: boolean,
): (readonly number[])[] {
  const all: (readonly number[])[] = numbers.map((j) => [j]);
  let last = all.slice();
  for (let p = 2; p <= degree; p++) {
    last = last.flatMap((factors) => {
      const end = factors.at(-1)!;
      return numbers.filter((j) => (interactions ? j > end : j >= end)).map((j) => [...factors, j]);
    });
    all.push(...last);
  }
  return all;
}

/** How many products there are, without listing them. */
function productCount(d: number, degree: number, interactions: boolean): number {
  let total = 0;
  for (let p = 1; p <= degree; p++) {
    let choices = 1;
    for (let k = 0; k < p; k++) choices = (choices * (interactions ? d - k : d + k)) / (k + 1);
    total += choices;
  }
  return Math.round(total);
}

/** `Al^2`, `Al * Ti`. */
function nameOf(factors: readonly number[], columns: readonly InputColumn[]): string {
  const powers = new Map<number, number>();
  for (const j of factors) powers.set(j, (powers.get(j) ?? 0) + 1);
  return [...powers]
    .map(([j, power]) => (power === 1 ? columns[j].name : `${columns[j].name}^${power}`))
    .join(" * ");
}
