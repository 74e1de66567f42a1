"""Writes `data.parquet` and what pandas says of each of its columns, `statistics.json`.

    python pandas_statistics.py ROWS SEED FOLDER

Of a quantile it is the range of values whose rank is within half a percent.
"""

import json
import sys

import numpy as np
import pandas as pd

rows, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
random = np.random.default_rng(seed)
SHARES = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
WITHIN = 0.005


def main():
    frame = pd.DataFrame(columns())
    frame.to_parquet(f"{folder}/data.parquet", row_group_size=100_000, index=False)
    answers = {name: answer(frame[name]) for name in frame.columns}
    with open(f"{folder}/statistics.json", "w") as file:
        json.dump(answers, file)


def columns():
    gaps = random.random(rows) < 0.1
    words = np.char.add("word ", random.zipf(1.3, rows).clip(1, 10**6).astype(str))
    return {
        "normal": random.normal(1e6, 1, rows),
        "skewed": random.lognormal(0, 3, rows),
        "gaps": np.where(gaps, np.nan, random.normal(size=rows)),
        "sorted": np.sort(random.random(rows)),
        "few": random.integers(0, 7, rows),
        "many": random.integers(-(2**52), 2**52, rows),
        "zeros": np.where(random.random(rows) < 0.97, 0, random.random(rows)),
        "constant": np.full(rows, 3.25),
        "flag": random.random(rows) < 0.3,
        "time": pd.to_datetime(random.integers(0, 10**15, rows), unit="us"),
        "words": pd.Series(words).mask(gaps),
        "letters": random.choice(list("abcdefg"), rows, p=[0.4, 0.3, 0.1, 0.1, 0.05, 0.04, 0.01]),
        "names": np.char.add("name ", np.arange(rows).astype(str)),
    }


def answer(column):
    found = {"present": int(column.count()), "missing": int(column.isna().sum())}
    found["distinct"] = int(column.nunique())
    if pd.api.types.is_string_dtype(column) or column.dtype == object:
        lengths = column.dropna().str.len()
        top = column.value_counts().head(20)
        return found | {
            "lengths": [int(lengths.min()), int(lengths.max()), float(lengths.mean())],
            "top": {str(value): int(count) for value, count in top.items()},
        }
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.astype("datetime64[us]").astype("int64")
    numbers = column.dropna().astype("float64")
    ordered = np.sort(numbers.to_numpy())
    ranges = []
    for share in SHARES:
        low, high = np.quantile(ordered, [max(0, share - WITHIN), min(1, share + WITHIN)])
        ranges.append([share, float(low), float(high)])
    return found | {
        "mean": float(numbers.mean()),
        "deviation": float(numbers.std(ddof=0)),
        "min": float(numbers.min()),
        "max": float(numbers.max()),
        "quantiles": ranges,
    }


main()
