import { formatNumber } from "../core/format.ts";
import type { SurrogateSpec, TunableRange } from "../surrogates/contract.ts";
import { textTable } from "./text-table.ts";

/** What a family can do and which options it takes, as plain JSON. */
export interface FamilyDescription {
  readonly name: string;
  readonly title: string;
  readonly regression: boolean;
  readonly classification: boolean;
  readonly epistemic: boolean;
  readonly aleatoric: boolean;
  readonly missing: boolean;
  readonly categories: boolean;
  readonly sources: boolean;
  readonly noise: boolean;
  readonly checkpoints: boolean;
  readonly structure: string | null;
  readonly maxRows: number | null;
  readonly isSavable: boolean;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Options that `tune` searches, with where it looks. */
  readonly tunable: NonNullable<SurrogateSpec["tunable"]>;
}

export function describeFamily(spec: SurrogateSpec): FamilyDescription {
  const { name, title, supports, defaults, tunable = {} } = spec;
  const { missing = false, categories = false, sources = false, noise = false } = supports;
  return {
    name,
    title,
    regression: supports.regression,
    classification: supports.classification,
    epistemic: supports.epistemic,
    aleatoric: supports.aleatoric,
    missing,
    categories,
    sources,
    noise,
    checkpoints: supports.checkpoints ?? false,
    structure: supports.structure ?? null,
    maxRows: supports.maxRows ?? null,
    isSavable: spec.load !== undefined && spec.version !== undefined,
    defaults: { ...defaults },
    tunable,
  };
}

/** A family for the terminal: what it learns, tells and takes, and its options. */
export function familyText(family: FamilyDescription): string {
  const chosen = (words: Readonly<Record<string, boolean>>): string =>
    Object.entries(words)
      .filter(([, holds]) => holds)
      .map(([word]) => word)
      .join(", ") || "-";
  const facts: [string, string][] = [
    ["learns", chosen({ numbers: family.regression, classes: family.classification })],
    [
      "tells",
      chosen({
        "what it does not know (epistemic)": family.epistemic,
        "noise (aleatoric)": family.aleatoric,
      }),
    ],
    [
      "takes",
      chosen({
        numbers: true,
        "missing values": family.missing,
        categories: family.categories,
        "sources of data": family.sources,
        "known noise of rows": family.noise,
      }),
    ],
    ["rows", family.maxRows === null ? "any number" : `at most ${family.maxRows}`],
    ["made of", family.structure ?? "nothing that explanations read"],
    ["training", family.checkpoints ? "keeps checkpoints, goes on with --resume" : "in one go"],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const options = Object.entries(family.defaults);
  return [
    `${family.name}: ${family.title}`,
    "",
    ...facts.map(([name, text]) => `${name.padEnd(width)}  ${text}`),
    ...(options.length === 0
      ? []
      : [
          "",
          textTable(options, [
            { title: "--option", text: ([name]) => name },
            { title: "default", text: ([, value]) => valueText(value) },
            {
              title: "ystar tune looks in",
              text: ([name]) => rangeText(family.tunable[name]),
            },
          ]),
        ]),
  ].join("\n");
}

const valueText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

function rangeText(range: TunableRange | undefined): string {
  if (range === undefined) return "";
  return range.kind === "choice"
    ? range.values.map(valueText).join(", ")
    : `${formatNumber(range.min)} ... ${formatNumber(range.max)}${range.scale === "log" ? ", by ratios" : ""}`;
}
