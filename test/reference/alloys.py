"""Reference values for src/domains/alloy (null where infinite): descriptors and Magpie features of ten alloys, computed with
numpy from the element tables (elements_magpie.csv, elements_mendeleev.csv,
miedema_mixing_enthalpy_pairs.csv) in the folder that is given.

python3 test/reference/alloys.py FOLDER > test/reference/alloys.json
"""
import csv
import json
import sys
from math import log, sqrt

import numpy as np

folder = sys.argv[1]


def table(name, key="symbol"):
    with open(f"{folder}/{name}") as file:
        return {row[key]: row for row in csv.DictReader(file)}


magpie, mendeleev = table("elements_magpie.csv"), table("elements_mendeleev.csv")
with open(f"{folder}/miedema_mixing_enthalpy_pairs.csv") as file:
    pairs = {
        frozenset((row["element_a"], row["element_b"])): float(row["mixing_enthalpy_kJ_per_mol"])
        for row in csv.DictReader(file)
    }

# Ties of the most abundant element: all equal, two of three, none, and rounding apart.
alloys = {
    "CoCrFeMnNi": dict(Co=0.2, Cr=0.2, Fe=0.2, Mn=0.2, Ni=0.2),
    "Al0.3CoCrFeNi": {e: x / 4.3 for e, x in dict(Al=0.3, Co=1, Cr=1, Fe=1, Ni=1).items()},
    "MoNbTaW": dict(Mo=0.25, Nb=0.25, Ta=0.25, W=0.25),
    "HfNbTaTiZr": dict(Hf=0.2, Nb=0.2, Ta=0.2, Ti=0.2, Zr=0.2),
    "Ti2ZrHf2": dict(Ti=0.4, Zr=0.2, Hf=0.4),
    "Al20Li20Mg10Sc20Ti30": dict(Al=0.2, Li=0.2, Mg=0.1, Sc=0.2, Ti=0.3),
    "Cu47Zr53": dict(Cu=0.47, Zr=0.53),
    "DyGdHoTbY": dict(Dy=0.2, Gd=0.2, Ho=0.2, Tb=0.2, Y=0.2),
    "AuPdAgPtCuNi": {e: 1 / 6 for e in ("Au", "Pd", "Ag", "Pt", "Cu", "Ni")},
    "SnZn": dict(Sn=0.5, Zn=0.5),
}

columns = (
    "Number MendeleevNumber AtomicWeight MeltingT Column Row CovalentRadius Electronegativity "
    "NsValence NpValence NdValence NfValence NValence NsUnfilled NpUnfilled NdUnfilled NfUnfilled "
    "NUnfilled GSvolume_pa GSbandgap GSmagmom SpaceGroupNumber"
).split()
headers = next(iter(magpie.values())).keys()
header = {
    c: "AtomicNumber" if c == "Number" and "Number" not in headers
    else next(h for h in headers if h == c or h.startswith(f"{c}_"))
    for c in columns
}


def magpie_features(alloy):
    weights = np.array(list(alloy.values()))
    features = []
    for column in columns:
        x = np.array([float(magpie[e][header[column]]) for e in alloy])
        mean = np.average(x, weights=weights)
        deviation = np.average(np.abs(x - mean), weights=weights)
        mode = x[np.isclose(weights, weights.max())].min()
        features += [x.min(), x.max(), x.max() - x.min(), mean, deviation, mode]
    return [float(v) for v in features]


def packing_entropy(c, r, xi):
    """Excess entropy of hard spheres over the gas constant, Mansoori et al. (1971)."""
    d = 2 * r
    z = 1 / (1 - xi)
    s2, s3 = c @ d**2, c @ d**3
    i, j = np.triu_indices(len(c), 1)
    y1 = np.sum((d[i] + d[j]) * (d[i] - d[j]) ** 2 * c[i] * c[j]) / s3
    y2 = s2 / s3**2 * np.sum(d[i] * d[j] * (d[i] - d[j]) ** 2 * c[i] * c[j])
    y3 = s2**3 / s3**2
    return (
        1.5 * (z**2 - 1) * y1 + 1.5 * (z - 1) ** 2 * y2
        - (0.5 * (z - 1) * (z - 3) + log(z)) * (1 - y3)
    )


def descriptors(alloy):
    gas = 8.31446261815324  # exact: Avogadro times Boltzmann constant
    elements, c = list(alloy), np.array(list(alloy.values()))
    take = lambda source, name: np.array([float(source[e][name]) for e in elements])
    mass, melting = take(magpie, "AtomicWeight_Da"), take(magpie, "MeltingT_K")
    r, chi = take(magpie, "MiracleRadius_pm"), take(magpie, "Electronegativity")
    allen = take(mendeleev, "electronegativity_allen_eV") if all(
        mendeleev[e]["electronegativity_allen_eV"] for e in elements) else None
    w = c * mass / (c @ mass)
    entropy = -gas * np.sum(c * np.log(c))
    enthalpy = sum(
        4 * pairs[frozenset((a, b))] * alloy[a] * alloy[b]
        for k, a in enumerate(elements) for b in elements[:k]
    )
    mean_r, tm = c @ r, c @ melting
    delta = 100 * sqrt(c @ (1 - r / mean_r) ** 2)
    open_angle = lambda x: 1 - sqrt(((x + mean_r) ** 2 - mean_r**2) / (x + mean_r) ** 2)
    # s + p + d electrons outside the noble-gas core, full d shells not counted; 3 for lanthanides.
    group = [mendeleev[e]["group"] for e in elements]
    vec = [3 if not g else float(g) if float(g) <= 12 else float(g) - 10 for g in group]
    found = {
        "density": c @ mass / np.sum(c * mass / (take(magpie, "Density_g_per_L") / 1000)),
        "molar_mass": c @ mass,
        "melting_temperature": tm,
        "vec": c @ np.array(vec),
        "delta": delta,
        "delta_chi": sqrt(c @ (chi - c @ chi) ** 2),
        "mixing_entropy": entropy,
        "mixing_enthalpy": enthalpy,
        "omega": tm * entropy / (1000 * abs(enthalpy)) if enthalpy else None,
        "lambda": entropy / delta**2 if delta > 1e-10 else None,
        "gamma": open_angle(r.min()) / open_angle(r.max()),
        "molar_volume": c @ take(magpie, "MolarVolume_cm3_per_mol"),
        "price": w @ take(mendeleev, "price_USD_per_kg"),
        "hhi_production": w @ take(magpie, "HHIp"),
        "hhi_reserves": w @ take(magpie, "HHIr"),
    }
    for name, xi in (("random", 0.64), ("bcc", 0.68), ("fcc", 0.74)):
        excess = gas * abs(packing_entropy(c, r, xi))
        found[f"phi_{name}"] = (entropy - 1000 * abs(enthalpy) / tm) / excess if delta > 1e-10 else None
    if allen is not None:
        found["delta_chi_allen"] = 100 * sqrt(c @ (1 - allen / (c @ allen)) ** 2)
    return {name: None if value is None else float(value) for name, value in found.items()}


print(json.dumps([
    {"formula": name, "fractions": alloy, "descriptors": descriptors(alloy),
     "magpie": magpie_features(alloy)}
    for name, alloy in alloys.items()
], indent=1))
