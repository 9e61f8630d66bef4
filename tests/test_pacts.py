"""Pacts: how two or more bind themselves, what that forbids, and what the market's close makes of it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bound import PENALTY_PENCE, PRICE_PENCE, at_close, bound_town, of_five, pact, propose, sells, sign
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE
from fivepenny.market.knowledge import MOST_FEELING
from fivepenny.market.pacts import ALREADY_BOUND, NO_MONEY, NO_ROOM, PENALTY_DAYS, VOID
from fivepenny.market.pacts_standing import MOST_PARTIES
from fivepenny.market.pacts_terms import ReplyToPact
from fivepenny.market.state import Market
from fivepenny.market.terms import LoanTerms, ReplyToLoan
from fivepenny.pacts import PactBroken, PactJoined, PactKept, PactSigned, PactSpurned, PactVoid, Shape
from insolvents import owes
from towns import act, at_dusk, bodies, of_kind, seat

FIVE = {"seats": of_five()}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody from outside trades."""
    monkeypatch.setattr("fivepenny.market.exchange.ordinary_flows", lambda market, good: [])


# --- talk ----------------------------------------------------------------------------------------------------


def test_two_bind_themselves_and_nobody_else_hears_of_it_or_of_the_money() -> None:
    market = bound_town()
    (signed,) = sign(market, "amber", pact("birch", Shape.POOL, fund_pence=250))
    assert signed.body == PactSigned(1, "amber", "birch", Shape.POOL, "rye", 0, 6, PENALTY_PENCE, 250)
    assert signed.audience == ("amber", "birch")
    assert (market.free("amber"), market.free("birch")) == (750, 1250)
    assert [market.knowledge[name].pence for name in ("amber", "birch", "clay")] == [750, 1250, 1000]
    assert [len(market.knowledge[name].pacts.standing) for name in ("amber", "birch", "clay")] == [1, 1, 0]


def test_a_proposal_can_be_spurned() -> None:
    market = bound_town()
    body = propose(market, "amber", pact("birch"))
    (event,) = act(market, Beat.ANSWER, birch=ReplyToPact(body, False))
    assert event.body == PactSpurned("birch", "amber", Shape.FLOOR, "rye") and event.audience == ("amber", "birch")
    assert not market.pacts.standing and market.knowledge["amber"].feeling["birch"] == -1


def test_a_third_joins_and_every_party_hears_of_it_but_not_of_the_money() -> None:
    market = bound_town(**FIVE)
    sign(market, "amber", pact("birch", Shape.POOL, fund_pence=100))
    (joined,) = sign(market, "birch", pact("clay", Shape.POOL, number=1))
    parties = ("amber", "birch", "clay")
    assert joined.body == PactJoined(1, "birch", "clay", parties, Shape.POOL, "rye", 0, 6, PENALTY_PENCE)
    assert joined.audience == parties
    assert all(market.knowledge[name].pacts.standing[1].parties == parties for name in parties)


def test_what_both_wanted_can_come_to_nothing_the_same_morning() -> None:
    market = bound_town(**FIVE)
    sign(market, "amber", pact("birch"))
    (taken,) = sign(market, "clay", pact("birch", Shape.POOL))
    (own,) = sign(market, "amber", pact("dove", Shape.POOL))
    (poor,) = sign(market, "clay", pact("dove", Shape.POOL, fund_pence=1001))
    assert [event.body.cause for event in (taken, own, poor)] == [ALREADY_BOUND, ALREADY_BOUND, NO_MONEY]
    assert all(isinstance(event.body, PactVoid) and event.body.cause in VOID for event in (taken, own, poor))
    assert len(market.pacts.standing) == 1 and market.free("clay") == 1000


def test_a_pact_has_room_for_so_many_and_a_shun_for_two() -> None:
    market = bound_town(**FIVE)
    sign(market, "amber", pact("birch"))
    for name in ("clay", "dove"):
        sign(market, "amber", pact(name, number=1))
    assert len(market.pacts.standing[0].parties) == MOST_PARTIES
    (full,) = sign(market, "birch", pact("elm", number=1))
    assert full.body == PactVoid("birch", "elm", Shape.FLOOR, "rye", NO_ROOM)
    sign(market, "amber", pact("birch", Shape.SHUN, "elm"))
    assert not market.pacts.standing[1].has_room


# --- the close of the market ---------------------------------------------------------------------------------


def test_an_offer_under_the_floor_breaks_it_sold_or_not_and_everyone_hears() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch"))
    events = at_close(market, 2, amber=sells(3, PRICE_PENCE - 1))
    (broken,) = of_kind(events, PactBroken)
    due_day = 2 + PENALTY_DAYS
    assert broken.body == PactBroken(1, "amber", ("birch",), Shape.FLOOR, "rye", 1, PENALTY_PENCE, due_day)
    assert broken.audience == EVERYONE and not market.pacts.standing
    (owed,) = of_kind(events, hap.Owes)
    assert owed.body == hap.Owes(1, "birch", "amber", PENALTY_PENCE, due_day)
    assert owed.audience == ("amber", "birch")
    assert market.worths()["birch"] - market.worths()["clay"] == PENALTY_PENCE
    assert bodies(of_kind(at_dusk(market, due_day), hap.Repaid)) == [
        hap.Repaid(1, "birch", "amber", PENALTY_PENCE, False)
    ]


def test_an_offer_at_the_floor_keeps_it() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch"))
    assert not of_kind(at_close(market, 2, amber=sells(3, PRICE_PENCE), clay=sells(3, 1)), PactBroken)
    assert len(market.pacts.standing) == 1


def test_a_pact_binds_before_its_day_and_is_then_kept() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch"))
    assert not any(of_kind(at_close(market, day), PactKept) for day in range(1, 5))
    before = market.knowledge["birch"].trust["amber"]
    (kept,) = of_kind(at_close(market, 5), PactKept)
    assert kept.body == PactKept(1, ("amber", "birch"), Shape.FLOOR, "rye", 1) and kept.audience == ("amber", "birch")
    assert market.knowledge["birch"].trust["amber"] > before and not market.knowledge["birch"].pacts.standing
    assert not of_kind(at_close(market, 6, amber=sells(3, 1)), PactBroken)


def test_what_is_sold_for_creditors_breaks_nothing() -> None:
    market = bound_town(seat("amber", purse_pence=0), debts=(owes("clay", "amber", 900, 1),))
    at_dusk(market, 1)
    sign(market, "amber", pact("birch", Shape.POOL))
    events = at_close(market, 2)
    assert of_kind(events, hap.Cleared) and "amber" in market.estates and not of_kind(events, PactBroken)


def lend(market: Market, lender: str, borrower: str, day: int) -> None:
    market.log.day = day
    act(market, Beat.ANSWER, **{lender: ReplyToLoan(LoanTerms(lender, borrower, 100, 110, day + 8), True)})


def test_a_shun_binds_from_the_next_day_and_is_broken_by_a_loan() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch", Shape.SHUN, "clay"))
    lend(market, "birch", "clay", 1)
    assert not of_kind(at_close(market, 1), PactBroken)
    assert not of_kind(at_close(market, 2), PactBroken)
    lend(market, "clay", "birch", 3)
    lend(market, "amber", "birch", 3)
    assert not of_kind(at_close(market, 3), PactBroken)
    before = dict(market.knowledge["clay"].feeling)
    lend(market, "birch", "clay", 4)
    (broken,) = of_kind(at_close(market, 4), PactBroken)
    assert (broken.body.seat, broken.body.partners, broken.body.about) == ("birch", ("amber",), "clay")
    after = market.knowledge["clay"].feeling
    assert all(after[name] < before[name] for name in ("amber", "birch"))


def test_a_penalty_is_no_loan_that_breaks_a_shun() -> None:
    market = bound_town()
    sign(market, "amber", pact("clay"))
    sign(market, "amber", pact("birch", Shape.SHUN, "clay"))
    events = [*at_close(market, 2, clay=sells(1, 1)), *at_close(market, 3)]
    assert [event.body.seat for event in events if isinstance(event.body, PactBroken)] == ["clay"]


def test_a_breach_costs_trust_with_all_and_most_with_the_betrayed() -> None:
    market = bound_town()
    sign(market, "amber", pact("birch"))
    before = {name: market.knowledge[name].trust["amber"] for name in ("birch", "clay")}
    at_close(market, 2, amber=sells(1, 1))
    lost = {name: before[name] - market.knowledge[name].trust["amber"] for name in before}
    assert lost["birch"] > lost["clay"] > 0
    assert -MOST_FEELING <= market.knowledge["birch"].feeling["amber"] < 0 == market.knowledge["clay"].feeling["amber"]
    assert any("broke" in deed.text for deed in market.knowledge["birch"].deeds)


PARTIES = ("amber", "birch", "clay", "dove")


@settings(deadline=None, max_examples=40)
@given(
    shape=st.sampled_from([Shape.FLOOR, Shape.POOL]),
    size=st.integers(2, MOST_PARTIES),
    orders=st.dictionaries(
        st.sampled_from([*PARTIES, "elm"]), st.tuples(st.integers(1, 25), st.integers(50, 66)), max_size=5
    ),
    penalty=st.integers(1, 2_000),
)
def test_who_breaks_a_pact_and_who_is_owed_what_is_as_a_simple_count_has_it(
    shape: Shape, size: int, orders: dict[str, tuple[int, int]], penalty: int
) -> None:
    market = bound_town(**FIVE)
    terms = {"penalty_pence": penalty}
    sign(market, "amber", pact("birch", shape, **terms))
    for name in PARTIES[2:size]:
        sign(market, "amber", pact(name, shape, number=1, **terms))
    events = at_close(market, 2, **{name: sells(*order) for name, order in orders.items()})
    parties = PARTIES[:size]
    breakers = [
        name for name in parties
        if name in orders and orders[name][0] <= 20 and (shape == Shape.POOL or orders[name][1] < PRICE_PENCE)
    ]  # fmt: skip
    assert [body.seat for body in bodies(of_kind(events, PactBroken))] == breakers
    owed: dict[tuple[str, str], int] = {}
    for body in bodies(of_kind(events, hap.Owes)):
        owed[body.borrower, body.lender] = owed.get((body.borrower, body.lender), 0) + body.owed_pence
    faithful = [name for name in parties if name not in breakers]
    assert set(owed) == set(product(breakers, faithful))
    for name in breakers if faithful else ():
        shares = [owed[name, other] for other in faithful]
        assert sum(shares) == penalty and max(shares) - min(shares) < len(faithful)
    assert bool(market.pacts.standing) == (not breakers)
