"""Ports on loopback: whether one is free, who holds it otherwise, and some that nobody has."""

import random
import socket
from typing import Final

import psutil

from workers.runtime.language import _
from workers.runtime.unable import UnableToError

LISTENERS: Final = range(20_000, 32_000)
"""Below the ports that the kernel lends to outgoing connections: one of those that is free now may soon be gone."""


class UnableToListenError(UnableToError):
    """A port that is needed is in use by something else."""


def check_free(port: int, *, what: str, setting: str, step: int = 100) -> None:
    """The port is free for `what`. Raises `UnableToListenError`, which names the holder and the setting to change."""
    if is_free(port):
        return
    found = holder(port)
    who = _("process {pid} ({name})").format(pid=found.pid, name=found.name()) if found else _("another process")
    look = f"ps -fp {found.pid}" if found else f"ss -ltnp 'sport = :{port}'"
    raise UnableToListenError(
        "\n".join(
            (
                _("{what} not started: port {port} on 127.0.0.1 is in use by {who}.").format(
                    what=what, port=port, who=who
                ),
                _("Nothing was started. See what it is:  {command}").format(command=look),
                _("Or use another port:  export {setting}={port}").format(setting=setting, port=port + step),
            )
        )
    )


def is_free(port: int) -> bool:
    """Whether something could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> int:
    """The first of so many ports in a row that are free now. Two that ask at the same time hardly get the same."""
    while True:
        first = random.choice(LISTENERS)
        if all(is_free(port) for port in range(first, first + count)):
            return first


def holder(port: int) -> psutil.Process | None:
    """The process that has the port, if we may know."""
    try:
        found = (seen.pid for seen in psutil.net_connections("tcp") if seen.laddr and seen.laddr.port == port)
        return next((psutil.Process(pid) for pid in found if pid), None)
    except psutil.Error:
        return None
