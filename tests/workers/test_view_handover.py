import pytest

from events.dispatch import HandedOver
from tests.workers.told import (
    ANN,
    BOB,
    ELS,
    HANDSET,
    OLD_SIM,
    OTHER_HANDSET,
    OTHER_SIM,
    SIM,
    Told,
    line_of,
    small_town,
)
from workers.runtime.unable import UnableToAllowError, UnableToUnderstandError
from workers.views.handover import Sim, handover, verdict

LINE = line_of(ANN)
STRANGE = "8931440000000000030"


def _told(told: Told, who: str, iccid: str, imei: str | None = HANDSET) -> list[str]:
    known = told.known()
    seen = handover(known, who, iccid=iccid, imei=imei)
    line = known.line(seen.line)
    assert line is not None
    return verdict(seen, line)


def test_the_right_kit_is_right() -> None:
    told = small_town().kit(LINE)

    assert _told(told, ANN, SIM) == ["Right: SIM …000014 is the one meant for E-0001-1."]


def test_spaces_in_a_code_are_no_fault() -> None:
    seen = handover(small_town().kit(LINE).known(), ANN, iccid="8931 4400 0000 0000 014", imei=HANDSET)

    assert (seen.iccid, seen.sim) == (SIM, Sim.RIGHT)


@pytest.mark.parametrize(
    ("iccid", "imei", "what"),
    [
        ("8931440000000000015", HANDSET, "the ICCID is not right: the check digit is wrong"),
        ("893144", HANDSET, "the ICCID is not right: not an ICCID"),
        (SIM, "490154203237519", "the IMEI is not right: the check digit is wrong"),
        (SIM, "4901542", "the IMEI is not right: not an IMEI"),
    ],
)
def test_a_code_that_cannot_be_is_refused_and_not_repeated(iccid: str, imei: str, what: str) -> None:
    with pytest.raises(UnableToUnderstandError, match=what) as unable:
        handover(small_town().kit(LINE).known(), ANN, iccid=iccid, imei=imei)

    assert "No hand-over was said." in str(unable.value)
    assert iccid not in str(unable.value)


def test_the_old_sim_of_anybody_is_refused() -> None:
    with pytest.raises(UnableToAllowError, match="it is the old SIM of E-0001-1"):
        handover(small_town().kit(LINE).known(), BOB, iccid=OLD_SIM, imei=HANDSET)


def test_any_sim_of_the_old_providers_issuer_is_refused() -> None:
    with pytest.raises(UnableToAllowError, match="it was issued by the old provider"):
        handover(small_town().kit(LINE).known(), ANN, iccid="8931080000000000027", imei=HANDSET)


def test_somebody_elses_sim_is_told_loudly_with_whose_it_is() -> None:
    told = small_town().kit(LINE).kit(line_of(BOB), OTHER_SIM, OTHER_HANDSET)

    assert _told(told, ANN, OTHER_SIM)[:2] == [
        "WRONG SIM: SIM …000022 is meant for E-0002-1, not for E-0001-1.",
        "E-0001-1 should have SIM …000014.",
    ]


def test_a_sim_that_nobody_delivered_is_stored_and_told() -> None:
    seen = handover(small_town().kit(LINE).known(), ANN, iccid=STRANGE, imei=HANDSET)

    assert seen.sim is Sim.STRANGE
    assert seen.fact(ELS) == HandedOver(line=LINE, iccid=seen.iccid, imei=HANDSET, by=ELS)


def test_another_handset_goes_on_with_a_task() -> None:
    told = small_town().kit(LINE)

    assert _told(told, ANN, SIM, OTHER_HANDSET) == [
        "Right: SIM …000014 is the one meant for E-0001-1.",
        "OTHER HANDSET than the one in the kit.",
        "The move goes on; logistics get a task to correct the books.",
    ]


def test_an_issuer_unlike_the_stocks_warns() -> None:
    assert "Look again: this SIM was issued by Odido, unlike those in stock." in _told(
        small_town().kit(LINE), ANN, "8931200000000000014"
    )


def test_a_second_confirmation_of_the_same_changes_nothing() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, HandedOver(line=LINE, iccid=SIM, imei=HANDSET, by=ELS))

    assert handover(told.known(), ANN, iccid=SIM, imei=HANDSET).known_already
    assert "This was confirmed before" in _told(told, ANN, SIM)[1]


def test_of_several_lines_the_one_is_found_whose_sim_it_is() -> None:
    told = small_town().line(line_of(ANN, 2)).kit(line_of(ANN, 2), OTHER_SIM)
    told.kit(LINE)

    assert handover(told.known(), ANN, iccid=SIM, imei=HANDSET).line == LINE


def test_of_several_lines_that_the_sim_fits_none_the_line_must_be_named() -> None:
    told = small_town().line(line_of(ANN, 2))

    with pytest.raises(UnableToUnderstandError, match="There are: E-0001-1, E-0001-2"):
        handover(told.known(), ANN, iccid=STRANGE, imei=HANDSET)


def test_an_id_that_nobody_has_is_told_with_what_ids_look_like() -> None:
    with pytest.raises(UnableToUnderstandError, match="nobody in this programme is called E-0009") as unable:
        handover(small_town().known(), "E-0009", iccid=SIM, imei=None)

    assert "naadloos status" in str(unable.value)
