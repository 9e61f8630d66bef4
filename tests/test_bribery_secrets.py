"""A bribe is known to the two alone until a letter is read out, the books are opened, or an oath names it.

Two copies of one town part ways: in one of them money is offered and taken, in the other nothing is said. A third is
shown the same of both; and every verdict follows from what everybody saw.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bribers import RICH, bench, offer, played, reply, seek
from courtrooms import judged, tell, trade
from fivepenny import bribery, courts
from fivepenny.clock import Beat
from fivepenny.courts import Offence
from fivepenny.events import EVERYONE
from fivepenny.market import sight
from fivepenny.market.menus import list_menu
from fivepenny.market.state import Market
from test_secrets import honest
from towns import at_dawn, at_dusk


def sent(market: Market, seat: str) -> list[str]:
    """Everything that a seat could be sent in the beats of today."""
    knowledge, found = market.knowledge[seat], []
    for beat in (Beat.ADDRESS, Beat.ANSWER, Beat.MARKET, Beat.DUSK, Beat.REMARK):
        listing = list_menu(knowledge, market.scenario, 1, beat)
        if listing:
            found.append(honest(market.scenario, sight.observe(knowledge, beat), listing.menu))
    return found


def before_the_hearing() -> Market:
    """A case against clay, to be heard tonight; birch is named as a witness."""
    market = bench()
    tell(market, "clay", "amber")
    tell(market, "clay", "birch")
    trade(market, 60, {"amber": 3}, {"clay": 3})
    market.emit(EVERYONE, courts.Accused("amber", "clay", "rye", True, market.day, Offence.FALSE_REPORT))
    at_dusk(market)
    at_dawn(market, 2)
    return market


def bought(market: Market) -> Market:
    """An oath is bought this morning."""
    reply(market, seek(market, "clay", "birch"))
    return market


def test_money_for_an_oath_reaches_nobody_else() -> None:
    one, other = bought(before_the_hearing()), before_the_hearing()
    assert sent(one, "amber") == sent(other, "amber")
    assert one.court is not None and other.court is not None
    assert one.court.roll.standing() == other.court.roll.standing()


def test_who_takes_it_is_shown_another_thing() -> None:
    """The positive control."""
    one, other = bought(before_the_hearing()), before_the_hearing()
    assert sent(one, "birch") != sent(other, "birch") and sent(one, "clay") != sent(other, "clay")


def test_a_leak_of_an_offer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: with ears for all, the court itself would know."""
    monkeypatch.setattr("fivepenny.market.bribery.two", lambda one, other: ("amber", "birch", "clay"))
    one, other = bought(before_the_hearing()), before_the_hearing()
    assert one.knowledge["amber"].court is not None and other.knowledge["amber"].court is not None
    assert one.knowledge["amber"].court.offers != other.knowledge["amber"].court.offers


@pytest.mark.parametrize("taken", [True, False])
def test_a_letter_with_money_in_it_is_secret_until_it_is_read(monkeypatch: pytest.MonkeyPatch, taken: bool) -> None:
    monkeypatch.setattr("fivepenny.market.court_post.SEIZED_PERCENT", 100)
    shown, read = [], []
    for bribes in (True, False):
        market = bench()
        tell(market, "clay", "amber")
        if bribes:
            offer(market, "clay", "birch", taken=taken)
        market.emit(EVERYONE, courts.Accused("amber", "clay", "rye", True, 1, Offence.FALSE_REPORT))
        at_dusk(market)
        assert market.court is not None
        shown.append((market.court.roll.standing(), sent(market, "amber")))
        at_dawn(market, 2)
        read.append([event.body for event in at_dusk(market) if isinstance(event.body, bribery.BribeRead)])
    assert shown[0] == shown[1]
    assert len(read[0]) == 1 and read[1] == []


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(1, 300))
def test_every_verdict_follows_from_public_events_alone(seed: int) -> None:
    assert all(judged(*played(seed)))


@pytest.mark.parametrize("blind", [bribery.BribeRead, bribery.PurseOpened])
def test_a_court_that_misses_something_judges_otherwise(blind: type[object]) -> None:
    assert not all(judged(*played(RICH), blind))


def test_nobody_but_the_two_hears_of_a_bribe_in_a_whole_season() -> None:
    _, events = played(RICH)
    offers = [event for event in events if isinstance(event.body, bribery.OathSought | bribery.OathBought)]
    assert offers
    for event in offers:
        assert isinstance(event.body, bribery.OathSought | bribery.OathBought)
        assert set(event.audience) == {event.body.by, event.body.to}
    accused = [e.body for e in events if isinstance(e.body, courts.Accused) and e.body.offence is Offence.BRIBERY]
    assert accused
