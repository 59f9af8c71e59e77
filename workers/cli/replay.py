"""Replay: what today's code would make of what happened, and doing exactly what was approved of it.

`what-if` takes up dead letters in a sandbox, and with --whole decides the whole journal anew: it shows per subject what
would change and which effects would fire, and does nothing. `redrive` does exactly what a saved what-if shows, paced,
and looks at each subject again right before and after; it is refused when something else would follow by now. `rebuild`
folds the journal from its first record and holds the snapshots against it. `offsets` shows how far each consumer group
is, and sets one back; nothing else ever does.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from events.codec import UnreadReason
from workers.cli.acting import add_acting
from workers.cli.usage import an_id, point_in_time, whole_number
from workers.runtime.groups import GROUPS
from workers.runtime.language import _, doc_


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `replay` with its verbs."""
    noun = subparsers.add_parser(
        "replay",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = noun.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    _add_what_if(verbs.add_parser("what-if", help=_("show what would follow; nothing is said")))
    _add_redrive(verbs.add_parser("redrive", help=_("do exactly what a saved what-if shows")))
    _add_rebuild(verbs.add_parser("rebuild", help=_("fold the journal anew and compare the snapshots")))
    _add_offsets(verbs.add_parser("offsets", help=_("how far each consumer group is; set one back")))


def _add_what_if(verb: argparse.ArgumentParser) -> None:
    from workers.cli.whatif import run

    verb.add_argument(
        "--who", type=an_id, action="append", default=[], metavar="E-…", help=_("of this subject; may be given again")
    )
    verb.add_argument("--wave", type=an_id, metavar="W-…", help=_("of this wave"))
    verb.add_argument("--department", default="", metavar=_("NAME"), help=_("of departments with this in their name"))
    verb.add_argument(
        "--reason",
        choices=sorted(map(str, UnreadReason)),
        default="",
        metavar=_("REASON"),
        help=_("dead letters with this reason"),
    )
    verb.add_argument("--since", type=point_in_time, metavar=_("TIME"), help=_("seen or decided from this time on"))
    verb.add_argument("--whole", action="store_true", help=_("decide the whole journal anew as well"))
    verb.add_argument("--save", type=Path, metavar=_("FILE"), help=_("keep it, to be approved and redriven"))
    shape = verb.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help=_("as JSON lines"))
    shape.add_argument("--csv", action="store_true", help=_("as CSV"))
    verb.set_defaults(run=run)


def _add_redrive(verb: argparse.ArgumentParser) -> None:
    from workers.cli.redrive import run

    verb.add_argument("file", type=Path, metavar=_("FILE"), help=_("as what-if --save left it"))
    verb.add_argument(
        "--rate", type=whole_number(), default=120, metavar=_("COUNT"), help=_("subjects a minute (default 120)")
    )
    verb.add_argument(
        "--batch", type=whole_number(), default=20, metavar=_("COUNT"), help=_("subjects before a pause (default 20)")
    )
    verb.add_argument(
        "--pause", type=whole_number(0), default=5, metavar=_("SECONDS"), help=_("between batches (default 5)")
    )
    verb.add_argument(
        "--most-failures", type=whole_number(0), default=3, metavar=_("COUNT"), help=_("stop after more (default 3)")
    )
    verb.add_argument("--yes", type=whole_number(0), metavar=_("COUNT"), help=_("the head-count, instead of typing it"))
    add_acting(verb)
    verb.set_defaults(run=run)


def _add_rebuild(verb: argparse.ArgumentParser) -> None:
    from workers.cli.rebuild import run

    add_acting(verb, why="to-go")
    verb.set_defaults(run=run)


def _add_offsets(verb: argparse.ArgumentParser) -> None:
    from workers.cli.offsets import run

    verb.add_argument("--back", choices=sorted(GROUPS), metavar=_("GROUP"), help=_("set this group back"))
    verb.add_argument(
        "--to",
        type=point_in_time,
        metavar=_("TIME"),
        help=_("to what was written at this time, by the machine's clock; without it, to the first"),
    )
    add_acting(verb, why="to-go")
    verb.set_defaults(run=run)
