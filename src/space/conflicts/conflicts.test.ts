import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InfeasibleError, InputError } from "../../core/errors.ts";
import type { Constraint, Parameter } from "../contract.ts";
import { createSpace } from "../create-space.ts";
import type { SpaceSpec } from "../model/model.ts";
import {
  bruteForce,
  composition,
  gridSpec,
  routes,
  spaceOf,
  specOf,
} from "../small-spaces.test.ts";

/** The part of a specification that these members name; bounds that are not named are open. */
function partOf(spec: SpaceSpec, members: readonly string[]): SpaceSpec {
  return {
    ...spec,
    parameters: spec.parameters.map((parameter): Parameter => {
      if (parameter.kind === "composition") {
        const hasRange = members.some(
          (text) => / to .*\d( or absent)?$/.test(text) && text.startsWith("A, B"),
        );
        const hasCount = members.some((text) => text.startsWith("alloy:"));
        const { count, ...rest } = parameter;
        return {
          ...rest,
          elements: parameter.elements.map((element) =>
            hasRange ? element : { ...element, min: 0, max: 1 },
          ),
          ...(hasCount && count !== undefined ? { count } : {}),
        };
      }
      if (parameter.kind === "categorical" && !members.some((text) => text.startsWith("route:"))) {
        return { ...parameter, values: [...parameter.values, "another"] };
      }
      return parameter;
    }),
    constraints: spec.constraints.filter(({ text }) => members.includes(text)),
  };
}

test("every conflict is infeasible by itself, and feasible without any one of its members", async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(gridSpec, async (spec) => {
      const space = await createSpace(spec, { allowEmpty: true });
      for (const { constraints, relaxations } of space.explainInfeasible()) {
        found++;
        assert.equal(relaxations.length, constraints.length);
        assert.equal(bruteForce(partOf(spec, constraints)).length, 0, constraints.join(" | "));
        for (const member of constraints) {
          const rest = constraints.filter((text) => text !== member);
          assert.ok(
            bruteForce(partOf(spec, rest)).length > 0,
            `${constraints.join(" | ")} without ${member}`,
          );
        }
      }
    }),
    { numRuns: 60, seed: 21 },
  );
  assert.ok(found >= 8, `${found} conflicts`);
});

const open = { "<": "<=", ">": ">=", "<=": "<=", ">=": ">=", "=": "=" } as const;

test("a proposed change of a limit makes the space feasible, and a tenth less does not", async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(gridSpec, async (spec) => {
      const space = await createSpace(spec, { allowEmpty: true });
      const conflicts = space.explainInfeasible();
      if (conflicts.length !== 1) return;
      for (const relaxation of conflicts[0].relaxations) {
        const match = /^change the limit of "(.*)" from (\S+) to (\S+)( \S+)?( included)? \(/.exec(
          relaxation,
        );
        if (match === null || relaxation.endsWith("not enough by itself")) continue;
        const [, text, before, after] = match;
        const changed = (bound: number): SpaceSpec => ({
          ...spec,
          constraints: spec.constraints.map((constraint): Constraint =>
            constraint.text === text && "bound" in constraint && constraint.bound === Number(before)
              ? { ...constraint, bound, relation: open[constraint.relation] }
              : constraint,
          ),
        });
        found++;
        assert.ok(bruteForce(changed(Number(after))).length > 0, relaxation);
        const short = Number(before) + 0.9 * (Number(after) - Number(before));
        assert.equal(bruteForce(changed(short)).length, 0, relaxation);
      }
    }),
    { numRuns: 150, seed: 22 },
  );
  assert.ok(found >= 8, `${found} changes`);
});

const refused = async (
  parameters: readonly Parameter[],
  texts: readonly string[],
): Promise<InfeasibleError> => {
  try {
    await spaceOf(parameters, texts);
  } catch (error) {
    assert.ok(error instanceof InfeasibleError);
    return error;
  }
  return assert.fail("expected the space to be refused");
};

test("two limits that exclude each other are named, with how far each must give way", async () => {
  const error = await refused(
    [composition("A,B,C", { step: 0.01 })],
    ["A + B <= 0.3", "A >= 0.4", "C <= 0.9"],
  );
  assert.deepEqual(error.conflicts, [
    {
      constraints: ["A + B <= 0.3", "A >= 0.4"],
      relaxations: [
        'change the limit of "A + B <= 0.3" from 0.3 to 0.4 (+0.1)',
        'change the limit of "A >= 0.4" from 0.4 to 0.3 (-0.1)',
      ],
    },
  ]);
  assert.match(error.message, /"A \+ B <= 0.3" and "A >= 0.4" together/);
});

test("a strict limit is proposed to hold at the limit itself", async () => {
  const error = await refused(
    [composition("A,B,C", { step: 0.1, count: [1, 1] })],
    ["A > 0", "B > 0"],
  );
  assert.deepEqual(error.conflicts[0].relaxations, [
    "alloy: allow 2 elements instead of exactly 1",
    'let "A > 0" hold at 0 too',
    'let "B > 0" hold at 0 too',
  ]);
  const below = await refused([composition("A,B", { step: 0.1 })], ["A < 0.2", "B < 0.7"]);
  assert.equal(
    below.conflicts[0].relaxations[0],
    'change the limit of "A < 0.2" from 0.2 to 0.4 included (+0.2)',
  );
});

test("the least price that can be reached is given in its unit", async () => {
  // The cheapest of C and E: with C at least 0.1, the ratio of the sums at C = 0.1, E = 0.9.
  const error = await refused(
    [composition("C,E", { step: 0.1 })],
    ["price <= 10 USD/kg", "C >= 0.1"],
  );
  const least = (0.1 * 18000.7 + 0.9 * 3377.2) / (0.1 * 50.94 + 0.9 * 91.22);
  const text = error.conflicts
    .flatMap(({ relaxations }) => relaxations)
    .find((one) => one.includes("price"))!;
  const stated = Number(/to ([\d.]+) USD\/kg/.exec(text)![1]);
  // Alone, the limit conflicts with the elements themselves: pure E is the cheapest.
  const alone = 3377.2 / 91.22;
  assert.ok(Math.abs(stated - alone) < 1e-3 || Math.abs(stated - least) < 1e-3, text);
  assert.ok(stated >= Math.min(alone, least));
});

test("disjoint conflicts are all reported", async () => {
  const error = await refused(
    [composition("A,B,C,D", { step: 0.05 })],
    ["A <= 0.1", "A >= 0.2", "count(B, C) >= 2", "not (B and C)"],
  );
  assert.deepEqual(
    error.conflicts.map(({ constraints }) => [...constraints].sort().join("; ")).sort(),
    ["A <= 0.1; A >= 0.2", "count(B, C) >= 2; not (B and C)"],
  );
});

test("bounds of elements take part in a conflict as one member", async () => {
  const error = await refused(
    [composition("A,B,C,D", { max: 0.3, min: 0.1, step: 0.01 })],
    ["count(elements) <= 3", "A <= 0.1"],
  );
  assert.ok(error.conflicts[0].constraints.includes("A, B, C, D: 0.1 to 0.3 or absent"));
  assert.match(
    error.conflicts[0].relaxations.join("; "),
    /raise max of A, B, C, D from 0.3 to 0.34/,
  );
});

test("a grid without a fitting point conflicts though the continuous space does not", async () => {
  await refused([composition("A,B", { step: 0.1 })], ["A >= 0.31", "A <= 0.39"]);
  assert.ok(await spaceOf([composition("A,B")], ["A >= 0.31", "A <= 0.39"]));
});

test("fractions that cannot sum to one are refused with the sum that can be reached", async () => {
  const low = await refused([composition("A,B", { max: 0.4, step: 0.1 })], []);
  assert.match(low.message, /cannot sum to one, the largest possible sum is 0.8/);
  const high = await refused(
    [composition("A,B,C", { min: 0.4, max: 0.5, required: true, step: 0.1 })],
    [],
  );
  assert.match(high.message, /smallest possible sum is 1.2/);
  const few = await refused([composition("A,B,C", { min: 0.1, max: 0.4, count: [1, 2] })], []);
  assert.match(few.message, /largest possible sum is 0.8/);
});

test("an empty space can be handed out to be explained", async () => {
  const spec = specOf([composition("A,B", { step: 0.1 }), routes], ["A >= 0.6", "B >= 0.6"]);
  const space = await createSpace(spec, { allowEmpty: true });
  assert.equal(space.count(), 0n);
  assert.deepEqual([...space.enumerate()], []);
  assert.deepEqual(space.explainInfeasible()[0].constraints, ["A >= 0.6", "B >= 0.6"]);
});

test("malformed parameters are refused with the place and the expectation", async () => {
  const cases: readonly (readonly [Parameter[], RegExp])[] = [
    [[composition("A,B", { min: 0.5, max: 0.4 })], /element A: min 0.5 is above max 0.4/],
    [[composition("A,B", { max: 35 })], /between 0 and 1, got 0 to 35/],
    [[composition("A,B", { step: 0.03 })], /step 0.03 does not divide one/],
    [[composition("A,B", { step: 0.1, min: 0.05 })], /0.05 is not a multiple of the step 0.1/],
    [[composition("A,A", { step: 0.1 })], /"A" is used twice/],
    [[composition("A,B", { count: [3, 4] })], /count min 3 is above the number of elements, 2/],
    [[composition("A,B", { count: [2, 1] })], /count min 2 is above max 1/],
    [
      [{ kind: "continuous", name: "T", unit: "K", min: 900, max: 300 }],
      /min 900 K is above max 300 K/,
    ],
    [[{ kind: "discrete", name: "T", unit: "K", values: [] }], /at least one value/],
    [[{ kind: "categorical", name: "route", values: ["x", "x"] }], /x is listed twice/],
    [[], /at least one parameter/],
  ];
  for (const [parameters, message] of cases) {
    await assert.rejects(
      spaceOf(parameters),
      (error) => error instanceof InputError && message.test(error.message),
    );
  }
});

test("constraints that name what the space has not are refused with the nearest name", async () => {
  const parameters = [composition("Al,Ti", { step: 0.1 })];
  const spec = { parameters, quantities: [] };
  const linear = {
    kind: "linear",
    text: "All <= 0.3",
    coefficients: { All: 1 },
    relation: "<=",
    bound: 0.3,
  } as const;
  await assert.rejects(createSpace({ ...spec, constraints: [linear] }), (error) => {
    assert.ok(error instanceof InputError);
    assert.match(error.details.hint!, /Did you mean "Al"/);
    return true;
  });
  const dear = {
    kind: "quantity",
    text: "price <= 3",
    quantity: "price",
    relation: "<=",
    bound: 3,
  } as const;
  await assert.rejects(
    createSpace({ ...spec, constraints: [dear] }),
    /there is no quantity "price"/,
  );
});

test("an element without a value for a limited quantity is named", async () => {
  await assert.rejects(
    spaceOf([composition("A,Z", { step: 0.1 })], ["price <= 60 USD/kg"]),
    /no price is known for the element Z/,
  );
});
