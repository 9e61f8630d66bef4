"""The size of a short is a secret of two: a third sees nothing of it until an event that it may see differs."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.clock import Beat
from fivepenny.events import EVERYONE
from fivepenny.market import hire_menu
from fivepenny.market.menus import list_menu
from fivepenny.market.state import Market
from fivepenny.scenario import Good
from hirers import hire, table, trade, with_custom
from test_secrets import honest, play
from towns import at_dusk, opened, seat

PLAY = with_custom("south-sea")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades at the small table; in a season everyone does."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def sent_to(market: Market, watcher: str) -> str:
    """Everything that a seat could be sent today, beat by beat."""
    listings = [list_menu(market.knowledge[watcher], market.scenario, 1, beat) for beat in Beat]
    return repr([listing.menu for listing in listings if listing])


def small_table(units: int, watcher: str) -> list[tuple[str, list[Any]]]:
    """Day by day what a third is sent and sees, where birch has so many units of amber's on hire and sells four."""
    market = opened(table(seat("birch", stock={"rye": 0, "stock": 0})))
    hire(market, "birch", "amber", "rye", units)
    days: list[tuple[str, list[Any]]] = []
    for day in range(1, 12):
        market.log.day = day
        for knowledge in market.knowledge.values():
            knowledge.turn_to(day)
        sent = sent_to(market, watcher)
        orders = {"birch": ("sell", "rye", 4, 50), "clay": ("buy", "rye", 4, 60)} if day == 2 else {}
        events = (*trade(market, day, **orders), *at_dusk(market, day))
        days.append((sent, [event.seen_by(watcher).body for event in events if event.seen_by(watcher)]))
    return days


@settings(max_examples=20, deadline=None)
@given(one=st.integers(4, 20), other=st.integers(4, 20))
def test_the_size_of_a_short_is_a_secret_until_it_is_bought_in(one: int, other: int) -> None:
    """Birch keeps what it does not sell and lacks four on the day: nothing differs for clay at all."""
    assert small_table(one, "clay") == small_table(other, "clay")


def test_the_owner_sees_the_difference() -> None:
    assert small_table(5, "amber") != small_table(6, "amber")


def test_a_leak_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: hires that everyone hears of."""
    monkeypatch.setattr("fivepenny.market.hire.two", lambda one, other: EVERYONE)
    (sent, _), (sent_too, _) = small_table(5, "clay")[0], small_table(6, "clay")[0]
    assert sent != sent_too


def season(seed: int, watcher: str, hirer: str, most: int) -> list[tuple[list[str], list[Any]]]:
    """A season in which one seat hires no more than so many units."""
    terms = hire_menu.hire_terms

    def fewer(knowledge: Any, good: Good, owner: str) -> Any:
        found = terms(knowledge, good, owner)
        if found is None or knowledge.seat != hirer or found.quantity <= most:
            return found
        value_pence = most * knowledge.last_pence[good.name]
        fee, margin = hire_menu.fee_pence(value_pence), hire_menu.margin_pence(value_pence)
        return hire_menu.HireTerms(owner, good.name, most, fee, margin, found.due_day)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hire_menu, "hire_terms", fewer)
        patch.setattr("test_secrets.DAYS", 22)
        return list(play(PLAY, seed, watcher, honest))


def test_in_a_season_another_is_sent_the_same_until_it_sees_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    first: list[str] = []
    for seed in (3, 9):
        for watcher in PLAY.seat_names:
            if watcher == "brock":
                continue
            days = zip(season(seed, watcher, "brock", 3), season(seed, watcher, "brock", 8), strict=True)
            for (sent, seen), (sent_too, seen_too) in days:
                assert sent == sent_too
                if seen != seen_too:
                    first += [body.kind for body, other in zip(seen, seen_too, strict=False) if body != other][:1]
                    break
    assert "hire_asked" in first and len(first) >= 4  # the owner's ears; for others a trade, or a word about it
