import { createRng } from "../../src/core/rng.ts";
import { matrix, type Matrix } from "../../src/core/matrix.ts";
import {
  alloyFeatures,
  singlePhaseFeatures,
  standardFeatures,
} from "../../src/domains/alloy/featurisers.ts";
import { magpie } from "../../src/domains/alloy/magpie.ts";
import type { Featuriser } from "../../src/domains/contract.ts";
import { runPython, timeMedian, type Bench, type BenchRow } from "../harness.ts";

const elements = ["Al", "Co", "Cr", "Fe", "Ni"];
const targetSeconds = 1;

/** n random five-component alloys, fractions summing to one. */
function randomAlloys(n: number): Matrix {
  const rng = createRng(1).fork("alloys");
  const alloys = matrix(n, elements.length);
  const alpha = new Float64Array(elements.length).fill(1);
  for (let i = 0; i < n; i++) alloys.data.set(rng.dirichlet(alpha), i * elements.length);
  return alloys;
}

async function measure(
  featuriser: Featuriser,
  alloys: Matrix,
  repeats: number,
): Promise<{ value: number; spread: number; repeats: number }> {
  const timing = await timeMedian(() => featuriser.compute(alloys, elements), repeats);
  return { value: timing.median, spread: timing.spread, repeats };
}

/** The same eight descriptors in NumPy, vectorised over the alloys, with element values of these sizes. */
const numpyScript = `
import json, time
import numpy as np
rng = np.random.default_rng(1)
c = rng.dirichlet(np.ones(5), 1_000_000)
k, vm, tm, vec, r, chi = rng.uniform(1, 2, (6, 5))
h = rng.normal(size=(5, 5)); h = h + h.T; np.fill_diagonal(h, 0)
def eight(c):
    mean_r, mean_chi = c @ r, c @ chi
    delta = 100 * np.sqrt((c * (1 - r / mean_r[:, None]) ** 2).sum(1))
    spread = np.sqrt((c * (chi - mean_chi[:, None]) ** 2).sum(1))
    entropy = -8.314462618 * (c * np.log(np.where(c > 0, c, 1))).sum(1)
    enthalpy = 2 * ((c @ h) * c).sum(1)
    return np.column_stack([c @ k, c @ vm, c @ tm, c @ vec, delta, spread, entropy, enthalpy])
eight(c)
seconds = []
for _ in range(3):
    start = time.perf_counter(); eight(c); seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(seconds)[1], "version": np.__version__}))
`;

/** Descriptors of random five-component alloys on one thread, seconds for the whole table. */
export const descriptorsBench: Bench = {
  name: "descriptors",
  summary: "alloy descriptors of 1,000,000 five-component alloys on one thread",
  async run(log) {
    const rows: BenchRow[] = [];
    const million = randomAlloys(1_000_000);
    log("the same in NumPy");
    const peer = runPython<{ seconds: number; version: string }>(numpyScript);
    for (const featuriser of [standardFeatures, singlePhaseFeatures]) {
      log(featuriser.title);
      const timing = await measure(featuriser, million, 5);
      rows.push({
        case: `${featuriser.name}, 1000000 alloys of 5 elements`,
        unit: "s",
        ...timing,
        target: `<= ${targetSeconds}`,
        pass: timing.value <= targetSeconds,
        ...(peer.value === null
          ? { peer: "NumPy", peerValue: null, ratio: null, note: peer.reason }
          : {
              peer: `NumPy ${peer.value.version}, one thread`,
              peerValue: peer.value.seconds,
              ratio: peer.value.seconds / timing.value,
            }),
      });
    }
    log(alloyFeatures.title);
    rows.push({
      case: `${alloyFeatures.name}, 1000000 alloys of 5 elements`,
      unit: "s",
      ...(await measure(alloyFeatures, million, 3)),
    });
    log(magpie.title);
    rows.push({
      case: `${magpie.name}, 10000 alloys of 5 elements`,
      unit: "s",
      ...(await measure(magpie, randomAlloys(10_000), 5)),
    });
    return rows;
  },
};
