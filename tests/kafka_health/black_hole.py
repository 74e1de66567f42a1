"""Listens on a port that never accepts, as a firewall makes one look; prints it and waits for stdin."""

import json
import socket
import sys

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
address = listener.getsockname()
# The queue of connections is full: the system lets more of them wait for ever.
waiting = []
for _ in range(4):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(address)
    waiting.append(one)
print(json.dumps({"port": address[1]}), flush=True)
sys.stdin.read()
