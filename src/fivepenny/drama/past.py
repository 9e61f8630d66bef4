"""What a season's events so far amount to, as far as telling the next one needs it.

Prices last seen, loans that stand, tips and who believed them, kindnesses, who bought what day after day, the
order of fortunes. It is fed event by event, judges nothing and words nothing.
"""

from dataclasses import dataclass, field

from fivepenny import happenings as hap
from fivepenny import hires, papers
from fivepenny.deposits import Queued
from fivepenny.drama.lies import credence_of
from fivepenny.events import Event


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure (pence or units) with the event that gave it and its day. `borrows`: it was asked for as a loan."""

    figure: int
    number: int
    day: int
    borrows: bool = False


@dataclass(slots=True)
class Tip:
    """A tip: who told whom, how far the teller believed it (0 to 100, None unknown), whether the hearer did."""

    event: Event
    body: hap.Tipped
    credence: int | None
    believed: bool | None = None
    weighed: int = 0


@dataclass(frozen=True, slots=True)
class Debt:
    """A loan that stands: its terms and the event that made it."""

    lender: str
    borrower: str
    owed_pence: int
    due_day: int
    number: int


@dataclass(frozen=True, slots=True)
class Fortunes:
    """The seats by what they are worth, the richest first, at the close of a day."""

    seats: tuple[str, ...]
    worths_pence: tuple[int, ...]
    number: int

    def of(self) -> dict[str, int]:
        """What each seat is worth, in pence."""
        return dict(zip(self.seats, self.worths_pence, strict=True))

    def above(self, seat: str, other: str) -> bool:
        """Whether a seat is worth more than another."""
        worths = self.of()
        return worths[seat] > worths[other]


@dataclass(slots=True)
class Past:
    """The season so far."""

    prices: dict[str, Seen] = field(default_factory=dict)
    traded: set[str] = field(default_factory=set)
    debts: dict[int, Debt] = field(default_factory=dict)
    tips: dict[int, list[Tip]] = field(default_factory=dict)
    loans_made: dict[tuple[str, str], Seen] = field(default_factory=dict)
    runs: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    asked: dict[tuple[str, str], Seen] = field(default_factory=dict)
    queues: dict[str, Seen] = field(default_factory=dict)  # by banker, the last: people
    fortunes: Fortunes | None = None

    def debt_between(self, lender: str, borrower: str) -> Debt | None:
        """The loan of this lender to this borrower that falls due first."""
        between = [debt for debt in self.debts.values() if (debt.lender, debt.borrower) == (lender, borrower)]
        return min(between, key=lambda debt: (debt.due_day, debt.number), default=None)

    def take(self, event: Event) -> None:
        """Add one event."""
        match event.body:
            case hap.SeasonOpened(goods=goods, prices_pence=prices):
                for good, pence in zip(goods, prices, strict=True):
                    self.prices[good] = Seen(pence, event.number, event.day)
            case hap.DayOpened():
                self.asked.clear()
            case hap.Offered() as body:
                other = body.borrower if body.by == body.lender else body.lender
                self.asked[body.by, other] = Seen(
                    body.principal_pence, event.number, event.day, body.by == body.borrower
                )
            case hap.Owes(loan, lender, borrower, owed, due):
                self.debts[loan] = Debt(lender, borrower, owed, due, event.number)
            case hap.Lent(loan, lender, borrower, principal, owed, due):
                self.debts[loan] = Debt(lender, borrower, owed, due, event.number)
                self.loans_made[lender, borrower] = Seen(principal, event.number, event.day)
            case hires.HireClosed(owner=lender, hirer=borrower, loan=loan, owed_pence=owed, due_day=due) if loan:
                self.debts[loan] = Debt(lender, borrower, owed, due, event.number)
            case papers.Extended(loan, lender, borrower, owed, due):
                self.debts[loan] = Debt(lender, borrower, owed, due, event.number)
            case papers.PaperSold(loan=loan, buyer=lender, debtor=borrower, owed_pence=owed, due_day=due, unpaid=False):
                self.debts[loan] = Debt(lender, borrower, owed, due, event.number)
            case hap.Repaid(loan=loan) | hap.Defaulted(loan=loan):
                self.debts.pop(loan, None)
            case hap.Tipped() as body:
                tip = Tip(event, body, credence_of(event.sealed))
                self.tips.setdefault(body.claim.number, []).append(tip)
            case hap.Weighed() as body:
                self._weigh(event, body)
            case hap.Cleared() as body:
                self._clear(event, body)
            case Queued(banker=banker, people=people):
                self.queues[banker] = Seen(people, event.number, event.day)
            case hap.DayClosed() as body:
                self.fortunes = rank(event, body)
            case _:
                pass

    def _weigh(self, event: Event, body: hap.Weighed) -> None:
        for tip in self.tips.get(body.claim, ()):
            if (tip.body.teller, tip.body.hearer) == (body.teller, body.hearer):
                tip.believed, tip.weighed = body.believed, event.number

    def _clear(self, event: Event, body: hap.Cleared) -> None:
        if body.price_pence is not None:
            self.prices[body.good] = Seen(body.price_pence, event.number, event.day)
            self.traded.add(body.good)
        for seat, quantity in zip(body.buyers, body.bought, strict=True):
            run = self.runs.setdefault((seat, body.good), [])
            if run and run[-1].day != event.day - 1:
                run.clear()
            run.append(Seen(quantity, event.number, event.day))


def rank(event: Event, body: hap.DayClosed) -> Fortunes:
    """The seats by worth at the close of a day, the richest first; equals stay in the order of the table."""
    places = sorted(range(len(body.seats)), key=lambda place: -body.worths_pence[place])
    seats = tuple(body.seats[place] for place in places)
    return Fortunes(seats, tuple(body.worths_pence[place] for place in places), event.number)
