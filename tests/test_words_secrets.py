"""What only two know stays between two: a third seat is shown the same whatever is said between others.

Two copies of one town part ways for one beat of talk: in one of them somebody says something in private, in the other
it says nothing. Whoever was not told sees the same happen, and is asked the same in both wordings, that day's menus
through; only what comes of it in the books of an auction can part them.
"""

import re
from collections import Counter
from random import Random

import pytest

from fivepenny import words
from fivepenny.clock import Beat
from fivepenny.events import Event
from fivepenny.market.town import Town
from fivepenny.world import Move
from talkers import talking, tell
from test_secrets import honest
from towns import legal, market_of, opened, scenario


@pytest.fixture
def never_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tales travel as they are."""
    monkeypatch.setattr("fivepenny.market.words.CHANGED_PERCENT", 0)


_NUMBER = re.compile(r"(number|claim|promise|threat|bribe|loan|deed)=\d+")
PRIVATE_ACTS = ("tip_up", "tip_down", "promise_pay", "promise_hold", "threaten", "bribe")


def sent(town: Town, beat: Beat) -> dict[str, str]:
    """Everything that each seat could be sent in a beat; nothing where it is not asked."""
    menus = town.menus(beat)
    return {seat: honest(market_of(town).scenario, town.observe(seat, beat), menu) for seat, menu in menus.items()}


def seen(events: tuple[Event, ...], seat: str) -> list[str]:
    """What a seat saw happen, but for the numbers that the log gives to claims, promises and the like."""
    return [_NUMBER.sub("", repr(shown.body)) for event in events if (shown := event.seen_by(seat))]


def parted(town: Town, beat: Beat, moves: dict[str, Move], seat: str) -> tuple[set[str], str, str]:
    """Who is shown another thing if this seat keeps silent, and the act and hearer of what it would have said."""
    option = market_of(town).listings[seat].menu.option(moves[seat].phrases[0])
    silent = town.fork()
    quiet = moves | {seat: Move((market_of(town).listings[seat].menu.rest,))}
    events, others = town.apply(beat, moves), silent.apply(beat, quiet)
    following = Beat.ANSWER if beat is Beat.ADDRESS else Beat.MARKET
    asked, asked_too = sent(town, following), sent(silent, following)
    found = {
        name
        for name in town.seats
        if seen(events, name) != seen(others, name) or asked.get(name) != asked_too.get(name)
    }
    return found, option.act, option.to


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_in_private_reaches_nobody_else(seed: int) -> None:
    met: Counter[str] = Counter()
    town, lot = Town(seed, 14, *talking()), Random(seed)
    for _ in range(14):
        for beat in Beat:
            menus = dict(town.menus(beat))
            moves = {seat: legal(menu, lot, 1) for seat, menu in menus.items()}
            for seat in moves if beat in (Beat.ADDRESS, Beat.ANSWER) else ():
                copy = town.fork()
                found, act, to = parted(copy, beat, moves, seat)
                if act in (*PRIVATE_ACTS, "yield", "defy", "take", "spurn", "credit", "doubt"):
                    assert found <= {seat, to}, (act, found)
                    met[act] += 1
                    met["heard"] += to in found
            town.menus(beat)
            town.apply(beat, moves)
    assert met["heard"] and sum(met[act] for act in PRIVATE_ACTS) > 10


def test_the_property_has_something_to_look_at() -> None:
    """The positive control: what is said across the table reaches everybody."""
    town, lot = Town(2, 6, *talking()), Random(2)
    for _ in range(6):
        for beat in Beat:
            menus = dict(town.menus(beat))
            moves = {seat: legal(menu, lot, 1) for seat, menu in menus.items()}
            for seat in moves if beat is Beat.ADDRESS else ():
                copy = town.fork()
                found, act, _ = parted(copy, beat, moves, seat)
                if act in ("press", "thank", "needle"):
                    assert found == set(town.seats)
                    return
            town.menus(beat)
            town.apply(beat, moves)
    pytest.fail("nobody spoke across the table")


def test_a_leak_of_a_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: with ears for all, a third seat's log is another."""
    monkeypatch.setattr("fivepenny.market.words.two", lambda one, other: ("*",))
    with pytest.raises(AssertionError):
        test_what_is_said_in_private_reaches_nobody_else(1)


@pytest.mark.usefixtures("never_changed")
def test_what_is_sealed_beside_a_tale_changes_nothing_for_who_hears_it() -> None:
    """One tale is made up, the other was heard: the hearer is shown the same."""
    shown = []
    for heard in (False, True):
        market = opened(scenario(customs=("words",)))
        if heard:
            tell(market, "clay", "amber", None)
        event = tell(market, "amber", "birch", 1 if heard else None)
        assert isinstance(event.body, words.ToldSo) and event.audience == ("amber", "birch")
        knowledge = market.knowledge["birch"]
        shown.append((event.body.claim.kind, event.body.claim.by_day, knowledge.beliefs.popitem()[1].credence))
        assert "believes" not in repr(event.seen_by("birch")) and "came by" not in repr(event.seen_by("birch"))
    assert shown[0] == shown[1]
