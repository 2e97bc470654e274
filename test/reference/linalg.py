"""Reference values for src/core/linalg (least squares and eigenvalues) from numpy.
Writes linalg.json beside this file.   Run: python3 test/reference/linalg.py
"""
import json
import os

import numpy as np

r = np.random.RandomState(11)
a = np.round(r.normal(size=(30, 6)), 4)
a[:, 3] *= 1e4
b = np.round(r.normal(size=30), 4)
s = np.round(r.normal(size=(12, 12)), 4)
s = s + s.T
result = {
    "a": a.tolist(),
    "b": b.tolist(),
    "solution": np.linalg.lstsq(a, b, rcond=None)[0].tolist(),
    "ridge": np.linalg.lstsq(np.vstack([a, np.sqrt(2.5) * np.eye(6)]), np.append(b, np.zeros(6)), rcond=None)[0].tolist(),
    "symmetric": s.tolist(),
    "eigenvalues": np.linalg.eigvalsh(s).tolist(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "linalg.json")
with open(path, "w") as file:
    json.dump(result, file)
    file.write("\n")
