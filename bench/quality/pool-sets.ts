import { existsSync } from "node:fs";
import { tablePool, type TablePool } from "../../src/campaign/backtest/table-pool.ts";
import { loadDataset } from "../../src/store/load-dataset.ts";
import { furtherData } from "./tasks.ts";

/** A table of finished experiments and what was wanted of them. */
export interface PoolSet {
  readonly name: string;
  /** Inside `closed_loop_benchmarks`. */
  readonly file: string;
  readonly target: string;
}

/**
 * The single-objective sets that the project's notes on published benchmarks list for materials (the PV-Lab pools of
 * Liang et al. 2021, and of Olympus the oxide plates, polymer blends, colours, perovskites and the two coupling
 * reactions), chosen from that list before any was tried. Others (alkox, hplc, suzuki, fullerenes, ...) were kept for
 * development. AgNP is minimised as its authors do.
 */
export const poolSets: readonly PoolSet[] = [
  { name: "crossed barrel", file: "pv_lab/crossed_barrel.csv", target: "toughness -> maximise" },
  { name: "AgNP", file: "pv_lab/agnp.csv", target: "loss -> minimise" },
  { name: "AutoAM", file: "pv_lab/autoam.csv", target: "score -> maximise" },
  { name: "P3HT/CNT", file: "pv_lab/p3ht.csv", target: "conductivity -> maximise" },
  { name: "perovskite", file: "pv_lab/perovskite.csv", target: "instability_index -> minimise" },
  ...["3496", "3851", "3860"].map((plate) => ({
    name: `OER plate ${plate}`,
    file: `olympus/oer_plate_${plate}.csv`,
    target: "overpotential -> minimise",
  })),
  { name: "photo PCE10", file: "olympus/photo_pce10.csv", target: "degradation -> minimise" },
  { name: "colors Bob", file: "olympus/colors_bob.csv", target: "difference_to_green -> minimise" },
  { name: "hybrid perovskites", file: "olympus/perovskites.csv", target: "hse_gap -> minimise" },
  { name: "Suzuki EDBO", file: "olympus/suzuki_edbo.csv", target: "yield -> maximise" },
  ...["a", "b", "c", "d", "e"].map((part) => ({
    name: `Buchwald ${part}`,
    file: `olympus/buchwald_${part}.csv`,
    target: "yield -> maximise",
  })),
];

/** The set as a laboratory, replicates averaged, every column but the target as input; undefined where it is missing. */
export async function loadPoolSet({ file, target }: PoolSet): Promise<TablePool | undefined> {
  const path = furtherData(`closed_loop_benchmarks/${file}`);
  if (!existsSync(path)) return undefined;
  const { table } = await loadDataset(path);
  const wanted = target.split(" ")[0];
  const inputs = table.columns.map(({ name }) => name).filter((name) => name !== wanted);
  return tablePool(table, { targets: [target], inputs, replicates: "mean" });
}
