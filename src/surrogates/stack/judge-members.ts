import { matrix, takeRows } from "../../core/matrix.ts";
import { stage } from "../../core/work.ts";
import type { Split } from "../../data/split.ts";
import type { FitInput, Prediction, SurrogateSpec } from "../contract.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { takeInput } from "../take-input.ts";
import { memberFamilies, type StackMember } from "./members.ts";

/** With fewer rows than this what is said of a member is as noisy as its rows, and this many trees tell as well. */
const fewRows = 500;
const treesForFew = 100;

/** The options with which a member is judged: with few rows a forest need not be as large as the one that is kept. */
function judgedWith(
  { rounds, defaults }: SurrogateSpec,
  options: StackMember["options"],
  rows: number,
): StackMember["options"] {
  if (rounds?.areAveraged !== true || rows >= fewRows) return options;
  const own: Readonly<Record<string, unknown>> = { ...defaults, ...options };
  const trees = own[rounds.option];
  if (typeof trees !== "number" || trees <= treesForFew) return options;
  return { ...options, [rounds.option]: treesForFew };
}

/**
 * What each member says of every row by a model that did not see it; `undefined` when there are too few rows,
 * groups or rows of a class to set some aside.
 */
export async function judgeMembers(
  input: FitInput,
  members: readonly StackMember[],
  folds: number,
): Promise<Prediction[] | undefined> {
  const { x, y, task, rng, work = {} } = input;
  const outputs = task.kind === "regression" ? 1 : task.classes.length;
  const splits = splitsOf(input, folds);
  if (splits === undefined) return undefined;
  const judged = members.map(() => ({
    mean: matrix(y.length, outputs),
    epistemicStd: matrix(y.length, outputs),
    aleatoricStd: matrix(y.length, outputs),
  }));
  const fits = splits.length * members.length;
  for (const [f, { train, test }] of splits.entries()) {
    const part = takeInput(input, train);
    const rows = takeRows(x, test);
    for (const [k, { family, options }] of members.entries()) {
      const done = f * members.length + k;
      const spec: SurrogateSpec = memberFamilies[family];
      const surrogate = await spec.fit(
        {
          ...part,
          rng: rng.fork(`fold ${f} member ${k}`),
          work: stage(work, done / fits, (done + 1) / fits, `judging ${family}`),
        },
        judgedWith(spec, options, y.length),
      );
      const predicted = surrogate.predict(rows);
      for (const key of ["mean", "epistemicStd", "aleatoricStd"] as const) {
        test.forEach((row, i) =>
          judged[k][key].data.set(
            predicted[key].data.subarray(i * outputs, (i + 1) * outputs),
            row * outputs,
          ),
        );
      }
    }
  }
  return judged;
}

/** Parts to learn from and to judge on; none when a part could not be learned from. */
function splitsOf(input: FitInput, k: number): Split[] | undefined {
  const { fold, folds } = dealFolds(input, k, input.rng.fork("folds"));
  if (folds < 2) return undefined;
  const splits = Array.from({ length: folds }, (_, f) => {
    const { inside, outside } = rowsOfFold(fold, f);
    return { train: outside, test: inside };
  });
  const canLearn = splits.every(
    ({ train }) =>
      train.length >= 2 &&
      (input.task.kind === "regression" ||
        new Set(Array.from(train, (row) => input.y[row])).size > 1),
  );
  return canLearn ? splits : undefined;
}
