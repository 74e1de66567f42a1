"""Trains one forest of a peer and prints what it took and how good it is, as JSON.

usage: peer.py xgboost|lightgbm|scikit-learn DIR TREES DEPTH THREADS   (depth 0: unlimited)

Only what the peer needs is imported before the CPU is read.
"""

import json
import pathlib
import resource
import sys
import time

import numpy


def read(folder, part):
    labels = numpy.fromfile(folder / f"{part}.y", numpy.uint8)
    values = numpy.fromfile(folder / f"{part}.x", numpy.float32)
    return values.reshape(-1, len(labels)).T, labels


def xgboost(x, y, trees, depth, threads):
    import xgboost

    settings = {
        "objective": "binary:logistic", "tree_method": "hist", "max_bin": 256, "nthread": threads,
        "num_parallel_tree": trees, "learning_rate": 1, "subsample": 0.632, "max_depth": depth,
        "colsample_bynode": x.shape[1] ** 0.5 / x.shape[1], "min_child_weight": 0, "lambda": 0,
        "seed": 42,
    }
    booster = xgboost.train(settings, xgboost.QuantileDMatrix(x, y, nthread=threads), 1)
    return lambda test: booster.predict(xgboost.DMatrix(test, nthread=threads))


def lightgbm(x, y, trees, depth, threads):
    import lightgbm

    settings = {
        "objective": "binary", "boosting": "rf", "max_bin": 255, "num_threads": threads, "verbose": -1,
        "bagging_freq": 1, "bagging_fraction": 0.632, "max_depth": depth or -1,
        "num_leaves": 2**depth if depth else 131072, "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 0,
        "feature_fraction_bynode": x.shape[1] ** 0.5 / x.shape[1], "seed": 42,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(x, y, params=settings), trees)
    return booster.predict


def scikit_learn(x, y, trees, depth, threads):
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(trees, max_depth=depth or None, n_jobs=threads, random_state=42)
    forest.fit(x, y)
    return lambda test: forest.predict_proba(test)[:, 1]


def main(peer, folder, trees, depth, threads):
    train = {"xgboost": xgboost, "lightgbm": lightgbm, "scikit-learn": scikit_learn}[peer]
    started = time.perf_counter()
    predict = train(*read(folder, "train"), trees, depth, threads)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    taken = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.perf_counter() - started,
        "rss": usage.ru_maxrss * 1024,
    }
    x, y = read(folder, "test")
    probability = numpy.asarray(predict(x), numpy.float64)
    from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

    print(json.dumps({
        **taken,
        "auc": roc_auc_score(y, probability),
        "accuracy": accuracy_score(y, probability > 0.5),
        "log_loss": log_loss(y, numpy.clip(probability, 1e-7, 1 - 1e-7)),
    }))


main(sys.argv[1], pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:]))
