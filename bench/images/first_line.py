"""Starts a program again and again, each time to its first line, and prints medians as JSON."""

import json
import os
import statistics
import subprocess
import sys
import time

runs = int(sys.argv[1])
taken = []
for _ in range(runs):
    begun = time.monotonic()
    process = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    line = process.stdout.readline()
    wall = time.monotonic() - begun
    if not line:
        sys.exit(f"{sys.argv[2]} said nothing")
    process.kill()
    # Children that it may have started do not count: there are none yet.
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    taken.append((used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024))
cpu, wall, rss = (statistics.median(each) for each in zip(*taken))
print(json.dumps({"cpu": cpu, "wall": wall, "rss": rss}))
