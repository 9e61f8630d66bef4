"""The audit of deposits: who laid what where, what was asked for, and that the town came as its alarm and lots say.

Follows slips, alarms and legends' runs from the events alone. Deposits are entered among the loans that the caller
keeps, due on NO_DAY, so that clearings, ends of loans and worths take them as the loans that they are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.deposits import (
    FIRST_SLIP,
    NO_DAY,
    Credited,
    Deposited,
    DepositRefused,
    Kept,
    Queued,
    Rescued,
    Withdrew,
)
from fivepenny.events import Body, Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import RunStep, Unfolded
from fivepenny.market import alarm as rule
from fivepenny.market.deposits import INTEREST_DAYS, INTEREST_PERCENT, RETURN_PERCENT
from fivepenny.rng import stream
from fivepenny.stage.audit_estates import Held, Loan

_BY_CHOICE = (Deposited, DepositRefused, Withdrew)
_AT_DAWN = (Credited, Withdrew, Queued, Deposited)


class DepositsAudit:
    """Deposits as the events make them. `loans` are those that stand, kept by the caller; slips are entered there."""

    def __init__(self, header: Header, loans: dict[int, Loan]) -> None:
        """Before the first event."""
        scenario = header.scenario
        self._header = header
        self._loans = loans
        self._bankers = scenario.bankers
        self._opening = {item.banker: item.pence for item in scenario.deposits if item.holder == OUTSIDE}
        self._steps = {legend.name: legend.steps for legend in scenario.legends}
        self._runs: dict[str, tuple[int, int]] = {}  # by banker: people, and the last day on which they come
        self._alarm: Counter[str] = Counter()
        self._failed: list[str] = []
        self._slips_made = 0
        self._dawn: list[Body] | None = None  # what the dawn still has to bring
        self._day = 0

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """Nothing beside the loans, of which deposits are some."""
        return 0

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event."""
        body = event.body
        if isinstance(body, hap.DayOpened):
            self._day, self._dawn = event.day, None
            for banker, alarm in self._alarm.items():
                self._alarm[banker] = alarm // rule.LEFT_PARTS
        dawns = event.beat is Beat.DAWN
        if self._bankers and (not dawns or isinstance(body, _AT_DAWN)):
            if self._dawn is None:
                self._dawn = self._foresee()
            if dawns and self._dawn[:1] == [body]:
                self._dawn.pop(0)
            elif dawns:
                yield "the dawn does not bring this to deposits, or not now"
            elif self._dawn:
                yield f"the dawn should have brought {self._dawn[0]}"
                self._dawn.clear()
        if not dawns and isinstance(body, _BY_CHOICE):
            yield from self._check_choice(body, held)
        self._enter(body)
        self._heed(body)

    def _check_choice(self, body: Deposited | DepositRefused | Withdrew, held: Held) -> Iterator[str]:
        """What a seat does by choice: with a banker, of what it has."""
        holder, banker = body.holder, body.banker
        standing = self._standing(holder, banker)
        if banker not in self._bankers or holder in (banker, OUTSIDE) or body.pence < 1:
            yield f"{holder} can lay no {body.pence} pence with {banker}, and ask for none"
        elif isinstance(body, Withdrew):
            whole = standing is not None and standing.owed_pence == body.pence
            if standing is None or standing.loan != body.of_slip or standing.owed_pence < body.pence:
                yield f"{holder} has no {body.pence} pence on slip {body.of_slip} with {banker}"
            if body.slip != (body.of_slip if whole else self._next_slip()):
                yield f"slip {body.slip} is not the one that falls due"
        elif isinstance(body, DepositRefused):
            if held(holder) >= body.pence:
                yield f"{holder} has the {body.pence} pence"
        elif body.slip != (self._next_slip() if standing is None else standing.loan):
            yield f"slip {body.slip} is not {holder}'s with {banker}"
        elif holder in self._failed or banker in self._failed:
            yield f"{holder} or {banker} has failed; nothing is laid in keeping"

    # --- the dawn -------------------------------------------------------------------------------------------------

    def _foresee(self) -> list[Body]:
        """What the rules bring to deposits after the day's news: interest, calls for creditors, the town."""
        found: list[Body] = []
        sums = {loan.loan: loan.owed_pence for loan in self._loans.values() if loan.due_day == NO_DAY}
        alarm, next_slip = Counter(self._alarm), self._next_slip()
        for number in sums if self._day % INTEREST_DAYS == 0 else ():
            pence = sums[number] * INTEREST_PERCENT // 100
            if pence:
                sums[number] += pence
                found.append(Credited(number, self._loans[number].lender, self._loans[number].borrower, pence))
        for number, pence in sums.items():
            loan = self._loans[number]
            if loan.lender in self._failed:
                found.append(Withdrew(number, number, loan.lender, loan.borrower, pence))
                alarm[loan.borrower] = rule.stirred(alarm[loan.borrower], rule.WITHDRAWAL_STIRS)
        for banker, opening_pence in self._opening.items():
            loan_or_none = self._standing(OUTSIDE, banker)
            if loan_or_none is None or banker in self._failed:
                continue
            kept_pence = sums[loan_or_none.loan]
            came = self._comes(banker, loan_or_none.loan, kept_pence, alarm[banker], next_slip)
            back_pence = min(opening_pence - kept_pence, opening_pence * RETURN_PERCENT // 100)
            if came is not None:
                next_slip += came.slip == next_slip
                found.append(came)
            elif not alarm[banker] and back_pence > 0:
                found.append(Deposited(loan_or_none.loan, OUTSIDE, banker, back_pence))
        return found

    def _comes(self, banker: str, number: int, kept_pence: int, alarm: int, next_slip: int) -> Queued | None:
        people, until_day = self._runs.get(banker, (0, 0))
        called = people if self._day <= until_day else 0
        lot = stream(self._header.part_on(self._day).seed, "market", self._day, "queue", banker)
        people = rule.people_in_queue(alarm, called, lot)
        pence = rule.asked_by(people, kept_pence)
        slip = number if pence == kept_pence else next_slip
        return Queued(slip, number, banker, people, pence) if pence else None

    # --- what stands ----------------------------------------------------------------------------------------------

    def _next_slip(self) -> int:
        return FIRST_SLIP + self._slips_made + 1

    def _standing(self, holder: str, banker: str) -> Loan | None:
        parties = (holder, banker, NO_DAY)
        found = (loan for loan in self._loans.values() if (loan.lender, loan.borrower, loan.due_day) == parties)
        return next(found, None)

    def _enter(self, body: Body) -> None:
        match body:
            case Kept() | Deposited() | Credited():
                self._add(body)
            case Withdrew():
                self._ask(body, body.holder)
            case Queued():
                self._ask(body, OUTSIDE)
            case _:
                pass

    def _add(self, body: Kept | Deposited | Credited) -> None:
        loan = self._loans.get(body.slip)
        if loan is None:
            self._slips_made += 1
            self._loans[body.slip] = hap.Owes(body.slip, body.holder, body.banker, body.pence, NO_DAY)
        else:
            self._loans[body.slip] = replace(loan, owed_pence=loan.owed_pence + body.pence)

    def _ask(self, body: Withdrew | Queued, holder: str) -> None:
        loan = self._loans.get(body.of_slip)
        if body.slip != body.of_slip and loan is not None:
            self._slips_made += 1
            self._loans[body.of_slip] = replace(loan, owed_pence=loan.owed_pence - body.pence)
        self._loans[body.slip] = hap.Owes(body.slip, holder, body.banker, body.pence, self._day)

    def _heed(self, body: Body) -> None:
        """What everyone can see of a bank; who has failed; what legends call."""
        match body:
            case Withdrew(banker=banker):
                self._stir(rule.WITHDRAWAL_STIRS, banker)
            case Queued(banker=banker, people=people):
                self._stir(people, banker)
            case Rescued(banker=banker):
                self._stir(-rule.RESCUE_CALMS, banker)
            case hap.News(sort=sort, claim=claim):
                self._stir(rule.news_points(sort, claim), *self._bankers)
            case hap.Defaulted(lender=lender) if lender in self._bankers:
                self._stir(rule.LOSS_STIRS, lender)
            case hap.HouseFailed(seat=seat) if seat in self._bankers:
                self._stir(rule.LOSS_STIRS, seat)
            case fail.Failed(seat=seat):
                self._stir(rule.FAILING_STIRS, *self._bankers)
                self._failed.append(seat)
            case fail.Discharged(seat=seat) if seat in self._failed:
                self._failed.remove(seat)
            case Unfolded(legend=name, step=number):
                step = self._steps[name][number - 1]
                if isinstance(step, RunStep):
                    self._runs[step.banker] = (step.people, self._day + step.days - 1)
            case _:
                pass

    def _stir(self, points: int, *bankers: str) -> None:
        for banker in bankers:
            self._alarm[banker] = max(0, min(rule.MOST_ALARM, self._alarm[banker] + points))
