"""What a phrase about the paper of debts means to the world: terms as `fivepenny.market.terms` has them."""

from dataclasses import dataclass

from fivepenny.market.terms import LoanTerms, Terms
from fivepenny.papers import Deal


@dataclass(frozen=True, slots=True)
class PledgeTerms(Terms):
    """What is put aside for a loan: units of a good; of no good, nothing."""

    good: str = ""
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class CounterTerms(Terms):
    """Other terms for a loan than those that were put to the seat."""

    loan: LoanTerms
    pledge: PledgeTerms


@dataclass(frozen=True, slots=True)
class TakeCounter(Terms):
    """Agreeing to a counter-offer."""

    by: str
    loan: LoanTerms
    pledge: PledgeTerms


@dataclass(frozen=True, slots=True)
class ExtensionTerms(Terms):
    """More days for a loan that stands: what is owed and when, now and then."""

    loan: int
    lender: str
    borrower: str
    owed_pence: int
    due_day: int
    later_pence: int
    later_day: int


@dataclass(frozen=True, slots=True)
class GrantExtension(Terms):
    """Agreeing to more days."""

    extension: ExtensionTerms


@dataclass(frozen=True, slots=True)
class SaleTerms(Terms):
    """A debt and its price. `unpaid`: what is owed is a claim on the debtor's estate."""

    loan: int
    seller: str
    buyer: str
    debtor: str
    owed_pence: int
    due_day: int
    price_pence: int
    unpaid: bool


@dataclass(frozen=True, slots=True)
class TakeSale(Terms):
    """Agreeing to a sale, as its buyer or as its seller."""

    sale: SaleTerms


@dataclass(frozen=True, slots=True)
class SoughtTerms(Terms):
    """Asking a lender for a third's paper: what is bid, in percent of its face, and how much at most."""

    seller: str
    debtor: str
    percent: int
    most_pence: int


@dataclass(frozen=True, slots=True)
class DeclineDeal(Terms):
    """Declining what another had put to the seat."""

    deal: Deal
    to: str
