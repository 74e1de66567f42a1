"""Writes what the flights have to look like, as `constraints.json`.

usage: make.py FILE CONSTRAINTS
"""

import json
import sys

import pyarrow.parquet as pq

table = pq.read_table(sys.argv[1])


def numbers(name, low, high):
    limits = {"minimum": low, "maximum": high}
    return {"name": name, "inferred_type": "Integral", "completeness": 1, "num_constraints": limits}


def strings(name):
    domains = {"domains": sorted(table[name].unique().to_pylist())}
    return {
        "name": name,
        "inferred_type": "String",
        "completeness": 1,
        "string_constraints": domains,
    }


constraints = {
    "version": 0,
    "minimum_rows": 1_000_000,
    "maximum_duplicate_share": 0.01,
    "features": [
        {"name": "date", "inferred_type": "Integral", "completeness": 1},
        numbers("delay", -2000, 5000),
        numbers("distance", 0, 6000),
        strings("origin"),
        strings("destination"),
    ],
}
with open(sys.argv[2], "w") as file:
    json.dump(constraints, file)
