"""Runs a command and prints what it took, after the last line it printed itself.

usage: measure.py COMMAND ARGUMENT…
"""

import json
import os
import subprocess
import sys
import time

started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
out = child.stdout.read()
_, status, usage = os.wait4(child.pid, 0)
unit = 1 if sys.platform == "darwin" else 1024
print(
    json.dumps(
        {
            "status": os.waitstatus_to_exitcode(status),
            "wall": time.perf_counter() - started,
            "cpu": usage.ru_utime + usage.ru_stime,
            "rss": usage.ru_maxrss * unit,
            "last": out.strip().rsplit("\n", 1)[-1],
        }
    )
)
