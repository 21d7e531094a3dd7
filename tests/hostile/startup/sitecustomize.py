"""Loaded at the start of every interpreter of a measured command: its requests to other machines are logged."""

from __future__ import annotations

import os
import sys

REQUESTS = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname", "socket.sendto"}
    | {"urllib.Request", "ftplib.connect", "smtplib.connect"}
)


def log(event: str, arguments: tuple[object, ...]) -> None:
    """Write a request to the log; a socket of this machine, whose address is a path, is none."""
    if event not in REQUESTS or (event == "socket.connect" and isinstance(arguments[1], str | bytes)):
        return
    told = arguments[1:] if event in {"socket.connect", "socket.sendto"} else arguments
    handle = os.open(os.environ["HOSTILE_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{event} {told}\n".encode())
    os.close(handle)


if "HOSTILE_LOG" in os.environ:  # not where pytest imports this file to look for examples
    sys.addaudithook(log)
