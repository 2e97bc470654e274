import type {
  Candidate,
  CandidateValidity,
  DesignResult,
  ModelCard,
  TargetKind,
} from "../campaign/contract.ts";
import { isBeyond, shownValidity } from "./shown-validity.ts";
import { candidatesCsv } from "./candidates-csv.ts";
import { settingDigits } from "../core/format.ts";
import { formatNumber, titleOf } from "./format.ts";
import { shareUnit } from "./share-unit.ts";
import { massFractions } from "./mass-fractions.ts";
import { elementColours } from "./palette.ts";
import type { ElementColour } from "./palette.ts";
import { reportElements } from "./report-elements.ts";

/** A quantity that plots can show on an axis: a target, another prediction, or the distance to data. */
export interface Axis {
  /** Property name; `distance` is the distance to the data. */
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** The direction that the problem wishes for; null for a range, a match or no target. */
  readonly better: "low" | "high" | null;
  /** What is asked for, in `unit`: a range, a matched value (both ends equal), a least probability. */
  readonly low: number | null;
  readonly high: number | null;
  readonly isTarget: boolean;
  /** A probability of belonging to a class. */
  readonly isClass: boolean;
}

/** One candidate in the order of the result; arrays follow `axes` and `elements`. */
export interface CandidateView {
  readonly id: string;
  readonly formula: string;
  readonly fractions: readonly number[];
  readonly massFractions: readonly (number | null)[];
  readonly process: readonly (readonly [string, string])[];
  readonly mean: readonly (number | null)[];
  readonly epistemic: readonly number[];
  readonly aleatoric: readonly number[];
  /** Place in the view's `checks`, value, whether it holds. */
  readonly checks: readonly (readonly [number, number | null, boolean])[];
  readonly feasible: boolean;
  /** Whether it lies among the data; null where nothing speaks of it. */
  readonly validity: CandidateValidity | null;
  /** At the edge of the data or beyond. */
  readonly beyond: boolean;
  readonly front: boolean;
  readonly rank: number;
  /** Null without data, as is what is nearest. */
  readonly distance: number | null;
  readonly nearest: {
    readonly formula: string;
    readonly row: number;
    readonly difference: string;
  } | null;
  readonly reason: string;
}

/** What the page's script needs, a good deal smaller than the whole result. */
export interface ReportView {
  readonly name: string;
  readonly axes: readonly Axis[];
  readonly elements: readonly ElementColour[];
  /** What fractions are given in: `at%` of elements, `%` of ingredients. */
  readonly shareUnit: "at%" | "%";
  readonly candidates: readonly CandidateView[];
  /** Everything that was checked; `isStated` for what the problem file says, else a bound of the space. */
  readonly checks: readonly {
    readonly text: string;
    readonly unit: string;
    readonly isStated: boolean;
  }[];
  /** Formulas of measured alloys, which the lists below name by their place. */
  readonly formulas: readonly string[];
  /** Per measured alloy: formula, row and a value per axis. */
  readonly measured: readonly {
    readonly formula: number;
    readonly row: number;
    readonly values: readonly (number | null)[];
  }[];
  readonly models: readonly ModelView[];
  readonly history: readonly HistorySeries[];
  readonly csv: string;
}

export interface ModelView {
  readonly title: string;
  readonly unit: string;
  readonly task: "regression" | "classification";
  readonly classes: readonly string[];
  /** Measured, predicted, standard deviation, place of the formula. */
  readonly parity: readonly (readonly [number, number, number, number])[];
  readonly calibration: ModelCard["calibration"];
}

/** Progress of one figure over the designs evaluated. */
export interface HistorySeries {
  readonly title: string;
  readonly unit: string;
  readonly points: readonly (readonly [number, number | null])[];
}

/** Reduces a result to what the page draws, numbers rounded to six digits. */
export function reportView(result: DesignResult): ReportView {
  const axes = reportAxes(result);
  const elements = elementColours(reportElements(result, "problem"));
  const formulas = placesOf<string>();
  const checks = placesOf<string>();
  const stated = new Set([
    ...result.problem.constraints,
    ...result.problem.targets.map((target) => target.text),
  ]);
  const { processUnits } = result.problem;
  const candidates = result.candidates.map((c) =>
    candidateView(c, axes, elements, checks, processUnits),
  );
  const units = new Map(
    result.candidates.flatMap((c) => c.constraints.map(({ text, unit }) => [text, unit] as const)),
  );
  return {
    name: result.problem.name,
    axes,
    elements,
    shareUnit: shareUnit({ elements }),
    candidates,
    measured: result.measured.map((m) => ({
      formula: formulas.at(m.formula),
      row: m.row,
      values: axes.map(({ key }) => (key === "distance" ? 0 : nullable(m.values[key]))),
    })),
    models: result.models.map((model) => ({
      title: modelTitle(result, model),
      unit: model.unit,
      task: model.task,
      classes: model.classes,
      // A histogram of probabilities needs neither deviations nor formulas.
      parity: model.parity.map((p): [number, number, number, number] =>
        model.task === "classification"
          ? [p.measured, round(p.predicted, 3), 0, 0]
          : [round(p.measured, 4), round(p.predicted, 4), round(p.std, 3), formulas.at(p.formula)],
      ),
      calibration: model.calibration.map((c) => ({
        nominal: round(c.nominal, 4),
        observed: round(c.observed, 4),
        count: c.count,
      })),
    })),
    history: historySeries(result),
    checks: checks.list.map((text) => ({
      text,
      unit: units.get(text) ?? "1",
      isStated: stated.has(text),
    })),
    formulas: formulas.list,
    csv: candidatesCsv(result),
  };
}

/** A list of different values and where each stands in it. */
interface Places<T> {
  readonly list: readonly T[];
  /** Place of a value, which joins the list when it is new. */
  at(value: T): number;
}

function placesOf<T>(): Places<T> {
  const list: T[] = [];
  const places = new Map<T, number>();
  return {
    list,
    at(value) {
      const known = places.get(value);
      if (known !== undefined) return known;
      places.set(value, list.length);
      return list.push(value) - 1;
    },
  };
}

/** The title of a model's property: the target's, else the name in words. */
export function modelTitle(result: DesignResult, model: ModelCard): string {
  const target = result.problem.targets.find((t) => t.property === model.property);
  return titleOf(target?.title ?? model.property);
}

/** Every axis in the order: targets, other predictions, distance to the data. */
export function reportAxes(result: DesignResult): Axis[] {
  const axes: Axis[] = [];
  const free = { better: null, low: null, high: null, isTarget: false, isClass: false };
  for (const target of result.problem.targets) {
    if (axes.some((axis) => axis.key === target.property)) continue;
    axes.push({
      key: target.property,
      title: titleOf(target.title),
      unit: target.unit,
      better: direction(target.kind),
      low: target.low,
      high: target.high,
      isTarget: true,
      isClass: target.kind === "class",
    });
  }
  for (const candidate of result.candidates) {
    for (const [key, { unit }] of Object.entries(candidate.predictions)) {
      if (axes.some((axis) => axis.key === key)) continue;
      const title = titleOf(key);
      axes.push({ key, title, unit, ...free });
    }
  }
  if (result.data !== null)
    axes.push({ key: "distance", title: "Distance to data", unit: "1", ...free });
  return axes;
}

function direction(kind: TargetKind): "low" | "high" | null {
  if (kind === "minimise") return "low";
  return kind === "maximise" || kind === "class" ? "high" : null;
}

function candidateView(
  candidate: Candidate,
  axes: readonly Axis[],
  elements: readonly ElementColour[],
  checks: Places<string>,
  processUnits: Readonly<Record<string, string>>,
): CandidateView {
  const { design, predictions } = candidate;
  const mass = massFractions(design.fractions);
  const part = (key: string, name: "mean" | "epistemicStd" | "aleatoricStd"): number | null =>
    key === "distance"
      ? name === "mean"
        ? nullable(candidate.distance)
        : 0
      : nullable(predictions[key]?.[name]);
  return {
    id: candidate.id,
    formula: design.formula,
    fractions: elements.map(({ symbol }) => round(design.fractions[symbol] ?? 0)),
    massFractions: elements.map(({ symbol }) => (mass === null ? null : round(mass[symbol] ?? 0))),
    process: Object.entries(design.process).map(
      ([name, value]) => [name, withUnit(value, processUnits[name])] as const,
    ),
    mean: axes.map(({ key }) => part(key, "mean")),
    epistemic: axes.map(({ key }) => part(key, "epistemicStd") ?? 0),
    // A probability expresses the noise of its class by itself.
    aleatoric: axes.map(({ key, isClass }) => (isClass ? 0 : (part(key, "aleatoricStd") ?? 0))),
    checks: candidate.constraints.map(
      ({ text, value, satisfied }) => [checks.at(text), nullable(value), satisfied] as const,
    ),
    feasible: candidate.feasible,
    validity: shownValidity(candidate),
    beyond: isBeyond(candidate),
    front: candidate.paretoRank === 1,
    rank: candidate.paretoRank,
    distance: nullable(candidate.distance),
    nearest: candidate.nearest,
    reason: candidate.reason,
  };
}

/** One series per objective in the property's own direction, then the counts of good designs. */
function historySeries(result: DesignResult): HistorySeries[] {
  const { history, objectives } = result.search;
  const best = objectives.map((label, i): HistorySeries => {
    const target = result.problem.targets.find(
      (t) => t.text === label || t.property === label || t.title === label,
    );
    const sign = target !== undefined && direction(target.kind) === "high" ? -1 : 1;
    return {
      title: `${titleOf(target?.title ?? label)}${target?.kind === "match" ? ", distance to it" : ""}, best so far`,
      unit: target?.unit ?? "1",
      points: history.map((h) => {
        const value = h.best[i] ?? null;
        return [h.evaluated, value === null ? null : round(sign * value)] as const;
      }),
    };
  });
  const count = (title: string, of: "feasible" | "front"): HistorySeries => ({
    title,
    unit: "1",
    points: history.map((h) => [h.evaluated, h[of]] as const),
  });
  return [...best, count("Designs on the front", "front"), count("Feasible designs", "feasible")];
}

function nullable(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : round(value);
}

function round(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}

/** A process value as people read it: `25 degC`. */
function withUnit(value: number | string, unit = "1"): string {
  const text = typeof value === "number" ? formatNumber(value, settingDigits(value)) : value;
  return unit === "1" || unit === "" ? text : `${text} ${unit}`;
}
