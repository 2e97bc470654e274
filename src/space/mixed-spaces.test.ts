import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InfeasibleError } from "../core/errors.ts";
import { rowOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { Parameter } from "./contract.ts";
import { createSpace } from "./create-space.ts";
import {
  anyChoices,
  anyFeasibleSpace,
  anyRow,
  objectionTo,
  valuesOf,
} from "./fixtures/any-space.ts";

test("draws, points of the cube, repairs and neighbours are designs of any mixed space", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const rng = createRng(seed);
      const any = await anyFeasibleSpace(rng.fork("space"));
      const space = await createSpace(any.spec);
      const check = (what: string, row: ArrayLike<number>): void => {
        const wrong = objectionTo(any, valuesOf(any.parameters, space.columns, row));
        const texts = any.rules.map(({ text }) => text).join("; ");
        assert.equal(wrong, null, `${what}: ${wrong} (${texts})`);
        assert.ok(space.isFeasible(row), `${what} is not feasible`);
      };
      const draws = space.sample(5, rng.fork("draws"));
      for (let i = 0; i < draws.rows; i++) check("sample", rowOf(draws, i));
      const wild = rng.fork("wild");
      for (let k = 0; k < 4; k++) {
        check("repair", space.repair(anyRow(wild, space.columns)));
        const point = Float64Array.from({ length: space.unitDimension }, () => wild.uniform());
        check("fromUnit", space.fromUnit(point));
      }
      const first = rowOf(draws, 0);
      assert.deepEqual(space.repair(first), first);
      assert.deepEqual(space.encode(space.decode(first)), first);
      const near = space.neighbours(first);
      for (let i = 0; i < near.rows; i++) {
        check("neighbour", rowOf(near, i));
        assert.notDeepEqual(rowOf(near, i), first);
      }
    }),
    { numRuns: 80 },
  );
});

type Choices = Awaited<ReturnType<typeof anyChoices>>;

/** Designs that keep the rules of these texts. */
function countOf(any: Choices, texts: readonly string[]): number {
  const rules = any.rules.filter(({ text }) => texts.includes(text));
  return any.designs.filter((one) => objectionTo({ ...any, rules }, one) === null).length;
}

/** The same rules where every element may have any fraction, and any number of elements be present. */
async function withoutBounds(any: Choices): Promise<Choices> {
  const parameters = any.parameters.map((parameter): Parameter => {
    if (parameter.kind !== "composition") return parameter;
    const { count: _, ...rest } = parameter;
    const elements = parameter.elements.map(({ symbol }) => ({ symbol, min: 0, max: 1 }));
    return { ...rest, elements };
  });
  const open = await createSpace({ parameters, constraints: [], quantities: [] });
  const designs = Array.from(open.enumerate(), (row) => valuesOf(parameters, open.columns, row));
  return { ...any, parameters, designs };
}

test("a refused space has no design, and the constraints named none without the others, any of them less and it has", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const any = await anyChoices(createRng(seed));
      const { parameters, rules } = any;
      const count = (texts: readonly string[]): number => countOf(any, texts);
      const texts = rules.map(({ text }) => text);
      try {
        const space = await createSpace(any.spec);
        assert.equal(space.count(), BigInt(count(texts)), texts.join("; "));
      } catch (error) {
        assert.ok(error instanceof InfeasibleError, String(error));
        refused++;
        assert.equal(count(texts), 0, texts.join("; "));
        assert.ok(error.conflicts.length > 0);
        for (const { constraints } of error.conflicts) {
          // Bounds of parameters may be named beside; they hold for all designs listed.
          const named = constraints.filter((text) => texts.includes(text));
          assert.equal(count(named), 0, named.join(" | "));
          if (named.length < constraints.length) continue;
          const wide = await withoutBounds(any);
          assert.equal(countOf(wide, named), 0, `${named.join(" | ")} without bounds`);
          for (const text of named) {
            const rest = named.filter((one) => one !== text);
            assert.ok(countOf(wide, rest) > 0, `${named.join(" | ")} without ${text}`);
          }
        }
      }
      assert.ok(parameters.length > 0);
    }),
    { numRuns: 160 },
  );
  assert.ok(refused >= 5, `${refused} refused`);
});
