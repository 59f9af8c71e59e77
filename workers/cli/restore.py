"""Put a programme back from a backup's file into a Kafka: every record at its old offset, every worker where it was.

The file is proved first. Topics that hold anything else than the beginning of the file are left alone. A restore that
was interrupted goes on where it stopped when the same command is given again; until it is finished, no workers start.
With --into the programme is restored under other topics, beside the running one: a drill. Look at it there with
NAADLOOS_TOPIC_PREFIX set; it is marked as a drill on Kafka, and no effect worker starts on it.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from workers.cli import keeping
from workers.cli.exits import Exit
from workers.cli.interrupts import leaves
from workers.cli.page import aside, progress
from workers.crew.alone import UnableToBeginError, Work, locked, unfinished
from workers.keeping import groups
from workers.keeping.beforehand import is_drill, proved, standing, target_of
from workers.keeping.file import BackupFile
from workers.keeping.opening import opened
from workers.keeping.restore import point_to, restore
from workers.runtime.kafka.server import ensure_broker
from workers.runtime.language import _, doc_, marked
from workers.runtime.settings import NAME, Settings, read_settings
from workers.runtime.unable import UnableToAllowError
from workers.views.times import full

DRILL: Final = marked("A drill: it is marked as one on Kafka, so that no effect worker starts on it, nor naadloos up.")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `restore`."""
    noun = subparsers.add_parser(
        "restore",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("file", metavar=_("FILE"), type=Path, help=_("the file of a backup"))
    noun.add_argument("--go", action="store_true", help=_("do it; without this, it is only shown"))
    noun.add_argument(
        "--into", dest="prefix", type=prefix, metavar=_("PREFIX"), help=_("restore under this topic prefix: a drill")
    )
    noun.set_defaults(run=run)


def prefix(text: str) -> str:
    """What topics may be called before the dot, as the `type` of an argument."""
    if not re.fullmatch(NAME, text):
        raise argparse.ArgumentTypeError(_("small letters, digits, dots and dashes, at most 100"))
    return text


def run(args: argparse.Namespace) -> int:
    """Prove the file and show what would be put back; with --go, put it back."""
    settings = read_settings()
    with opened(args.file) as file, ExitStack() as held:
        target = target_of(settings, file, args.prefix)
        found = proved(file)
        text = _("{path} is whole: {count} records of {prefix}, as of {at}, {decided} decisions in one chain.")
        at = full(file.at) if file.at else "?"
        count = sum(file.counts().values())
        print(text.format(path=args.file, count=count, prefix=file.prefix, at=at, decided=found.accepted))
        keeping.tell_put_in(found, args.file)
        ensure_broker(target, say=aside)
        _alone(held, _whose(target, settings))
        if not args.go:
            return _shown(target, file)
        with leaves(partial(_left, target, args)):
            return _restored(target, file)


def _whose(target: Settings, settings: Settings) -> Settings:
    """Whose workers must not run: the programme's own, or, beside its topics, those of the others alone."""
    beside = target.topic_prefix != settings.topic_prefix
    return target.model_copy(update={"programme": target.topic_prefix}) if beside else target


def _alone(held: ExitStack, whose: Settings) -> None:
    """Nobody runs workers on these topics while this is held. Raises `UnableToAllowError`."""
    try:
        held.enter_context(locked(whose, Work.RESTORE))
    except UnableToBeginError:
        raise UnableToAllowError(_taken(whose.programme)) from None
    if busy := groups.busy(whose):
        raise UnableToAllowError(_at_work(", ".join(busy)))


def _shown(target: Settings, file: BackupFile) -> int:
    there = sum(standing(target, file).values())
    text = _("It would go to topics {prefix} on {servers}, where {there} of its records stand already.")
    print(text.format(prefix=target.topic_prefix, servers=target.bootstrap_servers, there=there))
    if is_drill(target, file):
        print(_(DRILL))
    print(_("Nothing was written. Add --go to do it."))
    return Exit.DONE


def _restored(target: Settings, file: BackupFile) -> int:
    stands = standing(target, file)
    target.folder.mkdir(parents=True, exist_ok=True)
    marker = unfinished(target)
    marker.touch()
    put_back: Counter[str] = Counter()

    def hear(topic: str, count: int) -> None:
        put_back[topic] = count
        progress(topic, count)

    restore(target, file, stands, say=hear)
    marker.unlink()
    return _told(target, file, added=put_back.total())


def _told(target: Settings, file: BackupFile, *, added: int) -> int:
    text = _("Restored to topics {prefix} on {servers}, read back, and the same record by record.")
    there = _("All of it stood in topics {prefix} on {servers} already, read back, and the same record by record.")
    print((text if added else there).format(prefix=target.topic_prefix, servers=target.bootstrap_servers))
    if is_drill(target, file):
        print(_(DRILL))
    if not is_drill(target, file) and point_to(target):
        print(_("Look at it:  naadloos status   Start the workers:  naadloos up"))
    else:
        print(_("Look at it:  NAADLOOS_TOPIC_PREFIX={prefix} naadloos status").format(prefix=target.topic_prefix))
    return Exit.DONE


def _left(target: Settings, args: argparse.Namespace) -> str:
    """What an interrupt leaves: nothing, as long as nothing was written, or half a programme."""
    if not unfinished(target).exists():
        return _("Nothing is half done.")
    into = f" --into {args.prefix}" if args.prefix else ""
    told = _("The restore into topics {prefix} is half done, and nothing starts on them until it is ended.")
    end = _("Go on where it stopped:  naadloos restore {file}{into} --go")
    return told.format(prefix=target.topic_prefix) + "\n" + end.format(file=shlex.quote(str(args.file)), into=into)


def _taken(programme: str) -> str:
    return "\n".join(
        (
            _("Not restored: workers of {who} are running, or somebody else restores it.").format(who=programme),
            _("Nothing was written. See who, and stop them or let them end:  naadloos ps   naadloos down"),
        )
    )


def _at_work(who: str) -> str:
    return "\n".join(
        (
            _("Not restored: workers of {who} are running.").format(who=who),
            _("Nothing was written. Stop them first:  naadloos down"),
        )
    )
