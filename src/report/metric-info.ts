/** How a metric reads: its title, whether it is in the property's unit, and which way is better. */
export interface MetricInfo {
  readonly title: string;
  readonly hasUnit: boolean;
  readonly better: "low" | "high" | null;
  /** What it tells, for people who meet it the first time. */
  readonly meaning: string;
}

const known: Readonly<Record<string, MetricInfo>> = {
  rmse: {
    title: "RMSE",
    hasUnit: true,
    better: "low",
    meaning: "typical error, large errors weigh more",
  },
  mae: { title: "MAE", hasUnit: true, better: "low", meaning: "mean absolute error" },
  medianabsoluteerror: {
    title: "Median error",
    hasUnit: true,
    better: "low",
    meaning: "half the errors are smaller",
  },
  r2: {
    title: "R²",
    hasUnit: false,
    better: "high",
    meaning: "share of the variation explained; 1 is perfect, 0 is the mean",
  },
  spearman: {
    title: "Spearman ρ",
    hasUnit: false,
    better: "high",
    meaning: "agreement of the ranking",
  },
  rocauc: {
    title: "ROC-AUC",
    hasUnit: false,
    better: "high",
    meaning: "chance that a member is ranked above a non-member; 0.5 is guessing",
  },
  accuracy: {
    title: "Accuracy",
    hasUnit: false,
    better: "high",
    meaning: "share classified rightly",
  },
  balancedaccuracy: {
    title: "Balanced accuracy",
    hasUnit: false,
    better: "high",
    meaning: "mean share classified rightly over the classes",
  },
  f1: { title: "F1", hasUnit: false, better: "high", meaning: "balance of precision and recall" },
  precision: {
    title: "Precision",
    hasUnit: false,
    better: "high",
    meaning: "share of the named that are members",
  },
  recall: {
    title: "Recall",
    hasUnit: false,
    better: "high",
    meaning: "share of the members that are named",
  },
  brier: {
    title: "Brier score",
    hasUnit: false,
    better: "low",
    meaning: "squared error of the probability",
  },
  logloss: {
    title: "Log loss",
    hasUnit: false,
    better: "low",
    meaning: "surprise at the measured class",
  },
  meanloglikelihood: {
    title: "Mean log likelihood",
    hasUnit: false,
    better: "high",
    meaning: "how well mean and spread together foresee the measured value",
  },
  crps: {
    title: "CRPS",
    hasUnit: true,
    better: "low",
    meaning: "error of the whole predicted distribution, as an absolute error",
  },
  prauc: {
    title: "PR-AUC",
    hasUnit: false,
    better: "high",
    meaning: "precision averaged over all recalls",
  },
  nll: {
    title: "Neg. log likelihood",
    hasUnit: false,
    better: "low",
    meaning: "surprise at the measured value",
  },
  ece: {
    title: "Calibration error",
    hasUnit: false,
    better: "low",
    meaning: "mean distance of the calibration curve from the diagonal",
  },
};

/** What is known of a metric; an unknown name is shown as it is, without a direction. */
export function metricInfo(name: string): MetricInfo {
  const key = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = known[key];
  if (found !== undefined) return found;
  const coverage = /^coverage(\d+)$/.exec(key);
  if (coverage !== null) {
    return {
      title: `Coverage at ${coverage[1]} %`,
      hasUnit: false,
      better: null,
      meaning: `share of measurements inside the ${coverage[1]} % interval`,
    };
  }
  const width = /^width(\d+)$/.exec(key);
  if (width !== null) {
    return {
      title: `Width at ${width[1]} %`,
      hasUnit: true,
      better: null,
      meaning: `mean width of the ${width[1]} % interval`,
    };
  }
  return { title: name, hasUnit: false, better: null, meaning: "" };
}
