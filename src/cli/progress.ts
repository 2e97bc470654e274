import type { Progress, Work } from "../core/work.ts";
import { Interrupted } from "./exit-codes.ts";

const barWidth = 28;
const redrawMs = 80;
const plainLineMs = 5000;

/**
 * Progress on stderr and Ctrl-C for one command: a bar on a terminal, a line every few seconds elsewhere,
 * silence when `quiet`. Call `end` before printing results.
 */
export function startWork(options: { quiet: boolean }): { work: Work; end: () => void } {
  const { stderr } = process;
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Interrupted());
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);

  let drawn = false;
  let last = 0;
  const report = (progress: Progress): void => {
    const now = performance.now();
    const complete = progress.done >= progress.total;
    if (now - last < (stderr.isTTY ? redrawMs : plainLineMs) && !(complete && stderr.isTTY)) return;
    last = now;
    if (stderr.isTTY) {
      stderr.write(`\r\u001b[2K${bar(progress)}`);
      drawn = true;
    } else stderr.write(`${percent(progress)} ${progress.label}\n`);
  };
  return {
    work: { signal: controller.signal, report: options.quiet ? undefined : report },
    end: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      if (drawn) stderr.write("\r\u001b[2K");
    },
  };
}

/** Runs one long computation with `startWork`, and clears its progress before the result is shown. */
export async function withWork<T>(run: (work: Work) => Promise<T>): Promise<T> {
  const { work, end } = startWork({ quiet: false });
  try {
    return await run(work);
  } finally {
    end();
  }
}

function bar(progress: Progress): string {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * barWidth);
  const width = process.stderr.columns ?? 80;
  const text = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${percent(progress)} ${progress.label}`;
  return text.slice(0, width - 1);
}

const percent = (progress: Progress): string =>
  `${Math.floor(progress.total === 0 ? 100 : (100 * progress.done) / progress.total)} %`.padStart(
    5,
  );
