"""Logs: JSON lines that name workers, lines and types, and never a person."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TextIO, cast

import structlog
from pydantic_core import to_json

from workers.runtime.metrics import name_worker

ALLOWED: Final = frozenset(
    {
        "actor", "batch", "because", "bytes", "command", "commands", "count", "dropped", "error", "event", "exception",
        "id", "key", "kind", "level", "line", "logger", "ms", "offset", "outcome", "partition", "partitions", "pid",
        "port", "reason", "record", "seconds", "source", "subject", "task", "template", "time", "topic", "type", "wave",
        "where", "worker",
    }
)  # fmt: skip
"""What a log line may hold. A name, an address or a number of a person has no field here, so it cannot come in."""

Level = Literal["debug", "info", "warning"]
"""From which weight on a line is written."""
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}\b")


def only_allowed(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line without fields that are not on the list; how many were left out stands in `dropped`."""
    if line.keys() <= ALLOWED:
        return line
    kept = {name: value for name, value in line.items() if name in ALLOWED}
    return {**kept, "dropped": len(line) - len(kept)}


def masked(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The line with what looks like a mail address or telephone number made unreadable, wherever it stands."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in line.items()}


def mask(text: str) -> str:
    """The text without mail addresses and telephone numbers."""
    # Nearly every text has neither sign, and looking for one takes a tenth of looking for what may stand around it.
    if "@" in text:
        text = _MAIL.sub("…@…", text)
    return _NUMBER.sub("+…", text) if "+" in text else text


def _as_json(line: MutableMapping[str, Any], **_: object) -> str:
    """The line as JSON; the standard library's `json` takes three times as long."""
    return to_json(line, fallback=repr).decode()


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


def configure(*, worker: str, file: Path | None = None, level: Level = "info") -> None:
    """Every log of this process, of ours and of libraries (from WARNING), goes to the file, or else to stderr.

    Its lines bear this worker's name, and so do its metrics from now on.
    """
    name_worker(worker)
    stream: TextIO = file.open("a", encoding="utf-8", buffering=1) if file else sys.stderr
    ending: _Processors = [only_allowed, masked, structlog.processors.JSONRenderer(_as_json)]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_SHARED, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Unfailing(stream))),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(worker=worker)
    _libraries_as_well(stream, worker, ending)


def write_lines(lines: Sequence[MutableMapping[str, Any]]) -> None:
    """These lines stand in the log, written at once: for whoever has hundreds of them a second.

    Each says its own `event` and `level`; `time` and what is bound to the process are added here, the same to all. They
    are held to the list and masked as every line is. Where the disk takes none they are lost, and nothing else is.
    """
    if not lines:
        return
    bound = {**structlog.contextvars.get_contextvars(), "time": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    told = (_as_json(masked(None, "", only_allowed(None, "", {**line, **bound}))) for line in lines)
    with suppress(OSError):
        structlog.get_config()["logger_factory"]().msg("\n".join(told))


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
