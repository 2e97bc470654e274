import type {
  Candidate,
  DesignResult,
  MeasuredDesign,
  ModelCard,
  TargetSummary,
} from "../../src/campaign/contract.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import { createRng } from "../../src/core/rng.ts";
import sample from "./sample-alloys.json" with { type: "json" };

/** What a sample result is to contain; a fixture of tests, no finding. */
export interface SampleOptions {
  readonly candidates?: number;
  readonly targets?: number;
  readonly models?: boolean;
  readonly longNames?: boolean;
}

const elements = ["Al", "Ti", "V", "Cr", "Zr", "Nb", "Mo", "Hf", "Ta", "W"];

const targets: readonly TargetSummary[] = [
  target(
    "yield_strength",
    "Yield strength at 25 °C",
    "MPa",
    "maximise",
    "yield_strength -> maximise",
  ),
  target("density", "Density", "g/cm3", "minimise", "density -> minimise", "physics"),
  {
    ...target("single_phase", "Single-phase probability", "1", "class", "single_phase >= 0.7"),
    low: 0.7,
    classes: ["single phase"],
  },
  {
    ...target(
      "melting_temperature",
      "Melting temperature",
      "K",
      "range",
      "melting_temperature in [1900, 2600] K",
      "physics",
    ),
    low: 1900,
    high: 2600,
  },
  {
    ...target("price", "Price", "USD/kg", "match", "price = 45 USD/kg", "physics"),
    low: 45,
    high: 45,
  },
];

/**
 * A plausible result over real refractory alloys: measured rows with invented neighbours as candidates
 * and invented scatter as predictions. The same options give the same result.
 */
export function sampleResult(options: SampleOptions = {}): DesignResult {
  const { candidates: count = 20, models = true, longNames = false } = options;
  const rng = createRng(7);
  const chosen = targets.slice(0, options.targets ?? 3);
  const measured: MeasuredDesign[] = sample.rows.map((row) => {
    const [number, formula, fractions, strength, density, phase] = row as SampleRow;
    return {
      formula,
      row: number,
      fractions,
      values: {
        yield_strength: strength,
        density,
        single_phase: phase,
        melting_temperature: rule(fractions, melting),
        price: null,
      },
    };
  });
  const pool = measured.toSorted(
    (a, b) => (b.values["yield_strength"] ?? 0) - (a.values["yield_strength"] ?? 0),
  );
  const candidates = Array.from({ length: count }, (_, i): Candidate => {
    const base = pool[(i * 3) % Math.min(pool.length, 90)];
    const draw = rng.fork(`candidate ${i}`);
    const fractions: Record<string, number> = {};
    const raw = Object.entries(base.fractions).map(
      ([symbol, x]) => [symbol, Math.max(0.05, x + 0.04 * draw.normal())] as const,
    );
    const sum = raw.reduce((total, [, x]) => total + x, 0);
    let rest = 100;
    for (const [at, [symbol, x]] of raw.entries()) {
      const percent = at === raw.length - 1 ? rest : Math.round((100 * x) / sum);
      rest -= percent;
      fractions[symbol] = percent / 100;
    }
    const formula = Object.entries(fractions)
      .map(([symbol, x]) => `${symbol}${Math.round(100 * x)}`)
      .join("");
    const strength = (base.values["yield_strength"] ?? 1000) * (0.88 + 0.06 * draw.normal());
    const distance = 0.03 + 0.06 * Math.abs(draw.normal());
    const price = rule(fractions, prices);
    const all = {
      yield_strength: predicted(strength, 60 + 260 * distance * 4, 95, "MPa"),
      density: predicted(
        (base.values["density"] ?? 7) * (1 + 0.01 * draw.normal()),
        0,
        0.12,
        "g/cm3",
      ),
      single_phase: predicted(
        0.62 + 0.35 * draw.uniform(),
        0.04 + 0.08 * draw.uniform(),
        0.02,
        "1",
      ),
      melting_temperature: predicted(rule(fractions, melting), 0, 60, "K"),
      price: predicted(price, 0, 0, "USD/kg"),
    };
    const isCheap = price <= 220;
    return {
      id: `c${String(i + 1).padStart(2, "0")}`,
      design: {
        formula: longNames ? `${formula}(${formula})0.125(Al0.333Ti0.667)0.05` : formula,
        fractions,
        process: { route: i % 3 === 0 ? "CAST" : "ANNEAL", test_temperature: "25 °C" },
      },
      predictions: Object.fromEntries(
        chosen.map((t) => [t.property, all[t.property as keyof typeof all]]),
      ),
      feasible: isCheap,
      constraints: [
        {
          text: "Al + Cr <= 0.3",
          value: (fractions["Al"] ?? 0) + (fractions["Cr"] ?? 0),
          unit: "1",
          satisfied: true,
        },
        { text: "price <= 220 USD/kg", value: price, unit: "USD/kg", satisfied: isCheap },
        {
          text: "4 to 6 elements",
          value: Object.keys(fractions).length,
          unit: "1",
          satisfied: true,
        },
      ],
      distance,
      extrapolation: distance > 0.12,
      validity:
        distance > 0.12
          ? { verdict: "outside", reasons: ["Nb 0.400 is out of 0 ... 0.250"] }
          : { verdict: "inside", reasons: [] },
      nearest: { formula: base.formula, row: base.row, difference: "Nb +0.05, Ti −0.03, Al −0.02" },
      paretoRank: i < Math.ceil(count * 0.6) ? 1 : 2 + (i % 3),
      reason:
        `Predicted to be stronger than ${82 - (i % 40)} % of the measured alloys at a density below theirs; ` +
        `close to ${base.formula} (row ${base.row}) with more Nb and less Ti, which raises solid-solution strengthening.` +
        (longNames ? " A reason may run on.".repeat(20) : ""),
    };
  });
  const name = "Light refractory single-phase alloys";
  return {
    problem: {
      name: longNames
        ? `${name}, ${"with a rather long description of everything ".repeat(4)}`
        : name,
      domain: "alloy",
      nouns: alloyDomain.nouns,
      data: "mpea-mechanical",
      strategy: "evolutionary",
      targets: longNames
        ? chosen.map((t) => ({
            ...t,
            title: `${t.title} after an exceedingly long heat treatment in argon`,
          }))
        : chosen,
      constraints: ["Al + Cr <= 0.3", "price <= 220 USD/kg", "elements: 4 to 6 of 10"],
      elements,
      processUnits: { test_temperature: "degC" },
      text: problemText,
    },
    seed: 7,
    versions: { ystar: "0.1.0", node: "24.21.0" },
    dataHash: "5f2c9a0e4d7b1836c0a9e2f14b7d6c3850e1f9a7b2c4d6e8f0a1b3c5d7e9f1a3",
    data: {
      source: "mpea-mechanical",
      rows: 1545,
      usedRows: 412,
      audit: [
        {
          kind: "duplicates",
          severity: "warning",
          message: "20 rows repeat another row exactly.",
          rows: [14, 88, 89, 240, 612],
          columns: [],
          action: "merge",
        },
        {
          kind: "conflicting labels",
          severity: "warning",
          message:
            "26 groups share composition, route and temperature but differ in yield strength by more than a factor of two.",
          rows: [31, 32, 407, 408, 409],
          columns: ["yield_strength"],
          action: "keep",
        },
        {
          kind: "missing values",
          severity: "note",
          message: "yield_strength is missing in 478 rows.",
          rows: Array.from({ length: 90 }, (_, i) => 5 + 7 * i),
          columns: ["yield_strength"],
          action: "drop",
        },
        {
          kind: "outliers",
          severity: "note",
          message: "3 densities lie more than 6 robust standard deviations from the median.",
          rows: [801, 802, 1190],
          columns: ["density"],
          action: "keep",
        },
      ],
      license: "Apache-2.0",
      reference: sample.source,
    },
    space: { count: "204032533091695451", isUpperBound: true, dimension: 12 },
    candidates,
    models: models ? [strengthModel(measured), phaseModel(measured)].slice(0, chosen.length) : [],
    measured,
    extrapolationLimit: 0.12,
    search: {
      evaluated: 24000,
      budget: 24000,
      settings: { populationSize: 200 },
      objectives: chosen.filter((t) => t.kind !== "class").map((t) => t.text),
      history: Array.from({ length: 60 }, (_, g) => ({
        evaluated: 400 * (g + 1),
        feasible: Math.round(400 * (1 - Math.exp(-g / 12))),
        front: Math.min(86, 4 + 2 * g),
        best: chosen
          .filter((t) => t.kind !== "class")
          .map((t, k) =>
            g < 2
              ? null
              : t.kind === "maximise"
                ? -1400 - 620 * (1 - Math.exp(-g / 9))
                : 7.9 - k * 0.1 - 1.3 * (1 - Math.exp(-g / 14)),
          ),
      })),
    },
    warnings: [
      "The strengths mix compression and tension tests; differences below about 150 MPa mean little.",
      "2 of the candidates reach beyond the measured data: treat their predictions as a direction, not as a number.",
    ],
  };
}

type SampleRow = [number, string, Record<string, number>, number, number, number];

function target(
  property: string,
  title: string,
  unit: string,
  kind: TargetSummary["kind"],
  text: string,
  model = "random-forest",
): TargetSummary {
  return { text, property, unit, kind, low: null, high: null, classes: [], model, title };
}

function predicted(mean: number, epistemicStd: number, aleatoricStd: number, unit: string) {
  return { mean, epistemicStd, aleatoricStd, unit };
}

const melting: Readonly<Record<string, number>> = {
  Al: 933,
  Ti: 1941,
  V: 2183,
  Cr: 2180,
  Zr: 2128,
  Nb: 2750,
  Mo: 2896,
  Hf: 2506,
  Ta: 3290,
  W: 3695,
};
const prices: Readonly<Record<string, number>> = {
  Al: 2,
  Ti: 11,
  V: 370,
  Cr: 9,
  Zr: 37,
  Nb: 73,
  Mo: 40,
  Hf: 900,
  Ta: 300,
  W: 35,
};

function rule(
  fractions: Readonly<Record<string, number>>,
  table: Readonly<Record<string, number>>,
): number {
  return Object.entries(fractions).reduce((sum, [symbol, x]) => sum + x * (table[symbol] ?? 0), 0);
}

function strengthModel(measured: readonly MeasuredDesign[]): ModelCard {
  const rng = createRng("strength");
  const parity = measured.map((m) => {
    const value = m.values["yield_strength"] ?? 0;
    return {
      measured: value,
      predicted: 1090 + 0.72 * (value - 1090) + 150 * rng.normal(),
      std: 120 + 120 * rng.uniform(),
      formula: m.formula,
    };
  });
  return {
    property: "yield_strength",
    unit: "MPa",
    surrogate: "random-forest",
    task: "regression",
    classes: [],
    features: [
      "delta",
      "VEC",
      "dH_mix",
      "dS_mix",
      "Tm",
      "Vm",
      "k",
      "delta_chi",
      "route",
      "test_temperature",
    ],
    rows: 412,
    dropped: [
      { reason: "yield_strength missing", rows: 478 },
      { reason: "test temperature missing", rows: 181 },
    ],
    protocol: "5-fold cross-validation grouped by chemical system, 5 repeats",
    metrics: {
      rmse: { mean: 243, std: 12 },
      mae: { mean: 171, std: 8 },
      r2: { mean: 0.71, std: 0.03 },
      coverage90: { mean: 0.88, std: 0.02 },
    },
    baseline: {
      dummy: {
        rmse: { mean: 451, std: 9 },
        mae: { mean: 362, std: 8 },
        r2: { mean: -0.01, std: 0.01 },
      },
      linear: {
        rmse: { mean: 338, std: 15 },
        mae: { mean: 254, std: 10 },
        r2: { mean: 0.44, std: 0.05 },
      },
    },
    parity,
    calibration: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((nominal) => ({
      nominal,
      observed: nominal - 0.12 * nominal * (1 - nominal) * 2,
      count: 412,
    })),
  };
}

function phaseModel(measured: readonly MeasuredDesign[]): ModelCard {
  const rng = createRng("phase");
  const parity = measured.map((m) => {
    const value = m.values["single_phase"] ?? 0;
    return {
      measured: value,
      predicted: Math.min(1, Math.max(0, 0.25 + 0.5 * value + 0.2 * rng.normal())),
      std: 0.08,
      formula: m.formula,
    };
  });
  return {
    property: "single_phase",
    unit: "1",
    surrogate: "random-forest",
    task: "classification",
    classes: ["single phase", "other"],
    features: ["delta", "VEC", "dH_mix", "dS_mix"],
    rows: 1402,
    dropped: [{ reason: "microstructure missing", rows: 143 }],
    protocol: "repeated hold-out, 5 x 20 %",
    metrics: {
      rocAuc: { mean: 0.93, std: 0.011 },
      accuracy: { mean: 0.87, std: 0.012 },
      brier: { mean: 0.098, std: 0.006 },
    },
    baseline: {
      dummy: {
        rocAuc: { mean: 0.5, std: 0 },
        accuracy: { mean: 0.58, std: 0.01 },
        brier: { mean: 0.24, std: 0.002 },
      },
      linear: {
        rocAuc: { mean: 0.81, std: 0.02 },
        accuracy: { mean: 0.74, std: 0.02 },
        brier: { mean: 0.17, std: 0.01 },
      },
    },
    parity,
    calibration: [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95].map((nominal, i) => ({
      nominal,
      observed: Math.min(1, Math.max(0, nominal + 0.05 * Math.sin(i))),
      count: 40 + 25 * Math.abs(i - 4.5),
    })),
  };
}

const problemText = `name: Light refractory single-phase alloys
domain: alloy
data: mpea-mechanical
space:
  elements: [Al, Ti, V, Cr, Zr, Nb, Mo, Hf, Ta, W]
  fraction: { min: 0.05, max: 0.35, step: 0.01 }
  count: { min: 4, max: 6 }
constraints:
  - Al + Cr <= 0.3
  - price <= 220 USD/kg
targets:
  - yield_strength -> maximise
  - density -> minimise
  - single_phase >= 0.7
strategy: evolutionary
candidates: 20
seed: 7
`;
