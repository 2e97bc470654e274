import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";
import type { ColumnOverride } from "./column-override.ts";
import type { Provenance, Role, Table } from "./contract.ts";
import { readTable } from "./read/read-table.ts";
import type { ReadOptions } from "./read/read-table.ts";

/** A data set shipped with the package. */
export interface DatasetSpec {
  /** Path of its table below `datasets/`. */
  readonly file: string;
  readonly title: string;
  /** Other names it goes by. */
  readonly aliases: readonly string[];
  /** What is learned when nothing is asked for. */
  readonly defaultTarget: string;
  /** Properties that are classes; the positive class of a yes/no column is "1". */
  readonly classes: readonly string[];
  /** Column that holds the split its source published. */
  readonly splitColumn?: string;
  /** Roles and units by header; a header with the element's own name pattern is inferred. */
  readonly columns: Readonly<Record<string, ColumnOverride>>;
  readonly provenance: Provenance;
}

const role = (kind: Exclude<Role["kind"], "fraction">): ColumnOverride => ({ role: { kind } });
const number = (kind: "process" | "property" | "ignore", unit: string): ColumnOverride => ({
  role: { kind },
  unit,
  kind: "number",
});
const text = (kind: Exclude<Role["kind"], "fraction">): ColumnOverride => ({
  role: { kind },
  kind: "text",
});

/** The shipped data sets by name; a new one is a folder in `datasets/` and an entry here. */
export const datasets = {
  mpea: {
    file: "mpea/mpea.csv",
    title: "Mechanical properties and phases of multi-principal-element alloys",
    aliases: ["mpea-mechanical", "mpea_mechanical", "mpea_dataset"],
    defaultTarget: "yield_strength",
    classes: ["phase_class", "single_phase", "microstructure"],
    columns: {
      row: role("identifier"),
      reference_id: role("group"),
      formula: text("formula"),
      microstructure: text("property"),
      processing_method: text("process"),
      phase_class: text("property"),
      single_phase: number("property", "1"),
      grain_size_um: number("process", "um"),
      density_measured_g_per_cm3: number("property", "g/cm3"),
      density_calculated_g_per_cm3: number("property", "g/cm3"),
      hardness_HV: number("property", "HV"),
      test_type: text("process"),
      test_temperature_C: number("process", "degC"),
      yield_strength_MPa: number("property", "MPa"),
      ultimate_strength_MPa: number("property", "MPa"),
      elongation_percent: number("property", "%"),
      plastic_elongation_percent: number("property", "%"),
      youngs_modulus_measured_GPa: number("property", "GPa"),
      youngs_modulus_calculated_GPa: number("property", "GPa"),
      oxygen_wppm: number("ignore", "wppm"),
      nitrogen_wppm: number("ignore", "wppm"),
      carbon_wppm: number("ignore", "wppm"),
      reference_doi: text("group"),
      reference_year: number("ignore", "1"),
      reference_title: text("ignore"),
    },
    provenance: {
      title:
        "Expanded dataset of mechanical properties and observed phases of multi-principal element alloys",
      authors:
        "C. K. H. Borg, C. Frey, J. Moh, T. M. Pollock, S. Gorsse, D. B. Miracle, O. N. Senkov, B. Meredig, J. E. Saal",
      reference: "Scientific Data 7, 430 (2020)",
      doi: "10.1038/s41597-020-00768-9",
      url: "https://github.com/CitrineInformatics/MPEA_dataset/tree/d31e2510cccc3fb9e79d43ad62652f64ef8c2c5e",
      license: "Apache-2.0",
      notes: [
        "1545 rows, 630 distinct compositions, 265 references; no row was dropped.",
        "Columns renamed with units, formulas normalised to atomic fractions, numbers to at most 10 significant digits, texts trimmed.",
        "single_phase is derived: 1 where the reported microstructure is exactly BCC, FCC or HCP, 0 for any other reported one (an ordered phase such as B2 alone counts as 0), missing where none is reported (143 rows), it is only called Other (31) or phase_class contradicts it (2).",
        "phase_class says other for the 143 rows without a reported microstructure; that is not a measured absence of a single phase.",
        "Heat treatment and grain size are not fully recorded: 133 groups of equal composition, processing, test type and temperature have more than one yield strength, differing in 97 of them and in 26 by more than a factor of two.",
        "Strengths mix tension and compression.",
      ],
    },
  },
  "hea-single-phase": {
    file: "hea-single-phase/hea-single-phase.csv",
    title: "Single-phase formation of binary and high-entropy alloys",
    aliases: ["hea_single_phase", "hea-1373", "single-phase"],
    defaultTarget: "single_phase",
    classes: ["single_phase"],
    splitColumn: "split",
    columns: {
      row: role("identifier"),
      formula: text("formula"),
      single_phase: number("property", "1"),
      split: text("ignore"),
    },
    provenance: {
      title:
        "Data-efficient and interpretable inverse materials design using a disentangled variational autoencoder",
      authors: "C. Zeng, Z. Khan, N. L. Post",
      reference: "arXiv:2409.06740 (2024)",
      doi: "10.48550/arXiv.2409.06740",
      url: "https://github.com/cengc13/d_vae_hea/tree/84e4084464321a5ad154b1888fee35885ab96e6f",
      license: "none stated; formulas, labels and split are given here as facts with citation",
      notes: [
        "1373 alloys of 30 elements: 710 form a single-phase solid solution (1), 663 do not (0).",
        "Only formula, label and published split are shipped; features are computed by ystar.",
        "Formulas are written in one way (symbols by atomic number with their amounts, decimals with a leading zero, elements with amount 0 left out), because the spelling betrays the source.",
        "Four compositions occur twice, two of them with conflicting labels.",
        "The 1807-row parent set matches the one of Y. Yan, D. Lu, K. Wang, Comput. Mater. Sci. 199, 110723 (2021), doi:10.1016/j.commatsci.2021.110723 (attribution inferred).",
      ],
    },
  },
} as const satisfies Record<string, DatasetSpec>;

export type DatasetName = keyof typeof datasets;

/** Names of the shipped data sets. */
export const datasetNames: readonly DatasetName[] = Object.keys(datasets) as DatasetName[];

/** The shipped data set of this name or alias, or undefined (a path, for example). */
export function findDataset(
  name: string,
): { readonly name: DatasetName; readonly spec: DatasetSpec } | undefined {
  const wanted = name.trim().toLowerCase();
  const found = datasetNames.find((one) => {
    const { aliases }: DatasetSpec = datasets[one];
    return one === wanted || aliases.includes(wanted);
  });
  return found === undefined ? undefined : { name: found, spec: datasets[found] };
}

/**
 * The shipped data set of this name or alias.
 * @throws InputError with the nearest name
 */
export function datasetNamed(name: string): {
  readonly name: DatasetName;
  readonly spec: DatasetSpec;
} {
  const found = findDataset(name);
  if (found !== undefined) return found;
  throw new InputError(`there is no data set "${name}".`, {
    expected: `one of ${datasetNames.join(", ")}, or the path of a file`,
    received: name,
    hint: suggest(name, datasetNames),
  });
}

/**
 * The table of a shipped data set from the bytes of its file, every column with its declared role
 * unless the options give it another.
 */
export async function readDataset(
  name: DatasetName,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<Table> {
  const { file, columns }: DatasetSpec = datasets[name];
  const table = await readTable(bytes, file, {
    ...options,
    columns: { ...columns, ...options.columns },
  });
  return { ...table, source: name };
}
