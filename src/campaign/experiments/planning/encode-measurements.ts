import { InputError } from "../../../core/errors.ts";
import { countOf } from "../../../core/format.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../../core/matrix.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { Observations } from "../../../search/planning/contract.ts";
import type { Design, SearchSpace } from "../../../space/contract.ts";
import type { ExperimentSetup, Measurement } from "../contract.ts";
import type { ExperimentGoal } from "./experiment-goals.ts";
import { nameOf } from "../measurement-name.ts";

/** Measurements as a planner sees them. */
export interface EncodedMeasurements {
  readonly observations: Observations;
  /** Index into the measurements of each observed row. */
  readonly measured: readonly number[];
  /** Designs never to propose again. */
  readonly abandoned: Matrix;
  /** Completed measurements with at least one wanted outcome. */
  readonly completed: number;
  readonly warnings: readonly string[];
}

/**
 * Encodes measurements: completed ones are observed, infeasible ones teach the classifier, abandoned ones
 * are excluded, failed ones say nothing. A design outside the space is observed where the space has a row for
 * it (a number beyond its range), else it is left out with a warning.
 * @throws InputError for outcomes that are not declared, or not of their kind
 */
export function encodeMeasurements(
  { space, outcomes }: ExperimentSetup,
  goals: readonly ExperimentGoal[],
  measurements: readonly Measurement[],
): EncodedMeasurements {
  const dropped = new Map<string, number[]>();
  const rows: Float64Array[] = [];
  const measured: number[] = [];
  const infeasible: Float64Array[] = [];
  const abandoned: Float64Array[] = [];
  measurements.forEach((measurement, i) => {
    requireOutcomes(measurement, i, outcomes);
    if (measurement.status === "failed") return;
    const row = encoded(space, measurement.design, i, dropped);
    if (row === null) return;
    if (measurement.status === "infeasible") infeasible.push(row);
    else if (measurement.status === "abandoned") abandoned.push(row);
    else {
      rows.push(row);
      measured.push(i);
    }
  });
  const values = matrix(rows.length, goals.length);
  const noise = matrix(rows.length, goals.length, new Float64Array(values.data.length).fill(NaN));
  let completed = 0;
  measured.forEach((i, k) => {
    const { outcomes: told, noiseStd = {} } = measurements[i]!;
    goals.forEach(({ outcome, numberOf }, g) => {
      values.data[k * goals.length + g] = numberOf(told[outcome.name]);
      const std = noiseStd[outcome.name];
      if (std !== undefined) noise.data[k * goals.length + g] = std;
    });
    if (rowOf(values, k).some((value) => !Number.isNaN(value))) completed++;
  });
  return {
    observations: {
      rows: rowsOf(rows, space),
      outcomes: values,
      ...(noise.data.every(Number.isNaN) ? {} : { noiseStd: noise }),
      ...(infeasible.length === 0 ? {} : { infeasible: rowsOf(infeasible, space) }),
    },
    measured,
    abandoned: rowsOf(abandoned, space),
    completed,
    warnings: leftOut(dropped, measurements),
  };
}

/**
 * Designs that are being measured or may be proposed, as rows.
 * @throws InputError for one that the space cannot hold
 */
export const encodeDesigns = (space: SearchSpace, designs: readonly Design[]): Matrix =>
  rowsOf(
    designs.map((design) => space.encode(design)),
    space,
  );

const rowsOf = (rows: readonly Float64Array[], { dimension }: SearchSpace): Matrix =>
  rows.length === 0 ? matrix(0, dimension) : matrixOf(rows);

function encoded(
  space: SearchSpace,
  design: Design,
  i: number,
  dropped: Map<string, number[]>,
): Float64Array | null {
  try {
    return space.encode(design);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const why = error.message.replace(/^encode: /, "");
    dropped.set(why, [...(dropped.get(why) ?? []), i]);
    return null;
  }
}

/** What is told of each reason, and how many reasons are. */
const mostListed = 5;

/** One warning for all measurements that the space cannot hold, the most frequent reasons first. */
function leftOut(
  dropped: ReadonlyMap<string, readonly number[]>,
  measurements: readonly Measurement[],
): string[] {
  if (dropped.size === 0) return [];
  const count = [...dropped.values()].reduce((sum, which) => sum + which.length, 0);
  const reasons = [...dropped].sort(([, a], [, b]) => b.length - a.length);
  const told = reasons
    .slice(0, mostListed)
    .map(([why, which]) => `${why.replace(/\.$/, "")} (${listed(which, measurements)})`);
  const more = reasons.length - mostListed;
  return [
    `${countOf(count, "measurement")} left out, as the space has no place for ${count === 1 ? "it" : "them"}: ` +
      `${told.join("; ")}${more > 0 ? `; and ${countOf(more, "other reason")}` : ""}.`,
  ];
}

function listed(which: readonly number[], measurements: readonly Measurement[]): string {
  const shown = which.slice(0, mostListed).map((i) => nameOf(measurements, i));
  const more = which.length - mostListed;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function requireOutcomes(
  { outcomes: told, noiseStd = {} }: Measurement,
  i: number,
  outcomes: ExperimentSetup["outcomes"],
): void {
  const path = `measurement ${i + 1}`;
  const names = outcomes.map(({ name }) => name);
  for (const name of [...Object.keys(told), ...Object.keys(noiseStd)]) {
    if (names.includes(name)) continue;
    throw new InputError(`There is no outcome "${name}".`, {
      path,
      expected: names.join(", "),
      received: name,
      hint: suggest(name, names),
    });
  }
  for (const { name, kind, classes } of outcomes) {
    const value = told[name];
    if (value === undefined || value === null) continue;
    const fits =
      kind === "class"
        ? classes.includes(String(value))
        : typeof value === "number" && Number.isFinite(value);
    if (!fits) {
      throw new InputError(`The outcome "${name}" cannot be ${JSON.stringify(value)}.`, {
        path,
        expected: kind === "class" ? `one of ${classes.join(", ")}` : "a finite number",
        received: String(value),
      });
    }
  }
  for (const [name, std] of Object.entries(noiseStd)) {
    if (Number.isFinite(std) && std >= 0) continue;
    throw new InputError(`The standard deviation of "${name}" cannot be ${std}.`, {
      path,
      expected: "a finite number of 0 or more",
      received: String(std),
    });
  }
}
