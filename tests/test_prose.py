"""The prose wording: what no turn changes is true in every world, and is answered by replies that are read."""

import re

import pytest

from fivepenny.company import prose
from fivepenny.company.cues import ALL_SLOTS
from fivepenny.company.lines import clean_template, line_fault
from fivepenny.company.players import MEMORIES
from fivepenny.minds.reply import parse_reply
from fivepenny.scenario import load_scenario
from fivepenny.world import Option, Past
from towns import beats

SCENARIO, _ = load_scenario("south-sea")
SEAT = SCENARIO.seat("brock")
GLOSSED = re.compile(r"(?:^|[.;:] )((?:[a-z]+, )*[a-z]+): ")
EXAMPLE = re.compile(r"^\{.*\}$", re.MULTILINE)
SLOT = re.compile(r"\{([a-z]+)\}")


def test_every_act_that_is_explained_stands_on_some_menu() -> None:
    paragraph = next(part for part in prose.system_text(SEAT).split("\n\n") if part.startswith("Each turn"))
    glossary = paragraph.partition("they mean")[2]
    explained = {act for acts in GLOSSED.findall(glossary) for act in acts.split(", ")}
    listed: set[str] = set()
    for beat, town, menus, moves in beats(seed=1, days=30):
        listed |= {phrase.partition(" ")[0] for menu in menus.values() for phrase in menu.phrases}
        town.apply(beat, moves)
    assert {"buy", "tip", "pay"} <= explained <= listed


def test_the_example_is_an_answer_that_is_read_and_spoken() -> None:
    (example,) = EXAMPLE.findall(prose.system_text(SEAT))
    phrase = "thank NAME"
    reply = parse_reply(example, (phrase, "hold"), 1, slots=frozenset(ALL_SLOTS))
    assert reply.moves == (phrase,) and reply.say and reply.aside
    option = Option(phrase, "thank", slots={"to": "Name"}, past={"deed": Past("the coal at my door", 1)})
    assert line_fault(clean_template(reply.say), option, (), ("Marrow",)) is None


def test_every_slot_is_told() -> None:
    assert set(SLOT.findall(prose.system_text(SEAT))) == set(ALL_SLOTS)


def test_it_says_who_speaks_and_nothing_of_what_a_season_changes() -> None:
    texts = {prose.system_text(seat) for seat in SCENARIO.seats}
    assert len(texts) == len(SCENARIO.seats)
    poorer = SEAT.model_copy(update={"purse_pence": 1, "stock": {}, "steadiness": 1})
    assert prose.system_text(poorer) == prose.system_text(SEAT)
    assert all(word in prose.system_text(SEAT) for word in (SEAT.full_name, SEAT.wants, SEAT.cannot, SEAT.speaks))


def test_no_name_or_good_of_one_world_is_told() -> None:
    bare = SEAT.model_copy(update=dict.fromkeys(("full_name", "trade", "wants", "cannot", "speaks"), "x"))
    words = set(re.findall(r"[a-z]+", prose.system_text(bare).lower()))
    assert not words & {*SCENARIO.seat_names, *SCENARIO.good_names}
    assert not re.search(r"\d", prose.system_text(bare))


@pytest.mark.parametrize("seed", [1, 2])
def test_half_of_what_a_mind_is_sent_never_changes(seed: int) -> None:
    constant = changing = 0
    for beat, town, menus, moves in beats(seed, days=30):
        for seat, menu in menus.items():
            constant += len(prose.system_text(SCENARIO.seat(seat)))
            changing += len(prose.turn_text(town.observe(seat, beat), menu, MEMORIES))
        town.apply(beat, moves)
    assert constant >= changing
