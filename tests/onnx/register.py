"""Registers exported models in an MLflow file store as Python users do, and writes rows for each.

register.py CASES STORE NAME…: CASES as export.py wrote them; CASES/NAME/data gets rows.parquet. A
name that begins with "unnamed:" is logged without a signature.
"""
import pathlib
import sys

import mlflow
import numpy
import onnx
import pandas


def main(cases, store, names):
    mlflow.set_tracking_uri(f"file://{store}")
    for name in names:
        register(cases / name.removeprefix("unnamed:"), name)
    print("{}")


def register(case, name):
    model = onnx.load(case / "model.onnx")
    width = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    values = numpy.fromfile(case / "input", numpy.float32).reshape(-1, width)
    frame = pandas.DataFrame(values, columns=[f"column {k}" for k in range(width)])
    signature = None if name.startswith("unnamed:") else mlflow.models.infer_signature(frame)
    with mlflow.start_run():
        mlflow.onnx.log_model(model, name="model", signature=signature, registered_model_name=case.name)
    # Another order, another type, and more than the model takes.
    frame = frame.astype("float64")[frame.columns[::-1]]
    frame.insert(2, "comment", "not a feature")
    frame.insert(0, "row", [f"row-{k:04}" for k in range(len(frame))])
    (case / "data").mkdir()
    frame.to_parquet(case / "data" / "rows.parquet", index=False)


main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
