"""Reference values for src/core (elementary and special functions), computed with mpmath at 60 digits
and rounded once to double. Writes special.json beside this file: for each function, rows of arguments
followed by the value; not-finite numbers are written as text.

Run: python3 test/reference/special.py   (Debian: python3-mpmath)
"""
import json
import math
import os
import random

import mpmath as mp

mp.mp.dps = 60
random.seed(20240517)


def spread(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def magnitudes(low, high, count, signed=False):
    values = [10 ** random.uniform(low, high) for _ in range(count)]
    return [v * random.choice([-1, 1]) for v in values] if signed else values


def incomplete_beta(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def student_cdf(t, nu):
    t, nu = mp.mpf(t), mp.mpf(nu)
    tail = mp.betainc(nu / 2, mp.mpf(1) / 2, 0, nu / (nu + t * t), regularized=True) / 2
    return tail if t < 0 else 1 - tail


def bisect(f, target, low, high):
    low, high = mp.mpf(low), mp.mpf(high)
    for _ in range(400):
        middle = (low + high) / 2
        if f(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def normal_quantile(p):
    p = mp.mpf(p)
    if p > mp.mpf(1) / 2:
        return -normal_quantile(1 - p)
    return -bisect(lambda x: -mp.erfc(x / mp.sqrt(2)) / 2, -p, 0, 60)


def student_quantile(p, nu):
    return bisect(lambda t: student_cdf(t, nu), mp.mpf(p), -1e6, 1e6)


def gamma_lower(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def chi_square_quantile(p, nu):
    return bisect(lambda x: gamma_lower(mp.mpf(nu) / 2, x / 2), mp.mpf(p), 0, 1e5)


def log_normal_cdf(x):
    return mp.log(mp.erfc(-mp.mpf(x) / mp.sqrt(2)) / 2)


tiny = [1e-300, 1e-20, 1e-10, 1e-5]
functions = {
    "exp": (mp.exp, [(x,) for x in spread(-745, 709.7, 150) + spread(-1, 1, 100) + [-708.5, -720.1, -744.4, 709.78] + tiny]),
    "expm1": (mp.expm1, [(x,) for x in spread(-40, 700, 60) + magnitudes(-12, 0, 60, True)]),
    "log": (mp.log, [(x,) for x in magnitudes(-307, 308, 150) + spread(0.5, 2, 100) + [5e-324, 1e-310, 3.3e-315, 0.9999999999999999]]),
    "log1p": (mp.log1p, [(x,) for x in magnitudes(-12, 5, 60) + spread(-0.9999, 1, 60)]),
    "tanh": (mp.tanh, [(x,) for x in spread(-20, 20, 120) + spread(-1, 1, 120) + magnitudes(-12, 0, 60, True)]),
    "erf": (mp.erf, [(x,) for x in spread(-6, 6, 150) + spread(-1, 1, 120) + magnitudes(-12, 0, 40, True)]),
    "erfc": (mp.erfc, [(x,) for x in spread(-6, 27.2, 150) + spread(-1, 1, 50) + [26.5, 27.2]]),
    "erfcx": (lambda x: mp.exp(mp.mpf(x) ** 2) * mp.erfc(x), [(x,) for x in spread(-26, 60, 120) + magnitudes(0, 12, 20)]),
    "sin": (mp.sin, [(x,) for x in spread(-10, 10, 60) + spread(1e6, 5e6, 40) + magnitudes(2, 12, 30)]),
    "cos": (mp.cos, [(x,) for x in spread(-10, 10, 60) + spread(1e6, 5e6, 40) + magnitudes(2, 12, 30)]),
    "pow": (lambda x, y: mp.mpf(x) ** mp.mpf(y), [(x, y) for x, y in zip(magnitudes(-10, 10, 80), spread(-20, 20, 80))]),
    "normalPdf": (mp.npdf, [(x,) for x in spread(-38, 38, 60) + spread(-3, 3, 40)]),
    "normalCdf": (lambda x: mp.erfc(-mp.mpf(x) / mp.sqrt(2)) / 2, [(x,) for x in spread(-37, 9, 100) + spread(-3, 3, 60)]),
    "normalLogCdf": (log_normal_cdf, [(x,) for x in spread(-40, 9, 80) + [-1e3, -1e5, -200.5, -3.0, 0.0, 5.5, 8.2, 12.0]]),
    "normalQuantile": (normal_quantile, [(p,) for p in spread(1e-6, 1 - 1e-6, 60) + magnitudes(-300, -3, 25) + [0.025, 0.9999999]]),
    "logGamma": (mp.loggamma, [(x,) for x in spread(0.01, 20, 80) + magnitudes(-10, 8, 40) + spread(0.9, 2.2, 40)]),
    "digamma": (mp.digamma, [(x,) for x in spread(0.01, 20, 80) + magnitudes(-3, 8, 40)]),
    "gammaP": (gamma_lower, [(a, a * r) for a, r in zip(magnitudes(-1.5, 3, 100), spread(0.02, 3, 100))]),
    "gammaQ": (lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True), [(a, a * r) for a, r in zip(magnitudes(-1.5, 3, 100), spread(0.02, 3, 100))]),
    "betaRegularised": (incomplete_beta, [(a, b, x) for a, b, x in zip(magnitudes(-1, 2.5, 100), magnitudes(-1, 2.5, 100), spread(0.001, 0.999, 100))]),
    "studentCdf": (student_cdf, [(t, nu) for t, nu in zip(spread(-12, 12, 80), magnitudes(-0.3, 3, 80))]),
    "studentQuantile": (student_quantile, [(p, nu) for p, nu in zip(spread(0.001, 0.999, 40), magnitudes(0, 2.5, 40))]),
    "chiSquareQuantile": (chi_square_quantile, [(p, nu) for p, nu in zip(spread(0.001, 0.999, 40), magnitudes(-0.3, 2.5, 40))]),
}

result = {}
for name, (function, arguments) in functions.items():
    rows = []
    for row in arguments:
        value = float(function(*[mp.mpf(v) for v in row]))
        if math.isfinite(value):
            rows.append([*row, value])
    result[name] = rows

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "special.json")
with open(path, "w") as file:
    file.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in result.items()) + "\n}\n")
