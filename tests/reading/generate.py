"""Writes text files, with what pandas and pyarrow read in them.

    python generate.py FOLDER PARQUET

A case is `FOLDER/<case>.csv` or another ending, and beside it `FOLDER/<name>.json` has its columns as
{name: {kind, values}}: a value is a string (numbers as Python writes them, times in microseconds since
1970) or null where it is missing. `FOLDER/flights/` has the rows of PARQUET in every format.
"""

import gzip
import json
import math
import random
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq
import pyarrow.types as t

FOLDER, PARQUET = Path(sys.argv[1]), sys.argv[2]
ROWS = 3000
RANDOM = random.Random(11)


def main():
    write_csv("unix.csv", ",", "\n")
    write_csv("windows.csv", ";", "\r\n")
    write_csv("tabs.tsv.gz", "\t", "\n")
    write_json("lines.ndjson")
    write_json("lines.jsonl.gz")
    flights = pq.read_table(PARQUET)
    folder = FOLDER / "flights"
    for name in ("parquet", "csv", "ndjson"):
        (folder / name).mkdir(parents=True)
    pq.write_table(flights, folder / "parquet/a.parquet")
    pa.csv.write_csv(flights, folder / "csv/a.csv")
    frame = flights.to_pandas()
    frame["scheduled_departure"] = frame["scheduled_departure"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    frame.to_json(folder / "ndjson/a.ndjson.gz", orient="records", lines=True)


def columns():
    return {
        "id": [f"{i:05}-x" for i in range(ROWS)],
        "int": numbers(lambda: RANDOM.randint(-(2**63), 2**63 - 1)),
        "small": numbers(lambda: RANDOM.randint(-9, 9)),
        "double": numbers(lambda: RANDOM.uniform(-1e300, 1e300)),
        "short": numbers(lambda: round(RANDOM.uniform(-1000, 1000), 3)),
        "bool": numbers(lambda: RANDOM.random() < 0.5),
        "text": [RANDOM.choice(TEXTS) for _ in range(ROWS)],
        "code": numbers(lambda: RANDOM.choice(["NA", "None", "nan", "null", "12"])),
        "day": numbers(lambda: f"{RANDOM.randint(1600, 2200)}-0{RANDOM.randint(1, 9)}-1{RANDOM.randint(0, 9)}"),
        "time": numbers(lambda: f"2013-10-01T0{RANDOM.randint(0, 9)}:30:15.{RANDOM.randint(0, 999999):06}Z"),
        "local": numbers(lambda: f"2013-10-01 0{RANDOM.randint(0, 9)}:30:00"),
        "nothing": [None] * ROWS,
    }


TEXTS = ["plain", "with, comma", "semi;colon", 'quo"te', '"', "two\nlines", "é 日本語 🛫", " blank ", "tab\there"]


def numbers(make):
    return [None if RANDOM.random() < 0.1 else make() for _ in range(ROWS)]


def opened(name):
    path = FOLDER / name
    return gzip.open(path, "wt", encoding="utf-8", newline="") if name.endswith(".gz") else open(
        path, "w", encoding="utf-8", newline=""
    )


def write_csv(name, delimiter, end):
    data = columns()

    def cell(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{delimiter}"\n') else text

    with opened(name) as file:
        file.write(delimiter.join(data) + end)
        for row in zip(*data.values()):
            file.write(delimiter.join(cell(value) for value in row) + end)
    read = pa.csv.read_csv(
        FOLDER / name,
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(null_values=[""], strings_can_be_null=True),
    )
    frame = pd.read_csv(
        FOLDER / name, sep=delimiter, keep_default_na=False, na_values=[""], dtype=str
    )
    # What is text for one is text for the other; pyarrow says what the rest is.
    for column in ("id", "text", "code"):
        texts = [None if pd.isna(value) else value for value in frame[column]]
        assert texts == read[column].to_pylist(), column
    answer(name, read)


def write_json(name):
    data = columns()
    with opened(name) as file:
        for row in zip(*data.values()):
            pairs = {k: v for k, v in zip(data, row) if v is not None or RANDOM.random() < 0.5}
            file.write(json.dumps(pairs, ensure_ascii=RANDOM.random() < 0.5) + "\n")
    source = gzip.open(FOLDER / name) if name.endswith(".gz") else FOLDER / name
    read = pa.json.read_json(source).select(list(data))
    for column in ("time", "local", "day"):
        # pyarrow finds times in CSV, and in JSON only some.
        if t.is_string(read[column].type):
            kind = pa.timestamp("us", tz="UTC") if column == "time" else pa.timestamp("us")
            read = read.set_column(read.column_names.index(column), column, read[column].cast(kind))
    answer(name, read)


def answer(name, table):
    expected = {column: oracle(table[column]) for column in table.column_names}
    (FOLDER / f"{name}.json").write_text(json.dumps(expected))


def oracle(column):
    kind = column.type
    if t.is_date32(kind):
        values = column.cast(pa.int32()).to_pylist()
        return texts("timestamp", values, lambda day: str(day * 86_400_000_000))
    if t.is_timestamp(kind):
        factor = {"s": 1_000_000, "ms": 1000, "us": 1}.get(kind.unit)
        micros = lambda tick: str(tick * factor if factor else tick // 1000)
        return texts("timestamp", column.cast(pa.int64()).to_pylist(), micros)
    values = column.to_pylist()
    if t.is_boolean(kind):
        return texts("boolean", values, lambda value: str(value).lower())
    if t.is_integer(kind):
        return texts("number", values, str)
    if t.is_floating(kind):
        return texts("number", values, lambda x: None if math.isnan(x) else repr(float(x)))
    if t.is_null(kind):
        return texts("null", values, str)
    return texts("string", values, str)


def texts(kind, values, text):
    return {"kind": kind, "values": [None if v is None else text(v) for v in values]}


main()
