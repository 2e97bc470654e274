import assert from "node:assert/strict";
import { describe, it } from "node:test";
import expected from "../../../test/reference/acquisition.json" with { type: "json" };
import { logEnvelopeGain } from "./knowledge-gradient/envelope-gain.ts";
import { informationOf } from "./max-value-entropy.ts";
import {
  expectedDistance,
  logChanceBelow,
  logChanceBetween,
  logExpectedBelow,
  logExpectedNearer,
  logH,
  logHSlope,
  type NormalTerm,
} from "./normal-terms.ts";

const near = (found: number, wanted: number, within: number): void => {
  const error = Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
  assert.ok(error <= within, `${found} is not ${wanted}`);
};

/** The derivatives of a term by mean and std against central differences. */
function confirm(term: (mean: number, std: number) => NormalTerm, mean: number, std: number): void {
  const h = 1e-4 * std;
  const { byMean, byStd } = term(mean, std);
  near(
    byMean * std,
    ((term(mean + h, std).value - term(mean - h, std).value) / (2 * h)) * std,
    1e-5,
  );
  near(
    byStd * std,
    ((term(mean, std + h).value - term(mean, std - h).value) / (2 * h)) * std,
    1e-5,
  );
}

describe("expectations under a normal distribution equal integrals with many digits", () => {
  it("log h and its slope, from -100000 to 9", () => {
    for (const [z, value] of expected.logH) near(logH(z), value, 1e-11);
    for (const [z, value] of expected.logHSlope) near(logHSlope(z), value, 1e-9);
  });

  it("the improvement below a limit", () => {
    for (const [limit, mean, std, value] of expected.below) {
      near(logExpectedBelow(limit, mean, std).value, value, 1e-11);
      confirm((m, s) => logExpectedBelow(limit, m, s), mean, std);
    }
  });

  it("the improvement towards a value or an interval", () => {
    for (const [low, high, reach, mean, std, value] of expected.nearer) {
      // A reach of 1e-3 std is where second differences of h keep the fewest digits.
      near(logExpectedNearer(low, high, reach, mean, std).value, value, 1e-8);
      confirm((m, s) => logExpectedNearer(low, high, reach, m, s), mean, std);
    }
  });

  it("the chance to lie between limits", () => {
    for (const [low, high, mean, std, value] of expected.chance) {
      const limits = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY] as const;
      near(logChanceBetween(...limits, mean!, std!).value, value!, 1e-10);
      confirm((m, s) => logChanceBetween(...limits, m, s), mean!, std!);
      if (low === null) near(logChanceBelow(high!, mean!, std!).value, value!, 1e-12);
    }
    confirm((m, s) => logChanceBelow(-20, m, s), 0, 0.5);
  });

  it("the distance from a value or an interval", () => {
    for (const [low, high, mean, std, value] of expected.distance) {
      near(expectedDistance(low, high, mean, std).value, value, 1e-12);
      confirm((m, s) => expectedDistance(low, high, m, s), mean, std);
    }
  });

  it("the upper envelope of lines (knowledge gradient)", () => {
    for (const [a, b, value] of expected.envelope as [number[], number[], number][]) {
      const [mean, slopes] = [Float64Array.from(a), Float64Array.from(b)];
      const found = logEnvelopeGain(mean, slopes);
      near(found.value, value, 1e-10);
    }
    const [a, b] = [Float64Array.of(1, 0.5, 0.7, -2), Float64Array.of(0.2, 1.5, -0.4, 3)];
    const { byMean, bySlope } = logEnvelopeGain(a, b);
    for (let k = 0; k < 4; k++) {
      const moved = (of: Float64Array, by: number) => of.map((v, j) => (j === k ? v + by : v));
      const h = 1e-6;
      const [up, down] = [logEnvelopeGain(moved(a, h), b), logEnvelopeGain(moved(a, -h), b)];
      near(byMean[k], (up.value - down.value) / (2 * h), 1e-6);
      const [more, less] = [logEnvelopeGain(a, moved(b, h)), logEnvelopeGain(a, moved(b, -h))];
      near(bySlope[k], (more.value - less.value) / (2 * h), 1e-6);
    }
  });

  it("the information of a bound (max-value entropy)", () => {
    for (const [mean, std, best, value] of expected.information) {
      near(informationOf([best], mean, std).value, value, 1e-10);
      confirm((m, s) => informationOf([best, best + 1], m, s), mean, std);
    }
  });
});
