"""What seats do with one another: loans, tips and words take effect as stated, and who may know of them does."""

from dataclasses import replace
from typing import Any

import pytest

from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind, Truth
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE
from fivepenny.market.state import Market, StandingLoan, move
from fivepenny.market.terms import EarlyPayment, LoanTerms, ReplyToLoan, ReplyToTip, TipTerms, WordTerms
from fivepenny.scenario import Debt
from fivepenny.world import Option
from towns import act, at_dusk, bodies, of_kind, opened, scenario, spoken

# --- loans ---------------------------------------------------------------------------------------------------

LOAN = LoanTerms("amber", "birch", 480, 528, 9)


def purses(market: Market) -> tuple[int, ...]:
    return tuple(market.free(name) for name in ("amber", "birch", "clay"))


def test_an_offer_binds_nobody_and_two_hear_it() -> None:
    market = opened()
    (offer,) = act(market, amber=LOAN)
    assert offer.body == hap.Offered("amber", "amber", "birch", 480, 528, 9) and offer.audience == ("amber", "birch")
    assert purses(market) == (1000, 1000, 1000) and not market.loans


@pytest.mark.parametrize("who", ["amber", "birch"])
def test_a_loan_agreed_is_paid_out(who: str) -> None:
    market = opened()
    (lent,) = act(market, Beat.ANSWER, **{who: ReplyToLoan(LOAN, True)})
    assert lent.body == hap.Lent(1, "amber", "birch", 480, 528, 9) and lent.audience == ("amber", "birch")
    assert purses(market) == (520, 1480, 1000)
    assert list(market.loans.values()) == [StandingLoan(1, "amber", "birch", 528, 9)]


def test_a_loan_refused_is_none() -> None:
    market = opened()
    assert bodies(act(market, birch=ReplyToLoan(LOAN, False))) == [hap.Declined("birch", "amber", 480, False)]
    assert bodies(act(market, amber=ReplyToLoan(LOAN, False))) == [hap.Declined("amber", "birch", 480, True)]
    assert purses(market) == (1000, 1000, 1000) and not market.loans


def test_a_lender_cannot_lend_what_is_not_there() -> None:
    market = opened()
    other = replace(LOAN, borrower="clay", principal_pence=700)
    events = act(market, birch=ReplyToLoan(LOAN, True), clay=ReplyToLoan(other, True))
    assert bodies(events) == [hap.Lent(1, "amber", "birch", 480, 528, 9), hap.Declined("amber", "clay", 700, True)]
    assert purses(market) == (520, 1480, 1000) and list(market.loans) == [1]


def indebted(owed_pence: int, due_day: int = 9, **changes: Any) -> Market:
    """Birch owes amber."""
    debt = Debt(lender="amber", borrower="birch", principal_pence=400, owed_pence=owed_pence, due_day=due_day)
    return opened(scenario(debts=(debt,), **changes))


def test_a_loan_may_be_paid_before_its_day() -> None:
    market = indebted(400)
    (paid,) = act(market, Beat.ANSWER, birch=EarlyPayment(1, "amber"))
    assert paid.body == hap.Repaid(1, "amber", "birch", 400, True)
    assert purses(market) == (1400, 600, 1000) and not market.loans
    assert not of_kind(at_dusk(market, 9), hap.Repaid)


def test_what_cannot_be_paid_early_stands() -> None:
    market = indebted(1001)
    act(market, Beat.ANSWER, birch=EarlyPayment(1, "amber"))
    assert purses(market) == (1000, 1000, 1000) and list(market.loans) == [1]


def test_a_loan_is_paid_on_its_day_and_not_before() -> None:
    market = indebted(400)
    assert not of_kind(at_dusk(market, 8), hap.Repaid)
    (paid,) = of_kind(at_dusk(market, 9), hap.Repaid)
    assert paid.body == hap.Repaid(1, "amber", "birch", 400, False) and paid.audience == ("amber", "birch")
    assert purses(market) == (1400, 600, 1000) and not market.loans


@pytest.mark.parametrize("have", [0, 1, 999])
def test_a_default_takes_what_is_there(have: int) -> None:
    market = indebted(1000)
    market.pay("birch", "clay", 1000 - have)
    market.knowledge["birch"].pence = have
    (default,) = of_kind(at_dusk(market, 9), hap.Defaulted)
    assert default.body == hap.Defaulted(1, "amber", "birch", have, 1000 - have) and default.audience == EVERYONE
    assert market.free("birch") == 0 and market.free("amber") == 1000 + have and not market.loans
    assert market.knowledge["amber"].trust["birch"] == 20 and market.knowledge["clay"].trust["birch"] == 40
    assert not of_kind(at_dusk(market, 10), hap.Defaulted)


def test_debts_that_are_due_the_same_night_are_of_equal_rank() -> None:
    debts = tuple(
        Debt(lender=lender, borrower="birch", principal_pence=1, owed_pence=800, due_day=day)
        for lender, day in (("amber", 9), ("clay", 8))
    )
    market = opened(scenario(debts=debts))
    events = at_dusk(market, 9)
    assert [event.body.loan for event in of_kind(events, hap.Defaulted)] == [2, 1]  # by the day they were due
    assert purses(market) == (1500, 0, 1500)


def test_ruin_is_told_once() -> None:
    market = indebted(60_000, due_day=19)
    assert bodies(of_kind(at_dusk(market), hap.Ruined)) == [hap.Ruined("birch")]
    assert not of_kind(at_dusk(market, 2), hap.Ruined)


# --- tips ----------------------------------------------------------------------------------------------------

TIP = TipTerms("birch", "rye", ClaimKind.WILL_RISE, None, 0)


def test_a_tip_is_for_two_and_says_nothing_of_what_its_teller_believes() -> None:
    market = opened()
    (tip,) = act(market, amber=TIP)
    assert isinstance(tip.body, hap.Tipped) and tip.audience == ("amber", "birch")
    assert "0 in 100" in tip.sealed.note and market.claims[1].heard == {"amber", "birch"}
    assert market.knowledge["birch"].beliefs[1].credence == 50 and not market.knowledge["clay"].beliefs


@pytest.mark.parametrize(("price_pence", "truth", "trust"), [(62, Truth.TRUE, 58), (60, Truth.FALSE, 35)])
def test_a_tip_that_is_settled_tells_who_heard_it_and_moves_trust(price_pence: int, truth: Truth, trust: int) -> None:
    market = opened()
    act(market, amber=TIP)
    act(market, birch=TipTerms("clay", "rye", ClaimKind.WILL_RISE, 1, 50))
    assert list(market.claims) == [1]  # told on, not made anew
    market.last_pence["rye"] = price_pence
    assert not of_kind(at_dusk(market, 1), hap.Settled)  # not on the day it was made
    settled = of_kind(at_dusk(market, 2), hap.Settled) or of_kind(at_dusk(market, 4), hap.Settled)
    (event,) = settled
    assert event.body.truth is truth and event.audience == ("amber", "birch", "clay")
    assert market.knowledge["birch"].trust == {"amber": trust, "clay": 50}
    assert market.knowledge["clay"].trust == {"amber": 50, "birch": trust}
    assert market.knowledge["amber"].trust == {"birch": 50, "clay": 50}
    assert not market.claims and not market.knowledge["birch"].beliefs


@pytest.mark.parametrize(("believed", "credence"), [(True, 62), (False, 25)])
def test_a_tip_weighed_changes_what_is_believed(believed: bool, credence: int) -> None:
    market = opened()
    (tip,) = act(market, amber=TIP)
    assert isinstance(tip.body, hap.Tipped)
    (weighed,) = act(market, Beat.ANSWER, birch=ReplyToTip(tip.body, believed))
    assert weighed.body == hap.Weighed("birch", "amber", 1, believed) and weighed.audience == ("amber", "birch")
    assert market.knowledge["birch"].beliefs[1].credence == credence
    assert (market.knowledge["amber"].feeling["birch"] > 0) == believed


@pytest.mark.parametrize(
    ("acts", "to", "heard"),
    [("tip_up", "birch", ("amber", "birch")), ("press", "birch", EVERYONE), ("lend", "", EVERYONE)],
)
def test_a_private_line_is_for_two(acts: str, to: str, heard: tuple[str, ...]) -> None:
    (said,) = spoken(opened(), "amber", Option("x", acts, to=to))
    assert said.audience == heard


def test_a_word_is_heard_by_all_and_felt_by_one() -> None:
    market = opened()
    (word,) = act(market, amber=WordTerms("needle", "birch"))
    assert word.audience == EVERYONE
    assert market.knowledge["birch"].feeling == {"amber": -2, "clay": 0}
    assert market.knowledge["clay"].feeling == {"amber": 0, "birch": 0}
    assert [deed.doer for deed in market.knowledge["birch"].deeds] == ["amber"]


def test_the_books_refuse_what_nobody_has() -> None:
    market = opened()
    before = market.book.balances()
    assert not hasattr(market.try_post(move("amber", "birch", 1001)), "postings")
    assert market.book.balances() == before
