"""scikit-learn's data sets and its forests' scores on them.

quality.py write DIR            DIR/<name>/{train,test}.{x,y}: float32, column after column; float64
quality.py score DIR SEEDS      scores DIR/<name>/<seed>.out (float32, output after output) and
                                scikit-learn's own forest of that seed

Each run ends with a line of JSON. A score is greater where it is better.
"""

import json
import pathlib
import sys

import numpy
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, log_loss, r2_score, roc_auc_score
from sklearn.model_selection import train_test_split

NAMES = ["breast_cancer", "digits", "wine", "diabetes", "friedman"]


def load(name):
    if name == "friedman":
        return datasets.make_friedman1(2000, random_state=7)
    return getattr(datasets, f"load_{name}")(return_X_y=True)


def parts(name):
    x, y = load(name)
    classes = len(numpy.unique(y)) if name not in ("diabetes", "friedman") else 0
    stratify = y if classes else None
    x = x.astype(numpy.float32)
    return classes, train_test_split(x, y, test_size=0.4, random_state=1, stratify=stratify)


def write(folder):
    result = []
    for name in NAMES:
        classes, (train_x, test_x, train_y, test_y) = parts(name)
        (folder / name).mkdir()
        for part, x, y in (("train", train_x, train_y), ("test", test_x, test_y)):
            x.T.astype(numpy.float32).tofile(folder / name / f"{part}.x")
            y.astype(numpy.float64).tofile(folder / name / f"{part}.y")
        result.append({"name": name, "classes": classes})
    return result


def score(folder, seeds):
    result = {}
    for name in NAMES:
        classes, (train_x, test_x, train_y, test_y) = parts(name)
        ours, theirs = [], []
        for seed in range(1, seeds + 1):
            outputs = numpy.fromfile(folder / name / f"{seed}.out", numpy.float32)
            outputs = outputs.reshape(-1, len(test_y)).T.astype(numpy.float64)
            forest = RandomForestClassifier if classes else RandomForestRegressor
            # As ours does by default.
            settings = {"n_estimators": 100, "max_features": "sqrt", "random_state": seed}
            fitted = forest(**settings).fit(train_x, train_y)
            if classes:
                ours.append(classification(test_y, outputs, classes))
                theirs.append(classification(test_y, fitted.predict_proba(test_x), classes))
            else:
                ours.append({"r2": r2_score(test_y, outputs[:, 0])})
                theirs.append({"r2": r2_score(test_y, fitted.predict(test_x))})
        result[name] = {"ours": ours, "sklearn": theirs}
    return result


def classification(y, p, classes):
    positive = p[:, 1] if classes == 2 else p
    # A single certain and wrong answer would outweigh all others.
    clipped = numpy.clip(p, 1e-3, 1)
    return {
        "accuracy": accuracy_score(y, p.argmax(axis=1)),
        "auc": roc_auc_score(y, positive, multi_class="ovr"),
        "minus_log_loss": -log_loss(y, clipped / clipped.sum(axis=1, keepdims=True)),
    }


action, folder, *rest = sys.argv[1:]
if action == "write":
    print(json.dumps(write(pathlib.Path(folder))))
else:
    print(json.dumps(score(pathlib.Path(folder), int(rest[0]))))
