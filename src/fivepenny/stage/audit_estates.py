"""The audit of failings: debts cleared as they had to be, estates sold and paid out, and nobody's but those who failed.

Works out each night's clearing and each day's forced sales again, from what the events have made of loans, goods and
money; follows what is unpaid until it is paid or lost. It keeps no balances of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fivepenny import courts, papers
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.events import Body, Event
from fivepenny.market.clearing import Due, Settlement, clear_debts
from fivepenny.market.estates import ESTATE_DAYS, LIVING_PENCE, reserve_pence, surplus
from fivepenny.market.larder import Larder
from fivepenny.refusals import MoveRefused
from fivepenny.scenario import Scenario
from fivepenny.stage.audit_hire import SETTLING
from fivepenny.stage.audit_paper import pledged, taken

Held = Callable[..., int]
"""What a seat holds freely: of money, or of the asset named besides."""
Loan = hap.Lent | hap.Owes


_BEFORE = (hap.Settled, hap.Decided, hap.Said, MoveRefused, courts.Testified, *SETTLING)
"""What an evening brings before its debts are cleared: after oaths, margins may still come free."""


@dataclass(slots=True)
class _Estate:
    """What stands against a seat that failed: since when, and by loan to whom and how much."""

    since_day: int
    claims: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Night:
    """What the night still has to bring: payments in any order that the money allows, then failings as they came."""

    payments: list[Body]
    failings: list[fail.Failed]


def _payer(body: Body) -> tuple[str, int]:
    match body:
        case hap.Repaid(borrower=seat, pence=pence) | hap.Defaulted(borrower=seat, paid_pence=pence):
            return seat, pence
        case fail.EstatePaid(seat=seat, paid_pence=parts):
            return seat, sum(parts)
        case _:
            raise ValueError(f"{body.kind} is no payment")


def _ending(made: Loan, pence: int, last_pence: Mapping[str, int]) -> hap.Repaid | hap.Defaulted:
    """How a loan ends on which so much is paid in money: a pledge comes back, or goes as far as it covers it."""
    told, (good, quantity) = (made.loan, made.lender, made.borrower, pence), pledged(made)
    if pence == made.owed_pence:
        return papers.Redeemed(*told, False, good, quantity) if quantity else hap.Repaid(*told, early=False)
    units, value_pence = taken(made, last_pence)
    lost_pence = made.owed_pence - pence - value_pence
    if quantity:
        return papers.Foreclosed(*told, lost_pence, good, units, value_pence, quantity - units)
    return hap.Defaulted(*told, lost_pence)


class EstatesAudit:
    """Failings and estates as the events make them. `loans` and `bills` are those that stand, kept by the caller."""

    def __init__(
        self,
        scenario: Scenario,
        loans: Mapping[int, Loan],
        bills: Mapping[int, hap.BillHeld],
        expects_goods: Callable[[str], bool],
    ) -> None:
        """Before the first event. `expects_goods`: whether goods on hire are to come back to a seat."""
        self._expects_goods = expects_goods
        self._scenario = scenario
        self._larders = {seat: Larder(scenario, seat) for seat in scenario.seat_names}
        self._loans, self._bills = loans, bills
        self._estates: dict[str, _Estate] = {}
        self._night: _Night | None = None
        self._sales: list[fail.ForcedSale] | None = None
        self._bridged: Counter[str] = Counter()
        self._lost: set[str] = set()  # whose creditors lost something tonight

    def owed(self, seat: str) -> int:
        """What estates owe a seat less what its own estate owes, in pence."""
        own = self._estates.get(seat)
        debts = sum(pence for _, pence in own.claims.values()) if own else 0
        claims = [claim for estate in self._estates.values() for claim in estate.claims.values()]
        return sum(pence for lender, pence in claims if lender == seat) - debts

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, before it is posted and before its loan is struck out."""
        body = event.body
        if event.beat is Beat.MARKET:
            yield from self._check_market(event, held, last_pence)
        elif event.beat is Beat.DUSK and not isinstance(body, _BEFORE):
            yield from self._check_dusk(event, held, last_pence)
        elif isinstance(body, hap.Lent) and body.lender in self._estates:
            yield f"{body.lender} has failed and may not lend"
        elif isinstance(body, papers.PaperSold) and body.unpaid and body.debtor in self._estates:
            self._estates[body.debtor].claims[body.loan] = (body.buyer, body.owed_pence)

    # --- the auction ----------------------------------------------------------------------------------------------

    def _surplus(self, seat: str, held: Held, day: int) -> dict[str, int]:
        stock = {good: held(seat, good) for good in self._scenario.good_names}
        return surplus(self._scenario, self._larders[seat], stock, day)

    def _check_market(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        if self._sales is None:
            self._sales = [
                fail.ForcedSale(seat, good, units, reserve_pence(last_pence[good]))
                for seat in self._estates
                for good, units in self._surplus(seat, held, event.day).items()
            ]
        match event.body:
            case fail.ForcedSale() as body if body in self._sales:
                self._sales.remove(body)
            case fail.ForcedSale(seat=seat, good=good):
                yield f"{seat}'s {good} is not to be sold so for its creditors"
            case hap.Ordered(seat=seat, side=side, good=good) if seat in self._estates:
                if side == "sell" or self._scenario.good(good).share:
                    yield f"{seat} has failed and may not {side} {good}"
            case hap.Cleared(good=good):
                left = [sale.seat for sale in self._sales if sale.good == good]
                if left:
                    yield f"the {good} of {', '.join(left)} should have been sold for creditors"
            case _:
                pass

    # --- the clearing ---------------------------------------------------------------------------------------------

    def _clear(self, day: int, held: Held, last_pence: Mapping[str, int]) -> Settlement:
        due: list[Due] = []
        later: list[Due] = []
        for loan in self._loans.values():
            covered_pence = taken(loan, last_pence)[1]
            debt = Due(loan.loan, loan.borrower, loan.lender, loan.owed_pence, secured_pence=covered_pence)
            (due if loan.due_day <= day else later).append(debt)
        for seat, estate in self._estates.items():
            due += [Due(loan, seat, lender, pence, stale=True) for loan, (lender, pence) in estate.claims.items()]
        living = {seat: LIVING_PENCE if seat in self._estates else 0 for seat in self._scenario.seat_names}
        return clear_debts(due, later, {seat: max(0, held(seat) - kept) for seat, kept in living.items()})

    def _foresee(self, day: int, held: Held, last_pence: Mapping[str, int]) -> _Night:
        """The night's payments, and who fails with how much unpaid."""
        cleared = self._clear(day, held, last_pence)
        payments: list[Body] = []
        unpaid: Counter[str] = Counter()
        for loan, pence in cleared.payments_pence.items():
            if loan not in self._loans:
                continue
            ending = _ending(self._loans[loan], pence, last_pence)
            unpaid[ending.borrower] += ending.lost_pence if isinstance(ending, hap.Defaulted) else 0
            payments.append(ending)
        for seat, estate in self._estates.items():
            parts = [(loan, to, cleared.payments_pence[loan]) for loan, (to, _) in estate.claims.items()]
            paid = [part for part in parts if part[2]]
            if paid:
                loans, lenders, pence_of = zip(*paid, strict=True)
                left_pence = sum(pence for _, pence in estate.claims.values()) - sum(pence_of)
                payments.append(fail.EstatePaid(seat, loans, lenders, pence_of, left_pence))
        failures = [item for item in cleared.failures if item.debtor not in self._estates]
        failings = [fail.Failed(item.debtor, item.round, item.pulled_by, unpaid[item.debtor]) for item in failures]
        return _Night(payments, failings)

    def _check_dusk(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        self._sales = None
        if self._night is None:
            self._night = self._foresee(event.day, held, last_pence)
        night, body = self._night, event.body
        match body:
            case hap.Repaid() | hap.Defaulted() | fail.EstatePaid() if body in night.payments:
                night.payments.remove(body)
            case hap.Repaid() | hap.Defaulted() | fail.EstatePaid():
                yield "nothing is due so tonight: not to them, or not as much"
            case fail.Bridged(seat=seat, pence=pence):
                yield from self._check_bridge(night, seat, pence, body.back, held)
            case fail.Failed() if night.failings[:1] == [body] and not night.payments:
                night.failings.pop(0)
            case fail.Failed(seat=seat):
                yield f"{seat} has not failed so, or not yet"
            case fail.ClaimLost() | fail.Discharged():
                yield from self._check_end(event, held)
            case hap.DayClosed():
                yield from self._check_left(night, event.day, held)
                self._night = None
            case _:
                pass
        self._enter(event)

    def _check_bridge(self, night: _Night, seat: str, pence: int, back: bool, held: Held) -> Iterator[str]:
        """Money is lent where no payment can be made, as much as one lacks; it goes back when all have been made."""
        waiting = [_payer(body) for body in night.payments]
        if back:
            if waiting or self._bridged.pop(seat, 0) != pence:
                yield f"{seat} gives back what it was not lent, or too soon"
            return
        lacking = [sum_ - held(payer) for payer, sum_ in waiting]
        if any(sum_ <= 0 for sum_ in lacking) or (seat, pence + held(seat)) not in waiting:
            yield f"{seat} needs no {pence} pence to begin with"
        self._bridged[seat] += pence

    def _is_spent(self, seat: str, day: int, held: Held) -> bool:
        expects = [bill.seat for bill in self._bills.values()] + [loan.lender for loan in self._loans.values()]
        long_enough = day - self._estates[seat].since_day >= ESTATE_DAYS
        waits = seat in expects or self._expects_goods(seat)
        return long_enough and not waits and not self._surplus(seat, held, day)

    def _check_end(self, event: Event, held: Held) -> Iterator[str]:
        body = event.body
        if isinstance(body, fail.ClaimLost):
            estate = self._estates.get(body.borrower)
            if estate is None or estate.claims.get(body.loan) != (body.lender, body.lost_pence):
                yield f"no such claim of {body.lender} on {body.borrower} stands"
            elif not self._is_spent(body.borrower, event.day, held):
                yield f"there is more to come of {body.borrower}'s estate"
        elif isinstance(body, fail.Discharged):
            estate = self._estates.get(body.seat)
            if estate is None or estate.claims:
                yield f"{body.seat} has not failed, or still owes"
            elif body.in_full == (body.seat in self._lost):
                yield f"{body.seat} has {'not ' if body.in_full else ''}paid in full"

    def _check_left(self, night: _Night, day: int, held: Held) -> Iterator[str]:
        """At the close of a day everything that the night had to bring has come."""
        for body in night.payments:
            seat, pence = _payer(body)
            yield f"{seat} should have paid {pence} pence tonight ({body.kind}), and what is unpaid be told"
        for failed in night.failings:
            yield f"{failed.seat} has failed without a word of it"
        for seat, estate in self._estates.items():
            if not estate.claims or self._is_spent(seat, day, held):
                yield f"{seat}'s estate should have been closed"
        if self._bridged:
            yield f"{', '.join(self._bridged)}: lent money for the night and did not give it back"
        self._lost.clear()
        self._bridged.clear()

    def _enter(self, event: Event) -> None:
        match event.body:
            case hap.Defaulted(loan=loan, lender=lender, borrower=seat, lost_pence=pence) if pence:
                self._estates.setdefault(seat, _Estate(event.day)).claims[loan] = (lender, pence)
            case fail.Failed(seat=seat):
                self._estates.setdefault(seat, _Estate(event.day))
            case fail.EstatePaid(seat=seat) as body if seat in self._estates:
                claims = self._estates[seat].claims
                for loan, paid_pence in zip(body.loans, body.paid_pence, strict=True):
                    lender, pence = claims[loan]
                    claims[loan] = (lender, pence - paid_pence)
                    if pence <= paid_pence:
                        del claims[loan]
            case fail.ClaimLost(loan=loan, borrower=seat) if seat in self._estates:
                self._estates[seat].claims.pop(loan, None)
                self._lost.add(seat)
            case fail.Discharged(seat=seat):
                self._estates.pop(seat, None)
            case _:
                pass
