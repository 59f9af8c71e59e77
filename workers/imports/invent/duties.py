"""Who may not be missed: first aiders, desk alarms and people on call, and the duty rosters on which they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from events.base import LineId, SubjectId
from events.enrolment import Critical, LineKind
from workers.imports.invent import town
from workers.imports.invent.draws import Draws, part_of
from workers.imports.invent.wanted import Wanted
from workers.imports.roster import DutyRoster

SHARE: Final = 0.3
_SHARES: Final = {Critical.FIRST_AIDER: 0.08, Critical.ON_CALL: 0.05, Critical.DESK_ALARM: 0.04}
_WORDS: Final = {Critical.FIRST_AIDER: "bhv", Critical.ON_CALL: "piket", Critical.DESK_ALARM: "balie"}
_SMALLEST: Final = 4
"""Of fewer people than this, no one can be missed under the share."""
_LARGEST: Final = {Critical.FIRST_AIDER: 10, Critical.ON_CALL: 16, Critical.DESK_ALARM: 30}
"""Where there are more at a site, they form several teams."""
_ON_TWO: Final = 0.1


@dataclass(frozen=True)
class _Team:
    roster: SubjectId
    title: str
    duty: Critical
    site: str
    lines: tuple[LineId, ...]


@dataclass(frozen=True)
class Duties:
    """Which lines are critical, on which rosters they stand, and the rosters."""

    critical: dict[LineId, Critical]
    rosters: dict[LineId, tuple[SubjectId, ...]]
    formed: tuple[DutyRoster, ...]


def duties(lines: Sequence[Wanted], employees: int, seed: int) -> Duties:
    """Shares of the employees have a duty, each at their own site; one first aider in ten is on call too."""
    draws = Draws(seed, "duties")
    chosen = _chosen([line for line in lines if line.kind is LineKind.VOICE and not line.born_new], employees, draws)
    teams = [team for duty, who in chosen.items() for team in _teams(duty, who)]
    rosters: defaultdict[LineId, list[SubjectId]] = defaultdict(list)
    for team in teams:
        for line in team.lines:
            rosters[line].append(team.roster)
    for line, roster in _second(teams, draws):
        rosters[line].append(roster)
    critical = {wanted.line: duty for duty, who in chosen.items() for wanted in who}
    return Duties(critical, {line: tuple(names) for line, names in rosters.items()}, _formed(teams, rosters))


def _chosen(lines: Sequence[Wanted], employees: int, draws: Draws) -> dict[Critical, list[Wanted]]:
    fitting = {Critical.FIRST_AIDER: None, Critical.ON_CALL: town.ON_DUTY, Critical.DESK_ALARM: town.PUBLIC}
    left = draws.shuffled(lines)
    chosen: dict[Critical, list[Wanted]] = {}
    for duty, departments in fitting.items():
        able = [line for line in left if departments is None or line.department in departments]
        chosen[duty] = able[: part_of(employees, _SHARES[duty])]
        taken = {line.line for line in chosen[duty]}
        left = [line for line in left if line.line not in taken]
    return chosen


def _teams(duty: Critical, who: Iterable[Wanted]) -> Iterator[_Team]:
    sites: dict[str, list[LineId]] = {site: [] for site in town.SITES}
    for wanted in who:
        sites[wanted.site].append(wanted.line)
    for site, lines in _large_enough(sites).items():
        count = -(-len(lines) // _LARGEST[duty])
        for at in range(count):
            roster = SubjectId(f"R-{site.replace(' ', '-')}-{_WORDS[duty]}-{at + 1}")
            yield _Team(roster, f"{_WORDS[duty].upper()} {site}, ploeg {at + 1}", duty, site, tuple(lines[at::count]))


def _large_enough(sites: dict[str, list[LineId]]) -> dict[str, list[LineId]]:
    """Those of a site with too few for a roster join the main site; with too few there, no roster is formed."""
    main = next(iter(town.SITES))
    joining = [line for site, lines in sites.items() if site != main and len(lines) < _SMALLEST for line in lines]
    joined = {**sites, main: sites[main] + joining}
    return {site: lines for site, lines in joined.items() if len(lines) >= _SMALLEST}


def _second(teams: Sequence[_Team], draws: Draws) -> Iterator[tuple[LineId, SubjectId]]:
    on_call = {team.site: team.roster for team in teams if team.duty is Critical.ON_CALL}
    aiders = [(line, team.site) for team in teams if team.duty is Critical.FIRST_AIDER for line in team.lines]
    for line, site in draws.some(aiders, part_of(len(aiders), _ON_TWO)):
        if site in on_call:
            yield line, on_call[site]


def _formed(teams: Sequence[_Team], rosters: dict[LineId, list[SubjectId]]) -> tuple[DutyRoster, ...]:
    counts = Counter(name for names in rosters.values() for name in names)
    return tuple(
        DutyRoster(roster=team.roster, title=team.title, members=counts[team.roster], share=SHARE)
        for team in sorted(teams, key=lambda team: team.roster)
    )
