"""Keep the whole programme in one file: every record of its topics, and how far its workers have come.

Nothing needs to stop meanwhile. A backup that was interrupted goes on where it stopped when the same command is given
again, and one that was finished adds what is new. At the end the file is proved by the journal's own chain, and the
heads are printed: who writes them down elsewhere can tell later whether anything before them was altered. The file
holds names and numbers: nobody but its owner may read it, and it is kept and destroyed as the law asks.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from functools import partial
from pathlib import Path

from workers.audit.anchor import anchor_of
from workers.cli import keeping
from workers.cli.exits import Exit
from workers.cli.interrupts import leaves
from workers.cli.page import aside, progress
from workers.cli.usage import check_writable
from workers.crew.alone import refuse_half_restored
from workers.keeping.backup import Backup, backup, cut_now, left
from workers.runtime.clock import clock_of
from workers.runtime.kafka.server import ensure_broker
from workers.runtime.language import _, doc_
from workers.runtime.settings import Settings, read_settings
from workers.views.times import full


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `backup`."""
    noun = subparsers.add_parser(
        "backup",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("file", metavar=_("FILE"), type=Path, help=_("the file; made where there is none"))
    noun.add_argument("--go", action="store_true", help=_("do it; without this, it is only shown"))
    noun.add_argument(
        "--json", action="store_true", help=_("print what was kept, and the heads, as audit --anchor reads them")
    )
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show what would be kept; with --go, keep it and prove it."""
    check_writable(args.file)
    settings = read_settings()
    refuse_half_restored(settings)
    ensure_broker(settings, say=aside)
    if not args.go:
        return _show(args.file, settings)
    clock = clock_of(settings.programme_clock)
    with leaves(partial(_left, args.file)):
        kept = backup(args.file, settings, now=clock.now, say=progress)
    anchor = anchor_of(settings.programme, settings.topic_prefix, kept.proof.heads, at=kept.at)
    if args.json:
        told = {"file": str(args.file), "bytes": kept.size, "records": kept.records, "added": kept.added}
        print(json.dumps({**told, "sound": kept.proof.sound, **keeping.as_json(kept.proof, anchor)}, indent=2))
    elif kept.proof.sound:
        _tell(args.file, kept)
        keeping.tell_heads(anchor, args.file)
    keeping.tell_ignored(kept.proof)
    if not kept.proof.sound:
        return _failed(args.file, kept)
    keeping.tell_put_in(kept.proof, args.file)
    return Exit.DONE


def _left(path: Path) -> str:
    told = _("What was read is kept in {path}, and a backup that was whole in it still is.").format(path=path)
    more = _("Go on where it stopped:  naadloos backup {path} --go").format(path=shlex.quote(str(path)))
    return told + "\n" + more


def _show(path: Path, settings: Settings) -> int:
    cut = cut_now(settings)
    missing = left(path, settings, cut)
    print(
        _("{prefix} on {servers}: {count} records, of which {there} are in {path} already.").format(
            prefix=settings.topic_prefix,
            servers=settings.bootstrap_servers,
            count=cut.records,
            there=cut.records - missing,
            path=path,
        )
    )
    print(_("Nothing was written. Add --go to do it."))
    return Exit.DONE


def _tell(path: Path, kept: Backup) -> None:
    text = _("{path} is whole: {count} records, {added} of them new, {size:.1f} MB, as of {at}.")
    print(
        text.format(
            path=path,
            count=sum(kept.records.values()),
            added=kept.added,
            size=kept.size / 1_000_000,
            at=full(kept.at),
        )
    )
    print("  " + ", ".join(f"{topic} {count}" for topic, count in kept.records.items()))


def _failed(path: Path, kept: Backup) -> int:
    print(_("The journal is not as it was written, so {path} was not sealed:").format(path=path), file=sys.stderr)
    keeping.tell_findings(kept.proof)
    print(
        _("A backup that was whole before still is. Look closer:  naadloos audit --format json --out FINDINGS.json"),
        file=sys.stderr,
    )
    return Exit.FAILED
