"""Reference values for src/surrogates, from scikit-learn 1.2 and numpy.

python3 test/reference/surrogates.py > test/reference/surrogates.json
"""
import json

import numpy as np
from sklearn import metrics
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

random = np.random.default_rng(20)


def flat(a):
    return [float(v) for v in np.asarray(a).ravel()]


def gaussian_process():
    n, d = 30, 3
    x = random.normal(size=(n, d))
    y = np.sin(2 * x[:, 0]) + x[:, 1] + 0.1 * random.normal(size=n)
    rows = random.normal(size=(12, d))
    scales, signal, noise = [0.7, 1.9, 4.0], 1.7, 0.02
    covariance = signal * Matern(scales, nu=2.5)(x) + noise * np.eye(n)
    ones = np.linalg.solve(covariance, np.ones(n))
    mean = ones @ y / ones.sum()
    kernel = ConstantKernel(signal) * Matern(scales, nu=2.5) + WhiteKernel(noise)
    model = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(x, y - mean)
    answer, std = model.predict(rows, return_std=True)
    # Signal variance of largest likelihood for this ratio of noise to signal: r' R^-1 r / n.
    residual = y - mean
    best = signal * residual @ np.linalg.solve(covariance, residual) / n
    profiled = ConstantKernel(best) * Matern(scales, nu=2.5) + WhiteKernel(best * noise / signal)
    likelihood = (
        GaussianProcessRegressor(profiled, alpha=0, optimizer=None)
        .fit(x, residual)
        .log_marginal_likelihood()
    )
    return {
        "x": flat(x), "y": flat(y), "rows": flat(rows), "lengthScales": scales,
        "signalVariance": signal, "noiseVariance": noise, "constant": float(mean),
        "mean": flat(answer + mean), "std": flat(np.sqrt(std**2 - noise)),
        "profiledVariance": float(best), "profiledLikelihood": float(likelihood),
    }


def linear():
    n, d, classes = 40, 4, 3
    x = random.normal(size=(n, d))
    y = x @ [1, -2, 0.5, 0] + 3 + 0.3 * random.normal(size=n)
    labels = np.digitize(x[:, 0] + 0.7 * random.normal(size=n), [-0.6, 0.6])
    rows = random.normal(size=(6, d))
    penalty = 0.05
    z = (x - x.mean(0)) / x.std(0)
    zrows = (rows - x.mean(0)) / x.std(0)
    ridge = Ridge(alpha=n * penalty).fit(z, y)
    softmax = LogisticRegression(C=1 / (n * penalty), tol=1e-12, max_iter=10000).fit(z, labels)
    two = LogisticRegression(
        C=1 / (n * penalty), tol=1e-12, max_iter=10000, multi_class="multinomial"
    ).fit(z, labels > 0)
    return {
        "x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows), "penalty": penalty,
        "classes": classes, "ridge": flat(ridge.predict(zrows)),
        "softmax": flat(softmax.predict_proba(zrows)), "two": flat(two.predict_proba(zrows)),
    }


def scores():
    n = 60
    labels = (random.uniform(size=n) < 0.4).astype(int)
    # Rounded, so that many scores tie.
    p = np.round(np.clip(0.3 * labels + 0.7 * random.uniform(size=n), 0, 1), 1)
    called = (p > 0.5).astype(int)
    three = random.integers(0, 3, size=n)
    q = random.dirichlet([1, 1, 1], size=n) * 0.6 + 0.4 * np.eye(3)[three]
    measured = random.normal(size=n)
    predicted = measured + 0.3 * random.normal(size=n)
    return {
        "labels": flat(labels), "p": flat(p),
        "binary": {
            "accuracy": metrics.accuracy_score(labels, called),
            "balancedAccuracy": metrics.balanced_accuracy_score(labels, called),
            "precision": metrics.precision_score(labels, called),
            "recall": metrics.recall_score(labels, called),
            "f1": metrics.f1_score(labels, called),
            "rocAuc": metrics.roc_auc_score(labels, p),
            "prAuc": metrics.average_precision_score(labels, p),
            "logLoss": float(-np.mean(np.log(np.maximum(1e-15, np.where(labels == 1, p, 1 - p))))),
            "brier": metrics.brier_score_loss(labels, p),
        },
        "labels3": flat(three), "p3": flat(q),
        "multi": {
            "accuracy": metrics.accuracy_score(three, q.argmax(1)),
            "balancedAccuracy": metrics.balanced_accuracy_score(three, q.argmax(1)),
            "precision": metrics.precision_score(three, q.argmax(1), average="macro"),
            "recall": metrics.recall_score(three, q.argmax(1), average="macro"),
            "f1": metrics.f1_score(three, q.argmax(1), average="macro"),
            "rocAuc": metrics.roc_auc_score(three, q, multi_class="ovr", average="macro"),
            "logLoss": metrics.log_loss(three, q),
        },
        "measured": flat(measured), "predicted": flat(predicted),
        "regression": {
            "rmse": float(np.sqrt(metrics.mean_squared_error(measured, predicted))),
            "mae": metrics.mean_absolute_error(measured, predicted),
            "medianAbsoluteError": metrics.median_absolute_error(measured, predicted),
            "r2": metrics.r2_score(measured, predicted),
        },
    }


def trees():
    """Single trees on all inputs: exact best splits leave nothing to chance."""
    n, d = 120, 3
    x = random.normal(size=(n, d))
    labels = (x[:, 0] * x[:, 1] > 0) + (x[:, 2] > 1).astype(int)
    y = np.sin(x[:, 0]) + x[:, 1] * x[:, 2]
    rows = random.normal(size=(40, d))
    weight = random.integers(0, 4, size=n)
    kept = weight > 0
    result = {"x": flat(x), "labels": flat(labels), "y": flat(y), "rows": flat(rows), "weight": flat(weight)}
    for depth, leaf in ((1, 1), (3, 1), (4, 6)):
        settings = {"max_depth": depth, "min_samples_leaf": leaf, "random_state": 0}
        c = DecisionTreeClassifier(**settings).fit(x[kept], labels[kept], sample_weight=weight[kept])
        r = DecisionTreeRegressor(**settings).fit(x[kept], y[kept], sample_weight=weight[kept])
        result[f"depth{depth}leaf{leaf}"] = {
            "classes": flat(c.predict_proba(rows)), "numbers": flat(r.predict(rows)),
        }
    return result


print(json.dumps({
    "gaussianProcess": gaussian_process(), "linear": linear(), "scores": scores(), "trees": trees(),
}))
