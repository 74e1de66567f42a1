"""Trains a peer's forest, or loads it, predicts all rows several times and prints what it took.

usage: peer.py train xgboost|scikit-learn DATA DIR DEPTH
       peer.py predict xgboost|scikit-learn|onnxruntime|lightgbm DATA DIR TIMES

Only what the peer needs is imported; one thread, all rows at once.
"""

import json
import pathlib
import pickle
import resource
import sys

import numpy


def read(folder):
    labels = numpy.fromfile(folder / "train.y", numpy.uint8)
    values = numpy.fromfile(folder / "train.x", numpy.float32)
    return values.reshape(-1, len(labels)), labels


def train(peer, data, folder, depth):
    columns, labels = read(data)
    x = numpy.ascontiguousarray(columns.T)
    folder.mkdir(parents=True, exist_ok=True)
    if peer == "xgboost":
        import xgboost

        settings = {
            "objective": "binary:logistic", "tree_method": "hist", "nthread": 2, "max_depth": depth,
            "num_parallel_tree": 100, "learning_rate": 1, "subsample": 0.632, "lambda": 0,
            "colsample_bynode": x.shape[1] ** 0.5 / x.shape[1], "min_child_weight": 0, "seed": 42,
        }
        xgboost.train(settings, xgboost.QuantileDMatrix(x, labels), 1).save_model(folder / "xgboost.ubj")
    elif peer == "lightgbm":
        import lightgbm

        settings = {
            "objective": "binary", "boosting": "rf", "num_threads": 2, "verbose": -1, "seed": 42,
            "bagging_freq": 1, "bagging_fraction": 0.632, "max_depth": depth, "num_leaves": 2**depth,
            "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0,
            "feature_fraction_bynode": x.shape[1] ** 0.5 / x.shape[1],
        }
        lightgbm.train(settings, lightgbm.Dataset(x, labels), 100).save_model(folder / "lightgbm.txt")
    else:
        from sklearn.ensemble import RandomForestClassifier

        forest = RandomForestClassifier(100, max_depth=depth or None, n_jobs=2, random_state=42)
        (folder / "scikit-learn.pickle").write_bytes(pickle.dumps(forest.fit(x, labels)))


def load(peer, folder, columns):
    if peer == "xgboost":
        import xgboost

        booster = xgboost.Booster(model_file=folder / "xgboost.ubj")
        booster.set_param({"nthread": 1})
        x = numpy.ascontiguousarray(columns.T)
        return lambda: booster.inplace_predict(x)
    if peer == "lightgbm":
        import lightgbm

        booster = lightgbm.Booster(model_file=folder / "lightgbm.txt")
        x = numpy.ascontiguousarray(columns.T)
        return lambda: booster.predict(x, num_threads=1)
    if peer == "scikit-learn":
        forest = pickle.loads((folder / "scikit-learn.pickle").read_bytes())
        forest.set_params(n_jobs=1)
        x = numpy.ascontiguousarray(columns.T)
        return lambda: forest.predict_proba(x)[:, 1]
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    feeds = {value.name: columns[k] for k, value in enumerate(session.get_inputs())}
    return lambda: session.run(["probability_true"], feeds)[0]


def predict(peer, data, folder, times):
    columns, _ = read(data)
    model = load(peer, folder, columns)
    loaded = cpu()
    total = sum(float(numpy.sum(model(), dtype=numpy.float64)) for _ in range(times))
    done = cpu()
    rows = columns.shape[1] * times
    print(json.dumps({"rows": rows, "predicting": done - loaded, "loading": loaded, "mean": total / rows}))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


mode, peer, data, folder, number = sys.argv[1:]
(train if mode == "train" else predict)(peer, pathlib.Path(data), pathlib.Path(folder), int(number))
