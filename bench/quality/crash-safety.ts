import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killWhileTelling } from "../../src/store/fixtures/killed-telling.ts";
import type { Bench, BenchRow } from "../harness.ts";

const kills = 200;

/** Campaign database: a process that records measurements is killed with SIGKILL at random moments. */
export const crashSafetyBench: Bench = {
  name: "crash-safety",
  summary: `kill -9 during tell, ${kills} times: measurements lost, doubled, databases that do not open`,
  async run(log) {
    const folder = mkdtempSync(join(tmpdir(), "ystar-crash-"));
    try {
      const found = await killWhileTelling(join(folder, "crash.db"), kills, log);
      const row = (name: string, value: number, note?: string): BenchRow => ({
        case: name,
        value,
        unit: "1",
        repeats: kills,
        ...(note === undefined ? {} : { note }),
      });
      const none = (name: string, value: number): BenchRow => ({
        ...row(name, value),
        target: "= 0",
        pass: value === 0,
      });
      return [
        row("measurements accepted", found.accepted),
        none("accepted and lost", found.lost),
        none("doubled", found.doubled),
        none("database does not open", found.broken),
        row("written but not heard of", found.unheard, "sent again under its name, recorded once"),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
