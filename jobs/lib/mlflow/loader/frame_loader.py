"""Loads model.onnx for mlflow.pyfunc and feeds it raw pandas columns (pandas 2 and 3)."""

import numpy as np
import onnxruntime
import pandas as pd


def _load_pyfunc(path):
    return FrameModel(onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]))


class FrameModel:
    def __init__(self, session):
        self.session = session

    def predict(self, data, params=None):
        frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
        inputs = self.session.get_inputs()
        missing = [column.name for column in inputs if column.name not in frame.columns]
        if missing:
            raise ValueError(f"Cannot predict: the columns {missing} are missing. Add them.")
        names = [column.name for column in self.session.get_outputs()]
        if frame.empty:
            return pd.DataFrame({name: [] for name in names}, index=frame.index)
        feeds = {column.name: _coerce(frame[column.name], column) for column in inputs}
        values = self.session.run(names, feeds)
        return pd.DataFrame(dict(zip(names, values)), index=frame.index)


def _coerce(values, column):
    try:
        return {"tensor(float)": _numbers, "tensor(string)": _strings}.get(column.type, _times)(values)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"Cannot predict: column {column.name!r} ({values.dtype}): {error}") from error


def _numbers(values):
    # By way of float64, as the trainer does: both round to float32 in the same places.
    plain = values.astype(object) if isinstance(values.dtype, pd.CategoricalDtype) else values
    if pd.api.types.infer_dtype(plain) == "time":  # to seconds since midnight, as the trainer has them
        plain = pd.to_timedelta(plain.map(str, na_action="ignore")).dt.total_seconds()
    return plain.to_numpy(dtype=np.float64, na_value=np.nan).astype(np.float32)


def _strings(values):
    # onnxruntime takes neither Arrow strings nor None; the model knows a missing string as "".
    plain = np.where(values.isna(), "", values.astype(object)).astype(object)
    if pd.api.types.infer_dtype(plain) != "string":
        raise TypeError("it must hold strings")
    return plain


def _times(values):
    if values.isna().all():
        return np.full(len(values), np.iinfo(np.int64).min)
    if pd.api.types.is_numeric_dtype(values.dtype):
        raise TypeError("it must hold timestamps")
    # Microseconds in UTC, a timestamp without zone being UTC; NaT is the smallest int64.
    times = pd.to_datetime(values, utc=True).dt.tz_localize(None)
    return times.to_numpy(dtype="datetime64[us]").astype(np.int64)
