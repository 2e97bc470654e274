import type { Bench, BenchRow } from "../harness.ts";
import { frontRows } from "./bo/fronts.ts";

/** Groups of cases, by name. */
const groups: Readonly<Record<string, (log: (line: string) => void) => Promise<BenchRow[]>>> = {
  fronts: frontRows,
};

/** Searches on problems with known answers, against published figures. */
export const boBench: Bench = {
  name: "bo",
  summary: "searches on problems with known answers, against published figures",
  cases: Object.keys(groups),
  async run(log, only) {
    const rows: BenchRow[] = [];
    for (const [name, group] of Object.entries(groups)) {
      if (only === undefined || only === name) rows.push(...(await group(log)));
    }
    return rows;
  },
};
