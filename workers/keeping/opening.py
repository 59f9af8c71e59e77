"""Opening a backup's file: for reading, or to be added to. What is no backup, or not of this programme, is refused."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workers.keeping.file import BackupFile
from workers.keeping.unable import UnableToReachFileError, UnableToTrustError
from workers.runtime.language import _

FORMAT: Final = "naadloos-backup/1"
CACHE_KB: Final = 65_536
"""Room for pages: a backup of a million records is read partition by partition, and was written as they came."""
_TABLES: Final = {
    "facts": "name text primary key, value text not null",
    "records": """topic text not null, part integer not null, place integer not null, at integer not null,
        key blob, value blob, headers text not null, mark blob not null, primary key (topic, part, place)""",
    "cut": "topic text not null, part integer not null, ends integer not null, primary key (topic, part)",
    "offsets": """member text not null, topic text not null, part integer not null, next integer not null,
        note text not null, primary key (member, topic, part)""",
    "beside": "name text primary key, body blob not null",
}


@contextmanager
def opened(path: Path) -> Iterator[BackupFile]:
    """The backup in this file, for reading. Raises `UnableToTrustError`, also for damage that is met on the way."""
    if not path.is_file():
        raise UnableToTrustError(_no_file(path))
    with _connected(path) as connection:
        yield _file(path, connection)


@contextmanager
def begun(path: Path, *, programme: str, prefix: str, partitions: int) -> Iterator[BackupFile]:
    """The backup in this file, to be added to by nobody else meanwhile; made where there is none.

    Nobody but its owner may read it: it holds what `people` holds. What is no backup keeps its rights. Raises
    `UnableToTrustError`, and `UnableToReachFileError` where somebody else adds to it.
    """
    if is_fresh(path):
        _keep_to_its_owner(path)
    with _held(path), _connected(path) as connection:
        if is_fresh(path):
            _lay_out(connection, {"programme": programme, "prefix": prefix, "partitions": str(partitions)})
        file = _file(path, connection)
        check_programme(file, programme=programme, prefix=prefix, partitions=partitions)
        _keep_to_its_owner(path)
        yield file


def is_fresh(path: Path) -> bool:
    """Whether there is nothing in the file, if there is one."""
    return not path.exists() or path.stat().st_size == 0


def check_programme(file: BackupFile, *, programme: str, prefix: str, partitions: int) -> None:
    """The backup is of this programme's topics. Raises `UnableToTrustError`."""
    if (file.programme, file.prefix, file.partitions) != (programme, prefix, partitions):
        raise UnableToTrustError(_of_another(file))


def _keep_to_its_owner(path: Path) -> None:
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that was there keeps its own rights otherwise
    except OSError as error:
        raise UnableToReachFileError(_not_opened(path, error.strerror)) from error


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else adds to the file: of two cuts the older one could come last, and forget whom the newer found."""
    try:
        lock = path.open("r+b")
    except OSError as error:
        raise UnableToReachFileError(_not_opened(path, error.strerror)) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnableToReachFileError(_taken(path)) from None
        yield


def _lay_out(connection: sqlite3.Connection, facts: dict[str, str]) -> None:
    """An empty backup, in one step: an interrupted one is laid out anew."""
    connection.execute("begin")
    for table, columns in _TABLES.items():
        connection.execute(f"create table {table} ({columns}) strict")
    connection.executemany("insert into facts values (?, ?)", [("format", FORMAT), *facts.items()])
    connection.commit()


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        # Not for reading alone: an interrupted writer's last portion is taken back by whoever opens the file next.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
        try:
            # What is deleted is overwritten: a name that is forgotten may not be found in a free page.
            connection.execute("pragma secure_delete = on")
            connection.execute(f"pragma cache_size = -{CACHE_KB}")
            yield connection
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise UnableToReachFileError(_not_opened(path, error)) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the second is how damaged text shows
        raise UnableToTrustError(_broken(path, error)) from error


def _file(path: Path, connection: sqlite3.Connection) -> BackupFile:
    try:
        found = connection.execute("select value from facts where name = 'format'").fetchone()
        if found is None or found[0] != FORMAT:
            raise UnableToTrustError(_broken(path, found[0] if found else "?"))
        file = BackupFile(path, connection)
        if not file.sealed():
            raise UnableToTrustError(_broken(path, _("its own list of what it holds is not as it was written")))
    except (sqlite3.OperationalError, LookupError, ValueError) as error:
        raise UnableToTrustError(_broken(path, error)) from error
    return file


def _no_file(path: Path) -> str:
    return _("There is no file {path}. Nothing was done. Make one:  naadloos backup {path} --go").format(path=path)


def _not_opened(path: Path, error: object) -> str:
    return "\n".join(
        (
            _("{path} could not be read or written ({why}).").format(path=path, why=error),
            _("What was added before stands. Is the disk full?  df -h {folder}").format(folder=path.parent),
            _("Or does somebody else use the file? Then give the same command again later."),
        )
    )


def _taken(path: Path) -> str:
    return "\n".join(
        (
            _("Not kept: another backup into {path} is running.").format(path=path),
            _("Nothing was added. Once it has ended, add what is new since:  naadloos backup {path} --go").format(
                path=path
            ),
        )
    )


def _broken(path: Path, why: object) -> str:
    return "\n".join(
        (
            _("{path} is no backup of ours, or it is damaged ({why}).").format(path=path, why=why),
            _("Nothing was taken from it. Take another copy, or make a new backup:  naadloos backup ANOTHER-FILE --go"),
        )
    )


def _of_another(file: BackupFile) -> str:
    told = _("{path} holds programme {programme} with topics {prefix} in {count} partitions, and the settings differ.")
    which = {"path": file.path, "programme": file.programme, "prefix": file.prefix, "count": file.partitions}
    name = _("Nothing was written. Give another file, or name that programme:")
    setting = f"export NAADLOOS_PROGRAMME={file.programme} NAADLOOS_TOPIC_PREFIX={file.prefix}"
    return f"{told.format(**which)}\n{name}  {setting} NAADLOOS_PARTITIONS={file.partitions}"
