from __future__ import annotations

import asyncio
import email
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from email import policy
from pathlib import Path
from typing import Any, Literal

import pytest

from events.messages import Template
from tests import orders
from tests.fakes import FakeClock, FakeWorld
from workers.effects.__main__ import post_of
from workers.effects.settings import EffectSettings
from workers.providers.ports import Letter, NoAnswer, Refused
from workers.providers.post import EveryPost, OutboxPost, SmtpPost
from workers.runtime.files import kept

LETTER = Letter(
    reference="gm/E-0001-1/message.reached/1",
    template=Template.REACHED,
    line="E-0001-1",
    address="anne@naadloos.invalid",
    title="Uw nummer werkt — écht",
    body="Beste Anne,\n\nUw nummer werkt.\n",
)


def _outbox(directory: Path) -> OutboxPost:
    return OutboxPost(outbox=directory / "outbox", sender="naadloos@naadloos.invalid", clock=FakeClock(orders.NOW))


async def test_a_letter_in_the_outbox_is_a_mail_that_a_mail_reader_opens(tmp_path: Path) -> None:
    await _outbox(tmp_path).send(LETTER)

    (file,) = (tmp_path / "outbox").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert mail["Message-ID"] == "<gm/E-0001-1/message.reached/1@naadloos.invalid>"
    assert mail["Subject"] == LETTER.title
    assert mail["To"] == LETTER.address
    assert mail["Date"].datetime == orders.NOW
    assert not mail.defects
    assert mail.get_content() == LETTER.body


async def test_the_same_reference_twice_is_one_file(tmp_path: Path) -> None:
    post = _outbox(tmp_path)

    assert [await post.send(LETTER), await post.send(LETTER)] == [False, False]
    assert len(list((tmp_path / "outbox").iterdir())) == 1


async def test_a_disk_that_takes_nothing_is_no_refusal(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(NoAnswer):
        await _outbox(tmp_path).send(LETTER)


async def test_every_post_has_the_letter(tmp_path: Path) -> None:
    world = FakeWorld()

    assert not await EveryPost([_outbox(tmp_path), world]).send(LETTER)

    assert world.letters == [LETTER]
    assert len(list((tmp_path / "outbox").iterdir())) == 1


class MailServer:
    """A mail server that says to each mail what it is told to; None: it hangs up without a word.

    `answers` has what it says to other words of the protocol than its yes.
    """

    def __init__(self, *says: bytes | None, answers: Mapping[bytes, bytes] = {}) -> None:
        self._says: Iterator[bytes | None] = iter(says)
        self._answers = {b"": b"220 here", b"QUIT": b"221 bye", **answers}
        self.mails: list[bytes] = []
        self.port = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[MailServer]:
        async with await asyncio.start_server(self._talk, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._answers[b""] + b"\r\n")
        while line := (await reader.readline()).upper():
            if line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                says = next(self._says)
                if says is None:
                    break
                writer.write(says + b"\r\n")
            else:
                writer.write(self._answers.get(line[:4], b"250 yes") + b"\r\n")
        writer.close()


def _smtp(
    server: MailServer, directory: Path, *, user: str = "", security: Literal["starttls", "none"] = "none"
) -> SmtpPost:
    return SmtpPost(
        host="127.0.0.1",
        port=server.port,
        security=security,
        user=user,
        password="secret",
        sender="naadloos@naadloos.invalid",
        begun=directory / "mail",
        clock=FakeClock(orders.NOW),
    )


async def test_a_mail_that_the_server_took_goes_out_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async with MailServer(b"250 taken").listening() as server:
        post = _smtp(server, tmp_path)

        assert [await post.send(LETTER), await post.send(LETTER)] == [False, False]
        assert len(server.mails) == 1


def test_each_programme_remembers_its_own_mails(tmp_path: Path) -> None:
    settings = EffectSettings(state_dir=tmp_path, post="smtp", smtp_host="localhost")
    programmes = [settings.model_copy(update={"topic_prefix": name}) for name in ("gm.1", "gm.2")]

    posts = [post_of(programme, FakeClock(orders.NOW)) for programme in programmes]

    assert [post.begun for post in posts if isinstance(post, SmtpPost)] == [
        programme.folder / "mail" for programme in programmes
    ]


async def test_a_server_that_hangs_up_is_no_answer_and_the_next_mail_is_maybe_the_second(tmp_path: Path) -> None:
    async with MailServer(None, b"250 taken").listening() as server:
        with pytest.raises(NoAnswer):
            await _smtp(server, tmp_path).send(LETTER)

        # Another process, as after a crash: what was begun is known from the disk.
        assert await _smtp(server, tmp_path).send(LETTER)
        assert len({mail.split(b"Message-ID")[1].split(b"\r\n")[0] for mail in server.mails}) == 1


async def test_a_mail_refused_for_good_is_refused(tmp_path: Path) -> None:
    async with MailServer(b"554 no").listening() as server:
        with pytest.raises(Refused) as no:
            await _smtp(server, tmp_path).send(LETTER)

    assert no.value.code == "smtp-554"


async def test_a_mail_to_be_tried_later_is_no_refusal(tmp_path: Path) -> None:
    async with MailServer(b"451 later").listening() as server:
        with pytest.raises(NoAnswer):
            await _smtp(server, tmp_path).send(LETTER)


@pytest.mark.parametrize(
    ("answers", "asking"),
    [
        ({b"": b"554 not now"}, {}),
        ({b"EHLO": b"550 who?", b"HELO": b"550 who?"}, {}),
        ({b"EHLO": b"250-here\r\n250 AUTH PLAIN", b"AUTH": b"535 wrong password"}, {"user": "naadloos"}),
        ({b"EHLO": b"250 here, without AUTH"}, {"user": "naadloos"}),
        ({b"EHLO": b"250-here\r\n250 STARTTLS", b"STAR": b"554 no certificate"}, {"security": "starttls"}),
        ({b"EHLO": b"250 here, without STARTTLS"}, {"security": "starttls"}),
    ],
    ids=["at the door", "at its name", "at the password", "at any password", "at its certificate", "at being private"],
)
async def test_a_server_that_fails_before_it_hears_of_the_mail_has_not_refused_it_and_it_is_not_maybe_the_second_later(
    tmp_path: Path, answers: dict[bytes, bytes], asking: dict[str, Any]
) -> None:
    async with MailServer(b"250 taken", answers=answers).listening() as server:
        with pytest.raises(NoAnswer):
            await _smtp(server, tmp_path, **asking).send(LETTER)

        assert server.mails == []

    async with MailServer(b"250 taken").listening() as mended:
        assert await _smtp(mended, tmp_path).send(LETTER) is False


async def test_no_server_is_no_answer(tmp_path: Path) -> None:
    async with MailServer().listening() as server:
        gone = _smtp(server, tmp_path)

    with pytest.raises(NoAnswer):
        await gone.send(LETTER)


def _full_from(write: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From this write of a mark on the disk takes nothing."""
    written: list[Path] = []

    def taking(path: Path, body: bytes) -> None:
        written.append(path)
        if len(written) >= write:
            raise OSError(28, "No space left on device")
        kept(path, body)

    monkeypatch.setattr("workers.providers.post.kept", taking)


async def test_a_mail_whose_beginning_the_disk_does_not_take_is_not_sent_and_no_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with MailServer(b"250 taken").listening() as server:
        _full_from(1, monkeypatch)
        with pytest.raises(NoAnswer):
            await _smtp(server, tmp_path).send(LETTER)

        assert server.mails == []


async def test_a_mail_that_went_out_is_sent_though_the_disk_does_not_take_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with MailServer(b"250 taken", b"250 taken").listening() as server:
        _full_from(2, monkeypatch)
        assert await _smtp(server, tmp_path).send(LETTER) is False
        monkeypatch.undo()

        assert await _smtp(server, tmp_path).send(LETTER) is True  # maybe the second, and told as that


async def test_a_mark_that_says_nothing_was_begun(tmp_path: Path) -> None:
    async with MailServer(b"250 taken", b"250 taken").listening() as server:
        await _smtp(server, tmp_path).send(LETTER)
        (mark,) = (tmp_path / "mail").iterdir()
        mark.write_bytes(b"")

        assert await _smtp(server, tmp_path).send(LETTER) is True
