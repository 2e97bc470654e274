import { matrix, rowOf } from "../../core/matrix.ts";
import type { Matrix } from "../../core/matrix.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { SearchResult, StrategySupport } from "../contract.ts";
import { createRowSet } from "../row-set.ts";
import { requireWhole } from "../run.ts";
import { archiveNote, type SettingNotes } from "../settings.ts";
import type { SearchRun } from "../run.ts";

/** Settings that all screening strategies share. */
export interface ScreeningSettings {
  /** Designs scored at a time. */
  readonly chunkSize: number;
  /** Designs kept while the stream passes; at least twice the batch are. */
  readonly archiveSize: number;
}

export const screeningDefaults: ScreeningSettings = { chunkSize: 4096, archiveSize: 1000 };

export const screeningNotes: SettingNotes<ScreeningSettings> = {
  chunkSize: "designs scored at a time",
  archiveSize: archiveNote,
};

/** Screening takes any space and many objectives; dominance among more tells nothing. */
export const screeningSupport: StrategySupport = {
  objectives: { min: 1, max: 16 },
  continuous: true,
  discrete: true,
};

/** @throws InputError for sizes that are not whole numbers of 1 or more */
export function requireSizes(name: string, { chunkSize, archiveSize }: ScreeningSettings): void {
  requireWhole(name, "chunkSize", chunkSize, 1);
  requireWhole(name, "archiveSize", archiveSize, 1);
}

/** Whether the budget covers every design, so that going through all of them is exact. */
export function coversSpace(run: SearchRun): boolean {
  return run.count !== "uncountable" && run.count <= BigInt(run.remaining);
}

/** Scores every design of a space that the budget covers. */
export async function screenAll(
  run: SearchRun,
  space: SearchSpace,
  chunkSize: number,
): Promise<SearchResult> {
  const d = space.dimension;
  let chunk = matrix(chunkSize, d);
  let filled = 0;
  for (const row of space.enumerate()) {
    chunk.data.set(row, filled * d);
    if (++filled < chunkSize) continue;
    await run.score(chunk);
    chunk = matrix(chunkSize, d);
    filled = 0;
  }
  if (filled > 0) await run.score(firstRows(chunk, filled));
  return run.finish();
}

/**
 * Scores designs from an endless source until the budget is spent. Within a chunk no design comes
 * twice; the stream ends early when the source brings nothing new.
 * @param draw gives the next `n` designs, n x dimension
 */
export async function screenStream(
  run: SearchRun,
  space: SearchSpace,
  chunkSize: number,
  draw: (n: number) => Matrix,
): Promise<SearchResult> {
  if (run.start.rows > 0) await run.score(run.start);
  while (run.remaining > 0) {
    const chunk = distinctRows(Math.min(chunkSize, run.remaining), space.dimension, draw);
    if (chunk.rows === 0) break;
    await run.score(chunk);
  }
  return run.finish();
}

/** How many rounds of draws may bring nothing but repeats before a source counts as exhausted. */
const patience = 20;

/** `n` different designs from a source; fewer when it keeps repeating itself. */
export function distinctRows(n: number, dimension: number, draw: (n: number) => Matrix): Matrix {
  const chunk = matrix(n, dimension);
  const known = createRowSet(dimension);
  let filled = 0;
  for (let idle = 0; filled < n && idle < patience; idle++) {
    const before = filled;
    const drawn = draw(n - filled);
    for (let i = 0; i < drawn.rows; i++) {
      const row = rowOf(drawn, i);
      if (!known.add(row)) continue;
      chunk.data.set(row, filled * dimension);
      filled++;
    }
    if (filled > before) idle = 0;
  }
  return firstRows(chunk, filled);
}

const firstRows = (m: Matrix, rows: number): Matrix =>
  rows === m.rows ? m : matrix(rows, m.columns, m.data.slice(0, rows * m.columns));
