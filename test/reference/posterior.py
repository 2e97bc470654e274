"""Writes posterior.json beside this file: logarithms of normal probabilities of intervals, with 50 digits, and the
inverse of a matrix, for the tests of src/search/posterior.
Run: python3 test/reference/posterior.py   (Debian: python3-mpmath python3-numpy)
"""
import json
import os

import mpmath as mp
import numpy as np

mp.mp.dps = 50


def log_interval(a, b):
    low, high = (-b, -a) if a > 0 else (a, b)
    tail = lambda z: mp.erfc(-z / mp.sqrt(2)) / 2
    return float(mp.log(tail(mp.mpf(high)) - tail(mp.mpf(low))))


intervals = [
    (-1.0, 1.0), (0.0, 2.5), (3.0, 4.0), (-9.0, -8.5), (20.0, 21.0), (37.0, 60.0), (-0.0002, 0.0003),
    (5.0, 5.0004), (-40.0, 40.0), (-12.0, 0.5),
]
jacobian = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, -1.0, 1.0]])
result = {
    "intervals": [{"a": a, "b": b, "log": log_interval(a, b)} for a, b in intervals],
    "jacobian": jacobian.tolist(),
    "inverse": np.linalg.inv(jacobian).tolist(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "posterior.json")
with open(path, "w") as file:
    json.dump(result, file, indent=2)
    file.write("\n")
