from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from events.base import Key, PersonId, SubjectId, TaskId
from events.codec import encode
from events.envelope import Said
from events.messages import Role, SendMessage, Template
from events.outcomes import TaskKind
from events.people import PersonKnown
from tests import orders
from workers.effects.letters import (
    ADDRESS_MALFORMED,
    LANGUAGES,
    PERSON_UNKNOWN,
    Language,
    LetterWriter,
    Reader,
    catalogue,
    write,
)
from workers.effects.people import People
from workers.effects.settings import EffectSettings
from workers.providers.ports import Letter, Refused

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ANNE = PersonKnown(person=PersonId("p-1"), name="Anne Voorbeeld", mail="anne@naadloos.invalid", language="nl")
EVERYTHING = {
    "slot_start": "2026-03-03T09:00:00+00:00",
    "slot_end": "2026-03-03T11:00:00+00:00",
    "number": "+31612345678",
    "site": "Town hall",
    "about": "2026-03-03T09:00:00+00:00",
}


def letter(
    template: Template, language: Language, *, details: dict[str, str] | None = None, task: TaskId | None = None
) -> Letter:
    command = SendMessage(
        key=Key(f"gm/E-0001-1/message.{template}/1"),
        line=orders.LINE,
        template=template,
        to=ANNE.person,
        task=task,
        details=details or {},
    )
    reader = Reader(name=ANNE.name, address=ANNE.mail, language=language)
    return write(command, reader, zone=AMSTERDAM, contact="desk@naadloos.invalid")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("details", [{}, EVERYTHING], ids=["told nothing", "told all"])
def test_every_letter_says_whom_to_ask_and_leaves_no_gap(
    template: Template, language: Language, details: dict[str, str]
) -> None:
    written = letter(template, language, details=details)

    assert written.title.strip()
    assert "desk@naadloos.invalid" in written.body
    for text in (written.title, written.body):
        assert "{" not in text
        assert "None" not in text
        assert not re.search(r" [.,;:]|  \S.*  | $", text.replace("    ", "").replace("  naadloos", " naadloos"))
    assert "\n\n\n" not in written.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_template_and_every_task_and_nothing_else(language: Language) -> None:
    assert set(catalogue(language)) == {*Template, "tasks"}
    assert set(catalogue(language)["tasks"]) == set(TaskKind)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TaskKind)
def test_a_task_letter_says_what_is_to_be_done(kind: TaskKind, language: Language) -> None:
    written = letter(Template.TASK, language, task=TaskId(f"E-0001-1/{kind}/1"))

    assert catalogue(language)["tasks"][kind] in written.body
    assert written.task == f"E-0001-1/{kind}/1"


def test_times_are_those_on_the_readers_own_clock_in_his_own_words() -> None:
    dutch = letter(Template.INVITATION, "nl", details=EVERYTHING)
    english = letter(Template.INVITATION, "en", details=EVERYTHING)

    assert "Op dinsdag 3 maart tussen 10:00 en 12:00 gaat" in dutch.body
    assert "On Tuesday 3 March between 10:00 and 12:00 your" in english.body


def test_who_changes_sims_after_the_port_is_not_told_that_the_old_one_still_works() -> None:
    before = letter(Template.INSERT_SIM, "en", details=EVERYTHING)
    after = letter(Template.INSERT_SIM, "en", details={"about": "ported"})

    assert "before 12:00 today" in before.body
    assert "The old SIM no longer works." in after.body


def test_a_moment_that_is_none_is_left_out() -> None:
    written = letter(Template.INVITATION, "en", details={"slot_start": "soon"})

    assert "soon." in written.body
    assert "The day follows" in written.body


def _writer(people: People) -> LetterWriter:
    async def look_up(person: PersonId) -> PersonKnown | None:
        return people.get(person)

    settings = EffectSettings(role_addresses={Role.OPS: "ops@gemeente.invalid"})
    return LetterWriter(
        look_up=look_up,
        address_of=settings.address_of,
        role_language="nl",
        zone=AMSTERDAM,
        contact="desk@naadloos.invalid",
    )


def _record(person: PersonKnown) -> bytes:
    return encode(
        Said(
            id=f"known/{person.person}",
            source="/import",
            subject=SubjectId("P-gm"),
            time=orders.NOW,
            recorded=orders.NOW,
            message=person,
        )
    )


async def test_a_person_is_written_to_as_the_directory_knows_her() -> None:
    people = People()
    people.hear(b"\xff\xfe", None)  # the key of nobody, which is no text
    people.hear(b"p-1", _record(ANNE))

    written = await _writer(people).write(orders.send_message())

    assert written.address == ANNE.mail
    assert written.body.startswith("Beste Anne Voorbeeld,")
    assert written.reference == orders.send_message().key


async def test_a_role_is_written_to_where_the_settings_say() -> None:
    writer = _writer(People())

    ops = await writer.write(orders.send_message(to=Role.OPS))
    leader = await writer.write(orders.send_message(to=Role.PROJECT_LEADER))

    assert ops.address == "ops@gemeente.invalid"
    assert leader.address == "project-leader@naadloos.invalid"
    assert leader.to == "project_leader"


async def test_nobody_is_written_to_who_is_not_known() -> None:
    with pytest.raises(Refused) as no:
        await _writer(People()).write(orders.send_message())

    assert no.value.code == PERSON_UNKNOWN


@pytest.mark.parametrize("mail", ["", "anne", "anne@naadloos.invalid\nBcc: all@naadloos.invalid"])
async def test_nobody_is_written_to_at_what_is_no_address(mail: str) -> None:
    people = People()
    people.hear(b"\xff\xfe", None)  # the key of nobody, which is no text
    people.hear(b"p-1", _record(ANNE.model_copy(update={"mail": mail})))

    with pytest.raises(Refused) as no:
        await _writer(people).write(orders.send_message())

    assert no.value.code == ADDRESS_MALFORMED


@pytest.mark.parametrize("key", [b"p-1", b"E-0001"])
def test_an_empty_record_makes_a_person_forgotten_whatever_the_key(key: bytes) -> None:
    people = People()
    people.hear(b"\xff\xfe", None)  # the key of nobody, which is no text
    people.hear(key, _record(ANNE))
    people.hear(key, None)

    assert people.get(ANNE.person) is None


def test_a_later_record_of_a_person_stands() -> None:
    people = People()
    people.hear(b"\xff\xfe", None)  # the key of nobody, which is no text
    people.hear(b"p-1", _record(ANNE))
    people.hear(b"p-1", _record(ANNE.model_copy(update={"mail": "new@naadloos.invalid"})))

    known = people.get(ANNE.person)
    assert known is not None
    assert known.mail == "new@naadloos.invalid"


def test_an_unreadable_record_changes_nothing() -> None:
    people = People()
    people.hear(b"\xff\xfe", None)  # the key of nobody, which is no text
    people.hear(b"p-1", _record(ANNE))
    people.hear(b"p-1", b"{broken")

    assert people.get(ANNE.person) == ANNE
