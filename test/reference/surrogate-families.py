"""Reference values for extra trees, boosting, nearest neighbours and the lasso, from scikit-learn 1.2.

python3 test/reference/surrogate-families.py > test/reference/surrogate-families.json
"""
import json

import numpy as np
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import ElasticNet, LassoCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

random = np.random.default_rng(31)


def flat(a):
    return [float(v) for v in np.asarray(a).ravel()]


def boosting():
    n, d = 300, 4
    x = random.normal(size=(n, d))
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * random.standard_t(3, size=n)
    labels = (x[:, 0] + x[:, 1] + 0.5 * random.normal(size=n) > 0).astype(int)
    labels += (x[:, 2] + 0.3 * random.normal(size=n) > 0.6).astype(int)
    rows = random.normal(size=(30, d))
    settings = {
        "max_iter": 12, "learning_rate": 0.2, "max_leaf_nodes": 7, "min_samples_leaf": 9,
        "l2_regularization": 0.7, "early_stopping": False,
    }
    regress = lambda **more: HistGradientBoostingRegressor(**{**settings, **more}).fit(x, y).predict(rows)
    classify = lambda t: HistGradientBoostingClassifier(**settings).fit(x, t).predict_proba(rows)
    return {
        "x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows),
        # 255 bins hold quantiles of the 300 values, and 16 coarse ones.
        "squared": flat(regress()), "coarse": flat(regress(max_bins=16)),
        "deep": flat(regress(max_depth=2)),
        "quantile": flat(regress(loss="quantile", quantile=0.8)),
        "monotone": flat(regress(monotonic_cst=[1, -1, 0, 0], max_iter=30)),
        "two": flat(classify((labels > 0).astype(int))), "three": flat(classify(labels)),
        "huber": flat(huber(x[:200], y[:200], rows)),
    }


def huber(x, y, rows):
    """Friedman's TreeBoost for Huber's loss (algorithm 4), on scikit-learn's exact trees."""
    start = np.median(y)
    f, answer = np.full(len(y), start), np.full(len(rows), start)
    for _ in range(10):
        r = y - f
        size = np.quantile(np.abs(r), 0.9)
        tree = DecisionTreeRegressor(max_leaf_nodes=6, min_samples_leaf=8, random_state=0)
        tree.fit(x, np.clip(r, -size, size))
        leaf, other = tree.apply(x), tree.apply(rows)
        for node in np.unique(leaf):
            left = r[leaf == node]
            middle = np.median(left)
            value = 0.3 * (middle + np.mean(np.clip(left - middle, -size, size)))
            f[leaf == node] += value
            answer[other == node] += value
    return answer


def extra_trees():
    """Means over so many random trees that little chance is left; one over trees is its variance."""
    n, d, trees = 80, 3, 20000
    x = random.normal(size=(n, d))
    # Sums of eighths are exact: otherwise scikit-learn lets rounding choose between equal splits.
    y = np.round(8 * (np.sin(2 * x[:, 0]) + x[:, 1] + 0.2 * random.normal(size=n))) / 8
    labels = np.digitize(y, [-0.7, 0.7])
    rows = random.normal(size=(20, d))
    out = {"x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows)}
    for name, features, leaf in (("all", None, 1), ("two", 2, 4)):
        settings = {
            "n_estimators": trees, "max_features": features, "min_samples_leaf": leaf, "random_state": 0,
        }
        out[name] = {
            "numbers": flat(ExtraTreesRegressor(**settings).fit(x, y).predict(rows)),
            "classes": flat(ExtraTreesClassifier(**settings).fit(x, labels).predict_proba(rows)),
        }
    return out


def nearest():
    n, d = 60, 3
    x = random.normal(size=(n, d)) * [1, 10, 0.1]
    y = x[:, 0] + random.normal(size=n)
    labels = np.digitize(y, [-0.5, 0.5])
    rows = np.vstack([random.normal(size=(12, d)) * [1, 10, 0.1], x[:2]])
    z, zrows = (x - x.mean(0)) / x.std(0), (rows - x.mean(0)) / x.std(0)
    out = {"x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows)}
    for weights in ("distance", "uniform"):
        settings = {"n_neighbors": 7, "weights": weights, "algorithm": "brute"}
        out[weights] = {
            "numbers": flat(KNeighborsRegressor(**settings).fit(z, y).predict(zrows)),
            "classes": flat(KNeighborsClassifier(**settings).fit(z, labels).predict_proba(zrows)),
        }
    return out


def lasso():
    n, d, folds = 60, 8, 5
    x = random.normal(size=(n, d))
    x[:, 3] = x[:, 0] + 0.3 * random.normal(size=n)
    y = 2 * x[:, 0] - x[:, 1] + 0.5 * random.normal(size=n)
    z, t = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    fold = random.permutation(n) % folds
    splits = [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(folds)]
    chosen = LassoCV(cv=splits, tol=1e-12, max_iter=100000, n_alphas=50).fit(z, t)
    net = lambda alpha, mix: ElasticNet(alpha=alpha, l1_ratio=mix, tol=1e-14, max_iter=100000).fit(z, t).coef_
    return {
        "x": flat(x), "y": flat(y), "fold": flat(fold),
        "lasso": flat(net(0.1, 1)), "net": flat(net(0.2, 0.4)),
        "penalties": flat(chosen.alphas_), "squaredErrors": flat(chosen.mse_path_.mean(1)),
        "penalty": float(chosen.alpha_), "chosen": flat(chosen.coef_),
    }


print(json.dumps({
    "boosting": boosting(), "extraTrees": extra_trees(), "nearest": nearest(), "lasso": lasso(),
}))
