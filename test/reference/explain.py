"""Reference values for src/explain from scikit-learn 1.2: /usr/bin/python3 test/reference/explain.py"""
import numpy as np
from sklearn.linear_model import Ridge

x = np.array([[1, 2], [2, 1], [3, 5], [4, 3], [6, 7]], float)
y = np.array([1, 3, 2, 5, 8], float)
w = np.array([1, 2, 0.5, 1, 3])
ridge = Ridge(alpha=0.5).fit(x, y, sample_weight=w)
print("weighted ridge", *ridge.coef_, ridge.intercept_, ridge.score(x, y, sample_weight=w))
