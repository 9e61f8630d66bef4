"""What hires do: goods change hands for a while, margins are called, goods are bought in, and worths stay true."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.clock import BEATS, Beat
from fivepenny.drama.hire import Squeeze, squeezes
from fivepenny.events import EVERYONE
from fivepenny.ledger.transfers import PLEDGED
from fivepenny.market.hire import settle_hires, take_back_of_failed
from fivepenny.market.hire_terms import BUY_IN_PERCENT, MAINTENANCE_PERCENT, RecallTerms, ReplyToHire, margin_pence
from fivepenny.market.state import Estate, Market, move
from fivepenny.market.town import Town
from hirers import asked, hire, table, trade, with_custom, with_hire
from insolvents import owes
from quiet_tables import quiet_table
from towns import act, at_dawn, at_dusk, bodies, legal, market_of, of_kind, opened, seat


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades, unless a test plays a whole season."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def pledged(market: Market, name: str) -> int:
    return market.book.balance(name, "pence", PLEDGED)


def purse(market: Market, name: str, pence: int) -> None:
    """Leave a seat so much money."""
    market.post(move(name, "outside", market.free(name) - pence))
    market.knowledge[name].pence = pence


def known(market: Market) -> None:
    """Every seat knows its purse, its stock and its hires."""
    for name, knowledge in market.knowledge.items():
        assert knowledge.pence == market.free(name)
        assert knowledge.stock == {good: market.free(name, good) for good in market.last_pence}
        mine = {number: item for number, item in market.hires.items() if name in (item.owner, item.hirer)}
        assert knowledge.hiring.standing == mine


# --- making one --------------------------------------------------------------------------------------------------


def test_goods_fee_and_margin_change_hands_and_no_worth_but_by_the_fee() -> None:
    market = opened(table())
    before = market.worths()
    made = hire(market, "birch", "amber")
    fee, margin = 14, 180  # 4 and 50 in the hundred of six sacks at 60
    assert (made.quantity, made.margin_pence, made.due_day) == (6, margin, 7)
    assert (market.free("birch"), pledged(market, "birch"), market.free("birch", "rye")) == (806, margin, 26)
    assert (market.free("amber"), market.free("amber", "rye")) == (1000 + fee, 14)
    assert market.worths() == before | {"amber": before["amber"] + fee, "birch": before["birch"] - fee}
    known(market)


@pytest.mark.parametrize(("lost", "good", "lacking"), [("amber", "rye", "amber"), ("birch", "pence", "birch")])
def test_what_has_gone_elsewhere_cannot_be_hired(lost: str, good: str, lacking: str) -> None:
    market = opened(table())
    wanted = asked(market, "birch", "amber", "rye", 6)
    market.post(move(lost, "clay", market.free(lost, good) - 5, good))
    (event,) = act(market, Beat.ANSWER, amber=ReplyToHire(wanted, True))
    assert event.body == hires.HireFellThrough("amber", "birch", "rye", 6, lacking)
    assert event.audience == ("amber", "birch") and not market.hires


def test_a_refusal_is_told_to_the_two_and_moves_nothing() -> None:
    market = opened(table())
    (event,) = act(market, Beat.ANSWER, amber=ReplyToHire(asked(market, "birch", "amber", "rye", 6), False))
    assert event.body == hires.HireDeclined("amber", "birch", "rye", 6) and not event.sealed.postings
    assert event.audience == ("amber", "birch") and market.knowledge["birch"].feeling["amber"] == -1


# --- bringing back -----------------------------------------------------------------------------------------------


def test_on_its_day_it_goes_back_by_itself_and_the_margin_comes_home() -> None:
    market = with_hire()
    assert not of_kind(at_dusk(market, 6), hires.BroughtBack)
    (event,) = of_kind(at_dusk(market, 7), hires.BroughtBack)
    assert event.body == hires.BroughtBack(1, "amber", "birch", "rye", 6, 0, 180)
    assert not market.hires and pledged(market, "birch") == 0 and market.free("amber", "rye") == 20
    assert market.knowledge["amber"].trust["birch"] > 50
    known(market)


def test_what_is_bought_again_goes_back_the_same_night() -> None:
    market = with_hire()
    trade(market, 2, birch=("sell", "rye", 6, 50), clay=("buy", "rye", 6, 60))
    assert not of_kind(at_dusk(market, 2), hires.BroughtBack) and market.hires[1].sold == 6
    trade(market, 3, birch=("buy", "rye", 4, 60), clay=("sell", "rye", 4, 40))
    assert bodies(of_kind(at_dusk(market, 3), hires.BroughtBack)) == [
        hires.BroughtBack(1, "amber", "birch", "rye", 4, 2, 120)
    ]
    assert market.hires[1].quantity == 2 and market.hires[1].margin_pence == 60
    known(market)


def test_an_owner_can_have_it_back_by_tomorrow_night() -> None:
    market = with_hire(day=2)
    market.log.day = 3
    (event,) = act(market, Beat.ADDRESS, amber=RecallTerms(1))
    assert event.body == hires.HireRecalled(1, "amber", "birch", "rye", 6, 4)
    assert event.audience == ("amber", "birch") and market.knowledge["birch"].feeling["amber"] < 1
    assert not of_kind(at_dusk(market, 3), hires.BroughtBack) and of_kind(at_dusk(market, 4), hires.BroughtBack)


# --- margins and buying in ---------------------------------------------------------------------------------------


def sold_out(purse: int = 1000) -> Market:
    """Birch has sold to clay the six sacks that it has of amber's, and has none left of its own."""
    market = opened(table(seat("birch", purse_pence=purse, stock={"rye": 0, "stock": 0})))
    hire(market, "birch", "amber")
    trade(market, 1, birch=("sell", "rye", 6, 50), clay=("buy", "rye", 6, 60))
    return market


def test_a_margin_is_called_below_its_share_and_made_good_at_once() -> None:
    market = sold_out()
    still = 180 * 100 // MAINTENANCE_PERCENT // 6
    market.last_pence["rye"] = still
    assert not of_kind(at_dusk(market, 2), hires.MarginCalled)
    market.last_pence["rye"] = still + 1
    (event,) = of_kind(at_dusk(market, 3), hires.MarginCalled)
    needed = margin_pence(6 * (still + 1)) - 180
    assert event.body == hires.MarginCalled(1, "amber", "birch", "rye", needed, needed)
    assert event.audience == ("amber", "birch") and pledged(market, "birch") == 180 + needed
    assert not market.hires[1].forced
    known(market)


def test_who_cannot_meet_a_call_is_to_be_bought_in() -> None:
    market = sold_out()
    purse(market, "birch", 100)
    market.last_pence["rye"] = 90
    (call,) = bodies(of_kind(at_dusk(market, 2), hires.MarginCalled))
    assert (call.needed_pence, call.met_pence) == (90, 90) and not market.hires[1].forced
    market.last_pence["rye"] = 105
    (call,) = bodies(of_kind(at_dusk(market, 3), hires.MarginCalled))
    assert (call.needed_pence, call.met_pence) == (45, 10)
    assert not market.hires  # nor could it be: 280 do not buy six at 105


def test_what_is_overdue_is_bought_in_from_the_margin_first_and_everyone_is_told() -> None:
    market = sold_out()
    assert [event.body.quantity for event in of_kind(at_dusk(market, 7), hires.HireOverdue)] == [6]
    purse(market, "birch", 330)
    events = trade(market, 8, clay=("sell", "rye", 6, 80))
    (freed,), (bid,) = of_kind(events, hires.MarginFreed), of_kind(events, hires.ForcedPurchase)
    assert freed.body.pence == 180 and freed.audience == ("amber", "birch")
    assert bid.body == hires.ForcedPurchase("birch", "rye", 6, (330 + 180) // 6) and bid.audience == EVERYONE
    assert bodies(of_kind(events, hap.Cleared))[0].bought == (6,)
    assert of_kind(at_dusk(market, 8), hires.BroughtBack) and not market.hires
    known(market)


def test_a_bid_is_at_most_half_as_much_again_and_is_made_again_the_day_after() -> None:
    market = sold_out(5000)
    at_dusk(market, 7)
    for day in (8, 9):
        (bid,) = bodies(of_kind(trade(market, day), hires.ForcedPurchase))
        assert bid == hires.ForcedPurchase("birch", "rye", 6, 60 * BUY_IN_PERCENT // 100)
        events = at_dusk(market, day)
        assert not of_kind(events, hires.HireOverdue) and of_kind(events, hires.MarginCalled)
    known(market)


def test_what_neither_margin_nor_purse_can_buy_in_is_a_debt_of_tonight() -> None:
    market = sold_out()
    purse(market, "birch", 20)
    market.last_pence["rye"] = 100
    events = at_dusk(market, 2)
    assert bodies(of_kind(events, hires.HireClosed)) == [
        hires.HireClosed(1, "amber", "birch", "rye", 6, 200, 0, 1, 400, 2)
    ]
    assert bodies(of_kind(events, hap.Defaulted)) == [hap.Defaulted(1, "amber", "birch", 0, 400)]
    assert bodies(of_kind(events, fail.Failed)) == [fail.Failed("birch", 1, "", 400)]
    assert market.knowledge["amber"].trust["birch"] < 50 - 25 and pledged(market, "birch") == 0


# --- failing -----------------------------------------------------------------------------------------------------


def test_a_hirer_who_fails_gives_back_what_it_has_and_pays_for_the_rest_at_dawn() -> None:
    birch = seat("birch", stock={"rye": 0, "stock": 0})
    market = opened(table(birch, debts=(owes("clay", "birch", 9000, 2),)))
    hire(market, "birch", "amber")
    trade(market, 1, birch=("sell", "rye", 4, 50), clay=("buy", "rye", 4, 60))
    assert of_kind(at_dusk(market, 2), fail.Failed) and market.hires
    events = at_dawn(market, 3)
    assert bodies(of_kind(events, hires.BroughtBack)) == [hires.BroughtBack(1, "amber", "birch", "rye", 2, 4, 60)]
    (closed,) = bodies(of_kind(events, hires.HireClosed))
    value = 4 * market.last_pence["rye"]
    assert (closed.paid_pence, closed.owed_pence, closed.due_day) == (120, value - 120, 3)
    assert not market.hires and of_kind(at_dusk(market, 3), hap.Defaulted)
    assert len(market.estates["birch"].claims) == 2
    known(market)


def test_an_owner_who_fails_keeps_its_claim_and_what_comes_back_is_sold() -> None:
    market = opened(table(seat("amber", purse_pence=0, stock={"rye": 6}), debts=(owes("clay", "amber", 9000, 2),)))
    hire(market, "birch", "amber")
    market.hires[1] = replace(market.hires[1], due_day=12)
    assert of_kind(at_dusk(market, 2), fail.Failed)
    assert not any(of_kind(at_dusk(market, day), fail.Discharged) for day in range(3, 12))
    assert of_kind(at_dusk(market, 12), hires.BroughtBack) and "amber" in market.estates
    assert bodies(of_kind(trade(market, 13), fail.ForcedSale)) == [fail.ForcedSale("amber", "rye", 6, 30)]


# --- what always holds -------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_dusk_and_dawn_move_goods_and_money_and_change_nobodys_worth(data: st.DataObject) -> None:
    """All of it is at the last price: so the worths before are the simplest of oracles."""
    market = opened(table())
    number = st.integers(0, 8)
    for hirer, owner, good in (("birch", "amber", "rye"), ("clay", "birch", "rye"), ("amber", "clay", "rye")):
        if data.draw(st.booleans()):
            hire(market, hirer, owner, good, 1 + data.draw(number))
    for name in market.knowledge:
        market.post(move(name, "outside", data.draw(st.integers(0, market.free(name)))))
        market.post(move(name, "outside", data.draw(st.integers(0, market.free(name, "rye"))), "rye"))
    for key, item in market.hires.items():
        sold = min(item.quantity, data.draw(number))
        back = min(sold, data.draw(number))
        market.hires[key] = replace(item, sold=sold, rebought=back, forced=data.draw(st.booleans()))
        for party in (item.owner, item.hirer):
            market.knowledge[party].hiring.standing[key] = market.hires[key]
    market.last_pence["rye"] = data.draw(st.integers(1, 300))
    market.log.day = data.draw(st.integers(1, 9))
    if data.draw(st.booleans()):
        market.estates["birch"] = Estate("birch", 1, ())
    worths, units = market.worths(), {key: item.quantity for key, item in market.hires.items()}
    for step in (take_back_of_failed, settle_hires):
        step(market)
        assert market.worths() == worths
        market.book.verify()
    margins = {name: sum(i.margin_pence for i in market.hires.values() if i.hirer == name) for name in worths}
    assert margins == {name: pledged(market, name) for name in worths}
    for key, item in market.hires.items():
        value = item.quantity * market.last_pence["rye"]
        assert 0 < item.quantity <= units[key] and 0 <= item.rebought <= item.sold <= item.quantity
        short = item.margin_pence * 100 < value * MAINTENANCE_PERCENT
        assert not short or (item.forced and not market.free(item.hirer))
        assert item.forced or item.due_day > market.day


@pytest.mark.parametrize(("reference", "seed"), [("south-sea", 1), ("bubble", 3), ("bubble", 4)])
def test_knowledge_and_forks_keep_up(monkeypatch: pytest.MonkeyPatch, reference: str, seed: int) -> None:
    """Players who do anything that is legal; a copy goes the same way."""
    monkeypatch.undo()
    play, lot, made = with_custom(reference), Random(seed), 0
    town = Town(seed, 25, play, quiet_table(reference)[1])
    for _ in range(25):
        for beat in BEATS:
            moves: dict[str, Any] = {name: hiring(menu, lot) for name, menu in town.menus(beat).items()}
            copy = town.fork()
            events = town.apply(beat, moves)
            assert copy.apply(beat, moves) == events and copy.digest() == town.digest()
            made += len(of_kind(events, hires.Hired))
            known(market_of(town))
    assert made


def hiring(menu: Any, lot: Random) -> Any:
    """A legal move: a hire where there is one on the menu, and agreed to."""
    wanted = [option.phrase for option in menu.options if option.act in ("hire", "agree")]
    return replace(legal(menu, lot, 1), phrases=(lot.choice(wanted),)) if wanted else legal(menu, lot, 1)


# --- the squeeze -------------------------------------------------------------------------------------------------


def test_buying_in_against_thin_supply_lifts_the_price_for_the_next_to_be_called() -> None:
    """Birch is overdue; what it must pay makes clay's margin too small, and clay must buy tomorrow, dearer still."""
    poor = {"purse_pence": 2000, "stock": {"rye": 0, "stock": 0}}
    market = opened(table(seat("birch", **poor), seat("clay", **poor), seat("amber", stock={"rye": 40, "stock": 0})))
    hire(market, "birch", "amber")
    market.log.day = 4
    hire(market, "clay", "amber")
    trade(market, 4, birch=("sell", "rye", 6, 50), amber=("buy", "rye", 6, 60))
    (before,) = of_kind(trade(market, 4, clay=("sell", "rye", 6, 50), amber=("buy", "rye", 6, 60)), hap.Cleared)[:1]
    events = at_dusk(market, 7)
    assert [body.hirer for body in bodies(of_kind(events, hires.HireOverdue))] == ["birch"]
    events += trade(market, 8, amber=("sell", "rye", 6, 80))
    price = market.last_pence["rye"]
    events += at_dusk(market, 8)
    (call,) = [body for body in bodies(of_kind(events, hires.MarginCalled)) if body.hirer == "clay"]
    assert price >= 80 and call.met_pence == call.needed_pence > 0
    at_dusk(market, 10)
    events += trade(market, 11, amber=("sell", "rye", 6, price * 5 // 4))
    assert [(item.seat, item.before_pence) for item in squeezes((before, *events))] == [("birch", 60), ("clay", price)]


def test_a_squeeze_is_a_forced_purchase_a_tenth_above_the_last_price() -> None:
    market = sold_out(5000)
    events = (*at_dusk(market, 7), *trade(market, 8, clay=("sell", "rye", 2, 60)))
    before = [hap.Cleared("rye", price, 1, ("clay",), (1,), ("amber",), (1,)) for price in (54, 55)]
    for body, found in zip(before, (((Squeeze(8, "birch", "rye", 2, 60, 54)),), ()), strict=True):
        earlier = replace(events[0], body=body)
        assert squeezes((earlier, *events)) == found
