"""Connects, listens and sends on every kind of socket.

Must not get a socket.

outcome: failed
shows: denied
control: seccomp+landlock
"""

import socket


def connect():
    with socket.create_connection(("127.0.0.1", KNOWN["port"]), timeout=1) as connection:
        return connection.getpeername()


def listen():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        return listener.getsockname()


def send():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"secrets", ("127.0.0.1", KNOWN["port"]))


def opened(*kind):
    socket.socket(*kind).close()


EVIDENCE = [
    attempt("TCP", connect),
    attempt("listening", listen),
    attempt("UDP", send),
    attempt("a pair", lambda: [end.close() for end in socket.socketpair()]),
    attempt("unix", opened, socket.AF_UNIX, socket.SOCK_STREAM),
    attempt("netlink", opened, socket.AF_NETLINK, socket.SOCK_RAW, 0),
    attempt("packets", opened, socket.AF_PACKET, socket.SOCK_RAW, 0),
]


def unlock(door):
    return EVIDENCE
