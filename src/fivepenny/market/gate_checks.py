"""What the gate asks of any terms: that figures are figures, others there, goods traded and days to come."""

from collections.abc import Callable
from typing import Any

from fivepenny.events import Body
from fivepenny.ledger.transfers import MAX_AMOUNT
from fivepenny.market.state import Market, StandingLoan
from fivepenny.parts import Custom
from fivepenny.refusals import MoveFlaw

Judge = Callable[[Market, str, Any], MoveFlaw | None]
"""What is wrong with terms as a seat would have them take effect now."""


def amount(*figures: Any) -> MoveFlaw | None:
    """What is wrong with sums or units."""
    # `type`, not `isinstance`: True is an int to Python.
    if any(type(figure) is not int for figure in figures):
        return MoveFlaw.NOT_AN_INTEGER
    if min(figures) <= 0:
        return MoveFlaw.AMOUNT_NOT_POSITIVE
    return MoveFlaw.AMOUNT_TOO_LARGE if max(figures) > MAX_AMOUNT else None


def other(market: Market, seat: str, name: str) -> MoveFlaw | None:
    """What is wrong with dealing with somebody."""
    if name == seat:
        return MoveFlaw.DEALS_WITH_ITSELF
    return None if name in market.knowledge else MoveFlaw.UNKNOWN_OTHER


def present(market: Market, seat: str, name: str) -> MoveFlaw | None:
    """What is wrong with putting something to somebody at the table."""
    flaw = other(market, seat, name)
    return flaw or (None if name in market.knowledge[seat].others else MoveFlaw.IS_AWAY)


def good(market: Market, name: str) -> MoveFlaw | None:
    """What is wrong with a good."""
    return None if name in market.last_pence else MoveFlaw.UNKNOWN_GOOD


def loan_between(market: Market, lender: str, borrower: str, number: Any) -> StandingLoan | None:
    """The loan of this number, if it is one between these two."""
    loan = market.loans.get(number)
    return loan if loan is not None and (loan.lender, loan.borrower) == (lender, borrower) else None


def solvent(market: Market, *seats: str) -> MoveFlaw | None:
    """What is wrong with what those may not do who have failed."""
    return MoveFlaw.HAS_FAILED if any(seat in market.estates for seat in seats) else None


def ahead(market: Market, day: Any) -> MoveFlaw | None:
    """What is wrong with a day on which something is to fall due."""
    if type(day) is not int:
        return MoveFlaw.NOT_AN_INTEGER
    return MoveFlaw.DAY_IS_PAST if day <= market.day else None


def was_put(market: Market, seat: str, body: Body) -> bool:
    """Whether this was put to a seat this morning."""
    return body in market.knowledge[seat].heard


def put(market: Market, seat: str, body: Body) -> MoveFlaw | None:
    """What is wrong with an answer to this."""
    return None if was_put(market, seat, body) else MoveFlaw.NOT_PUT_TO_IT


def kept(custom: Custom, judge: Judge) -> Judge:
    """The judge of terms that only a table with this custom knows."""

    def judged(market: Market, seat: str, terms: Any) -> MoveFlaw | None:
        return judge(market, seat, terms) if custom in market.scenario.customs else MoveFlaw.NO_CUSTOM

    return judged
