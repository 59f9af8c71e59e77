"""One command of each kind, as the orchestrator would give it for line E-0001-1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from events.base import Account, Dossier, Iccid, Imei, Key, LineId, Msisdn, PersonId, SubjectId
from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    Medium,
    Network,
    RecallPort,
    SetForward,
    TestReachability,
    Withdraw,
)
from events.dispatch import CollectKit, ShipKit
from events.envelope import Said
from events.messages import Role, SendMessage, Template
from events.planning import Slot
from events.porting import AskPort, CancelPort, RebindPort, RequestPort
from events.registry import AnyCommand
from events.sim import ActivateSim, BlockSim, ResetSim

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
NOT_AFTER = NOW + timedelta(minutes=2)
LINE = LineId("E-0001-1")
PERSON = PersonId("p-1")
DOSSIER = Dossier("NAAD-E0001-1")
NUMBER = Msisdn("+31612345678")
NET = Msisdn("+31201234567")
ICCID = Iccid("8931000000000000001")
SLOT = Slot(start=NOW, end=NOW + timedelta(hours=1))


def key(effect: str, attempt: int = 1, line: LineId = LINE) -> Key:
    return Key(f"gm/{line}/{effect}/{attempt}")


def request_port() -> RequestPort:
    return RequestPort(
        key=key("port"), line=LINE, dossier=DOSSIER, number=NUMBER, iccid=ICCID, mandate="M-1", early_termination=False
    )


def ask_port(line: LineId = LINE, attempt: int = 1) -> AskPort:
    return AskPort(key=key("ask", attempt, line), line=line, dossier=DOSSIER)


def cancel_port() -> CancelPort:
    return CancelPort(key=key("cancel"), line=LINE, dossier=DOSSIER)


def rebind_port() -> RebindPort:
    return RebindPort(key=key("rebind"), line=LINE, dossier=DOSSIER, iccid=ICCID)


def ship_kit() -> ShipKit:
    return ShipKit(key=key("ship"), line=LINE, iccid=ICCID, imei=Imei("356938035643809"), to=PERSON, site="Hall")


def collect_kit() -> CollectKit:
    return CollectKit(key=key("collect"), line=LINE, to=PersonId("p-1"))


def activate_sim() -> ActivateSim:
    return ActivateSim(key=key("activate"), line=LINE, iccid=ICCID)


def reset_sim() -> ResetSim:
    return ResetSim(key=key("reset"), line=LINE, iccid=ICCID)


def block_sim() -> BlockSim:
    return BlockSim(key=key("block"), line=LINE, iccid=ICCID)


def set_forward() -> SetForward:
    return SetForward(
        key=key("forward"), line=LINE, network=Network.OLD, number=NUMBER, iccid=None, target=NET, generation=1
    )


def clear_forward() -> ClearForward:
    return ClearForward(
        key=key("clear"),
        line=LINE,
        not_after=NOT_AFTER,
        network=Network.NEW,
        number=NUMBER,
        iccid=ICCID,
        generation=1,
        evidence_at=NOW,
    )


def try_line() -> TestReachability:
    return TestReachability(
        key=key("test"),
        line=LINE,
        iccid=ICCID,
        number=NUMBER,
        medium=Medium.VOICE,
        sequence=1,
        origins=("kpn", "odido"),
    )


def execute_port() -> ExecutePort:
    return ExecutePort(
        key=key("execute"), line=LINE, not_after=NOT_AFTER, dossier=DOSSIER, iccid=ICCID, slot=SLOT, evidence_at=NOW
    )


def book_port() -> BookPort:
    return BookPort(key=key("book"), line=LINE, not_after=NOT_AFTER, dossier=DOSSIER, iccid=ICCID, slot=SLOT)


def recall_port() -> RecallPort:
    return RecallPort(key=key("recall"), line=LINE, dossier=DOSSIER)


def end_old_line() -> EndOldLine:
    return EndOldLine(
        key=key("end"), line=LINE, not_after=NOT_AFTER, number=NUMBER, approved_by=Account("els"), evidence_at=NOW
    )


def withdraw(target: Key) -> Withdraw:
    return Withdraw(key=key("withdraw"), line=LINE, target=target)


def send_message(template: Template = Template.INVITATION, to: PersonId | Role = PERSON) -> SendMessage:
    return SendMessage(key=key(f"message.{template}"), line=LINE, template=template, to=to)


def said(command: AnyCommand, *, id_: str = "c-1", subject: str = "E-0001") -> Said[AnyCommand]:
    return Said(
        id=id_,
        source="/naadloos/decider",
        subject=SubjectId(subject),
        time=NOW,
        recorded=NOW,
        message=command,
        correlation="gm",
        causation="f-1",
        trace=f"00-{'a' * 32}-{'b' * 16}-01",
    )
