"""What a default does: who fails and whom it pulls down, what is sold and to whom the money goes, and how it ends."""

from random import Random
from typing import Any

import pytest

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.arena.measures import failing_measures
from fivepenny.clock import BEATS, Beat
from fivepenny.events import EVERYONE, Body, Event
from fivepenny.market.estates import ALLOWANCE_DAYS, ESTATE_DAYS, LIVING_PENCE, RESERVE_PERCENT
from fivepenny.market.exchange import play_market
from fivepenny.market.menus import list_menu
from fivepenny.market.orders import Side
from fivepenny.market.sight import observe
from fivepenny.market.state import BILLS, Market, move
from fivepenny.market.terms import LoanTerms, OrderTerms
from fivepenny.market.town import Town
from fivepenny.scenario import Bill
from fivepenny.world import Move
from insolvents import deep_in_debt, owes
from towns import act, at_dusk, bodies, legal, listed, market_of, of_kind, opened, scenario, seat


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades, unless a test plays a whole season."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def poor(name: str, pence: int = 0, **stock: int) -> Any:
    return seat(name, purse_pence=pence, stock={"rye": 0, "stock": 0} | stock)


def at_market(market: Market, day: int, **terms: OrderTerms) -> tuple[Event, ...]:
    """What the market phase of a day brings with these orders."""

    market.log.day, market.log.beat = day, Beat.MARKET
    market.log.take()
    market.listings = {name: listed(name, item) for name, item in terms.items()}
    play_market(market, {name: Move(("x",)) for name in terms})
    return market.log.take()


def purses(market: Market) -> tuple[int, ...]:
    return tuple(market.free(name) for name in ("amber", "birch", "clay"))


# --- the night of it -----------------------------------------------------------------------------------------


def test_who_cannot_pay_pays_all_it_has_in_proportion_and_owes_everything_at_once() -> None:
    debts = (owes("amber", "birch", 600), owes("clay", "birch", 300, due_day=15))
    market = opened(scenario(poor("birch", 300, rye=4), debts=debts))
    events = at_dusk(market, 9)
    assert bodies(of_kind(events, hap.Defaulted)) == [
        hap.Defaulted(1, "amber", "birch", 200, 400),
        hap.Defaulted(2, "clay", "birch", 100, 200),
    ]
    (failed,) = of_kind(events, fail.Failed)
    assert failed.body == fail.Failed("birch", 1, "", 600) and failed.audience == EVERYONE
    assert purses(market) == (1200, 0, 1100) and not market.loans


def test_one_who_waits_for_another_is_pulled_down_the_same_night() -> None:
    debts = (owes("clay", "amber", 900), owes("amber", "birch", 900))
    market = opened(scenario(poor("amber", 100), poor("birch", 300), debts=debts))
    events = at_dusk(market, 9)
    failed = bodies(of_kind(events, fail.Failed))
    assert failed == [fail.Failed("birch", 1, "", 600), fail.Failed("amber", 2, "birch", 500)]
    assert purses(market) == (0, 0, 1400)
    assert market.worths()["clay"] == 1400 + 500 + 20 * 60 + 40 * 300  # a claim counts in full until it is lost
    assert market.worths()["amber"] == 600 - 500 and market.worths()["birch"] == -600


def test_what_comes_in_the_same_night_pays_what_is_due() -> None:
    """Amber's loan stands first, and amber has nothing until birch has paid."""
    market = opened(scenario(poor("amber"), debts=(owes("clay", "amber", 900), owes("amber", "birch", 900))))
    events = at_dusk(market, 9)
    assert bodies(of_kind(events, hap.Repaid)) == [
        hap.Repaid(2, "amber", "birch", 900, False),
        hap.Repaid(1, "clay", "amber", 900, False),
    ]
    assert not of_kind(events, fail.Failed)


def test_debts_that_go_round_are_paid_though_nobody_has_a_penny() -> None:
    debts = (owes("amber", "birch", 70), owes("birch", "clay", 80), owes("clay", "amber", 90))
    market = opened(scenario(poor("amber", 20), poor("birch"), poor("clay"), debts=debts))
    events = at_dusk(market, 9)
    assert len(of_kind(events, hap.Repaid)) == 3 and not of_kind(events, hap.Defaulted)
    lent = bodies(of_kind(events, fail.Bridged))
    assert [(item.pence, item.back) for item in lent] == [(lent[0].pence, False), (lent[0].pence, True)]
    assert purses(market) == (0, 10, 10)
    assert {name: market.knowledge[name].pence for name in market.knowledge} == {"amber": 0, "birch": 10, "clay": 10}


# --- the estate ----------------------------------------------------------------------------------------------


def failed_market(**birch: Any) -> Market:
    """Birch owed amber 1000 and clay 500 on day 2, had nothing, and has failed."""
    house = seat("birch", **({"purse_pence": 0, "stock": {"rye": 10, "stock": 4}, "needs": {"rye": 2}} | birch))
    market = opened(scenario(house, debts=(owes("amber", "birch", 1000, 2), owes("clay", "birch", 500, 2))))
    at_dusk(market, 2)
    return market


def test_what_a_house_does_not_need_is_sold_for_its_creditors_at_a_reserve() -> None:
    market = failed_market()
    events = at_market(market, 3, clay=OrderTerms(Side.BUY, "rye", 3, 60))
    reserve = [60 * RESERVE_PERCENT // 100, 300 * RESERVE_PERCENT // 100]
    sales = of_kind(events, fail.ForcedSale)
    assert bodies(sales) == [
        fail.ForcedSale("birch", "rye", 10 - 2 * ALLOWANCE_DAYS, reserve[0]),
        fail.ForcedSale("birch", "stock", 4, reserve[1]),
    ]
    assert all(event.audience == EVERYONE for event in sales)
    assert bodies(of_kind(events, hap.Cleared))[0].sellers == ("birch",)
    assert market.free("birch", "rye") == 7 and market.free("birch", "stock") == 4
    assert not of_kind(at_market(opened(), 3), fail.ForcedSale)


def test_money_beyond_a_living_goes_to_all_creditors_in_proportion() -> None:
    market = failed_market()
    market.post(move("outside", "birch", LIVING_PENCE + 90))
    (paid,) = of_kind(at_dusk(market, 3), fail.EstatePaid)
    assert paid.body == fail.EstatePaid("birch", (1, 2), ("amber", "clay"), (60, 30), 1410)
    assert paid.audience == EVERYONE and purses(market) == (1060, LIVING_PENCE, 1030)
    assert not of_kind(at_dusk(market, 4), fail.EstatePaid)


def test_who_pays_all_in_the_end_is_discharged_with_honour_and_thought_better_of() -> None:
    market = failed_market()
    before = market.knowledge["amber"].trust["birch"]
    market.post(move("outside", "birch", LIVING_PENCE + 1500))
    events = at_dusk(market, 3)
    assert bodies(of_kind(events, fail.Discharged)) == [fail.Discharged("birch", True)]
    assert not of_kind(events, fail.ClaimLost) and not market.estates and purses(market) == (2000, LIVING_PENCE, 1500)
    amber = market.knowledge["amber"]
    assert before < amber.trust["birch"] and not amber.unpaid and not amber.failed
    assert not of_kind(at_market(market, 4), fail.ForcedSale)


def spent(**birch: Any) -> list[int]:
    """The days on which claims are lost, with nothing to sell from the start."""
    market = failed_market(**{"stock": {"rye": 6, "stock": 0}, **birch})
    return [day for day in range(3, 15) if of_kind(at_dusk(market, day), fail.ClaimLost)]


def test_an_estate_with_nothing_left_is_closed_after_some_days_and_its_debts_are_lost() -> None:
    assert spent() == [2 + ESTATE_DAYS]
    assert spent(stock={"rye": 6, "stock": 1}) == []
    market = failed_market(stock={"rye": 6, "stock": 0})
    events = at_dusk(market, 2 + ESTATE_DAYS)
    assert bodies(of_kind(events, fail.ClaimLost)) == [
        fail.ClaimLost(1, "amber", "birch", 1000),
        fail.ClaimLost(2, "clay", "birch", 500),
    ]
    assert bodies(of_kind(events, fail.Discharged)) == [fail.Discharged("birch", False)]
    assert market.knowledge["amber"].trust["birch"] == 50 - 30 - 10 and not market.knowledge["amber"].unpaid
    assert market.worths()["birch"] == 6 * 60


def test_an_estate_waits_for_a_bill_and_for_a_loan_that_will_come_in() -> None:
    birch = poor("birch")
    bill = opened(
        scenario(birch, debts=(owes("amber", "birch", 9, 2),), bills=(Bill(seat="birch", pence=5, due_day=18),))
    )
    loan = opened(scenario(birch, debts=(owes("amber", "birch", 9, 2), owes("birch", "clay", 5, 18))))
    for market in (bill, loan):
        assert of_kind(at_dusk(market, 2), fail.Failed)
        assert not any(of_kind(at_dusk(market, day), fail.Discharged) for day in range(3, 12))
    assert bill.free("birch", BILLS) == 5


def test_a_loan_taken_while_insolvent_is_of_equal_rank_on_its_day() -> None:
    market = failed_market()
    market.grant_loan(LoanTerms("amber", "birch", 400, 500, 5), market.pay("amber", "birch", 400))
    events = at_dusk(market, 3)
    assert [sum(body.paid_pence) for body in bodies(of_kind(events, fail.EstatePaid))] == [400 - LIVING_PENCE]
    market.post(move("outside", "birch", 600))
    events = at_dusk(market, 5)
    (default,), (paid,) = (bodies(of_kind(events, kind)) for kind in (hap.Defaulted, fail.EstatePaid))
    assert default.paid_pence + sum(paid.paid_pence) == 600 and 145 <= default.paid_pence <= 155
    assert not of_kind(events, fail.Failed) and len(market.estates["birch"].claims) == 3


# --- menus and knowledge -------------------------------------------------------------------------------------


def phrases(market: Market, name: str, beat: Beat) -> set[str]:
    listing = list_menu(market.knowledge[name], market.scenario, 1, beat)
    return {option.act + " " + option.good for option in listing.menu.options} if listing else set()


def test_who_has_failed_neither_lends_nor_buys_shares_nor_sells_of_its_own() -> None:
    rich = {"purse_pence": 9000, "stock": {"rye": 1, "stock": 40}, "needs": {"rye": 3}}
    sound = opened(scenario(seat("birch", **rich)))
    market = opened(scenario(seat("birch", **rich), debts=(owes("amber", "birch", 90_000, 2),)))
    at_dusk(market, 2)
    for one in (sound, market):
        one.post(move("outside", "birch", 9000))
        one.knowledge["birch"].pence = one.free("birch")
    assert {"buy stock", "sell stock", "buy rye"} <= phrases(sound, "birch", Beat.MARKET)
    assert phrases(market, "birch", Beat.MARKET) == {"buy rye", "hold "}
    assert "lend " in phrases(sound, "birch", Beat.ADDRESS) and "lend " not in phrases(market, "birch", Beat.ADDRESS)
    for one in (sound, market):
        act(one, amber=LoanTerms("birch", "amber", 480, 528, 9))
    assert "grant " in phrases(sound, "birch", Beat.ANSWER)
    assert "deny " in (asked := phrases(market, "birch", Beat.ANSWER)) and "grant " not in asked


def test_creditor_and_debtor_count_what_an_estate_owes() -> None:
    market = failed_market()
    for name, key in (("amber", "Others here owe you £4 3s 4d."), ("birch", "You owe £6 5s.")):
        assert key in [fact.text for fact in observe(market.knowledge[name], Beat.ADDRESS).standing]
    assert market.knowledge["clay"].failed == {"birch"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_knowledge_and_forks_keep_up_in_towns_deep_in_debt(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Players who do anything that is legal; purses are known to the penny, and a copy goes the same way."""
    monkeypatch.undo()
    play, lot, failings = deep_in_debt(seed), Random(seed), 0
    town = Town(seed, 15, play, None)
    for _ in range(15):
        for beat in BEATS:
            menus = town.menus(beat)
            moves = {name: legal(menu, lot, 1) for name, menu in menus.items()}
            copy = town.fork()
            events = town.apply(beat, moves)
            assert copy.apply(beat, moves) == events and copy.digest() == town.digest()
            failings += len(of_kind(events, fail.Failed))
            market = market_of(town)
            for name, knowledge in market.knowledge.items():
                assert knowledge.pence == market.free(name)
                assert knowledge.failed == set(market.estates)
                claims = [claim for estate in market.estates.values() for claim in estate.claims]
                mine = {claim.number: claim.owed_pence for claim in claims if name in (claim.lender, claim.borrower)}
                assert {loan.number: loan.owed_pence for loan in knowledge.unpaid.values() if loan.owed_pence} == mine
    assert failings


# --- measures ------------------------------------------------------------------------------------------------


def test_failings_are_counted_and_forced_volume_is_told_from_chosen() -> None:
    def event(day: int, body: Body) -> Event:
        return Event(1, day, Beat.DUSK, EVERYONE, body)

    events = [
        event(1, hap.Cleared("rye", 60, 4, ("amber",), (4,), ("birch", "outside"), (3, 1))),
        event(1, fail.Failed("birch", 1, "", 9)),
        event(1, fail.Failed("clay", 2, "birch", 9)),
        event(2, fail.ForcedSale("birch", "rye", 2, 30)),
        event(2, hap.Cleared("rye", 60, 3, ("amber",), (3,), ("birch", "clay"), (1, 2))),
        event(2, hap.Cleared("stock", 60, 2, ("amber",), (2,), ("birch",), (2,))),
        event(3, fail.Failed("amber", 1, "", 9)),
        event(3, fail.Discharged("birch", True)),
        event(4, fail.Discharged("clay", False)),
    ]
    found = failing_measures(events)
    assert (found["insolvencies"], found["pulled down"], found["cascade"]) == (3, 1, 2)
    assert found["paid in the end"] == 0.5 and found["forced volume share"] == pytest.approx(1 / 8)
    assert failing_measures([])["forced volume share"] is None and failing_measures([])["cascade"] == 0
