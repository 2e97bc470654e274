import type { SearchHistoryPoint } from "./contract.ts";

/** Collects best-so-far figures and keeps at most `limit` of them, evenly spread over the run. */
export interface History {
  /** Adds the point of one generation or chunk; `make` runs only when the point is kept. */
  add(make: () => SearchHistoryPoint): void;
  /** What was kept and, last, the newest point. */
  points(newest: SearchHistoryPoint): readonly SearchHistoryPoint[];
}

/** A history that drops every second point and doubles its stride whenever `limit` is reached. */
export function createHistory(limit: number): History {
  let kept: SearchHistoryPoint[] = [];
  let stride = 1;
  let count = 0;
  return {
    add(make) {
      if (count++ % stride !== 0) return;
      kept.push(make());
      if (kept.length < limit) return;
      kept = kept.filter((_, i) => i % 2 === 0);
      stride *= 2;
    },
    points(newest) {
      const last = kept.at(-1);
      return last !== undefined && last.evaluated === newest.evaluated ? kept : [...kept, newest];
    },
  };
}
