import { testExplainer } from "./explainer.contract.ts";
import { explainers } from "./registry.ts";

/** Options that make an explainer quick enough for many small runs. */
const quick: Readonly<Record<string, object>> = { lime: { samples: 1000 } };

for (const [name, spec] of Object.entries(explainers)) testExplainer(name, spec, quick[name] ?? {});
