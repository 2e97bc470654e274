import type { Metric, ModelCard } from "../campaign/contract.ts";
import { formatNumber, formatPercent, unitSuffix } from "./format.ts";
import { metricInfo } from "./metric-info.ts";

/** A model's worth in words. */
export interface Verdict {
  readonly tone: "good" | "fair" | "poor";
  readonly sentences: readonly string[];
}

const order = ["rmse", "mae", "rocauc", "balancedaccuracy", "accuracy", "brier", "r2"];

/** How much to trust a model: against each baseline by its leading metric, then its intervals. */
export function modelVerdict(model: ModelCard): Verdict {
  const names = Object.keys(model.metrics);
  const rank = (name: string): number => {
    const at = order.indexOf(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
    return at < 0 ? order.length : at;
  };
  const leading = names.toSorted((a, b) => rank(a) - rank(b))[0];
  const sentences: string[] = [];
  let tone: Verdict["tone"] = "good";
  if (leading === undefined) {
    sentences.push("This model was not tested against held-out data.");
    tone = "fair";
  } else {
    const comparisons = Object.entries(model.baseline).flatMap(([baseline, metrics]) => {
      const own = model.metrics[leading];
      const other = metrics[leading];
      return own === undefined || other === undefined
        ? []
        : [compare(leading, own, baseline, other, model.unit)];
    });
    sentences.push(...comparisons.map((c) => c.sentence));
    if (comparisons.length === 0) tone = "fair";
    if (comparisons.some((c) => c.outcome === "same")) tone = "fair";
    if (comparisons.some((c) => c.outcome === "worse")) tone = "poor";
  }
  const honesty = calibrationSentence(model);
  if (honesty !== null) sentences.push(honesty);
  return { tone, sentences };
}

function compare(
  name: string,
  own: Metric,
  baseline: string,
  other: Metric,
  unit: string,
): { outcome: "better" | "same" | "worse"; sentence: string } {
  const { title, hasUnit, better } = metricInfo(name);
  const suffix = hasUnit ? unitSuffix(unit) : "";
  const gain = better === "low" ? other.mean - own.mean : own.mean - other.mean;
  const noise = Math.hypot(own.std, other.std);
  const figures = `${title} ${formatNumber(own.mean, 3)} against ${formatNumber(other.mean, 3)}${suffix}`;
  const who = baselineWords(baseline, hasUnit);
  if (Math.abs(gain) <= noise) {
    return {
      outcome: "same",
      sentence: `No clear difference from ${who}: ${figures}, within the spread of the repeats.`,
    };
  }
  if (gain < 0) {
    return { outcome: "worse", sentence: `Worse than ${who}: ${figures}. Do not rely on it.` };
  }
  // An error can shrink by a share; a score between fixed ends is compared by its difference.
  const by =
    better === "low" && other.mean > 0
      ? formatPercent(Math.round((100 * gain) / other.mean) / 100)
      : formatNumber(gain, 2);
  return { outcome: "better", sentence: `Better than ${who} by ${by}: ${figures}.` };
}

/** A baseline as a person would name it. */
function baselineWords(name: string, hasUnit: boolean): string {
  if (name !== "dummy") return `the ${name} baseline`;
  return hasUnit ? "always guessing the mean" : "guessing without looking at the composition";
}

/** Whether intervals or probabilities keep what they promise; null without calibration. */
function calibrationSentence(model: ModelCard): string | null {
  const total = model.calibration.reduce((sum, c) => sum + c.count, 0);
  if (total === 0) return null;
  if (model.task === "classification") {
    const gap =
      model.calibration.reduce((sum, c) => sum + c.count * Math.abs(c.observed - c.nominal), 0) /
      total;
    return `Its probabilities are off by ${formatPercent(gap)} on average.`;
  }
  const point = model.calibration.toSorted(
    (a, b) => Math.abs(a.nominal - 0.9) - Math.abs(b.nominal - 0.9),
  )[0];
  if (point === undefined) return null;
  const shown = `Its ${formatPercent(point.nominal)} intervals hold ${formatPercent(point.observed)} of the measurements`;
  const gap = point.observed - point.nominal;
  if (Math.abs(gap) <= 0.05) return `${shown}: the uncertainties are honest.`;
  return gap < 0
    ? `${shown}: the uncertainties are too small, expect more surprises.`
    : `${shown}: the uncertainties are on the cautious side.`;
}
