"""Makes days to score of one real day: its rows again and again, each with a key of its own.

Every 101st row has no key and must become a dead letter. Beside each folder stands FOLDER.json: the
keys of each file.

usage: make_days.py DAY.parquet (FOLDER ROWS FILES)...
"""

import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

day = pq.read_table(sys.argv[1])
ids = day["flight_id"].to_pylist()
for folder, rows, files in zip(*[iter(sys.argv[2:])] * 3):
    rows, files = int(rows), int(files)
    os.makedirs(folder)
    whole = pa.concat_tables([day] * (rows // len(day) + 1)).slice(0, rows)
    keys = [
        None if row % 101 == 100 else f"{row:07d}-{ids[row % len(ids)]}"
        for row in range(rows)
    ]
    column = whole.schema.get_field_index("flight_id")
    whole = whole.set_column(column, "flight_id", pa.array(keys, pa.string()))
    size = -(-rows // files)
    written = {}
    for file in range(files):
        part, name = whole.slice(file * size, size), f"part-{file}.parquet"
        pq.write_table(part, f"{folder}/{name}", row_group_size=10_000)
        written[name] = keys[file * size : (file + 1) * size]
    with open(f"{folder}.json", "w") as out:
        json.dump(written, out)
