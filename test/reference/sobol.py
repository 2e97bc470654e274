"""Writes the direction numbers that src/core/sobol.ts reads (src/core/sobol.data.json) and reference points
from scipy.stats.qmc.Sobol(scramble=False) (sobol.json beside this file).

The numbers are those of S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30, 2635 (2008),
doi:10.1137/070709359 (file new-joe-kuo-6.21201, BSD-3-Clause), as packaged by SciPy.
Run: python3 test/reference/sobol.py   (Debian: python3-scipy)
"""
import base64
import json
import os

import numpy as np
import scipy
from scipy.stats import qmc

here = os.path.dirname(os.path.abspath(__file__))
table = np.load(os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz"))
highest_degree = 16

# Per dimension after the first: degree s (5 bits), the s - 1 inner coefficients of the primitive
# polynomial, then (m_i - 1) / 2 in i - 1 bits for i = 2 ... s (m_1 is 1).
bits = []
dimensions = 1
for poly, initial in zip(table["poly"][1:], table["vinit"][1:]):
    poly = int(poly)
    degree = poly.bit_length() - 1
    if degree > highest_degree:
        break
    dimensions += 1
    bits.append(f"{degree:05b}")
    if degree > 1:
        bits.append(f"{(poly >> 1) & ((1 << (degree - 1)) - 1):0{degree - 1}b}")
    for i in range(2, degree + 1):
        bits.append(f"{(int(initial[i - 1]) - 1) // 2:0{i - 1}b}")
text = "".join(bits)
text += "0" * (-len(text) % 8)
packed = bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
with open(os.path.join(here, "../../src/core/sobol.data.json"), "w") as file:
    json.dump(
        {
            "source": "S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30, 2635 (2008), doi:10.1137/070709359; new-joe-kuo-6",
            "licence": "BSD-3-Clause, Copyright (c) 2008, Frances Y. Kuo and Stephen Joe",
            "made": "test/reference/sobol.py",
            "dimensions": dimensions,
            "numbers": base64.b64encode(packed).decode(),
        },
        file,
        indent=1,
    )
    file.write("\n")

chosen = [0, 1, 2, 3, 4, 9, 39, 99, 999, 1110, 2999, dimensions - 1]
sequence = qmc.Sobol(dimensions, scramble=False)
first = sequence.random(64)[:, chosen]
sequence.fast_forward(100000 - 64)
later = sequence.random(4)[:, chosen]
with open(os.path.join(here, "sobol.json"), "w") as file:
    json.dump({"columns": chosen, "first": first.tolist(), "skip": 100000, "later": later.tolist()}, file)
    file.write("\n")
print(dimensions, len(packed))
