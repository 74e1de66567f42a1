"""Runs a command on a terminal of its own and presses Ctrl-C once it has drawn so many screens.

Prints {"code": …, "screens": […]}; a screen is what follows a "go home and clear".

usage: terminal.py SCREENS COMMAND [ARGUMENT…]
"""

import json
import os
import pty
import select
import sys
import time

CLEAR = b"\x1b[H\x1b[J"
screens, *command = sys.argv[1:]
deadline = time.monotonic() + 60

child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
output, pressed = b"", False
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # How Linux says that the other end is closed.
        break
    if not chunk:
        break
    output += chunk
    if not pressed and output.count(CLEAR) >= int(screens):
        pressed = True
        os.write(terminal, b"\x03")
else:
    os.kill(child, 9)
_, status = os.waitpid(child, 0)
_, *drawn = output.decode().split(CLEAR.decode())
json.dump({"code": os.waitstatus_to_exitcode(status), "screens": drawn}, sys.stdout)
