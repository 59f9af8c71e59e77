"""Plan whose turn it is when: waves, and a first slot for every line that has none.

The pilot and the superusers go first, then department by department under a daily capacity; critical lines go late,
shared numbers after their members, and no duty roster spares more people at once than its share. A wave opens five
weeks before its first cut-over, since answers and first possible dates take that long. Every wave keeps slots after
its last day for those whose first slot did not do. Without --go the plan is only shown.
"""

from __future__ import annotations

import argparse

from orchestrator.planning import Plan, capacity_for, facts_of_plan, plan
from workers.cli.acting import SOURCE, account_of, add_acting, not_sent
from workers.cli.exits import Exit
from workers.cli.page import heading, table
from workers.cli.session import session
from workers.cli.usage import whole_number
from workers.runtime.language import _, doc_, n_
from workers.views.plannable import next_wave, plannable
from workers.views.times import day, moment


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan`."""
    noun = subparsers.add_parser(
        "plan",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "--per-day",
        type=whole_number(),
        metavar=_("LINES"),
        help=_("lines cut over on one day (a sixteenth of all, at least 8)"),
    )
    noun.add_argument(
        "--pilot", type=whole_number(), default=20, metavar=_("LINES"), help=_("lines in the pilot wave (20)")
    )
    add_acting(noun, why="never")
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the plan; with --go, say it to the waves and to everybody in them."""
    with session(says=args.go) as opened:
        known = opened.catch_up()
        lines = plannable(known)
        if waiting := opened.undecided():
            print(n_("{number} message waits for a decider.", "{number} messages wait for a decider.", waiting))
            print(_("What they say is not planned yet. Start the workers:  naadloos up"))
        if not lines:
            print(_("Every line that is to move has a wave, or nobody is enrolled. Nothing to plan."))
            print(_("See how it stands:  naadloos status   Put people in:  naadloos import FOLDER"))
            return Exit.DONE
        per_day = args.per_day or capacity_for(len(lines))
        made = plan(
            lines,
            starts=opened.now(),
            terms=opened.terms,
            per_day=max(1, per_day),
            pilot=max(1, args.pilot),
            first=next_wave(known),
        )
        _show(made, count=len(lines), per_day=per_day)
        if not args.go:
            return not_sent()
        inbox, at, by = opened.inbox(), opened.now(), account_of(args)
        for subject, fact in facts_of_plan(made):
            inbox.say(subject, fact, at=at, actor=by, source=SOURCE)
        inbox.flush()
    print(_("Said to {waves} waves and {lines} lines.").format(waves=len(made.waves), lines=len(lines)))
    first = made.waves[0].wave
    print(_("Next, set the first one going:  naadloos wave start {wave} --why 'kits are in'").format(wave=first))
    return Exit.DONE


def _show(made: Plan, *, count: int, per_day: int) -> None:
    last = max(wave.last for wave in made.waves)
    heading(
        _("{lines} lines in {waves} waves, at most {per_day} a day; the last first slot ends on {day}").format(
            lines=count, waves=len(made.waves), per_day=per_day, day=day(last)
        )
    )
    rows = [
        (wave.wave, len(wave.lines), day(wave.opens), moment(wave.first), day(wave.last), wave.title)
        for wave in made.waves
    ]
    table((_("wave"), _("lines") + ">", _("opens"), _("first cut-over"), _("last day"), _("who")), rows)
    print()
