"""The gate of a town: what does not stand on a menu is refused by name, and nothing comes of it."""

from typing import Any, cast

import pytest

from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE, Event
from fivepenny.ledger.transfers import MAX_AMOUNT
from fivepenny.market.gate import flaw_of
from fivepenny.market.menus import Listing
from fivepenny.market.orders import Side
from fivepenny.market.state import Estate, Market
from fivepenny.market.terms import EarlyPayment, LoanTerms, OrderTerms, ReplyToLoan, Rest, Terms, TipTerms, WordTerms
from fivepenny.market.town import Town
from fivepenny.refusals import MoveFlaw, MoveRefused
from fivepenny.scenario import load_scenario
from fivepenny.world import Menu, Move, Option
from towns import act, beats, bodies, market_of, opened

PLAIN = (LoanTerms("birch", "amber", 5, 6, 4), TipTerms("birch", "rye", ClaimKind.WILL_RISE, None, 0))


def at_market(seed: int = 1) -> tuple[Town, dict[str, Menu]]:
    """A town in which the first day's orders are awaited."""
    for beat, town, menus, moves in beats(seed):
        if beat is Beat.MARKET:
            return town, menus
        town.apply(beat, moves)
    raise AssertionError


def refused(events: tuple[Event, ...]) -> list[MoveRefused]:
    return [event.body for event in events if isinstance(event.body, MoveRefused)]


def test_a_move_that_is_let_in_is_decided_and_one_that_is_not_is_refused() -> None:
    town, menus = at_market()
    good, bad = list(menus)[:2]
    events = town.apply(Beat.MARKET, {bad: Move(("buy the moon",)), good: Move((menus[good].rest,))})
    assert [event.body for event in events if isinstance(event.body, hap.Decided)] == [
        hap.Decided(good, (menus[good].rest,))
    ]
    assert refused(events) == [MoveRefused(bad, ("buy the moon",), "not on its menu")]
    assert events[-1].audience == ()


def test_a_refused_move_changes_nothing_but_the_log() -> None:
    sent, silent = at_market()[0], at_market()[0]
    events = sent.apply(Beat.MARKET, {seat: Move(("rob the bank",)) for seat in sent.seats})
    assert [event.body for event in events if not isinstance(event.body, MoveRefused)] == [
        event.body for event in silent.apply(Beat.MARKET, {})
    ]
    assert market_of(sent).book.digest() == market_of(silent).book.digest()


def test_phrases_are_refused_by_name() -> None:
    town, menus = at_market()
    seat = next(name for name, menu in menus.items() if any(o.excludes & set(menu.phrases) for o in menu.options))
    menu = menus[seat]
    pair = next((o.phrase, other) for o in menu.options for other in o.excludes & set(menu.phrases))
    found = {
        phrases: flaw_of(market_of(town), seat, Beat.MARKET, phrases)
        for phrases in ((), ("x",), pair, (pair[0],) * 2, menu.phrases[:4], (pair[0], menu.rest), pair[:1])
    }
    flaws = ["NO_MOVE", "NOT_ON_MENU", "EXCLUDES", "CHOSEN_TWICE", "TOO_MANY", "EXCLUDES", None]
    assert list(found.values()) == [flaw and MoveFlaw[flaw] for flaw in flaws]
    assert flaw_of(market_of(town), seat, Beat.DUSK, pair[:1]) is MoveFlaw.NOT_ASKED
    assert flaw_of(market_of(town), "nobody", Beat.MARKET, pair[:1]) is MoveFlaw.UNKNOWN_SEAT


def test_menus_are_answered_once() -> None:
    town, menus = at_market()
    seat = next(iter(menus))
    town.apply(Beat.MARKET, {})
    again = town.apply(Beat.DUSK, {seat: Move((menus[seat].rest,))})
    assert [body.cause for body in refused(again)] == ["not asked now"]


def listed(market: Market, seat: str, beat: Beat, *terms: Terms) -> tuple[str, ...]:
    """Put terms behind phrases of a menu of theirs; the phrases."""
    phrases = tuple(str(place) for place in range(len(terms)))
    menu = Menu(seat, tuple(Option(phrase, "x") for phrase in phrases), "none", 3)
    market.listings = {seat: Listing(menu, dict(zip(phrases, terms, strict=True)))}
    market.asked = beat
    return phrases


def loan(lender: str = "birch", borrower: str = "amber", pence: Any = 5, owed: Any = 6, day: Any = 4) -> LoanTerms:
    return LoanTerms(lender, borrower, pence, owed, day)


@pytest.mark.parametrize(
    ("terms", "beat", "flaw"),
    [
        (loan(), Beat.ADDRESS, None),
        (loan("amber", "birch", 1000), Beat.ADDRESS, None),
        (loan("amber", "birch", 1001), Beat.ADDRESS, MoveFlaw.MORE_THAN_IT_HAS),
        (loan("amber", "amber"), Beat.ADDRESS, MoveFlaw.DEALS_WITH_ITSELF),
        (loan("outside"), Beat.ADDRESS, MoveFlaw.UNKNOWN_OTHER),
        (loan("birch", "clay"), Beat.ADDRESS, MoveFlaw.NOT_A_PARTY),
        (loan(pence=0), Beat.ADDRESS, MoveFlaw.AMOUNT_NOT_POSITIVE),
        (loan(pence=-3), Beat.ADDRESS, MoveFlaw.AMOUNT_NOT_POSITIVE),
        (loan(owed=0), Beat.ADDRESS, MoveFlaw.AMOUNT_NOT_POSITIVE),
        (loan(pence=True), Beat.ADDRESS, MoveFlaw.NOT_AN_INTEGER),
        (loan(day=4.0), Beat.ADDRESS, MoveFlaw.NOT_AN_INTEGER),
        (loan(pence=MAX_AMOUNT + 1), Beat.ADDRESS, MoveFlaw.AMOUNT_TOO_LARGE),
        (loan(day=1), Beat.ADDRESS, MoveFlaw.DAY_IS_PAST),
        (loan(), Beat.MARKET, MoveFlaw.OUT_OF_PHASE),
        (ReplyToLoan(loan(), True), Beat.ANSWER, MoveFlaw.NOT_PUT_TO_IT),
        (ReplyToLoan(loan("amber", "amber"), True), Beat.ANSWER, MoveFlaw.DEALS_WITH_ITSELF),
        (EarlyPayment(1, "birch"), Beat.ANSWER, MoveFlaw.NO_SUCH_LOAN),
        (PLAIN[1], Beat.ADDRESS, None),
        (TipTerms("amber", "rye", ClaimKind.WILL_RISE, None, 0), Beat.ADDRESS, MoveFlaw.DEALS_WITH_ITSELF),
        (TipTerms("birch", "tulips", ClaimKind.WILL_RISE, None, 0), Beat.ADDRESS, MoveFlaw.UNKNOWN_GOOD),
        (TipTerms("birch", "rye", cast(ClaimKind, "up"), None, 0), Beat.ADDRESS, MoveFlaw.UNKNOWN_CLAIM),
        (TipTerms("birch", "rye", ClaimKind.WILL_RISE, 7, 0), Beat.ADDRESS, MoveFlaw.UNKNOWN_CLAIM),
        (WordTerms("thank", "birch"), Beat.ADDRESS, None),
        (WordTerms("thank", "zed"), Beat.ADDRESS, MoveFlaw.UNKNOWN_OTHER),
        (WordTerms("curse", "birch"), Beat.ADDRESS, MoveFlaw.UNKNOWN_WORD),
        (OrderTerms(Side.BUY, "rye", 1, 9), Beat.MARKET, None),
        (OrderTerms(Side.BUY, "rye", 1, 9), Beat.ADDRESS, MoveFlaw.OUT_OF_PHASE),
        (OrderTerms(Side.BUY, "pence", 1, 9), Beat.MARKET, MoveFlaw.UNKNOWN_GOOD),
        (OrderTerms(cast(Side, "buy"), "rye", 1, 9), Beat.MARKET, MoveFlaw.UNKNOWN_SIDE),
        (Rest(), Beat.MARKET, None),
    ],
)
def test_terms_are_refused_by_name(terms: Terms, beat: Beat, flaw: MoveFlaw | None) -> None:
    market = opened()
    assert flaw_of(market, "amber", beat, listed(market, "amber", beat, terms)) is flaw


def test_the_same_terms_under_two_names_are_one_too_many() -> None:
    market = opened()
    order = OrderTerms(Side.BUY, "rye", 1, 9)
    assert flaw_of(market, "amber", Beat.MARKET, listed(market, "amber", Beat.MARKET, order, order)) is (
        MoveFlaw.CHOSEN_TWICE
    )


def test_who_has_failed_neither_sells_nor_lends_nor_buys_shares() -> None:
    market = opened()
    market.estates["amber"] = Estate("amber", 1, ())
    for terms, beat, flaw in (
        (OrderTerms(Side.SELL, "rye", 1, 9), Beat.MARKET, MoveFlaw.HAS_FAILED),
        (OrderTerms(Side.BUY, "stock", 1, 9), Beat.MARKET, MoveFlaw.HAS_FAILED),
        (OrderTerms(Side.BUY, "rye", 1, 9), Beat.MARKET, None),
        (loan("amber", "birch"), Beat.ADDRESS, MoveFlaw.HAS_FAILED),
        (loan("birch", "amber"), Beat.ADDRESS, None),
    ):
        assert flaw_of(market, "amber", beat, listed(market, "amber", beat, terms)) is flaw


def test_only_what_was_put_to_one_is_answered() -> None:
    market = opened()
    act(market, Beat.ADDRESS, birch=loan("birch", "amber"))
    for terms, flaw in (
        (loan(), None),
        (loan(pence=4), MoveFlaw.NOT_PUT_TO_IT),
        (loan(owed=5), MoveFlaw.NOT_PUT_TO_IT),
    ):
        answer = ReplyToLoan(terms, True)
        assert flaw_of(market, "amber", Beat.ANSWER, listed(market, "amber", Beat.ANSWER, answer)) is flaw
    own = ReplyToLoan(loan(), True)
    assert flaw_of(market, "birch", Beat.ANSWER, listed(market, "birch", Beat.ANSWER, own)) is MoveFlaw.NOT_PUT_TO_IT


def test_a_tip_is_told_on_by_those_who_heard_it() -> None:
    market = opened()
    (tipped,) = bodies(act(market, Beat.ADDRESS, amber=TipTerms("birch", "rye", ClaimKind.WILL_RISE, None, 0)))
    for seat, kind, flaw in (
        ("birch", ClaimKind.WILL_RISE, None),
        ("birch", ClaimKind.WILL_FALL, MoveFlaw.UNKNOWN_CLAIM),
        ("clay", ClaimKind.WILL_RISE, MoveFlaw.UNKNOWN_CLAIM),
    ):
        tip = TipTerms("amber", "rye", kind, tipped.claim.number, 50)
        assert flaw_of(market, seat, Beat.ADDRESS, listed(market, seat, Beat.ADDRESS, tip)) is flaw


def test_the_exiled_are_not_asked_until_they_are_back() -> None:
    play, news = load_scenario("south-sea")
    town = Town(1, 9, play.model_copy(update={"customs": ("court",)}), news)
    court = market_of(town).court
    assert court is not None
    court.roll.sentenced["quill"] = (1, 5)
    town.menus(Beat.DAWN)
    town.apply(Beat.DAWN, {})
    phrases = town.menus(Beat.ADDRESS)["brock"].phrases[:1]
    assert [body.cause for body in refused(town.apply(Beat.ADDRESS, {"quill": Move(phrases)}))] == ["not asked now"]
    market_of(town).emit(EVERYONE, courts.Returned("quill"))
    assert "quill" in town.menus(Beat.MARKET)


@pytest.mark.parametrize("scenario", ["south-sea", "long-winter", "bubble"])
def test_nothing_on_a_menu_is_ever_refused(scenario: str) -> None:
    town = Town(3, 12, *load_scenario(scenario))
    for _ in range(12):
        for beat in Beat:
            menus = town.menus(beat)
            for seat, menu in menus.items():
                for phrase in menu.phrases:
                    assert flaw_of(market_of(town), seat, beat, (phrase,)) is None
            assert not refused(town.apply(beat, {seat: Move(menu.phrases[:1]) for seat, menu in menus.items()}))
