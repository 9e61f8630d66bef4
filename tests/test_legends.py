"""Legends: what each step does and who learns of it, when they begin, and what a file may declare."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.errors import ScenarioError
from fivepenny.events import EVERYONE, Event
from fivepenny.legends import Legend, Unfolded, begins
from fivepenny.market.legends import unfold_legends
from fivepenny.market.orders import Side
from fivepenny.market.state import Estate, Flow, Market, Unfolding
from fivepenny.rng import stream
from fivepenny.scenario import Scenario, parse_scenario, read_scenario_json
from fivepenny.stage.lint import scenario_warnings
from quiet_tables import quiet_table
from towns import at_dawn, at_dusk, bodies, of_kind, opened, scenario, seat

BUBBLE = quiet_table("bubble")[0]
UP = {"does": "news", "headline": "It will be dear", "effect": "up"}
WHISPER = {"does": "whisper", "headline": "It will be cheap", "effect": "down", "to": ["amber", "clay"]}
BUYERS = {"does": "buyers", "units_percent": 10, "reach_percent": 5, "days": 2}
CREDIT = {"does": "credit", "pence": 50, "holding_percent": 10, "interest_percent": 10, "due_days": 9}
CALL = {"does": "call", "notice_days": 1, "after_days": 2}
STOCK = {"does": "stock", "good": "rye", "percent": 200, "days": 3}


def legend(*steps: dict[str, Any], **changes: Any) -> Legend:
    """A legend of the stock with these steps, which begins on day 2."""
    plain = {"name": "tale", "asset": "stock", "from_day": 2}
    return Legend.model_validate(plain | changes | {"steps": [dict(step) for step in steps]}, strict=False)


def town(*steps: dict[str, Any], **changes: Any) -> Scenario:
    """The small scenario with a legend of these steps."""
    return scenario(legends=(legend(*steps, **changes),))


def played(market: Market, day: int) -> tuple[Event, ...]:
    """What legends bring on a day, apart from the rest of its dawn."""
    market.log.day = day
    market.log.take()
    unfold_legends(market)
    return market.log.take()


# --- the steps -------------------------------------------------------------------------------------------------


def test_news_is_for_everyone_and_a_whisper_for_those_named() -> None:
    market = opened(town(UP, WHISPER))
    assert played(market, 1) == ()
    mark, news, mark_too, one, other = played(market, 2)
    assert (mark.body, mark_too.body) == (Unfolded("tale", 1), Unfolded("tale", 2))
    assert mark.audience == mark_too.audience == ()
    assert news.audience == EVERYONE and news.body.claim.kind.direction == 1
    assert [event.audience for event in (one, other)] == [("amber",), ("clay",)]
    assert one.body.claim.number != other.body.claim.number and one.body.claim.kind.direction == -1
    held = {name: len(knowledge.beliefs) for name, knowledge in market.knowledge.items()}
    assert held == {"amber": 2, "birch": 1, "clay": 2}


def test_outside_trade_comes_for_its_days_and_says_nothing() -> None:
    market = opened(town(BUYERS, {**BUYERS, "does": "sellers", "reach_percent": -8}))
    assert [type(event.body) for event in played(market, 2)] == [Unfolded, Unfolded]
    assert market.flows == [Flow("stock", Side.BUY, 12, 5, 3), Flow("stock", Side.SELL, 12, -8, 3)]


def test_credit_follows_its_rule_and_passes_by_who_has_failed() -> None:
    market = opened(town({**CREDIT, "holding_percent": 10}))
    market.estates["birch"] = Estate("birch", 1, ())
    lent = [event.body for event in of_kind(played(market, 2), hap.Lent)]
    each_pence = 50 + 40 * 300 * 10 // 100
    assert [(body.borrower, body.principal_pence, body.owed_pence, body.due_day) for body in lent] == [
        (name, each_pence, each_pence * 110 // 100, 11) for name in ("amber", "clay")
    ]
    assert market.free("amber") == 1000 + each_pence and market.free("birch") == 1000


def test_credit_on_nothing_is_no_loan() -> None:
    play = scenario(seat("amber", stock={"rye": 1}), legends=(legend({**CREDIT, "pence": 0}),))
    borrowers = [event.body.borrower for event in of_kind(played(opened(play), 2), hap.Lent)]
    assert borrowers == ["birch", "clay"]


def test_a_call_makes_the_loans_of_its_legend_due_and_no_other_and_not_later() -> None:
    other = legend({**CREDIT, "pence": 70, "due_days": 12}, name="other")
    late = {**CREDIT, "due_days": 1, "after_days": 2}
    play = scenario(legends=(legend(CREDIT, late, CALL), other))
    market = opened(play)
    played(market, 2)
    at_dusk(market, 2)
    called = of_kind(played(market, 4), hap.Called)
    assert [(event.audience, event.body.borrower, event.body.due_day) for event in called] == [
        ((name,), name, 5) for name in ("amber", "birch", "clay")
    ]
    assert Counter(loan.due_day for loan in market.loans.values()) == {5: 6, 14: 3}
    known = market.knowledge["amber"].loans
    assert {known[number].due_day for number in known} == {5, 14}
    assert all(known[number].due_day == market.loans[number].due_day for number in known)


def test_who_cannot_meet_a_call_fails() -> None:
    play = town({**CREDIT, "holding_percent": 0, "pence": 900}, {**CALL, "notice_days": 0, "after_days": 1})
    market = opened(play)
    played(market, 2)
    market.pay("amber", "outside", 1500)
    played(market, 3)
    at_dusk(market, 3)
    assert set(market.estates) == {"amber"}


def test_stock_is_made_more_for_some_days() -> None:
    play = scenario(seat("amber", makes={"rye": 10}), legends=(legend({**STOCK, "percent": 300, "days": 1}),))
    market = opened(play)
    made = [sum(event.body.quantity for event in of_kind(at_dawn(market, day), hap.Produced)) for day in (2, 3)]
    assert made[1] <= 12
    market = opened(scenario(seat("amber", makes={"rye": 10}), legends=(legend(STOCK),)))
    (struck,) = of_kind(played(market, 2), hap.Struck)
    assert struck.audience == EVERYONE and struck.body == hap.Struck("rye", 200, 4)
    made = [sum(event.body.quantity for event in of_kind(at_dawn(market, day), hap.Produced)) for day in (3, 4, 5)]
    assert min(made[:2]) >= 18 and made[2] <= 12


def test_no_step_touches_a_price() -> None:
    market = opened(town(UP, WHISPER, BUYERS, CREDIT, {**CALL, "after_days": 0}, STOCK))
    before = (dict(market.last_pence), dict(market.fair_pence))
    assert len(of_kind(played(market, 2), Unfolded)) == 6
    assert before == (market.last_pence, market.fair_pence)


# --- when they begin ---------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(first=st.integers(1, 9), more=st.integers(0, 9), seed=st.integers(0, 10_000))
def test_a_sure_legend_begins_once_within_its_days(first: int, more: int, seed: int) -> None:
    tale = legend(UP, from_day=first, to_day=first + more)
    days = [day for day in range(1, 30) if begins(tale, day, stream(seed, day))]
    assert days and first <= days[0] <= first + more


def test_every_day_of_the_range_is_as_likely_and_the_chance_is_kept() -> None:
    tale = legend(UP, from_day=3, to_day=6, chance_percent=40)
    began: Counter[int | None] = Counter(
        next((day for day in range(1, 9) if begins(tale, day, stream(seed, day))), None) for seed in range(4000)
    )
    assert set(began) == {3, 4, 5, 6, None}
    assert abs(began[None] - 2400) < 160 and all(abs(began[day] - 400) < 100 for day in (3, 4, 5, 6))


def test_the_digest_covers_what_has_begun() -> None:
    market = opened(town(UP))
    before = market.digest()
    market.unfolding["tale"] = Unfolding(1, ())
    assert market.digest() != before


def test_a_fork_goes_its_own_way_and_the_digest_tells_them_apart() -> None:
    market = opened(town(CREDIT, {**UP, "after_days": 3}))
    twin = market.fork()
    assert market.digest() == twin.digest()
    played(twin, 2)
    assert not market.unfolding and market.digest() != twin.digest()
    again = twin.fork()
    assert bodies(played(again, 5)) == bodies(played(twin, 5)) and again.digest() == twin.digest()


# --- what a file may declare ---------------------------------------------------------------------------------------

SMALL = """
name = "small"
title = "The Small"
place = "A TABLE"
days = 9
goods = [
  {name = "rye", say = "rye", unit = "sack", units = "sacks", price_pence = 60},
  {name = "stock", say = "stock", unit = "share", units = "shares", price_pence = 300, share = true},
]
"""
SEAT = """
[[seats]]
name = "{name}"
full_name = "A"
first_name = "A"
trade = "a"
wants = "a"
cannot = "a"
speaks = "a"
steadiness = 3
"""
FILE = SMALL + SEAT.format(name="amber") + SEAT.format(name="birch")
TABLE = """
[[legends]]
name = "tale"
asset = "stock"
from_day = 2
{keys}
[[legends.steps]]
{step}
"""


def written(step: str, keys: str = "") -> Scenario:
    """The small scenario read from a file to which a legend was added."""
    lines = "\n".join(part.strip() for part in step.split(";"))
    return parse_scenario(FILE + TABLE.format(step=lines, keys=keys), "small.toml")


def test_a_declared_legend_is_read_and_comes_back_as_it_was_written() -> None:
    play = written('does = "credit"; pence = 40; to = ["birch"]; due_days = 3', "to_day = 4\nchance_percent = 30")
    assert play.legends[0].last_begin_day == 4
    assert read_scenario_json(play.model_dump_json(), "again") == play


@pytest.mark.parametrize(
    ("step", "keys"),
    [
        ('does = "price"; pence = 100', ""),
        ('does = "news"; headline = "x"; effect = "up"; price_pence = 3', ""),
        ('does = "news"; headline = "x"; effect = "none"', ""),
        ('does = "news"; headline = "a\\tb"; effect = "up"', ""),
        ('does = "news"; headline = "x"; effect = "up"; after_days = -1', ""),
        ('does = "news"; headline = "x"; effect = "up"', "chance_percent = 0"),
        ('does = "news"; headline = "x"; effect = "up"', "to_day = 1"),
        ('does = "whisper"; headline = "x"; effect = "up"; to = ["nobody"]', ""),
        ('does = "whisper"; headline = "x"; effect = "up"; to = ["amber", "amber"]', ""),
        ('does = "buyers"; units_percent = 0', ""),
        ('does = "sellers"; units_percent = 10; reach_percent = 90', ""),
        ('does = "credit"; due_days = 3', ""),
        ('does = "credit"; pence = 10; due_days = 0', ""),
        ('does = "call"', ""),
        ('does = "stock"; percent = 10; days = 2', ""),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(step: str, keys: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        written(step, keys)
    assert "\n" not in str(caught.value) and "legend" in str(caught.value)


def test_two_legends_of_one_name_and_an_asset_that_is_not_there_are_refused() -> None:
    text = FILE + TABLE.format(step='does = "news"\nheadline = "x"\neffect = "up"', keys="") * 2
    with pytest.raises(ScenarioError, match="tale"):
        parse_scenario(text, "small.toml")
    one = FILE + TABLE.format(step='does = "news"\nheadline = "x"\neffect = "up"', keys="")
    with pytest.raises(ScenarioError, match="gold"):
        parse_scenario(one.replace('asset = "stock"', 'asset = "gold"'), "small.toml")


def test_a_scenario_without_legends_is_written_as_it_always_was() -> None:
    assert '"legends"' not in quiet_table("south-sea")[0].model_dump_json()


@pytest.mark.parametrize(
    "play",
    [
        town(UP, to_day=25),
        town({**UP, "after_days": 30}),
        town({**CREDIT, "due_days": 60}),
        town(BUYERS, {**BUYERS, "does": "sellers"}),
    ],
)
def test_what_comes_too_late_or_meets_itself_is_doubted(play: Scenario) -> None:
    assert len(scenario_warnings(play, None)) > len(scenario_warnings(scenario(), None))
    assert not [line for line in scenario_warnings(BUBBLE, None) if "legend" in line]
