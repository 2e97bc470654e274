import type { Bench, BenchRow } from "../harness.ts";
import { multiObjectiveCases } from "./bo-multi.ts";
import { singleObjectiveCases } from "./bo-single.ts";

/** A test problem with the protocol that figures for it were published for. */
export interface BoCase {
  readonly name: string;
  run(log: (line: string) => void): Promise<readonly BenchRow[]>;
}

const cases: readonly BoCase[] = [...singleObjectiveCases, ...multiObjectiveCases];

/** How near Bayesian optimisation comes to known optima, by the protocols of published figures. */
export const boBench: Bench = {
  name: "bo",
  summary: "Bayesian optimisation on problems with known optima, 20 seeds each",
  cases: cases.map(({ name }) => name),
  async run(log, only) {
    const rows: BenchRow[] = [];
    for (const one of cases) {
      if (only !== undefined && only !== one.name) continue;
      log(one.name);
      rows.push(...(await one.run(log)));
    }
    return rows;
  },
};
