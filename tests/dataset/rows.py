"""Writes the flights of a folder over and over, each row with a key of its own.

    python rows.py FLIGHTS ROWS FILE
"""

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

flights, rows, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
table = pq.read_table(flights)
at = table.schema.get_field_index("flight_id")
with pq.ParquetWriter(file, table.schema, compression="zstd") as writer:
    for start in range(0, rows, len(table)):
        part = table.slice(0, min(len(table), rows - start))
        numbers = pa.array(range(start, start + len(part))).cast(pa.string())
        keys = pc.binary_join_element_wise(part["flight_id"], numbers, "-")
        writer.write_table(part.set_column(at, "flight_id", keys.cast(table.schema.field(at).type)))
