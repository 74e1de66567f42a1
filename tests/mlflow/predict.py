"""Loads a model with mlflow.pyfunc and predicts raw frames in every form pandas has for them.

The model takes distance (double), weekend (bool), carrier (string), departure (timestamp) and seats
(int64). What is expected comes from onnxruntime alone, fed value by value from plain Python.
"""

import sys
from datetime import datetime, timedelta
from decimal import Decimal

import mlflow
import numpy as np
import onnx
import onnxruntime
import pandas as pd

EPOCH = datetime(1970, 1, 1)
CARRIERS = ["AA", "UA", None, "", "None", "nan", "NA", "unseen", "été", "AA"]
ROWS = pd.DataFrame(
    {
        "distance": [100.5, None, 0.1, 33554433.0, -0.0, 1e30, 200.25, None, 5.0, 16777217.0],
        "weekend": [True, False, None, True, False, True, None, False, True, True],
        "carrier": CARRIERS,
        "departure": [
            datetime(2013, 1, 1, 5, 17),
            None,
            datetime(1969, 12, 31, 23, 59, 59),
            datetime(2013, 6, 30, 23, 0, 1),
            datetime(1960, 2, 29, 12, 30),
            datetime(2200, 1, 1),
            datetime(2013, 3, 10, 7, 30),
            None,
            datetime(2013, 11, 3, 6, 30),
            datetime(1970, 1, 1),
        ],
        "seats": [150, None, 9007199254740993, -3, 0, 16777217, 33554435, None, 7, 2],
    },
    dtype=object,
)
COLUMNS = list(ROWS.columns)
COMPLETE = ROWS.dropna().reset_index(drop=True)


def predict(tracking, uri, parquet):
    """The forms that were tried, and the predictions of the plain rows; PARQUET is scratch."""
    mlflow.set_tracking_uri(tracking)
    mlflow.set_registry_uri(tracking)
    model = mlflow.pyfunc.load_model(uri)
    direct = model._model_impl  # the loader itself, past MLflow's enforcement of the signature
    session = direct.session
    OUTPUTS = [output.name for output in session.get_outputs()]

    coerce = sys.modules[type(direct).__module__]._coerce

    def feeds_of(rows):
        def number(value):
            return float("nan") if value is None else float(value)

        def micros(value):
            if value is None:
                return -(2**63)
            return (value - EPOCH) // timedelta(microseconds=1)

        plain = {name: [None if x is None or x != x else x for x in rows[name]] for name in COLUMNS}
        feeds = {}
        for column in session.get_inputs():
            values = plain[column.name]
            if column.type == "tensor(float)":
                feeds[column.name] = np.array([number(x) for x in values], np.float64).astype(np.float32)
            elif column.type == "tensor(string)":
                feeds[column.name] = np.array([x or "" for x in values], dtype=object)
            else:
                feeds[column.name] = np.array([micros(x) for x in values], dtype=np.int64)
        return feeds

    def expected(rows):
        feeds = feeds_of(rows)
        return pd.DataFrame(dict(zip(OUTPUTS, session.run(OUTPUTS, feeds))))

    def inferred(rows):
        """What pandas makes of the values by itself, as pd.read_parquet does."""
        frame = pd.DataFrame(
            {
                "distance": rows["distance"].astype(float),
                "weekend": pd.Series(rows["weekend"].tolist()),
                "carrier": pd.Series(rows["carrier"].tolist()),
                "departure": pd.Series(rows["departure"].tolist(), dtype="datetime64[us]"),
                "seats": pd.Series(rows["seats"].tolist()),
            }
        )
        assert frame["seats"].dtype == (float if rows["seats"].isna().any() else np.int64)
        return frame

    def zoned(rows):
        times = pd.to_datetime(inferred(rows)["departure"]).dt.tz_localize("UTC")
        return inferred(rows).assign(departure=times.dt.tz_convert("America/New_York"))

    tried = []

    # An MLflow that has no type "any" refuses integers where the training data had gaps.
    KNOWS_ANY = any(str(column.type).lower().startswith("any") for column in model.metadata.signature.inputs)
    # Until 3.17 it hands on a frame of such columns without its index.
    KEEPS_INDEX = tuple(int(part) for part in mlflow.__version__.split(".")[:2]) >= (3, 17)

    def check(form, frame, rows, enforced):
        lets_through = KNOWS_ANY or (enforced and frame["seats"].dtype == float)
        predict = model.predict if lets_through else direct.predict
        try:
            actual = predict(frame)
        except Exception as error:
            raise AssertionError(f"{form}: {error}\n{frame.dtypes}") from error
        assert list(actual.columns) == OUTPUTS, (form, list(actual.columns))
        if predict == direct.predict or not KNOWS_ANY or KEEPS_INDEX:
            assert actual.index.equals(frame.index), form
        actual.index = frame.index
        wanted = expected(rows).set_index(frame.index)
        for name in OUTPUTS:
            if wanted[name].dtype.kind == "f":
                np.testing.assert_array_equal(actual[name], wanted[name], err_msg=form)
            else:
                assert actual[name].tolist() == wanted[name].tolist(), (form, name)
        for column, (name, fed) in zip(session.get_inputs(), feeds_of(rows).items()):
            np.testing.assert_array_equal(coerce(frame[name], column), fed, err_msg=f"{form}: {name}")
        tried.append(form)

    # What MLflow's enforcement of the signature must let through as well.
    for label, rows in [("rows with gaps", ROWS), ("complete rows", COMPLETE)]:
        frame = inferred(rows)
        check(label, frame, rows, True)
        check(f"{label}, other columns too, in another order", frame.assign(tail="N1", x=1)[
            ["x", "seats", "carrier", "tail", "departure", "weekend", "distance"]
        ], rows, True)
        check(f"{label}, with an index of their own", frame.set_axis([f"r{i}" for i in frame.index]), rows, True)
        odd = rows.index % 2 == 1
        check(f"{label}, every second", frame[odd], rows[odd], True)
        for unit in ["s", "ms", "us", "ns"]:
            times = frame["departure"].astype(f"datetime64[{unit}]")
            check(f"{label}, datetime64[{unit}]", frame.assign(departure=times), rows, True)
        check(f"{label}, float32", frame.assign(distance=frame["distance"].astype("float32")), rows, True)
        frame.to_parquet(parquet, index=False)
        check(f"{label}, from parquet", pd.read_parquet(parquet), rows, True)
        for backend in ["numpy_nullable", "pyarrow"]:
            back = pd.read_parquet(parquet, dtype_backend=backend)
            check(f"{label}, from parquet as {backend}", back, rows, False)
    small = COMPLETE.assign(distance=range(len(COMPLETE)))
    check("32-bit integers where training had floats", inferred(small).assign(
        distance=pd.Series(list(small["distance"]), dtype="int32")), small, True)

    # What MLflow's rules refuse before the loader sees it, where the signature names types.
    for label, rows in [("rows with gaps", ROWS), ("complete rows", COMPLETE)]:
        frame = inferred(rows)
        check(f"{label}, all objects", rows.copy(), rows, False)
        check(f"{label}, nullable types", frame.convert_dtypes(), rows, False)
        check(f"{label}, Arrow types", frame.convert_dtypes(dtype_backend="pyarrow"), rows, False)
        check(f"{label}, categoricals", frame.assign(**{
            name: frame[name].astype("category") for name in ["carrier", "weekend", "seats"]
        }), rows, False)
        check(f"{label}, with a time zone", zoned(rows), rows, False)
        check(f"{label}, times as text", frame.assign(
            departure=[None if x is None or x != x else x.isoformat() for x in rows["departure"]]
        ), rows, False)
        check(f"{label}, decimals", frame.assign(seats=[
            None if x is None or x != x else Decimal(x) for x in rows["seats"]
        ]), rows, False)
    check("64-bit integers where training had floats", inferred(small).assign(
        distance=pd.Series(list(small["distance"]), dtype="int64")), small, False)
    for form, gap in [("None", None), ("NaN", float("nan")), ("''", ""), ("NA", pd.NA)]:
        texts = [gap if x is None or x == "" else x for x in CARRIERS]
        check(f"a missing string as {form}", inferred(ROWS).assign(
            carrier=pd.Series(texts, dtype=object)), ROWS, form != "NA")
    gone = ROWS.assign(**{name: None for name in COLUMNS})
    check("nothing but missing values", gone, gone, False)
    check("nothing but NaN", gone.astype(float), gone, False)
    nothing = model.predict(inferred(ROWS).iloc[:0])
    assert list(nothing.columns) == OUTPUTS and len(nothing) == 0

    def refusal(frame):
        try:
            direct.predict(frame)
        except ValueError as error:
            return str(error)
        raise AssertionError("accepted")

    frame = inferred(ROWS)
    assert "['carrier', 'seats']" in refusal(frame.drop(columns=["carrier", "seats"]))
    assert "'carrier'" in refusal(frame.assign(carrier=1))
    assert "'distance'" in refusal(frame.assign(distance="far"))
    assert "'departure'" in refusal(frame.assign(departure=5))

    # The input example, as MLflow shows it and as its scoring server takes it.
    local = mlflow.artifacts.download_artifacts(uri)
    example = model.metadata.load_input_example(local)
    assert list(example.columns) == COLUMNS, list(example.columns)
    shown = direct.predict(example)
    served = mlflow.models.validate_serving_input(local, mlflow.models.utils.load_serving_example(local))
    for name in OUTPUTS:
        assert served[name].tolist() == shown[name].tolist() == model.predict(example)[name].tolist()

    # The other flavour gives the graph itself, which is the model's only copy.
    graph = mlflow.onnx.load_model(uri)
    assert [output.name for output in graph.graph.output] == OUTPUTS

    # The time of day on its circle, as numpy has it from pandas' own calendar.
    parts = ["departure:minute_of_day_sin", "departure:minute_of_day_cos"]
    graph.graph.output.extend(onnx.helper.make_tensor_value_info(
        part, onnx.TensorProto.FLOAT, ["N"]) for part in parts)
    opened = onnxruntime.InferenceSession(graph.SerializeToString())
    minutes = [np.nan if x is None else x.hour * 60 + x.minute for x in ROWS["departure"]]
    angle = 2 * np.pi * np.array(minutes) / 1440
    for found, own in zip(opened.run(parts, feeds_of(ROWS)), [np.sin(angle), np.cos(angle)]):
        np.testing.assert_allclose(found, own, rtol=0, atol=1e-7)

    result = expected(ROWS)
    return {
        "pandas": pd.__version__,
        "mlflow": mlflow.__version__,
        "forms": len(tried),
        "inputs": [[c.name, str(c.type), c.required] for c in model.metadata.signature.inputs],
        "rows": [
            {
                "distance": row["distance"],
                "weekend": row["weekend"],
                "carrier": row["carrier"],
                "departure": None
                if row["departure"] is None
                else str((row["departure"] - EPOCH) // timedelta(microseconds=1)),
                "seats": None if row["seats"] is None else float(row["seats"]),
            }
            for row in ROWS.to_dict("records")
        ],
        "predictions": {name: result[name].tolist() for name in OUTPUTS},
    }
