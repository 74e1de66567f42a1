"""The profile of ydata-profiling in its quickest form, and the checks with pandas, since it has none.

usage: peer_ydata.py FILE CONSTRAINTS
"""

from checks import constraints, done, frame, known, limits
from ydata_profiling import ProfileReport

report = ProfileReport(frame, minimal=True, progress_bar=False)
description = report.get_description()
valid = len(frame) >= constraints["minimum_rows"]
valid &= frame.duplicated().mean() <= constraints["maximum_duplicate_share"]
valid &= not frame.isna().any().any()
for name in ("delay", "distance"):
    valid &= frame[name].between(*limits(name)).all()
for name in ("origin", "destination"):
    valid &= frame[name].isin(known(name)).all()
done(valid)
