"""Makes bad parquet files of a good one: make_data.py GOOD FOLDER"""

import pathlib
import sys

import pandas as pd

good, folder = sys.argv[1], pathlib.Path(sys.argv[2])
frame = pd.read_parquet(good).head(2000)


def write(name, table):
    table.to_parquet(folder / f"{name}.parquet", index=False)


write("good", frame)
write("empty", frame.head(0))
write("no-label", frame.drop(columns="late"))
write("constant-label", frame.assign(late=True))
write("timestamp-label", frame.assign(late=frame["scheduled_departure"]))
write("continuous-label", frame.assign(late=frame["temp"].fillna(0) + 0.5))
write("few-rows", frame.drop_duplicates("late"))
places = [f"place {row % 10_500}" for row in range(24_000)]
late = [row % 3 == 0 for row in range(24_000)]
write("many-categories", pd.DataFrame({"late": late, "flight_id": range(24_000), "place": places}))
write("taken-name", frame.assign(probability_true=frame["temp"]))
write("missing-column", frame.drop(columns=["late", "distance", "carrier"]))
write("other-type", frame.drop(columns="late").assign(distance="far", overnight="maybe"))
content = (folder / "good.parquet").read_bytes()
(folder / "truncated.parquet").write_bytes(content[: len(content) // 2])
(folder / "text.parquet").write_text("flight_id,late\n1,true\n")
corrupt = bytearray(content)
corrupt[200:4000] = b"\xff" * 3800
(folder / "corrupt.parquet").write_bytes(corrupt)
(folder / "nothing").mkdir()
print("{}")
