import { benchOf, type BenchRow } from "../harness.ts";
import { multiObjectiveCases } from "./bo-multi.ts";
import { singleObjectiveCases } from "./bo-single.ts";
import { frontRows } from "./bo/fronts.ts";

/** A test problem with the protocol that figures for it were published for. */
export interface BoCase {
  readonly name: string;
  run(log: (line: string) => void): Promise<readonly BenchRow[]>;
}

const cases: readonly BoCase[] = [
  ...singleObjectiveCases,
  ...multiObjectiveCases,
  { name: "fronts", run: frontRows },
];

/** How near Bayesian optimisation comes to known optima, by the protocols of published figures. */
export const boBench = benchOf(
  {
    name: "bo",
    summary: "Bayesian optimisation and NSGA-II on problems with known optima, 20 seeds each",
  },
  Object.fromEntries(cases.map((one) => [one.name, (log) => one.run(log)] as const)),
);
