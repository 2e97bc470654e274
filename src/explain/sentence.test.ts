import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { levelWord, predictionSentence, signed } from "./sentence.ts";

const facts = {
  title: "yield strength",
  unit: "MPa",
  prediction: 1240,
  base: 900,
  spread: 300,
  features: [
    { words: "Cr is high", contribution: -60 },
    { words: "Al is low", contribution: 180 },
    { words: "melting temperature is high", contribution: 110 },
    { words: "Ti is low", contribution: 3 },
  ],
};

describe("the sentence of a prediction", () => {
  it("gives the reasons that point its way, strongest first, then what speaks against", () => {
    assert.equal(
      predictionSentence(facts),
      "Yield strength is high (1,240 MPa against 900 MPa on average) because Al is low (+180) and " +
        "melting temperature is high (+110), although Cr is high (-60).",
    );
  });

  it("turns round for a low prediction", () => {
    const features = facts.features.map((one) => ({ ...one, contribution: -one.contribution }));
    assert.match(
      predictionSentence({ ...facts, prediction: 560, features }),
      /is low .* because Al is low \(-180\) and .*, although Cr is high \(\+60\)\.$/,
    );
  });

  it("names both sides near the average, and none where nothing counts", () => {
    const near = { ...facts, prediction: 930 };
    assert.match(
      predictionSentence(near),
      /is near the average .*: raised because .*; lowered because Cr/,
    );
    const none = { ...facts, prediction: 900, features: [{ words: "x", contribution: 0 }] };
    assert.match(predictionSentence(none), /is average .*: no feature moves it/);
  });

  it("leaves the unit of a probability out", () => {
    const chance = {
      ...facts,
      title: "probability of BCC",
      unit: "1",
      prediction: 0.9,
      base: 0.52,
      spread: 0.2,
    };
    assert.match(
      predictionSentence(chance),
      /^Probability of BCC is high \(0\.900 against 0\.520 on average\)/,
    );
  });

  it("gives contributions a sign and two digits at least", () => {
    assert.deepEqual(
      [0.1149, -0.184, 1234, -0.00012].map((value) => signed(value)),
      ["+0.11", "-0.18", "+1,234", "-0.00012"],
    );
  });

  it("calls the lowest third low and the highest high", () => {
    const usual = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert.deepEqual(
      [1, 3, 5, 7, 9].map((value) => levelWord(value, usual)),
      ["low", "low", "medium", "high", "high"],
    );
    assert.equal(levelWord(4, [4, 4, 4]), "medium");
    assert.equal(levelWord(-1, [0]), "low");
  });
});
