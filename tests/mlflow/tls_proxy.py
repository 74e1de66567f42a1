"""TLS before a server, which lets in only who has a certificate of an authority: tls_proxy.py HOST:PORT FOLDER

FOLDER has certificate.pem, key.pem and clients.pem; the port is printed. It ends when its input does.
"""

import os
import socket
import ssl
import sys
import threading


def main(target, folder):
    host, port = target.split(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    context.load_verify_locations(f"{folder}/clients.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=until_input_ends, daemon=True).start()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=carry, args=(connection, context, (host, int(port))), daemon=True).start()


def carry(connection, context, target):
    try:
        with context.wrap_socket(connection, server_side=True) as near:
            with socket.create_connection(target) as far:
                there = threading.Thread(target=pump, args=(near, far), daemon=True)
                there.start()
                pump(far, near)
    except OSError:
        pass  # Whoever is not let in was told so by TLS.


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def until_input_ends():
    sys.stdin.read()
    os._exit(0)


main(*sys.argv[1:])
