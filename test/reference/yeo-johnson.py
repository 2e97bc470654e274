"""Values of the Yeo-Johnson transformation.

Run: /usr/bin/python3 test/reference/yeo-johnson.py > test/reference/yeo-johnson.json   (scipy)
"""

import json

import numpy as np
from scipy.stats import yeojohnson

values = np.array([-30.0, -2.5, -0.4, 0.0, 0.3, 1.0, 7.0, 500.0])
powers = [0.0, 0.5, 1.0, 1.5, 2.0]
print(json.dumps({"values": values.tolist(), "warped": {str(p): yeojohnson(values, p).tolist() for p in powers}}))
