"""Reference values for src/core/linalg (least squares and eigenvalues) from mpmath and numpy.
Writes linalg.json beside this file.   Run: python3 test/reference/linalg.py
"""
import json
import os

import mpmath as mp
import numpy as np

mp.mp.dps = 50


def normal_equations(a, b, ridge):
    """Exact to double: the normal equations at 50 digits."""
    m, v = mp.matrix(a.tolist()), mp.matrix(b.tolist())
    return [float(x) for x in mp.lu_solve(m.T * m + ridge * mp.eye(a.shape[1]), m.T * v)]


r = np.random.RandomState(11)
a = np.round(r.normal(size=(30, 6)), 4)
a[:, 3] *= 1e4
b = np.round(r.normal(size=30), 4)
s = np.round(r.normal(size=(12, 12)), 4)
s = s + s.T
result = {
    "a": a.tolist(),
    "b": b.tolist(),
    "solution": normal_equations(a, b, 0),
    "ridge": normal_equations(a, b, mp.mpf(2.5)),
    "symmetric": s.tolist(),
    "eigenvalues": np.linalg.eigvalsh(s).tolist(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "linalg.json")
with open(path, "w") as file:
    json.dump(result, file)
    file.write("\n")
