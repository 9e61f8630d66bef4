"""The gate for what the customs of a table brought: what no menu would list is refused by name."""

from dataclasses import replace
from typing import Any

import pytest

from fivepenny import courts
from fivepenny.claims import PromiseKind
from fivepenny.clock import Beat
from fivepenny.courts import Oath
from fivepenny.events import EVERYONE
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.gate import FLAWS, flaw_of
from fivepenny.market.hire_terms import HIRE_DAYS, HireTerms, RecallTerms, fee_pence, margin_pence
from fivepenny.market.orders import Side
from fivepenny.market.pacts_terms import PactTerms
from fivepenny.market.paper_terms import CounterTerms, PledgeTerms, SaleTerms, SoughtTerms
from fivepenny.market.state import Market
from fivepenny.market.terms import LoanTerms, OrderTerms, Terms
from fivepenny.market.words_terms import BribeTerms, PromiseTerms, ThreatTerms
from fivepenny.pacts import Shape
from fivepenny.parts import Custom
from fivepenny.refusals import MoveFlaw
from hirers import hire
from test_gate import listed
from towns import opened, scenario, seat

CUSTOMS: tuple[Custom, ...] = ("court", "deposits", "hire", "pacts", "paper", "words")
SEATS = (
    seat("amber", purse_pence=1000, stock={"rye": 20, "stock": 0}),
    seat("birch", purse_pence=1000, stock={"rye": 20, "stock": 0}, banker=True),
    seat("clay", purse_pence=1000, stock={"rye": 20, "stock": 0}),
)


def table(*, plain: bool = False) -> Market:
    return opened(scenario(*SEATS, customs=() if plain else CUSTOMS))


def hired(owner: str = "birch", good: str = "rye", quantity: Any = 2) -> HireTerms:
    value_pence = 2 * table().last_pence["rye"]
    return HireTerms(owner, good, quantity, fee_pence(value_pence), margin_pence(value_pence), 1 + HIRE_DAYS)


def pact(to: str = "birch", about: str = "rye", penalty: Any = 50, fund: Any = 0, price: int = 9) -> PactTerms:
    return PactTerms(to, 0, Shape.FLOOR, about, price, 6, penalty, fund)


CASES: tuple[tuple[Terms, MoveFlaw | None], ...] = (
    (hired(), None),
    (hired("amber"), MoveFlaw.DEALS_WITH_ITSELF),
    (hired("zed"), MoveFlaw.UNKNOWN_OTHER),
    (hired(good="tulips"), MoveFlaw.UNKNOWN_GOOD),
    (hired(quantity=-2), MoveFlaw.AMOUNT_NOT_POSITIVE),
    (hired(quantity=3), MoveFlaw.OTHER_TERMS),
    (RecallTerms(7), MoveFlaw.NO_SUCH_HIRE),
    (DepositTerms("birch", 100), None),
    (DepositTerms("clay", 100), MoveFlaw.UNKNOWN_OTHER),
    (DepositTerms("birch", 0), MoveFlaw.AMOUNT_NOT_POSITIVE),
    (WithdrawalTerms(1, "birch", 100), MoveFlaw.NO_SUCH_LOAN),
    (pact(), None),
    (pact("amber"), MoveFlaw.DEALS_WITH_ITSELF),
    (pact(penalty=-50), MoveFlaw.AMOUNT_NOT_POSITIVE),
    (pact(fund=5000), MoveFlaw.MORE_THAN_IT_HAS),
    (pact(price=0), MoveFlaw.OTHER_TERMS),
    (BribeTerms("birch", 200, "rye", 3), None),
    (BribeTerms("amber", 200, "rye", 3), MoveFlaw.DEALS_WITH_ITSELF),
    (BribeTerms("birch", -200, "rye", 3), MoveFlaw.AMOUNT_NOT_POSITIVE),
    (PromiseTerms(PromiseKind.WILL_PAY, "birch", "", 7, 3), MoveFlaw.NO_SUCH_LOAN),
    (ThreatTerms("birch", 7, 60, "", 0, "call"), MoveFlaw.NO_SUCH_LOAN),
    (CounterTerms(LoanTerms("birch", "amber", 5, 6, 4), PledgeTerms()), MoveFlaw.NOT_PUT_TO_IT),
    (SaleTerms(7, "amber", "birch", "clay", 60, 4, 50, False), MoveFlaw.NO_SUCH_LOAN),
    (SoughtTerms("birch", "birch", 50, 100), MoveFlaw.DEALS_WITH_ITSELF),
    (AccuseTerms("birch", "rye", True, 1), MoveFlaw.NOT_PUT_TO_IT),
    (OathTerms(1, Oath.NOT_TOLD, 0, False), MoveFlaw.NO_SUCH_CASE),
)


def flaw(market: Market, terms: Terms) -> MoveFlaw | None:
    beat = {CounterTerms: Beat.ANSWER, OathTerms: Beat.DUSK, OrderTerms: Beat.MARKET}.get(type(terms), Beat.ADDRESS)
    return flaw_of(market, "amber", beat, listed(market, "amber", beat, terms))


@pytest.mark.parametrize(("terms", "found"), CASES)
def test_terms_of_customs_are_refused_by_name(terms: Terms, found: MoveFlaw | None) -> None:
    assert type(terms) in FLAWS
    assert flaw(table(), terms) is found


@pytest.mark.parametrize("terms", [terms for terms, found in CASES if found is None])
def test_what_a_table_does_not_know_is_refused_there(terms: Terms) -> None:
    assert flaw(table(plain=True), terms) is MoveFlaw.NO_CUSTOM


@pytest.mark.parametrize("terms", [terms for terms, found in CASES if found is None])
def test_nothing_is_put_to_who_is_away(terms: Terms) -> None:
    market = table()
    assert market.court is not None
    market.court.roll.sentenced["birch"] = (1, 5)
    market.emit(EVERYONE, courts.Exiled(1, "birch", 5))
    assert flaw(market, terms) is MoveFlaw.IS_AWAY


def test_who_is_bought_in_gives_no_order_of_its_own_for_that_good() -> None:
    market = table()
    standing = hire(market, "amber", "birch")
    order = OrderTerms(Side.BUY, "rye", 1, 9)
    assert flaw(market, order) is None
    market.hires[standing.number] = replace(standing, forced=True)
    assert flaw(market, order) is MoveFlaw.BOUGHT_IN
