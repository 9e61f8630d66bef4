"""Bribery: money for testimony, how the court comes upon bribes, what weighs, and what the books do not say."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bribers import bench, charged, offer, reply, seek, swear
from courtrooms import tell, trade
from fivepenny import bribery, courts, words
from fivepenny.clock import Beat
from fivepenny.courts import Item, Oath, Offence, Sentence
from fivepenny.events import EVERYONE
from fivepenny.market.bribery_menu import put_bribe_charges, put_oath_bribes
from fivepenny.market.bribery_post import NO_MONEY_POST
from fivepenny.market.menus import list_menu
from fivepenny.market.orders import PENCE
from fivepenny.market.shortlist import Shortlist
from fivepenny.market.state import Market
from fivepenny.market.terms import LoanTerms, ReplyToLoan
from fivepenny.rng import stream
from fivepenny.world import Option
from towns import act, at_dawn, at_dusk, bodies, of_kind, opened, scenario, seat


@pytest.fixture(autouse=True)
def every_letter_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fivepenny.market.court_post.SEIZED_PERCENT", 100)


def next_day(market: Market) -> None:
    """Another morning."""
    at_dawn(market, market.day + 1)


def report(market: Market, by: str, of: str, day: int) -> None:
    """One accuses another of having offered it money, and evening comes."""
    market.emit(EVERYONE, courts.Accused(by, of, "rye", True, day, Offence.BRIBERY))
    at_dusk(market)


def weighed(market: Market) -> tuple[dict[Item, int], courts.CaseDecided]:
    """What the evening's verdict counts, and the verdict."""
    (event,) = of_kind(at_dusk(market), courts.CaseDecided)
    return dict(zip(event.body.items, event.body.points, strict=True)), event.body


def case_of_tale(market: Market) -> None:
    """Clay tells birch and amber that rye will rise, and is accused by amber."""
    tell(market, "clay", "amber")
    tell(market, "clay", "birch")
    trade(market, 60, {"amber": 3}, {"clay": 3})
    market.emit(EVERYONE, courts.Accused("amber", "clay", "rye", True, market.day, Offence.FALSE_REPORT))
    at_dusk(market)
    next_day(market)


# --- on the word of who refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("deals", "oath", "guilty"), [
    (True, None, True), (True, Oath.DENIES_IT, True), (False, None, False), (False, Oath.OWNS_TO_IT, True),
])  # fmt: skip
def test_who_refused_money_can_have_it_tried(deals: bool, oath: Oath | None, guilty: bool) -> None:
    market = bench()
    offer(market, "amber", "birch", taken=False)
    trade(market, 60, {"clay": 2}, {"amber" if deals else "birch": 2})
    report(market, "birch", "amber", market.day)
    next_day(market)
    if oath:
        swear(market, 1, amber=oath)
    counted, verdict = weighed(market)
    assert counted.get(Item.OFFERED) == 3 and counted.get(Item.DEALT) == (2 if deals else None)
    assert (verdict.guilty, verdict.offence, verdict.gain_pence) == (guilty, Offence.BRIBERY, 0)
    assert verdict.fine_pence == (360 if guilty else 0)


def test_the_books_are_opened_and_another_who_had_money_is_asked() -> None:
    market = bench()
    offer(market, "amber", "clay", 250)
    offer(market, "amber", "birch", taken=False)
    report(market, "birch", "amber", market.day)
    next_day(market)
    assert market.court is not None
    assert market.court.roll.cases[1].witnesses == ("amber", "clay")
    swear(market, 1, clay=Oath.NO_MONEY, amber=Oath.DENIES_IT)
    events = at_dusk(market)
    assert [body.pence for body in bodies(events) if isinstance(body, bribery.BribeRead)] == [250]
    assert {body.witness for body in bodies(events) if isinstance(body, courts.Perjured)} == {"amber", "clay"}
    (verdict,) = of_kind(events, courts.CaseDecided)
    assert verdict.body.guilty and {Item.OFFERED, Item.SEIZED} <= set(verdict.body.items)
    assert Item.NO_MONEY not in verdict.body.items and Item.OATH not in verdict.body.items


# --- on a letter that is read -----------------------------------------------------------------------------------------


def test_a_letter_read_in_another_case_brings_both_before_the_court() -> None:
    market = bench()
    offer(market, "clay", "birch", 300)
    case_of_tale(market)
    events = at_dusk(market)
    (letter,) = of_kind(events, bribery.BribeRead)
    assert (letter.body.by, letter.body.to, letter.body.fate, letter.audience) == ("clay", "birch", "taken", EVERYONE)
    assert charged(events) == [("clay", "letter"), ("birch", "letter")]
    next_day(market)
    events = at_dusk(market)
    purses = [event.body for event in of_kind(events, bribery.PurseOpened)]
    assert [(body.one, body.other, body.day, body.pence) for body in purses] == [
        ("clay", "birch", 1, 300), ("birch", "clay", 1, 300),
    ]  # fmt: skip
    by_seat = {event.body.accused: event.body for event in of_kind(events, courts.CaseDecided)}
    assert all({Item.SEIZED, Item.PASSED} <= set(body.items) and body.guilty for body in by_seat.values())
    assert by_seat["clay"].gain_pence == 0 and by_seat["birch"].gain_pence == 300
    assert by_seat["birch"].fine_pence == 600 and by_seat["birch"].sentence is Sentence.FREEZE


def test_who_only_was_offered_money_has_done_nothing() -> None:
    market = bench()
    offer(market, "clay", "birch", taken=False)
    case_of_tale(market)
    assert charged(at_dusk(market)) == [("clay", "letter")]


def test_who_was_paid_and_left_it_alone_is_seen_to() -> None:
    market = bench()
    trade(market, 60, {"amber": 2}, {"birch": 2})
    next_day(market)
    offer(market, "clay", "birch", 100)
    case_of_tale(market)
    at_dusk(market)
    next_day(market)
    events = at_dusk(market)
    found = {event.body.accused: event.body.items for event in of_kind(events, courts.CaseDecided)}
    assert Item.LEFT in found["clay"] and Item.LEFT in found["birch"]
    assert Item.DEALT in found["clay"] and Item.DEALT not in found["birch"]


# --- on a false oath --------------------------------------------------------------------------------------------------


def suborned(market: Market, paid: bool) -> courts.CaseDecided | None:
    """Birch swears falsely for clay, having had money of it on that day; the verdict on clay's part in it, if any."""
    case_of_tale(market)
    if paid:
        reply(market, seek(market, "clay", "birch"))
    swear(market, 1, birch=Oath.NOT_TOLD)
    events = at_dusk(market)
    assert [event.body.witness for event in of_kind(events, courts.Perjured)] == ["birch"]
    if not paid:
        assert of_kind(events, bribery.PurseOpened) == () and charged(events) == []
        return None
    (purse,) = of_kind(events, bribery.PurseOpened)
    assert (purse.body.one, purse.body.other, purse.body.pence) == ("clay", "birch", 200)
    assert charged(events) == [("clay", "oath")]
    next_day(market)
    (found,) = of_kind(at_dusk(market), courts.CaseDecided)
    assert isinstance(found.body, courts.CaseDecided)
    return found.body


def test_a_false_oath_that_is_found_is_bribery_for_who_paid_for_it() -> None:
    found = suborned(bench(), paid=True)
    assert found is not None and found.guilty
    assert {Item.FALSE_OATH, Item.PASSED, Item.STOOD} <= set(found.items)


def test_a_false_oath_without_money_accuses_nobody() -> None:
    suborned(bench(), paid=False)


def test_the_books_do_not_say_what_money_was_for() -> None:
    """Clay lends birch money, and birch swears falsely of its own will: the court takes it for a bribe."""
    market = bench()
    case_of_tale(market)
    terms = LoanTerms("clay", "birch", 480, 528, market.day + 8)
    act(market, Beat.ANSWER, clay=ReplyToLoan(terms, agreed=True))
    swear(market, 1, birch=Oath.NOT_TOLD)
    assert charged(at_dusk(market)) == [("clay", "oath")]
    next_day(market)
    assert weighed(market)[1].guilty


def test_without_words_at_the_table_nobody_looks_for_bribes() -> None:
    market = bench("court")
    case_of_tale(market)
    act(market, Beat.ANSWER, clay=ReplyToLoan(LoanTerms("clay", "birch", 480, 528, 9), agreed=True))
    swear(market, 1, birch=Oath.NOT_TOLD)
    events = at_dusk(market)
    assert of_kind(events, courts.Perjured) and not of_kind(events, bribery.PurseOpened) and charged(events) == []


# --- money for an oath ------------------------------------------------------------------------------------------------


def test_an_oath_is_paid_for_as_it_is_taken() -> None:
    market = bench()
    case_of_tale(market)
    sought = seek(market, "clay", "birch", pence=300)
    before = {name: (market.free(name), market.knowledge[name].pence) for name in ("birch", "clay")}
    (event,) = reply(market, sought)
    assert event.body == bribery.OathBought(sought.bribe, "clay", "birch", 300, 1)
    assert event.audience == ("birch", "clay")
    for name, pence in (("birch", 300), ("clay", -300)):
        held, known = before[name]
        assert (market.free(name), market.knowledge[name].pence) == (held + pence, known + pence)
    market.book.verify()


def test_an_oath_that_is_refused_or_cannot_be_paid_moves_nothing() -> None:
    market = bench()
    case_of_tale(market)
    (refused,) = reply(market, seek(market, "clay", "birch"), taken=False)
    assert isinstance(refused.body, words.BribeSpurned)
    (hollow,) = reply(market, seek(market, "clay", "birch", pence=90_000))
    assert isinstance(hollow.body, words.BribeUnpaid) and hollow.sealed.postings == ()


@pytest.mark.parametrize(("oath", "trust", "strength"), [(Oath.NOT_TOLD, 1, 4), (Oath.TOLD, -1, -6)])
def test_who_paid_remembers_what_was_sworn(oath: Oath, trust: int, strength: int) -> None:
    market = bench()
    case_of_tale(market)
    reply(market, seek(market, "clay", "birch"))
    knowledge = market.knowledge["clay"]
    before = knowledge.trust["birch"]
    swear(market, 1, birch=oath)
    assert (knowledge.trust["birch"] - before) * trust > 0
    assert strength in [deed.strength for deed in knowledge.deeds if deed.doer == "birch"]


# --- menus ------------------------------------------------------------------------------------------------------------


def options(market: Market, seat: str, beat: Beat) -> tuple[Option, ...]:
    """What stands on a seat's menu."""
    listing = list_menu(market.knowledge[seat], market.scenario, 1, beat)
    return listing.menu.options if listing else ()


def put_by(market: Market, seat: str) -> list[Option]:
    """What the custom puts to the shortlist of a seat's morning."""
    shortlist = Shortlist(stream(1, "x"), 9)
    for put in (put_oath_bribes, put_bribe_charges):
        put(market.knowledge[seat], market.scenario, shortlist)
    return [make(*parts)[1] for make, parts in shortlist.foremost(9)]


def test_the_accused_can_pay_who_could_swear_against_it() -> None:
    market = bench()
    case_of_tale(market)
    market.knowledge["clay"].pence = market.knowledge["amber"].pence = 3000
    (option,) = put_by(market, "clay")
    assert (option.phrase, option.act, option.to) == ("bribe birch as witness", "bribe", "birch")
    assert set(option.slots) == {"to", "me", "price"}
    assert put_by(market, "amber") == []  # who accuses has no such wish, and is no friend
    market.knowledge["clay"].pence = 100
    assert put_by(market, "clay") == []


def test_a_friend_can_pay_for_the_accused() -> None:
    market = opened_with_a_stranger()
    market.knowledge["dove"].pence = 3000
    assert put_by(market, "dove") == []
    market.knowledge["dove"].feeling["clay"] = 4
    assert [option.phrase for option in put_by(market, "dove")] == ["bribe birch as witness"]


def opened_with_a_stranger() -> Market:
    """The same case at a table of four."""
    names = ("amber", "birch", "clay", "dove")
    market = opened(scenario(customs=("court", "words"), seats=tuple(seat(name) for name in names)))
    case_of_tale(market)
    return market


def test_what_is_offered_for_an_oath_is_taken_or_refused_and_stands_beside_both_oaths() -> None:
    market = bench()
    case_of_tale(market)
    sought = seek(market, "clay", "birch")
    assert {"take clay", "spurn clay"} <= {option.phrase for option in options(market, "birch", Beat.ANSWER)}
    reply(market, sought)
    paid = {
        option.act: fact.level
        for option in options(market, "birch", Beat.DUSK)
        for fact in option.facts
        if fact.key == "paid"
    }
    assert paid == {"testify": 0, "perjure": 9}
    assert not any(fact.key == "paid" for option in options(market, "clay", Beat.DUSK) for fact in option.facts)


def test_who_refused_can_tell_the_magistrate_on_the_next_mornings_and_once() -> None:
    market = bench()
    offer(market, "amber", "birch", taken=False)
    offer(market, "amber", "clay", taken=True)
    next_day(market)
    (option,) = put_by(market, "birch")
    assert (option.phrase, option.to) == ("accuse amber bribe", "amber") and set(option.past) == {"deed", "since"}
    assert put_by(market, "clay") == []
    market.emit(EVERYONE, courts.Accused("birch", "amber", "rye", True, 1, Offence.BRIBERY))
    assert put_by(market, "birch") == []


@pytest.mark.parametrize("customs", [("court",), ("words",)])
def test_nothing_of_it_is_there_without_both_customs(customs: tuple[str, ...]) -> None:
    market = bench(*customs)
    offer(market, "amber", "birch", taken=False)
    next_day(market)
    assert put_by(market, "birch") == []


# --- arithmetic -------------------------------------------------------------------------------------------------------

SEATS = ("amber", "birch", "clay")
_ROWS = st.tuples(
    st.integers(1, 4), st.sampled_from((*SEATS, "outside")), st.sampled_from((*SEATS, "outside")),
    st.sampled_from((PENCE, "rye")), st.integers(1, 90),
)  # fmt: skip


@given(rows=st.lists(_ROWS, max_size=25), day=st.integers(1, 4))
def test_what_passed_between_two_is_what_was_posted(rows: list[tuple[int, str, str, str, int]], day: int) -> None:
    post, between, paid = NO_MONEY_POST, Counter[frozenset[str]](), Counter[tuple[str, str]]()
    for number, (on, source, target, asset, amount) in enumerate(rows):
        post = post.enter(on, [(number, source, "free", target, "free", asset, amount)], SEATS)
        if (on, asset) == (day, PENCE) and source != target and "outside" not in (source, target):
            between[frozenset((source, target))] += amount
            paid[target, source] += amount
    for one in SEATS:
        for other in SEATS:
            if one != other:
                assert post.between(one, other, day) == between[frozenset((one, other))]
        most = max(paid[one, other] for other in SEATS)
        payer = post.payer_of(one, day)
        assert (paid[one, payer] == most > 0) if payer else most == 0


@given(offence=st.sampled_from(Offence), good=st.sampled_from(("rye", "tin")))
def test_bribery_over_a_good_is_another_matter_than_the_good(offence: Offence, good: str) -> None:
    assert (courts.matter_of(offence, good) == good) is (offence is not Offence.BRIBERY)
