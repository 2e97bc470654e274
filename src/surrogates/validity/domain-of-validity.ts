import { InputError, ShapeError } from "../../core/errors.ts";
import { formatNumber } from "../../core/format.ts";
import { choleskyWithJitter } from "../../core/linalg/cholesky.ts";
import { gram } from "../../core/linalg/multiply.ts";
import { solveTriangular } from "../../core/linalg/triangular.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../core/matrix.ts";
import { quantileSorted } from "../../core/statistics.ts";
import type { SavedState } from "../contract.ts";
import { readState } from "../saved-state.ts";
import { columnScaling, scaleColumns, type ColumnScaling } from "../standardise.ts";
import { nearestDistances, ownNearestDistances } from "./nearest-rows.ts";
import type { DomainOfValidity, Objection, Validity, Verdict } from "./contract.ts";

/** Rows beyond this are thinned evenly: distances among all, and sums over all, would take too long. */
const mostReferenceRows = 2000;
const mostLeverageRows = 20_000;
/** Ridge of the leverage, as a share of a standardised column's variance: directions below are noise. */
const leverageRidge = 0.01;
/** Share of the training rows whose own distance and leverage count as inside. */
const insideShare = 0.95;
/** An input beyond its range by more than this share of the range's width is at the edge, or outside. */
const rangeMargin = { edge: 0.1, outside: 0.5 };
/** Epistemic std over the largest of the training rows', which the model has seen. */
const disagreementLimit = { edge: 1, outside: 2 };
/** Relative differences below this are rounding. */
const rounding = 1e-9;
/** Inputs out of range that are named. */
const mostNamed = 3;

/** Training rows from which the domain is learned. */
export interface DomainInput {
  /** Training inputs, n x d; NaN is missing. */
  readonly x: Matrix;
  /** One name for each of the d columns. */
  readonly labels: readonly string[];
  /** n x outputs: the model's own at the training rows. */
  readonly epistemicStd: Matrix;
}

/**
 * Learns where a model interpolates. A row is `inside` unless one of these speaks against it:
 * - its distance to the nearest training row, in standardised features, is beyond that of 95 % of the
 *   training rows to their own nearest (edge) or beyond that of all (outside);
 * - its leverage is beyond that of 95 % (edge) or all (outside) of the training rows, each left out;
 * - its epistemic std is beyond the largest at a training row (edge), or twice that (outside);
 * - an input lies out of its range by a tenth (edge) or half (outside) of the range's width, or differs
 *   where all training rows agree (outside);
 * - an objection of the caller.
 * Source: leverage as the border of extrapolation: R. D. Cook, J. Am. Stat. Assoc. 74, 169 (1979).
 * @throws ShapeError for sizes that differ; InputError without rows
 */
export function fitDomain({ x, labels, epistemicStd }: DomainInput): DomainOfValidity {
  if (labels.length !== x.columns || epistemicStd.rows !== x.rows) {
    throw new ShapeError(
      `fitDomain: expected ${x.columns} names and ${x.rows} rows of std, got ${labels.length} and ${epistemicStd.rows}.`,
    );
  }
  if (x.rows < 1) throw new InputError("fitDomain: expected at least 1 row.", { path: "x" });
  const usual = meansOf(x);
  const complete = filled(x, usual);
  const scaling = columnScaling(complete);
  const all = Array.from({ length: x.rows }, (_, i) => i);
  const z = scaleColumns(takeRows(complete, thinned(all, mostLeverageRows)), scaling);
  const rows = takeRows(z, thinned(distinctRows(z), mostReferenceRows));
  const reference = Float32Array.from(rows.data);
  const own = ownNearestDistances(reference, z.columns).sort();

  const normal = gram(z);
  for (let j = 0; j < z.columns; j++) {
    normal.data[j * z.columns + j] += leverageRidge * z.rows;
  }
  const { factor } = choleskyWithJitter(normal);
  // A training row's own part in the model is taken out, which makes it comparable with a new row.
  const leverages = leveragesOf(z, factor, z.rows)
    .map((h) => (h < 1 ? h / (1 - h) : Number.MAX_VALUE))
    .sort();

  const low = new Float64Array(x.columns).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(x.columns).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < complete.data.length; k++) {
    const j = k % x.columns;
    low[j] = Math.min(low[j], complete.data[k]);
    high[j] = Math.max(high[j], complete.data[k]);
  }
  const stds = rowMaxima(epistemicStd);
  return domainOf({
    labels,
    rows: z.rows,
    usual,
    scaling,
    low,
    high,
    reference,
    factor,
    distance: limitsOf(own),
    usualDistance: own.length === 0 ? 0 : quantileSorted(own, 0.5),
    leverage: limitsOf(leverages),
    largestStd: stds.reduce((a, b) => Math.max(a, b)),
    smallestStd: stds.reduce((a, b) => Math.min(a, b)),
  });
}

/**
 * The domain that was saved.
 * @throws InputError for a state that is damaged
 */
export function loadDomain(saved: SavedState): DomainOfValidity {
  const state = readState("domain of validity", saved);
  const labels = state.json("labels");
  if (!Array.isArray(labels) || !labels.every((one) => typeof one === "string")) {
    throw new InputError('domain of validity: "labels" of the saved model is damaged.', {
      path: "labels",
      hint: "Train the model again.",
    });
  }
  const d = labels.length;
  const count = state.number("referenceRows");
  return domainOf({
    labels,
    rows: state.number("rows"),
    usual: state.float64("usual", d),
    scaling: { mean: state.float64("mean", d), scale: state.float64("scale", d) },
    low: state.float64("low", d),
    high: state.float64("high", d),
    reference: state.float32("reference", count * d),
    factor: state.matrix("factor", d, d),
    distance: { edge: state.number("distanceEdge"), outside: state.number("distanceOutside") },
    usualDistance: state.number("usualDistance"),
    leverage: { edge: state.number("leverageEdge"), outside: state.number("leverageOutside") },
    largestStd: state.number("largestStd"),
    smallestStd: state.number("smallestStd"),
  });
}

interface Limits {
  readonly edge: number;
  readonly outside: number;
}

interface State {
  readonly labels: readonly string[];
  readonly rows: number;
  /** Stand for missing values. */
  readonly usual: Float64Array;
  readonly scaling: ColumnScaling;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Distinct standardised training rows, row-major. */
  readonly reference: Float32Array;
  /** Cholesky factor of Z' Z + ridge. */
  readonly factor: Matrix;
  readonly distance: Limits;
  readonly usualDistance: number;
  readonly leverage: Limits;
  readonly largestStd: number;
  readonly smallestStd: number;
}

function domainOf(state: State): DomainOfValidity {
  const { labels, usual, scaling, factor, reference } = state;
  const d = labels.length;
  return {
    inputs: d,
    judge(x, epistemicStd, objections = []) {
      if (x.columns !== d || epistemicStd.rows !== x.rows) {
        throw new ShapeError(
          `judge: expected ${d} columns and a std for each of ${x.rows} rows, got ${x.columns} and ${epistemicStd.rows}.`,
        );
      }
      const complete = filled(x, usual);
      const z = scaleColumns(complete, scaling);
      const distances = nearestDistances(z, reference);
      const leverages = leveragesOf(z, factor, state.rows);
      const stds = rowMaxima(epistemicStd);
      return Array.from({ length: x.rows }, (_, i) =>
        verdictOf(state, {
          row: rowOf(complete, i),
          distance: distances[i],
          leverage: leverages[i],
          std: stds[i],
          objections: objections[i] ?? [],
        }),
      );
    },
    save: () => ({
      settings: {
        labels: [...labels],
        rows: state.rows,
        referenceRows: d === 0 ? 0 : reference.length / d,
        distanceEdge: state.distance.edge,
        distanceOutside: state.distance.outside,
        usualDistance: state.usualDistance,
        leverageEdge: state.leverage.edge,
        leverageOutside: state.leverage.outside,
        largestStd: state.largestStd,
        smallestStd: state.smallestStd,
      },
      arrays: {
        usual,
        mean: scaling.mean,
        scale: scaling.scale,
        low: state.low,
        high: state.high,
        reference,
        factor: factor.data,
      },
    }),
  };
}

interface RowFacts {
  readonly row: Float64Array;
  readonly distance: number;
  readonly leverage: number;
  readonly std: number;
  readonly objections: readonly Objection[];
}

function verdictOf(state: State, facts: RowFacts): Validity {
  const { distance, leverage, std } = facts;
  const found: Objection[] = [...facts.objections, ...outOfRange(state, facts.row)];
  const against = (value: number, limits: Limits, reason: string): void => {
    const beyond = (limit: number): boolean => value > limit * (1 + rounding);
    if (beyond(limits.edge)) {
      found.push({ verdict: beyond(limits.outside) ? "outside" : "edge", reason });
    }
  };
  const relative = relativeDistance(distance, state.usualDistance);
  against(
    distance,
    state.distance,
    Number.isFinite(relative) && relative < Number.MAX_VALUE
      ? `${formatNumber(relative, 2)} times the usual distance to the nearest training row`
      : "unlike every training row",
  );
  against(leverage, state.leverage, "far from the middle of the training rows (leverage)");
  const varies = state.largestStd > state.smallestStd * (1 + rounding);
  const disagreement = varies ? std / state.largestStd : null;
  if (disagreement !== null) {
    against(
      disagreement,
      disagreementLimit,
      disagreement < 1.1
        ? "the model is as unsure as at the training row where it is least sure"
        : `the model is ${formatNumber(disagreement, 2)} times as unsure as at any training row`,
    );
  }
  const verdict = worst(found.map((one) => one.verdict));
  const gravest = [...found].sort((a, b) => order.indexOf(b.verdict) - order.indexOf(a.verdict));
  return {
    verdict,
    reasons: gravest.map(({ reason }) => reason),
    distance: relative,
    leverage,
    disagreement,
  };
}

const order: readonly Verdict[] = ["inside", "edge", "outside"];

/** The gravest of some verdicts; `inside` of none. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  order[Math.max(0, ...verdicts.map((one) => order.indexOf(one)))];

const relativeDistance = (distance: number, usual: number): number =>
  usual > 0 ? distance / usual : distance > 0 ? Number.MAX_VALUE : 0;

/** Inputs out of the range of the training rows, the farthest first. */
function outOfRange({ labels, low, high, scaling }: State, row: Float64Array): Objection[] {
  const found: (Objection & { readonly excess: number })[] = [];
  for (let j = 0; j < row.length; j++) {
    const width = high[j] - low[j];
    const gap = Math.max(low[j] - row[j], row[j] - high[j]);
    // Rounding of a value that all training rows share is no difference.
    if (gap <= rounding * Math.max(Math.abs(low[j]), Math.abs(high[j]), scaling.scale[j])) continue;
    const excess = width > 0 ? gap / width : Number.POSITIVE_INFINITY;
    if (excess <= rangeMargin.edge) continue;
    const value = `${labels[j]} ${formatNumber(row[j], 3)}`;
    found.push({
      excess,
      verdict: excess > rangeMargin.outside ? "outside" : "edge",
      reason:
        width > 0
          ? `${value} is out of ${formatNumber(low[j], 3)} ... ${formatNumber(high[j], 3)}`
          : `${value} was ${formatNumber(low[j], 3)} in every training row`,
    });
  }
  found.sort((a, b) => b.excess - a.excess);
  const more = found.length - mostNamed;
  const named = found.slice(0, mostNamed).map(({ verdict, reason }) => ({ verdict, reason }));
  return more <= 0
    ? named
    : [...named, { verdict: found[mostNamed].verdict, reason: `${more} more inputs out of range` }];
}

/** 1 / n + z' (Z' Z + ridge)^-1 z of every row. */
function leveragesOf(z: Matrix, factor: Matrix, n: number): Float64Array {
  const { rows, columns } = z;
  const turned = matrix(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned.data[j * rows + i] = z.data[i * columns + j];
  }
  const result = new Float64Array(rows).fill(1 / n);
  if (rows === 0) return result;
  const solved = solveTriangular(factor, turned);
  for (let k = 0; k < solved.data.length; k++) {
    result[k % rows] += solved.data[k] * solved.data[k];
  }
  return result;
}

/** Borders between inside, edge and outside of ascending own values of the training rows. */
const limitsOf = (ascending: Float64Array): Limits =>
  ascending.length === 0
    ? { edge: 0, outside: 0 }
    : { edge: quantileSorted(ascending, insideShare), outside: ascending[ascending.length - 1] };

/** Means of the known values of every column; 0 where none is known. */
function meansOf(x: Matrix): Float64Array {
  const sums = new Float64Array(x.columns);
  const counts = new Int32Array(x.columns);
  for (let k = 0; k < x.data.length; k++) {
    if (Number.isNaN(x.data[k])) continue;
    sums[k % x.columns] += x.data[k];
    counts[k % x.columns]++;
  }
  return sums.map((sum, j) => (counts[j] > 0 ? sum / counts[j] : 0));
}

const filled = (x: Matrix, usual: Float64Array): Matrix =>
  matrix(
    x.rows,
    x.columns,
    x.data.map((value, k) => (Number.isNaN(value) ? usual[k % x.columns] : value)),
  );

/** At most `most` of a list, evenly spread. */
const thinned = (list: readonly number[], most: number): readonly number[] =>
  list.length <= most
    ? list
    : Array.from({ length: most }, (_, k) => list[Math.floor((k * list.length) / most)]);

/** Positions of the first of every set of equal rows. */
function distinctRows(x: Matrix): number[] {
  const seen = new Set<string>();
  return Array.from({ length: x.rows }, (_, i) => i).filter((i) => {
    const key = rowOf(x, i).join(" ");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const rowMaxima = (m: Matrix): Float64Array =>
  Float64Array.from({ length: m.rows }, (_, i) =>
    rowOf(m, i).reduce((largest, value) => Math.max(largest, value), 0),
  );
