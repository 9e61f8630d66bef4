"""The book: integer double entry with one mutator.

A pure state machine: no clock, no randomness, no input or output. It does not know what an asset is worth,
who plays a seat, or why a transfer was made; it knows only whether it can be posted.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from fivepenny.errors import BrokenInvariant
from fivepenny.ledger.transfers import (
    FREE,
    KINDS,
    MAX_AMOUNT,
    OUTSIDE,
    Account,
    Holding,
    Kind,
    Posted,
    Refusal,
    RefusalCause,
    Transfer,
    holdings_digest,
)

_Key = tuple[str, Kind, str]  # owner, kind, asset
_BOTTOMLESS: Final = Account(OUTSIDE, FREE)


class Book:
    """All balances of a season. Each asset sums to zero over all accounts, the outside world's included.

    `owners` and `assets` are fixed for the life of the book; the outside world is always one of the owners.
    Everything begins at zero: an opening balance is a transfer from outside.
    """

    __slots__ = ("_assets", "_balances", "_last_number", "_owners")

    def __init__(self, owners: Iterable[str], assets: Iterable[str]) -> None:
        self._owners = frozenset(owners) | {OUTSIDE}
        self._assets = frozenset(assets)
        # Never changed in place: `apply` puts a new mapping in its stead, so that forks can share one.
        self._balances: dict[_Key, int] = {
            (owner, kind, asset): 0
            for owner in sorted(self._owners)
            for kind in KINDS
            for asset in sorted(self._assets)
        }
        self._last_number = 0

    @property
    def last_number(self) -> int:
        """The number of the last transfer posted, 0 for none: also the count of transfers posted."""
        return self._last_number

    @property
    def owners(self) -> tuple[str, ...]:
        """All owners, the outside world's included, in alphabetical order."""
        return tuple(sorted(self._owners))

    @property
    def assets(self) -> tuple[str, ...]:
        """All assets, in alphabetical order."""
        return tuple(sorted(self._assets))

    def numbered(self, transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
        """The same transfers with the numbers that this book will post next.

        Number a batch once, where it is made, and keep it so: numbering it anew before a second try would
        defeat the guard against posting twice.
        """
        return tuple(
            Transfer(
                source=transfer.source,
                target=transfer.target,
                asset=transfer.asset,
                amount=transfer.amount,
                memo=transfer.memo,
                number=number,
            )
            for number, transfer in enumerate(transfers, self._last_number + 1)
        )

    def apply(self, batch: Sequence[Transfer]) -> Posted | Refusal:
        """Post a batch, all or nothing; the only way in which a book changes.

        Transfers are judged in their order, so that a later one may spend what an earlier one brought. A
        refusal is an answer, not an exception, and leaves the book as it was.
        """
        if not batch:
            return Refusal(RefusalCause.EMPTY_BATCH, 0)
        balances = self._balances.copy()
        number = self._last_number
        for index, transfer in enumerate(batch):
            number += 1
            cause = self._post(transfer, number, balances)
            if cause is not None:
                return Refusal(cause, index)
        posted = Posted(self._last_number + 1, number)
        self._balances = balances
        self._last_number = number
        return posted

    def _post(self, transfer: Transfer, number: int, balances: dict[_Key, int]) -> RefusalCause | None:
        """Enter one transfer into `balances`, or say why not, checked in the order of RefusalCause."""
        amount, asset, source, target = transfer.amount, transfer.asset, transfer.source, transfer.target
        # `type`, not `isinstance`: True is an int to Python and 1.0 equals 1, and neither is an amount.
        if type(amount) is not int or type(transfer.number) is not int:
            return RefusalCause.NOT_AN_INTEGER
        if transfer.number != number:
            ahead = transfer.number > number
            return RefusalCause.NUMBER_AHEAD if ahead else RefusalCause.DUPLICATE_NUMBER
        if asset not in self._assets:
            return RefusalCause.UNKNOWN_ASSET
        source_key = (source.owner, source.kind, asset)
        target_key = (target.owner, target.kind, asset)
        if source_key not in balances or target_key not in balances:
            return RefusalCause.UNKNOWN_ACCOUNT
        if source_key == target_key:
            return RefusalCause.SAME_ACCOUNT
        if amount <= 0:
            return RefusalCause.AMOUNT_NOT_POSITIVE
        if amount > MAX_AMOUNT:
            return RefusalCause.AMOUNT_TOO_LARGE
        if balances[source_key] < amount and source != _BOTTOMLESS:
            return RefusalCause.INSUFFICIENT_FUNDS
        balances[source_key] -= amount
        balances[target_key] += amount
        return None

    def balance(self, owner: str, asset: str, kind: Kind = FREE) -> int:
        """What an account holds. Raises BrokenInvariant where the book has no such account."""
        try:
            return self._balances[owner, kind, asset]
        except KeyError:
            raise BrokenInvariant(f"the book has no account of {owner!r} ({kind}) in {asset!r}") from None

    def balances(self) -> tuple[Holding, ...]:
        """Every account and asset, those at zero too, ordered by owner, kind and asset."""
        return tuple(Holding(*key, amount) for key, amount in self._balances.items())

    def verify(self) -> None:
        """Raise BrokenInvariant unless every asset sums to zero and only the outside world is below zero."""
        sums = dict.fromkeys(self._assets, 0)
        for (owner, kind, asset), amount in self._balances.items():
            sums[asset] += amount
            if amount < 0 and (owner, kind) != (OUTSIDE, FREE):
                raise BrokenInvariant(f"{owner} ({kind}) holds {amount} of {asset}: below zero")
        for asset, total in sorted(sums.items()):
            if total:
                raise BrokenInvariant(f"{asset} sums to {total} over all accounts, not to 0")

    def digest(self) -> str:
        """Hexadecimal SHA-256 of all balances and the last number; equal books have equal digests."""
        return holdings_digest(self.balances(), self._last_number)

    def fork(self) -> "Book":
        """A book of its own with the same balances; constant time, whatever the size."""
        twin = object.__new__(type(self))
        twin._owners = self._owners
        twin._assets = self._assets
        twin._balances = self._balances
        twin._last_number = self._last_number
        return twin
