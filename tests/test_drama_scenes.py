"""Scenes: what of a day is told, in which order, and what stands together."""

import re

import pytest

from dramas import Made, elements
from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, ClaimKind, Truth
from fivepenny.clock import Beat
from fivepenny.drama.fountain import render_fountain
from fivepenny.drama.names import portion
from fivepenny.drama.screenplay import Action, Dialogue, build_screenplay
from fivepenny.events import Sealed


def test_a_default_outweighs_everything_and_a_near_one_is_told_with_its_gap() -> None:
    made = Made()
    made.add(hap.Owes(1, "marrow", "tansy", 2640, 1))
    made.add(hap.Cleared("rye", 90, 4, ("tansy",), (4,), ("brock",), (4,)), Beat.MARKET)
    made.add(hap.Defaulted(1, "marrow", "tansy", 2628, 12), Beat.DUSK)
    scene = build_screenplay(made.header, made.events).scenes[0]
    assert scene.reasons[0].what == "a default by a little"
    last = scene.elements[-1]
    assert "£11" in last.text and "Tansy" in last.text and made.log.next_number - 1 in last.numbers
    assert "£10 19s" in last.text or "1s" in last.text


def test_who_is_worth_less_than_nothing_is_said_to_be() -> None:
    made = Made(days=1)
    made.add(hap.DayClosed(made.header.scenario.seat_names, (0,) * 5, (500, 400, 300, 200, -13)), Beat.DUSK)
    last = build_screenplay(made.header, made.events).scenes[-1].elements[-1]
    assert "1s 1d less than nothing" in last.text and "-" not in last.text


def test_a_quiet_day_leaves_one_line_or_none() -> None:
    made = Made(days=4)
    made.next_day()
    made.add(hap.Consumed("tansy", "rye", 1))
    made.next_day()
    made.add(hap.BillPaid(1, "brock", 1200))
    made.add(hap.BillPaid(2, "marrow", 1200))
    scenes = {scene.day: scene for scene in build_screenplay(made.header, made.events).scenes}
    assert set(scenes) == {1, 3}
    (line,) = scenes[3].elements
    assert scenes[3].heading is None and line.text.startswith("Wednesday. ")
    assert scenes[3].numbers[0] in line.numbers


def test_what_a_spoken_line_answers_is_told_before_it() -> None:
    made = Made()
    made.add(hap.Offered("vesper", "quill", "vesper", 2400, 2640, 9), Beat.ADDRESS, ("quill", "vesper"))
    made.add(hap.Declined("quill", "vesper", 2400, True), Beat.ANSWER, ("quill", "vesper"))
    made.add(hap.Said("quill", "vesper", "deny", "No, Vesper.", ()), Beat.ANSWER, ("quill", "vesper"))
    asked, answer = build_screenplay(made.header, made.events).scenes[0].elements[-2:]
    assert isinstance(asked, Action) and "Vesper" in asked.text and "£10" in asked.text
    assert isinstance(answer, Dialogue) and answer.parenthetical is not None
    assert answer.parenthetical.text == "aside to Vesper"


def ask(made: Made, spoken: bool) -> None:
    """Vesper asks Quill for £10, perhaps aloud."""
    made.add(hap.Offered("vesper", "quill", "vesper", 2400, 2640, 9), Beat.ADDRESS, ("quill", "vesper"))
    if spoken:
        made.say("vesper", "quill", "borrow", "Ten pounds.", private=True)


@pytest.mark.parametrize("spoken", [True, False])
def test_what_a_line_asks_for_is_answered_in_the_scene_however_much_else_happens(spoken: bool) -> None:
    made = Made()
    for number in range(5):
        made.add(hap.HouseFailed(number, "tansy", 100))
    ask(made, spoken)
    made.add(hap.Declined("quill", "vesper", 2400, True), Beat.ANSWER, ("quill", "vesper"))
    told = [e for e in elements(build_screenplay(made.header, made.events)) if made.events[-1].number in e.numbers]
    assert len(told) == spoken


@pytest.mark.parametrize("spoken", [True, False])
def test_a_request_that_gets_no_answer_is_told_once(spoken: bool) -> None:
    made = Made()
    ask(made, spoken)
    made.add(hap.Decided("quill", ("keep silent",)), Beat.ANSWER, ("quill",))
    told = elements(build_screenplay(made.header, made.events))[-1 - spoken :]
    assert [isinstance(element, Dialogue) for element in told] == ([True, False] if spoken else [False])
    assert spoken or {"Quill", "Vesper", "£10"} <= set(re.findall(r"[\w£]+", told[-1].text))
    assert spoken or told[-1].text.count("£10") == 1


def test_a_payment_that_is_spoken_of_is_counted_after_the_words() -> None:
    made = Made()
    made.add(hap.Owes(1, "marrow", "tansy", 2640, 1))
    made.add(hap.Repaid(1, "marrow", "tansy", 2640, False), Beat.DUSK)
    made.add(hap.Said("tansy", "marrow", "repay", "There it is.", ()), Beat.REMARK)
    line, counted = build_screenplay(made.header, made.events).scenes[0].elements[-2:]
    assert isinstance(line, Dialogue) and isinstance(counted, Action)
    assert any(isinstance(made.events[number - 1].body, hap.Repaid) for number in counted.numbers)


def test_what_has_nothing_to_do_with_another_thing_stands_apart_from_it() -> None:
    made = Made(days=9)
    made.next_day()
    made.add(hap.Lent(1, "brock", "vesper", 480, 528, 9), Beat.ANSWER, ("brock", "vesper"))
    made.add(hap.Lent(2, "marrow", "quill", 480, 528, 9), Beat.ANSWER, ("marrow", "quill"))
    made.add(hap.Lent(3, "marrow", "tansy", 480, 528, 9), Beat.ANSWER, ("marrow", "tansy"))
    texts = [element.text for element in build_screenplay(made.header, made.events).scenes[-1].elements]
    assert ["Vesper" in text for text in texts] == [True, False]
    assert "Quill" in texts[1] and "Tansy" in texts[1]


def test_a_mark_stands_with_the_sentence_it_is_of() -> None:
    made = Made()
    tip(made, 0, None)
    made.add(hap.Lent(1, "vesper", "quill", 480, 528, 9), Beat.ADDRESS, ("quill", "vesper"))
    marked = [element for element in elements(build_screenplay(made.header, made.events)) if element.marks]
    assert ["tin" in element.text and "£2" not in element.text for element in marked] == [True]


@pytest.mark.parametrize(
    ("percent", "said"), [(20, "less than a quarter of"), (25, "a quarter of"), (40, "less than half of"),
                          (90, "less than"), (150, "more than"), (200, "twice"), (220, "more than twice")],
)  # fmt: skip
def test_a_part_of_what_is_usual_is_said_in_words(percent: int, said: str) -> None:
    assert portion(percent).text == said


def tip(made: Made, credence: int, say: str | None) -> Claim:
    """Vesper tells Quill that tin will rise, perhaps with a line."""
    claim = Claim(4, ClaimKind.WILL_RISE, "tin", 1, 4, Basis.PRICE)
    note = Sealed(note=f"the teller believes it {credence} in 100")
    made.add(hap.Tipped("vesper", "quill", claim), Beat.ADDRESS, ("quill", "vesper"), note)
    if say:
        made.say("vesper", "quill", "tip_up", say, private=True)
    return claim


@pytest.mark.parametrize(("credence", "settled", "lie"), [(0, None, True), (80, Truth.FALSE, False), (80, None, None)])
def test_a_line_is_marked_by_what_the_log_shows(credence: int, settled: Truth | None, lie: bool | None) -> None:
    made = Made()
    claim = tip(made, credence, "Tin will dance.")
    shown = made.log.next_number - 2
    if settled:
        made.next_day()
        shown = made.add(hap.Settled(claim, settled), Beat.DUSK)
    line = next(e for e in elements(build_screenplay(made.header, made.events)) if isinstance(e, Dialogue))
    assert [(mark.lie, mark.number) for mark in line.marks] == ([] if lie is None else [(lie, shown)])


def test_a_lie_that_was_believed_is_remembered_when_it_comes_out() -> None:
    made = Made()
    claim = tip(made, 0, None)
    made.add(hap.Weighed("quill", "vesper", 4, True), Beat.ANSWER, ("quill", "vesper"))
    made.next_day()
    made.add(hap.Settled(claim, Truth.FALSE), Beat.DUSK)
    scene = build_screenplay(made.header, made.events).scenes[-1]
    assert scene.reasons[0].what == "a lie that was believed comes out"
    assert {"Vesper", "Quill"} <= set(re.findall(r"\w+", scene.elements[-1].text))
    assert len(scene.elements[-1].numbers) == 3


def test_an_aside_is_for_the_reader_only() -> None:
    made = Made()
    number = made.add(hap.Decided("brock", ("hold",)), Beat.MARKET, ("brock",), Sealed(aside="Let them freeze."))
    aside = build_screenplay(made.header, made.events).scenes[0].elements[-1]
    assert isinstance(aside, Dialogue) and aside.aside and aside.numbers == (number,)
    assert "(to nobody)" in render_fountain(build_screenplay(made.header, made.events))


def test_a_lie_that_is_spoken_is_marked_once() -> None:
    made = Made()
    tip(made, 0, "Tin will dance.")
    made.add(hap.Weighed("quill", "vesper", 4, True), Beat.ANSWER, ("quill", "vesper"))
    line, nod = elements(build_screenplay(made.header, made.events))[-2:]
    assert [len(line.marks), len(nod.marks)] == [1, 0] and isinstance(nod, Action)


@pytest.mark.parametrize(("due", "early"), [(2, True), (1, False)])
def test_only_what_is_paid_before_its_day_is_early(due: int, early: bool) -> None:
    made = Made()
    made.add(hap.Owes(1, "marrow", "tansy", 2640, due))
    made.add(hap.Repaid(1, "marrow", "tansy", 2640, True), Beat.ANSWER)
    reasons = {reason.what for reason in build_screenplay(made.header, made.events).scenes[0].reasons}
    assert ("a debt paid early" in reasons, "a debt paid on its day" in reasons) == (early, not early)
