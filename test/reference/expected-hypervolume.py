"""Expected hypervolume improvements by numerical integration (SciPy), for expected-hypervolume.json.

The improvement E[HV(front + y) - HV(front)] with independent normal y is the integral over the points p that the front
leaves free, below the reference, of P(y <= p): over each cell between the front's coordinates a product of integrals in
one dimension, taken by adaptive quadrature.
Run: /usr/bin/python3 test/reference/expected-hypervolume.py > test/reference/expected-hypervolume.json
"""
import itertools
import json

import numpy as np
from scipy import integrate
from scipy.stats import norm


def below(kind, low, high, mean, std, t):
    """P(loss <= t)."""
    if kind == "minimise":
        return norm.cdf((t - mean) / std)
    if kind == "maximise":
        return norm.cdf((t + mean) / std)
    if t < 0:
        return 0.0
    return norm.cdf((high + t - mean) / std) - norm.cdf((low - t - mean) / std)


def side(goal, mean, std, lower, upper):
    low_limit = min(lower, upper)
    if lower == -np.inf:
        low_limit = -np.inf
    breaks = sorted({0.0, mean, -mean})
    total = 0.0
    points = [low_limit if low_limit != -np.inf else min(upper, -abs(mean)) - 60 * std]
    points += [b for b in breaks if points[0] < b < upper] + [upper]
    for a, b in zip(points, points[1:]):
        total += integrate.quad(lambda t: below(goal[0], goal[1], goal[2], mean, std, t), a, b, epsabs=0, epsrel=1e-12, limit=500)[0]
    return total


def ehvi(goals, front, reference, mean, std):
    m = len(goals)
    axes = [[-np.inf] + sorted({p[k] for p in front if p[k] < reference[k]}) + [reference[k]] for k in range(m)]
    sides = [[side(goals[k], mean[k], std[k], a, b) for a, b in zip(axes[k], axes[k][1:])] for k in range(m)]
    total = 0.0
    for cell in itertools.product(*[range(len(s)) for s in sides]):
        corner = [axes[k][cell[k]] for k in range(m)]
        if any(all(p[k] <= corner[k] for k in range(m)) for p in front):
            continue
        total += np.prod([sides[k][cell[k]] for k in range(m)])
    return total


minimise, maximise, match = ("minimise", 0, 0), ("maximise", 0, 0), ("match", 1.0, 1.5)
front2 = [[1, 5], [2, 3], [4, 1]]
front3 = [[1, 4, 3], [2, 2, 4], [3, 3, 1], [4, 1, 2], [2, 3, 2]]
cases = [
    {"goals": [minimise, minimise], "front": front2, "reference": [6, 6], "mean": [2, 2], "std": [1, 0.5]},
    {"goals": [minimise, minimise], "front": front2, "reference": [6, 6], "mean": [5, 5], "std": [0.5, 0.7]},
    {"goals": [minimise, minimise], "front": [], "reference": [6, 6], "mean": [7, 8], "std": [1.0, 2.0]},
    {"goals": [maximise, minimise], "front": [[-1, 5], [-2, 6]], "reference": [1, 8], "mean": [1.2, 5.5], "std": [0.4, 1.0]},
    {"goals": [match, minimise], "front": [[0.2, 5], [0.6, 3]], "reference": [2, 6], "mean": [2.0, 4.0], "std": [0.3, 1.0]},
    {"goals": [match, minimise], "front": [[0.2, 5], [0.6, 3]], "reference": [2, 6], "mean": [0.1, 4.0], "std": [0.5, 1.0]},
    {"goals": [minimise] * 3, "front": front3, "reference": [5, 5, 5], "mean": [2, 2, 2], "std": [1, 0.8, 0.6]},
    {"goals": [minimise] * 3, "front": front3, "reference": [5, 5, 5], "mean": [4, 4.5, 3.5], "std": [0.6, 0.5, 0.9]},
]
for case in cases:
    case["value"] = float(ehvi(case["goals"], case["front"], case["reference"], case["mean"], case["std"]))
print(json.dumps(cases, indent=1))
