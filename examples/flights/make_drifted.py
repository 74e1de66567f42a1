# /// script
# requires-python = ">=3.11"
# dependencies = ["pyarrow==25.0.1"]
# ///
"""Makes `drifted/` from the real day in `score/`: what three small mistakes upstream do to it.

Temperatures come in degrees Celsius, distances in kilometres, and a third of the carriers are lost:
`uv run make_drifted.py`. The same versions write the same bytes.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

HERE = Path(__file__).parent
DAY = "day=2013-10-01/flights.parquet"


def main() -> None:
    day = pq.read_table(HERE / "score" / DAY, partitioning=None)
    celsius = pc.divide(pc.subtract(day["temp"], 32.0), 1.8)
    kilometres = pc.round(pc.multiply(pc.cast(day["distance"], pa.float64()), 1.609))
    kept = pa.array([row % 3 != 0 for row in range(day.num_rows)])
    carrier = pc.if_else(kept, day["carrier"], pa.scalar(None, pa.string()))
    for name, values in {"temp": celsius, "distance": kilometres, "carrier": carrier}.items():
        field = day.schema.field(name)
        day = day.set_column(day.schema.get_field_index(name), field, pc.cast(values, field.type))
    path = HERE / "drifted" / DAY
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(day, path, compression="zstd", compression_level=19, write_statistics=False)
    print(f"{path.relative_to(HERE)}: {day.num_rows} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
