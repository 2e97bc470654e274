import { learningTask } from "../../src/campaign/learning/learning-task.ts";
import { takeRows } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { mean, standardDeviation } from "../../src/core/statistics.ts";
import { groupedKFold, kFold } from "../../src/data/split.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import { randomForest } from "../../src/surrogates/forest/random-forest.ts";
import { fitDomain } from "../../src/surrogates/validity/domain-of-validity.ts";
import type { Bench, BenchRow } from "../harness.ts";

const folds = 5;
const seeds = [1, 2, 3] as const;
const trees = 100;
const cases = [
  { data: "mpea", target: "yield_strength", unit: "MPa" },
  { data: "hea-single-phase", target: "single_phase", unit: "1" },
] as const;
const protocols = ["rows", "compositions", "systems"] as const;

/** Share of held-out rows inside, and the mean error of rows inside and of the others. */
interface Outcome {
  readonly insideShare: number;
  readonly inside: number;
  readonly others: number;
}

/** Errors of held-out rows by their verdict; for a class |measured 0 or 1 - probability|. */
async function outcomeOf(
  task: ReturnType<typeof learningTask>,
  protocol: (typeof protocols)[number],
  seed: number,
): Promise<Outcome> {
  const { set, inputs } = task;
  const rng = createRng(seed);
  const splits =
    protocol === "rows"
      ? kFold(set.y.length, folds, rng)
      : groupedKFold(protocol === "systems" ? set.systems : set.compositions, folds, rng);
  const errors: { inside: number[]; others: number[] } = { inside: [], others: [] };
  for (const [f, { train, test }] of splits.entries()) {
    const x = takeRows(set.x, train);
    const y = Float64Array.from(train, (row) => set.y[row]);
    const model = await randomForest.fit(
      { x, y, task: set.task, rng: rng.fork(`fold ${f}`) },
      { trees },
    );
    const { epistemicStd } = model.predict(x);
    const domain = fitDomain({ x, labels: inputs.labels, epistemicStd });
    const rows = takeRows(set.x, test);
    const prediction = model.predict(rows);
    const { data, columns } = prediction.mean;
    domain.judge(rows, prediction.epistemicStd).forEach(({ verdict }, i) => {
      const error = Math.abs(data[(i + 1) * columns - 1] - set.y[test[i]]);
      errors[verdict === "inside" ? "inside" : "others"].push(error);
    });
  }
  const { inside, others } = errors;
  const count = inside.length + others.length;
  return { insideShare: inside.length / count, inside: mean(inside), others: mean(others) };
}

/** Whether rows that the domain of validity calls inside are predicted better than the others. */
export const validityBench: Bench = {
  name: "validity",
  summary:
    "errors of held-out rows inside and beyond the domain of validity, by how rows are held out",
  async run(log) {
    const rows: BenchRow[] = [];
    for (const { data, target, unit } of cases) {
      const task = learningTask(await loadDataset(data), { target });
      for (const protocol of protocols) {
        log(`${data}: ${target}, ${protocol} held out`);
        const outcomes: Outcome[] = [];
        for (const seed of seeds) outcomes.push(await outcomeOf(task, protocol, seed));
        const summary = (name: string, one: keyof Outcome, of: string): BenchRow => ({
          case: `${data}: ${protocol} held out, ${name}`,
          value: mean(outcomes.map((outcome) => outcome[one])),
          spread: standardDeviation(outcomes.map((outcome) => outcome[one])),
          unit: of,
          repeats: seeds.length,
        });
        const beyond = summary("mean error at the edge or outside", "others", unit);
        rows.push(
          summary("share inside", "insideShare", "1"),
          summary("mean error inside", "inside", unit),
          {
            ...beyond,
            peer: "inside",
            peerValue: mean(outcomes.map(({ inside }) => inside)),
            ratio: mean(outcomes.map(({ inside, others }) => others / inside)),
            note: "ratio above 1: the verdict tells worse predictions apart",
          },
        );
      }
    }
    return rows;
  },
};
