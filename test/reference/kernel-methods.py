"""Reference values for the kernel methods of src/surrogates, from scikit-learn 1.2, scipy and numpy.

python3 test/reference/kernel-methods.py > test/reference/kernel-methods.json
"""
import json
import warnings

import numpy as np
from scipy import integrate, optimize
from scipy.special import expit
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    RBF, ConstantKernel, Matern, RationalQuadratic,
)
from sklearn.svm import SVC, SVR

warnings.filterwarnings("ignore")
random = np.random.default_rng(77)


def flat(a):
    return [float(v) for v in np.asarray(a).ravel()]


def regression():
    """Known noise of each row, repeated rows, every kernel with one length scale."""
    n, d = 24, 2
    x = random.normal(size=(n, d))
    x[16:20] = x[4:8]
    x[20:22] = x[4:6]
    noise = random.uniform(0.05, 0.5, size=n)
    y = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] + noise * random.normal(size=n)
    rows = random.normal(size=(7, d))
    scale, signal, shape = 1.3, 1.7, 0.8
    kernels = {
        "matern-1/2": Matern(scale, nu=0.5), "matern-3/2": Matern(scale, nu=1.5),
        "matern-5/2": Matern(scale, nu=2.5), "rbf": RBF(scale),
        "rational-quadratic": RationalQuadratic(scale, shape),
    }
    answers = {}
    for name, kernel in kernels.items():
        covariance = signal * kernel(x) + np.diag(noise**2)
        ones = np.linalg.solve(covariance, np.ones(n))
        mean = ones @ y / ones.sum()
        model = GaussianProcessRegressor(
            ConstantKernel(signal) * kernel, alpha=noise**2, optimizer=None
        ).fit(x, y - mean)
        m, std = model.predict(rows, return_std=True)
        answers[name] = {
            "mean": flat(m + mean), "std": flat(std),
            "likelihood": float(model.log_marginal_likelihood_value_),
        }
    return {
        "x": flat(x), "y": flat(y), "noise": flat(noise), "rows": flat(rows),
        "scale": scale, "signal": signal, "shape": shape, "kernels": answers,
    }


def sources():
    """Two sources, B = W W' + diag(kappa) over its mean diagonal, by plain linear algebra."""
    n = 26
    x = random.normal(size=(n, 1))
    s = (np.arange(n) % 3 == 0).astype(int)
    y = np.sin(2 * x[:, 0]) * np.where(s == 1, 1.4, 1) + 3 * s + 0.1 * random.normal(size=n)
    rows = np.linspace(-2, 2, 5)[:, None]
    w, kappa = np.array([0.9, 1.2]), np.array([0.3, 0.1])
    b = np.outer(w, w) + np.diag(kappa)
    b /= np.trace(b) / 2
    scale, ratio = 0.8, np.array([0.01, 0.03])
    r = b[np.ix_(s, s)] * RBF(scale)(x) + np.diag(ratio[s])
    h = np.eye(2)[s]
    inverse = np.linalg.inv(r)
    beta = np.linalg.solve(h.T @ inverse @ h, h.T @ inverse @ y)
    residual = y - h @ beta
    variance = residual @ inverse @ residual / n
    likelihood = -0.5 * (
        n * np.log(variance) + np.linalg.slogdet(r)[1] + n + n * np.log(2 * np.pi)
    )
    cross = RBF(scale)(x, rows) * b[s][:, [1]]
    mean = beta[1] + cross.T @ inverse @ residual
    var = variance * (b[1, 1] - np.einsum("ij,ij->j", cross, inverse @ cross))
    return {
        "x": flat(x), "s": [int(v) for v in s], "y": flat(y), "rows": flat(rows),
        "w": flat(w), "kappa": flat(kappa), "scale": scale, "ratio": flat(ratio),
        "beta": flat(beta), "variance": float(variance), "likelihood": float(likelihood),
        "mean": flat(mean), "std": flat(np.sqrt(var)),
    }


def classification():
    n, d = 40, 2
    x = random.normal(size=(n, d))
    y = (x[:, 0] + 0.6 * x[:, 1] ** 2 + 0.4 * random.normal(size=n) > 0.4).astype(int)
    rows = 1.5 * random.normal(size=(9, d))
    scales, signal = [0.9, 1.8], 2.5
    kernel = ConstantKernel(signal) * Matern(scales, nu=2.5)
    model = GaussianProcessClassifier(kernel, optimizer=None, max_iter_predict=1000).fit(x, y)
    base = model.base_estimator_
    k = kernel(x)
    f = np.zeros(n)
    for _ in range(200):
        pi = expit(f)
        w = pi * (1 - pi)
        b = np.eye(n) + np.sqrt(w)[:, None] * k * np.sqrt(w)
        pull = w * f + (y - pi)
        f = k @ (pull - np.sqrt(w) * np.linalg.solve(b, np.sqrt(w) * (k @ pull)))
    pi = expit(f)
    w = pi * (1 - pi)
    cross = kernel(x, rows)
    b = np.eye(n) + np.sqrt(w)[:, None] * k * np.sqrt(w)
    mean = cross.T @ (y - pi)
    v = np.linalg.solve(np.linalg.cholesky(b), np.sqrt(w)[:, None] * cross)
    var = signal - (v**2).sum(0)

    def average(g, m, s):
        density = lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        return integrate.quad(
            lambda z: g(m + s * z) * density(z), -12, 12, epsabs=1e-13, epsrel=1e-12, limit=500,
            points=[min(12, max(-12, -m / s))],
        )[0]

    stds = np.sqrt(var)
    return {
        "x": flat(x), "y": [int(v) for v in y], "rows": flat(rows), "scales": scales,
        "signal": signal, "likelihood": float(base.log_marginal_likelihood_value_),
        "mean": flat(mean), "std": flat(stds),
        "probabilities": flat([average(expit, m, s) for m, s in zip(mean, stds)]),
        "theirs": flat(model.predict_proba(rows)[:, 1]),
        "averages": [
            [m, s, average(expit, m, s), average(lambda f: expit(f) * expit(-f), m, s)]
            for m, s in [(0.3, 0.01), (-2, 0.6), (1, 1), (0.5, 1.01), (3, 4), (-8, 30)]
        ],
    }


def machines():
    """Support vector machines with the RBF kernel."""
    n, d = 120, 4
    x = random.normal(size=(n, d))
    z = (x - x.mean(0)) / x.std(0)
    value = np.sin(x[:, 0]) + 0.5 * x[:, 1] * x[:, 2] + 0.2 * random.normal(size=n)
    labels = np.digitize(value, [-0.4, 0.4])
    two = (value > 0).astype(int)
    rows = random.normal(size=(15, d))
    zr = (rows - x.mean(0)) / x.std(0)
    t = (value - value.mean()) / value.std()
    svc = SVC(C=2, gamma=0.3, tol=1e-8).fit(z, two)
    weights = SVC(C=50, gamma=0.1, tol=1e-8).fit(z, two)
    svr = SVR(C=3, gamma=0.2, epsilon=0.1, tol=1e-8).fit(z, t)
    one = SVC(C=2, gamma=0.3, tol=1e-8, decision_function_shape="ovo").fit(z, labels)
    return {
        "x": flat(x), "value": flat(value), "labels": [int(v) for v in labels],
        "two": [int(v) for v in two], "rows": flat(rows),
        "svc": flat(svc.decision_function(zr)), "svcSupport": int(svc.n_support_.sum()),
        "hard": flat(weights.decision_function(zr)),
        "svr": flat(svr.predict(zr)), "svrSupport": int(svr.n_support_.sum()),
        "pairs": flat(one.decision_function(zr)),
        **platt(svc.decision_function(z), two),
    }


def platt(decision, labels):
    """Sigmoid of largest likelihood with the targets of Platt (1999), eq. 2."""
    up, down = labels.sum(), (1 - labels).sum()
    target = np.where(labels == 1, (up + 1) / (up + 2), 1 / (down + 2))
    loss = lambda p: np.sum(
        np.logaddexp(0, p[0] * decision + p[1]) - (1 - target) * (p[0] * decision + p[1])
    )
    found = optimize.minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-10})
    return {"decision": flat(decision), "platt": flat(found.x)}


def nets():
    """Elastic-net logistic regression: mean loss plus penalty (mix |b|_1 + (1 - mix) |b|^2 / 2)."""
    from sklearn.linear_model import LogisticRegression

    n, d = 60, 6
    x = random.normal(size=(n, d))
    labels = np.digitize(x[:, 0] - x[:, 1] + 0.7 * random.normal(size=n), [-0.7, 0.7])
    two = (labels > 0).astype(int)
    rows = random.normal(size=(8, d))
    z = (x - x.mean(0)) / x.std(0)
    zr = (rows - x.mean(0)) / x.std(0)
    penalty = 0.05

    def answer(target, mix):
        return LogisticRegression(
            penalty="elasticnet", l1_ratio=mix, C=1 / (n * penalty), solver="saga", tol=1e-12,
            max_iter=200000, multi_class="multinomial",
        ).fit(z, target).predict_proba(zr)

    wide = random.normal(size=(20, 50))
    target = wide[:, 0] - wide[:, 1] + 0.1 * random.normal(size=20)
    zw = (wide - wide.mean(0)) / wide.std(0)
    from sklearn.linear_model import Ridge

    ridge = Ridge(alpha=20 * penalty, solver="svd").fit(zw, target)
    return {
        "x": flat(x), "labels": [int(v) for v in labels], "two": [int(v) for v in two],
        "rows": flat(rows), "penalty": penalty,
        "lasso": flat(answer(labels, 1.0)), "net": flat(answer(labels, 0.4)),
        "lassoTwo": flat(answer(two, 1.0)),
        "wide": flat(wide), "wideTarget": flat(target), "wideCoefficients": flat(ridge.coef_ / wide.std(0)),
    }


print(json.dumps({
    "regression": regression(), "sources": sources(), "classification": classification(),
    "machines": machines(), "nets": nets(),
}))
