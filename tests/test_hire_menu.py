"""Hires on the menus: who thinks of one and of whom, what is answered, when goods are wanted back, what is traded."""

from dataclasses import replace

import pytest

from fivepenny import hires
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import Beat
from fivepenny.market.knowledge import Belief
from fivepenny.market.menus import list_menu
from fivepenny.market.orders import Side
from fivepenny.market.stalls import spare_units
from fivepenny.market.state import Market
from fivepenny.market.terms import OrderTerms, Terms
from fivepenny.world import Option
from hirers import asked, hire, table, trade
from towns import RYE, SHARE, act, at_dusk, bodies, of_kind, opened, scenario, seat

FEW = {"stock": {"rye": 2, "stock": 0}}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


def expects(market: Market, name: str, kind: ClaimKind, good: str = "rye", credence: int = 70) -> None:
    """Let a seat expect a rise or fall of a good."""
    claim = Claim(market.number("claim"), kind, good, 1, 19, Basis.PRICE)
    market.knowledge[name].beliefs[claim.number] = Belief(claim, credence, "", 1)


def options(market: Market, name: str, beat: Beat) -> dict[str, tuple[Option, Terms]]:
    listing = list_menu(market.knowledge[name], market.scenario, 1, beat)
    if listing is None:
        return {}
    return {option.phrase: (option, listing.terms[option.phrase]) for option in listing.menu.options}


def bear(**changes: object) -> Market:
    """Birch has little rye and expects it to fall; amber makes it, and clay has not been seen with any."""
    seats = (seat("amber", makes={"rye": 3}), seat("birch", **(FEW | changes)))
    market = opened(table(*seats))
    expects(market, "birch", ClaimKind.WILL_FALL)
    return market


# --- asking --------------------------------------------------------------------------------------------------------


def test_who_expects_a_fall_may_hire_of_who_makes_it_or_was_seen_selling() -> None:
    market = bear()
    found = options(market, "birch", Beat.ADDRESS)
    assert "hire amber rye" in found and "hire clay rye" not in found
    option, terms = found["hire amber rye"]
    assert option.slots == {
        "to": "Amber", "me": "Birch", "good": "rye", "qty": "six sacks", "price": "1s 2d", "day": "Monday week",
    }  # fmt: skip
    assert {fact.key for fact in option.facts} == {"hope", "price", "cost", "trust", "feeling"}
    (event,) = act(market, Beat.ADDRESS, birch=terms)
    assert event.body == asked(market, "birch", "amber", "rye", 6) and event.audience == ("amber", "birch")
    trade(market, 2, clay=("sell", "rye", 1, 60), amber=("buy", "rye", 1, 60))
    assert "hire clay rye" in options(market, "birch", Beat.ADDRESS)


@pytest.mark.parametrize("change", ["rise", "poor", "plenty", "lacking", "failed", "owner failed", "spoils", "taken"])
def test_none_is_offered_where_it_makes_no_sense(change: str) -> None:
    market = bear(
        **{
            "poor": {"purse_pence": 60}, "plenty": {"stock": {"rye": 30}}, "lacking": {"needs": {"rye": 3}},
        }.get(change, {})
    )  # fmt: skip
    birch = market.knowledge["birch"]
    match change:
        case "rise":
            expects(market, "birch", ClaimKind.WILL_RISE, credence=90)
        case "failed":
            birch.failed.add("birch")
        case "owner failed":
            birch.failed.add("amber")
        case "spoils":
            goods = (RYE.model_copy(update={"spoils_percent": 1}), SHARE)
            market.scenario = market.scenario.model_copy(update={"goods": goods})
        case "taken":
            hire(market, "birch", "amber")
        case _:
            pass
    assert not any(phrase.startswith("hire") for phrase in options(market, "birch", Beat.ADDRESS))


def test_without_the_custom_there_is_nothing_of_it() -> None:
    market = opened(scenario(seat("amber", makes={"rye": 3}), seat("birch", stock={"rye": 2, "stock": 0})))
    expects(market, "birch", ClaimKind.WILL_FALL)
    assert not any(phrase.startswith("hire") for phrase in options(market, "birch", Beat.ADDRESS))


# --- answering -----------------------------------------------------------------------------------------------------


def test_the_owner_agrees_or_declines_and_cannot_agree_to_what_it_has_not() -> None:
    for stock, phrases in ((20, {"agree birch", "decline birch"}), (5, {"decline birch"})):
        market = opened(table(seat("amber", stock={"rye": stock, "stock": 0})))
        market.emit(("amber", "birch"), asked(market, "birch", "amber", "rye", 6))
        found = options(market, "amber", Beat.ANSWER)
        assert phrases == found.keys() - {"say nothing"}
        for phrase in phrases:
            (event,) = act(market, Beat.ANSWER, amber=found[phrase][1])
            kind = hires.Hired if phrase.startswith("agree") else hires.HireDeclined
            assert isinstance(event.body, kind) and found[phrase][0].slots["price"] == "1s 2d"


# --- wanting it back -----------------------------------------------------------------------------------------------


def test_an_owner_with_a_reason_can_recall_from_the_next_day_on() -> None:
    market = opened(table())
    hire(market, "birch", "amber")
    expects(market, "amber", ClaimKind.WILL_RISE)
    assert "recall birch rye" not in options(market, "amber", Beat.ADDRESS)
    amber = market.knowledge["amber"]
    market.log.day = 3
    amber.turn_to(3)
    option, terms = options(market, "amber", Beat.ADDRESS)["recall birch rye"]
    assert option.past["since"].text == "last Monday" and option.slots["qty"] == "six sacks"
    assert of_kind(act(market, Beat.ADDRESS, amber=terms), hires.HireRecalled)
    assert "recall birch rye" not in options(market, "amber", Beat.ADDRESS)
    amber.hiring.standing[1] = replace(amber.hiring.standing[1], due_day=9)
    assert "recall birch rye" in options(market, "amber", Beat.ADDRESS)
    amber.beliefs.clear()
    assert "recall birch rye" not in options(market, "amber", Beat.ADDRESS)


# --- trading -------------------------------------------------------------------------------------------------------


def order(market: Market, name: str, side: Side) -> OrderTerms | None:
    """What a seat could order of rye on its menu today."""
    found = options(market, name, Beat.MARKET).get(f"{side} rye")
    assert found is None or isinstance(found[1], OrderTerms)
    return found[1] if found and isinstance(found[1], OrderTerms) else None


def test_what_was_hired_is_for_sale_at_once_and_kept_for_its_owner_on_its_day() -> None:
    market = opened(table(seat("birch", stock={"rye": 0, "stock": 0})))
    hire(market, "birch", "amber")
    sell = order(market, "birch", Side.SELL)
    assert sell is not None and sell.quantity == 6 and sell.limit_pence < 60
    market.knowledge["birch"].turn_to(7)
    assert order(market, "birch", Side.SELL) is None and spare_units(market.knowledge["birch"], "rye") == 0


def test_who_has_sold_buys_again_on_the_day_or_when_there_is_a_gain() -> None:
    market = opened(table(seat("birch", stock={"rye": 0, "stock": 0}), seat("clay", stock={"rye": 0, "stock": 0})))
    hire(market, "birch", "amber")
    trade(market, 1, birch=("sell", "rye", 6, 50), clay=("buy", "rye", 6, 60))
    birch = market.knowledge["birch"]
    waiting = order(market, "birch", Side.BUY)
    assert waiting is not None and waiting.quantity == 1  # as anybody may buy one
    birch.last_pence["rye"] = 55
    gain = order(market, "birch", Side.BUY)
    birch.last_pence["rye"] = 60
    birch.turn_to(7)
    due = order(market, "birch", Side.BUY)
    assert gain is not None and due is not None and (gain.quantity, due.quantity) == (6, 5)  # for a third of its purse
    option, _ = options(market, "birch", Beat.MARKET)["buy rye"]
    (cover,) = [fact for fact in option.facts if fact.key == "cover"]
    assert cover.level == 9 and cover.text == "amber is to have six back tonight"


def test_who_is_bought_in_has_no_orders_of_its_own_and_speaks_of_the_price() -> None:
    market = opened(table(seat("birch", stock={"rye": 0, "stock": 0})))
    hire(market, "birch", "amber")
    trade(market, 1, birch=("sell", "rye", 6, 50), clay=("buy", "rye", 6, 60))
    assert of_kind(at_dusk(market, 7), hires.HireOverdue)
    market.knowledge["birch"].turn_to(8)
    assert order(market, "birch", Side.BUY) is None and order(market, "birch", Side.SELL) is None
    events = trade(market, 8, clay=("sell", "rye", 6, 80))
    assert [body.limit_pence for body in bodies(of_kind(events, hires.ForcedPurchase))] == [90]
    found = options(market, "birch", Beat.REMARK)
    option, _ = found["squeezed rye"]
    assert option.to == "" and option.slots == {"me": "Birch", "good": "rye", "price": "6s 8d"}
