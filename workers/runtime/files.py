"""A file that is written whole or not at all: whoever reads it, after a kill -9 too, finds the old body or the new."""

import os
from pathlib import Path


def replaced(path: Path, body: bytes) -> None:
    """The file holds this."""
    beside = _beside(path)
    beside.write_bytes(body)
    beside.replace(path)


def kept(path: Path, body: bytes) -> None:
    """The file holds this, and would after a power cut."""
    beside = _beside(path)
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _beside(path: Path) -> Path:
    """Two processes that write one file do not write one another's half."""
    return path.with_name(f".{path.name}.{os.getpid()}")
