import type { SearchSpace } from "../../space/contract.ts";
import { layoutOf } from "./layout.ts";

/** Share at which an element without lower bound is brought in. */
const leastAmount = 0.01;

/**
 * The designs one discrete change away: the next value of a list, another category, one step of a
 * composition moved between two elements, two elements' amounts exchanged, an element taken out (the
 * largest other one gets its amount) or brought in at its least amount. Each is made feasible by the space;
 * the design itself and repetitions are left out.
 * @returns in a fixed order; none for a space of continuous numbers alone
 */
export function neighboursOf(space: SearchSpace, row: Float64Array): Float64Array[] {
  const { lists, categories, compositions } = layoutOf(space);
  const found: Float64Array[] = [];
  const known = new Set([row.join()]);
  const offer = (change: (copy: Float64Array) => void): void => {
    const copy = row.slice();
    change(copy);
    const repaired = space.repair(copy, copy);
    const key = repaired.join();
    if (known.has(key)) return;
    known.add(key);
    found.push(repaired);
  };

  for (const { column, values } of lists) {
    const at = values.indexOf(row[column]);
    for (const next of [at - 1, at + 1]) {
      if (next >= 0 && next < values.length) offer((copy) => (copy[column] = values[next]));
    }
  }
  for (const { column, count } of categories) {
    for (let level = 0; level < count; level++) offer((copy) => (copy[column] = level));
  }
  for (const { columns, elements, step } of compositions) {
    columns.forEach((column, e) => {
      if (row[column] > 0) {
        const others = columns.filter((k) => k !== column);
        const largest = others.reduce((best, k) => (row[k] > row[best] ? k : best));
        offer((copy) => {
          copy[largest] += copy[column];
          copy[column] = 0;
        });
      } else offer((copy) => (copy[column] = Math.max(elements[e].min, step ?? leastAmount)));
    });
    for (const from of columns) {
      if (!(row[from] > 0)) continue;
      for (const to of columns) {
        if (to === from) continue;
        if (step !== undefined) {
          offer((copy) => {
            copy[from] -= step;
            copy[to] += step;
          });
        }
        if (row[to] > 0 && to < from) continue;
        offer((copy) => {
          copy[from] = row[to];
          copy[to] = row[from];
        });
      }
    }
  }
  return found;
}
