"""Small parquet files of many types, codecs, encodings and pages, to be mutated.

    python seeds.py FOLDER
"""

import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = Path(sys.argv[1])
ROWS = 300
CODECS = ("none", "snappy", "gzip", "zstd", "lz4", "brotli")
DELTA = {
    "int": "DELTA_BINARY_PACKED",
    "long": "DELTA_BINARY_PACKED",
    "string": "DELTA_BYTE_ARRAY",
    "time": "DELTA_BINARY_PACKED",
    "category": "DELTA_LENGTH_BYTE_ARRAY",
    "float": "BYTE_STREAM_SPLIT",
    "double": "BYTE_STREAM_SPLIT",
    "decimal": "PLAIN",
    "bool": "RLE",
}


def main():
    gaps = [i % 7 == 3 for i in range(ROWS)]
    flat = {
        "int": pa.array([i * 37 % 251 - 100 for i in range(ROWS)], pa.int32(), mask=mask(gaps)),
        "long": pa.array([i**5 for i in range(ROWS)], pa.int64()),
        "float": pa.array([i / 7 for i in range(ROWS)], pa.float32()),
        "double": pa.array([i / 3 for i in range(ROWS)], pa.float64(), mask=mask(gaps)),
        "bool": pa.array([i % 3 == 0 for i in range(ROWS)], mask=mask(gaps)),
        "string": pa.array([f"row {i} {'x' * (i % 9)}" for i in range(ROWS)]),
        "category": pa.array([f"c{i % 5}" for i in range(ROWS)], mask=mask(gaps)),
        "time": pa.array([i * 3_600_000_000 for i in range(ROWS)], pa.timestamp("us", "UTC")),
        "decimal": pa.array([Decimal(i) / 4 for i in range(ROWS)], pa.decimal128(20, 2)),
    }
    nested = {
        "list": pa.array([[j for j in range(i % 4)] for i in range(ROWS)]),
        "struct": pa.array([{"a": i, "b": {"c": str(i)}} for i in range(ROWS)]),
        "number": flat["int"],
    }
    for codec in CODECS:
        for version in ("1.0", "2.0"):
            write(f"{codec}-dictionary-v{version[0]}", flat, codec, version, use_dictionary=True)
            encoded = {"use_dictionary": False, "column_encoding": DELTA}
            write(f"{codec}-delta-v{version[0]}", flat, codec, version, **encoded)
    write("none-plain-v1", flat, "none", "1.0", use_dictionary=False)
    write("none-plain-v2", flat, "none", "2.0", use_dictionary=False)
    write("none-nested-v1", nested, "none", "1.0")
    write("none-pages-v1", flat, "none", "1.0", data_page_size=64, max_rows_per_page=20)
    write("none-index-v2", flat, "none", "2.0", write_page_index=True)
    for codec in ("none", "snappy"):
        for version in ("1.0", "2.0"):
            write(f"crc-{codec}-v{version[0]}", flat, codec, version, write_page_checksum=True)


def mask(gaps):
    import numpy

    return numpy.array(gaps)


def write(name, columns, codec, version, **options):
    options = {"row_group_size": 150, "compression": codec, "data_page_version": version} | options
    pq.write_table(pa.table(columns), FOLDER / f"{name}.parquet", **options)


main()
