"""The audit of hires: each of their events worked out again from the events before it, and what they owe in goods.

Written beside the market, not from it: it shares with it the terms of hires and nothing else. What dawn and dusk bring
is foreseen from purses and stocks as they begin, and has to come just so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fivepenny import courts, hires
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.deposits import FIRST_SLIP
from fivepenny.events import Body, Event
from fivepenny.ledger.transfers import FREE, PLEDGED, RESERVED
from fivepenny.market.hire_terms import BUY_IN_PERCENT, FEE_PERCENT, HIRE_DAYS, MAINTENANCE_PERCENT, MARGIN_PERCENT
from fivepenny.market.orders import MAX_LIMIT_PENCE, PENCE
from fivepenny.scenario import Scenario

Moved = tuple[str, str, str, str, str, int]
Held = Callable[..., int]
Forecast = list[Body]


def _handed_over(body: hires.Hired) -> list[Moved]:
    return [
        (body.owner, FREE, body.hirer, FREE, body.good, body.quantity),
        (body.hirer, FREE, body.owner, FREE, PENCE, body.fee_pence),
        (body.hirer, FREE, body.hirer, PLEDGED, PENCE, body.margin_pence),
    ]


def _given_back(body: hires.BroughtBack) -> list[Moved]:
    return [
        (body.hirer, FREE, body.owner, FREE, body.good, body.quantity),
        (body.hirer, PLEDGED, body.hirer, FREE, PENCE, body.freed_pence),
    ]


def _closed(body: hires.HireClosed) -> list[Moved]:
    return [
        (body.hirer, PLEDGED, body.owner, FREE, PENCE, body.paid_pence),
        (body.hirer, PLEDGED, body.hirer, FREE, PENCE, body.freed_pence),
    ]


MOVED: Mapping[type[Body], Callable[[Any], list[Moved]]] = {
    hires.Hired: _handed_over,
    hires.BroughtBack: _given_back,
    hires.MarginCalled: lambda body: [(body.hirer, FREE, body.hirer, PLEDGED, PENCE, body.met_pence)],
    hires.MarginFreed: lambda body: [(body.hirer, PLEDGED, body.hirer, FREE, PENCE, body.pence)],
    hires.ForcedPurchase: lambda body: [
        (body.seat, FREE, body.seat, RESERVED, PENCE, body.quantity * body.limit_pence)
    ],
    hires.HireClosed: _closed,
}
"""What each kind of event of a hire must have moved."""

SETTLING = (hires.BroughtBack, hires.HireOverdue, hires.MarginCalled, hires.HireClosed)
"""What comes at dusk before the day's debts are cleared, or at dawn."""
EARLY = (hap.DayOpened, hap.NeedTurned, hap.Decided, courts.Testified, hap.Said, hap.Settled)
"""What may come before it."""


def loan_of(body: hires.HireClosed) -> hap.Owes | None:
    """The loan that is owed once a hire is closed, if its margin was not enough."""
    return hap.Owes(body.loan, body.owner, body.hirer, body.owed_pence, body.due_day) if body.loan else None


@dataclass(slots=True)
class _Hire:
    """A hire as the events make it; `sold` and `rebought` of its units since, as far as they are still out."""

    number: int
    owner: str
    hirer: str
    good: str
    out: int
    margin_pence: int
    due_day: int
    sold: int = 0
    rebought: int = 0
    forced: bool = False

    @property
    def names(self) -> tuple[int, str, str, str]:
        """How each of its events begins."""
        return (self.number, self.owner, self.hirer, self.good)


class _Night:
    """What one dawn or dusk has to bring to hires, foreseen over purses, stocks and hires of its own."""

    def __init__(self, hires_now: list[_Hire], held: Held, last_pence: Mapping[str, int], loans: int, day: int) -> None:
        """`loans` is the number of the last loan made."""
        self.bodies: Forecast = []
        self._hires, self._last_pence, self._day = hires_now, last_pence, day
        self._loans = loans
        names = {name for hire in hires_now for name in (hire.owner, hire.hirer)}
        self._purse = {name: held(name) for name in names}
        self._store = {(name, hire.good): held(name, hire.good) for hire in hires_now for name in names}

    def dusk(self) -> Forecast:
        """Of every hire what is due, then its mark, then its end if nothing can pay for it."""
        for hire in self._hires:
            due = hire.forced or hire.due_day <= self._day
            out, margin_pence = self._return(hire, hire.out if due else hire.rebought)
            if not out:
                continue
            forced = due
            if due and not hire.forced:
                self.bodies.append(hires.HireOverdue(*hire.names, out))
            value_pence = out * self._last_pence[hire.good]
            if 100 * margin_pence < MAINTENANCE_PERCENT * value_pence:
                whole_pence = (value_pence * MARGIN_PERCENT + 99) // 100
                needed_pence = whole_pence - margin_pence
                met_pence = needed_pence if self._purse[hire.hirer] >= needed_pence else self._purse[hire.hirer]
                self._purse[hire.hirer] -= met_pence
                margin_pence += met_pence
                forced = forced or margin_pence < whole_pence
                self.bodies.append(hires.MarginCalled(*hire.names, needed_pence, met_pence))
            if forced and self._purse[hire.hirer] + margin_pence < value_pence:
                self._end(hire, out, margin_pence)
        return self.bodies

    def dawn(self, failed: set[str]) -> Forecast:
        """Who failed gives back what it holds, and pays for the rest."""
        for hire in self._hires:
            if hire.hirer in failed:
                out, margin_pence = self._return(hire, hire.out)
                if out:
                    self._end(hire, out, margin_pence)
        return self.bodies

    def _return(self, hire: _Hire, wanted: int) -> tuple[int, int]:
        units = min(wanted, self._store[hire.hirer, hire.good])
        if not units:
            return hire.out, hire.margin_pence
        freed_pence = units * hire.margin_pence // hire.out
        self._store[hire.hirer, hire.good] -= units
        self._store[hire.owner, hire.good] += units
        self._purse[hire.hirer] += freed_pence
        self.bodies.append(hires.BroughtBack(*hire.names, units, hire.out - units, freed_pence))
        return hire.out - units, hire.margin_pence - freed_pence

    def _end(self, hire: _Hire, out: int, margin_pence: int) -> None:
        value_pence = out * self._last_pence[hire.good]
        rest_pence = max(0, value_pence - margin_pence)
        spare_pence = max(0, margin_pence - value_pence)
        self._loans += rest_pence > 0
        self._purse[hire.hirer] += spare_pence
        self._purse[hire.owner] += margin_pence - spare_pence
        loan = self._loans if rest_pence else 0
        paid_pence = margin_pence - spare_pence
        ended = hires.HireClosed(*hire.names, out, paid_pence, spare_pence, loan, rest_pence, self._day)
        self.bodies.append(ended)


class HireAudit:
    """Hires as the events make them."""

    def __init__(self, scenario: Scenario) -> None:
        """Before the first event."""
        self._is_custom = "hire" in scenario.customs
        self._goods = {good.name: good for good in scenario.goods}
        self._hires: dict[int, _Hire] = {}
        self._asked: list[hires.HireAsked] = []
        self._failed: set[str] = set()
        self._made = 0  # hires
        self._loans = 0  # of any kind
        self._beat: tuple[int, Beat] | None = None  # whose settling was foreseen
        self._due: Forecast = []
        self._bids: list[hires.ForcedPurchase] = []

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, before it is posted."""
        body = event.body
        yield from self._settle(event, held, last_pence)
        loan = getattr(body, "loan", 0)  # whatever brought it about
        self._loans = max(self._loans, loan if loan < FIRST_SLIP else 0)
        match body:
            case hires.HireAsked():
                yield from self._check_asked(event, body, last_pence)
            case hires.HireDeclined() | hires.HireFellThrough() | hires.Hired():
                yield from self._check_answer(event, body, held)
            case hires.HireRecalled():
                yield from self._check_recall(event, body)
            case hires.MarginFreed():
                yield from self._check_freed(event, body, held)
            case hires.ForcedPurchase():
                yield from self._check_bid(event, body, held, last_pence)
            case hap.Ordered(seat=seat, good=good) if self._is_bought_in(seat, good):
                yield f"{seat} has {good} bought in and may not order it"
            case hap.Cleared():
                yield from self._check_cleared(body, held)
            case hap.Defaulted(borrower=seat) | fail.Failed(seat=seat):
                self._failed.add(seat)
            case fail.Discharged(seat=seat):
                self._failed.discard(seat)
            case hap.DayClosed():
                self._asked.clear()
            case _:
                pass

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """What others have of a seat's goods less what it has of theirs, at the last prices."""
        owed = 0
        for hire in self._hires.values():
            sign = (hire.owner == seat) - (hire.hirer == seat)
            owed += sign * hire.out * last_pence[hire.good]
        return owed

    def expects(self, seat: str) -> bool:
        """Whether goods are still to come back to a seat."""
        return any(hire.owner == seat for hire in self._hires.values())

    # --- dawn and dusk --------------------------------------------------------------------------------------------

    def _settle(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """What a dawn or dusk has to bring comes first in it, in order, and nothing else of its kinds ever comes."""
        body, place = event.body, (event.day, event.beat)
        early = isinstance(body, EARLY)
        if not early and event.beat in (Beat.DAWN, Beat.DUSK) and self._beat != place:
            self._beat = place
            night = _Night(list(self._hires.values()), held, last_pence, self._loans, event.day)
            self._due = night.dawn(self._failed) if event.beat is Beat.DAWN else night.dusk()
        if isinstance(body, SETTLING):
            if self._due[:1] != [body]:
                yield "no hire comes to this now"
            self._due = self._due[1:]
            self._enter(body)
        elif self._due and not early:
            yield f"hire {getattr(self._due[0], 'hire', 0)} should have come to its {self._due[0].kind} first"
            self._due = []

    def _enter(self, body: Any) -> None:
        hire = self._hires[body.hire]
        match body:
            case hires.BroughtBack(quantity=units, left=left, freed_pence=pence):
                hire.out, hire.margin_pence = left, hire.margin_pence - pence
                hire.sold = min(left, max(0, hire.sold - units))
                hire.rebought = max(0, hire.rebought - units)
                if not left:
                    del self._hires[body.hire]
            case hires.HireOverdue():
                hire.forced = True
            case hires.MarginCalled(needed_pence=needed_pence, met_pence=met_pence):
                hire.margin_pence += met_pence
                hire.forced = hire.forced or met_pence < needed_pence
            case hires.HireClosed():
                del self._hires[body.hire]
            case _:
                pass

    # --- talk -----------------------------------------------------------------------------------------------------

    def _check_asked(self, event: Event, body: hires.HireAsked, last_pence: Mapping[str, int]) -> Iterator[str]:
        self._asked.append(body)
        if not self._is_custom:
            yield "nobody hires goods at this table"
        value_pence = body.quantity * last_pence[body.good]
        fee_pence = max(1, FEE_PERCENT * value_pence // 100)
        terms = (fee_pence, (MARGIN_PERCENT * value_pence + 99) // 100, event.day + HIRE_DAYS)
        if (body.fee_pence, body.margin_pence, body.due_day) != terms or body.quantity < 1:
            yield f"the terms of such a hire are {terms}"
        if self._goods[body.good].spoils_percent or body.hirer == body.owner:
            yield "nobody hires what spoils, or from itself"
        if body.hirer in self._failed or any(
            (hire.hirer, hire.good) == (body.hirer, body.good) for hire in self._hires.values()
        ):
            yield f"{body.hirer} has failed, or has {body.good} on hire already"

    def _check_answer(
        self, event: Event, body: hires.HireDeclined | hires.HireFellThrough | hires.Hired, held: Held
    ) -> Iterator[str]:
        parties = (body.owner, body.hirer, body.good, body.quantity)
        asked = next(
            (item for item in self._asked if (item.owner, item.hirer, item.good, item.quantity) == parties), None
        )
        if asked is None:
            yield "nobody asked for it today"
            return
        self._asked.remove(asked)
        has_goods = held(body.owner, body.good) >= body.quantity
        has_money = held(body.hirer) >= asked.fee_pence + asked.margin_pence
        if isinstance(body, hires.HireFellThrough):
            lacking = "" if has_goods and has_money else body.hirer if has_goods else body.owner
            if body.lacking != lacking:
                yield f"{body.lacking} does not lack what it needs for it"
        elif isinstance(body, hires.Hired):
            self._made += 1
            if (body.hire, body.fee_pence, body.margin_pence, body.due_day) != (
                self._made, asked.fee_pence, asked.margin_pence, asked.due_day,
            ):  # fmt: skip
                yield f"hire {self._made} was not asked for so"
            if body.owner in self._failed:
                yield f"{body.owner} has failed: its goods are its creditors'"
            self._hires[body.hire] = _Hire(
                body.hire, body.owner, body.hirer, body.good, body.quantity, body.margin_pence, body.due_day
            )

    def _check_recall(self, event: Event, body: hires.HireRecalled) -> Iterator[str]:
        hire = self._hires.get(body.hire)
        told = (body.hire, body.owner, body.hirer, body.good, body.quantity)
        if hire is None or (*hire.names, hire.out) != told or not event.day + 1 == body.due_day < hire.due_day:
            yield "no such hire stands, or it is due by then"
            return
        hire.due_day = body.due_day

    # --- the auction ----------------------------------------------------------------------------------------------

    def _is_bought_in(self, seat: str, good: str) -> bool:
        return any(hire.forced and (hire.hirer, hire.good) == (seat, good) for hire in self._hires.values())

    def _lacking(self, good: str, held: Held) -> Iterator[tuple[_Hire, int]]:
        for hire in self._hires.values():
            lacking = hire.out - held(hire.hirer, good)
            if hire.forced and hire.good == good and lacking > 0:
                yield hire, lacking

    def _check_freed(self, event: Event, body: hires.MarginFreed, held: Held) -> Iterator[str]:
        hire = next((hire for hire, _ in self._lacking(body.good, held) if hire.number == body.hire), None)
        if event.beat is not Beat.MARKET or hire is None or (*hire.names, hire.margin_pence) != (
            body.hire, body.owner, body.hirer, body.good, body.pence,
        ):  # fmt: skip
            yield "no such margin is to be set free"
            return
        hire.margin_pence = 0

    def _bid(self, hire: _Hire, lacking: int, held: Held, last_pence: Mapping[str, int]) -> hires.ForcedPurchase:
        most_pence = min(last_pence[hire.good] * BUY_IN_PERCENT // 100, MAX_LIMIT_PENCE)
        limit_pence = min(most_pence, held(hire.hirer) // lacking)
        return hires.ForcedPurchase(hire.hirer, hire.good, lacking, limit_pence)

    def _check_bid(
        self, event: Event, body: hires.ForcedPurchase, held: Held, last_pence: Mapping[str, int]
    ) -> Iterator[str]:
        due = [
            self._bid(hire, lacking, held, last_pence)
            for hire, lacking in self._lacking(body.good, held)
            if not hire.margin_pence  # it was set free for this
        ]
        if event.beat is not Beat.MARKET or body not in due or body in self._bids or not body.limit_pence:
            yield f"{body.good} is not to be bought in so for {body.seat}"
        self._bids.append(body)

    def _check_cleared(self, body: hap.Cleared, held: Held) -> Iterator[str]:
        bid = {item.seat for item in self._bids}
        self._bids.clear()
        for hire, lacking in self._lacking(body.good, held):
            if hire.hirer not in bid and held(hire.hirer) + hire.margin_pence >= lacking:
                yield f"{body.good} should have been bought in for {hire.hirer}"
        bought, sold = (
            dict(zip(seats, units, strict=True))
            for seats, units in ((body.buyers, body.bought), (body.sellers, body.sold))
        )
        for hire in self._hires.values():
            if hire.good == body.good:
                hire.sold = min(hire.out, hire.sold + sold.get(hire.hirer, 0))
                hire.rebought = min(hire.sold, hire.rebought + bought.get(hire.hirer, 0))
