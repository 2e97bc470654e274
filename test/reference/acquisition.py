"""Expectations under normal distributions by numerical integration with many digits.

Run: /usr/bin/python3 test/reference/acquisition.py > test/reference/acquisition.json   (mpmath)
"""

import json

from mpmath import erfc, exp, inf, log, log1p, mp, mpf, pi, quad, sqrt

mp.dps = 40


def pdf(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def cdf(x):
    return erfc(-x / sqrt(2)) / 2


def h(z):
    return pdf(z) + z * cdf(z)


def expectation(f, mean, std, ends):
    """E f(y) of y ~ N(mean, std); f is smooth between `ends` and zero outside of them."""
    return quad(lambda y: f(y) * pdf((y - mean) / std) / std, ends)


def below(limit, mean, std):
    return expectation(lambda y: limit - y, mean, std, [mean - 14 * std, (mean + limit) / 2, limit])


def pieces(a, b, n=24):
    return [a + (b - a) * k / n for k in range(n + 1)]


def nearer(low, high, reach, mean, std):
    f = lambda y: reach - max(low - y, y - high, mpf(0))
    ends = pieces(low - reach, low)
    ends += pieces(low, high)[1:] if high > low else []
    ends += pieces(high, high + reach)[1:]
    return expectation(f, mean, std, ends)


def chance(low, high, mean, std):
    if low == -inf:
        return cdf((high - mean) / std)
    if high == inf:
        return cdf((mean - low) / std)
    return expectation(lambda y: mpf(1), mean, std, pieces(low, high))


def envelope(a, b):
    corners = {(a[i] - a[j]) / (b[j] - b[i]) for i in range(len(a)) for j in range(i) if b[i] != b[j]}
    ends = [mpf(-12)] + sorted(c for c in corners if abs(c) < 12) + [mpf(12)]
    top = max(a)
    return quad(lambda z: (max(u + v * z for u, v in zip(a, b)) - top) * pdf(z), ends)


def distance(low, high, mean, std):
    f = lambda y: max(low - y, y - high, mpf(0))
    ends = sorted({mean + std * k for k in range(-14, 15)} | {low, high})
    return expectation(f, mean, std, ends)


def numbers(*values):
    return [mpf(v) for v in values]


def value(v):
    return None if abs(v) == inf else float(v)


out = {"logH": [], "logHSlope": [], "below": [], "nearer": [], "chance": [], "envelope": [], "information": [], "distance": []}
for z in ["-1e5", "-300", "-51", "-50", "-49", "-8.5", "-1.5", "-1", "-0.99", "0", "0.3", "2", "9"]:
    z = mpf(z)
    mp.dps = 60
    out["logH"].append([float(z), float(log(h(z)))])
    out["logHSlope"].append([float(z), float(cdf(z) / h(z))])
    mp.dps = 40
for case in [("1", "0.5", "0.3"), ("0", "2", "0.5"), ("-3", "-3", "4"), ("0", "9", "1")]:
    arguments = numbers(*case)
    out["below"].append([*map(float, arguments), float(log(below(*arguments)))])
for case in [
    ("2", "2", "0.5", "1.8", "0.4"),
    ("2", "2", "0.5", "4", "0.3"),
    ("2", "3", "0.7", "-1", "0.6"),
    ("2", "3", "0.7", "2.4", "0.1"),
    ("0", "0", "0.001", "0.3", "1"),
    ("0", "0", "0.00001", "0.3", "1"),
    ("-1", "1", "5", "0.1", "30"),
]:
    arguments = numbers(*case)
    out["nearer"].append([*map(float, arguments), float(log(nearer(*arguments)))])
for case in [
    ("-inf", "1", "3", "0.5"),
    ("1", "inf", "3", "0.5"),
    ("1", "inf", "-9", "0.5"),
    ("1", "2", "1.4", "0.2"),
    ("1", "2", "-4", "0.5"),
    ("1", "2", "9", "0.5"),
    ("1", "1.00001", "0.5", "1"),
]:
    arguments = numbers(*case)
    out["chance"].append([*map(value, arguments), float(log(chance(*arguments)))])
for a, b in [
    (("0", "-1"), ("0", "1")),
    (("1", "0.5", "0.7", "-2"), ("0.2", "1.5", "-0.4", "3")),
    (("0", "0", "0"), ("-1", "0", "1")),
    (("5", "0"), ("0", "0.8")),
]:
    a, b = numbers(*a), numbers(*b)
    out["envelope"].append([[float(v) for v in a], [float(v) for v in b], float(log(envelope(a, b)))])


def entropy(f, ends):
    return -quad(lambda y: f(y) * log(f(y)) if f(y) > 0 else mpf(0), ends)


for mean, std, best in [("0", "1", "1"), ("2", "0.5", "1.8"), ("-1", "2", "4")]:
    mean, std, best = numbers(mean, std, best)
    total = cdf((best - mean) / std)
    truncated = lambda y: pdf((y - mean) / std) / std / total
    whole = log(std * sqrt(2 * pi * exp(mpf(1))))
    gain = whole - entropy(truncated, [mean - 14 * std, mean - 3 * std, min(mean, best - std / 9), best])
    out["information"].append([float(mean), float(std), float(best), float(log(gain))])
# Far from the bound the two terms are small.
mp.dps = 60
for mean, std, best in [("0", "1", "7"), ("0", "1", "9"), ("1", "0.1", "6"), ("0", "1e-3", "1")]:
    mean, std, best = numbers(mean, std, best)
    g = (best - mean) / std
    q = erfc(g / sqrt(2)) / 2
    gain = g * pdf(g) / (2 * (1 - q)) - log1p(-q)
    out["information"].append([float(mean), float(std), float(best), float(log(gain))])
mp.dps = 40
for case in [
    ("2", "2", "1.8", "0.4"),
    ("2", "3", "2.5", "0.6"),
    ("-1", "1", "4", "0.3"),
    ("0", "0", "-3", "2"),
]:
    arguments = numbers(*case)
    out["distance"].append([*map(float, arguments), float(distance(*arguments))])
print(json.dumps(out))
