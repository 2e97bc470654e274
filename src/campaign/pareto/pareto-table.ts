import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { matrix, takeRows } from "../../core/matrix.ts";
import type { Table } from "../../data/contract.ts";
import { findColumn } from "../../data/table.ts";
import { hypervolume } from "../../search/pareto/hypervolume.ts";
import { kneePoint } from "../../search/pareto/knee.ts";
import { nonDominatedSort, objectiveRanges } from "../../search/pareto/sort.ts";
import { isObjective } from "../experiments/planning/best-so-far.ts";
import type { Measurement, OutcomeValue } from "../experiments/contract.ts";
import { experimentGoals, type ExperimentGoal } from "../experiments/planning/experiment-goals.ts";
import { tableOutcome, tableTargets } from "../experiments/table-targets.ts";
import { measuredObjectives } from "./measured-objectives.ts";
import { referenceCorner, referenceRule } from "./reference-corner.ts";

export interface ParetoOptions {
  /** Texts such as `strength -> maximise`, `cost -> minimise`, `cost <= 5 USD/kg`. */
  readonly targets: readonly string[];
  /** Worst acceptable value by outcome, in its unit, instead of the rule. */
  readonly reference?: Readonly<Record<string, number>>;
}

export interface ParetoRow {
  /** Counted from 1 below the header. */
  readonly row: number;
  /** 1 = on the front; rows that miss a requirement come after all that meet them. */
  readonly rank: number;
  readonly meets: boolean;
  /** The front's row where a little more of one objective costs most of another. */
  readonly isKnee: boolean;
  readonly values: Readonly<Record<string, OutcomeValue>>;
}

export interface ParetoResult {
  readonly targets: readonly string[];
  readonly outcomes: readonly { readonly name: string; readonly unit: string }[];
  /** In the order of ranks, then of the table. */
  readonly rows: readonly ParetoRow[];
  /** Rows that lack one of the targets. */
  readonly leftOut: number;
  /** Corner of the hypervolume by objective, in the outcome's unit. */
  readonly reference: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
    readonly source: "given" | "target" | "rule";
  }[];
  readonly rule: string;
  /** Of the rows that meet the requirements, in the product of the outcomes' units; null for fewer than two objectives. */
  readonly hypervolume: number | null;
  /** Its share of the box from the reference to the best value of every objective. */
  readonly hypervolumeShare: number | null;
}

/**
 * Ranks the rows of a table by targets on its columns: which are not dominated, which the knee is, and how much of the
 * space of outcomes they cover.
 * @throws InputError for targets or reference values that name nothing, or no row with every target
 */
export function paretoTable(table: Table, options: ParetoOptions): ParetoResult {
  const { targets, wanted } = tableTargets(table, options.targets);
  const outcomes = wanted.map(({ spec }) => spec);
  const values = Array.from({ length: table.rows }, (_, i) =>
    Object.fromEntries(wanted.map((one) => [one.spec.name, tableOutcome(one, i)])),
  );
  const usable = [...values.keys()].filter((i) =>
    Object.values(values[i]!).every((value) => value !== null),
  );
  if (usable.length === 0) {
    throw new InputError(`${table.source} has no row with every target.`, {
      file: table.source,
      expected: outcomes.map(({ name }) => name).join(", "),
    });
  }
  const told = usable.map((i): Measurement => ({
    design: {},
    status: "completed",
    outcomes: values[i]!,
  }));
  const reference = byColumn(table, options.reference);
  const goals = withReference(experimentGoals({ targets, outcomes }, told), reference);
  const numbers = matrix(usable.length, goals.length);
  usable.forEach((i, k) =>
    goals.forEach(({ outcome, numberOf }, g) => {
      numbers.data[k * goals.length + g] = numberOf(values[i]![outcome.name]);
    }),
  );
  const plain = goals.map(({ goal }) => goal);
  const { objectives, violation } = measuredObjectives(plain, numbers);
  const ranks = nonDominatedSort(objectives, violation);
  const meeting = Int32Array.from([...usable.keys()].filter((k) => violation[k] === 0));
  const front = meeting.filter((k) => ranks[k] === 1);
  const several = goals.filter(({ goal }) => isObjective(goal));
  const knee = front.length > 2 && several.length > 1 ? kneePoint(objectives, front) : -1;
  const counted = meeting.length > 0 ? meeting : Int32Array.from(usable.keys());
  const corner = referenceCorner(plain, objectives, counted);
  const covered = several.length > 1 ? hypervolume(takeRows(objectives, meeting), corner) : null;
  const { low } = objectiveRanges(objectives, counted);
  const box = corner.reduce((product, worst, k) => product * (worst - low[k]!), 1);
  const rows = usable.map((i, k): ParetoRow => ({
    row: i + 1,
    rank: ranks[k]!,
    meets: violation[k] === 0,
    isKnee: k === knee,
    values: values[i]!,
  }));
  return {
    targets: options.targets,
    outcomes: outcomes.map(({ name, unit }) => ({ name, unit })),
    rows: rows.sort((a, b) => a.rank - b.rank || a.row - b.row),
    leftOut: table.rows - usable.length,
    reference: several.map((goal, k) => cornerOf(goal, corner[k]!, reference)),
    rule: referenceRule,
    hypervolume: covered,
    hypervolumeShare: covered === null ? null : box > 0 ? covered / box : 0,
  };
}

/** Values by the name of their column, whether it was named by that or by its header. */
const byColumn = (table: Table, values: ParetoOptions["reference"] = {}): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [findColumn(table, name)?.name ?? name, value]),
  );

/** The goals with the worst acceptable values that were given. */
function withReference(
  goals: readonly ExperimentGoal[],
  reference: ParetoOptions["reference"] = {},
): ExperimentGoal[] {
  const names = goals.filter(({ goal }) => isExtreme(goal)).map(({ outcome }) => outcome.name);
  for (const name of Object.keys(reference)) {
    if (names.includes(name)) continue;
    throw new InputError(`"${name}" is neither maximised nor minimised.`, {
      path: "--reference",
      expected: names.join(", "),
      received: name,
      hint: suggest(name, names),
    });
  }
  return goals.map((one) => {
    const worst = reference[one.outcome.name];
    if (worst === undefined) return one;
    const limit = one.goal.kind === "maximise" ? { low: worst } : { high: worst };
    return { ...one, goal: { ...one.goal, ...limit } };
  });
}

const isExtreme = ({ kind }: ExperimentGoal["goal"]): boolean =>
  kind === "maximise" || kind === "minimise";

function cornerOf(
  { goal, outcome, target }: ExperimentGoal,
  value: number,
  given: ParetoOptions["reference"] = {},
): ParetoResult["reference"][number] {
  const isLimited = goal.kind === "maximise" ? goal.low !== null : goal.high !== null;
  const source =
    given[outcome.name] !== undefined ? "given" : isLimited && isExtreme(goal) ? "target" : "rule";
  // A match counts by its distance from the wanted value.
  const name =
    goal.kind === "match" ? `distance of ${outcome.name} from ${target.low}` : outcome.name;
  return { name, value: goal.kind === "maximise" ? -value : value, unit: outcome.unit, source };
}
