import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { matrix } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import type { SavedState } from "../surrogates/contract.ts";
import { fitMlp } from "../surrogates/mlp/mlp.ts";
import { openCheckpointFile, type CheckpointFile } from "./checkpoint-file.ts";

const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
after(() => rmSync(folder, { recursive: true }));

function training() {
  const rng = createRng(1);
  const x = matrix(60, 2);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: 60 }, (_, i) => x.data[2 * i] + 0.1 * rng.normal());
  return { x, y, task: { kind: "regression" }, rng: createRng(2) } as const;
}

/** Trains until the first state has been kept. */
async function interrupted({ checkpoints }: CheckpointFile): Promise<void> {
  const controller = new AbortController();
  const save = (state: SavedState): void => {
    checkpoints.save(state);
    controller.abort(new Error("stopped"));
  };
  const work = { signal: controller.signal };
  await assert.rejects(fitMlp({ ...training(), work, checkpoints: { save } }, options), /stopped/);
}

const options = { hidden: [8], epochs: 60 };

describe("a checkpoint file", () => {
  it("lets an interrupted training go on to the same model, and goes away at its end", async () => {
    const path = join(folder, "a.checkpoint");
    const first = openCheckpointFile(path, { resume: false });
    await interrupted(first);
    assert.ok(first.flush());
    const second = openCheckpointFile(path, { resume: true });
    assert.ok(second.checkpoints.resume !== undefined);
    const input = training();
    const resumed = await fitMlp({ ...input, checkpoints: second.checkpoints }, options);
    const whole = await fitMlp(training(), options);
    assert.deepEqual(resumed.predict(input.x), whole.predict(input.x));
    second.remove();
    assert.ok(!existsSync(path));
  });

  it("that was not written says so", () => {
    assert.equal(openCheckpointFile(join(folder, "b"), { resume: false }).flush(), false);
  });

  it("that is missing, cut off or something else is refused with its name", async () => {
    const path = join(folder, "c.checkpoint");
    const open = () => openCheckpointFile(path, { resume: true });
    assert.throws(open, { name: "InputError", message: /There is no checkpoint/ });
    const file = openCheckpointFile(path, { resume: false });
    await interrupted(file);
    file.flush();
    const bytes = readFileSync(path);
    for (const damaged of [bytes.subarray(0, bytes.length - 8), Buffer.from("epoch 3")]) {
      writeFileSync(path, damaged);
      assert.throws(open, { name: "InputError", message: /c\.checkpoint/ });
    }
  });
});
