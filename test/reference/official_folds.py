"""Folds of scikit-learn for the tests of bench/quality/official-folds.ts. Writes official-folds.json."""

import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

n, k, seed = 57, 5, 18012019
labels = np.array([1 if (i * 7919) % 13 < 5 else 0 for i in range(n)])
groups = np.array([f"g{(i * 31) % 11:02d}" for i in range(n)])


def folds(splits):
    fold = [0] * n
    for f, (_, test) in enumerate(splits):
        for i in test:
            fold[i] = f
    return fold


result = {
    "kFold": folds(KFold(k, shuffle=True, random_state=seed).split(labels)),
    "stratified": folds(StratifiedKFold(k, shuffle=True, random_state=seed).split(labels, labels)),
    "group": folds(GroupKFold(k).split(labels, labels, groups)),
}
Path(__file__).with_name("official-folds.json").write_text(json.dumps(result) + "\n")
