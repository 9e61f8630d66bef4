"""What a phrase of a menu means to the world: the terms that its choice would bring about.

Terms are worked out when a menu is listed and looked up when a move is applied, so that no reply can carry a
figure of its own.
"""

from fivepenny.claims import ClaimKind
from fivepenny.happenings import Tipped
from fivepenny.market.orders import Side
from fivepenny.values import value


class Terms:
    """What a phrase means to the world. Each custom of the table has terms of its own beside those below."""

    __slots__ = ()


@value()
class OrderTerms(Terms):
    """An order for the day's auction of a good."""

    side: Side
    good: str
    quantity: int
    limit_pence: int


@value()
class LoanTerms(Terms):
    """A loan as it is offered or asked for."""

    lender: str
    borrower: str
    principal_pence: int
    owed_pence: int
    due_day: int


@value()
class TipTerms(Terms):
    """A claim to be told: one that was heard (its number), or a new one made up (None)."""

    hearer: str
    asset: str
    kind: ClaimKind
    claim: int | None
    credence: int


@value()
class WordTerms(Terms):
    """Something said that moves feelings: about a deed (its event), or 0."""

    act: str
    hearer: str
    deed: int = 0


@value()
class ReplyToLoan(Terms):
    """An answer to a loan offered or asked for."""

    terms: LoanTerms
    agreed: bool


@value()
class ReplyToTip(Terms):
    """An answer to a tip."""

    tip: Tipped
    believed: bool


@value()
class EarlyPayment(Terms):
    """Paying a loan before its day."""

    loan: int
    lender: str


@value()
class Rest(Terms):
    """Nothing."""
