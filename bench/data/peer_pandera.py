"""Checks with pandera, and the profile that pandas gives, since pandera has none.

usage: peer_pandera.py FILE CONSTRAINTS
"""

import pandera.pandas as pa
from checks import constraints, done, frame, known, limits

schema = pa.DataFrameSchema(
    {
        "date": pa.Column("datetime64[us]", nullable=False),
        "delay": pa.Column("int64", pa.Check.in_range(*limits("delay"))),
        "distance": pa.Column("int64", pa.Check.in_range(*limits("distance"))),
        "origin": pa.Column(str, pa.Check.isin(known("origin"))),
        "destination": pa.Column(str, pa.Check.isin(known("destination"))),
    },
    checks=[
        pa.Check(lambda rows: len(rows) >= constraints["minimum_rows"]),
        pa.Check(
            lambda rows: rows.duplicated().mean() <= constraints["maximum_duplicate_share"]
        ),
    ],
    strict=True,
)
schema.validate(frame, lazy=True)
profile = {
    "describe": frame.describe(include="all"),
    "missing": frame.isna().sum(),
    "distinct": frame.nunique(),
    "top": {name: frame[name].value_counts().head(1000) for name in ("origin", "destination")},
}
done(True)
