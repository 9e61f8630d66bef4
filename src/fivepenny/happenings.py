"""What can happen in the finance drama: the bodies of its events, as their audience may know them.

Each is a frozen dataclass with a `kind` of its own. Who the audience is, what is sealed beside a body and what
follows from it are the market's affair.
"""

from dataclasses import dataclass
from typing import ClassVar

from fivepenny import aims as aims  # as below
from fivepenny import bribery as bribery
from fivepenny import courts as courts
from fivepenny import deposits as deposits
from fivepenny import failings as failings  # so that its kinds are known wherever seasons are read
from fivepenny import hires as hires
from fivepenny import pacts as pacts
from fivepenny import refusals as refusals
from fivepenny.claims import Claim, Truth
from fivepenny.events import Body
from fivepenny.values import value
from fivepenny.words import Spoken as Spoken
from fivepenny.words import Tipped as Tipped


@dataclass(frozen=True, slots=True)
class SeasonOpened(Body):
    """The season begins: its seed, its seats, the goods it trades and their opening prices in pence."""

    kind: ClassVar[str] = "season_opened"
    seed: int
    scenario: str
    seats: tuple[str, ...]
    goods: tuple[str, ...]
    prices_pence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayOpened(Body):
    """A day begins."""

    kind: ClassVar[str] = "day_opened"
    weekday: str


@dataclass(frozen=True, slots=True)
class Endowed(Body):
    """A seat starts with this."""

    kind: ClassVar[str] = "endowed"
    seat: str
    pence: int
    goods: tuple[str, ...]
    quantities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Remembered(Body):
    """Something done before the first day, which doer and done-to both remember."""

    kind: ClassVar[str] = "remembered"
    doer: str
    to: str
    strength: int
    deed: str
    since: str


@dataclass(frozen=True, slots=True)
class BillHeld(Body):
    """The outside world owes a seat money, payable on a day."""

    kind: ClassVar[str] = "bill_held"
    bill: int
    seat: str
    pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class BillPaid(Body):
    """The outside world paid a bill, on its day or before."""

    kind: ClassVar[str] = "bill_paid"
    bill: int
    seat: str
    pence: int


@dataclass(frozen=True, slots=True)
class HouseFailed(Body):
    """A debtor of the outside world failed: a bill that a seat held is worth nothing."""

    kind: ClassVar[str] = "house_failed"
    bill: int
    seat: str
    pence: int


@value()
class Produced(Body):
    """A seat's own goods came in."""

    kind: ClassVar[str] = "produced"
    seat: str
    good: str
    quantity: int


@value()
class Spoiled(Body):
    """Some of a seat's stock went bad."""

    kind: ClassVar[str] = "spoiled"
    seat: str
    good: str
    quantity: int


@value()
class Consumed(Body):
    """A seat used up what a day needs, from its own stock."""

    kind: ClassVar[str] = "consumed"
    seat: str
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Wanted(Body):
    """A seat had too little for the day: it sent out for some at a hard price, and went without the rest."""

    kind: ClassVar[str] = "wanted"
    seat: str
    good: str
    bought: int
    paid_pence: int
    without: int


@dataclass(frozen=True, slots=True)
class NeedTurned(Body):
    """From today every house needs this part (in percent) of its usual units of a good; till now it was another."""

    kind: ClassVar[str] = "need_turned"
    good: str
    before_percent: int
    percent: int


@value()
class Earned(Body):
    """The outside world paid a seat for its trade."""

    kind: ClassVar[str] = "earned"
    seat: str
    pence: int
    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class News(Body):
    """What the town is told. `claim` is its effect as a claim, where it has one."""

    kind: ClassVar[str] = "news"
    headline: str
    asset: str
    sort: str
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Whispered(Body):
    """A rumour reached one seat from outside. Whether it is true is sealed."""

    kind: ClassVar[str] = "whispered"
    seat: str
    headline: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Struck(Body):
    """A shock: for some days a good is made at this part (in percent) of what is usual."""

    kind: ClassVar[str] = "struck"
    good: str
    percent: int
    until_day: int


@dataclass(frozen=True, slots=True)
class Called(Body):
    """A lender wants a loan back on this day, sooner than was agreed."""

    kind: ClassVar[str] = "called"
    loan: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int


@value()
class Decided(Body):
    """What a seat chose from its menu; the log of parsed decisions."""

    kind: ClassVar[str] = "decided"
    seat: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said(Body):
    """A line: `act` is what the speaker did with it; `cites` the events that its slots of the past go back to."""

    kind: ClassVar[str] = "said"
    speaker: str
    hearer: str
    act: str
    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weighed(Body):
    """A hearer let it be seen whether it believes a tip."""

    kind: ClassVar[str] = "weighed"
    hearer: str
    teller: str
    claim: int
    believed: bool


@dataclass(frozen=True, slots=True)
class Offered(Body):
    """A loan was offered (by the lender) or asked for (by the borrower)."""

    kind: ClassVar[str] = "offered"
    by: str
    lender: str
    borrower: str
    principal_pence: int
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Declined(Body):
    """A loan was refused, or could not be paid out. `asked`: the one refused had asked for it."""

    kind: ClassVar[str] = "declined"
    by: str
    to: str
    principal_pence: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Lent(Body):
    """A loan was paid out."""

    kind: ClassVar[str] = "lent"
    loan: int
    lender: str
    borrower: str
    principal_pence: int
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Owes(Body):
    """A loan that stood before the first day; or a penalty that has fallen due for a broken pact."""

    kind: ClassVar[str] = "owes"
    loan: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Repaid(Body):
    """A loan was paid back in full."""

    kind: ClassVar[str] = "repaid"
    loan: int
    lender: str
    borrower: str
    pence: int
    early: bool


@dataclass(frozen=True, slots=True)
class PaymentRefused(Body):
    """A loan was to be paid before its day, but the money had gone elsewhere that morning; the loan stands."""

    kind: ClassVar[str] = "payment_refused"
    loan: int
    lender: str
    borrower: str
    pence: int


@dataclass(frozen=True, slots=True)
class Defaulted(Body):
    """A loan fell due and was not paid in full: so much was there, so much is lacking and stands against an estate."""

    kind: ClassVar[str] = "defaulted"
    loan: int
    lender: str
    borrower: str
    paid_pence: int
    lost_pence: int


@dataclass(frozen=True, slots=True)
class Ruined(Body):
    """What a seat owes is no less than everything it has would fetch at the day's prices."""

    kind: ClassVar[str] = "ruined"
    seat: str


@value()
class Ordered(Body):
    """A seat's order stands in the book of a good, what it needs reserved."""

    kind: ClassVar[str] = "ordered"
    seat: str
    side: str
    good: str
    quantity: int
    limit_pence: int


@value()
class OrderRefused(Body):
    """An order could not stand; `cause` is the ledger's or the auction's named refusal."""

    kind: ClassVar[str] = "order_refused"
    seat: str
    side: str
    good: str
    cause: str


@value()
class Cleared(Body):
    """The auction of a good: one price for all fills (None: no trade), and who bought and sold how much."""

    kind: ClassVar[str] = "cleared"
    good: str
    price_pence: int | None
    volume: int
    buyers: tuple[str, ...]
    bought: tuple[int, ...]
    sellers: tuple[str, ...]
    sold: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled(Body):
    """A claim was settled: it came true, or it did not."""

    kind: ClassVar[str] = "settled"
    claim: Claim
    truth: Truth


@dataclass(frozen=True, slots=True)
class DayClosed(Body):
    """The day's books: what each seat is worth at the day's prices, for the log alone."""

    kind: ClassVar[str] = "day_closed"
    seats: tuple[str, ...]
    purses_pence: tuple[int, ...]
    worths_pence: tuple[int, ...]
