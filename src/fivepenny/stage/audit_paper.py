"""The audit of negotiable credit: every loan on other terms was spoken of, every pledge lies where it should, and
nobody sold what it had not.

Keeps counter-offers, asked-for days, offers of paper and unpaid claims as the events make them, and asks the books for
what a seat holds. It does not know why anybody agreed, and calls nothing of the market that made the events.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import papers, words
from fivepenny.clock import Beat
from fivepenny.events import Body, Event
from fivepenny.ledger.transfers import FREE, PLEDGED
from fivepenny.market.orders import PENCE
from fivepenny.market.paper_terms import (
    CounterTerms,
    DeclineDeal,
    ExtensionTerms,
    GrantExtension,
    SaleTerms,
    SoughtTerms,
    TakeCounter,
    TakeSale,
)
from fivepenny.market.terms import LoanTerms, Terms
from fivepenny.papers import Cause, Deal
from fivepenny.scenario import Scenario

Held = Callable[..., int]
Loan = hap.Lent | hap.Owes
_Moved = tuple[str, str, str, str, str, int]


def pledged(loan: Loan | None) -> tuple[str, int]:
    """What is put aside for a loan: a good and its units, or nothing."""
    return (loan.good, loan.quantity) if isinstance(loan, papers.CounterLent) else ("", 0)


def taken(loan: Loan, last_pence: Mapping[str, int]) -> tuple[int, int]:
    """Units of a loan's pledge that go to its lender where it is not paid, and their worth at the day's price."""
    good, quantity = pledged(loan)
    if not quantity:
        return 0, 0
    units = min(quantity, loan.owed_pence // last_pence[good])
    return units, units * last_pence[good]


# --- what is moved, and what follows from a phrase ------------------------------------------------------------


def _money(source: str, target: str, pence: int) -> _Moved:
    return (source, FREE, target, FREE, PENCE, pence)


def _moved_by_counter(body: papers.CounterLent) -> list[_Moved]:
    put_aside = (body.borrower, FREE, body.borrower, PLEDGED, body.good, body.quantity)
    return [_money(body.lender, body.borrower, body.principal_pence), put_aside]


def _moved_by_redeeming(body: papers.Redeemed) -> list[_Moved]:
    back = (body.borrower, PLEDGED, body.borrower, FREE, body.good, body.quantity)
    return [_money(body.borrower, body.lender, body.pence), back]


def _moved_by_foreclosing(body: papers.Foreclosed) -> list[_Moved]:
    seized = (body.borrower, PLEDGED, body.lender, FREE, body.good, body.taken)
    back = (body.borrower, PLEDGED, body.borrower, FREE, body.good, body.returned)
    return [_money(body.borrower, body.lender, body.paid_pence), seized, back]


PAPER_MOVED: Mapping[type[Body], Callable[[Any], list[_Moved]]] = {
    papers.CounterLent: _moved_by_counter,
    papers.Redeemed: _moved_by_redeeming,
    papers.Foreclosed: _moved_by_foreclosing,
    papers.PaperSold: lambda body: [_money(body.buyer, body.seller, body.price_pence)],
}
"""What each kind of event of paper must have moved; the others move nothing."""


def _loan_figures(loan: LoanTerms | papers.Countered | papers.CounterLent) -> tuple[str, str, int, int, int]:
    return loan.lender, loan.borrower, loan.principal_pence, loan.owed_pence, loan.due_day


def _follows_counter(seat: str, terms: CounterTerms, body: Body) -> bool:
    pledge = (terms.pledge.good, terms.pledge.quantity)
    return body == papers.Countered(seat, *_loan_figures(terms.loan), *pledge)


def _follows_taking(seat: str, terms: TakeCounter, body: Body) -> bool:
    if isinstance(body, papers.CounterLent):
        pledge = (terms.pledge.good, terms.pledge.quantity)
        return _loan_figures(body) == _loan_figures(terms.loan) and (body.good, body.quantity) == pledge
    return any(body == papers.NotAgreed(Deal.COUNTER, seat, terms.by, cause) for cause in (Cause.MONEY, Cause.GOODS))


def _follows_asking(seat: str, terms: ExtensionTerms, body: Body) -> bool:
    figures = (terms.owed_pence, terms.due_day, terms.later_pence, terms.later_day)
    return body == papers.ExtensionAsked(terms.loan, terms.lender, seat, *figures)


def _follows_days(seat: str, terms: GrantExtension, body: Body) -> bool:
    asked = terms.extension
    given = papers.Extended(asked.loan, seat, asked.borrower, asked.later_pence, asked.later_day)
    return body in (given, papers.NotAgreed(Deal.EXTENSION, seat, asked.borrower, Cause.PAPER))


def _sale_figures(sale: SaleTerms | papers.PaperSold | papers.PaperOffered) -> tuple[Any, ...]:
    parties = (sale.loan, sale.seller, sale.buyer, sale.debtor)
    return (*parties, sale.owed_pence, sale.due_day, sale.price_pence, sale.unpaid)


def _follows_sale(seat: str, terms: TakeSale, body: Body) -> bool:
    if isinstance(body, papers.PaperSold):
        return _sale_figures(body) == _sale_figures(terms.sale)
    other = terms.sale.seller if seat == terms.sale.buyer else terms.sale.buyer
    return any(body == papers.NotAgreed(Deal.SALE, seat, other, cause) for cause in (Cause.MONEY, Cause.PAPER))


PAPER_FOLLOWS: Mapping[type[Terms], Callable[[str, Any, Body], bool]] = {
    CounterTerms: _follows_counter,
    TakeCounter: _follows_taking,
    ExtensionTerms: _follows_asking,
    GrantExtension: _follows_days,
    SaleTerms: lambda seat, terms, body: (
        body == papers.PaperOffered(terms.loan, seat, *_sale_figures(terms)[2:]) and terms.seller == seat
    ),
    SoughtTerms: lambda seat, terms, body: (
        body == papers.PaperSought(seat, terms.seller, terms.debtor, terms.percent, terms.most_pence)
    ),
    TakeSale: _follows_sale,
    DeclineDeal: lambda seat, terms, body: body == papers.NotAgreed(terms.deal, seat, terms.to, Cause.DECLINED),
}
"""What the terms of paper may bring about."""


# --- the events as they come ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claim:
    """What an estate still owes on a loan."""

    lender: str
    borrower: str
    owed_pence: int
    due_day: int


@dataclass(slots=True)
class _Morning:
    """What was put to whom today, and which paper changed hands or figures."""

    loans: list[hap.Offered] = field(default_factory=list)
    counters: list[papers.Countered] = field(default_factory=list)
    days: list[papers.ExtensionAsked] = field(default_factory=list)
    offers: list[papers.PaperOffered] = field(default_factory=list)
    bids: list[papers.PaperSought] = field(default_factory=list)
    changed: set[tuple[str, str]] = field(default_factory=set)
    called: dict[int, int] = field(default_factory=dict)  # loans called in, and on which day they were due before


class PaperAudit:
    """Paper as the events make it. `loans` are those that stand, kept by the caller; sold and extended here."""

    def __init__(self, scenario: Scenario, loans: dict[int, Loan]) -> None:
        """Before the first event."""
        self._goods = frozenset(scenario.good_names)
        self._loans = loans
        self._claims: dict[int, _Claim] = {}
        self._failed: set[str] = set()
        self._today, self._standing = _Morning(), list[papers.Countered]()

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """Nothing: loans, claims and what is pledged are counted where they stand."""
        return 0

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, before it is posted and before its loan is struck out or entered."""
        match event.body:
            case hap.DayOpened():
                self._standing, self._today = self._today.counters, _Morning()
            case hap.Offered() as body:
                self._today.loans.append(body)
            case words.CalledIn(loan=number, lender=lender, borrower=borrower) if number in self._loans:
                self._today.called[number] = self._loans[number].due_day
                self._today.changed.add((lender, borrower))
            case papers.Countered() as body:
                yield from self._check_counter(event, body)
            case papers.CounterLent() as body:
                yield from self._check_lent(event, body)
            case hap.Repaid() | hap.Defaulted() as body:
                yield from self._check_end(body, last_pence)
            case papers.ExtensionAsked() | papers.Extended() as body:
                yield from self._check_days(event, body)
            case papers.PaperOffered() | papers.PaperSought() as body:
                yield from self._check_put(event, body)
            case papers.PaperSold() as body:
                yield from self._check_sale(event, body)
            case papers.NotAgreed() as body:
                yield from self._check_refusal(event, body, held)
            case body:
                self._follow_estates(body)

    # --- loans on other terms, and what is pledged for them --------------------------------------------------------

    def _check_counter(self, event: Event, body: papers.Countered) -> Iterator[str]:
        other = body.borrower if body.by == body.lender else body.lender
        pair = (body.lender, body.borrower)
        if event.beat is not Beat.ANSWER or body.by not in pair:
            yield "a counter-offer is an answer"
        if not any((o.lender, o.borrower) == pair and o.by == other for o in self._today.loans):
            yield f"{other} put no loan to {body.by} today"
        sound = 0 < body.principal_pence <= body.owed_pence and body.due_day > event.day
        if not sound or (body.quantity > 0) != (body.good in self._goods) or body.quantity < 0:
            yield "its terms are none"
        self._today.counters.append(body)

    def _check_lent(self, event: Event, body: papers.CounterLent) -> Iterator[str]:
        made = next(
            (
                item
                for item in self._standing
                if _loan_figures(item) == _loan_figures(body) and (item.good, item.quantity) == pledged(body)
            ),
            None,
        )
        if made is None or event.beat is not Beat.ADDRESS:
            yield "nobody made such a counter-offer yesterday"
        else:
            self._standing.remove(made)
        if body.quantity and body.borrower in self._failed:
            yield f"{body.borrower} has failed and may pledge nothing"

    def _check_end(self, body: hap.Repaid | hap.Defaulted, last_pence: Mapping[str, int]) -> Iterator[str]:
        """A loan ends by the event that its pledge calls for, and the pledge goes where it has to."""
        loan = self._loans.get(body.loan)
        if loan is None:
            return
        good, quantity = pledged(loan)
        if isinstance(body, papers.Redeemed):
            right = quantity > 0 and (body.good, body.quantity) == (good, quantity)
        elif isinstance(body, papers.Foreclosed):
            units, value_pence = taken(loan, last_pence)
            due = (good, units, value_pence, quantity - units)
            right = quantity > 0 and (body.good, body.taken, body.value_pence, body.returned) == due
        else:
            right = quantity == 0
        if not right:
            yield f"of loan {body.loan}'s pledge of {quantity} {good} another part goes elsewhere"
        self._today.changed.add((body.lender, body.borrower))
        if isinstance(body, hap.Defaulted) and body.lost_pence:
            self._claims[body.loan] = _Claim(body.lender, body.borrower, body.lost_pence, loan.due_day)

    # --- more days ------------------------------------------------------------------------------------------------

    def _check_days(self, event: Event, body: papers.ExtensionAsked | papers.Extended) -> Iterator[str]:
        loan = self._loans.get(body.loan)
        if loan is None or (loan.lender, loan.borrower) != (body.lender, body.borrower):
            yield f"no loan {body.loan} of {body.lender} to {body.borrower} is open"
            return
        if isinstance(body, papers.ExtensionAsked):
            # Who asks for days and whose loan is called in the same morning had not heard it.
            known = body.due_day in (loan.due_day, self._today.called.get(body.loan))
            known = known and body.owed_pence == loan.owed_pence
            if not known or body.later_day <= body.due_day or body.later_pence <= loan.owed_pence:
                yield "it asks for no more days, or not for more interest"
            if event.beat is not Beat.ADDRESS:
                yield "days are asked for in the morning"
            self._today.days.append(body)
            return
        due = papers.ExtensionAsked(
            body.loan, body.lender, body.borrower, loan.owed_pence, loan.due_day, body.owed_pence, body.due_day
        )
        if due not in self._today.days:
            yield "nobody asked for these days today"
        self._loans[body.loan] = replace(loan, owed_pence=body.owed_pence, due_day=body.due_day)
        self._today.changed.add((body.lender, body.borrower))

    # --- the sale of paper ----------------------------------------------------------------------------------------

    def _stands(self, body: papers.PaperOffered | papers.PaperSold) -> bool:
        """Whether the paper is the seller's, as it says."""
        found = self._claims.get(body.loan) if body.unpaid else self._loans.get(body.loan)
        if found is None:
            return False
        due = (body.seller, body.debtor, body.owed_pence, body.due_day)
        return (found.lender, found.borrower, found.owed_pence, found.due_day) == due

    def _check_put(self, event: Event, body: papers.PaperOffered | papers.PaperSought) -> Iterator[str]:
        if event.beat is not Beat.ADDRESS or len({body.seller, body.buyer, body.debtor}) < 3:
            yield "paper is offered and sought in the morning, between two, of a third"
        if isinstance(body, papers.PaperSought):
            self._today.bids.append(body)
            return
        if not self._stands(body):
            yield f"{body.seller} has no such paper of {body.debtor}"
        self._today.offers.append(body)

    def _check_sale(self, event: Event, body: papers.PaperSold) -> Iterator[str]:
        if event.beat is not Beat.ANSWER or not self._stands(body):
            yield f"{body.seller} has no such paper of {body.debtor} to sell"
            return
        if not self._was_put(body):
            yield "nobody offered it so, or asked for it so, today"
        if self._failed & {body.seller, body.buyer}:
            yield "one who has failed trades in no paper"
        loan = self._loans.get(body.loan)
        if (body.good, body.quantity) != (("", 0) if body.unpaid else pledged(loan)):
            yield "a pledge goes with its paper"
        if body.unpaid:
            self._claims[body.loan] = replace(self._claims[body.loan], lender=body.buyer)
        elif loan is not None:
            self._loans[body.loan] = replace(loan, lender=body.buyer)
        self._today.changed.add((body.seller, body.debtor))

    def _was_put(self, body: papers.PaperSold) -> bool:
        if any(_sale_figures(offer) == _sale_figures(body) for offer in self._today.offers):
            return True
        return any(
            (bid.buyer, bid.seller, bid.debtor) == (body.buyer, body.seller, body.debtor)
            and body.price_pence == max(1, body.owed_pence * bid.percent // 100) <= bid.most_pence
            for bid in self._today.bids
        )

    # --- what came to nothing -------------------------------------------------------------------------------------

    def _check_refusal(self, event: Event, body: papers.NotAgreed, held: Held) -> Iterator[str]:
        """It was put to who refuses it, and the cause is one."""
        due = Beat.ADDRESS if body.deal is Deal.COUNTER else Beat.ANSWER
        if event.beat is not due:
            yield f"a {body.deal} is not answered in this beat"
        causes = {
            Deal.COUNTER: self._counter_causes, Deal.EXTENSION: self._extension_causes, Deal.SALE: self._sale_causes,
        }[body.deal](body, held)  # fmt: skip
        if causes is None:
            yield f"{body.to} put no such thing to {body.by}"
        elif body.cause is not Cause.DECLINED and body.cause not in causes:
            yield f"it did not fail for want of {body.cause}"

    def _counter_causes(self, body: papers.NotAgreed, held: Held) -> set[Cause] | None:
        pair = {body.by, body.to}
        made = next((c for c in self._standing if c.by == body.to and {c.lender, c.borrower} == pair), None)
        if made is None:
            return None
        self._standing.remove(made)
        lacks_goods = made.quantity > 0 and held(made.borrower, made.good) < made.quantity
        lacks_money = held(made.lender) < made.principal_pence
        return ({Cause.MONEY} if lacks_money else set()) | ({Cause.GOODS} if lacks_goods else set())

    def _extension_causes(self, body: papers.NotAgreed, held: Held) -> set[Cause] | None:
        asked = next((a for a in self._today.days if (a.borrower, a.lender) == (body.to, body.by)), None)
        if asked is None:
            return None
        return {Cause.PAPER} if (asked.lender, asked.borrower) in self._today.changed else set()

    def _sale_causes(self, body: papers.NotAgreed, held: Held) -> set[Cause] | None:
        """Of an offer its figures are known; of a bid, the most that it could have come to."""
        offer = next((o for o in self._today.offers if (o.seller, o.buyer) == (body.to, body.by)), None)
        bid = next((b for b in self._today.bids if (b.buyer, b.seller) == (body.to, body.by)), None)
        if offer is not None:
            pair, buyer, most_pence = (offer.seller, offer.debtor), offer.buyer, offer.price_pence
        elif bid is not None:
            pair, buyer, most_pence = (bid.seller, bid.debtor), bid.buyer, bid.most_pence
        else:
            return None
        changed = {Cause.PAPER} if pair in self._today.changed else set[Cause]()
        return changed | ({Cause.MONEY} if held(buyer) < most_pence else set())

    def _follow_estates(self, body: Body) -> None:
        match body:
            case fail.Failed(seat=seat):
                self._failed.add(seat)
            case fail.Discharged(seat=seat):
                self._failed.discard(seat)
            case fail.EstatePaid(loans=loans, paid_pence=parts):
                for number, pence in zip(loans, parts, strict=True):
                    claim = self._claims[number]
                    self._claims[number] = replace(claim, owed_pence=claim.owed_pence - pence)
            case fail.ClaimLost(loan=number):
                self._claims.pop(number, None)
            case _:
                pass
