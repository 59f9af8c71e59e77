"""What an import says: the same each time, to the right subjects, and to nobody more than is theirs to know."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from events.base import LineFact, subject_of
from events.codec import decode_any, decode_fact, encode
from events.control import ProgrammeOpened
from events.enrolment import AbsenceAnnounced, EmployeeEnrolled, LeaverAnnounced, LineEnrolled, MandateFiled
from events.envelope import Said
from events.places import KitsDelivered, RosterFormed
from events.registry import AnyFact
from workers.imports.facts import facts_of, people_of
from workers.imports.roster import Roster
from workers.imports.sample import STARTS, generate

AT: Final = datetime(2027, 1, 4, 9, tzinfo=UTC)


@cache
def roster() -> Roster:
    return generate(600, 1, STARTS)


@cache
def facts() -> list[Said[AnyFact]]:
    return facts_of(roster(), at=AT, programme="trial")


def test_says_each_employee_line_mandate_and_roster_once() -> None:
    said = Counter(type(fact.message) for fact in facts())

    assert said[ProgrammeOpened] == 1
    assert said[EmployeeEnrolled] == 600
    assert said[LineEnrolled] == len(roster().lines)
    assert said[MandateFiled] == sum(line.mandate is not None for line in roster().lines)
    assert said[RosterFormed] == len(roster().duty_rosters)


def test_importing_twice_says_the_same_ids_at_whatever_time() -> None:
    again = facts_of(roster(), at=AT + timedelta(days=1), programme="trial")

    assert [fact.id for fact in again] == [fact.id for fact in facts()]
    assert max(Counter(fact.id for fact in again).values()) == 1


def test_another_programme_has_other_ids() -> None:
    other = facts_of(roster(), at=AT, programme="other")

    assert {fact.id for fact in other}.isdisjoint(fact.id for fact in facts())


def test_what_is_about_a_line_is_said_to_its_holder() -> None:
    lines = [fact for fact in facts() if isinstance(fact.message, LineFact)]

    assert all(fact.subject == subject_of(fact.message.line) for fact in lines if isinstance(fact.message, LineFact))
    assert {fact.subject[0] for fact in lines} == {"E", "S"}


def test_deliveries_are_told_in_parts_of_at_most_200_kits_and_none_is_left_out() -> None:
    parts = [(fact.subject, fact.message.kits) for fact in facts() if isinstance(fact.message, KitsDelivered)]

    assert max(len(kits) for _, kits in parts) == 200
    assert sorted((stock, kit.iccid) for stock, kits in parts for kit in kits) == sorted(
        (kit.stock, kit.iccid) for kit in roster().kits
    )


def test_absences_and_leavers_are_said_only_when_asked_for_and_once_announced() -> None:
    later = AT + timedelta(weeks=6)
    told = facts_of(roster(), at=later, programme="trial", with_announcements=True)[len(facts()) :]

    known = [absence.announced for absence in roster().absences if absence.announced <= later]
    known += [leaver.announced for leaver in roster().leavers if leaver.announced <= later]
    assert 0 < len(known) < len(roster().absences) + len(roster().leavers)
    assert [fact.time for fact in told] == known
    assert {type(fact.message) for fact in told} == {AbsenceAnnounced, LeaverAnnounced}
    assert {fact.recorded for fact in told} == {later}


def test_no_name_mail_or_address_stands_in_a_fact() -> None:
    said = b"\n".join(encode(fact) for fact in facts()).decode()

    assert not any(who.name in said or who.mail in said or who.address in said for who in roster().employees)


def test_people_are_said_under_the_key_that_their_enrolment_names() -> None:
    people = people_of(roster(), at=AT, programme="trial")
    enrolled = {fact.subject: fact.message.person for fact in facts() if isinstance(fact.message, EmployeeEnrolled)}

    assert {said.subject: said.message.person for said in people} == enrolled
    assert [said.message.name for said in people] == [who.name for who in roster().employees]


def test_every_message_survives_the_wire() -> None:
    assert [decode_fact(encode(fact)) for fact in facts()] == facts()
    person = people_of(roster(), at=AT, programme="trial")[0]
    assert decode_any(encode(person)) == person
