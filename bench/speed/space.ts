import { rowOf } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import type { SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { parseConstraint } from "../../src/space/language/parse-constraint.ts";
import { timeMedian, type Bench, type BenchRow } from "../harness.ts";

const elements = ["Al", "Ti", "V", "Cr", "Zr", "Nb", "Mo", "Hf", "Ta", "W"];
const limits = ["price <= 60 USD/kg", "Al + Cr <= 0.35"];
const { quantities } = alloyDomain;

/** The space of the shipped example: 3 to 6 of ten elements with 5 to 35 % each. */
function exampleSpace(step: number | undefined): Promise<SearchSpace> {
  const context = { elements, parameters: [], quantities, properties: [] };
  return createSpace({
    parameters: [
      {
        kind: "composition",
        name: "composition",
        elements: elements.map((symbol) => ({ symbol, min: 0.05, max: 0.35 })),
        ...(step === undefined ? {} : { step }),
        count: { min: 3, max: 6 },
      },
    ],
    constraints: limits.flatMap((text) => parseConstraint(text, context)),
    quantities,
  });
}

/** Between two designs of the space with a little noise, as a search makes them. */
function children(space: SearchSpace, n: number): Float64Array[] {
  const rng = createRng(1).fork("children");
  const parents = space.sample(1000, rng);
  return Array.from({ length: n }, () => {
    const [a, b] = [rowOf(parents, rng.integer(1000)), rowOf(parents, rng.integer(1000))];
    const share = rng.uniform();
    return a.map((x, j) => share * x + (1 - share) * b[j] + 0.03 * rng.normal());
  });
}

/** Rows that know nothing of the limits. */
function strangers(space: SearchSpace, n: number): Float64Array[] {
  const rng = createRng(1).fork("strangers");
  return Array.from({ length: n }, () =>
    Float64Array.from({ length: space.dimension }, () => 0.3 * rng.uniform()),
  );
}

/** Counting, drawing, listing and repairing on one thread. */
export const spaceBench: Bench = {
  name: "space",
  summary: "count, sample, enumerate and repair in the example's space of ten elements",
  async run(log) {
    const rows: BenchRow[] = [];
    const measure = async (
      title: string,
      work: () => unknown,
      { repeats = 5, per = 1, unit = "s" } = {},
    ): Promise<void> => {
      log(title);
      const { median, spread } = await timeMedian(work, repeats);
      const scale = unit === "us" ? 1e6 / per : 1;
      rows.push({ case: title, value: median * scale, spread: spread * scale, unit, repeats });
    };
    await measure("create, 1 %", () => exampleSpace(0.01));
    await measure("create and count, 1 %", async () => (await exampleSpace(0.01)).count());
    for (const step of [0.01, 0.001, undefined]) {
      const name = step === undefined ? "continuous" : `${step * 100} %`;
      const space = await exampleSpace(step);
      const perRow = { unit: "us", repeats: 5 };
      const drawn = 2000;
      await measure(`sample a design, ${name}`, () => space.sample(drawn, createRng(2)), {
        ...perRow,
        per: drawn,
      });
      for (const [kind, list] of [
        ["a child", children(space, 2000)],
        ["a stranger", strangers(space, 500)],
      ] as const) {
        await measure(
          `repair ${kind}, ${name}`,
          () => {
            for (const row of list) space.repair(row);
          },
          { ...perRow, per: list.length },
        );
      }
      if (step !== 0.01) continue;
      const listed = 100_000;
      await measure(
        `enumerate a design, ${name}`,
        () => {
          const designs = space.enumerate();
          for (let i = 0; i < listed; i++) designs.next();
        },
        { ...perRow, per: listed },
      );
    }
    return rows;
  },
};
