"""What `backup`, `restore` and `audit` print alike: what was found, the heads to write down, and how many of what."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any, Final

from workers.audit.anchor import Anchor
from workers.audit.proof import Proof
from workers.cli.page import table
from workers.runtime.language import _, n_

MOST: Final = 20
"""Findings shown one by one; a report as JSON has all of them."""


def tell_findings(found: Proof) -> None:
    """What is wrong, and what is passed over without being wrong, on stderr."""
    for finding in found.findings[:MOST]:
        print("  " + finding.told(), file=sys.stderr)
    if len(found.findings) > MOST:
        print(_("  and {count} more").format(count=len(found.findings) - MOST), file=sys.stderr)
    if found.cut_off:
        print(
            n_(
                "  {number} record after that is accepted by no reader",
                "  {number} records after that are accepted by no reader",
                found.cut_off,
            ),
            file=sys.stderr,
        )


def tell_put_in(found: Proof, path: Path) -> None:
    """What somebody else wrote into a journal that is sound all the same, on stderr."""
    if found.whole:
        return
    told = _("Somebody else wrote into the journal; no reader accepts it, and {path} is whole all the same:")
    print(told.format(path=path), file=sys.stderr)
    tell_findings(found)
    print(
        _("Find out who may write there. All of it:  naadloos audit --format json --out FINDINGS.json"), file=sys.stderr
    )


def tell_ignored(found: Proof) -> None:
    """The records that a decider wrote in vain, on stderr."""
    if found.ignored:
        print(
            n_(
                "{number} record of the journal is ignored by every reader, and is no tampering:",
                "{number} records of the journal are ignored by every reader, and are no tampering:",
                len(found.ignored),
            ),
            file=sys.stderr,
        )
    for ignored in found.ignored[:MOST]:
        print("  " + ignored.told(), file=sys.stderr)
    if len(found.ignored) > MOST:
        print(_("  and {count} more").format(count=len(found.ignored) - MOST), file=sys.stderr)


def tell_heads(anchor: Anchor, path: Path) -> None:
    """The heads as a table, and what prints them as another program reads them."""
    print(_("The heads of the journal. Written down elsewhere, they show whether anything before them is altered:"))
    rows = [(head.partition, head.position, head.offset, head.hash) for head in anchor.heads]
    table((_("partition") + ">", _("journal offset") + ">", _("inbox offset") + ">", _("hash")), rows)
    told = _("`naadloos audit --anchor` reads them from what this prints:  naadloos backup {path} --go --json")
    print(told.format(path=shlex.quote(str(path))))


def as_json(found: Proof, anchor: Anchor) -> dict[str, Any]:
    """The proof for other programs."""
    return {
        "accepted": found.accepted,
        "findings": [
            {
                "kind": each.kind,
                "partition": each.partition,
                "journal_offset": each.position,
                "inbox_offset": each.offset,
                "other_journal_offset": each.other,
            }
            for each in found.findings
        ],
        "cut_off": found.cut_off,
        "ignored": [
            {
                "partition": each.partition,
                "journal_offset": each.position,
                "inbox_offset": each.offset,
                "same_record_again": each.again,
            }
            for each in found.ignored
        ],
        "anchor": anchor.model_dump(mode="json"),
    }
