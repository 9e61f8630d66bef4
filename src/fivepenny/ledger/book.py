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
    Holding,
    Kind,
    Posted,
    Refusal,
    RefusalCause,
    Transfer,
    holdings_digest,
)

_Key = tuple[str, Kind, str]  # owner, kind, asset
_BOTTOMLESS: Final = (OUTSIDE, FREE)


class Book:
    """All balances of a season. Each asset sums to zero over all accounts, the outside world's included.

    `owners` and `assets` are fixed for the life of the book; the outside world is always one of the owners.
    Everything begins at zero: an opening balance is a transfer from outside.
    """

    __slots__ = ("_assets", "_balances", "_last_number", "_owners")

    def __init__(self, owners: Iterable[str], assets: Iterable[str]) -> None:
        self._owners = frozenset(owners) | {OUTSIDE}
        self._assets = frozenset(assets)
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
                number=number,
            )
            for number, transfer in enumerate(transfers, self._last_number + 1)
        )

    def apply(self, batch: Sequence[Transfer]) -> Posted | Refusal:
        """Post a numbered batch, all or nothing.

        Transfers are judged in their order, so that a later one may spend what an earlier one brought. A
        refusal is an answer, not an exception, and leaves the book as it was.
        """
        # What the batch changes stands aside until all of it is judged, so that its cost is its own size alone.
        changed: dict[_Key, int] = {}
        for index, transfer in enumerate(batch):
            cause = self._post(transfer, self._last_number + 1 + index, changed)
            if cause is not None:
                return Refusal(cause, index)
        outcome = self._close(len(batch), changed)
        return outcome if isinstance(outcome, Refusal) else Posted(outcome, self._last_number)

    def append(self, batch: Sequence[Transfer]) -> int | Refusal:
        """Number a batch and post it in one breath: the number of its first transfer, or the refusal.

        What it does is `apply(numbered(batch))`, for who keeps no numbers for a second try.
        """
        changed: dict[_Key, int] = {}
        for index, transfer in enumerate(batch):
            cause = self._enter(transfer, changed)
            if cause is not None:
                return Refusal(cause, index)
        return self._close(len(batch), changed)

    def _close(self, posted: int, changed: dict[_Key, int]) -> int | Refusal:
        """Take in what a batch of this many transfers changes: its first number. A book changes here alone."""
        if not posted:
            return Refusal(RefusalCause.EMPTY_BATCH, 0)
        self._balances.update(changed)
        self._last_number += posted
        return self._last_number - posted + 1

    def _post(self, transfer: Transfer, number: int, changed: dict[_Key, int]) -> RefusalCause | None:
        """Enter one transfer that has to bear this number, or say why not, checked in the order of RefusalCause."""
        # `type`, not `isinstance`: True is an int to Python and 1.0 equals 1, and neither is an amount.
        if type(transfer.amount) is not int or type(transfer.number) is not int:
            return RefusalCause.NOT_AN_INTEGER
        if transfer.number != number:
            ahead = transfer.number > number
            return RefusalCause.NUMBER_AHEAD if ahead else RefusalCause.DUPLICATE_NUMBER
        return self._enter(transfer, changed)

    def _enter(self, transfer: Transfer, changed: dict[_Key, int]) -> RefusalCause | None:
        """Enter one transfer into `changed`, whatever its number, or say why not."""
        amount, asset, source, target = transfer.amount, transfer.asset, transfer.source, transfer.target
        if type(amount) is not int:
            return RefusalCause.NOT_AN_INTEGER
        if asset not in self._assets:
            return RefusalCause.UNKNOWN_ASSET
        source_key = (source.owner, source.kind, asset)
        target_key = (target.owner, target.kind, asset)
        source_held, target_held = self._balances.get(source_key), self._balances.get(target_key)
        if source_held is None or target_held is None:
            return RefusalCause.UNKNOWN_ACCOUNT
        if source_key == target_key:
            return RefusalCause.SAME_ACCOUNT
        if amount <= 0:
            return RefusalCause.AMOUNT_NOT_POSITIVE
        if amount > MAX_AMOUNT:
            return RefusalCause.AMOUNT_TOO_LARGE
        have = changed.setdefault(source_key, source_held)
        if have < amount and (source.owner, source.kind) != _BOTTOMLESS:
            return RefusalCause.INSUFFICIENT_FUNDS
        changed[source_key] = have - amount
        changed[target_key] = changed.get(target_key, target_held) + amount
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
            if amount < 0 and (owner, kind) != _BOTTOMLESS:
                raise BrokenInvariant(f"{owner} ({kind}) holds {amount} of {asset}: below zero")
        for asset, total in sorted(sums.items()):
            if total:
                raise BrokenInvariant(f"{asset} sums to {total} over all accounts, not to 0")

    def digest(self) -> str:
        """Hexadecimal SHA-256 of all balances and the last number; equal books have equal digests."""
        return holdings_digest(self.balances(), self._last_number)

    def fork(self) -> "Book":
        """A book of its own with the same balances."""
        twin = object.__new__(type(self))
        twin._owners = self._owners
        twin._assets = self._assets
        twin._balances = self._balances.copy()
        twin._last_number = self._last_number
        return twin
