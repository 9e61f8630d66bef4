"""Negotiable credit at the table: other terms, pledges, more days, and debts that are sold, with all that can fail."""

from random import Random
from typing import Any

import pytest

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.clock import BEATS, Beat
from fivepenny.ledger.transfers import PLEDGED
from fivepenny.market.estates import LIVING_PENCE
from fivepenny.market.menus import Listing, list_menu
from fivepenny.market.paper import PledgedLoan
from fivepenny.market.paper_known import MOST_EXTENSIONS
from fivepenny.market.paper_menu import EXTENSION_DAYS, HEARD_DAYS
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    PledgeTerms,
    SaleTerms,
    SoughtTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.state import Market, StandingLoan, move
from fivepenny.market.terms import EarlyPayment, LoanTerms, Terms, WordTerms
from fivepenny.market.town import Town
from fivepenny.papers import Cause, Deal
from insolvents import owes
from paper_towns import PAPER_ACTS, any_legal, at_paper, with_paper
from quiet_tables import quiet_table
from towns import act, at_dawn, at_dusk, bodies, legal, market_of, of_kind, seat

LOAN = LoanTerms("birch", "amber", 480, 528, 9)
PLEDGE = PledgeTerms("stock", 2)


def listing(market: Market, name: str, beat: Beat) -> Listing | None:
    return list_menu(market.knowledge[name], market.scenario, 1, beat)


def terms_of(market: Market, name: str, beat: Beat) -> dict[str, Terms]:
    """What a seat could do, by phrase."""
    found = listing(market, name, beat)
    return dict(found.terms) if found else {}


def next_day(market: Market) -> None:
    at_dawn(market, market.day + 1)


def pledged(market: Market, name: str, good: str = "stock") -> int:
    return market.book.balance(name, good, PLEDGED)


def lent(pledge: PledgeTerms = PLEDGE, market: Market | None = None) -> Market:
    """Amber asked birch for a loan, birch countered, and on day 2 amber agreed."""
    market = market or at_paper()
    act(market, amber=LOAN)
    act(market, Beat.ANSWER, birch=CounterTerms(LOAN, pledge))
    next_day(market)
    events = act(market, amber=TakeCounter("birch", LOAN, pledge))
    assert isinstance(bodies(events)[0], papers.CounterLent) and len(events) == 1
    return market


def knows(market: Market) -> None:
    """Every seat knows its purse, its stock and its debts."""
    for name, knowledge in market.knowledge.items():
        assert knowledge.pence == market.free(name)
        assert knowledge.stock == {good: market.free(name, good) for good in market.last_pence}
        mine = [loan for loan in market.loans.values() if name in (loan.lender, loan.borrower)]
        known = {n: (k.lender, k.borrower, k.owed_pence, k.due_day) for n, k in knowledge.loans.items()}
        assert known == {loan.number: (loan.lender, loan.borrower, loan.owed_pence, loan.due_day) for loan in mine}
        pledges = {loan.number: PledgeTerms(loan.good, loan.quantity) for loan in mine if isinstance(loan, PledgedLoan)}
        assert knowledge.paper.pledges == pledges
        claims = [claim for estate in market.estates.values() for claim in estate.claims]
        left = {c.number: (c.lender, c.owed_pence) for c in claims if name in (c.lender, c.borrower)}
        assert {n: (k.lender, k.owed_pence) for n, k in knowledge.unpaid.items() if k.owed_pence} == left


# --- a custom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [True, False])
def test_it_is_a_custom_of_the_table(kept: bool) -> None:
    plain, news = quiet_table("south-sea")
    town, lot = Town(3, 12, with_paper(plain) if kept else plain, news), Random(3)
    acts, kinds = set(), set()
    for _ in range(12):
        for beat in BEATS:
            menus = town.menus(beat)
            acts |= {option.act for menu in menus.values() for option in menu.options}
            moves = {name: legal(menu, lot, menu.max_moves) for name, menu in menus.items()}
            kinds |= {type(event.body) for event in town.apply(beat, moves)}
    made = {kind for kind in kinds if kind.__module__ == "fivepenny.papers"}
    assert bool(acts & PAPER_ACTS) is kept and bool(made) is kept


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_knowledge_books_and_forks_keep_up_whatever_is_done(seed: int) -> None:
    kinds = set()
    for town, events, twin in any_legal(seed, 14):
        market = market_of(town)
        kinds |= {type(event.body) for event in events}
        assert twin.digest() == town.digest()
        knows(market)
        aside: dict[tuple[str, str], int] = {}
        for loan in market.loans.values():
            if isinstance(loan, PledgedLoan):
                aside[loan.borrower, loan.good] = aside.get((loan.borrower, loan.good), 0) + loan.quantity
        for name in market.knowledge:
            for good in market.last_pence:
                assert pledged(market, name, good) == aside.get((name, good), 0)
        market.book.verify()
    assert papers.PaperOffered in kinds and papers.Countered in kinds


# --- counter-offers -------------------------------------------------------------------------------------------


def test_a_counter_offer_waits_for_the_morning_and_is_paid_out_at_once() -> None:
    market = lent()
    assert (market.free("amber"), market.free("birch")) == (1480, 520)
    assert (market.free("amber", "stock"), pledged(market, "amber")) == (38, 2)
    knows(market)
    assert market.worths()["amber"] == 1480 + 20 * 60 + 40 * 300 - 528
    assert not market.knowledge["amber"].paper.counters


def test_it_is_offered_as_an_answer_and_answered_the_next_morning_only() -> None:
    market = at_paper(seat("birch", purse_pence=3000))
    act(market, amber=LoanTerms("birch", "amber", 960, 1056, 9))
    (counter,) = [item for item in terms_of(market, "birch", Beat.ANSWER).values() if isinstance(item, CounterTerms)]
    assert counter.loan.principal_pence < 960 and not counter.pledge.quantity  # nothing is known of amber's cellar
    assert counter.loan.due_day < 9
    act(market, Beat.ANSWER, birch=counter)
    assert "agree birch" not in terms_of(market, "amber", Beat.ADDRESS)
    next_day(market)
    assert {"agree birch", "decline birch"} <= terms_of(market, "amber", Beat.ADDRESS).keys()
    next_day(market)
    assert not {"agree birch", "decline birch"} & terms_of(market, "amber", Beat.ADDRESS).keys()


def test_a_lender_asks_in_pledge_for_what_it_saw_bought_and_a_borrower_offers_what_it_can_spare() -> None:
    market = at_paper(seat("birch", purse_pence=3000))
    seen = market.knowledge["birch"].paper
    seen.see_trade(("amber",), "stock", (5,), 1)
    seen.see_trade(("amber",), "rye", (90,), 1)
    act(market, amber=LOAN)
    (counter,) = [item for item in terms_of(market, "birch", Beat.ANSWER).values() if isinstance(item, CounterTerms)]
    assert counter == CounterTerms(LOAN, PledgeTerms("rye", 528 * 120 // 100 // 60))
    market = at_paper()
    act(market, birch=LOAN)
    (counter,) = [item for item in terms_of(market, "amber", Beat.ANSWER).values() if isinstance(item, CounterTerms)]
    assert counter.pledge.quantity and counter.loan.owed_pence < LOAN.owed_pence
    option = next(
        o for o in (listing(market, "amber", Beat.ANSWER) or pytest.fail()).menu.options if o.act == "counter"
    )
    assert option.slots.keys() == {"to", "me", "price", "day", "good", "qty"} and "in pledge" in option.text


@pytest.mark.parametrize(
    ("spent", "asset", "cause"), [("birch", "pence", Cause.MONEY), ("amber", "stock", Cause.GOODS)]
)
def test_what_has_gone_elsewhere_is_told(spent: str, asset: str, cause: Cause) -> None:
    market = at_paper()
    act(market, amber=LOAN)
    act(market, Beat.ANSWER, birch=CounterTerms(LOAN, PLEDGE))
    next_day(market)
    market.post(move(spent, "outside", market.free(spent, asset), asset))
    (refused,) = act(market, amber=TakeCounter("birch", LOAN, PLEDGE))
    assert refused.body == papers.NotAgreed(Deal.COUNTER, "amber", "birch", cause)
    assert refused.audience == ("amber", "birch") and not market.loans


def test_who_declines_is_thought_less_of() -> None:
    market = at_paper()
    act(market, amber=LOAN)
    act(market, Beat.ANSWER, birch=CounterTerms(LOAN, PLEDGE))
    next_day(market)
    (said,) = act(market, amber=DeclineDeal(Deal.COUNTER, "birch"))
    assert said.body == papers.NotAgreed(Deal.COUNTER, "amber", "birch", Cause.DECLINED)
    assert market.knowledge["birch"].feeling["amber"] < 0 and not market.knowledge["amber"].paper.counters


# --- pledges --------------------------------------------------------------------------------------------------


def test_a_pledge_comes_back_with_the_payment_early_or_on_the_day() -> None:
    market = lent()
    events = at_dusk(market, 9)
    assert bodies(of_kind(events, hap.Repaid)) == [papers.Redeemed(1, "birch", "amber", 528, False, "stock", 2)]
    assert (market.free("amber", "stock"), pledged(market, "amber")) == (40, 0)
    market = lent()
    (early,) = act(market, Beat.ANSWER, amber=EarlyPayment(1, "birch"))
    assert early.body == papers.Redeemed(1, "birch", "amber", 528, True, "stock", 2)
    knows(market)


def test_a_pledge_is_neither_used_nor_sold_nor_spoiled() -> None:
    market = at_paper(seat("amber", needs={"rye": 6}))
    lent(PledgeTerms("rye", 10), market)
    next_day(market)
    assert (market.free("amber", "rye"), pledged(market, "amber", "rye")) == (0, 10)


@pytest.mark.parametrize(
    ("price", "taken", "lost"),
    [(300, 1, 528 - 300 - 100), (264, 2, 0), (100, 2, 528 - 200 - 100), (600, 0, 428)],
)
def test_collateral_comes_first_and_never_gives_more_than_is_due(price: int, taken: int, lost: int) -> None:
    market = lent()
    market.post(move("amber", "outside", market.free("amber") - 100))
    market.knowledge["amber"].pence = 100
    market.last_pence["stock"] = price
    events = at_dusk(market, 9)
    (body,) = bodies(of_kind(events, hap.Defaulted))
    paid = 528 - taken * price - lost
    assert body == papers.Foreclosed(1, "birch", "amber", paid, lost, "stock", taken, taken * price, 2 - taken)
    assert body.paid_pence + body.value_pence + body.lost_pence == 528
    assert (market.free("birch", "stock"), market.free("amber", "stock")) == (40 + taken, 40 - taken)
    assert pledged(market, "amber") == 0 and bool(market.estates) is bool(lost)
    (failed,) = bodies(of_kind(events, fail.Failed))
    assert failed.owed_pence == lost
    assert [item.in_full for item in bodies(of_kind(events, fail.Discharged))] == ([] if lost else [True])
    knows(market)


def test_what_a_pledge_does_not_cover_ranks_with_the_others() -> None:
    market = at_paper(debts=(owes("clay", "amber", 328, 9),))
    act(market, amber=LOAN)
    act(market, Beat.ANSWER, birch=CounterTerms(LOAN, PledgeTerms("stock", 1)))
    next_day(market)
    act(market, amber=TakeCounter("birch", LOAN, PledgeTerms("stock", 1)))
    market.post(move("amber", "outside", market.free("amber") - 278))
    market.last_pence["stock"] = 300
    found = {
        body.lender: (body.paid_pence, body.lost_pence) for body in bodies(of_kind(at_dusk(market, 9), hap.Defaulted))
    }
    assert found == {"birch": (114, 114), "clay": (164, 164)}
    assert market.estates["amber"].claims == (
        StandingLoan(1, "clay", "amber", 164, 9), StandingLoan(2, "birch", "amber", 114, 9)
    )  # fmt: skip


# --- more days ------------------------------------------------------------------------------------------------


def short_of(pence: int = 10) -> Market:
    """Amber owes birch 600 on day 3 and has next to nothing."""
    return at_paper(seat("amber", purse_pence=pence), debts=(owes("birch", "amber", 600, 3),))


def test_days_are_asked_for_and_given_at_a_price() -> None:
    market = short_of()
    asked: Any = terms_of(market, "amber", Beat.ADDRESS)["extend birch"]
    assert isinstance(asked, ExtensionTerms) and asked.later_day == 3 + EXTENSION_DAYS and asked.later_pence > 600
    act(market, amber=asked)
    given = terms_of(market, "birch", Beat.ANSWER)
    assert given["decline amber"] == DeclineDeal(Deal.EXTENSION, "amber")
    (event,) = act(market, Beat.ANSWER, birch=given["agree amber"])
    assert event.body == papers.Extended(1, "birch", "amber", asked.later_pence, asked.later_day)
    knows(market)
    assert not of_kind(at_dusk(market, 3), hap.Defaulted) and not market.estates


def test_who_can_pay_asks_for_no_days_and_nobody_asks_for_ever() -> None:
    assert "extend birch" not in terms_of(short_of(600), "amber", Beat.ADDRESS)
    market, given = short_of(), 0
    for day in range(1, 20):
        market.log.day = day
        for knowledge in market.knowledge.values():
            knowledge.turn_to(day)
        asked = terms_of(market, "amber", Beat.ADDRESS).get("extend birch")
        if isinstance(asked, ExtensionTerms):
            act(market, amber=asked)
            act(market, Beat.ANSWER, birch=GrantExtension(asked))
            given += 1
    assert given == MOST_EXTENSIONS


def test_days_for_paper_that_was_sold_meanwhile_are_not_given() -> None:
    market = short_of()
    asked = ExtensionTerms(1, "birch", "amber", 600, 3, 640, 8)
    sale = SaleTerms(1, "birch", "clay", "amber", 600, 3, 500, False)
    act(market, amber=asked, birch=sale)
    sold, refused = act(market, Beat.ANSWER, clay=TakeSale(sale), birch=GrantExtension(asked))
    assert isinstance(sold.body, papers.PaperSold)
    assert refused.body == papers.NotAgreed(Deal.EXTENSION, "birch", "amber", Cause.PAPER)


# --- the sale of a debt ---------------------------------------------------------------------------------------


def test_a_debt_changes_hands_and_all_three_learn_of_it() -> None:
    market = at_paper(debts=(owes("birch", "amber", 600, 9),))
    sale = SaleTerms(1, "birch", "clay", "amber", 600, 9, 500, False)
    (offered,) = act(market, birch=sale)
    assert offered.audience == ("birch", "clay")
    (event,) = act(market, Beat.ANSWER, clay=terms_of(market, "clay", Beat.ANSWER)["agree birch"])
    assert event.body == papers.PaperSold(1, "birch", "clay", "amber", 600, 9, 500, False, "", 0)
    assert event.audience == ("amber", "birch", "clay")
    assert (market.free("birch"), market.free("clay")) == (1500, 500)
    knows(market)
    (repaid,) = bodies(of_kind(at_dusk(market, 9), hap.Repaid))
    assert (repaid.lender, market.free("clay")) == ("clay", 1100)


def test_a_pledge_goes_with_its_paper() -> None:
    market = lent()
    sale = SaleTerms(1, "birch", "clay", "amber", 528, 9, 500, False)
    act(market, birch=sale)
    act(market, Beat.ANSWER, clay=TakeSale(sale))
    knows(market)
    market.post(move("amber", "outside", market.free("amber")))
    (body,) = bodies(of_kind(at_dusk(market, 9), hap.Defaulted))
    assert isinstance(body, papers.Foreclosed) and body.lender == "clay" and market.free("clay", "stock") == 41


def test_paper_is_sold_once_and_a_payment_to_who_sold_it_is_refused() -> None:
    market = at_paper(debts=(owes("birch", "amber", 600, 9),))
    sale = SaleTerms(1, "birch", "clay", "amber", 600, 9, 500, False)
    first, second, third = act(
        market, Beat.ANSWER, clay=TakeSale(sale), birch=TakeSale(sale), amber=EarlyPayment(1, "birch")
    )
    assert isinstance(first.body, papers.PaperSold)
    assert second.body == papers.NotAgreed(Deal.SALE, "birch", "clay", Cause.PAPER)
    assert third.body == hap.PaymentRefused(1, "birch", "amber", 600)


def test_who_has_not_the_price_does_not_buy() -> None:
    market = at_paper(debts=(owes("birch", "amber", 6000, 9),))
    sale = SaleTerms(1, "birch", "clay", "amber", 6000, 9, 5000, False)
    act(market, birch=sale)
    assert "agree birch" not in terms_of(market, "clay", Beat.ANSWER)
    (refused,) = act(market, Beat.ANSWER, clay=TakeSale(sale))
    assert refused.body == papers.NotAgreed(Deal.SALE, "clay", "birch", Cause.MONEY)


def test_who_is_short_or_distrusts_offers_paper() -> None:
    poor = at_paper(seat("birch", purse_pence=20), debts=(owes("birch", "amber", 600, 9),))
    offers = [item for item in terms_of(poor, "birch", Beat.ADDRESS).values() if isinstance(item, SaleTerms)]
    assert offers == [SaleTerms(1, "birch", "clay", "amber", 600, 9, 600 * 87 // 100, False)]
    rich = at_paper(seat("birch", purse_pence=9000), debts=(owes("birch", "amber", 600, 9),))
    assert not [item for item in terms_of(rich, "birch", Beat.ADDRESS).values() if isinstance(item, SaleTerms)]
    rich.knowledge["birch"].trust["amber"] = 10
    assert [item for item in terms_of(rich, "birch", Beat.ADDRESS).values() if isinstance(item, SaleTerms)]


def test_a_debt_that_was_pressed_for_can_be_asked_for_at_its_holders_figures() -> None:
    market = at_paper(seat("clay", purse_pence=9000), debts=(owes("birch", "amber", 600, 9),))
    assert "assume birch amber" not in terms_of(market, "clay", Beat.ADDRESS)
    act(market, birch=WordTerms("press", "amber"))
    next_day(market)
    sought: Any = terms_of(market, "clay", Beat.ADDRESS)["assume birch amber"]
    assert sought == SoughtTerms("birch", "amber", 80, 3000)
    act(market, clay=sought)
    sale = SaleTerms(1, "birch", "clay", "amber", 600, 9, 480, False)
    assert terms_of(market, "birch", Beat.ANSWER)["agree clay"] == TakeSale(sale)
    (event,) = act(market, Beat.ANSWER, birch=TakeSale(sale))
    assert isinstance(event.body, papers.PaperSold) and market.loans[1].lender == "clay"
    market.log.day += HEARD_DAYS + 2
    market.knowledge["clay"].turn_to(market.day)
    assert "assume birch amber" not in terms_of(market, "clay", Beat.ADDRESS)


def test_who_holds_no_such_paper_or_is_bid_too_little_can_only_decline() -> None:
    for debts, most in (((), 3000), ((owes("birch", "amber", 6000, 9),), 300)):
        market = at_paper(debts=debts)
        act(market, clay=SoughtTerms("birch", "amber", 80, most))
        answers = terms_of(market, "birch", Beat.ANSWER)
        assert "decline clay" in answers and "agree clay" not in answers


def test_what_an_estate_owes_is_sold_and_paid_to_the_buyer() -> None:
    market = at_paper(seat("amber", purse_pence=0, stock={}), debts=(owes("birch", "amber", 600, 2),))
    at_dusk(market, 2)
    next_day(market)
    market.knowledge["clay"].pence = 9000
    assert "assume birch amber" in terms_of(market, "clay", Beat.ADDRESS)  # a default is heard by everybody
    market.knowledge["clay"].pence = 1000
    sale = SaleTerms(1, "birch", "clay", "amber", 600, 2, 210, True)
    act(market, birch=sale)
    (event,) = act(market, Beat.ANSWER, clay=TakeSale(sale))
    assert isinstance(event.body, papers.PaperSold) and event.body.unpaid
    knows(market)
    market.post(move("outside", "amber", LIVING_PENCE + 90))
    market.knowledge["amber"].pence += LIVING_PENCE + 90
    (paid,) = bodies(of_kind(at_dusk(market, 3), fail.EstatePaid))
    assert (paid.lenders, paid.paid_pence, market.free("clay")) == (("clay",), (90,), 880)
    knows(market)
