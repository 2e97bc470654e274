// npm run -s bench -- <name> [cases] [--json]      npm run -s bench -- --list
import { describeMachine, type Bench, type BenchRow } from "./harness.ts";

/** Every bench, by name; loaded when asked for. */
const benches = {
  kernels: async () => (await import("./speed/kernels.ts")).kernelsBench,
  descriptors: async () => (await import("./speed/descriptors.ts")).descriptorsBench,
  forest: async () => (await import("./speed/forest.ts")).forestBench,
  boosting: async () => (await import("./speed/boosting.ts")).boostingBench,
  gp: async () => (await import("./speed/gp.ts")).gpBench,
  svm: async () => (await import("./speed/svm.ts")).svmBench,
  search: async () => (await import("./speed/search.ts")).searchBench,
  space: async () => (await import("./speed/space.ts")).spaceBench,
  networks: async () => (await import("./speed/networks.ts")).networksBench,
  explain: async () => (await import("./speed/explain.ts")).explainBench,
  "models-speed": async () => (await import("./speed/models-speed.ts")).modelsSpeedBench,
  validity: async () => (await import("./quality/validity.ts")).validityBench,
  bo: async () => (await import("./quality/bo.ts")).boBench,
  strategies: async () => (await import("./quality/strategies.ts")).strategiesBench,
  "search-speed": async () => (await import("./speed/search-speed.ts")).searchSpeedBench,
  feasible: async () => (await import("./quality/feasible.ts")).feasibleBench,
  models: async () => (await import("./quality/models.ts")).modelsBench,
  "active-learning": async () => (await import("./quality/active-learning.ts")).activeLearningBench,
  "crash-safety": async () => (await import("./quality/crash-safety.ts")).crashSafetyBench,
  pools: async () => (await import("./quality/pools.ts")).poolsBench,
  inverse: async () => (await import("./quality/inverse.ts")).inverseBench,
  encodings: async () => (await import("./quality/encodings.ts")).encodingsBench,
  memory: async () => (await import("./speed/screening-memory.ts")).memoryBench,
} as const satisfies Record<string, () => Promise<Bench>>;

const usage = `Usage: npm run -s bench -- <name> [cases] [--json]
       npm run -s bench -- --list
Benches: ${Object.keys(benches).join(", ")}`;

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((argument) => !argument.startsWith("-"));
  const flags = args.filter((argument) => argument.startsWith("-"));
  const unknown = flags.find((flag) => !["--json", "--list", "--help", "-h"].includes(flag));
  if (unknown !== undefined) return refuse(`bench: unknown option ${unknown}.`);
  if (flags.includes("--help") || flags.includes("-h")) {
    console.log(usage);
    return 0;
  }
  if (flags.includes("--list")) {
    const loaded = await Promise.all(Object.values(benches).map((load) => load()));
    const list = loaded.map(({ name, summary }) => ({ name, summary }));
    if (flags.includes("--json")) console.log(JSON.stringify(list, null, 2));
    else for (const { name, summary } of list) console.log(`${name.padEnd(12)} ${summary}`);
    return 0;
  }
  const [name, only, ...rest] = names;
  if (name === undefined || rest.length > 0) {
    return refuse(
      `bench: expected a name and at most one group of cases, got ${names.length} words.`,
    );
  }
  if (!Object.hasOwn(benches, name)) return refuse(`bench: unknown bench "${name}".`);

  const bench: Bench = await benches[name as keyof typeof benches]();
  if (only !== undefined && !bench.cases?.includes(only)) {
    const known = bench.cases?.join(", ") ?? "none, it runs whole";
    return refuse(`bench: ${name} has no cases "${only}". Cases: ${known}.`);
  }
  const begin = performance.now();
  const rows = await bench.run((line) => console.error(line), only);
  const seconds = Number(((performance.now() - begin) / 1000).toFixed(2));
  const result = { name, machine: describeMachine(), seconds, rows };
  if (flags.includes("--json")) console.log(JSON.stringify(result, null, 2));
  else printTable(result.machine, seconds, rows);
  return 0;
}

function refuse(message: string): number {
  console.error(`${message}\n${usage}`);
  return 2;
}

function printTable(machine: string, seconds: number, rows: readonly BenchRow[]): void {
  const header = ["case", "value", "spread", "unit", "peer", "its value", "ratio", "target", "met"];
  const cells = rows.map((row) => [
    row.case,
    digits(row.value),
    digits(row.spread),
    row.unit,
    row.peer ?? "",
    digits(row.peerValue),
    digits(row.ratio),
    row.target ?? "",
    row.pass === undefined || row.pass === null ? "" : row.pass ? "yes" : "no",
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...cells.map((row) => row[i].length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  console.log(machine);
  console.log(line(header));
  for (const row of cells) console.log(line(row));
  for (const row of rows) if (row.note !== undefined) console.log(`${row.case}: ${row.note}`);
  console.log(`${seconds} s`);
}

function digits(value: number | null | undefined): string {
  if (value === undefined || value === null) return "";
  return Number.isInteger(value) ? `${value}` : value.toPrecision(4);
}

process.exitCode = await main(process.argv.slice(2));
