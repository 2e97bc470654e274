"""Statistics of element properties over alloys, by numpy from the source tables.

python3 test/reference/element-statistics.py FOLDER > test/reference/element-statistics.json
where FOLDER holds elements_mendeleev.csv (lmmentel/mendeleev) and elements_magpie.csv (matminer).
"""
import csv
import json
import sys

import numpy as np


def column(file, header):
    with open(f"{sys.argv[1]}/{file}", encoding="utf-8") as lines:
        return {row["symbol"]: float(row[header]) for row in csv.DictReader(lines) if row[header]}


columns = {
    "radius:slater": column("elements_mendeleev.csv", "atomic_radius_slater_pm"),
    "electronegativity:pauling": column("elements_mendeleev.csv", "electronegativity_pauling"),
    "boiling temperature": column("elements_mendeleev.csv", "boiling_point_K"),
    "MeltingT:magpie": column("elements_magpie.csv", "MeltingT_K"),
}
alloys = [
    {"Co": 0.2, "Cr": 0.2, "Fe": 0.2, "Mn": 0.2, "Ni": 0.2},
    {"Al": 0.1, "Nb": 0.4, "Ti": 0.3, "Zr": 0.2},
    {"Fe": 0.97, "C": 0.03},
    {"W": 1.0},
]


def statistics(alloy, values):
    c = np.array(list(alloy.values()))
    v = np.array([values[symbol] for symbol in alloy])
    mean = np.average(v, weights=c)
    return {
        "minimum": v.min(), "maximum": v.max(), "range": np.ptp(v), "mean": mean,
        "avg_dev": np.average(np.abs(v - mean), weights=c), "mode": v[np.isclose(c, c.max())].min(),
    }


print(json.dumps([
    {"fractions": alloy, "features": {
        f"{name} {key}": float(value)
        for key, values in columns.items() for name, value in statistics(alloy, values).items()
    }}
    for alloy in alloys
]))
