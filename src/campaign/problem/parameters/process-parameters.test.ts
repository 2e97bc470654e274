import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { smallDataset } from "../../fixtures/small-data.ts";
import { processParameters } from "./process-parameters.ts";
import type { ProcessValue } from "../problem-file.ts";

const { table } = smallDataset();
const parameterOf = (name: string, value: ProcessValue) =>
  processParameters({ [name]: value }, table)[0];

test("numbers come in the unit of the data, whatever unit they were written in", () => {
  const cases: [ProcessValue, number[]][] = [
    [25, [25]],
    ["77 degF", [25]],
    [
      ["25 degC", 600],
      [25, 600],
    ],
    [[25, "25 degC"], [25]],
    [{ min: 20, max: 20 }, [20]],
    [{ min: 0, max: 100, step: 50 }, [0, 50, 100]],
    [{ min: 0, max: 1, step: 0.1 }, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]],
  ];
  for (const [value, expected] of cases) {
    const parameter = parameterOf("test_temperature", value);
    assert.ok(parameter.kind === "discrete" && parameter.unit === "degC");
    assert.equal(parameter.values.length, expected.length);
    expected.forEach((one, i) => assert.ok(Math.abs(parameter.values[i] - one) < 1e-9));
  }
});

test("a range without a step is continuous", () => {
  const parameter = parameterOf("test_temperature", { min: "293.15 K", max: 100 });
  assert.ok(parameter.kind === "continuous");
  assert.ok(Math.abs(parameter.min - 20) < 1e-9 && parameter.max === 100);
});

test("words are levels of the data, each once", () => {
  assert.deepEqual(parameterOf("route", ["cast", "rolled", "cast"]), {
    kind: "categorical",
    name: "route",
    values: ["cast", "rolled"],
  });
});

test("what does not fit the data is refused with its place", () => {
  const cases: [string, ProcessValue, RegExp][] = [
    ["test_temperatur", 25, /test_temperature/],
    ["test_temperature", "25 MPa", /temperature/],
    ["test_temperature", "hot", /number/],
    ["test_temperature", { min: 500, max: 100 }, /min <= max/],
    ["test_temperature", { min: 20, max: 100, step: 500 }, /steps/],
    ["test_temperature", { min: 20, max: 100, step: 1e-9 }, /steps/],
    ["route", "casted", /"cast"/],
    ["route", { min: 1, max: 2 }, /one or several of annealed, cast, rolled/],
  ];
  for (const [name, value, says] of cases) {
    assert.throws(
      () => parameterOf(name, value),
      (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.details.path, `space.process.${name}`);
        const { expected, hint } = error.details;
        assert.match(`${error.message} ${expected} ${hint}`, says);
        return true;
      },
    );
  }
});
