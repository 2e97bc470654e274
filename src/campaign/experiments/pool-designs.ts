import { InputError } from "../../core/errors.ts";
import { countOf } from "../../core/format.ts";
import { defaultDomain } from "../../domains/registry.ts";
import type { Design } from "../../space/contract.ts";
import { conformDataset } from "../problem/conform-table.ts";
import type { Dataset } from "../dataset.ts";
import { findColumn } from "../../data/table.ts";
import { snakeCase } from "../../data/headers.ts";
import { domainNamed, unitsOf, type OpenProblem } from "./campaign-problem.ts";
import { outsideText, standingOf } from "./carry-over.ts";
import { compositionsOf, designAt } from "./table-measurements.ts";

/** The only designs that may be suggested. */
export interface PoolDesigns {
  readonly designs: readonly Design[];
  readonly notes: readonly string[];
}

/**
 * The designs of a table (a store room, what a supplier has) that lie in the space. It needs a column for every
 * parameter that varies; others say nothing.
 * @throws InputError for a parameter without a column, and a table without a design of the space
 */
export function poolDesigns(open: OpenProblem, given: Dataset): PoolDesigns {
  const { space, problem } = open;
  const domain = domainNamed(problem.domain);
  const isThere = (name: string): boolean =>
    findColumn(given.table, name) !== undefined ||
    findColumn(given.table, snakeCase(name)) !== undefined;
  const parameters = space.parameters.flatMap((one) => {
    if (one.kind === "composition") return [];
    const mayLack = one.when !== undefined || ("values" in one && one.values.length === 1);
    return mayLack && !isThere(one.name) ? [] : [one];
  });
  const ingredients =
    problem.domain === defaultDomain
      ? space.columns.flatMap(({ kind, label }) => (kind === "fraction" ? [label] : []))
      : [];
  const dataset = conformDataset(given, { parameters, outcomes: [], ingredients });
  const composition = compositionsOf({ domain, space }, dataset);
  const designs: Design[] = [];
  const outside: string[] = [];
  let incomplete = 0;
  for (let i = 0; i < dataset.table.rows; i++) {
    const design = designAt(dataset.table, space.parameters, composition, i);
    if (design === null) {
      incomplete++;
      continue;
    }
    const standing = standingOf(open, design, unitsOf(problem));
    if (standing.design !== null && standing.outside.length === 0) designs.push(standing.design);
    else outside.push(`row ${i + 1}: ${outsideText(standing.outside)}`);
  }
  const { source, rows } = dataset.table;
  if (designs.length === 0) {
    throw new InputError(`No design of ${source} lies in the space.`, {
      file: source,
      expected: "at least one row with a whole design of the space",
      received: outside[0] ?? `${countOf(rows, "row")} without a whole design`,
    });
  }
  return {
    designs,
    notes: [
      ...(incomplete === 0
        ? []
        : [`${incomplete} of ${rows} rows of the pool have no whole design and are left out.`]),
      ...(outside.length === 0
        ? []
        : [
            `${outside.length} of ${rows} rows of the pool lie outside the space and are left out (${outside[0]!}).`,
          ]),
    ],
  };
}
