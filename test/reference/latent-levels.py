"""Log marginal likelihood of a Gaussian process whose categories lie at places in planes.

Run: /usr/bin/python3 test/reference/latent-levels.py > test/reference/latent-levels.json   (scikit-learn 1.2, scipy)
"""

import json

import numpy as np
from scipy.stats import multivariate_normal
from sklearn.gaussian_process.kernels import Matern

generator = np.random.default_rng(11)
n, words = 14, [3, 4]
number = generator.random(n)
level = [generator.integers(0, count, n) for count in words]
y = generator.normal(size=n)
places = [generator.normal(size=(count, 2)) for count in words]
scales, noise, variance = np.array([0.4, 1.5, 2.5]), 0.05, 1.3

one_hot = [np.eye(count)[one] * np.sqrt(0.5) for count, one in zip(words, level)]
points = np.hstack([number[:, None], *one_hot])
length = np.concatenate([[scales[0]], *([scales[k + 1]] * words[k] for k in range(2))])
placed = np.hstack([points / length, *(p[one] for p, one in zip(places, level))])
covariance = variance * (Matern(1.0, nu=2.5)(placed) + noise * np.eye(n))
ones = np.linalg.solve(covariance, np.ones(n))
mean = ones @ y / ones.sum()
value = multivariate_normal(np.full(n, mean), covariance).logpdf(y)
print(
    json.dumps(
        {
            "points": points.ravel().tolist(),
            "y": y.tolist(),
            "words": words,
            "scales": scales.tolist(),
            "places": np.vstack(places).ravel().tolist(),
            "noise": noise,
            "variance": variance,
            "logLikelihood": value,
        }
    )
)
