"""The flights as pandas reads them, and what to look for in them."""

import sys

import pandas as pd
import rules
from rules import constraints, known, limits

__all__ = ["constraints", "done", "frame", "known", "limits"]

frame = pd.read_parquet(sys.argv[1], engine="pyarrow")


def done(valid):
    rules.done(len(frame), valid)
