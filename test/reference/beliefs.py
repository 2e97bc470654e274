"""Posteriors of Gaussian processes at given hyper-parameters, and their refits after two more values.

Run: /usr/bin/python3 test/reference/beliefs.py > test/reference/beliefs.json   (scikit-learn 1.2, numpy)
"""

import json

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern

generator = np.random.default_rng(5)
x = generator.random((12, 3))
y = 40 + 7 * np.sin(4 * x[:, 0]) + 3 * x[:, 1] * x[:, 2]
rows = generator.random((5, 3))
extra = generator.random((2, 3))
extra_values = np.array([41.0, 37.5])
scales, variance, noise = np.array([0.5, 0.8, 1.3]), 1.7, 1e-3
offset, unit = y.mean(), y.std(ddof=1)


def fit(correlation, inputs, values, mean=None):
    kernel = ConstantKernel(variance, "fixed") * correlation
    standard = (values - offset) / unit
    covariance = kernel(inputs) + noise * variance * np.eye(len(inputs))
    by_ones = np.linalg.solve(covariance, np.ones(len(inputs)))
    mean = by_ones @ standard / by_ones.sum() if mean is None else mean
    model = GaussianProcessRegressor(kernel, alpha=noise * variance, optimizer=None)
    model.fit(inputs, standard - mean)
    m, c = model.predict(rows, return_cov=True)
    return mean, offset + unit * (mean + m), unit**2 * c


def posterior(correlation):
    mean, m, c = fit(correlation, x, y)
    _, m2, c2 = fit(correlation, np.vstack([x, extra]), np.concatenate([y, extra_values]), mean)
    return {
        "mean": m.tolist(),
        "covariance": c.ravel().tolist(),
        "meanAfter": m2.tolist(),
        "covarianceAfter": c2.ravel().tolist(),
    }


print(
    json.dumps(
        {
            "x": x.ravel().tolist(),
            "y": y.tolist(),
            "rows": rows.ravel().tolist(),
            "extra": extra.ravel().tolist(),
            "extraValues": extra_values.tolist(),
            "scales": scales.tolist(),
            "variance": variance,
            "noise": noise,
            "offset": offset,
            "unit": unit,
            "matern-5/2": posterior(Matern(scales, "fixed", nu=2.5)),
            "rbf": posterior(RBF(scales, "fixed")),
        }
    )
)
