"""Terms that no menu lists, forged for a workload of the world, each with what has to become of it.

Orders below zero, of nothing, huge, crossing one's own, of more than one has; loans to oneself, of nothing, of money of
others; answers to what nobody asked. And some that are sound but of any size, so that houses fail. Those of the
customs stand in `forgeries_customs`.
"""

from collections.abc import Mapping
from typing import Any, cast

from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind
from fivepenny.clock import Beat
from fivepenny.ledger.transfers import MAX_AMOUNT, RefusalCause
from fivepenny.market.orders import MAX_LIMIT_PENCE, MAX_QUANTITY, OrderRefusal, Side
from fivepenny.market.terms import EarlyPayment, LoanTerms, OrderTerms, ReplyToLoan, ReplyToTip, TipTerms, WordTerms
from fivepenny.refusals import MoveFlaw
from fivepenny.stage.forgeries_customs import CUSTOM_FORGERIES
from fivepenny.stage.rough_moves import STRANGERS, Table, Trick, Wrong, order_refused
from fivepenny.world import Menu

NO_NUMBER = 10**9  # of no loan, claim or event
PLAIN_LIMIT_PENCE = 9


def _bad_order(cause: OrderRefusal, quantity: Any = 1, limit_pence: Any = PLAIN_LIMIT_PENCE) -> Trick:
    """A trick: an order with these figures, which the auction has to refuse so."""

    def trick(table: Table, seat: str, menu: Menu) -> Wrong | None:
        failed = seat in table.failed
        side = Side.BUY if failed else table.chance.choice(tuple(Side))
        good = table.good(shares=not failed, seat=seat)
        phrases = table.town.forge(seat, OrderTerms(side, good, quantity, limit_pence))
        return phrases, None, order_refused(seat, side.value, good, cause.value)

    return trick


def _overspending(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """One penny's worth more than the seat has; of none that is sold up or bought in: its purse is about to change."""
    if seat in table.failed or any(name == seat for name, _ in table.bought_in):
        return None
    limit_pence = table.chance.randint(1, 1000)
    good = table.good(shares=True, seat=seat)
    terms = OrderTerms(Side.BUY, good, table.holds(seat) // limit_pence + 1, limit_pence)
    return table.town.forge(seat, terms), None, order_refused(seat, "buy", good, RefusalCause.INSUFFICIENT_FUNDS)


def _overselling(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """One unit more than the seat has."""
    if seat in table.failed:
        return None
    good = table.good(shares=True, seat=seat)
    terms = OrderTerms(Side.SELL, good, table.holds(seat, good) + 1, PLAIN_LIMIT_PENCE)
    return table.town.forge(seat, terms), None, order_refused(seat, "sell", good, RefusalCause.INSUFFICIENT_FUNDS)


def _self_dealing(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """A bid at the seat's own ask, or above it."""
    if seat in table.failed:
        return None
    good, limit_pence = table.good(shares=True, seat=seat), table.chance.randint(2, 1000)
    bid, ask = OrderTerms(Side.BUY, good, 1, limit_pence), OrderTerms(Side.SELL, good, 1, limit_pence - 1)
    first, second = table.chance.sample((bid, ask), 2)
    due = order_refused(seat, second.side.value, good, OrderRefusal.CROSSES_OWN_ORDER)
    return table.town.forge(seat, first, second), None, due


def _order_of_the_failed(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """A sale past one's creditors, or a share bought with their money."""
    if seat not in table.failed:
        return None
    shares = [good.name for good in table.scenario.goods if good.share]
    terms = OrderTerms(Side.SELL, table.good(shares=True, seat=seat), 1, PLAIN_LIMIT_PENCE)
    if shares and table.chance.random() < 0.5:
        terms = OrderTerms(Side.BUY, table.chance.choice(shares), 1, PLAIN_LIMIT_PENCE)
    return table.town.forge(seat, terms), MoveFlaw.HAS_FAILED, ()


def _order_for_nothing_known(table: Table, seat: str, menu: Menu) -> Wrong | None:
    terms = OrderTerms(Side.BUY, table.chance.choice(("tulips", "pence", "bills", "")), 1, PLAIN_LIMIT_PENCE)
    return table.town.forge(seat, terms), MoveFlaw.UNKNOWN_GOOD, ()


def _order_sideways(table: Table, seat: str, menu: Menu) -> Wrong | None:
    terms = OrderTerms(cast(Side, "borrow"), table.good(shares=True, seat=seat), 1, PLAIN_LIMIT_PENCE)
    return table.town.forge(seat, terms), MoveFlaw.UNKNOWN_SIDE, ()


def _loan_in_the_market(table: Table, seat: str, menu: Menu) -> Wrong | None:
    terms = LoanTerms(seat, table.other(seat), 1, 1, table.town.day + 1)
    return table.town.forge(seat, terms), MoveFlaw.OUT_OF_PHASE, ()


def _order_of_any_size(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """An order that the seat can afford, at any limit."""
    if seat in table.failed:
        return None
    good = table.good(shares=True, seat=seat)
    limit_pence = table.chance.randint(1, 3 * table.scenario.good(good).price_pence)
    side = table.chance.choice(tuple(Side))
    most = table.holds(seat) // limit_pence if side is Side.BUY else table.holds(seat, good)
    if most < 1:
        return None
    terms = OrderTerms(side, good, table.chance.randint(1, min(most, MAX_QUANTITY)), limit_pence)
    due = hap.Ordered(seat, side.value, good, terms.quantity, limit_pence)
    return table.town.forge(seat, terms), None, (due,)


def _bad_loan(flaw: MoveFlaw, principal_pence: Any = 5, due_days: Any = 3, owed_pence: Any = 6) -> Trick:
    """A trick: a loan with these figures, asked for, which has to be refused so."""

    def trick(table: Table, seat: str, menu: Menu) -> Wrong | None:
        terms = LoanTerms(table.other(seat), seat, principal_pence, owed_pence, table.town.day + due_days)
        return table.town.forge(seat, terms), flaw, ()

    return trick


def _loan_to_itself(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return table.town.forge(seat, LoanTerms(seat, seat, 5, 500, table.town.day + 3)), MoveFlaw.DEALS_WITH_ITSELF, ()


def _loan_of_others(table: Table, seat: str, menu: Menu) -> Wrong | None:
    lender, borrower = table.chance.sample([name for name in table.town.seats if name != seat], 2)
    return table.town.forge(seat, LoanTerms(lender, borrower, 5, 6, table.town.day + 3)), MoveFlaw.NOT_A_PARTY, ()


def _loan_of_a_stranger(table: Table, seat: str, menu: Menu) -> Wrong | None:
    lender = table.chance.choice(STRANGERS)
    return table.town.forge(seat, LoanTerms(lender, seat, 5, 6, table.town.day + 3)), MoveFlaw.UNKNOWN_OTHER, ()


def _loan_of_too_much(table: Table, seat: str, menu: Menu) -> Wrong | None:
    pence = table.holds(seat) + 1
    flaw = MoveFlaw.HAS_FAILED if seat in table.failed else MoveFlaw.MORE_THAN_IT_HAS
    return table.town.forge(seat, LoanTerms(seat, table.other(seat), pence, pence, table.town.day + 3)), flaw, ()


def _loan_of_any_size(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """A loan that the seat can pay out, dear and short."""
    if seat in table.failed or not table.holds(seat):
        return None
    pence, day = table.chance.randint(1, table.holds(seat)), table.town.day + table.chance.randint(1, 4)
    terms = LoanTerms(seat, table.other(seat), pence, pence + table.chance.randint(0, pence), day)
    due = hap.Offered(seat, seat, terms.borrower, pence, terms.owed_pence, day)
    return table.town.forge(seat, terms), None, (due,)


def _order_in_parley(table: Table, seat: str, menu: Menu) -> Wrong | None:
    terms = OrderTerms(Side.BUY, table.good(shares=True), 1, PLAIN_LIMIT_PENCE)
    return table.town.forge(seat, terms), MoveFlaw.OUT_OF_PHASE, ()


def _tip_of(claim: int | None, flaw: MoveFlaw, *, oneself: bool = False, asset: str = "") -> Trick:
    """A trick: a tip that cannot be told so."""

    def trick(table: Table, seat: str, menu: Menu) -> Wrong | None:
        hearer = seat if oneself else table.other(seat)
        kind = table.chance.choice(tuple(ClaimKind))
        terms = TipTerms(hearer, asset or table.good(shares=True), kind, claim, 50)
        return table.town.forge(seat, terms), flaw, ()

    return trick


def _word_to_itself(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return table.town.forge(seat, WordTerms("thank", seat)), MoveFlaw.DEALS_WITH_ITSELF, ()


def _word_unknown(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return table.town.forge(seat, WordTerms("curse", table.other(seat))), MoveFlaw.UNKNOWN_WORD, ()


def _answer_unasked(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """Taking, or granting, a loan that nobody has offered or asked for."""
    lender, borrower = table.chance.sample((seat, table.other(seat)), 2)
    loan = LoanTerms(lender, borrower, NO_NUMBER, NO_NUMBER, table.town.day + 3)
    return table.town.forge(seat, ReplyToLoan(loan, table.chance.random() < 0.5)), MoveFlaw.NOT_PUT_TO_IT, ()


def _answer_to_nobodys_tip(table: Table, seat: str, menu: Menu) -> Wrong | None:
    tips = [terms for name in table.town.listings for terms in table.town.listings[name].terms.values()]
    heard = [terms.tip for terms in tips if isinstance(terms, ReplyToTip) and terms.tip.hearer != seat]
    if not heard:
        return None
    return table.town.forge(seat, ReplyToTip(table.chance.choice(heard), True)), MoveFlaw.NOT_PUT_TO_IT, ()


def _payment_of_anothers_debt(table: Table, seat: str, menu: Menu) -> Wrong | None:
    others = [number for number, borrower in table.loans.items() if borrower != seat]
    number = table.chance.choice([*others, NO_NUMBER])
    return table.town.forge(seat, EarlyPayment(number, table.other(seat))), MoveFlaw.NO_SUCH_LOAN, ()


FORGERIES: Mapping[Beat, Mapping[str, Trick]] = {
    Beat.ADDRESS: {
        "loan below zero": _bad_loan(MoveFlaw.AMOUNT_NOT_POSITIVE, -3),
        "loan of nothing": _bad_loan(MoveFlaw.AMOUNT_NOT_POSITIVE, 0),
        "loan with less than nothing to pay back": _bad_loan(MoveFlaw.AMOUNT_NOT_POSITIVE, owed_pence=-1),
        "huge loan": _bad_loan(MoveFlaw.AMOUNT_TOO_LARGE, MAX_AMOUNT + 1),
        "loan of a part of a penny": _bad_loan(MoveFlaw.NOT_AN_INTEGER, 2.5),
        "loan that was due yesterday": _bad_loan(MoveFlaw.DAY_IS_PAST, due_days=-1),
        "loan to oneself": _loan_to_itself,
        "loan between others": _loan_of_others,
        "loan of somebody unknown": _loan_of_a_stranger,
        "loan of more than one has": _loan_of_too_much,
        "order in parley": _order_in_parley,
        "tip to oneself": _tip_of(None, MoveFlaw.DEALS_WITH_ITSELF, oneself=True),
        "tip about nothing known": _tip_of(None, MoveFlaw.UNKNOWN_GOOD, asset="tulips"),
        "tip never heard": _tip_of(NO_NUMBER, MoveFlaw.UNKNOWN_CLAIM),
        "word to oneself": _word_to_itself,
        "word that there is not": _word_unknown,
        **CUSTOM_FORGERIES[Beat.ADDRESS],
    },
    Beat.ANSWER: {
        "answer to a loan not put to one": _answer_unasked,
        "answer to another's tip": _answer_to_nobodys_tip,
        "payment of another's debt": _payment_of_anothers_debt,
        "word to oneself": _word_to_itself,
        **CUSTOM_FORGERIES[Beat.ANSWER],
    },
    Beat.MARKET: {
        "order of -3": _bad_order(OrderRefusal.QUANTITY_NOT_POSITIVE, -3),
        "order of nothing": _bad_order(OrderRefusal.QUANTITY_NOT_POSITIVE, 0),
        "huge order": _bad_order(OrderRefusal.QUANTITY_TOO_LARGE, MAX_QUANTITY + 1),
        "order at -3": _bad_order(OrderRefusal.LIMIT_NOT_POSITIVE, limit_pence=-3),
        "order at nothing": _bad_order(OrderRefusal.LIMIT_NOT_POSITIVE, limit_pence=0),
        "order at a huge limit": _bad_order(OrderRefusal.LIMIT_TOO_HIGH, limit_pence=MAX_LIMIT_PENCE + 1),
        "order of part of a unit": _bad_order(OrderRefusal.NOT_AN_INTEGER, 0.5),
        "order at True": _bad_order(OrderRefusal.NOT_AN_INTEGER, limit_pence=True),
        "order of more money than one has": _overspending,
        "order of more goods than one has": _overselling,
        "order across one's own": _self_dealing,
        "order of one who has failed": _order_of_the_failed,
        "order for nothing known": _order_for_nothing_known,
        "order neither to buy nor to sell": _order_sideways,
        "loan in the market": _loan_in_the_market,
        **CUSTOM_FORGERIES[Beat.MARKET],
    },
    Beat.DUSK: CUSTOM_FORGERIES[Beat.DUSK],
}
"""What can be put behind a phrase in a beat."""

SOUND: Mapping[Beat, Mapping[str, Trick]] = {
    Beat.ADDRESS: {"loan of any size": _loan_of_any_size},
    Beat.MARKET: {"order of any size": _order_of_any_size},
}
"""What no menu lists and nobody could object to: with it houses fail, and prices go astray."""
