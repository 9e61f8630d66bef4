"""Scenarios: what is read, and that each mistake is answered in one line that names its place."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.errors import ChronicleError, FivepennyError, ScenarioError
from fivepenny.scenario import (
    MOST_BYTES,
    Scenario,
    load_scenario,
    parse_scenario,
    read_scenario_json,
    shipped_scenarios,
)

SMALL = """
name = "small"
title = "The Small"
place = "A TABLE"
days = 3

[[goods]]
name = "rye"
say = "rye"
unit = "sack"
units = "sacks"
price_pence = 60

[[goods]]
name = "stock"
say = "the stock"
unit = "share"
units = "shares"
price_pence = 300
share = true

[[seats]]
name = "amber"
full_name = "Ann Amber"
first_name = "Ann"
trade = "baker"
wants = "flour"
cannot = "sleep"
speaks = "Plainly."
steadiness = 3
purse_pence = 100
stock = { rye = 2 }
makes = { rye = 1 }
needs = { rye = 1 }
craft = { good = "rye", up_to = 1, earns_pence = 90 }

[[seats]]
name = "birch"
full_name = "Ben Birch"
first_name = "Ben"
trade = "miller"
wants = "wind"
cannot = "wait"
speaks = "Loudly."
steadiness = 3

[[bills]]
seat = "amber"
pence = 5
due_day = 2

[[debts]]
lender = "amber"
borrower = "birch"
principal_pence = 10
owed_pence = 11
due_day = 3

[[bonds]]
doer = "amber"
to = "birch"
strength = -2
deed = "the sack you kept"
since = "last year"
"""


def complaint(text: str) -> str:
    """The one line that a scenario is refused with."""
    with pytest.raises(ScenarioError) as error:
        parse_scenario(text, "small.toml")
    words = str(error.value)
    assert words.startswith("small.toml: ") and len(words.splitlines()) == 1 and words.isprintable()
    assert len(words) < 600
    return words


def test_the_small_one_is_sound() -> None:
    scenario = parse_scenario(SMALL, "small.toml")
    assert scenario.good_names == ("rye", "stock") and scenario.seat_names == ("amber", "birch")
    assert scenario.seat("amber").stock == {"rye": 2} and scenario.good("stock").share
    assert scenario.bonds[0].strength == -2 and scenario.debts[0].owed_pence == 11
    for ask in (scenario.seat, scenario.good):
        with pytest.raises(KeyError, match="nobody"):
            ask("nobody")


@pytest.mark.parametrize("name", shipped_scenarios())
def test_what_is_shipped_can_be_played(name: str) -> None:
    scenario, chronicle = load_scenario(name)
    assert scenario.name == name
    assert (chronicle is not None) == (scenario.chronicle is not None)
    traded = set(scenario.good_names)
    made = {good for seat in scenario.seats for good in seat.makes}
    used = {good for seat in scenario.seats for good in seat.needs}
    used |= {seat.craft.good for seat in scenario.seats if seat.craft}
    used |= set(scenario.diet.foods if scenario.diet else ())
    assert used <= made | {good for seat in scenario.seats for good in seat.stock} <= traded


def test_the_default_is_shipped() -> None:
    assert "south-sea" in shipped_scenarios()


# --- mistakes ------------------------------------------------------------------------------------------------

MISTAKES = [
    # a value that cannot be: where it stands, and a word of what would be right
    ("days = 3", "days = 0", ["days", "greater than or equal to 1"]),
    ("days = 3", "days = 3001", ["days", "less than or equal to 3000"]),
    ("days = 3", "days = 3.0", ["days", "integer"]),
    ("days = 3", "days = true", ["days", "integer"]),
    ("days = 3", 'days = "three"', ["days", "integer"]),
    ("days = 3\n", "", ["days", "required"]),
    ("price_pence = 60", "price_pence = 3", ["goods.0.price_pence", "greater than or equal to 4"]),
    ("price_pence = 300", "price_pence = -300", ["goods.1.price_pence"]),
    ("share = true", "share = 1", ["goods.1.share", "boolean"]),
    ("purse_pence = 100", "purse_pence = 10.5", ["seats.0.purse_pence", "integer"]),
    ("stock = { rye = 2 }", "stock = { rye = -2 }", ["seats.0.stock.rye"]),
    ("stock = { rye = 2 }", "stock = { Rye = 2 }", ["seats.0.stock.Rye", "pattern"]),
    ("steadiness = 3\npurse", "steadiness = 10\npurse", ["seats.0.steadiness"]),
    ("up_to = 1,", "", ["seats.0.craft.up_to", "required"]),
    ("strength = -2", "strength = -10", ["bonds.0.strength"]),
    ('title = "The Small"', 'title = ""', ["title", "at least 1"]),
    ('title = "The Small"', 'title = "The\\u001b[31mSmall"', ["title", "printed"]),
    ('name = "small"', 'name = "../small"', ["name", "pattern"]),
    ('name = "amber"', 'name = "Amber"', ["seats.0.name", "pattern"]),
    ('name = "amber"', 'name = "amber ann"', ["seats.0.name", "pattern"]),
    # a key that is not known, at each depth; a key that is itself a trap
    ("days = 3", "days = 3\nweather = 'fair'", ["weather", "not permitted"]),
    ("share = true", "share = true\ncolour = 'red'", ["goods.1.colour", "not permitted"]),
    ("up_to = 1,", "up_to = 1, hours = 9,", ["seats.0.craft.hours", "not permitted"]),
    ("days = 3", 'days = 3\n"a\\nb\\u001b[31m" = 1', ["not permitted"]),
    ("days = 3", f'days = 3\n"{"k" * 5000}" = 1', ["not permitted"]),
    # references to what is not there
    ("stock = { rye = 2 }", "stock = { oats = 2 }", ["seat amber: stock", "'oats'", "rye, stock"]),
    ("makes = { rye = 1 }", "makes = { oats = 1 }", ["seat amber: makes", "'oats'", "rye"]),
    ("share = true", "share = true\nspoils_percent = 5", ["share 'stock'", "spoil"]),
    ("makes = { rye = 1 }", "makes = { stock = 1 }", ["seat amber: makes", "'stock'"]),
    ("needs = { rye = 1 }", "needs = { stock = 1 }", ["seat amber: needs", "'stock'"]),
    ('craft = { good = "rye"', 'craft = { good = "stock"', ["seat amber: craft", "'stock'"]),
    ("days = 3", 'days = 3\nhears_first = ["clay"]', ["hears_first", "'clay'", "amber, birch"]),
    ('seat = "amber"', 'seat = "rye"', ["bills", "'rye'", "amber, birch"]),
    ('lender = "amber"', 'lender = "clay"', ["debts", "'clay'"]),
    ('borrower = "birch"', 'borrower = "clay"', ["debts", "'clay'"]),
    ('doer = "amber"', 'doer = "outside"', ["bonds", "'outside'"]),
    ('lender = "amber"', 'lender = "birch"', ["birch", "itself"]),
    ('to = "birch"', 'to = "amber"', ["amber", "itself"]),
    # a calendar that turns twice or turns nothing, a diet that nobody can keep
    ("days = 3", "days = 3\ncalendar = [{good = 'oats', from_day = 2, need_percent = 150}]", ["calendar", "'oats'"]),
    ("days = 3", "days = 3\ncalendar = [{good = 'stock', from_day = 2, need_percent = 150}]", ["calendar", "'stock'"]),
    ("days = 3", "days = 3\ncalendar = [{good = 'rye', from_day = 0, need_percent = 150}]", ["calendar.0.from_day"]),
    ("days = 3", "days = 3\ncalendar = [{good = 'rye', from_day = 2, need_percent = 1001}]",
     ["calendar.0.need_percent"]),
    ("days = 3", "days = 3\ncalendar = [{good = 'rye', from_day = 2, need_percent = 150},"
     "{good = 'rye', from_day = 2, need_percent = 90}]", ["calendar", "'rye'", "day 2"]),
    ("days = 3", "days = 3\ndiet = {foods = ['oats'], kinds = 1}", ["diet: foods", "'oats'"]),
    ("days = 3", "days = 3\ndiet = {foods = ['stock'], kinds = 1}", ["diet: foods", "'stock'"]),
    ("days = 3", "days = 3\ndiet = {foods = [], kinds = 1}", ["diet.foods"]),
    ("days = 3", "days = 3\ndiet = {foods = ['rye'], kinds = 0}", ["diet.kinds"]),
    ("days = 3", "days = 3\ndiet = {foods = ['rye'], kinds = 2}", ["diet: kinds", "2 of 1"]),
    ("days = 3", "days = 3\ndiet = {foods = ['rye', 'rye'], kinds = 1}", ["diet: foods", "twice"]),
    ("steadiness = 3\npurse", "eats = 2\nsteadiness = 3\npurse", ["seat amber: eats", "diet"]),
    ("steadiness = 3\npurse", "eats = 101\nsteadiness = 3\npurse", ["seats.0.eats"]),
    # names that would be taken for one another
    ('name = "stock"', 'name = "rye"', ["good 'rye'", "twice"]),
    ('name = "birch"', 'name = "amber"', ["seat 'amber'", "twice"]),
    ('name = "stock"', 'name = "amber"', ["'amber'", "rename"]),
    ('name = "birch"', 'name = "outside"', ["seat 'outside'", "reserved"]),
    ('name = "stock"', 'name = "pence"', ["good 'pence'", "reserved"]),
    ('name = "stock"', 'name = "bills"', ["good 'bills'", "reserved"]),
    # not TOML, or TOML of a sort that nobody can play
    ("days = 3", "days = ", ["TOML", "line 5"]),
    ("days = 3", "days = 3\ndays = 4", ["TOML", "line"]),
    ("days = 3", "days = 1720-06-02", ["date", "count days"]),
    ("days = 3", "days = 3\nopens = 09:30:00", ["date", "count days"]),
    ("days = 3", f"days = {'9' * 5000}", ["number"]),
    ("days = 3", f"days = 0x{'f' * 5000}", ["number"]),
    ("days = 3", f"days = 3\ndeep = {'[' * 20_000}", ["deep"]),
    ("days = 3", "days = nan", ["days"]),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "words"), MISTAKES)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, words: list[str]) -> None:
    assert right in SMALL
    found = complaint(SMALL.replace(right, wrong, 1))
    assert all(word in found for word in words), found


DIET = 'days = 3\ndiet = { foods = ["rye", "oats"], kinds = 2 }'
OATS = "[[goods]]\nname = 'oats'\nsay = 'oats'\nunit = 'sack'\nunits = 'sacks'\nprice_pence = 50\n\n[[goods]]"


def test_a_house_that_cannot_keep_its_diet_is_named() -> None:
    dieting = SMALL.replace("days = 3", DIET).replace("[[goods]]", OATS, 1)
    own = dieting.replace("needs = { rye = 1 }", "eats = 2")
    assert parse_scenario(own, "small.toml").seat("amber").eats == 2
    assert "seat amber: eats: 1 portions" in complaint(own.replace("eats = 2", "eats = 1"))
    assert "'rye'" in complaint(own.replace("eats = 2", "eats = 2\nneeds = { rye = 1 }"))


def test_a_market_needs_goods_and_two_seats() -> None:
    head, rest = SMALL.split("[[goods]]", 1)
    seats = rest[rest.index("[[seats]]") :].split("[[bills]]")[0]
    bare = head + "\n".join(
        line for line in seats.splitlines() if not line.startswith(("stock", "makes", "needs", "craft"))
    )
    assert "[[goods]]" in complaint(bare)
    assert "seats" in complaint(SMALL.replace(SMALL[SMALL.index('[[seats]]\nname = "birch"') :], ""))
    assert "seats" in complaint(head)


SMALL_DATA = tomllib.loads(SMALL)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=60), junk=JUNK, key=st.sampled_from(sorted(SMALL_DATA)))
def test_whatever_is_given_is_answered_in_one_line(text: str, junk: Any, key: str) -> None:
    import json

    attempts: list[Callable[[], Scenario]] = [
        lambda: parse_scenario(text, "x.toml"),
        lambda: read_scenario_json(text, "x.toml"),
        lambda: read_scenario_json(json.dumps({**SMALL_DATA, key: junk}), "x.toml"),
    ]
    for attempt in attempts:
        try:
            attempt()
        except ScenarioError as error:
            assert len(str(error).splitlines()) == 1


# --- files ---------------------------------------------------------------------------------------------------


def refused(reference: str | Path, kind: type[FivepennyError] = ScenarioError) -> str:
    with pytest.raises(kind) as error:
        load_scenario(str(reference))
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_a_reference_to_nothing_says_what_there_is(tmp_path: Path) -> None:
    for reference in ("south-see", tmp_path, tmp_path / "absent.toml", "", "x" * 5000):
        assert "south-sea" in refused(reference)


def test_a_file_that_is_huge_or_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_text(SMALL + "#" * MOST_BYTES)
    assert "huge.toml: larger than" in refused(path)
    path.write_bytes(b"\xff\xfe\x00")
    assert "huge.toml" in refused(path) and "UTF-8" in refused(path)


HEAD = "date,asset,kind,effect,told,headline,price,unit,source\n1720-06-02,rye,news,up,yes,"


def test_a_chronicle_is_looked_for_beside_the_file_then_in_the_package(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    assert load_scenario(str(path))[1] is None
    path.write_text(f'chronicle = "south-sea-1720.csv"\n{SMALL}')
    shipped = load_scenario(str(path))[1]
    assert shipped is not None and len(shipped.rows) > 1
    (tmp_path / "south-sea-1720.csv").write_text(f"{HEAD}My own,,,me\n")
    own = load_scenario(str(path))[1]
    assert own is not None and [row.headline for row in own.rows] == ["My own"]


@pytest.mark.parametrize("name", ["absent.csv", "../absent.csv", ".", "x" * 400])
def test_a_chronicle_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "small.toml"
    path.write_text(f'chronicle = "{name}"\n{SMALL}')
    refused(path, ChronicleError)


# --- to JSON and back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", [parse_scenario(SMALL, "small.toml"), load_scenario("south-sea")[0]])
def test_a_scenario_comes_back_from_its_json(scenario: Scenario) -> None:
    text = scenario.model_dump_json()
    assert read_scenario_json(text, "x") == scenario
    assert read_scenario_json(text, "x").model_dump_json() == text


def test_a_world_of_another_kind_needs_seats_alone() -> None:
    """Its season file is opened again by the JSON in its header."""
    scenario = parse_scenario(SMALL, "x")
    seats = tuple(
        seat.model_copy(update={"stock": {}, "makes": {}, "needs": {}, "craft": None}) for seat in scenario.seats
    )
    bare = Scenario(name="garden", title="The Garden", place="A WELL", days=3, seats=seats)
    assert read_scenario_json(bare.model_dump_json(), "x") == bare
