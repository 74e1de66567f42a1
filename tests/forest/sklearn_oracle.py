"""Trains scikit-learn's forest on the same matrices and scores both: DIR/<seed>/{train_x, ...}.

Matrices are float32, column after column; labels are bytes; ours is the probability of class 1.
Prints {"ours": [{"accuracy", "auc"}, ...], "sklearn": [...]} as JSON.
"""
import json
import pathlib
import sys

import numpy
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score


def main(folder):
    result = {"ours": [], "sklearn": []}
    for case in sorted(folder.iterdir()):
        train_x, train_y = read(case, "train")
        test_x, test_y = read(case, "test")
        forest = RandomForestClassifier(
            n_estimators=100, max_depth=10, random_state=int(case.name), n_jobs=-1
        )
        theirs = forest.fit(train_x, train_y).predict_proba(test_x)[:, 1]
        ours = numpy.fromfile(case / "ours", numpy.float32)
        for name, probability in (("ours", ours), ("sklearn", theirs)):
            result[name].append({
                "accuracy": accuracy_score(test_y, probability > 0.5),
                "auc": roc_auc_score(test_y, probability),
            })
    print(json.dumps(result))


def read(case, part):
    labels = numpy.fromfile(case / f"{part}_y", numpy.uint8)
    values = numpy.fromfile(case / f"{part}_x", numpy.float32)
    return values.reshape(-1, len(labels)).T, labels


main(pathlib.Path(sys.argv[1]))
