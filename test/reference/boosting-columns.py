"""Reference values for missing inputs and categories in boosted trees, from scikit-learn 1.2.

python3 test/reference/boosting-columns.py > test/reference/boosting-columns.json
"""
import json

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

random = np.random.default_rng(47)


def flat(a):
    """Row by row; a missing number is null."""
    return [None if np.isnan(v) else float(v) for v in np.asarray(a, dtype=float).ravel()]


def inputs(n):
    x = random.normal(size=(n, 4))
    x[:, 3] = random.integers(0, 6, size=n)
    x[random.uniform(size=n) < 0.3, 0] = np.nan
    x[random.uniform(size=n) < 0.15, 1] = np.nan
    return x


def target(x):
    """Missing says something, and levels are not in the order of their numbers."""
    first = np.where(np.isnan(x[:, 0]), 1.5, x[:, 0])
    level = np.array([0.0, 2.0, -1.0, 0.7, -2.0, 1.2])[x[:, 3].astype(int)]
    return first + np.nan_to_num(x[:, 1]) * x[:, 2] + level


n = 400
x, rows = inputs(n), inputs(40)
y = target(x) + 0.3 * random.normal(size=n)
labels = (y > 0.5).astype(int)
# Leaves are so large that every level in a node has the ten rows without which scikit-learn leaves it out.
settings = {"max_iter": 12, "learning_rate": 0.2, "max_leaf_nodes": 4, "min_samples_leaf": 60,
            "l2_regularization": 0.7, "early_stopping": False}
regress = lambda **more: HistGradientBoostingRegressor(**{**settings, **more})
numbers = [0, 1, 2]
out = {
    "x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows),
    "missing": flat(regress(max_leaf_nodes=7, min_samples_leaf=9).fit(x[:, numbers], y).predict(rows[:, numbers])),
    "missingMonotone": flat(
        regress(max_leaf_nodes=7, min_samples_leaf=9, monotonic_cst=[1, 0, 0])
        .fit(x[:, numbers], y).predict(rows[:, numbers])),
    "missingClasses": flat(
        HistGradientBoostingClassifier(**{**settings, "max_leaf_nodes": 7, "min_samples_leaf": 9})
        .fit(x[:, numbers], labels).predict_proba(rows[:, numbers])),
    "category": flat(regress(categorical_features=[3]).fit(x, y).predict(rows)),
}
# A category that is missing itself.
x[random.uniform(size=n) < 0.2, 3] = np.nan
rows[::5, 3] = np.nan
out["gaps"] = flat(x[:, 3])
out["rowGaps"] = flat(rows[:, 3])
out["missingCategory"] = flat(regress(categorical_features=[3]).fit(x, y).predict(rows))
out["categoryClasses"] = flat(
    HistGradientBoostingClassifier(**settings, categorical_features=[3]).fit(x, labels).predict_proba(rows))
print(json.dumps(out))
