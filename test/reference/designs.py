"""Writes designs.json beside this file: optimal designs found by other means than those of src/search/designs/optimal,
namely by trying all subsets of a grid, or by many restarts of a plain exchange written here.
Run: python3 test/reference/designs.py   (Debian: python3-numpy; about a minute)
"""
import itertools
import json
import os

import numpy as np

rng = np.random.default_rng(1)


def quadratic2(points):
    x, y = points.T
    return np.column_stack([np.ones(len(points)), x, y, x * y, x * x, y * y])


def quadratic1(x):
    return np.column_stack([np.ones(len(x)), x, x * x])


def best_d(terms, n):
    """Largest det of all subsets of n rows."""
    best = 0.0
    subsets = itertools.combinations(range(len(terms)), n)
    while True:
        chunk = list(itertools.islice(subsets, 100000))
        if not chunk:
            return best
        chosen = terms[np.array(chunk)]
        best = max(best, np.linalg.det(np.einsum("kia,kib->kab", chosen, chosen)).max())


def best_i(terms, moments, n):
    best = np.inf
    subsets = itertools.combinations(range(len(terms)), n)
    while True:
        chunk = list(itertools.islice(subsets, 100000))
        if not chunk:
            return best
        chosen = terms[np.array(chunk)]
        information = np.einsum("kia,kib->kab", chosen, chosen)
        usable = np.linalg.det(information) > 1e-9
        inverse = np.linalg.inv(information[usable])
        best = min(best, np.einsum("kab,ab->k", inverse, moments).min())


def exchange_d(terms, n, starts):
    best = 0.0
    for _ in range(starts):
        chosen = list(rng.choice(len(terms), n, replace=False))
        value = np.linalg.det(terms[chosen].T @ terms[chosen])
        better = True
        while better:
            better = False
            for i in range(n):
                for k in range(len(terms)):
                    if k in chosen:
                        continue
                    trial = chosen.copy()
                    trial[i] = k
                    own = np.linalg.det(terms[trial].T @ terms[trial])
                    if own > value * (1 + 1e-9):
                        chosen, value, better = trial, own, True
        best = max(best, value)
    return best


five = np.array(list(itertools.product(np.linspace(-1, 1, 5), repeat=2)))
line = np.linspace(-1, 1, 21)
# Mixtures of three on a grid of tenths: the first at most 0.6, the second at least 0.1, first and third at most 0.8.
mixtures = np.array(
    [(a, b, 10 - a - b) for a in range(7) for b in range(1, 11 - a) if a + 10 - a - b <= 8]
) / 10
a, b, c = mixtures.T
scheffe = np.column_stack([a, b, c, a * b, a * c, b * c])
result = {
    # |X'X| of the best 6 of a 5 x 5 grid for the full quadratic model of two factors.
    "gridDeterminant6": best_d(quadratic2(five), 6),
    # Mean variance of a quadratic over [-1, 1] for the best 4 of 21 points.
    "lineVariance4": best_i(quadratic1(line), np.array([[1, 0, 1 / 3], [0, 1 / 3, 0], [1 / 3, 0, 1 / 5]]), 4),
    "mixtures": len(mixtures),
    "mixtureDeterminant7": exchange_d(scheffe, 7, 60),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "designs.json")
with open(path, "w") as file:
    json.dump(result, file, indent=2)
    file.write("\n")
