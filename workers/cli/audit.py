"""Who did what, when, on what, from where, with what result; and whether the journal is as it was written.

One row per order that a person gave, per command that the orchestrator gave with the answer that came, and per message
that could not be read: the six things that BIO2 8.15.01 asks of a log, with both times. No names, numbers or notes. The
journal's chain is verified on the way, and what was altered, removed, moved or put in is named. An anchor, as an
earlier backup or audit printed it, shows as well what was altered at the very end.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from workers.audit.anchor import Anchor, anchor_of, read_anchor
from workers.audit.pages import as_csv, as_json
from workers.audit.proof import Proof, proof
from workers.audit.rows import Log, Wanted
from workers.cli import keeping
from workers.cli.exits import Exit
from workers.cli.page import aside, nobody_reads
from workers.cli.usage import an_id, check_writable, point_in_time
from workers.crew.alone import refuse_half_restored
from workers.keeping.file import BackupFile
from workers.keeping.groups import came_to
from workers.keeping.live import Live, check_topics
from workers.keeping.opening import opened
from workers.runtime.kafka.server import ensure_broker
from workers.runtime.language import _, doc_, n_
from workers.runtime.settings import read_settings
from workers.runtime.unable import UnableToUnderstandError
from workers.views.named import guessed
from workers.views.times import full


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `audit`."""
    noun = subparsers.add_parser(
        "audit",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("--from", dest="file", type=Path, metavar=_("FILE"), help=_("a backup; else Kafka is read"))
    noun.add_argument(
        "--since", type=point_in_time, metavar=_("TIME"), help=_("from this day or time, such as 2027-01-31")
    )
    noun.add_argument("--until", type=point_in_time, metavar=_("TIME"), help=_("before this day or time"))
    noun.add_argument("--employee", type=an_id, metavar=_("WHO"), help=_("one employee, line, wave or other subject"))
    noun.add_argument("--format", choices=("csv", "json"), default="csv", help=_("how the rows are written (csv)"))
    noun.add_argument("--out", type=Path, metavar=_("FILE"), help=_("where the rows go; else they are printed"))
    noun.add_argument(
        "--anchor", type=Path, metavar=_("FILE"), help=_("hold the journal against the heads of an earlier report")
    )
    noun.set_defaults(run=run)


def _check_period(args: argparse.Namespace) -> None:
    if args.since is not None and args.until is not None and args.until <= args.since:
        told = _("Not audited: {until} is not after {since}, so nothing lies between. Nothing was read.")
        raise UnableToUnderstandError(
            told.format(since=full(args.since), until=full(args.until))
            + "\n"
            + _("Give a later --until, or an earlier --since.")
        )


def run(args: argparse.Namespace) -> int:
    """Read everything, verify it, and write the rows that were asked for."""
    check_writable(args.out)
    _check_period(args)
    log = Log(Wanted(since=args.since, until=args.until, employee=args.employee or ""))
    with _source(args.file) as source:
        before = read_anchor(args.anchor, programme=source.programme, backup=args.file) if args.anchor else None
        # Before the journal is read: by then it may be further, and never less far.
        came = came_to(source.committed())
        damage = list(source.damage(source.ends())) if isinstance(source, BackupFile) else []
        found = proof(source, anchor=before, hear=log.hear)
        found.hold_against(came)
        at = found.at or datetime.now(UTC)
        anchor = anchor_of(source.programme, source.prefix, found.heads, at=at)
    rows = log.in_order()
    try:
        with _out(args.out) as out:
            if args.format == "csv":
                as_csv(rows, out)
            else:
                as_json(rows, out, damage=damage, **keeping.as_json(found, anchor))
            out.flush()
    except BrokenPipeError:  # who read the rows has enough; the verdict is told all the same
        nobody_reads()
    verdict = _judged(found, damage, before, len(rows))
    if args.employee and not log.met:
        print(_nobody(args.employee, log.ids), file=sys.stderr)
        return verdict or Exit.BAD_INPUT
    return verdict


def _nobody(who: str, ids: set[str]) -> str:
    told = _("Nothing was ever heard about {who}, so there is no row.").format(who=who)
    hint = guessed(who, ids, order="audit --employee") or _("Give an id such as E-0001, E-0001-1 or W-01.")
    return told + "\n" + hint


@contextmanager
def _source(file: Path | None) -> Iterator[BackupFile | Live]:
    if file is not None:
        with opened(file) as backup:
            yield backup
        return
    settings = read_settings()
    refuse_half_restored(settings)
    ensure_broker(settings, say=aside)
    check_topics(settings)
    yield Live(settings)


@contextmanager
def _out(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        told = _("{path} could not be written ({why}). Give another:  --out FILE")
        raise UnableToUnderstandError(told.format(path=path, why=error.strerror)) from error


def _judged(found: Proof, damage: list[str], before: Anchor | None, rows: int) -> int:
    """Tell on stderr what was found; the exit code says whether all is well."""
    print(n_("{number} row.", "{number} rows.", rows), file=sys.stderr)
    keeping.tell_ignored(found)
    if found.whole and not damage:
        text = _("The journal is as it was written: {count} decisions in one chain per partition.")
        print(text.format(count=found.accepted), file=sys.stderr)
        held = (
            _("It holds what the anchor of {at} names.").format(at=full(before.at))
            if before
            else _("What stands last shows only against an anchor: give one with --anchor.")
        )
        print(held, file=sys.stderr)
        return Exit.DONE
    print(_("The journal is not as it was written:"), file=sys.stderr)
    for broken in damage[: keeping.MOST]:
        print("  " + broken, file=sys.stderr)
    keeping.tell_findings(found)
    print(
        _("Change nothing, and keep all that was found:  naadloos audit --format json --out FINDINGS.json"),
        file=sys.stderr,
    )
    return Exit.FAILED
