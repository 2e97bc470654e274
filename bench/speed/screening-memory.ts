import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import type { SearchProblem } from "../../src/search/contract.ts";
import { strategies } from "../../src/search/registry.ts";
import type { Quantity } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Bench, BenchRow } from "../harness.ts";

/** Eight elements in steps of 1/30: 10,295,472 compositions. */
const elements = ["Al", "Ti", "V", "Cr", "Zr", "Nb", "Mo", "Ta"];
const step = 1 / 30;
const candidates = 10_000_000;
const allowedMb = 500;

/** Streams ten million candidates in a process of its own and measures the memory that it ever held. */
export const memoryBench: Bench = {
  name: "memory",
  summary: "Peak memory of screening 10 million compositions of 8 elements",
  run(log) {
    return (["uniform", "grid"] as const).flatMap((name): BenchRow[] => {
      log(`screening by ${name}`);
      const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], {
        encoding: "utf8",
      });
      const memory = { case: `screening, ${name}: peak memory`, unit: "MB" };
      if (child.status !== 0) {
        const note = child.stderr.trim().split("\n").at(-1) ?? `exit code ${child.status}`;
        return [{ ...memory, value: null, target: `<= ${allowedMb}`, pass: null, note }];
      }
      const { peakMb, seconds, evaluated, front } = JSON.parse(child.stdout) as Screened;
      return [
        {
          ...memory,
          value: peakMb,
          repeats: 1,
          target: `<= ${allowedMb}`,
          pass: peakMb <= allowedMb && evaluated >= candidates,
          note: `${evaluated} candidates scored, ${front} on the front; peak resident set of the whole process`,
        },
        {
          case: `screening, ${name}: candidates`,
          value: evaluated / seconds,
          unit: "1/s",
          repeats: 1,
        },
      ];
    });
  },
};

interface Screened {
  readonly peakMb: number;
  readonly seconds: number;
  readonly evaluated: number;
  readonly front: number;
}

async function screen(name: "uniform" | "grid"): Promise<Screened> {
  const space = await createSpace({
    parameters: [
      {
        kind: "composition",
        name: "composition",
        elements: elements.map((symbol) => ({ symbol, min: 0, max: 1 })),
        step,
      },
    ],
    constraints: [],
    quantities: [],
  });
  const quantities = ["density", "price"].map(quantityNamed);
  const problem: SearchProblem = {
    space,
    objectives: quantities.map(({ name: label }) => ({ label })),
    evaluate(rows) {
      const objectives = matrix(rows.rows, quantities.length);
      quantities.forEach((quantity, k) => {
        const values = quantity.evaluate!(rows, elements);
        for (let i = 0; i < rows.rows; i++) {
          // Heavy and cheap: the two conflict.
          objectives.data[i * quantities.length + k] = k === 0 ? -values[i] : values[i];
        }
      });
      return { objectives, violation: new Float64Array(rows.rows) };
    },
  };
  const count = space.count();
  const budget = name === "grid" && count !== "uncountable" ? Number(count) : candidates;
  const begin = performance.now();
  const result = await strategies[name].search(problem, {
    batchSize: 20,
    budget,
    rng: createRng(7),
  });
  return {
    // maxRSS counts 1,024 bytes.
    peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
    seconds: (performance.now() - begin) / 1000,
    evaluated: result.evaluated,
    front: result.history.at(-1)?.front ?? 0,
  };
}

function quantityNamed(name: string): Quantity {
  const found = alloyDomain.quantities.find((quantity) => quantity.name === name);
  if (found === undefined) throw new Error(`no quantity ${name}`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name] = process.argv;
  if (name !== "uniform" && name !== "grid")
    throw new Error(`expected uniform or grid, got ${name}`);
  console.log(JSON.stringify(await screen(name)));
}
