import { InputError } from "../../core/errors.ts";
import { formatNumber } from "../../core/format.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { convert, parseQuantity } from "../../core/units.ts";
import type { Work } from "../../core/work.ts";
import { counterfactual, type WantedRange } from "../../explain/counterfactual.ts";
import { columnOf } from "../../explain/explained-model.ts";
import type { ExplainedModel } from "../../explain/contract.ts";
import { alloyFormula } from "../../materials/format-composition.ts";
import type { Surrogate } from "../../surrogates/contract.ts";
import { fitDomain } from "../../surrogates/validity/domain-of-validity.ts";
import { changeableDesign, roundings, type ChangeableDesign } from "./changeable-design.ts";
import type { EncodedDesign } from "./explained-design.ts";
import type { DesignChange } from "./explanation.ts";
import type { LearningTask } from "../learning/learning-task.ts";

/** What a prediction shall become. */
export interface WantedChange {
  /** `flip`: a class that is predicted is predicted no more, or another way round; else a number with its unit, or a probability. */
  readonly to: "flip" | { readonly reach: string };
  /** Elements and numeric process variables that may change; all of the design when absent. */
  readonly only?: readonly string[];
}

export interface ChangeInput {
  readonly task: LearningTask;
  readonly surrogate: Surrogate;
  /** Column of the prediction. */
  readonly output: number;
  readonly title: string;
  readonly design: EncodedDesign;
  readonly wanted: WantedChange;
  readonly rng: Rng;
  readonly work: Work;
}

/** A class is told from another when their probabilities differ by this. */
const leastMargin = 1e-6;

/**
 * The smallest change of a design found that brings its prediction where it is wanted: amounts of the
 * elements it has (distance: the sum of changes, an element's usual spread being one) and numeric process variables
 * (in their standard deviations), inside the ranges of the data. Words stay as they are. Elements outside
 * `only` keep their proportions.
 * @throws InputError for a wanted value or name that does not fit the property or the design
 */
export async function changeDesign(input: ChangeInput): Promise<DesignChange> {
  const { task, surrogate, output, design, wanted, rng, work } = input;
  const space = changeableDesign(task, design, wanted.only);
  const { model, range, words } = wishOf(input, space);
  const found = await counterfactual({
    model,
    row: space.row,
    wanted: range,
    bounds: space.bounds,
    scale: space.scale,
    background: space.starts,
    repair: space.repair,
    rng,
    work,
  });
  const changeable = [...space.elements, ...space.process.map(({ name }) => name)];
  const none = { wanted: words, changeable, changes: [] };
  if (found === undefined) {
    return {
      ...none,
      isFound: false,
      formula: null,
      prediction: null,
      epistemicStd: null,
      aleatoricStd: null,
      validity: null,
      sentence: `No change of ${listing(changeable)} inside the ranges of the data was found that gives a ${words}.`,
    };
  }
  const isWanted = (row: Float64Array): boolean => {
    const value = model.predict(matrix(1, row.length, row))[0]!;
    return value >= (range.atLeast ?? -Infinity) && value <= (range.atMost ?? Infinity);
  };
  const isNone = found.changes.length === 0;
  // Told as coarsely as keeps the prediction where it is wanted.
  const at = isNone
    ? -1
    : Array.from({ length: roundings }, (_, g) => g).findIndex((g) =>
        isWanted(space.rounded(found.row, g)),
      );
  const row = isNone || at < 0 ? found.row : space.rounded(found.row, at);
  const x = space.encode(matrix(1, row.length, row));
  const { mean, epistemicStd, aleatoricStd } = surrogate.predict(x);
  const domain = fitDomain({
    x: task.set.x,
    labels: task.inputs.labels,
    epistemicStd: surrogate.predict(task.set.x).epistemicStd,
  });
  const validity = domain.judge(x, epistemicStd)[0]!;
  const changes = changeable
    .map((name, j) => {
      const isElement = j < space.elements.length;
      const factor = isElement ? 100 : 1;
      return {
        name,
        unit: isElement ? "at%" : space.process[j - space.elements.length]!.unit,
        from: factor * space.row[j]!,
        to: factor * row[j]!,
        size: Math.abs(row[j]! - space.row[j]!) / space.scale[j]!,
      };
    })
    .filter(({ from, to }) => Math.abs(to - from) > 1e-9 * Math.abs(from))
    .sort((a, b) => b.size - a.size)
    .map(({ name, unit, from, to }) => ({ name, unit, from, to }));
  const prediction = mean.data[output]!;
  const before = surrogate.predict(design.x).mean.data[output]!;
  const unit = input.task.set.property.unit;
  return {
    ...none,
    isFound: true,
    formula: task.domain === "alloy" ? alloyFormula(space.fractionsOf(row)) : null,
    prediction,
    epistemicStd: epistemicStd.data[output]!,
    aleatoricStd: aleatoricStd.data[output]!,
    validity,
    changes: isNone ? [] : changes,
    sentence: isNone
      ? `Nothing need change: the model already predicts a ${words} (${withUnit(before, unit)}).`
      : `The smallest change found that gives a ${words}: ${listing(changes.map(changeText).filter((text) => text !== ""))}. The model then predicts ${withUnit(prediction, unit)} in place of ${withUnit(before, unit)}${validity.verdict === "inside" ? "" : `, ${validity.verdict === "edge" ? "at the edge of" : "outside"} what it has learned from (${validity.reasons[0]})`}.`,
  };
}

const withUnit = (value: number, unit: string): string =>
  `${formatNumber(value, 3)}${unit === "1" ? "" : ` ${unit}`}`;

/** `Al from 5 to 8 at%`; empty for a change that does not show in three digits. */
function changeText({ name, unit, from, to }: DesignChange["changes"][number]): string {
  const [before, after] = [formatNumber(from, 3), formatNumber(to, 3)];
  return before === after
    ? ""
    : `${name.replaceAll("_", " ")} from ${before} to ${withUnit(to, unit)}`;
}

const listing = (texts: readonly string[]): string =>
  texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts[texts.length - 1]}`;

/** The number that is watched, and where it is wanted. */
function wishOf(
  { task, surrogate, output, title, design, wanted }: ChangeInput,
  { encode, row }: ChangeableDesign,
): { readonly model: ExplainedModel; readonly range: WantedRange; readonly words: string } {
  const { set } = task;
  const means = (rows: Matrix): Matrix => {
    const x = encode(rows);
    return surrogate.predictMean?.(x) ?? surrogate.predict(x).mean;
  };
  if (wanted.to === "flip") {
    if (set.task.kind === "regression") {
      throw new InputError(`${set.property.name} is a number, which does not flip.`, {
        path: "--flip",
        hint: `Say what it shall become with --reach, such as --reach "${formatNumber(design.x.rows === 0 ? 0 : surrogate.predict(design.x).mean.data[0]!, 2)} ${set.property.unit}".`,
      });
    }
    const margin = (rows: Matrix): Float64Array => {
      const all = means(rows);
      return Float64Array.from({ length: rows.rows }, (_, i) => {
        const values = rowOf(all, i);
        const best = values.reduce((a, p, c) => (c === output ? a : Math.max(a, p)), 0);
        return values[output]! - best;
      });
    };
    const isPredicted = margin(matrix(1, row.length, row))[0]! >= 0;
    return {
      model: { inputs: row.length, predict: margin },
      range: isPredicted ? { atMost: -leastMargin } : { atLeast: leastMargin },
      words: `${title} ${flipWords(isPredicted, set.task.classes.length)}`,
    };
  }
  const value = reached(wanted.to.reach, task);
  const predict = (rows: Matrix): Float64Array => columnOf(means(rows), output);
  const now = predict(matrix(1, row.length, row))[0]!;
  const isRise = value >= now;
  return {
    model: { inputs: row.length, predict },
    range: isRise ? { atLeast: value } : { atMost: value },
    words: `${title} of at ${isRise ? "least" : "most"} ${withUnit(value, set.property.unit)}`,
  };
}

/** Where the probability of a class is to go. */
function flipWords(isPredicted: boolean, classes: number): string {
  if (classes === 2) return isPredicted ? "below one half" : "above one half";
  return isPredicted ? "below that of another class" : "above that of every other class";
}

/** The wanted number in the unit of the property, or a probability. */
function reached(text: string, { set }: LearningTask): number {
  const { name, unit } = set.property;
  const { value, unit: given } = parseQuantity(text);
  const isClass = set.task.kind === "classification";
  if (isClass && !(given === "1" && value > 0 && value < 1)) {
    throw new InputError(`${text} is no probability of ${name} that can be reached.`, {
      path: "--reach",
      expected: "a number above 0 and below 1",
      received: text,
    });
  }
  if (given === "1" || given === unit) return value;
  try {
    return convert(value, given, unit);
  } catch (cause) {
    throw new InputError(`${name} is in ${unit}, and --reach gives ${given}.`, {
      path: "--reach",
      expected: `a number in ${unit}`,
      received: text,
      cause,
    });
  }
}
