import { countOf, formatNumber } from "../../core/format.ts";
import type { Rng } from "../../core/rng.ts";
import { takeRows } from "../../core/matrix.ts";
import { stage, type Work } from "../../core/work.ts";
import { resolveSettings } from "../run.ts";
import { findReach, type Reach } from "./attainable.ts";
import type { InverseProblem, LikelihoodSettings, Posterior } from "./contract.ts";
import { logLikelihoodOf } from "./likelihood.ts";
import { findModes, modeDefaults, type Mode, type ModeSettings } from "./modes.ts";
import { shareError } from "./share-error.ts";
import {
  openDirections,
  sensitivityOf,
  type GoalSensitivity,
  type OpenDirections,
} from "./sensitivity.ts";

/**
 * What kind of answer the inverse problem has, the gravest first.
 *
 * | verdict | meaning |
 * |---|---|
 * | unreachable | no design is predicted to have what is asked for, within twice the uncertainty |
 * | unstable | a small change of what is asked for moves a solution far |
 * | a continuum | solutions vary freely in at least one direction |
 * | several | a few separate solutions |
 * | unique | one solution |
 */
export type IllPosedness = "unreachable" | "unstable" | "a continuum" | "several" | "unique";

/** A mode with what is known of its solutions. */
export interface JudgedMode extends Mode {
  /** Standard error of the weight. */
  readonly weightError: number;
  readonly sensitivity: readonly GoalSensitivity[];
  readonly freedom: OpenDirections;
}

export interface IllPosednessReport {
  readonly verdict: IllPosedness;
  /** The verdict and its reasons, in plain sentences. */
  readonly sentences: readonly string[];
  readonly reach: Reach;
  /** The weightiest first. */
  readonly modes: readonly JudgedMode[];
  /** Share of the posterior in modes too small to be listed. */
  readonly otherWeight: number;
  /** Designs that were predicted for this report, beyond those of the posterior. */
  readonly evaluated: number;
}

export interface IllPosednessSettings extends ModeSettings {
  /** Designs that may be predicted in search of the nearest one. */
  readonly budget: number;
  /** Change of a column over its range, per change of a goal over its scale, from which a solution is unstable. */
  readonly unstableGain: number;
}

export const illPosednessDefaults: IllPosednessSettings = {
  ...modeDefaults,
  budget: 4000,
  unstableGain: 10,
};

/** Share of the probability in unlisted families from which they are mentioned. */
const notableWeight = 0.05;
/** Best designs of the sample that the search for the nearest one starts from. */
const mostStarts = 50;

/**
 * Says what kind of answer an inverse problem has: whether what is asked for can be reached, how many
 * separate solutions there are, how free each is, and how sensitive to what is asked for.
 * @param posterior of the problem, made with the same `likelihood`
 * @throws as `findReach` and `findModes`
 */
export async function reportIllPosedness(
  problem: InverseProblem,
  posterior: Posterior,
  likelihood: LikelihoodSettings,
  { rng, work = {} }: { readonly rng: Rng; readonly work?: Work },
  given: Partial<IllPosednessSettings> = {},
): Promise<IllPosednessReport> {
  const { budget, unstableGain, ...modeSettings } = resolveSettings(
    "ill-posedness",
    illPosednessDefaults,
    given,
  );
  const { space, goals } = problem;
  let evaluated = 0;
  const order = Int32Array.from(posterior.logLikelihood.keys()).sort(
    (a, b) => posterior.logLikelihood[b] - posterior.logLikelihood[a],
  );
  const reach = await findReach(problem, likelihood, {
    start: takeRows(posterior.rows, order.subarray(0, mostStarts)),
    budget,
    rng: rng.fork("reach"),
    work: stage(work, 0, 0.9, "nearest design"),
  });
  evaluated += reach.evaluated;
  const modes = await findModes(
    posterior,
    space,
    async (rows) => {
      evaluated += rows.rows;
      return logLikelihoodOf(goals, await problem.predict(rows), likelihood);
    },
    modeSettings,
    stage(work, 0.9, 1),
  );
  const judged = modes.map((mode) => ({
    ...mode,
    weightError: shareError(posterior, mode.members),
    sensitivity: sensitivityOf(mode, posterior, space, goals, likelihood),
    freedom: openDirections(mode, posterior, space),
  }));
  const otherWeight = Math.max(0, 1 - modes.reduce((sum, { weight }) => sum + weight, 0));
  const verdict = verdictOf(reach, judged, otherWeight, unstableGain);
  return {
    verdict,
    sentences: sentencesFor(verdict, reach, judged, otherWeight, unstableGain),
    reach,
    modes: judged,
    otherWeight,
    evaluated,
  };
}

const gainOf = ({ sensitivity }: JudgedMode): number =>
  sensitivity.reduce((most, { gain }) => Math.max(most, gain), 0);

function verdictOf(
  reach: Reach,
  modes: readonly JudgedMode[],
  otherWeight: number,
  unstableGain: number,
): IllPosedness {
  if (!reach.isReached) return "unreachable";
  if (modes.some((mode) => gainOf(mode) > unstableGain)) return "unstable";
  if (modes.some(({ freedom }) => freedom.open > 0)) return "a continuum";
  return modes.length === 1 && otherWeight <= notableWeight ? "unique" : "several";
}

function sentencesFor(
  verdict: IllPosedness,
  reach: Reach,
  modes: readonly JudgedMode[],
  otherWeight: number,
  unstableGain: number,
): string[] {
  const sentences = reachSentences(reach);
  if (verdict === "unreachable") {
    return [
      ...sentences,
      "The designs listed are the best compromises, not solutions; relax a goal or widen the space.",
    ];
  }
  const shares = modes.slice(0, 6).map(({ weight }) => `${formatNumber(100 * weight, 2)} %`);
  if (modes.length > 1) {
    const more = modes.length > shares.length ? ", ..." : "";
    sentences.push(
      `There are ${modes.length} separate families of solutions (${shares.join(", ")}${more} of the probability).`,
    );
  } else if (otherWeight <= notableWeight) {
    sentences.push("All solutions found belong to one family.");
  }
  const freest = modes.toSorted((a, b) => b.freedom.open - a.freedom.open)[0];
  if (freest !== undefined) {
    const { open, directions } = freest.freedom;
    sentences.push(
      open > 0
        ? `Solutions are not single points: ${modes.length > 1 ? "one family leaves" : "they leave"} ` +
            `${open} of ${countOf(directions, "independent direction")} of the space about as open as before; ` +
            "more goals or constraints would narrow them."
        : modes.length > 1
          ? "Each family is narrow in every direction."
          : "It is narrow in every direction.",
    );
  }
  const touchiest = modes
    .flatMap(({ sensitivity }) => sensitivity)
    .toSorted((a, b) => b.gain - a.gain)[0];
  if (touchiest !== undefined && touchiest.gain > unstableGain) {
    sentences.push(
      `A solution is unstable: moving "${touchiest.label}" by 1 % of the property's spread moves ` +
        `${touchiest.column} by ${formatNumber(touchiest.gain, 2)} % of its range.`,
    );
  }
  if (otherWeight > notableWeight) {
    sentences.push(
      `${formatNumber(100 * otherWeight, 2)} % of the probability lies in families too small to be listed.`,
    );
  }
  return sentences;
}

function reachSentences({ isReached, goals, distance }: Reach): string[] {
  const misses = goals.filter(({ gap }) => gap !== 0);
  const text = ({ label, mean, gap, allowance }: Reach["goals"][number]): string => {
    const size = formatNumber(Math.abs(gap), 3);
    const stds =
      allowance > 0 ? `, ${formatNumber(Math.abs(gap) / allowance, 2)} standard deviations` : "";
    return `"${label}" is predicted at ${formatNumber(mean)}, ${size} too ${gap < 0 ? "low" : "high"}${stds}`;
  };
  if (!isReached) {
    const missed = misses.filter((one) => !one.isReached);
    return [
      `What is asked for cannot be reached in this space: at the nearest design found ${missed.map(text).join("; ")}.`,
      `Its distance to what is attainable is ${formatNumber(distance, 2)} times the properties' spread.`,
    ];
  }
  const notable = misses.filter(({ gap, allowance }) => Math.abs(gap) > 0.1 * allowance);
  return notable.length === 0
    ? ["What is asked for can be reached: a design is predicted to meet it."]
    : [
        `What is asked for can be reached within the uncertainty: at the nearest design found ${notable.map(text).join("; ")}.`,
      ];
}
