import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import { createSpace } from "../../space/create-space.ts";
import { freeSpace, levels, unitBox } from "../fixtures/spaces.ts";
import type { DesignSpec } from "./contract.ts";
import { designs } from "./registry.ts";

const elements = (max: number) =>
  ["Al", "Ti", "V", "Cr"].map((symbol) => ({ symbol, min: 0, max }));

const cut = {
  kind: "linear",
  text: "Al + Cr <= 0.4",
  coefficients: { Al: 1, Cr: 1 },
  relation: "<=",
  bound: 0.4,
} as const;

const spaces: Record<string, SearchSpace> = {
  box: await unitBox(3),
  lists: await freeSpace([levels("passes", 5), levels("steps", 4)]),
  words: await freeSpace([
    { kind: "categorical", name: "route", values: ["cast", "wrought"] },
    { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
    { kind: "continuous", name: "fixed", unit: "1", min: 2, max: 2 },
  ]),
  mixture: await freeSpace([{ kind: "composition", name: "composition", elements: elements(1) }]),
  grid: await freeSpace([
    { kind: "composition", name: "composition", elements: elements(1), step: 0.01 },
  ]),
  alloy: await createSpace({
    parameters: [
      {
        kind: "composition",
        name: "composition",
        elements: elements(0.6).map((one) => ({ ...one, min: 0.05 })),
        step: 0.01,
        count: { min: 2, max: 3 },
      },
      { kind: "categorical", name: "route", values: ["cast", "wrought", "printed"] },
    ],
    constraints: [cut],
    quantities: [],
  }),
  blend: await createSpace({
    parameters: [
      { kind: "composition", name: "composition", elements: elements(0.8) },
      { kind: "continuous", name: "temperature", unit: "K", min: 300, max: 900 },
    ],
    constraints: [cut],
    quantities: [],
  }),
};

/** Designs of their own size that these spaces have; all others take any space. */
const ownSize: Record<string, readonly (readonly [string, number])[]> = {
  "full-factorial": [
    ["box", 8],
    ["lists", 20],
    ["words", 4],
  ],
  "fractional-factorial": [
    ["box", 8],
    ["words", 4],
  ],
  "central-composite": [["box", 15]],
  "simplex-lattice": [
    ["mixture", 10],
    ["grid", 10],
  ],
  "simplex-centroid": [
    ["mixture", 15],
    ["grid", 15],
  ],
};

const small = { starts: 1, candidates: 80, model: "linear" };

function requireDesign(space: SearchSpace, rows: Matrix, n: number): void {
  assert.equal(rows.rows, n);
  const keys = new Set<string>();
  for (let i = 0; i < n; i++) {
    assert.ok(space.isFeasible(rowOf(rows, i)), rowOf(rows, i).join(" "));
    keys.add(rowOf(rows, i).join(" "));
  }
  assert.equal(keys.size, n, "all different");
}

for (const spec of Object.values<DesignSpec>(designs)) {
  const settings =
    "starts" in spec.defaults ? small : "poolSize" in spec.defaults ? { poolSize: 200 } : {};
  const cases = ownSize[spec.name] ?? Object.keys(spaces).map((name) => [name, 12] as const);
  describe(spec.name, () => {
    for (const [name, n] of cases) {
      it(`gives ${n} different designs of the space "${name}", the same for the same seed`, async () => {
        const space = spaces[name];
        const size = spec.supports.ownSize ? null : n;
        const make = (seed: number) =>
          spec.points(space, { n: size, rng: createRng(seed) }, settings);
        const [one, again] = [await make(1), await make(1)];
        requireDesign(space, one.rows, n);
        assert.deepEqual(one, again);
        for (const value of Object.values(one.figures)) assert.ok(Number.isFinite(value));
      });
    }

    it("refuses a size, settings and additions that it cannot have", async () => {
      const space = spaces[cases[0][0]];
      const rng = createRng(1);
      await assert.rejects(spec.points(space, { n: 0, rng }), InputError);
      await assert.rejects(
        spec.points(space, { n: cases[0][1], rng }, { nothing: 1 }),
        /unknown setting "nothing"/,
      );
      const known = space.sample(1, rng);
      if (!spec.supports.known) {
        await assert.rejects(spec.points(space, { n: cases[0][1], rng, known }), UnsupportedError);
      }
      if (spec.supports.ownSize) {
        await assert.rejects(spec.points(space, { n: 7, rng }), InputError);
      } else {
        await assert.rejects(
          spec.points(spaces["lists"], { n: 21, rng }),
          /20 designs|20 different/,
        );
        await assert.rejects(spec.points(space, { n: null, rng }), /number of experiments/);
      }
    });
  });
}

describe("designs with a fixed form", () => {
  it("refuse spaces that they do not fit and say what does", async () => {
    const rng = createRng(1);
    const refused: [DesignSpec, SearchSpace][] = [
      [designs["full-factorial"], spaces["mixture"]],
      [designs["fractional-factorial"], spaces["alloy"]],
      [designs["central-composite"], spaces["lists"]],
      [designs["simplex-lattice"], spaces["blend"]],
      [designs["simplex-centroid"], spaces["box"]],
    ];
    for (const [spec, space] of refused) {
      await assert.rejects(
        spec.points(space, { n: null, rng }),
        (error) => error instanceof UnsupportedError && /d-optimal/.test(error.details.hint ?? ""),
      );
    }
  });

  it("refuse a space whose constraint forbids one of their points, and name it", async () => {
    const forbidden = await createSpace({
      parameters: spaces["mixture"].parameters,
      constraints: [cut],
      quantities: [],
    });
    await assert.rejects(
      designs["simplex-lattice"].points(forbidden, { n: null, rng: createRng(1) }),
      /Al \+ Cr <= 0\.4/,
    );
  });
});

describe("latin-hypercube", () => {
  it("uses each of n parts of every range once, at its middle", async () => {
    const n = 17;
    const { rows } = await designs["latin-hypercube"].points(spaces["box"], {
      n,
      rng: createRng(3),
    });
    const middles = Array.from({ length: n }, (_, k) => (k + 0.5) / n);
    for (let j = 0; j < 3; j++) {
      const own = Array.from({ length: n }, (_, i) => rows.data[i * 3 + j]).sort((a, b) => a - b);
      own.forEach((value, k) => assert.ok(Math.abs(value - middles[k]) < 1e-12));
    }
  });

  it("keeps experiments farther apart than a hypercube at random", async () => {
    const options = { n: 20, rng: createRng(4) };
    const spread = await designs["latin-hypercube"].points(spaces["box"], options);
    const random = await designs["latin-hypercube"].points(spaces["box"], options, {
      exchanges: 0,
    });
    assert.ok(spread.figures["leastDistance"] > 1.5 * random.figures["leastDistance"]);
  });
});

describe("simplex designs", () => {
  it("share what is left beside elements that must be there", async () => {
    const space = await freeSpace([
      {
        kind: "composition",
        name: "composition",
        elements: [
          { symbol: "Al", min: 0.1, max: 1, required: true },
          { symbol: "Ti", min: 0.2, max: 1, required: true },
          { symbol: "V", min: 0, max: 1 },
        ],
      },
    ]);
    const { rows } = await designs["simplex-lattice"].points(
      space,
      { n: 3, rng: createRng(1) },
      { degree: 1 },
    );
    const expected = [0.8, 0.2, 0, 0.1, 0.9, 0, 0.1, 0.2, 0.7];
    rows.data.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 1e-12));
  });
});

describe("core-set", () => {
  it("covers a line by its middle, its ends, and the middles of what is left", async () => {
    const line = await freeSpace([levels("x", 9)]);
    const { rows, figures } = await designs["core-set"].points(line, { n: 5, rng: createRng(1) });
    assert.deepEqual(rows.data.toSorted(), Float64Array.of(0, 2, 4, 6, 8));
    assert.equal(figures["coveringRadius"], 1 / 8);
  });

  it("keeps away from known experiments and chooses from a given pool only", async () => {
    const line = await freeSpace([levels("x", 9)]);
    const known = matrixOf([[0], [8]]);
    const { rows } = await designs["core-set"].points(
      line,
      { n: 2, rng: createRng(1), known },
      { pool: [[0], [1], [3], [4], [7]] },
    );
    assert.deepEqual([...rows.data], [4, 1]);
  });
});

describe("k-means", () => {
  it("takes one design out of each of several groups", async () => {
    const line = await freeSpace([levels("x", 100)]);
    const pool = [0, 1, 2, 48, 50, 52, 97, 98, 99].map((x) => [x]);
    const { rows } = await designs["k-means"].points(line, { n: 3, rng: createRng(1) }, { pool });
    assert.deepEqual(rows.data.toSorted(), Float64Array.of(1, 50, 98));
  });
});
