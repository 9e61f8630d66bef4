"""The outside world and the houses: chronicle rows, prices, bills, stores and shocks do what is stated, no more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.chronicle import Effect, RowKind
from fivepenny.claims import Basis, ClaimKind, Truth
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE, Event
from fivepenny.ledger.transfers import OUTSIDE, Refusal
from fivepenny.market.exchange import play_market
from fivepenny.market.flows import foretell_shock, strike, tell_chronicle
from fivepenny.market.orders import Side
from fivepenny.market.state import BILLS, Market, StandingBill, move
from fivepenny.market.terms import OrderTerms
from fivepenny.scenario import Bill, Craft
from fivepenny.world import Move
from towns import RYE, SEATS, SHARE, at_dawn, at_dusk, bodies, chronicle, listed, of_kind, opened, scenario, seat


def told(market: Market) -> tuple[Event, ...]:
    tell_chronicle(market)
    return market.log.take()


# --- rows of a chronicle -------------------------------------------------------------------------------------

WITH_BILLS = scenario(
    seat("clay", purse_pence=900),
    bills=(Bill(seat="amber", pence=70, due_day=9), Bill(seat="birch", pence=50, due_day=5)),
)
DAYS_OF_TRADE = {RowKind.NEWS: 1, RowKind.PANIC: 2, RowKind.CRASH: 1, RowKind.DEFAULT: 1, RowKind.LAW: 1}


def standing(market: Market) -> dict[str, Any]:
    """Everything that a row could touch."""
    return {
        "prices": (dict(market.last_pence), dict(market.fair_pence)),
        "shocks": (dict(market.shocks), list(market.foretold)),
        "flows": list(market.flows),
        "bills": dict(market.bills),
        "loans": dict(market.loans),
        "claims": set(market.claims),
        "books": market.book.balances(),
    }


@pytest.mark.parametrize("kind", RowKind)
@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("asset", ["rye", "banks"])
def test_a_told_row_does_what_is_stated_and_nothing_else(kind: RowKind, effect: Effect, asset: str) -> None:
    market = opened(WITH_BILLS, chronicle(f"{kind},{effect},yes,{asset}"))
    rise = market.make_claim("rye", ClaimKind.WILL_RISE, 3, Basis.PRICE, {"birch"}).number
    fall = market.make_claim("rye", ClaimKind.WILL_FALL, 3, Basis.PRICE, None).number
    market.make_claim("stock", ClaimKind.WILL_RISE, 3, Basis.PRICE, None)
    market.make_claim("rye", ClaimKind.WILL_RISE, 3, Basis.SHOCK, {"clay"})
    before = standing(market)
    events = told(market)
    after = standing(market)
    expected = dict(before)
    bears = effect is not Effect.NONE and asset == "rye"

    settled = of_kind(events, hap.Settled)
    if kind is RowKind.LAW and bears:
        up = effect is Effect.UP
        assert [(event.body.claim.number, event.audience, event.body.truth) for event in settled] == [
            (rise, ("birch",), Truth.TRUE if up else Truth.FALSE),
            (fall, EVERYONE, Truth.FALSE if up else Truth.TRUE),
        ]
        expected["claims"] = expected["claims"] - {rise, fall}
    else:
        assert not settled

    (telling,) = [event for event in events if isinstance(event.body, hap.News | hap.Whispered)]
    assert telling.body.headline == "Headline 0"
    claim = telling.body.claim
    if kind is RowKind.RUMOUR and bears:
        assert isinstance(telling.body, hap.Whispered) and telling.audience == ("birch",)
    else:
        assert isinstance(telling.body, hap.News) and telling.audience == EVERYONE
    if bears:
        assert claim.kind is (ClaimKind.WILL_RISE if effect is Effect.UP else ClaimKind.WILL_FALL)
        assert (claim.asset, claim.basis, claim.made_day) == ("rye", Basis.PRICE, 1) and claim.by_day > 1
        expected["claims"] = expected["claims"] | {claim.number}
    else:
        assert claim is None

    if kind is RowKind.DEFAULT:
        assert bodies(of_kind(events, hap.HouseFailed)) == [hap.HouseFailed(2, "birch", 50)]
        expected["bills"] = {1: before["bills"][1]}
    if kind is RowKind.INTERVENTION and effect is Effect.UP:
        (loan,) = after["loans"].values()
        assert (loan.lender, loan.borrower) == (OUTSIDE, "clay")
        assert market.free("clay") == 900 + of_kind(events, hap.Lent)[0].body.principal_pence
        expected["loans"] = after["loans"]
    if bears and kind in DAYS_OF_TRADE:
        (flow,) = after["flows"]
        assert (flow.good, flow.side) == ("rye", Side.BUY if effect is Effect.UP else Side.SELL)
        assert flow.until_day == DAYS_OF_TRADE[kind] and flow.quantity >= 1
        expected["flows"] = after["flows"]
    if RowKind.DEFAULT is kind or expected["loans"]:
        expected["books"] = after["books"]
    assert after == expected
    assert len(events) == 1 + len(settled) + (expected["bills"] != before["bills"]) + len(expected["loans"])


@pytest.mark.parametrize("kind", RowKind)
def test_a_row_that_is_not_told_reaches_nobody(kind: RowKind) -> None:
    market = opened(WITH_BILLS, chronicle(f"{kind},up,no,rye"))
    before, digest = standing(market), market.digest()
    assert told(market) == ()
    assert standing(market) == before and market.digest() == digest


def test_a_rumour_reaches_each_of_those_who_hear_first_and_no_other() -> None:
    market = opened(scenario(hears_first=("clay", "amber")), chronicle("rumour,up,yes,rye"))
    whispers = told(market)
    assert [event.audience for event in whispers] == [("clay",), ("amber",)]
    assert [len(market.knowledge[name].beliefs) for name in ("amber", "birch", "clay")] == [1, 0, 1]


def test_without_anybody_named_one_seat_hears_first() -> None:
    heard = set()
    for seed in range(20):
        (whisper,) = told(opened(scenario(hears_first=()), chronicle("rumour,down,yes,rye"), seed))
        heard.add(whisper.audience)
    assert heard == {("amber",), ("birch",), ("clay",)}


def test_a_default_without_a_bill_is_news_alone() -> None:
    assert [type(body) for body in bodies(told(opened(None, chronicle("default,down,yes,rye"))))] == [hap.News]


def test_a_panic_brings_outside_buyers_for_two_days_who_pay_what_a_seat_asks() -> None:
    market = opened(None, chronicle("panic,up,yes,stock"))
    told(market)
    crowds, crowded, prices = [], [], [market.last_pence["stock"]]
    for day in (1, 2, 3):
        market.log.day, market.log.beat = day, Beat.MARKET
        dear_pence = prices[-1] * 120 // 100
        market.listings = {"amber": listed("amber", OrderTerms(Side.SELL, "stock", 5, dear_pence))}
        play_market(market, {"amber": Move(("x",))})
        orders = [event.body for event in of_kind(market.log.take(), hap.Ordered) if event.body.quantity == 42]
        crowds.append([(order.seat, order.side, order.limit_pence == dear_pence) for order in orders])
        crowded.append(len(market.flows))
        prices.append(market.last_pence["stock"])
    assert crowds == [[(OUTSIDE, "buy", True)], [(OUTSIDE, "buy", True)], []]  # 35 in a hundred of all at the table
    assert prices == [300, 360, 432, 432]
    assert crowded == [1, 0, 0]  # nobody is kept who has gone home
    assert market.free("amber", "stock") == 30


# --- prices --------------------------------------------------------------------------------------------------


def traded(market: Market, amber: OrderTerms, birch: OrderTerms) -> tuple[Event, ...]:
    """What an auction of these two brings."""
    market.log.beat = Beat.MARKET
    market.listings = {"amber": listed("amber", amber), "birch": listed("birch", birch)}
    play_market(market, {"amber": Move(("x",)), "birch": Move(("x",))})
    return market.log.take()


def test_a_day_without_a_trade_leaves_the_price_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])
    market = opened()
    cleared = of_kind(
        traded(market, OrderTerms(Side.BUY, "rye", 2, 90), OrderTerms(Side.SELL, "rye", 2, 91)), hap.Cleared
    )
    assert [(event.body.price_pence, event.body.volume) for event in cleared] == [(None, 0)] * 2
    assert market.last_pence == {"rye": 60, "stock": 300}
    assert (market.free("amber"), market.free("birch", "rye")) == (1000, 20)


def test_a_trade_makes_the_price_and_moves_money_and_goods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])
    market = opened()
    events = traded(market, OrderTerms(Side.BUY, "rye", 2, 91), OrderTerms(Side.SELL, "rye", 3, 91))
    assert [event.audience for event in of_kind(events, hap.Ordered)] == [("amber",), ("birch",)]
    assert bodies(of_kind(events, hap.Cleared))[0] == hap.Cleared("rye", 91, 2, ("amber",), (2,), ("birch",), (2,))
    assert market.last_pence == {"rye": 91, "stock": 300}
    assert (market.free("amber"), market.free("amber", "rye")) == (818, 22)
    assert (market.free("birch"), market.free("birch", "rye")) == (1182, 18)


# --- bills and houses ----------------------------------------------------------------------------------------


def test_a_bill_is_paid_on_its_day() -> None:
    market = opened(WITH_BILLS)
    assert market.free("birch", BILLS) == 50 and market.worths()["birch"] == 1000 + 50 + 20 * 60 + 40 * 300
    assert not of_kind(at_dawn(market, 4), hap.BillPaid)
    (paid,) = of_kind(at_dawn(market, 5), hap.BillPaid)
    assert paid.body == hap.BillPaid(2, "birch", 50) and paid.audience == ("birch",)
    assert (market.free("birch"), market.free("birch", BILLS)) == (1050, 0)
    assert market.bills == {1: StandingBill(1, "amber", 70, 9)}


def test_a_bill_on_a_failed_house_is_never_paid() -> None:
    market = opened(WITH_BILLS, chronicle("default,none,yes,rye"))
    told(market)
    assert market.free("birch", BILLS) == 0
    assert not of_kind(at_dawn(market, 5), hap.BillPaid) and market.free("birch") == 1000
    assert of_kind(at_dawn(market, 9), hap.BillPaid)


def test_stock_goes_bad_by_its_part_of_a_hundred() -> None:
    market = opened(scenario(goods=(RYE.model_copy(update={"spoils_percent": 25}), SHARE)))
    events = at_dawn(market, 2)
    assert sorted(event.audience for event in of_kind(events, hap.Spoiled)) == [("amber",), ("birch",), ("clay",)]
    assert {market.free(name, "rye") for name in ("amber", "birch", "clay")} == {15}
    assert market.free("amber", "stock") == 40
    assert not of_kind(at_dawn(opened(), 2), hap.Spoiled)


def made(market: Market, days: range) -> list[int]:
    start = market.free("amber", "rye")
    figures = []
    for day in days:
        at_dawn(market, day)
        figures.append(market.free("amber", "rye") - start)
        start = market.free("amber", "rye")
    return figures


def test_production_wavers_round_the_usual_and_a_shock_changes_it_for_its_days() -> None:
    market = opened(scenario(seat("amber", makes={"rye": 8})))
    usual = made(market, range(2, 102))
    assert set(usual) <= {7, 8, 9} and 7.7 < sum(usual) / 100 < 8.3 and len(set(usual)) > 1
    market.shocks["rye"] = (25, 104)
    assert all(figure <= 3 for figure in made(market, range(102, 105)))
    assert all(figure >= 7 for figure in made(market, range(105, 108)))


def test_a_house_uses_its_stock_then_sends_out_at_a_hard_price_then_goes_without() -> None:
    house = seat("amber", needs={"rye": 5}, stock={"rye": 2, "stock": 0}, purse_pence=200)
    market = opened(scenario(house))
    events = at_dawn(market, 2)
    assert bodies(of_kind(events, hap.Consumed)) == [hap.Consumed("amber", "rye", 2)]
    (wanted,) = of_kind(events, hap.Wanted)
    assert wanted.body == hap.Wanted("amber", "rye", 2, 192, 1) and wanted.audience == EVERYONE
    assert (market.free("amber"), market.free("amber", "rye")) == (8, 0)
    assert market.knowledge["birch"].wants_seen == {"amber": 2}


def test_a_craft_turns_goods_into_money_before_the_house_eats_them() -> None:
    worker = seat("amber", craft=Craft(good="rye", up_to=3, earns_pence=100), needs={"rye": 2}, stock={"rye": 4})
    market = opened(scenario(worker))
    events = at_dawn(market, 2)
    (earned,) = bodies(of_kind(events, hap.Earned))
    assert (earned.good, earned.quantity) == ("rye", 3) and 276 <= earned.pence <= 324
    assert bodies(of_kind(events, hap.Consumed)) == [hap.Consumed("amber", "rye", 1)]
    assert of_kind(events, hap.Wanted)
    idle = opened(scenario(seat("amber", craft=worker.craft, stock={"rye": 0}, income_pence=7)))
    assert bodies(of_kind(at_dawn(idle, 2), hap.Earned)) == [hap.Earned("amber", 7, "", 0)]
    assert idle.free("amber") == 1007


@pytest.mark.parametrize(("true_percent", "truth"), [(100, Truth.TRUE), (0, Truth.FALSE)])
def test_a_shock_is_whispered_to_one_and_strikes_only_where_true(
    monkeypatch: pytest.MonkeyPatch, true_percent: int, truth: Truth
) -> None:
    monkeypatch.setattr("fivepenny.market.flows.SHOCK_TRUE_PERCENT", true_percent)
    market = opened(scenario(seat("amber", makes={"rye": 8}), shock_percent=100))
    foretell_shock(market)
    (whisper,) = market.log.take()
    assert isinstance(whisper.body, hap.Whispered) and whisper.audience == (whisper.body.seat,)
    assert whisper.sealed.truth is truth and whisper.body.claim.basis is Basis.SHOCK
    strike(market)
    assert market.log.take() == () and len(market.foretold) == 1
    assert not of_kind(at_dusk(market, whisper.body.claim.by_day), hap.Settled)
    strike(market)
    events = market.log.take()
    assert len(of_kind(events, hap.Struck)) == (truth is Truth.TRUE) == len(market.shocks)
    assert bodies(of_kind(events, hap.Settled)) == [hap.Settled(whisper.body.claim, truth)]
    assert not market.foretold and not market.claims


# --- postings ------------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(SEATS), st.sampled_from(SEATS), st.integers(-1, 700)), max_size=4),
        max_size=8,
    )
)
def test_a_batch_posted_in_one_breath_is_one_that_was_numbered_first(batches: list[list[tuple[str, str, int]]]) -> None:
    book = opened().book
    twin = book.fork()
    for rows in batches:
        batch = [move(source, target, amount) for source, target, amount in rows]
        numbered, in_one_breath = book.apply(book.numbered(batch)), twin.append(batch)
        if isinstance(numbered, Refusal):
            assert in_one_breath == numbered
        else:
            assert in_one_breath == numbered.first_number
        assert twin.digest() == book.digest()
