"""A what-if as people and programs read it: a page, JSON lines, CSV."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from events.base import SubjectId
from workers.cli.page import few, heading, table
from workers.replay.compare import Difference, Kind
from workers.replay.history import Compared
from workers.replay.redo import Redo
from workers.replay.whatif import WhatIf
from workers.runtime.language import _, marked, n_
from workers.runtime.letters import letter_of
from workers.runtime.rows import write_rows
from workers.runtime.type_names import short

MOST: Final = 15
"""Subjects or differences shown one by one before "and so many more"."""
KINDS: Final = {
    Kind.RAISES: marked("today's code fails at it"),
    Kind.MENDED: marked("it failed then, and does not today"),
    Kind.EFFECTS: marked("other commands would be ordered"),
    Kind.OUTCOMES: marked("other tasks, ends, or facts to others"),
    Kind.REASONS: marked("the same for another reason"),
    Kind.LOOK: marked("the same, looked at again at another time"),
}


def show(what_if: WhatIf, history: Compared | None, *, saved: Path | None) -> None:
    """The page. `saved` is where it was kept, if it was."""
    if history is not None:
        _show_history(history)
    changing = [one for one in what_if.redos if one.changes]
    heading(_("Taken up now, by today's code; nothing is said"))
    raising = [one for one in what_if.redos if one.raises]
    if changing:
        _show_changing(changing)
    elif not raising:
        print(_("No difference: nobody would be decided on otherwise."))
    _show_raising(raising)
    failing = [one for one in what_if.redos if one.failing and not one.raises]
    if failing:
        print(
            n_(
                "{number} subject keeps letters that today's code cannot take up either: {who}",
                "{number} subjects keep letters that today's code cannot take up either: {who}",
                len(failing),
                who=few([one.subject for one in failing]),
            )
        )
    if saved and changing:
        print(_("Kept as {digest}. Approve and do exactly this:").format(digest=what_if.digest))
        print(_("  naadloos replay redrive {file} --why REASON --go").format(file=saved))
    elif changing:
        command = f"naadloos replay what-if {what_if.asked}".rstrip()
        print(_("Keep it, to be approved:  {command} --save FILE").format(command=command))
    elif saved:
        print(_("Kept in {file}; there is nothing in it to approve.").format(file=saved))


def _show_raising(raising: list[Redo]) -> None:
    """Whom today's code cannot decide on at all, and where it fails; the same place once."""
    places: dict[str, list[SubjectId]] = {}
    for one in raising:
        places.setdefault(one.raises, []).append(one.subject)
    for detail, who in places.items():
        print(
            n_(
                "Today's code fails for {number} subject ({detail}): {who}",
                "Today's code fails for {number} subjects ({detail}): {who}",
                len(who),
                detail=detail,
                who=few(who),
            )
        )


def _show_changing(changing: list[Redo]) -> None:
    columns = (_("who"), _("mended") + ">", _("fails") + ">", _("then → now"), _("effects that would fire"))
    table(columns, _rows(changing))
    _show_rest(len(changing))


def _rows(redos: Iterable[Redo]) -> list[tuple[object, ...]]:
    return [
        (
            one.subject,
            len(one.mended) or "–",
            len(one.failing) or "–",
            _reasons(one.before, one.after),
            ", ".join(short(effect.type) for effect in one.effects) or "–",
        )
        for one in list(redos)[:MOST]
    ]


def _reasons(before: Iterable[str], after: Iterable[str]) -> str:
    then, now = ", ".join(_bare(before)) or "–", ", ".join(_bare(after)) or "–"
    return then if then == now else f"{then} → {now}"


def _bare(reasons: Iterable[str]) -> list[str]:
    """The reasons without their lines, each once."""
    return list(dict.fromkeys(reason.rsplit(" ", 1)[-1] for reason in reasons))


def _show_history(history: Compared) -> None:
    heading(
        _("{compared} of {records} decisions compared with today's code").format(
            compared=history.compared, records=history.records
        )
    )
    if history.passed_over:
        copies = n_(
            "{number} more is a copy, or nobody could read it: there is nothing to decide anew.",
            "{number} more are copies, or nobody could read them: there is nothing to decide anew.",
            history.passed_over,
        )
        print(copies)
    if not history.differences:
        print(_("No difference: today's code decides every one of them as it was decided."))
        return
    counts = history.by_kind()
    table((_("count") + ">", _("how it differs")), [(count, _(KINDS[kind])) for kind, count in counts.items()])
    rows = [_difference_row(one) for one in history.differences[:MOST]]
    table((_("who"), _("record"), _("heard"), _("how"), _("then → now"), _("commands")), rows)
    _show_rest(len(history.differences))


def _difference_row(one: Difference) -> tuple[object, ...]:
    commands = _signed([short(e.type) for e in one.fires], [short(e.type) for e in one.spares])
    record = letter_of("inbox", one.partition, one.offset)
    return one.subject, record, short(one.heard), one.kind, _reasons(one.before, one.after), ", ".join(commands) or "–"


def _signed(fires: Iterable[str], spares: Iterable[str]) -> list[str]:
    return [*(f"+{one}" for one in fires), *(f"-{one}" for one in spares)]


def _show_rest(count: int) -> None:
    if count > MOST:
        print(_("  … and {count} more").format(count=count - MOST))


def print_json(what_if: WhatIf, history: Compared | None) -> None:
    """Every difference, then every subject, a JSON object on each line."""
    for difference in history.differences if history is not None else ():
        print(difference.model_dump_json())
    for one in what_if.redos:
        print(one.model_dump_json())


def print_csv(what_if: WhatIf, history: Compared | None) -> None:
    """The same as rows; several things in one cell have a semicolon between."""
    columns = ("what", "subject", "place", "before", "after", "mended", "failing", "effects", "outcomes", "raises")
    write_rows(sys.stdout, [columns, *_csv_rows(what_if, history)])


def _csv_rows(what_if: WhatIf, history: Compared | None) -> Iterator[tuple[str, ...]]:
    for one in history.differences if history is not None else ():
        effects = [f"+{e.key}" for e in one.fires] + [f"-{e.key}" for e in one.spares]
        told = map(_joined, (one.before, one.after, (), (), effects, one.outcomes))
        yield (one.kind, one.subject, f"{one.partition}/{one.offset}", *told, "")
    for redo in what_if.redos:
        effects = [effect.key for effect in redo.effects]
        failing = [f"{letter} {reason}" for letter, reason in redo.failing.items()]
        told = map(_joined, (redo.before, redo.after, redo.mended, failing, effects, redo.outcomes))
        yield ("redo", redo.subject, "", *told, redo.raises)


def _joined(words: Iterable[str]) -> str:
    return "; ".join(words)
