"""Writes parquet files of every type, codec and share of nulls, with what pyarrow reads in them.

    python generate.py FOLDER

A case is `FOLDER/<case>.parquet`, and beside it `FOLDER/<case>.json` has its columns as
{name: {kind, values}}: a value is a string (numbers as Python writes them, times in microseconds
since 1970) or null where it is missing.
"""

import json
import math
import random
import sys
import uuid
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as t

ROWS = 1200
SECONDS = {"ms": lambda n: n / 1000, "us": lambda n: n / 1e6, "ns": lambda n: n // 1000 / 1e6}
MICROSECONDS = {"s": 1_000_000, "ms": 1000, "us": 1}
RANDOM = random.Random(7)

CASES = {
    **{
        f"{codec}-nulls{share}": (share / 100, {"compression": codec})
        for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli")
        for share in (0, 15)
    },
    "all-null": (1, {}),
    "plain": (0.3, {"use_dictionary": False}),
    "pages-v2": (0.3, {"data_page_version": "2.0"}),
    "small-pages": (0.3, {"data_page_size": 256, "dictionary_pagesize_limit": 512}),
    "no-arrow-schema": (0.3, {"store_schema": False}),
    "delta": (
        0.3,
        {
            "use_dictionary": False,
            "column_encoding": {
                "int32": "DELTA_BINARY_PACKED",
                "int64": "DELTA_BINARY_PACKED",
                "string": "DELTA_BYTE_ARRAY",
                "large_string": "DELTA_LENGTH_BYTE_ARRAY",
                "float": "BYTE_STREAM_SPLIT",
                "double": "BYTE_STREAM_SPLIT",
            },
        },
    ),
}


def main(folder):
    table = columns()
    for name, (share, options) in CASES.items():
        path = folder / f"{name}.parquet"
        nulled = {column: with_nulls(array, share) for column, array in table.items()}
        pq.write_table(pa.table(nulled), path, row_group_size=500, **options)
        read = pq.read_table(path)
        expected = {column: oracle(read[column]) for column in read.column_names}
        path.with_suffix(".json").write_text(json.dumps(expected))


def columns():
    sizes = [(sign, bits) for sign in ("int", "uint") for bits in (8, 16, 32, 64)]
    return {
        **{f"{s}{b}": pa.array(integers(b, s == "int"), getattr(pa, f"{s}{b}")()) for s, b in sizes},
        "half": pa.array(floats(60_000), pa.float16()),
        "float": pa.array(floats(1e38), pa.float32()),
        "double": pa.array(floats(1e308), pa.float64()),
        "decimal32": pa.array(decimals(9, 3), pa.decimal32(9, 3)),
        "decimal64": pa.array(decimals(18, 6), pa.decimal64(18, 6)),
        "decimal5": pa.array(decimals(5, 2), pa.decimal128(5, 2)),
        "decimal38": pa.array(decimals(38, 10), pa.decimal128(38, 10)),
        "decimal60": pa.array(decimals(60, 30), pa.decimal256(60, 30)),
        "bool": pa.array([RANDOM.random() < 0.5 for _ in range(ROWS)]),
        "string": pa.array(strings(30)),
        "large_string": pa.array(strings(ROWS), pa.large_string()),
        "view": pa.array(strings(300), pa.string_view()),
        "dictionary": pa.array(strings(50)).dictionary_encode(),
        "int_dictionary": pa.array([v % 50 for v in integers(16, True)]).dictionary_encode(),
        "date32": pa.array(integers(16, True), pa.int32()).cast(pa.date32()),
        "date64": pa.array([v * 86_400_000 for v in integers(16, True)]).cast(pa.date64()),
        "seconds": times(pa.timestamp("s"), 10**11),
        "millis": times(pa.timestamp("ms", tz="UTC"), 10**14),
        "micros": times(pa.timestamp("us", tz="America/New_York"), 2**62),
        "nanos": times(pa.timestamp("ns"), 2**62),
        "clock_ms": pa.array(clocks(1000), pa.time32("ms")),
        "clock_us": pa.array(clocks(10**6), pa.time64("us")),
        "clock_ns": pa.array(clocks(10**9), pa.time64("ns")),
        "uuid": pa.array([uuid.UUID(int=RANDOM.getrandbits(128)).bytes for _ in range(ROWS)], pa.uuid()),
        "nothing": pa.nulls(ROWS),
        "binary": pa.array([b"unsupported"] * ROWS),
        "list": pa.array([[1, 2]] * ROWS),
    }


def integers(bits, signed):
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return [low, high, 0, 1] + [RANDOM.randint(low, high) for _ in range(ROWS - 4)]


def clocks(second):
    day = 86_400 * second
    return [0, 1, day - 1] + [RANDOM.randrange(day) for _ in range(ROWS - 3)]


def floats(limit):
    edges = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.5]
    return edges + [RANDOM.uniform(-limit, limit) for _ in range(ROWS - len(edges))]


def decimals(digits, scale):
    edge = 10**digits - 1
    unscaled = [edge, -edge, 0, 1, -1] + [RANDOM.randint(-edge, edge) for _ in range(ROWS - 5)]
    return [Decimal(f"{u}e{-scale}") for u in unscaled]


def strings(distinct):
    edges = ["", "None", "nan", "NA", "é", "日本語", "🛫 flight", "longer than twelve bytes", "\0", "\0\0"]
    words = edges + [f"word {i} {'x' * (i % 40)}" for i in range(distinct)]
    return [words[i] if i < len(words) else RANDOM.choice(words) for i in range(ROWS)]


def times(kind, limit):
    edges = [limit, -limit, -1, 0, 1, -1001]
    return pa.array(edges + [RANDOM.randint(-limit, limit) for _ in range(ROWS - 6)]).cast(kind)


def with_nulls(array, share):
    if t.is_string_view(array.type):  # pyarrow cannot take from it
        return with_nulls(array.cast(pa.string()), share).cast(pa.string_view())
    rows = [None if RANDOM.random() < share else row for row in range(ROWS)]
    return array.take(pa.array(rows, pa.int64()))


def oracle(column):
    kind = column.type
    if t.is_dictionary(kind):
        return oracle(column.cast(kind.value_type))
    if t.is_fixed_size_binary(kind) or isinstance(kind, pa.UuidType):
        return answer("string", column, lambda value: str(value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=value)))
    if t.is_time(kind):
        ticks = column.cast(pa.int32() if kind.bit_width == 32 else pa.int64())
        return answer("number", ticks, lambda tick: repr(SECONDS[kind.unit](tick)))
    if t.is_nested(kind) or t.is_binary(kind):
        return {"kind": None, "values": []}
    if t.is_boolean(kind):
        return answer("boolean", column, str)
    if t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind):
        return answer("string", column, lambda text: text or None)
    if t.is_date32(kind):
        return answer("timestamp", column.cast(pa.int32()), lambda day: str(day * 86_400_000_000))
    if t.is_date64(kind):
        return answer("timestamp", column.cast(pa.int64()), lambda ms: str(ms * 1000))
    if t.is_timestamp(kind):
        factor = MICROSECONDS.get(kind.unit)
        micros = lambda tick: str(tick * factor if factor else tick // 1000)
        return answer("timestamp", column.cast(pa.int64()), micros)
    if t.is_integer(kind):
        return answer("number", column, str)
    # The nearest double; NaN is missing.
    return answer("number", column, lambda x: None if math.isnan(x) else repr(float(x)))


def answer(kind, column, text):
    return {"kind": kind, "values": [None if v is None else text(v) for v in column.to_pylist()]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
