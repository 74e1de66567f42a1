"""Makes the day to score and the peer's model.

usage: make.py FLIGHTS FOLDER ROWS

FOLDER/day.parquet     the flights of FLIGHTS over and over, each row with a key of its own
FOLDER/peer.joblib     scikit-learn's forest (100 trees, depth 10) on the same rows as ours
"""

import pathlib
import sys

import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

flights, folder, rows = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
frame = pd.read_parquet(flights)
features = frame.drop(columns=["late", "flight_id", "scheduled_departure"])
strings = features.select_dtypes(exclude=["number", "bool"]).columns.tolist()
encode = make_column_transformer(
    (
        OrdinalEncoder(
            handle_unknown="use_encoded_value",
            unknown_value=-1,
            encoded_missing_value=-1,
        ),
        strings,
    ),
    remainder="passthrough",
)
model = make_pipeline(
    encode, RandomForestClassifier(n_estimators=100, max_depth=10, random_state=42)
)
model.fit(features, frame["late"])
joblib.dump((features.columns.tolist(), model), folder / "peer.joblib")

order = np.arange(rows) % len(frame)
day = frame.drop(columns="late").iloc[order].reset_index(drop=True)
day["flight_id"] = [f"{key}-{row}" for row, key in enumerate(day["flight_id"])]
table = pa.Table.from_pandas(day, preserve_index=False)
pq.write_table(table, folder / "day.parquet", compression="zstd", row_group_size=100_000)
print(rows)
