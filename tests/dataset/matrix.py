"""Writes parquet files of every writer, codec, encoding and page, with what pyarrow reads in them.

    python matrix.py small|large TABLES SEED FOLDER

`small` has each setting once or twice, `large` has all their combinations. TABLES random tables come
on top, of random types, values and settings. Beside each `<case>.parquet`, `<case>.json` is as
`generate.py` has it.
"""

import itertools
import json
import math
import random
import sys
from pathlib import Path

import generate
import pyarrow as pa
import pyarrow.parquet as pq
from generate import columns, oracle, with_nulls

CODECS = ("none", "snappy", "gzip", "zstd", "lz4", "brotli")
ENCODINGS = ("plain", "dictionary", "delta", "split")
# What parquet-mr and Spark write where pyarrow has another way.
SETTINGS = {
    "": {},
    "mr": {"version": "1.0", "store_decimal_as_integer": True, "write_page_checksum": True},
    "spark": {"flavor": "spark", "use_deprecated_int96_timestamps": True, "store_schema": False},
    "index": {"write_page_index": True, "data_page_size": 512, "max_rows_per_page": 100},
    "bare": {"store_schema": False, "write_statistics": False, "use_compliant_nested_type": False},
}
UNREADABLE = ("view", "decimal60", "half", "uuid")  # by one writer or another


def main(size, tables, seed, folder):
    generate.ROWS = 1200 if size == "large" else 240
    table = columns()
    cases = list(itertools.product(CODECS, ENCODINGS, (0, 0.2, 0.95), ("1.0", "2.0"), SETTINGS))
    if size == "small":
        # Every value of each setting, and all pairs of codec and encoding.
        cases = [case for i, case in enumerate(cases) if i % 31 == 7]
    for codec, encoding, share, version, setting in cases:
        name = f"{codec}-{encoding}-{int(share * 100)}-v{version[0]}-{setting or 'pyarrow'}"
        with_pyarrow(folder / name, table, share, codec, version, encoding, SETTINGS[setting])
    others = list(itertools.product((with_polars, with_duckdb, with_fastparquet), CODECS, (0, 0.2)))
    for write, codec, share in others if size == "large" else others[::3]:
        name = f"{write.__name__.removeprefix('with_')}-{codec}-{int(share * 100)}"
        write(folder / name, {k: v for k, v in table.items() if k not in UNREADABLE}, share, codec)
    for number in range(seed, seed + tables):
        random_table(folder / f"random-{number}", number)


def with_pyarrow(path, table, share, codec, version, encoding, settings):
    nulled = {name: with_nulls(array, share) for name, array in table.items()}
    if "flavor" in settings:
        # int96 has nanoseconds of a few centuries only.
        nulled = {k: v for k, v in nulled.items() if k not in ("seconds", "millis", "micros")}
    if settings.get("version") == "1.0":
        del nulled["nanos"]
    options = {"compression": codec, "data_page_version": version, "row_group_size": 500}
    by_column = encodings(nulled, encoding)
    if "flavor" in settings:
        by_column.pop("nanos", None)  # int96 has one encoding
    if encoding == "dictionary":
        options |= {"use_dictionary": True}
    else:
        options |= {"use_dictionary": False} | ({"column_encoding": by_column} if by_column else {})
    pq.write_table(pa.table(nulled), f"{path}.parquet", **options | settings)
    answer(path)


def encodings(table, encoding):
    def of(kind):
        delta, split = encoding == "delta", encoding == "split"
        if pa.types.is_dictionary(kind):
            return "PLAIN"  # pyarrow reads no other one into a dictionary
        if delta and (pa.types.is_integer(kind) or pa.types.is_temporal(kind)):
            return "DELTA_BINARY_PACKED"
        if delta and pa.types.is_large_string(kind):
            return "DELTA_LENGTH_BYTE_ARRAY"
        if delta and (pa.types.is_string(kind) or pa.types.is_binary(kind)):
            return "DELTA_BYTE_ARRAY"
        if delta and pa.types.is_boolean(kind):
            return "RLE"
        narrow = pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind)
        if split and (narrow or pa.types.is_decimal(kind) or pa.types.is_float16(kind)):
            return "BYTE_STREAM_SPLIT"
        return "PLAIN"

    found = {name: of(array.type) for name, array in table.items()}
    return {name: way for name, way in found.items() if not pa.types.is_nested(table[name].type)}


def with_polars(path, table, share, codec):
    import polars as pl

    nulled = pa.table({name: with_nulls(array, share) for name, array in table.items()})
    codec = {"none": "uncompressed"}.get(codec, codec)
    frame = pl.from_arrow(nulled.drop_columns(["binary", "nothing"]))
    frame.write_parquet(f"{path}.parquet", compression=codec, row_group_size=500, data_page_size=2000)
    answer(path)


def with_duckdb(path, table, share, codec):
    import duckdb

    nulled = pa.table({name: with_nulls(array, share) for name, array in table.items()})
    nulled = nulled.drop_columns(["nothing", "date64", "seconds", "micros"])
    codec = {"none": "uncompressed"}.get(codec, codec)
    version = "V2" if share else "V1"
    if version == "V2":
        # Differences of 33 bits, against the format: pyarrow does not read them either.
        nulled = nulled.drop_columns(["int32", "uint32"])
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("nulled", nulled)
        connection.execute(
            f"COPY nulled TO '{path}.parquet' (FORMAT parquet, CODEC '{codec}',"
            f" PARQUET_VERSION {version}, ROW_GROUP_SIZE 2048)"
        )
    answer(path)


def with_fastparquet(path, table, share, codec):
    import fastparquet

    kept = ["int8", "uint16", "int32", "int64", "float", "double", "bool", "string", "dictionary", "nanos"]
    frame = pa.table({name: with_nulls(table[name], share) for name in kept}).to_pandas()
    codec = None if codec == "none" else codec.upper()
    times = "int96" if share else "int64"
    fastparquet.write(f"{path}.parquet", frame, compression=codec, times=times, row_group_offsets=700)
    answer(path)


def random_table(path, seed):
    """Any types and values in any number of rows, row groups and pages."""
    source = random.Random(seed)
    rows = source.choice((1, 2, 7, 64, 333, 1025))
    table = {}
    for i in range(source.randint(1, 8)):
        kind = source.choice(KINDS)
        gaps = source.choice((0, 0.01, 0.5, 1))
        runs = source.choice((1, 1, 9, 200))
        values = [value_of(kind, source) for _ in range(math.ceil(rows / runs))]
        cells = [None if source.random() < gaps else values[row // runs] for row in range(rows)]
        array = pa.array(cells, kind)
        table[f"{i} {kind}"] = array.dictionary_encode() if pa.types.is_string(kind) and gaps < 0.5 else array
    nulled = table
    options = {
        "compression": source.choice(CODECS),
        "data_page_version": source.choice(("1.0", "2.0")),
        "row_group_size": source.choice((1, 3, 50, 10_000)),
        "data_page_size": source.choice((16, 300, 2**20)),
        "write_batch_size": source.choice((1, 10, 1024)),
        "store_schema": source.random() < 0.5,
        "write_page_checksum": source.random() < 0.3,
    }
    encoding = source.choice(ENCODINGS)
    if encoding == "dictionary":
        options |= {"dictionary_pagesize_limit": source.choice((64, 2**20))}
    else:
        options |= {"use_dictionary": False, "column_encoding": encodings(nulled, encoding)}
    pq.write_table(pa.table(nulled), f"{path}.parquet", **options)
    answer(path)


KINDS = [
    *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
    *(pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.string(), pa.large_string()),
    *(pa.date32(), pa.timestamp("ms"), pa.timestamp("us", "UTC"), pa.timestamp("ns")),
    *(pa.decimal128(9, 2), pa.decimal128(30, 5)),
]


def value_of(kind, source):
    if pa.types.is_integer(kind):
        bits = kind.bit_width
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if "u" not in str(kind) else (0, 2**bits - 1)
        return source.choice((low, high, 0, source.randint(low, high), source.randint(0, 9)))
    if pa.types.is_float16(kind):
        import numpy

        return numpy.float16(source.uniform(-100, 100))
    if pa.types.is_floating(kind):
        return source.choice((0.0, -0.0, math.inf, -math.inf, math.nan, source.gauss(0, 1e6)))
    if pa.types.is_boolean(kind):
        return source.random() < 0.5
    if pa.types.is_decimal(kind):
        from decimal import Decimal

        return Decimal(source.randint(-(10**7), 10**7)).scaleb(-kind.scale)
    if pa.types.is_date32(kind):
        return source.randint(-30_000, 30_000)
    if pa.types.is_timestamp(kind):
        return source.randint(-(10**12), 10**12)
    alphabet = source.choice(("ab", "aé日🛫", "0123456789abcdef \0\n\""))
    return "".join(source.choice(alphabet) for _ in range(source.choice((0, 1, 3, 12, 13, 300))))


def answer(path):
    read = pq.ParquetFile(f"{path}.parquet").read()
    expected = {column: oracle(read[column]) for column in read.column_names}
    Path(f"{path}.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
