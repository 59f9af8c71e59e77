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
    _name_kept(path.parent)


def _name_kept(folder: Path) -> None:
    """The names in the folder would stand there after a power cut too: a file's own flush says nothing of its name."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _beside(path: Path) -> Path:
    """Two processes that write one file do not write one another's half."""
    return path.with_name(f".{path.name}.{os.getpid()}")
