import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import { standardDeviation } from "../../../core/statistics.ts";
import type { TargetGoal } from "../../../search/objectives.ts";
import type { Target } from "../../../space/contract.ts";
import type { PropertySpec } from "../../../surrogates/forward-model.ts";
import type { ExperimentSetup, Measurement, OutcomeValue } from "../contract.ts";

/** One wish for one measured outcome: a goal with the way from what was told to a number. */
export interface ExperimentGoal {
  readonly outcome: PropertySpec;
  readonly target: Target;
  readonly goal: TargetGoal;
  /** The outcome as a number: a class as 1 where it is wanted, else 0; NaN where it was not measured. */
  readonly numberOf: (value: OutcomeValue | undefined) => number;
}

/**
 * The goals of a setup, one for each outcome that is wanted. A limit and a goal on the same outcome
 * (`strength -> maximise` with `strength >= 800 MPa`) make one: the limit is the worst acceptable value.
 * @throws InputError for a target on something that is not measured, and for two wishes that do not go together
 */
export function experimentGoals(
  { targets, outcomes }: Pick<ExperimentSetup, "targets" | "outcomes">,
  measurements: readonly Measurement[],
): ExperimentGoal[] {
  const goals: ExperimentGoal[] = [];
  for (const target of targets) {
    const outcome = outcomes.find(({ name }) => name === target.property);
    if (outcome === undefined) {
      throw new InputError(`"${target.property}" is a target but is not measured.`, {
        expected: outcomes.map(({ name }) => name).join(", "),
        received: target.text,
        hint: suggest(
          target.property,
          outcomes.map(({ name }) => name),
        ),
      });
    }
    const at = goals.findIndex((one) => one.outcome === outcome);
    if (at < 0) goals.push(goalOf(target, outcome, measurements));
    else goals[at] = joined(goals[at]!, target);
  }
  return goals;
}

function goalOf(
  target: Target,
  outcome: PropertySpec,
  measurements: readonly Measurement[],
): ExperimentGoal {
  const numberOf = (value: OutcomeValue | undefined): number => {
    if (value === undefined || value === null) return Number.NaN;
    if (target.kind === "class") return target.classes.includes(String(value)) ? 1 : 0;
    return value as number;
  };
  // A class that should be as probable as possible is an objective on 0 and 1.
  const kind =
    target.kind === "class" && target.direction !== null ? target.direction : target.kind;
  const values = measurements
    .filter(({ status }) => status === "completed")
    .map(({ outcomes }) => numberOf(outcomes[outcome.name]))
    .filter((value) => Number.isFinite(value));
  const { text, low, high } = target;
  const scale = target.kind === "class" ? 1 : spreadOf(values);
  return { outcome, target, numberOf, goal: { label: text, kind, low, high, scale } };
}

/** The standard deviation of what was measured, and where that says nothing the size of the numbers. */
function spreadOf(values: readonly number[]): number {
  const spread = values.length < 2 ? 0 : standardDeviation(values);
  if (spread > 0) return spread;
  return Math.max(...values.map(Math.abs), 0) || 1;
}

function joined(one: ExperimentGoal, other: Target): ExperimentGoal {
  const isExtreme = (kind: string): boolean => kind === "minimise" || kind === "maximise";
  const [extreme, range] = isExtreme(one.target.kind) ? [one.target, other] : [other, one.target];
  if (!isExtreme(extreme.kind) || range.kind !== "range") {
    throw new InputError(`"${other.property}" has two targets.`, {
      expected: "one target for each outcome, or a goal with a limit",
      received: `"${one.target.text}" and "${other.text}"`,
    });
  }
  const { low, high } = range;
  const { kind } = extreme as { kind: "minimise" | "maximise" };
  return {
    ...one,
    target: extreme,
    goal: { ...one.goal, label: extreme.text, kind, low, high },
  };
}
