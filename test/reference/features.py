"""Reference values for the steps of feature pipelines, from scikit-learn 1.2.

python3 test/reference/features.py > test/reference/features.json
"""
import json

import numpy as np
from sklearn.decomposition import PCA
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.impute import SimpleImputer
from sklearn.linear_model import lars_path
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

random = np.random.default_rng(5)
n, d = 120, 4
x = random.normal(size=(n, d)) @ random.normal(size=(d, d)) + random.normal(size=d)
y = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] + 0.3 * random.normal(size=n)
# Classes of at least 8 rows: for fewer, scikit-learn finds neighbours by products of coordinates, whose rounding
# lets the k-th neighbour count or not.
labels = (x[:, 0] + x[:, 2] > 0).astype(int) + (x[:, 3] > 0).astype(int)
assert np.bincount(labels).min() >= 8
rows = random.normal(size=(6, d))
holes = x[:20].copy()
holes[[1, 5, 6], 0] = np.nan
holes[[2, 3], 2] = np.nan


def flat(a):
    return [None if np.isnan(v) else float(v) for v in np.asarray(a, dtype=float).ravel()]


pca = PCA(n_components=3).fit(x)
scaler = StandardScaler().fit(x)
z = scaler.transform(x)
target = (y - y.mean()) / y.std()
alphas, order, _ = lars_path(z, target, method="lasso")

print(json.dumps({
    "x": flat(x), "y": flat(y), "labels": flat(labels), "rows": flat(rows), "holes": flat(holes),
    "scaled": flat(scaler.transform(rows)),
    "components": flat(pca.transform(rows)),
    "varianceKept": float(pca.explained_variance_ratio_.sum()),
    "median": flat(SimpleImputer(strategy="median").fit(holes).transform(holes)),
    "indicated": flat(SimpleImputer(strategy="median", add_indicator=True).fit(holes).transform(holes)),
    "square": flat(PolynomialFeatures(2, include_bias=False).fit_transform(rows)),
    "cube": flat(PolynomialFeatures(3, include_bias=False).fit_transform(rows)),
    "interactions": flat(PolynomialFeatures(3, interaction_only=True, include_bias=False).fit_transform(rows)),
    "information": flat(mutual_info_regression(x, y, random_state=1)),
    "classInformation": flat(mutual_info_classif(x, labels, random_state=1)),
    # Columns in the order in which they enter the lasso.
    "lassoOrder": [int(j) for j in order],
}))
