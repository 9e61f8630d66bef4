"""Words: what is promised, threatened and bought binds as it says; tales change; belief follows one formula."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny import words
from fivepenny.claims import Promise, PromiseKind, Truth
from fivepenny.clock import Beat
from fivepenny.drama.lies import credence_of, told_otherwise
from fivepenny.events import EVERYONE, Event
from fivepenny.market.credence import Record, credence
from fivepenny.market.exchange import play_market
from fivepenny.market.flows import settle
from fivepenny.market.menus import list_menu
from fivepenny.market.orders import Side
from fivepenny.market.state import Market
from fivepenny.market.terms import EarlyPayment, OrderTerms, WordTerms
from fivepenny.market.words import LATER_DAYS
from fivepenny.market.words_terms import (
    BribeTerms,
    CarryOut,
    PromiseTerms,
    ReplyToBribe,
    ReplyToPromise,
    ReplyToThreat,
    ThreatTerms,
)
from fivepenny.scenario import Scenario
from fivepenny.world import Move
from insolvents import owes
from talkers import tell
from towns import act, at_dusk, bodies, listed, of_kind, opened, scenario, seat


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades, unless a test plays a whole season."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def table(**changes: Any) -> Scenario:
    """Three seats who talk."""
    return scenario(customs=("words",), **changes)


def trade(market: Market, **orders: OrderTerms) -> tuple[Event, ...]:
    """What the market brings with these orders."""
    market.log.beat = Beat.MARKET
    market.log.take()
    market.listings = {name: listed(name, item) for name, item in orders.items()}
    play_market(market, {name: Move(("x",)) for name in orders})
    return market.log.take()


def last_heard(market: Market, name: str) -> Any:
    return market.knowledge[name].heard[-1]


def tomorrow(market: Market) -> None:
    market.log.day += 1
    market.emit(EVERYONE, hap.DayOpened("Tuesday"))


HOLD = PromiseTerms(PromiseKind.WILL_HOLD, "birch", "rye", 0, 2)
SELL, BUY = OrderTerms(Side.SELL, "rye", 2, 60), OrderTerms(Side.BUY, "rye", 2, 60)


# --- promises ------------------------------------------------------------------------------------------------


def test_a_word_that_is_kept_is_settled_on_its_last_day_and_trust_follows() -> None:
    market = opened(table())
    (given_,) = bodies(act(market, amber=HOLD))
    assert given_ == words.Promised(Promise(1, PromiseKind.WILL_HOLD, "amber", "birch", "rye", 0, 1, 2), "plain")
    assert not of_kind(at_dusk(market), words.PromiseSettled)
    tomorrow(market)
    (settled,) = of_kind(at_dusk(market), words.PromiseSettled)
    assert settled.body.kept and settled.audience == ("amber", "birch")
    birch = market.knowledge["birch"]
    assert birch.trust["amber"] > 50 and birch.words.record("amber") == Record(1, 0)
    assert not market.words.promises and not birch.words.promises


def test_a_word_that_is_broken_is_settled_the_same_evening() -> None:
    market = opened(table())
    act(market, amber=HOLD)
    trade(market, amber=SELL, clay=BUY)
    (settled,) = of_kind(at_dusk(market), words.PromiseSettled)
    assert not settled.body.kept
    birch = market.knowledge["birch"]
    assert birch.trust["amber"] < 50 and birch.words.record("amber") == Record(0, 1)


def test_what_is_not_sold_or_is_sold_by_force_breaks_no_word() -> None:
    market = opened(table())
    act(market, amber=HOLD)
    trade(market, amber=SELL)
    assert not market.words.broken
    broke = opened(scenario(seat("amber", purse_pence=0), customs=("words",), debts=(owes("clay", "amber", 900, 1),)))
    act(broke, amber=PromiseTerms(PromiseKind.WILL_HOLD, "birch", "rye", 0, 3))
    at_dusk(broke)
    tomorrow(broke)
    sold = of_kind(trade(broke, clay=BUY), hap.Cleared)
    assert sold[0].body.sellers == ("amber",) and not broke.words.broken


def test_a_promise_to_pay_is_settled_by_the_loan() -> None:
    for purse, kept in ((1000, True), (100, False)):
        play = scenario(seat("amber", purse_pence=purse), customs=("words",), debts=(owes("birch", "amber", 600, 3),))
        market = opened(play)
        act(market, amber=PromiseTerms(PromiseKind.WILL_PAY, "birch", "", 1, 3))
        assert not of_kind(at_dusk(market), words.PromiseSettled)
        market.log.day = 3
        assert [body.kept for body in bodies(of_kind(at_dusk(market), words.PromiseSettled))] == [kept]


def test_a_promise_is_believed_or_not() -> None:
    market = opened(table())
    (given_,) = bodies(act(market, amber=HOLD))
    (weighed,) = act(market, Beat.ANSWER, birch=ReplyToPromise(given_.promise, False))
    assert weighed.body == words.PromiseWeighed("birch", "amber", 1, False)
    assert market.knowledge["amber"].feeling["birch"] == -1


def word_on(market: Market, name: str, phrase: str) -> str:
    """What a seat's word says beside an order, or nothing."""
    listing = list_menu(market.knowledge[name], market.scenario, 1, Beat.MARKET)
    assert listing is not None
    facts = {fact.key: fact.text for fact in listing.menu.option(phrase).facts}
    return facts.get("word", "")


def test_ones_own_word_stands_beside_what_would_break_it() -> None:
    market = opened(table())
    assert word_on(market, "amber", "sell rye") == ""
    act(market, amber=HOLD)
    assert word_on(market, "amber", "sell rye") == "birch has your word to sell none before Wednesday"
    assert word_on(market, "amber", "sell stock") == ""
    act(market, clay=BribeTerms("birch", 120, "stock", 2))
    act(market, Beat.ANSWER, birch=ReplyToBribe(last_heard(market, "birch"), True))
    for phrase in ("buy stock", "sell stock"):
        assert word_on(market, "birch", phrase) == "clay has your word to leave it alone until Wednesday"


def test_who_gave_its_word_to_pay_sees_it_beside_what_the_money_would_go_for() -> None:
    market = opened(table(debts=(owes("birch", "amber", 900, 3),)))
    act(market, amber=PromiseTerms(PromiseKind.WILL_PAY, "birch", "", 1, 3))
    assert word_on(market, "amber", "buy stock") == "birch has your word to pay Wednesday"
    assert word_on(market, "amber", "sell stock") == ""
    act(market, birch=WordTerms("press", "amber"))
    listing = list_menu(market.knowledge["amber"], market.scenario, 1, Beat.ANSWER)
    assert listing and "word" in {fact.key for fact in listing.menu.option("pay birch").facts}


# --- threats -------------------------------------------------------------------------------------------------


def threatened() -> tuple[Market, words.Threatened]:
    """Birch owes amber 600 on day 9, and is told to leave the stock alone until day 3, or the loan is called in."""
    market = opened(table(debts=(owes("amber", "birch", 600, 9),)))
    terms = ThreatTerms("birch", 1, 0, "stock", 2, "call", "menacing")
    (made,) = bodies(act(market, amber=terms))
    assert isinstance(made, words.Threatened)
    return market, made


def test_who_gives_way_is_bound() -> None:
    market, threat = threatened()
    (yielded,) = bodies(act(market, Beat.ANSWER, birch=ReplyToThreat(threat, True)))
    assert yielded.promise == Promise(1, PromiseKind.WILL_LEAVE, "birch", "amber", "stock", 0, 1, 2)
    assert not market.words.threats and not market.knowledge["amber"].words.threats
    trade(market, birch=OrderTerms(Side.BUY, "stock", 1, 300), clay=OrderTerms(Side.SELL, "stock", 1, 300))
    assert [body.kept for body in bodies(of_kind(at_dusk(market), words.PromiseSettled))] == [False]


def test_bread_may_be_bought_by_who_leaves_it_alone() -> None:
    market = opened(table())
    act(market, amber=BribeTerms("birch", 120, "rye", 2))
    act(market, Beat.ANSWER, birch=ReplyToBribe(last_heard(market, "birch"), True))
    trade(market, clay=SELL, birch=BUY)
    assert not market.words.broken
    trade(market, clay=BUY, birch=SELL)
    assert market.words.broken == {1}


def test_a_threat_is_carried_out_on_the_next_morning_and_feared_the_more() -> None:
    market, threat = threatened()
    (defied,) = act(market, Beat.ANSWER, birch=ReplyToThreat(threat, False))
    assert defied.body == words.Defied(1, "amber", "birch") and defied.audience == ("amber", "birch")
    at_dusk(market)
    tomorrow(market)
    listing = list_menu(market.knowledge["amber"], market.scenario, 1, Beat.ADDRESS)
    assert listing and "press birch as warned" in listing.menu.phrases
    before = market.knowledge["birch"].words.fear("amber")
    (called,) = bodies(act(market, amber=CarryOut(threat, 3)))
    assert called == words.CalledIn(1, "amber", "birch", 1, 600, 3)
    assert market.loans[1].due_day == 3 == market.knowledge["birch"].loans[1].due_day
    assert market.knowledge["birch"].words.fear("amber") > before
    assert not of_kind(at_dusk(market), words.ThreatLapsed)


def test_a_threat_that_is_not_carried_out_costs_fear() -> None:
    market, _ = threatened()
    before = market.knowledge["birch"].words.fear("amber")
    assert not of_kind(at_dusk(market), words.ThreatLapsed)
    tomorrow(market)
    (lapsed,) = of_kind(at_dusk(market), words.ThreatLapsed)
    assert lapsed.audience == ("amber", "birch") and market.knowledge["birch"].words.fear("amber") < before
    assert not market.words.threats and not market.knowledge["amber"].words.threats


def test_who_pays_under_a_threat_has_heard_the_last_of_it() -> None:
    market = opened(table(debts=(owes("amber", "birch", 600, 4),)))
    act(market, amber=ThreatTerms("birch", 1, 600, "", 0, "room"))
    listing = list_menu(market.knowledge["birch"], market.scenario, 1, Beat.ANSWER)
    assert listing and listing.terms["yield amber"] == EarlyPayment(1, "amber")
    act(market, Beat.ANSWER, birch=EarlyPayment(1, "amber"))
    at_dusk(market)
    tomorrow(market)
    assert not of_kind(at_dusk(market), words.ThreatLapsed)


def test_what_is_told_to_the_room_costs_trust_with_everybody() -> None:
    market = opened(table(debts=(owes("amber", "birch", 600, 4),)))
    (threat,) = bodies(act(market, amber=ThreatTerms("birch", 1, 600, "", 0, "room")))
    tomorrow(market)
    (told,) = act(market, amber=CarryOut(threat, 0))
    assert told.body == words.ToldRoom(1, "amber", "birch", 600) and told.audience == ("*",)
    assert market.knowledge["clay"].trust["birch"] < 50 == market.knowledge["clay"].trust["amber"]


# --- bribes --------------------------------------------------------------------------------------------------


def test_a_bribe_is_paid_as_it_is_taken_and_known_to_two() -> None:
    market = opened(table())
    (offer,) = act(market, amber=BribeTerms("birch", 120, "rye", 3))
    assert offer.audience == ("amber", "birch") and market.free("birch") == 1000
    (taken,) = act(market, Beat.ANSWER, birch=ReplyToBribe(last_heard(market, "birch"), True))
    assert isinstance(taken.body, words.BribeTaken)
    assert taken.audience == ("amber", "birch") and market.free("birch") == 1120 == market.knowledge["birch"].pence
    assert taken.body.promise.kind is PromiseKind.WILL_LEAVE and market.knowledge["amber"].pence == 880


def test_a_bribe_can_be_refused_or_turn_out_to_be_hollow() -> None:
    market = opened(scenario(seat("amber", purse_pence=100), customs=("words",)))
    (offer,) = bodies(act(market, amber=BribeTerms("birch", 120, "rye", 3)))
    assert bodies(act(market, Beat.ANSWER, birch=ReplyToBribe(offer, False))) == [
        words.BribeSpurned(1, "amber", "birch", 120)
    ]
    hollow = bodies(act(market, Beat.ANSWER, birch=ReplyToBribe(offer, True)))
    assert hollow == [words.BribeUnpaid(1, "amber", "birch", 120)] and not market.words.promises


# --- tales ---------------------------------------------------------------------------------------------------


def test_the_log_holds_by_whom_a_tale_came() -> None:
    market = opened(table())
    tell(market, "amber", "birch", None)
    tell(market, "birch", "clay", 1)
    told = tell(market, "clay", "amber", 1)
    assert told.sealed.note == "the teller believes it 40 in 100; it came by amber birch"


@pytest.mark.parametrize("lowest", [0, 99])
def test_a_tale_changes_as_it_travels(monkeypatch: pytest.MonkeyPatch, lowest: int) -> None:
    """Told otherwise always, then never; the one who tells it believes what it believed."""
    monkeypatch.setattr("fivepenny.market.words.CHANGED_PERCENT", 100 - lowest if lowest == 0 else 0)
    seen = set()
    for seed in range(12):
        market = opened(table(), seed=seed)
        first = tell(market, "amber", "birch", None)
        held = market.knowledge["birch"].beliefs.copy()
        tomorrow(market)
        again = tell(market, "birch", "clay", 1)
        made, told = first.body, again.body
        assert isinstance(made, words.ToldSo) and isinstance(told, words.ToldSo)
        ahead = told.claim.by_day - made.claim.by_day
        seen.add((ahead, told.sure, told_otherwise(again.sealed), credence_of(again.sealed)))
        (kept,) = market.knowledge["birch"].beliefs.values()
        assert (kept.claim, kept.credence) == (held[1].claim, held[1].credence) and kept.told == {"clay"}
    changed = {(-1, True, 1, 40), (LATER_DAYS, False, 1, 40)}
    assert seen == (changed if lowest == 0 else {(0, False, None, 40)})


def test_every_teller_of_a_claim_is_right_or_wrong_with_it() -> None:
    market = opened(table())
    tell(market, "amber", "clay", None)
    tell(market, "amber", "birch", 1)
    tell(market, "birch", "clay", 1)
    settle(market, 1, Truth.FALSE)
    clay = market.knowledge["clay"].words
    assert clay.record("amber") == clay.record("birch") == Record(0, 1)


PERCENT, COUNTS, LEVELS = st.integers(0, 100), st.integers(0, 40), st.integers(0, 9)


@given(trust=PERCENT, right=COUNTS, wrong=COUNTS, fits=LEVELS, sway=st.integers(-30, 30), sure=st.booleans())
def test_belief_rises_with_trust_with_being_right_and_with_what_one_sees(
    trust: int, right: int, wrong: int, fits: int, sway: int, sure: bool
) -> None:
    record = Record(right, wrong)
    found = credence(trust, record, fits, sway, sure=sure)
    assert 0 <= found <= 100
    assert credence(min(100, trust + 1), record, fits, sway, sure=sure) >= found
    assert credence(trust, record, min(9, fits + 1), sway, sure=sure) >= found
    assert credence(trust, record.with_another(right=True), fits, sway, sure=sure) >= found
    assert credence(trust, record.with_another(right=False), fits, sway, sure=sure) <= found
    assert credence(trust, record, fits, sway + 1, sure=sure) >= found
    assert credence(trust, record, fits, sway, sure=True) >= found
    shown = 100 * (right + 1) // (right + wrong + 2)
    plain = (trust + trust + shown + 100 * fits // 9) // 4 + sway + (6 if sure else 0)
    assert found == sorted((0, plain, 100))[1]
