"""Reference values for src/core/autodiff and src/core/optimise, from scikit-learn 1.2 and numpy.

python3 test/reference/networks.py > test/reference/networks.json
"""
import json

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

random = np.random.default_rng(5)


def flat(a):
    return [float(v) for v in np.asarray(a).ravel()]


def trained(kind, y, activation, steps, rate=0.01):
    """A network before and after full-batch Adam steps without penalty; its loss before each step."""
    settings = dict(hidden_layer_sizes=(7, 5), activation=activation, solver="adam", alpha=0.0,
                    batch_size=len(x), shuffle=False, learning_rate_init=rate, epsilon=1e-14, random_state=3)
    model = kind(**settings)
    classes = {} if kind is MLPRegressor else {"classes": np.unique(y)}
    # A step at a negligible rate initialises without moving.
    start = kind(**{**settings, "learning_rate_init": 1e-300}).partial_fit(x, y, **classes)
    losses = []
    for _ in range(steps):
        model.partial_fit(x, y, **classes)
        losses.append(float(model.loss_))
    return {
        "weights": [flat(w) for w in start.coefs_],
        "biases": [flat(b) for b in start.intercepts_],
        "losses": losses,
        "answer": flat(model.predict(x) if kind is MLPRegressor else model.predict_proba(x)),
    }


def decoupled():
    """Algorithm 2 of Loshchilov and Hutter (2019) on a quadratic, as the paper writes it."""
    scale = np.array([1.0, 10.0, 0.1, 3.0, 0.5])
    theta = np.array([1.0, -2.0, 3.0, 0.5, -1.0])
    start = theta.copy()
    m, v = np.zeros(5), np.zeros(5)
    rate, decay, b1, b2, epsilon = 0.05, 0.2, 0.9, 0.999, 1e-8
    for t in range(1, 41):
        g = scale * theta
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        theta = theta - rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + epsilon) - rate * decay * theta
    return {"scale": flat(scale), "start": flat(start), "rate": rate, "decay": decay, "steps": 40,
            "end": flat(theta)}


x = random.normal(size=(20, 4))
y = np.sin(x[:, 0]) + 0.5 * x[:, 1] * x[:, 2]
labels = (x[:, 0] + x[:, 3] > 0.5).astype(int) + (x[:, 1] > 0.8)
print(json.dumps({
    "x": flat(x), "y": flat(y), "labels": [int(v) for v in labels],
    "regression": {a: trained(MLPRegressor, y, a, 30) for a in ("tanh", "relu", "logistic")},
    "classification": trained(MLPClassifier, labels, "tanh", 30),
    "adamw": decoupled(),
}))
