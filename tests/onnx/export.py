"""Models as scikit-learn, LightGBM and XGBoost export them, and what onnxruntime makes of them.

Writes DIR/NAME/{model.onnx, input, output, label} and prints {NAME: [rows, columns]} as JSON. Inputs
are rows of float32 with what rows can hold: missing values, infinities, thresholds of the trees.
"""
import json
import pathlib
import sys
import warnings

import lightgbm
import numpy
import onnx
import onnxruntime
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn import ensemble, linear_model, pipeline, preprocessing
from skl2onnx import to_onnx

warnings.filterwarnings("ignore")
ROWS, COLUMNS = 600, 7
RANDOM = numpy.random.default_rng(20131001)
CLASSIFIERS = {
    "random-forest": ensemble.RandomForestClassifier(20, max_depth=8, random_state=1),
    "extra-trees": ensemble.ExtraTreesClassifier(20, random_state=1),
    "gradient-boosting": ensemble.GradientBoostingClassifier(n_estimators=15, random_state=1),
    "hist-gradient-boosting": ensemble.HistGradientBoostingClassifier(max_iter=15, random_state=1),
    "lightgbm": lightgbm.LGBMClassifier(n_estimators=15, verbose=-1),
    "lightgbm-rf": lightgbm.LGBMClassifier(
        boosting_type="rf", bagging_freq=1, bagging_fraction=0.6, n_estimators=15, verbose=-1
    ),
    "xgboost": xgboost.XGBClassifier(n_estimators=15, max_depth=5),
    "xgboost-rf": xgboost.XGBRFClassifier(n_estimators=15, max_depth=6),
}
REGRESSORS = {
    "random-forest": ensemble.RandomForestRegressor(20, random_state=1),
    "extra-trees": ensemble.ExtraTreesRegressor(20, max_depth=9, random_state=1),
    "gradient-boosting": ensemble.GradientBoostingRegressor(n_estimators=15, random_state=1),
    "hist-gradient-boosting": ensemble.HistGradientBoostingRegressor(max_iter=15, random_state=1),
    "lightgbm": lightgbm.LGBMRegressor(n_estimators=15, verbose=-1),
    "lightgbm-poisson": lightgbm.LGBMRegressor(objective="poisson", n_estimators=9, verbose=-1),
    "xgboost": xgboost.XGBRegressor(n_estimators=15, max_depth=5),
}
# These were trained with missing values; the others' trees have no side for them.
TAKES_MISSING = {"hist-gradient-boosting", "lightgbm", "lightgbm-rf", "lightgbm-poisson", "xgboost", "xgboost-rf"}


def main(folder):
    x = RANDOM.normal(size=(ROWS, COLUMNS)).astype(numpy.float32)
    x[:, 0] = RANDOM.integers(0, 9, ROWS)
    x[:, 1] = numpy.round(x[:, 1], 1)
    sums = x[:, 0] + 3 * x[:, 1] * x[:, 2] - numpy.square(x[:, 3])
    holes = numpy.where(RANDOM.random(x.shape) < 0.1, numpy.float32(numpy.nan), x)
    data = {False: x, True: holes}
    labels = {
        "2": (sums > 1).astype(numpy.int64),
        "4": numpy.digitize(sums, [-2, 0, 3]) * 10 - 10,
        "names": numpy.array(["no", "maybe", "yes"])[numpy.digitize(sums, [0, 2])],
    }
    shapes = {}
    for name, model in CLASSIFIERS.items():
        for kind, y in labels.items():
            if kind == "names" and name.startswith("xgboost") or (kind != "2" and name == "lightgbm-rf"):
                continue
            if kind == "4" and name.startswith("xgboost"):
                y = y // 10 + 1  # it counts classes from 0
            fitted = model.fit(data[name in TAKES_MISSING], y)
            for zipped in (True, False):
                save(folder, shapes, f"{name}-{kind}-{'maps' if zipped else 'tensor'}", convert(name, fitted, x, zipped), x)
    for name, model in REGRESSORS.items():
        target = numpy.abs(sums) if name.endswith("poisson") else sums * 100
        fitted = model.fit(data[name in TAKES_MISSING], target)
        save(folder, shapes, f"{name}-regression", convert(name, fitted, x, False), x)
        if name == "lightgbm":
            split = convert_lightgbm(fitted, initial_types=types(), split=4)
            save(folder, shapes, "lightgbm-split-regression", split, x)
    categorical = lightgbm.LGBMClassifier(n_estimators=9, min_data_per_group=5, cat_smooth=1, verbose=-1)
    categorical.fit(x, labels["2"], categorical_feature=[0])
    save(folder, shapes, "lightgbm-categorical-2-tensor", convert("lightgbm", categorical, x, False), x)
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), CLASSIFIERS["random-forest"])
    save(folder, shapes, "scaled-random-forest-2-tensor", convert("sklearn", scaled.fit(x, labels["2"]), x, False), x)
    # Not trees: for onnxruntime.
    line = linear_model.LogisticRegression().fit(x, labels["4"])
    save(folder, shapes, "logistic-regression-4-maps", convert("sklearn", line, x, True), x)
    save(folder, shapes, "logistic-regression-4-tensor", convert("sklearn", line, x, False), x)
    for index in range(48):
        save(folder, shapes, f"random-{index:02}", random_model(index), x)
    print(json.dumps(shapes))


def types():
    return [("input", FloatTensorType([None, COLUMNS]))]


def convert(name, model, x, zipped):
    if name.startswith("lightgbm"):
        return convert_lightgbm(model, initial_types=types(), zipmap=zipped)
    if name.startswith("xgboost"):
        return convert_xgboost(model, initial_types=types())
    options = {id(model): {"zipmap": zipped}} if hasattr(model, "classes_") else None
    return to_onnx(model, x[:1], options=options)


def random_model(index):
    """Trees no exporter makes: every comparison, aggregate, transform, order of nodes."""
    random = numpy.random.default_rng(index)
    classifier = index % 2 == 0
    targets = int(random.integers(1, 4)) if not classifier else int(random.integers(2, 4))
    attributes = {name: [] for name in (
        "nodes_treeids", "nodes_nodeids", "nodes_modes", "nodes_featureids", "nodes_values",
        "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
    )}
    of = "class" if classifier else "target"
    leaves = {f"{of}_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}
    single = classifier and targets == 2 and index % 3 > 0
    positive = index % 5 == 0
    modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
    # Older runtimes want one comparison for the whole tree ensemble; newer ones take any.
    modes = modes if index % 4 == 0 else [modes[index % 6]]
    for tree in range(6):
        size = 2 * int(random.integers(1, 20)) - 1
        left, right, open_ = {}, {}, [0]
        for child in range(1, size, 2):
            node = open_.pop(int(random.integers(len(open_))))
            left[node], right[node] = child, child + 1
            open_ += [child, child + 1]
        for node in range(size):
            attributes["nodes_treeids"].append(tree)
            attributes["nodes_nodeids"].append(node)
            attributes["nodes_modes"].append(str(random.choice(modes)) if node in left else "LEAF")
            column = int(random.integers(COLUMNS))
            attributes["nodes_featureids"].append(column if node in left else 0)
            value = round(float(random.normal()), 1) if column else float(random.integers(0, 9))
            attributes["nodes_values"].append(value if node in left else 0.0)
            attributes["nodes_truenodeids"].append(left.get(node, 0))
            attributes["nodes_falsenodeids"].append(right.get(node, 0))
            attributes["nodes_missing_value_tracks_true"].append(int(random.integers(2)))
            for target in range(targets) if node not in left else ():
                if single and target != 1:
                    continue
                weight = float(random.normal()) / 6
                leaves[f"{of}_treeids"].append(tree)
                leaves[f"{of}_nodeids"].append(node)
                leaves[f"{of}_ids"].append(target)
                leaves[f"{of}_weights"].append(abs(weight) if positive else weight)
    extra = {"post_transform": str(random.choice(["NONE", "LOGISTIC", "SOFTMAX"]))}
    if index % 7 == 0:
        extra["base_values"] = [float(value) for value in random.normal(size=1 if single else targets)]
    if classifier:
        extra["classlabels_int64s"] = list(range(targets))
        outputs = [("label", onnx.TensorProto.INT64, [None]), ("scores", onnx.TensorProto.FLOAT, [None, targets])]
    else:
        extra["n_targets"] = 1
        keep = [i for i, target in enumerate(leaves["target_ids"]) if target == 0]
        leaves = {name: [values[i] for i in keep] for name, values in leaves.items()}
        extra["aggregate_function"] = ["SUM", "AVERAGE", "MIN", "MAX"][index // 2 % 4]
        extra["post_transform"] = "NONE"
        if "base_values" in extra:
            extra["base_values"] = extra["base_values"][:1]
        outputs = [("prediction", onnx.TensorProto.FLOAT, [None, 1])]
    node = onnx.helper.make_node(
        "TreeEnsembleClassifier" if classifier else "TreeEnsembleRegressor",
        ["input"], [name for name, *_ in outputs], domain="ai.onnx.ml", **attributes, **leaves, **extra,
    )
    graph = onnx.helper.make_graph(
        [node], "random",
        [onnx.helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, [None, COLUMNS])],
        [onnx.helper.make_tensor_value_info(*output) for output in outputs],
    )
    opsets = [onnx.helper.make_opsetid("ai.onnx.ml", 3), onnx.helper.make_opsetid("", 17)]
    return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)


def save(folder, shapes, name, model, x):
    rows = x.copy()
    odd = numpy.array([numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0, 3e38], numpy.float32)
    where = RANDOM.random(x.shape) < 0.15
    rows[where] = odd[RANDOM.integers(len(odd), size=where.sum())]
    thresholds = [
        value for node in model.graph.node for attribute in node.attribute
        if attribute.name == "nodes_values" for value in attribute.floats
    ]
    if thresholds:
        where = RANDOM.random(x.shape) < 0.3
        rows[where] = RANDOM.choice(numpy.array(thresholds, numpy.float32), size=where.sum())
    path = folder / name
    path.mkdir()
    (path / "model.onnx").write_bytes(model.SerializeToString())
    # On one thread it adds trees up in their order; on several in another one.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path / "model.onnx", options, providers=["CPUExecutionProvider"])
    values = session.run(None, {session.get_inputs()[0].name: rows})
    output = values[-1]
    if isinstance(output, list):
        output = numpy.array([list(row.values()) for row in output])
    rows.tofile(path / "input")
    numpy.asarray(output, numpy.float32).reshape(len(rows), -1).tofile(path / "output")
    if len(values) > 1:
        (path / "label").write_text(json.dumps(values[0].tolist()), "utf-8")
    shapes[name] = list(rows.shape)


main(pathlib.Path(sys.argv[1]))
