import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../core/errors.ts";
import { bitCount, choose, nullPlayers, shapleyInteractions, shapleyValues } from "./games.ts";

describe("Shapley values of games", () => {
  it("are 2/3, 1/6, 1/6 in the glove game", () => {
    // One left glove (player 0), two right ones: a pair is worth 1.
    const values = shapleyValues(3, (s) => (s & 1 && s & 6 ? 1 : 0));
    [2 / 3, 1 / 6, 1 / 6].forEach((value, i) => assert.ok(Math.abs(values[i] - value) < 1e-15));
  });

  it("are one half each for AND and OR of two players", () => {
    assert.deepEqual([...shapleyValues(2, (s) => (s === 3 ? 1 : 0))], [0.5, 0.5]);
    assert.deepEqual([...shapleyValues(2, (s) => (s === 0 ? 0 : 1))], [0.5, 0.5]);
  });

  it("are the airport game's shares of each stretch of runway", () => {
    // S. C. Littlechild, G. Owen, Manage. Sci. 20, 370 (1973): costs 8, 11, 13, 18 of four aeroplanes.
    const cost = [8, 11, 13, 18];
    const values = shapleyValues(4, (s) =>
      Math.max(0, ...cost.filter((_, i) => ((s >> i) & 1) === 1)),
    );
    [2, 3, 4, 9].forEach((value, i) => assert.ok(Math.abs(values[i] - value) < 1e-12));
  });

  it("give a player who adds nothing exactly 0", () => {
    const worth = (s: number): number => Math.sqrt(s & 3) + 0.1;
    assert.equal(shapleyValues(3, worth)[2], 0);
    assert.deepEqual(
      nullPlayers(
        3,
        Array.from({ length: 8 }, (_, s) => worth(s)),
      ),
      [false, false, true],
    );
  });

  it("split into pairs that are symmetric and sum to each player's value", () => {
    const worth = (s: number): number => (bitCount(s) ** 2 * ((s & 5) + 1)) % 7;
    const values = shapleyValues(4, worth);
    const pairs = shapleyInteractions(4, worth);
    for (let i = 0; i < 4; i++) {
      let sum = 0;
      for (let j = 0; j < 4; j++) {
        sum += pairs.data[4 * i + j];
        assert.equal(pairs.data[4 * i + j], pairs.data[4 * j + i]);
      }
      assert.ok(Math.abs(sum - values[i]) < 1e-12);
    }
    // AND of two: half of the joint worth stands on either side of the diagonal.
    assert.deepEqual([...shapleyInteractions(2, (s) => (s === 3 ? 1 : 0)).data], [0, 0.5, 0.5, 0]);
  });

  it("are refused for no player and for too many", () => {
    for (const players of [0, 21, 1.5]) {
      assert.throws(() => shapleyValues(players, () => 0), InputError);
    }
  });

  it("count with exact binomials", () => {
    assert.equal(choose(20, 10), 184756);
    assert.equal(choose(5, 0), 1);
    assert.equal(bitCount(0b1011), 3);
  });
});
