"""What the phrases about deposits mean to the world."""

from dataclasses import dataclass

from fivepenny.market.terms import Terms


@dataclass(frozen=True, slots=True)
class DepositTerms(Terms):
    """Money to be laid in a banker's keeping."""

    banker: str
    pence: int


@dataclass(frozen=True, slots=True)
class WithdrawalTerms(Terms):
    """Money to be asked for, of this slip."""

    slip: int
    banker: str
    pence: int
