"""Whose gap it was, summed a second time: after docs/gaps.md, and not after the code that the report comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
BOUND, FRESH = timedelta(minutes=15), timedelta(hours=2)
TAKING = {"execute", "book", "clear-forward", "end-old-line", "block", "reset", "collect", "insert", "put-back"}


def recomputed(rows: Sequence[Row]) -> dict[str, float]:
    """Minutes covered and longest interruption in seconds; minutes and incidents per owner."""
    last = max(_at(row) for row in rows)
    by_line: dict[str, list[Row]] = defaultdict(list)
    for row in sorted((row for row in rows if "answers" in row), key=_at):
        by_line[row["line"]].append(row)
    sums: dict[str, float] = defaultdict(float)
    sums |= {f"{what} {owner}": 0 for what in ("minutes", "incidents") for owner in ("ours", "unforeseeable", "others")}
    sums |= {"covered": 0.0, "interruptions": 0.0}
    for states in by_line.values():
        _sum_up(states, last, sums)
    return dict(sums)


def _sum_up(states: list[Row], last: datetime, sums: dict[str, float]) -> None:
    """Add one line, from state to state."""
    opened, counted = None, False
    for index, state in enumerate(states):
        since, till = _at(state), _at(states[index + 1]) if index + 1 < len(states) else last
        port, lasted = state["why"] == "a port is under way", till - since
        sums["covered"] += lasted.total_seconds() / 60 * (state["answers"] == "net")
        sums["interruptions"] = max(sums["interruptions"], lasted.total_seconds() * port)
        if state["answers"] != "nothing":
            opened, counted = None, False
            continue
        if opened is None and port:
            lasted = max(timedelta(), lasted - BOUND)
        if opened is None and (lasted or not port):
            opened = index
        if opened is not None and lasted:
            owner = _owner(states, opened)
            sums[f"minutes {owner}"] += lasted.total_seconds() / 60
            sums[f"incidents {owner}"] += not counted
            counted = True


def _at(row: Row) -> datetime:
    return datetime.fromisoformat(row["at"])


def _owner(states: list[Row], opened: int) -> str:
    cause = states[opened]["cause"]
    if cause["kind"] == "command":
        return "unforeseeable" if _sound(states, opened) else "ours"
    if cause["what"] in {"port-early", "sim-blocked", "handset-lost", "number-deactivated"}:
        return "others"
    took = [n for n in range(opened) if _took(states, n)]
    answered = max((n for n in range(opened) if states[n]["answers"] == "handset"), default=-1)
    if any(not _sound(states, n) for n in took if n > answered):
        return "ours"
    return "unforeseeable" if took else "others"


def _took(states: list[Row], index: int) -> bool:
    """Whether a command took something away that was there before it."""
    cause, ways = states[index]["cause"], states[index]["ways"]
    if cause["kind"] != "command" or cause["what"] not in TAKING:
        return False
    return index == 0 or any(was and ways[way] != was for way, was in states[index - 1]["ways"].items())


def _sound(states: list[Row], index: int) -> bool:
    """Whether the command's evidence was true when it was taken, and fresh and in time when it acted."""
    cause = states[index]["cause"]
    acted = min(_at(s) for s in states if s["cause"].get("reference") == cause.get("reference"))
    acted = datetime.fromisoformat(cause["final_at"]) if "final_at" in cause else acted
    if "evidence_at" not in cause or acted - (taken := datetime.fromisoformat(cause["evidence_at"])) > FRESH:
        return False
    if "not_after" in cause and acted > datetime.fromisoformat(cause["not_after"]):
        return False
    before = [s for s in states if _at(s) < taken][-1:]
    return any(_borne_out(s, cause) for s in [*before, *(s for s in states if _at(s) == taken)])


def _borne_out(state: Row, cause: Row) -> bool:
    ways = state["ways"]
    sound: dict[str, bool] = {
        "execute": bool(ways["new_sim"]) and ways["new_sim"] == cause.get("iccid"),
        "book": bool(ways["new_sim"]) and ways["new_sim"] == cause.get("iccid"),
        "clear-forward": state["answers"] == "handset",
        "end-old-line": bool(ways["new_sim"]),
        "insert": bool(ways["net"]),
    }
    return sound.get(cause["what"], False)
