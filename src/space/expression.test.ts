import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InputError } from "../core/errors.ts";
import { parseConstraint } from "./language/parse-constraint.ts";
import { parseTarget } from "./language/parse-target.ts";
import type { ExpressionContext } from "./language/vocabulary.ts";

const context: ExpressionContext = {
  elements: ["Al", "Cr", "Ti", "Zr", "Mo", "K"],
  parameters: [
    { name: "T", kind: "continuous", unit: "degC" },
    { name: "route", kind: "categorical", values: ["CAST", "AM-LPBF", "hot rolled"] },
  ],
  quantities: [
    { name: "price", unit: "USD/kg" },
    { name: "density", unit: "g/cm3" },
    { name: "melting_temperature", unit: "K" },
  ],
  properties: [
    { name: "yield_strength", unit: "MPa", kind: "number" },
    { name: "hardness", unit: "HV", kind: "number" },
    { name: "single_phase", unit: "1", kind: "class", classes: ["no", "yes"], positive: "yes" },
    { name: "phase_class", unit: "1", kind: "class", classes: ["BCC", "FCC", "HCP"] },
  ],
};

/** Constraints without their texts. */
const read = (text: string) =>
  parseConstraint(text, context).map((constraint) => {
    assert.equal(constraint.text, text.trim());
    return Object.fromEntries(Object.entries(constraint).filter(([key]) => key !== "text"));
  });

const linear = (coefficients: object, relation: string, bound: number, more: object = {}) => ({
  kind: "linear",
  coefficients,
  relation,
  bound,
  ...more,
});
const present = (element: string) => ({ kind: "present", element });
const absent = (element: string) => ({ kind: "absent", element });
const exclusion = (...conditions: object[]) => ({ kind: "exclusion", conditions });

test("sums, chains, products and quotients become linear constraints", () => {
  assert.deepEqual(read("Al + Cr <= 0.3"), [linear({ Al: 1, Cr: 1 }, "<=", 0.3)]);
  assert.deepEqual(read("2*Ti - Zr >= 0.1"), [linear({ Ti: 2, Zr: -1 }, ">=", 0.1)]);
  assert.deepEqual(read("Al + Cr <= 30 at%"), [linear({ Al: 1, Cr: 1 }, "<=", 0.3)]);
  assert.deepEqual(read("0.5 > Al"), [linear({ Al: 1 }, "<", 0.5)]);
  assert.deepEqual(read("Al + 0.1 <= Cr"), [linear({ Al: 1, Cr: -1 }, "<=", -0.1)]);
  assert.deepEqual(read("-(Al - Cr) / 2 <= 0.1"), [linear({ Al: -0.5, Cr: 0.5 }, "<=", 0.1)]);
  assert.deepEqual(read("0.1 <= Al + Ti <= 0.4"), [
    linear({ Al: 1, Ti: 1 }, ">=", 0.1),
    linear({ Al: 1, Ti: 1 }, "<=", 0.4),
  ]);
  assert.deepEqual(read("Al + Ti in [10, 40] at%"), read("0.1 <= Al + Ti <= 0.4"));
  assert.deepEqual(read("Ti / (Ti + Zr) <= 0.5"), [
    linear({ Ti: 1 }, "<=", 0.5, { denominator: { Ti: 1, Zr: 1 } }),
  ]);
});

test("counts become ranges of whole numbers", () => {
  const elements = ["Al", "Cr", "Mo"];
  assert.deepEqual(read("count(Al, Cr, Mo) <= 2"), [{ kind: "count", elements, min: 0, max: 2 }]);
  assert.deepEqual(read("count(Al, Cr, Mo) < 2"), [{ kind: "count", elements, min: 0, max: 1 }]);
  assert.deepEqual(read("5 = count(elements)"), [
    { kind: "count", elements: context.elements, min: 5, max: 5 },
  ]);
});

test("quantities are converted to their own unit", () => {
  assert.deepEqual(read("price <= 60 USD/kg"), [
    { kind: "quantity", quantity: "price", relation: "<=", bound: 60 },
  ]);
  assert.deepEqual(read("density < 7000 kg/m3"), [
    { kind: "quantity", quantity: "density", relation: "<", bound: 7 },
  ]);
  const [low, high] = read("melting_temperature in [1900, 2600] K");
  assert.deepEqual([low.bound, high.bound], [1900, 2600]);
  assert.ok(Math.abs((read("T <= 300 K")[0].bound as number) - 26.85) < 1e-9);
});

test("rules become exclusions", () => {
  assert.deepEqual(read("not (Al and Cr)"), [exclusion(present("Al"), present("Cr"))]);
  assert.deepEqual(read("if Cr then not Mo"), [exclusion(present("Cr"), present("Mo"))]);
  assert.deepEqual(read("if Cr then Mo and Ti"), [
    exclusion(present("Cr"), absent("Mo")),
    exclusion(present("Cr"), absent("Ti")),
  ]);
  assert.deepEqual(read("if Al or Cr then Mo"), [
    exclusion(present("Al"), absent("Mo")),
    exclusion(present("Cr"), absent("Mo")),
  ]);
  assert.deepEqual(read("Al or Cr"), [exclusion(absent("Al"), absent("Cr"))]);
  assert.deepEqual(read("not (Al > 0.2 and route is CAST)"), [
    exclusion(
      { kind: "compare", column: "Al", relation: ">", bound: 0.2 },
      { kind: "is", parameter: "route", values: ["CAST"] },
    ),
  ]);
  assert.deepEqual(read('route is AM-LPBF or "hot rolled"'), [
    exclusion({ kind: "is", parameter: "route", values: ["CAST"] }),
  ]);
  assert.deepEqual(read("if route is CAST then T >= 500 and Al = 0"), [
    exclusion(
      { kind: "is", parameter: "route", values: ["CAST"] },
      { kind: "compare", column: "T", relation: "<", bound: 500 },
    ),
    exclusion({ kind: "is", parameter: "route", values: ["CAST"] }, present("Al")),
  ]);
  assert.deepEqual(read("not (route is CAST or Al > 0.1)"), [
    exclusion({ kind: "is", parameter: "route", values: ["CAST"] }),
    exclusion({ kind: "compare", column: "Al", relation: ">", bound: 0.1 }),
  ]);
});

test("targets are read in the property's own unit", () => {
  const target = (text: string) => {
    const { text: kept, ...rest } = parseTarget(text, context);
    assert.equal(kept, text);
    return rest;
  };
  const number = (
    property: string,
    unit: string,
    kind: string,
    low: number | null,
    high: number | null,
  ) => ({ property, unit, kind, low, high, classes: [] });
  for (const word of ["maximise", "maximize", "max"]) {
    assert.deepEqual(
      target(`yield_strength -> ${word}`),
      number("yield_strength", "MPa", "maximise", null, null),
    );
  }
  for (const word of ["minimise", "minimize", "min"]) {
    assert.deepEqual(
      target(`density -> ${word}`),
      number("density", "g/cm3", "minimise", null, null),
    );
  }
  assert.deepEqual(target("hardness -> 500 HV"), number("hardness", "HV", "match", 500, 500));
  assert.deepEqual(
    target("melting_temperature in [1900, 2600] K"),
    number("melting_temperature", "K", "range", 1900, 2600),
  );
  assert.deepEqual(
    target("1900 K <= melting_temperature < 2600 K"),
    number("melting_temperature", "K", "range", 1900, 2600),
  );
  assert.deepEqual(
    target("yield_strength >= 0.8 GPa"),
    number("yield_strength", "MPa", "range", 800, null),
  );
  const some = (property: string, classes: string[], low: number | null, high: number | null) => ({
    property,
    unit: "1",
    kind: "class",
    low,
    high,
    classes,
    direction: null,
  });
  assert.deepEqual(target("single_phase >= 0.9"), some("single_phase", ["yes"], 0.9, null));
  assert.deepEqual(
    target("single_phase with probability >= 70 %"),
    some("single_phase", ["yes"], 0.7, null),
  );
  assert.deepEqual(
    target("phase_class is BCC or FCC with probability >= 0.6"),
    some("phase_class", ["BCC", "FCC"], 0.6, null),
  );
  assert.deepEqual(
    target("phase_class is not HCP with probability >= 0.6"),
    some("phase_class", ["BCC", "FCC"], 0.6, null),
  );
  assert.deepEqual(target("phase_class is BCC"), some("phase_class", ["BCC"], 0.5, null));
});

/** [text, where the caret begins, message, hint]. */
const badConstraints: readonly (readonly [string, number, RegExp, RegExp])[] = [
  [
    "Al + <= 3",
    5,
    /expected a number, a name or an opening parenthesis, got "<="/,
    /Constraints: /,
  ],
  ["Al =< 0.3", 4, /got "<"/, /Write <= or >=/],
  ["Al <= 0,3", 7, /got ","/, /decimal point/],
  ["Al wt% < 5", 3, /got "wt"/, /behind the number: Al <= 30 at%/],
  ["density <= 7 g cm-3", 15, /got "cm"/, /units without spaces: g\/cm3/],
  ["no Al", 3, /got "Al"/, /Write not Al/],
  ["Al & Cr", 3, /"&" is not understood/, /not \(Al and Cr\)/],
  ["Al in 0.1-0.3", 6, /expected a range/, /in \[0.1, 0.3\]/],
  ["count <= 5", 0, /"count" is not known/, /count\(elements\) <= 5/],
  ["Al <= 2 Ti", 8, /expected a unit/, /^To multiply, write 2 \* Ti\.\s*$/],
  ["Al + Crr <= 0.3", 5, /"Crr" is not known/, /Did you mean "Cr"/],
  ["price <= 60 MPa", 9, /price per mass \(USD\/kg\), but MPa is a pressure/, /USD\/kg/],
  ["Al <= 30", 0, /always holds/, /30 at%/],
  ["Al <= 30 wt%", 6, /mass fraction/, /at%/],
  ["yield_strength >= 800 MPa", 0, /predicted property/, /targets/],
  ["Al <= 0.3 blah", 10, /expected a unit/, /multiply/],
  ["0.3 Al <= 1", 4, /expected a unit/, /0.3 \* Al/],
  ["Al <= 0.3 )", 10, /expected an operator or the end, got "\)"/, /Constraints: /],
  ["Al # 3", 3, /"#" is not understood/, /Constraints: /],
  ["", 0, /expected an expression, got nothing/, /Constraints: /],
  ["Al * Cr = 0.3", 0, /not linear/, /range/],
  ["Al * Crr <= 0.3", 5, /"Crr" is not known/, /Did you mean "Cr"/],
  ["Al * yield_strength <= 0.3", 5, /predicted property/, /targets/],
  ["Al * route <= 0.3", 5, /is a category/, /if route is/],
  ["exp(price) <= 3", 4, /takes a plain number/, /Divide/],
  ["price + density <= 4", 0, /one dimension/, /units/],
  ["price * density <= 4", 0, /the sides are/, /their unit/],
  ["Al", 0, /expected a comparison/, /Al > 0/],
  ["count(Al, Xq) <= 2", 10, /"Xq" is not known/, /Al, Cr/],
  ["count(Al) <= 0.5", 0, /whole number, got 0.5/, /^$/],
  ["route is CST", 0, /cannot be "CST"/, /Did you mean "CAST"/],
  ["route <= 3", 0, /is a category/, /route is CAST/],
  ["Al in [0.4, 0.1]", 0, /begins at 0.4, above its end 0.1/, /^$/],
  ["Al in [0.1, 0.2", 15, /expected "\]", got the end/, /Constraints: /],
  ["density -> minimise", 0, /a target, not a constraint/, /targets/],
  ["not (price > 3)", 5, /cannot be part of a condition/, /by itself/],
];

test("errors of constraints carry a caret under the place, what was expected and a hint", () => {
  for (const [text, caret, message, hint] of badConstraints) {
    assert.throws(
      () => parseConstraint(text, context),
      (error) => {
        assert.ok(error instanceof InputError, text);
        const [first, shown, pointer] = error.message.split("\n");
        assert.match(first, message, text);
        assert.equal(shown, `  ${text}`);
        assert.equal(pointer.indexOf("^"), caret + 2, `${text}\n${error.message}`);
        assert.equal(error.details.path, `character ${caret + 1}`);
        assert.match(error.details.hint ?? "", hint, text);
        return true;
      },
    );
  }
});

const badTargets: readonly (readonly [string, RegExp, RegExp])[] = [
  ["yeld_strength -> max", /"yeld_strength" is not known/, /Did you mean "yield_strength"/],
  ["yield_strength -> maxmise", /is no goal/, /Did you mean "maximise"/],
  ["Al -> maximise", /part of the design/, /constraints/],
  ["phase_class is BC", /no class "BC"/, /Did you mean "BCC"/],
  ["phase_class >= 0.5", /which class/, /phase_class is BCC with probability/],
  ["single_phase >= 90", /between 0 and 1, got 90/, /90 %/],
  ["yield_strength >= 8 K", /pressure or stress \(MPa\), but K is a temperature/, /MPa/],
  ["yield_strength", /expected a goal/, /maximise/],
  ["yield_strength is big", /is a number, not a class/, /^$/],
];

test("errors of targets name the property, the expectation and a hint", () => {
  for (const [text, message, hint] of badTargets) {
    assert.throws(
      () => parseTarget(text, context),
      (error) => {
        assert.ok(error instanceof InputError, text);
        assert.match(error.message, message);
        assert.match(error.details.hint ?? "", hint);
        return true;
      },
    );
  }
});

test("whatever is typed, the parser answers or throws an InputError with a place", () => {
  const word = fc.constantFrom(
    "Al",
    "Cr",
    "price",
    "route",
    "T",
    "0.3",
    "60 USD/kg",
    "K",
    "<=",
    "=",
    "+",
    "-",
    "*",
    "/",
    "(",
    ")",
    "[",
    "]",
    ",",
    "not",
    "and",
    "or",
    "if",
    "then",
    "is",
    "in",
    "->",
    "with",
    "probability",
    "count",
    "CAST",
    "é",
    '"',
    "1e999",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 9 }).map((words) => words.join(" ")),
      ),
      (text) => {
        for (const parse of [parseConstraint, parseTarget]) {
          try {
            parse(text, context);
          } catch (error) {
            assert.ok(error instanceof InputError, `${text}: ${String(error)}`);
            assert.match(error.details.path ?? "", /^character \d+$/, text);
          }
        }
      },
    ),
    { numRuns: 3000, seed: 5 },
  );
});

const process = {
  elements: ["A", "B"],
  parameters: [
    { name: "T", kind: "continuous", unit: "K" },
    { name: "solvent", kind: "categorical", values: ["water", "2-propanol", "t-BuOH"] },
  ],
  quantities: [],
  properties: [],
} as const satisfies ExpressionContext;

test("words of a category may stand behind an equals sign or in a list", () => {
  const words = (text: string) => {
    const [constraint] = parseConstraint(text, process);
    assert.ok(constraint.kind === "exclusion", text);
    return constraint.conditions;
  };
  assert.deepEqual(words("not (T > 800 and solvent = water)"), [
    { kind: "compare", column: "T", relation: ">", bound: 800 },
    { kind: "is", parameter: "solvent", values: ["water"] },
  ]);
  const excluded = [{ kind: "is", parameter: "solvent", values: ["t-BuOH"] }];
  assert.deepEqual(words("solvent in [water, 2-propanol]"), excluded);
  assert.deepEqual(words('solvent in ["water", "2-propanol"]'), excluded);
  assert.deepEqual(words('not (solvent = "t-BuOH")'), excluded);
  assert.throws(() => words("solvent = watr"), /Did you mean|cannot be "watr"/);
  assert.throws(() => words("not (solven = water)"), /"solven" is not known/);
  assert.throws(() => words("solvent in [water"), /expected "\]"/);
});

test("units of products may be written with blanks, and what is linear is read as such", () => {
  const [product] = parseConstraint("A * T <= 300 K", process);
  assert.equal(product.kind, "nonlinear");
  const [sum] = parseConstraint("2 J/K * T + 10 J * A <= 700 J", process);
  assert.deepEqual(sum, {
    kind: "linear",
    text: "2 J/K * T + 10 J * A <= 700 J",
    coefficients: { T: 2, A: 10 },
    relation: "<=",
    bound: 700,
  });
  const [power] = parseConstraint("T * T <= 9e4 K K", process);
  assert.ok(power.kind === "nonlinear" && power.right.kind === "number");
  assert.equal(power.right.unit, "K2");
  assert.deepEqual(parseConstraint("count(ingredients) = 2", process), [
    { kind: "count", text: "count(ingredients) = 2", elements: ["A", "B"], min: 2, max: 2 },
  ]);
});
