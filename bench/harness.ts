import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

/** One measured case; the shape is the same for every bench and documented in CONTRIBUTING.md. */
export interface BenchRow {
  readonly case: string;
  /** Median (speed) or mean (quality); null when the case could not run (then `note` says why). */
  readonly value: number | null;
  readonly unit: string;
  /** Half the range between the quartiles (speed) or standard deviation (quality), in `unit`. */
  readonly spread?: number;
  readonly repeats?: number;
  /** Whom the case is compared with, measured in the same run. */
  readonly peer?: string;
  readonly peerValue?: number | null;
  /** Ours against the peer; above 1 = ours is better. */
  readonly ratio?: number | null;
  /** What was asked, in words: `">= 0.875"`. */
  readonly target?: string;
  /** Whether this run met the target; null when that could not be told. */
  readonly pass?: boolean | null;
  readonly note?: string;
}

/** One entry of the registry in bench/run.ts. */
export interface Bench {
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** Groups of cases that can be measured alone. */
  readonly cases?: readonly string[];
  /** Measures every case, or the group `only`; `log` writes a progress line to stderr. */
  run(
    log: (line: string) => void,
    only?: string,
  ): Promise<readonly BenchRow[]> | readonly BenchRow[];
}

/** Measures one group of cases. */
export type MeasureCases = (
  log: (line: string) => void,
) => Promise<readonly BenchRow[]> | readonly BenchRow[];

/** A bench of groups that are measured one after the other; each row is logged as soon as it is there. */
export function benchOf(
  about: Pick<Bench, "name" | "summary">,
  groups: Readonly<Record<string, MeasureCases>>,
): Bench {
  return {
    ...about,
    cases: Object.keys(groups),
    async run(log, only) {
      const rows: BenchRow[] = [];
      for (const [name, measure] of Object.entries(groups)) {
        if (only !== undefined && name !== only) continue;
        log(name);
        const measured = await measure(log);
        for (const { case: what, value, unit, pass } of measured) {
          log(`${what}: ${value ?? "not measured"} ${unit}${pass === false ? " (missed)" : ""}`);
        }
        rows.push(...measured);
      }
      return rows;
    },
  };
}

/** Median and half the interquartile range of repeated timings. */
export interface Timing {
  readonly median: number;
  readonly spread: number;
  readonly best: number;
  readonly repeats: number;
}

/**
 * Seconds that `fn` takes: median over `repeats` calls after warm-up calls, which let the engine
 * compile the hot code (at least one call and 0.3 s unless said otherwise).
 */
export async function timeMedian(
  fn: () => unknown,
  repeats: number,
  { warmUpSeconds = 0.3 }: { warmUpSeconds?: number } = {},
): Promise<Timing> {
  const begin = performance.now();
  do await fn();
  while ((performance.now() - begin) / 1000 < warmUpSeconds);
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await fn();
    seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  const at = (fraction: number): number => {
    const place = fraction * (seconds.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return seconds[low] + (place - low) * (seconds[high] - seconds[low]);
  };
  return { median: at(0.5), spread: (at(0.75) - at(0.25)) / 2, best: seconds[0], repeats };
}

/** What a Python peer printed, or why there is no answer. */
export type PythonAnswer<T> =
  { readonly value: T; readonly reason: null } | { readonly value: null; readonly reason: string };

/**
 * Runs a script with the system's Python on one thread; the script prints one JSON document as its
 * last line. A missing interpreter or package is an answer (`value: null` and a reason), so that a
 * bench runs on machines without the peer.
 */
export function runPython<T = Record<string, number>>(
  script: string,
  { timeoutSeconds = 120, args = [] }: { timeoutSeconds?: number; args?: readonly string[] } = {},
): PythonAnswer<T> {
  const result = spawnSync("/usr/bin/python3", ["-W", "ignore", "-c", script, ...args], {
    encoding: "utf8",
    timeout: timeoutSeconds * 1000,
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      OMP_NUM_THREADS: "1",
      OPENBLAS_NUM_THREADS: "1",
      MKL_NUM_THREADS: "1",
    },
  });
  if (result.error) return { value: null, reason: `Python did not run: ${result.error.message}` };
  if (result.status !== 0) {
    const lastLine = result.stderr.trim().split("\n").at(-1) ?? "";
    return {
      value: null,
      reason: `Python peer failed: ${lastLine || `exit code ${result.status}`}`,
    };
  }
  try {
    return { value: JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "") as T, reason: null };
  } catch {
    return { value: null, reason: "Python peer printed no JSON as its last line" };
  }
}

/** Processor, cores, memory, system and engine, in one line. */
export function describeMachine(): string {
  const processors = cpus();
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  const model = processors[0]?.model.trim() ?? "unknown processor";
  return `${processors.length} x ${model}, ${gib} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}
