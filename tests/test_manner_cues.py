"""Manners reach minds: in the cue of a line, in the text of an option, and in what the academy teaches."""

import random

import pytest

from fivepenny.academy.corpus import line_examples
from fivepenny.clock import Beat
from fivepenny.company import cues
from fivepenny.errors import ScenarioError
from fivepenny.market.town import Town
from fivepenny.policies.grammar import load_voice
from fivepenny.scenario import parse_scenario
from fivepenny.world import Option
from talkers import talking

SCENARIO = """
name = "x"
title = "X"
place = "X"
days = 2
[[goods]]
name = "rye"
say = "rye"
unit = "sack"
units = "sacks"
price_pence = 40
"""
SEAT = 'full_name = "A"\nfirst_name = "A"\ntrade = "t"\nwants = "w"\ncannot = "c"\nspeaks = "s"\nsteadiness = 3\n'


def two_seats(tastes: str) -> str:
    return f'{SCENARIO}\n[[seats]]\nname = "one"\n{SEAT}{tastes}\n[[seats]]\nname = "two"\n{SEAT}'


@pytest.mark.parametrize("manner", ["", "plain", "warm", "flattering", "evasive", "menacing"])
def test_a_cue_names_a_manner_that_a_line_can_have(manner: str) -> None:
    option = Option("x", "threaten", to="brock", tone="cold", manner=manner)
    heard = f" {manner}" if manner in cues.HEARD_MANNERS else ""
    assert cues.line_cue(option) == f" say threaten brock cold{heard}  | line"


def test_the_academy_shows_each_line_in_its_manner_and_others_now_and_then_in_one() -> None:
    entries = load_voice("vesper").entries
    examples = list(line_examples("vesper", random.Random(1), len(entries), {}))
    named = [next((m for m in cues.HEARD_MANNERS if f" {m} " in e.prompt), "") for e in examples]
    for entry, manner in zip(entries, named, strict=True):
        assert manner == entry.manner if entry.manner else True
    others = [manner for entry, manner in zip(entries, named, strict=True) if not entry.manner]
    assert 0 < sum(map(bool, others)) < len(others) // 3


def test_a_scenario_says_what_moves_a_seat_and_what_puts_it_off() -> None:
    seat = parse_scenario(two_seats('moved_by = ["flattering"]\nput_off_by = ["menacing"]'), "x").seats[0]
    assert (seat.moved_by, seat.put_off_by) == (("flattering",), ("menacing",))
    plain = parse_scenario(two_seats(""), "x")
    assert "moved_by" not in plain.model_dump_json() and "put_off_by" not in plain.model_dump_json()
    for tastes in ('moved_by = ["warm"]\nput_off_by = ["warm"]', 'moved_by = ["loud"]'):
        with pytest.raises(ScenarioError):
            parse_scenario(two_seats(tastes), "x")


def test_a_manner_stands_in_the_text_of_an_option() -> None:

    town = Town(1, 3, *talking())
    town.apply(Beat.DAWN, {})
    for menu in town.menus(Beat.ADDRESS).values():
        for option in menu.options:
            assert ("with menace" in option.text) == (option.manner == "menacing")
