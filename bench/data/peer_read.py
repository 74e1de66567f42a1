"""Reads a parquet file as pandas' users do.

usage: peer_read.py FILE
"""

import json
import sys

import pandas as pd

frame = pd.read_parquet(sys.argv[1], engine="pyarrow")
print(json.dumps({"rows": len(frame)}))
