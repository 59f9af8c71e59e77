"""Reports that match nobody: which still wait, who said them, and settling them by hand.

A report waits until the directory knows what it names, and is then said to its line by itself. `list` tells which wait,
by source and reference, so that they can be asked for there; `dismiss` settles one that is of no account, or that a
person has seen to. Where more than 10,000 wait, the account `inbound` dismisses the oldest.
"""

from __future__ import annotations

import argparse
import json

from events.control import ReportDismissed, ReportUnrouted
from workers.cli.acting import account_of, add_acting, not_sent, say
from workers.cli.exits import Exit
from workers.cli.page import heading, table
from workers.cli.session import session
from workers.runtime.language import _, doc_, n_
from workers.runtime.signs import printable
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `reports` with its verbs."""
    noun = subparsers.add_parser(
        "reports", description=doc_(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = noun.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listing = verbs.add_parser("list", help=_("those that match nobody"))
    listing.add_argument("--json", action="store_true", help=_("as JSON lines, a report on each"))
    listing.set_defaults(run=list_)
    dismiss_ = verbs.add_parser("dismiss", help=_("settle one that need not find its line any more"))
    dismiss_.add_argument("source", metavar=_("SOURCE"), help=_("who said it"))
    dismiss_.add_argument("reference", metavar=_("REFERENCE"), help=_("its id there"))
    add_acting(dismiss_)
    dismiss_.set_defaults(run=dismiss)


def list_(args: argparse.Namespace) -> int:
    """Show the reports that wait."""
    with session() as opened:
        found = waiting(opened.catch_up())
    if args.json:
        for report in found:
            print(json.dumps({"source": report.source, "reference": report.reference, "kind": report.kind}))
        return Exit.DONE
    if not found:
        print(_("No report waits for its line."))
        return Exit.DONE
    heading(n_("{number} report matches nobody", "{number} reports match nobody", len(found)))
    table((_("source"), _("reference"), _("kind")), [(one.source, one.reference, one.kind) for one in found])
    print()
    print(_("Settle one by hand:  naadloos reports dismiss SOURCE REFERENCE --why REASON"))
    return Exit.DONE


def dismiss(args: argparse.Namespace) -> int:
    """Settle a report that waits; shown first."""
    with session(says=args.go) as opened:
        known = opened.catch_up()
        report = _named(known, args.source, args.reference)
        told = _("The {kind} report {reference} of {source} would wait no longer.")
        print(printable(told.format(kind=report.kind, reference=report.reference, source=report.source)))
        if not args.go:
            return not_sent()
        by = account_of(args)
        fact = ReportDismissed(source=report.source, reference=report.reference, why=args.why, by=by)
        return say(opened, [(known.programme_id, fact)], by)


def waiting(known: Known) -> tuple[ReportUnrouted, ...]:
    """The reports that match nobody, the oldest first."""
    programme = known.programme()
    return programme.unrouted if programme is not None else ()


def _named(known: Known, source: str, reference: str) -> ReportUnrouted:
    """The report of this name, which may be given as it is shown. Raises `UnableToUnderstandError`."""
    for report in waiting(known):
        if source in _names(report.source) and reference in _names(report.reference):
            return report
    raise UnableToUnderstandError(
        _("Not dismissed: no report {reference} of {source} waits. Nothing was said.").format(
            reference=reference, source=source
        )
        + "\n"
        + _("See those that do:  naadloos reports list")
    )


def _names(name: str) -> tuple[str, str]:
    return name, printable(name)
