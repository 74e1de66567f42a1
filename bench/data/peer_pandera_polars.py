"""Checks with pandera on polars, and the profile that polars gives.

usage: peer_pandera_polars.py FILE CONSTRAINTS
"""

import sys

import pandera.polars as pa
import polars as pl
from rules import constraints, done, known, limits

frame = pl.read_parquet(sys.argv[1])
schema = pa.DataFrameSchema(
    {
        "date": pa.Column(pl.Datetime("us"), nullable=False),
        "delay": pa.Column(pl.Int64, pa.Check.in_range(*limits("delay"))),
        "distance": pa.Column(pl.Int64, pa.Check.in_range(*limits("distance"))),
        "origin": pa.Column(pl.String, pa.Check.isin(known("origin"))),
        "destination": pa.Column(pl.String, pa.Check.isin(known("destination"))),
    },
    strict=True,
)
schema.validate(frame, lazy=True)
repeated = 1 - frame.n_unique() / len(frame)
valid = len(frame) >= constraints["minimum_rows"]
valid &= repeated <= constraints["maximum_duplicate_share"]
profile = {
    "describe": frame.describe(),
    "missing": frame.null_count(),
    "distinct": frame.select(pl.all().n_unique()),
    "top": {
        name: frame[name].value_counts(sort=True).head(1000) for name in ("origin", "destination")
    },
}
done(len(frame), valid)
