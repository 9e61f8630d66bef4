"""The court: what it opens a case on, how it weighs, what it finds out, and what its sentences do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courtrooms import accuse, bench, swear, tell, trade, verdict
from fivepenny import courts
from fivepenny.clock import Beat
from fivepenny.courts import Item, Oath, Offence, Sentence
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.menus import list_menu
from fivepenny.market.state import Market
from towns import at_dawn, at_dusk, bodies, of_kind


@pytest.fixture(autouse=True)
def every_letter_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fivepenny.market.court_post.SEIZED_PERCENT", 100)


def next_days(market: Market, days: int, price: int = 60) -> None:
    """Days on which two houses trade a little rye."""
    for _ in range(days):
        market.log.day += 1
        trade(market, price, {"birch": 1}, {"clay": 1})


def case_of_amber(market: Market, sold: int = 4, price: int = 60) -> int:
    """Amber tells the others that rye will rise, sells, and is accused by birch when it did not."""
    day = market.day
    tell(market, "amber", "birch")
    tell(market, "amber", "clay")
    trade(market, price, {"birch": sold}, {"amber": sold} if sold else {"clay": 1})
    next_days(market, 4)
    accuse(market, "birch", "amber", day)
    return day


def test_a_tale_of_ones_own_that_one_dealt_against_is_found() -> None:
    market = bench()
    case_of_amber(market)
    swear(market, clay=(Oath.TOLD, True), amber=(Oath.HAD_IT, False))
    found = verdict(market)
    counted = dict(zip(found.items, found.points, strict=True))
    assert counted == {Item.ACCUSER: 2, Item.LETTERS: 1, Item.TRADED: 3, Item.FALSE: 1, Item.OATH: -1}
    assert found.guilty and found.sentence is Sentence.FINE
    (fine,) = [loan for loan in market.loans.values() if loan.lender == OUTSIDE]
    assert (fine.borrower, fine.owed_pence, fine.due_day) == ("amber", 240, market.day + courts.FINE_DAYS)


def test_who_had_it_of_another_is_cleared_by_the_letter() -> None:
    market = bench()
    tell(market, "clay", "amber")
    case_of_amber(market)
    swear(market, amber=(Oath.HAD_IT, True))
    found = verdict(market)
    assert Item.HAD_IT in found.items and not found.guilty
    assert found.sentence is Sentence.ACQUITTAL and found.fine_pence == 0


def test_the_court_can_be_wrong_about_who_passed_on_what_it_had_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fivepenny.market.court_post.SEIZED_PERCENT", 0)
    market = bench()
    tell(market, "clay", "amber")
    case_of_amber(market)
    swear(market)
    assert verdict(market).guilty


def test_an_oath_that_a_letter_contradicts_is_perjury_and_does_not_count() -> None:
    market = bench()
    case_of_amber(market)
    swear(market, clay=(Oath.NOT_TOLD, False))
    events = at_dusk(market)
    (perjured,) = of_kind(events, courts.Perjured)
    assert perjured.body.witness == "clay"
    (found,) = of_kind(events, courts.CaseDecided)
    assert Item.DENIALS not in found.body.items
    fined = {event.body.seat: event.body.owed_pence for event in of_kind(events, courts.Fined)}
    assert fined == {"clay": courts.PERJURY_FINE_PENCE, "amber": found.body.fine_pence}


def test_a_false_oath_counts_where_nothing_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clay is known by one letter, and the court holds none that it told it was told."""
    market = bench()
    day = market.day
    tell(market, "amber", "birch")
    tell(market, "clay", "amber", rises=False)
    next_days(market, 4)
    accuse(market, "birch", "amber", day)
    swear(market, clay=(Oath.TOLD, False), amber=(Oath.MADE_IT, True))
    found = verdict(market)
    assert {Item.WITNESSES, Item.CONFESSED} <= set(found.items) and found.guilty


def test_engrossing_opens_on_the_tape_and_the_books_decide() -> None:
    market = bench()
    for day in range(1, 7):
        market.log.day = day
        trade(market, 60 + 2 * day, {"amber": 4}, {OUTSIDE: 4})
    events = at_dusk(market)
    (opened,) = of_kind(events, courts.CaseOpened)
    assert (opened.body.accused, opened.body.offence) == ("amber", Offence.ENGROSSING)
    market.log.day += 1
    events = at_dusk(market)
    (books,) = of_kind(events, courts.BooksOpened)
    assert books.body.units == market.free("amber", "rye")
    (found,) = of_kind(events, courts.CaseDecided)
    assert {Item.BOUGHT, Item.KEPT, Item.ROSE} <= set(found.body.items) and found.body.guilty


def test_a_share_cannot_be_engrossed() -> None:
    market = bench()
    for day in range(1, 7):
        market.log.day = day
        trade(market, 300, {"amber": 9}, {OUTSIDE: 9}, good="stock")
    assert of_kind(at_dusk(market), courts.CaseOpened) == ()


def test_nobody_is_tried_twice_at_once_nor_soon_again() -> None:
    market = bench()
    day = case_of_amber(market)
    accuse(market, "clay", "amber", day)
    market.log.day += 1
    at_dusk(market)
    accuse(market, "clay", "amber", day)
    assert market.numbers["case"] == 1
    next_days(market, courts.REST_DAYS)
    accuse(market, "clay", "amber", day)
    assert market.numbers["case"] == 2


@given(offence=st.sampled_from(Offence), gain=st.integers(0, 10_000), record=st.integers(0, 4))
def test_sentences_rise_with_gain_and_record(offence: Offence, gain: int, record: int) -> None:
    order = list(Sentence)
    assert courts.fine_pence(offence, gain, record) <= max(courts.MOST_FINE_PENCE, 480)
    for more in ((gain + 500, record), (gain, record + 1)):
        assert courts.fine_pence(offence, *more) >= courts.fine_pence(offence, gain, record) > 0
        assert order.index(courts.sentence_of(*more)) >= order.index(courts.sentence_of(gain, record)) > 0


def sentenced(market: Market, sentence: Sentence, until_day: int) -> None:
    """Amber is convicted and sentenced tonight."""
    about: dict[str, Any] = {"case": 1, "accused": "amber", "offence": Offence.FALSE_REPORT, "good": "rye"}
    told = courts.CaseOpened(1, "amber", Offence.FALSE_REPORT, courts.Ground.ACCUSATION, "birch", "rye", True, 1, "")
    market.emit(EVERYONE, told)
    weighed: dict[str, Any] = {"items": (), "points": (), "bar": 5, "guilty": True, "gain_pence": 0}
    ends: dict[str, Any] = {"sentence": sentence, "fine_pence": 240, "until_day": until_day}
    market.emit(EVERYONE, courts.CaseDecided(**about, **weighed, **ends))


def test_the_exiled_are_not_asked_and_not_spoken_to_until_they_return() -> None:
    market = bench()
    sentenced(market, Sentence.EXILE, 4)
    assert [body.seat for body in bodies(at_dawn(market, 2)) if isinstance(body, courts.Exiled)] == ["amber"]
    for beat in (Beat.ADDRESS, Beat.MARKET):
        assert list_menu(market.knowledge["amber"], market.scenario, 1, beat) is None
        menu = list_menu(market.knowledge["birch"], market.scenario, 1, beat)
        assert menu is not None and all(option.to != "amber" for option in menu.menu.options)
    at_dawn(market, 3)
    assert "amber" not in market.knowledge["birch"].others
    assert [body.seat for body in bodies(at_dawn(market, 4)) if isinstance(body, courts.Returned)] == ["amber"]
    assert market.knowledge["birch"].others == ("amber", "clay")
    assert list_menu(market.knowledge["amber"], market.scenario, 1, Beat.MARKET) is not None


def test_the_frozen_talk_and_do_not_trade_until_their_days_are_over() -> None:
    market = bench()
    sentenced(market, Sentence.FREEZE, 3)
    for day, trades in ((2, False), (3, False), (4, True)):
        at_dawn(market, day)
        listing = list_menu(market.knowledge["amber"], market.scenario, 1, Beat.MARKET)
        assert (listing is not None) is trades
        assert list_menu(market.knowledge["amber"], market.scenario, 1, Beat.ADDRESS) is not None


def test_the_convicted_may_protest_tonight() -> None:
    market = bench()
    sentenced(market, Sentence.FINE, 0)
    listing = list_menu(market.knowledge["amber"], market.scenario, 1, Beat.REMARK)
    assert listing is not None
    option = listing.menu.option("protest")
    assert (option.act, option.to, option.slots["price"]) == ("protest", "", "£1")


def test_only_what_can_be_shown_and_has_cost_something_is_brought_to_court() -> None:
    market = bench()
    number = tell(market, "amber", "birch")
    trade(market, 60, {"birch": 4}, {"amber": 4})
    for day in (2, 3, 4):
        market.log.day = day
        trade(market, 50, {"clay": 1}, {OUTSIDE: 1})
        at_dusk(market, day)
    known = market.knowledge["birch"].court
    assert known is not None
    (grievance,) = known.grievances
    assert grievance.tale.event == number and grievance.loss_pence == 40
    assert known.against(grievance.tale) == 4
    at_dawn(market, 5)
    listing = list_menu(market.knowledge["birch"], market.scenario, 1, Beat.ADDRESS)
    assert listing is not None and "accuse amber" in listing.menu.phrases
    clay = list_menu(market.knowledge["clay"], market.scenario, 1, Beat.ADDRESS)
    assert clay is not None and "accuse amber" not in clay.menu.phrases


def test_who_is_summoned_is_asked_once_with_its_reasons() -> None:
    market = bench()
    case_of_amber(market)
    market.log.day += 1
    listings = {
        seat: list_menu(knowledge, market.scenario, 1, Beat.DUSK) for seat, knowledge in market.knowledge.items()
    }
    amber, birch, clay = (listings[seat] for seat in ("amber", "birch", "clay"))
    assert amber is not None and clay is not None and birch is None
    assert {"testify amber", "perjure amber", "say nothing"} == set(clay.menu.phrases)
    facts = {fact.key: fact.level for fact in clay.menu.option("perjure amber").facts}
    assert facts["fear"] > 0 == facts["accused"] and clay.menu.option("perjure amber").past["third"].text == "Amber"
    own = {fact.key: fact.level for fact in amber.menu.option("testify amber").facts}
    assert own["accused"] == 9 and "third" not in amber.menu.option("testify amber").past


def test_a_fork_of_a_town_with_a_court_goes_its_own_way() -> None:
    market = bench()
    case_of_amber(market)
    twin = market.fork()
    assert twin.digest() == market.digest()
    twin.log.day += 1
    at_dusk(twin)
    assert market.court is not None and market.court.roll.cases and twin.digest() != market.digest()
