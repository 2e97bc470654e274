"""Reference values for src/core/statistics.ts and correlation.ts from numpy and scipy.
Writes descriptive-statistics.json beside this file.   Run: python3 test/reference/descriptive-statistics.py
"""
import json
import os

import numpy as np
import scipy.stats as st

r = np.random.RandomState(3)
x = np.round(r.gamma(2, 3, 37), 3)
y = np.round(0.4 * x + r.normal(0, 1.5, 37), 1)
x[5] = x[9]
y[3] = y[7] = y[20]
w = np.round(r.uniform(0, 2, 37), 2)
big = 1e9 + x
counts, edges = np.histogram(x, 7)
shares = [0, 0.1, 0.25, 1 / 3, 0.5, 0.77, 1]
m = np.stack([x, y, w], 1)
result = {
    "x": x, "y": y, "w": w, "shares": shares,
    "mean": x.mean(), "variance": x.var(ddof=1), "populationVariance": x.var(),
    "shiftedVariance": float(np.var((big - 1e9), ddof=1)),
    "quantiles": np.quantile(x, shares), "mad": st.median_abs_deviation(x),
    "weightedMean": np.average(x, weights=w), "pearson": st.pearsonr(x, y)[0],
    "spearman": st.spearmanr(x, y)[0], "ranks": st.rankdata(y),
    "covariance": np.cov(m, rowvar=False).ravel(), "counts": counts, "edges": edges,
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "descriptive-statistics.json")
with open(path, "w") as file:
    json.dump({k: np.asarray(v).tolist() for k, v in result.items()}, file, indent=1)
    file.write("\n")
