"""A hand-over before it is stored: whose line it is, whether the SIM and the handset are the ones that are meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from events.base import Account, Iccid, Imei, LineId
from events.dispatch import HandedOver, HandoverCorrected
from orchestrator.knowing.dispatch import expected, in_hand
from orchestrator.record import Holder, Line
from orchestrator.shared.stock import Stock
from workers.imports.iccid import iccid_of, issuer_of
from workers.imports.imei import imei_of
from workers.imports.taken import UnableToTakeError
from workers.runtime.language import _, marked
from workers.runtime.unable import UnableToAllowError, UnableToUnderstandError
from workers.views.board import Stage, stage_of
from workers.views.heard import short
from workers.views.known import Known
from workers.views.named import holder_of
from workers.views.times import full

T = TypeVar("T")


class Sim(StrEnum):
    """How the scanned SIM compares with the one that is meant for the line."""

    RIGHT = "right"
    OTHERS = "others"
    """It is meant for, or already with, somebody else."""
    STOCK = "stock"
    """It lies in a stock and is meant for nobody."""
    STRANGE = "strange"
    """Nobody delivered it."""
    UNEXPECTED = "unexpected"
    """No kit was granted to this line yet."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What was scanned and what it comes to."""

    line: LineId
    iccid: Iccid
    imei: Imei | None
    sim: Sim
    whose: LineId | None
    """Whose SIM it is, when it is somebody else's."""
    meant: Iccid | None
    wrong_handset: bool
    unusual_issuer: str | None
    """Who issued the SIM, when that is not who issued the stock's; empty when that is not known."""
    known_already: bool

    def fact(self, by: Account) -> HandedOver:
        """What is stored, right or wrong: the scan is true either way (`scenarios/S20.yaml`)."""
        return HandedOver(line=self.line, iccid=self.iccid, imei=self.imei, by=by)

    def taken_from(self, known: Known, by: Account) -> HandoverCorrected | None:
        """What is said of the line in whose owner's hands this SIM was scanned before: a SIM is in one place."""
        before = known.line(self.whose) if self.whose else None
        if before is None or before.kit.handed != self.iccid:
            return None
        why = f"scanned at {self.line}"
        return HandoverCorrected(line=before.id, iccid=self.iccid, why=why, by=by)


def handover(known: Known, who: str, *, iccid: str, imei: str | None) -> Handover:
    """What this scan comes to.

    Raises `UnableToUnderstandError` for codes and ids that cannot be, and `UnableToAllowError` for an old SIM and for
    a line that is over: neither is stored (scenario S22 of docs/scenarios.md).
    """
    sim = _code("ICCID", iccid_of, iccid)
    handset = _code("IMEI", imei_of, imei) if imei else None
    holder = holder_of(known, who)
    _refuse_old(known, sim)
    line = _line(holder, who, sim)
    kit = line.kit.kit
    return Handover(
        line=line.id,
        iccid=sim,
        imei=handset,
        sim=_judged(known, line, sim),
        whose=_owner(known, line.id, sim),
        meant=expected(line),
        wrong_handset=kit is not None and kit.imei is not None and kit.imei != handset,
        unusual_issuer=_unusual(known, sim),
        known_already=line.kit.handed == sim and line.kit.handed_imei == handset,
    )


def _code(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except UnableToTakeError as unable:
        raise UnableToUnderstandError(
            _("Not stored: the {name} is not right: {what}.").format(name=name, what=unable.what)
            + "\n"
            + _("No hand-over was said. {remedy}, and give the command again.").format(remedy=unable.remedy)
        ) from None


def _refuse_old(known: Known, sim: Iccid) -> None:
    old = {line.terms.old_iccid: line.id for _holder, line in known.lines() if line.terms and line.terms.old_iccid}
    issued = {issuer_of(iccid) for iccid in old} - {issuer_of(iccid) for iccid in _delivered(known)} - {None}
    if sim in old:
        why = _("it is the old SIM of {line}").format(line=old[sim])
    elif sim not in _delivered(known) and issuer_of(sim) in issued:
        why = _("it was issued by the old provider ({issuer})").format(issuer=issuer_of(sim))
    else:
        return
    raise UnableToAllowError(
        _("Not stored: {sim} is no new SIM: {why}.").format(sim=short(sim), why=why)
        + "\n"
        + _("No hand-over was said. Scan the SIM that is in the kit, not the one that came out of the phone,")
        + " "
        + _("and give the command again.")
    )


def _delivered(known: Known) -> set[Iccid]:
    return {Iccid(iccid) for state in known.states.values() if isinstance(state, Stock) for iccid in state.known}


_OVER: Final = frozenset({Stage.DONE, Stage.ENDED})


def _line(holder: Holder, who: str, sim: Iccid) -> Line:
    """The line that is named; else the one whose SIM it is, or the only one that waits for a kit.

    Raises `UnableToAllowError` where it is over, `UnableToUnderstandError` where it could be several.
    """
    if who in holder.lines:
        line = holder.lines[LineId(who)]
        if stage_of(line) not in _OVER:
            return line
        raise UnableToAllowError(
            _("Not stored: {who} waits for no kit; it is moved, or needs no move.").format(who=who)
            + "\n"
            + _("No hand-over was said. Look at what is known:  naadloos explain {who}").format(who=holder.id)
        )
    lines = [line for line in holder.lines.values() if line.terms is not None and stage_of(line) not in _OVER]
    mine = [line for line in lines if sim in {expected(line), line.kit.handed}]
    waiting = [line for line in lines if in_hand(line) is None]
    for found in (mine, waiting, lines):
        if len(found) == 1:
            return found[0]
    if not lines:
        raise UnableToAllowError(
            _("Not stored: no line of {who} waits for a kit; each is moved, or needs no move.").format(who=who)
            + "\n"
            + _("No hand-over was said. Look at what is known:  naadloos explain {who}").format(who=who)
        )
    raise UnableToUnderstandError(
        _("Not stored: {who} has several lines, and this SIM is meant for none of them.").format(who=who)
        + "\n"
        + _("No hand-over was said. Name the line instead of the person. There are: {lines}").format(
            lines=", ".join(sorted(holder.lines))
        )
    )


def _judged(known: Known, line: Line, sim: Iccid) -> Sim:
    if expected(line) == sim:
        return Sim.RIGHT
    if _owner(known, line.id, sim):
        return Sim.OTHERS
    if sim not in _delivered(known):
        return Sim.STRANGE
    return Sim.UNEXPECTED if expected(line) is None else Sim.STOCK


def _owner(known: Known, but: LineId, sim: Iccid) -> LineId | None:
    owners = (line.id for _h, line in known.lines() if line.id != but and sim in {expected(line), line.kit.handed})
    return next(owners, None)


def _unusual(known: Known, sim: Iccid) -> str | None:
    usual = {issuer_of(iccid) for iccid in _delivered(known)}
    issuer = issuer_of(sim)
    return None if not usual or issuer in usual else issuer or ""


def verdict(seen: Handover, line: Line) -> list[str]:
    """What the logistics worker is told, the worst first."""
    told = [_(_SIM_TEXTS[seen.sim]).format(sim=short(seen.iccid), line=seen.line, whose=seen.whose)]
    if seen.meant and seen.sim is not Sim.RIGHT:
        told.append(_("{line} should have {meant}.").format(line=seen.line, meant=short(seen.meant)))
    if seen.known_already and line.kit.handed_at:
        told.append(_("This was confirmed before, on {at}; nothing changes.").format(at=full(line.kit.handed_at)))
    if seen.wrong_handset:
        none = _("NO HANDSET was scanned; the kit has one.")
        told.append(_("OTHER HANDSET than the one in the kit.") if seen.imei else none)
        if seen.sim is Sim.RIGHT:
            told.append(_("The move goes on; logistics get a task to correct the books."))
    if seen.unusual_issuer is not None:
        issuer = seen.unusual_issuer or _("an issuer that is not on our list")
        told.append(_("Look again: this SIM was issued by {issuer}, unlike those in stock.").format(issuer=issuer))
    return told


_SIM_TEXTS: Final[dict[Sim, str]] = {
    Sim.RIGHT: marked("Right: {sim} is the one meant for {line}."),
    Sim.OTHERS: marked("WRONG SIM: {sim} is meant for {whose}, not for {line}."),
    Sim.STOCK: marked("WRONG SIM: {sim} is from stock and meant for nobody."),
    Sim.STRANGE: marked("UNKNOWN SIM: {sim} was never delivered to a stock of this programme."),
    Sim.UNEXPECTED: marked("NOT EXPECTED: no kit was granted to {line} yet, so {sim} may be another's."),
}
