"""Posteriors of log odds given labels, by summation over a fine grid.

Run: /usr/bin/python3 test/reference/log-odds.py > test/reference/log-odds.json   (numpy, scipy)
"""

import json

import numpy as np
from scipy.special import log_ndtr

scale = 8 / np.pi


def moments(covariance, signs):
    """Means and standard deviations of f ~ N(0, covariance) given labels of chance Phi(sign f / sqrt(scale))."""
    covariance = np.array(covariance)
    n = len(signs)
    std = np.sqrt(np.diag(covariance))
    points = {1: 20001, 2: 1201, 3: 301}[n]
    axes = [np.linspace(-9 * s, 9 * s, points) for s in std]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, n)
    log = -0.5 * np.einsum("ij,jk,ik->i", grid, np.linalg.inv(covariance), grid)
    log += log_ndtr(grid * np.array(signs) / np.sqrt(scale)).sum(axis=1)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = weight @ grid
    return mean.tolist(), np.sqrt(weight @ (grid - mean) ** 2).tolist()


cases = []
for covariance, signs in [
    ([[4.0]], [1]),
    ([[100.0]], [-1]),
    ([[16.0, 12.0], [12.0, 16.0]], [1, 1]),
    ([[60.0, 50.0], [50.0, 60.0]], [1, -1]),
    ([[30.0, 20.0, 5.0], [20.0, 30.0, 20.0], [5.0, 20.0, 30.0]], [1, 1, -1]),
    ([[9.0, 8.0, 2.0], [8.0, 9.0, 3.0], [2.0, 3.0, 9.0]], [-1, 1, 1]),
]:
    mean, std = moments(covariance, signs)
    cases.append({"covariance": covariance, "signs": signs, "mean": mean, "std": std})
print(json.dumps(cases))
