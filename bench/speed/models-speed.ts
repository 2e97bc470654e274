import { benchOf, type MeasureCases } from "../harness.ts";
import { boostingRows } from "./boosting.ts";
import { explainRows } from "./explain.ts";
import { forestRows } from "./forest.ts";
import { gpRows } from "./gp.ts";
import { networkRows } from "./networks.ts";
import { svmRows } from "./svm.ts";

const cases: Readonly<Record<string, MeasureCases>> = {
  forest: forestRows,
  boosting: boostingRows,
  svm: (log) => svmRows([2000, 5000], log),
  gp: (log) => gpRows([100, 500, 1000, 2000], log),
  networks: networkRows,
  explain: explainRows,
};

/** The speed of all forward models and explanations, on one thread, beside their peers in the same run. */
export const modelsSpeedBench = benchOf(
  {
    name: "models-speed",
    summary: "Speed of all forward models and explanations on one thread, beside their peers",
  },
  cases,
);
