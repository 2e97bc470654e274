import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { InputColumn } from "../contract.ts";
import { checkNumberOption, withDefaults } from "../fit-input.ts";
import { readState } from "../saved-state.ts";
import { numberColumns, otherColumns, takeColumns } from "./columns.ts";
import type { FeatureStep, FeatureStepSpec } from "./contract.ts";
import { featureScores, type FeatureScoreName } from "./feature-scores.ts";

export interface SelectOptions {
  /** How columns are ranked. */
  readonly by: FeatureScoreName;
  /** Most columns of numbers that are kept. */
  readonly keep: number;
}

/** Columns named in the summary. */
const mostNamed = 8;

const defaults: SelectOptions = { by: "mutual-information", keep: 20 };

/**
 * Keeps the columns of numbers that tell most about the target in the training rows, in their old order;
 * of equal ones the first. Columns that tell nothing (score 0 or less) go, but for the best one.
 * Categories stay.
 */
export const select = {
  name: "select",
  title: "The columns that tell most",
  defaults,
  takesMissing: false,
  fillsMissing: false,
  async fit({ x, y, task, columns, rng, work = {} }, options) {
    const { by, keep } = withDefaults<SelectOptions>("select", defaults, options);
    checkNumberOption("select", "keep", keep, { min: 1, integer: true });
    if (!Object.hasOwn(featureScores, by)) {
      throw new InputError(`select: "${by}" is no way to rank columns.`, {
        path: "by",
        expected: `one of ${Object.keys(featureScores).join(", ")}`,
        received: by,
        hint: suggest(by, Object.keys(featureScores)),
      });
    }
    const numbers = numberColumns(columns);
    if (numbers.length === 0) return fitted(otherColumns(columns), by, columns);
    const scores = await featureScores[by]({ x: takeColumns(x, numbers), y, task, rng, work });
    const ranked = numbers
      .map((j, k) => ({ j, score: scores[k] }))
      .sort((a, b) => b.score - a.score || a.j - b.j);
    const kept = ranked.filter(({ score }, k) => k < keep && (k === 0 || score > 0));
    const chosen = [...kept.map(({ j }) => j), ...otherColumns(columns)].sort((a, b) => a - b);
    return fitted(chosen, by, columns);
  },
  load(saved, columns) {
    const state = readState("select", saved);
    const chosen = [...state.int32("chosen", state.number("count"))];
    const bad = chosen.find((j) => !(j >= 0 && j < columns.length));
    if (bad !== undefined || chosen.length === 0) {
      throw new InputError(`select: the saved step keeps column ${bad} of ${columns.length}.`, {
        path: "chosen",
        hint: "The file is damaged; train the model again.",
      });
    }
    return fitted(chosen, state.text("by"), columns);
  },
} as const satisfies FeatureStepSpec<SelectOptions>;

function fitted(
  chosen: readonly number[],
  by: string,
  columns: readonly InputColumn[],
): FeatureStep {
  const outputs = chosen.map((j) => columns[j]);
  const names = outputs.slice(0, mostNamed).map(({ name }) => name);
  return {
    name: "select",
    outputs,
    summary: {
      selected: `${chosen.length} of ${columns.length} by ${by}`,
      columns: [...names, ...(outputs.length > mostNamed ? ["..."] : [])].join(", "),
    },
    apply: (x) => takeColumns(x, chosen),
    save: () => ({
      settings: { by, count: chosen.length },
      arrays: { chosen: Int32Array.from(chosen) },
    }),
  };
}
