import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { learningTask } from "../../src/campaign/learning/learning-task.ts";
import { joinColumns } from "../../src/core/matrix.ts";
import { tableCompositions } from "../../src/data/composition.ts";
import { columnsWithRole, numberColumn } from "../../src/data/table.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import type { ValidationData } from "../../src/surrogates/validate/held-out.ts";

/** A table in bench/data/matbench with the features of these sets; a property of 0 and 1 counts as classes. */
export async function matbenchTask(
  name: string,
  features: readonly string[],
): Promise<ValidationData> {
  const file = fileURLToPath(new URL(`../data/matbench/${name}.csv`, import.meta.url));
  const { table } = await loadDataset(file);
  const { fractions, symbols } = tableCompositions(table);
  const y = numberColumn(table, columnsWithRole(table, "property")[0].name).values.slice();
  const isClasses = y.every((value) => value === 0 || value === 1);
  return {
    x: joinColumns(
      features.map((wanted) =>
        alloyDomain.featurisers.find((one) => one.name === wanted)!.compute(fractions, symbols),
      ),
    ),
    y,
    task: isClasses ? { kind: "classification", classes: ["no", "yes"] } : { kind: "regression" },
  };
}

/**
 * A property of a shipped data set with the names of its inputs, its chemical systems or its compositions as groups,
 * and the elements that occur in it.
 */
export async function shippedTask(
  dataset: string,
  options: Parameters<typeof learningTask>[1],
  groupBy: "systems" | "compositions",
): Promise<ValidationData & { readonly symbols: readonly string[] }> {
  const { set, inputs } = learningTask(await loadDataset(dataset), options);
  const columns = inputs.labels.map((name) => ({ name, kind: "number" }) as const);
  const { symbols } = inputs;
  return { x: set.x, y: set.y, task: set.task, groups: set[groupBy], columns, symbols };
}

/** Path of a data set that its terms do not let the project ship; see bench/data/README.md. */
export const furtherData = (path: string): string =>
  join(process.env["YSTAR_BENCH_DATA"] ?? join("..", "shared", "data"), path);
