"""Values for the tests of validation: metrics, the corrected t-test, conformal sets. Needs scikit-learn, scipy.

python3 test/reference/validation.py > test/reference/validation.json
"""
import json

import numpy as np
from scipy import integrate, stats
from sklearn import metrics

random = np.random.default_rng(20240611)


def flat(values):
    return [float(value) for value in np.asarray(values).ravel()]


def regression():
    n = 40
    measured = random.normal(size=n)
    predicted = measured + 0.4 * random.normal(size=n)
    std = random.uniform(0.2, 0.6, size=n)
    z90 = stats.norm.ppf(0.95)
    inside = np.abs(measured - predicted) <= z90 * std

    def crps(m, p, s):
        """By the definition: the integral of the squared distance of the distribution functions."""
        below = integrate.quad(lambda t: stats.norm.cdf(t, p, s) ** 2, p - 12 * s - 5, m, epsabs=1e-12)[0]
        above = integrate.quad(lambda t: stats.norm.sf(t, p, s) ** 2, m, p + 12 * s + 5, epsabs=1e-12)[0]
        return below + above

    return {
        "measured": flat(measured), "predicted": flat(predicted), "std": flat(std),
        "scores": {
            "coverage90": float(np.mean(inside)),
            "width90": float(np.mean(2 * z90 * std)),
            "meanLogLikelihood": float(np.mean(stats.norm.logpdf(measured, predicted, std))),
            "crps": float(np.mean([crps(*row) for row in zip(measured, predicted, std)])),
        },
    }


def classification():
    n = 80
    labels = random.integers(0, 3, size=n)
    p = random.dirichlet([1, 1, 1], size=n) * 0.6 + 0.4 * np.eye(3)[labels]
    two = random.uniform(size=n)
    yes = (random.uniform(size=n) < two).astype(int)

    def ece(hit, said):
        bins = np.minimum(9, np.floor(said * 10).astype(int))
        return sum(abs(hit[bins == b].mean() - said[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins))

    return {
        "labels": flat(labels), "p": flat(p), "yes": flat(yes), "two": flat(two),
        "three": {
            "prAuc": float(np.mean([metrics.average_precision_score(labels == k, p[:, k]) for k in range(3)])),
            "brier": float(np.mean(np.sum((p - np.eye(3)[labels]) ** 2, 1)) / 2),
            "logLoss": metrics.log_loss(labels, p),
            "ece": float(ece(np.eye(3)[labels].ravel(), p.ravel())),
        },
        "binary": {
            "brier": metrics.brier_score_loss(yes, two), "logLoss": metrics.log_loss(yes, two),
            "ece": float(ece(yes, two)),
        },
    }


def difference():
    values = random.normal(0.3, 0.5, size=10)
    share = 0.25
    mean = values.mean()
    error = np.sqrt((1 / len(values) + share) * values.var(ddof=1))
    low, high = stats.t.interval(0.95, len(values) - 1, mean, error)
    return {
        "values": flat(values), "share": share,
        "expected": {
            "mean": float(mean), "standardError": float(error), "low": float(low), "high": float(high),
            "pValue": float(2 * stats.t.sf(abs(mean / error), len(values) - 1)),
        },
    }


print(json.dumps({"regression": regression(), "classification": classification(), "difference": difference()}))
