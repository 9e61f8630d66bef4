"""Menus and whole seasons under players who do anything that is legal: nothing listed is refused, nothing is lost."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.chronicle import Chronicle
from fivepenny.clock import Beat
from fivepenny.events import Event
from fivepenny.ledger.transfers import OUTSIDE, RESERVED
from fivepenny.market.menus import MOST_MOVES, list_menu
from fivepenny.market.orders import PENCE, Side
from fivepenny.market.state import Market
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    OrderTerms,
    ReplyToLoan,
    ReplyToTip,
    Terms,
    TipTerms,
    WordTerms,
)
from fivepenny.scenario import Scenario, load_scenario, shipped_scenarios
from quiet_tables import quiet_table
from towns import beats, market_of

SCENARIO, _ = quiet_table("south-sea")
Table = tuple[Scenario, Chronicle | None]
SEEDS = st.integers(0, 10**9)


def terms_of(market: Market, seat: str, phrase: str) -> Terms:
    """What a phrase of the menus last listed means."""
    return market.listings[seat].terms[phrase]


# --- menus ---------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS, table=st.sampled_from([quiet_table("south-sea"), *map(load_scenario, shipped_scenarios())]))
@example(seed=0, table=load_scenario("corner"))  # two debts of one debtor, either of which could be sold
def test_a_menu_is_short_holds_its_rest_and_says_what_excludes_what(seed: int, table: Table) -> None:
    for beat, town, menus, moves in beats(seed, table=table):
        for seat, menu in menus.items():
            assert 2 <= len(menu.options) <= 7 and menu.phrases.count(menu.rest) == 1
            assert len(set(menu.phrases)) == len(menu.phrases), menu.phrases
            assert menu.seat == seat and menu.max_moves == MOST_MOVES[beat]
            for option in menu.options:
                assert option.phrase not in option.excludes
                for other in option.excludes & set(menu.phrases):
                    assert option.phrase in menu.option(other).excludes
                assert all(0 <= fact.level <= 9 for fact in option.facts) and 0 <= option.weight <= 9
                assert option.to in ("", *town.seats) and option.to != seat
                assert all(option.slots.values()) and all(past.text and past.event for past in option.past.values())
            acts = [option.act for option in menu.options]
            assert beat is not Beat.ADDRESS or max(acts.count(act) for act in acts) <= 2
        town.apply(beat, moves)


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_any_three_buys_can_be_paid_together(seed: int) -> None:
    seen = 0
    for beat, town, menus, moves in beats(seed):
        if beat is Beat.MARKET:
            market = market_of(town)
            for seat in menus:
                listed = market.listings[seat].terms.values()
                orders = [terms for terms in listed if isinstance(terms, OrderTerms)]
                costs = sorted(order.quantity * order.limit_pence for order in orders if order.side is Side.BUY)
                assert sum(costs[-3:]) <= market.free(seat)
                for order in orders:
                    assert order.side is Side.BUY or order.quantity <= market.free(seat, order.good)
                seen += len(costs) >= 3
        town.apply(beat, moves)
    assert seen


def test_menus_are_shuffled_and_repeat_from_their_seed() -> None:
    places: dict[int, set[int]] = {}
    for seed in range(12):
        for beat, town, menus, moves in beats(seed, days=2):
            for seat, menu in menus.items():
                places.setdefault(len(menu.options), set()).add(menu.phrases.index(menu.rest))
                again = list_menu(market_of(town).knowledge[seat], SCENARIO, seed, beat)
                assert again is not None and again.menu == menu
            town.apply(beat, moves)
    assert places[7] == set(range(7))


# --- nothing that is listed is refused -----------------------------------------------------------------------


def brought_about(events: tuple[Event, ...], seat: str, terms: Any) -> bool:
    """Whether what these terms say has happened."""
    bodies: list[Any] = [event.body for event in events]
    match terms:
        case OrderTerms(side, good, quantity, limit_pence):
            return hap.Ordered(seat, side.value, good, quantity, limit_pence) in bodies
        case LoanTerms(lender, borrower, principal_pence, owed_pence, due_day):
            return hap.Offered(seat, lender, borrower, principal_pence, owed_pence, due_day) in bodies
        case TipTerms(hearer, asset, kind):
            tips = [
                body for body in bodies if isinstance(body, hap.Tipped) and (body.teller, body.hearer) == (seat, hearer)
            ]
            return any((tip.claim.asset, tip.claim.kind) == (asset, kind) for tip in tips)
        case WordTerms(act, hearer, deed):
            return hap.Spoken(act, seat, hearer, deed) in bodies
        case ReplyToLoan(loan, False):
            other = loan.borrower if seat == loan.lender else loan.lender
            return hap.Declined(seat, other, loan.principal_pence, other == loan.borrower) in bodies
        case ReplyToLoan(loan, True):
            pairs = [(body.lender, body.borrower) for body in bodies if isinstance(body, hap.Lent)]
            return (loan.lender, loan.borrower) in pairs
        case ReplyToTip(tip, believed):
            return hap.Weighed(seat, tip.teller, tip.claim.number, believed) in bodies
        case EarlyPayment(loan):
            return any(isinstance(body, hap.Repaid) and body.loan == loan and body.early for body in bodies)
    return True


def spends(terms: Any) -> bool:
    """Whether a lender's or payer's money is promised by these terms."""
    return isinstance(terms, EarlyPayment) or (isinstance(terms, ReplyToLoan) and terms.agreed)


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_whatever_is_listed_and_chosen_comes_about(seed: int) -> None:
    for beat, town, _, moves in beats(seed, answers=1):
        market = market_of(town)
        chosen = [(seat, terms_of(market, seat, phrase)) for seat, move in moves.items() for phrase in move.phrases]
        # Two who both count on one purse in the same beat may find it spent; then the books say so, by name.
        contested = sum(spends(terms) for _, terms in chosen) > 1
        events = town.apply(beat, moves)
        for seat, terms in chosen:
            assert brought_about(events, seat, terms) or (spends(terms) and contested), (seat, terms)
        assert not [
            event for event in events if isinstance(event.body, hap.OrderRefused) and event.body.seat != OUTSIDE
        ]


def test_the_property_meets_every_kind_of_move() -> None:
    met: set[type] = set()
    for seed in range(4):
        for beat, town, _, moves in beats(seed, answers=1, days=30):
            market = market_of(town)
            met |= {type(terms_of(market, seat, phrase)) for seat, move in moves.items() for phrase in move.phrases}
            town.apply(beat, moves)
    assert met >= {OrderTerms, LoanTerms, TipTerms, WordTerms, ReplyToLoan, ReplyToTip, EarlyPayment}


# --- nothing is lost -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_books_balance_and_every_seat_knows_its_own(seed: int) -> None:
    prices = {good.name: good.price_pence for good in SCENARIO.goods}
    for beat, town, _, moves in beats(seed):
        market = market_of(town)
        money = {PENCE: -market.free(OUTSIDE), **{good: -market.free(OUTSIDE, good) for good in prices}}
        events = town.apply(beat, moves)
        market.book.verify()
        for holding in market.book.balances():
            assert holding.owner == OUTSIDE or holding.amount >= 0
            assert holding.kind != RESERVED or holding.amount == 0
        for asset in money:
            # What the table holds changes by what crossed its edge alone.
            crossed = 0
            for event in events:
                for _, source, _, target, _, moved, amount in event.sealed.postings:
                    crossed += amount * ((source == OUTSIDE) - (target == OUTSIDE)) * (moved == asset)
            assert sum(market.free(seat, asset) for seat in town.seats) == money[asset] + crossed
        for event in events:
            if isinstance(event.body, hap.Cleared) and event.body.price_pence is not None:
                prices[event.body.good] = event.body.price_pence
        assert market.last_pence == prices
        for seat, knowledge in market.knowledge.items():
            assert knowledge.pence == market.free(seat)
            assert knowledge.stock == {good: market.free(seat, good) for good in prices}
            mine = {loan.number for loan in market.loans.values() if seat in (loan.lender, loan.borrower)}
            assert set(knowledge.loans) == mine
            assert knowledge.last_pence == prices


@settings(deadline=None, max_examples=3)
@given(seed=SEEDS)
def test_the_day_closes_with_what_everyone_is_worth(seed: int) -> None:
    for beat, town, _, moves in beats(seed, days=8):
        events = town.apply(beat, moves)
        market = market_of(town)
        for event in events:
            if isinstance(event.body, hap.DayClosed):
                assert event.audience == ()
                assert event.body.worths_pence == tuple(market.worths()[seat] for seat in town.seats)
                assert event.body.purses_pence == tuple(market.free(seat) for seat in town.seats)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_town_depends_on_its_seed_and_moves_alone(seed: int) -> None:
    def played(own: int) -> list[str]:
        digests = []
        for beat, town, _, moves in beats(own, days=6):
            town.apply(beat, moves)
            digests.append(town.digest())
        return digests

    assert played(seed) == played(seed)
    assert played(seed)[0] != played(seed + 100)[0]
