import { centralComposite } from "./central-composite.ts";
import type { DesignSpec } from "./contract.ts";
import { fractionalFactorial } from "./fractional-factorial.ts";
import { fullFactorial } from "./full-factorial.ts";
import { latinHypercube } from "./latin-hypercube.ts";
import { lowDiscrepancy } from "./low-discrepancy.ts";
import { dOptimal, iOptimal } from "./optimal/optimal.ts";
import { clusterCentres, coreSet } from "./pool.ts";
import { simplexCentroid, simplexLattice } from "./simplex.ts";

/** Every classical design of experiments, by name. A new one is a file here and a line below. */
export const designs = {
  "latin-hypercube": latinHypercube,
  "low-discrepancy": lowDiscrepancy,
  "full-factorial": fullFactorial,
  "fractional-factorial": fractionalFactorial,
  "central-composite": centralComposite,
  "simplex-lattice": simplexLattice,
  "simplex-centroid": simplexCentroid,
  "d-optimal": dOptimal,
  "i-optimal": iOptimal,
  "k-means": clusterCentres,
  "core-set": coreSet,
} as const satisfies Record<string, DesignSpec>;

export type DesignName = keyof typeof designs;
