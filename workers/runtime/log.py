"""Logs: JSON lines that name workers, lines and types, and never a person."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

import structlog

ALLOWED: Final = frozenset(
    {
        "actor", "batch", "because", "bytes", "command", "commands", "count", "dropped", "error", "event", "exception",
        "id", "key", "level", "line", "logger", "ms", "offset", "outcome", "partition", "partitions", "pid", "port",
        "reason", "record", "seconds", "source", "subject", "task", "template", "time", "topic", "type", "wave",
        "where", "worker",
    }
)  # fmt: skip
"""What a log line may hold. A name, an address or a number of a person has no field here, so it cannot come in."""

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}\b")


def only_allowed(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line without fields that are not on the list; how many were left out stands in `dropped`."""
    kept = {name: value for name, value in line.items() if name in ALLOWED}
    return {**kept, "dropped": len(line) - len(kept)} if len(kept) < len(line) else kept


def masked(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with what looks like a mail address or telephone number made unreadable, wherever it stands."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in line.items()}


def mask(text: str) -> str:
    """The text without mail addresses and telephone numbers."""
    return _NUMBER.sub("+…", _MAIL.sub("…@…", text))


_Processors = list[Callable[[Any, str, MutableMapping[str, Any]], Any]]
_SHARED: Final[_Processors] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", key="time"),
    structlog.processors.format_exc_info,
]


class Unfailing:
    """A stream of which a line that the disk does not take is lost: nobody stops working for want of a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """The text is written, or lost."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """What was written is handed to the system, or lost."""
        with suppress(OSError):
            self._stream.flush()


def configure(*, worker: str, file: Path | None = None, level: int = logging.INFO) -> None:
    """Every log of this process, of ours and of libraries (from WARNING), goes to the file, or else to stderr."""
    stream: TextIO = file.open("a", encoding="utf-8", buffering=1) if file else sys.stderr
    ending: _Processors = [only_allowed, masked, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_SHARED, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Unfailing(stream))),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(worker=worker)
    _libraries_as_well(stream, worker, ending)


def _libraries_as_well(stream: TextIO, worker: str, ending: _Processors) -> None:
    def name_worker(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {**line, "worker": worker}

    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name, name_worker],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
