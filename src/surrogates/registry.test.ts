import { surrogates } from "./registry.ts";
import { testSurrogate } from "./surrogate.contract.ts";

/** Options that make a family quick enough for many small fits. */
const quick: Readonly<Record<string, object>> = {
  "random-forest": { trees: 60 },
  "extra-trees": { trees: 60 },
  "quantile-forest": { trees: 60 },
  "gradient-boosting": { rounds: 60 },
  stack: {
    members: [{ family: "extra-trees", options: { trees: 30 } }, { family: "linear" }],
    folds: 3,
  },
  "gaussian-process": { starts: 1 },
  "sparse-gaussian-process": { starts: 1, inducing: 30 },
  mlp: { hidden: [8], epochs: 15 },
  "mc-dropout": { hidden: [8], epochs: 15, samples: 5 },
  "deep-ensemble": { hidden: [6], epochs: 10, members: 2 },
};

for (const [name, spec] of Object.entries(surrogates)) testSurrogate(name, spec, quick[name] ?? {});
