"""Seconds that XGBoost trains for, and its log loss on the held-out rows: treesInXgboost.py FOLDER ROWS COLUMNS THREADS.

The folder holds the binary32 numbers of bench/train/trees.ts: `values`, row by row, and `targets`. The rows after
the first ROWS are held out. Time includes the bins, not the reading of the files.
"""
import sys
import time

import numpy as np
import xgboost

folder, rows, columns, threads = sys.argv[1], *map(int, sys.argv[2:5])
values = np.fromfile(f"{folder}/values", dtype=np.float32).reshape(-1, columns)
targets = np.fromfile(f"{folder}/targets", dtype=np.float32)
parameters = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 6,
    "max_bin": 255,
    "eta": 0.1,
    "lambda": 1,
    "min_child_weight": 1,
    "gamma": 0,
    "base_score": float(targets[:rows].mean()),
    "nthread": threads,
}
start = time.perf_counter()
matrix = xgboost.DMatrix(values[:rows], targets[:rows], nthread=threads)
booster = xgboost.train(parameters, matrix, 100)
seconds = time.perf_counter() - start
p = booster.predict(xgboost.DMatrix(values[rows:])).astype(np.float64)
y = targets[rows:]
print(seconds, float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()))
