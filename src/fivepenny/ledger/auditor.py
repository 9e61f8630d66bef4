"""An independent second opinion on the book.

The auditor shares with the book only the words of `transfers`: it keeps totals of what came in and what
went out instead of balances, judges a batch by its rows first and by running totals afterwards, and so
foretells the book's answer by another road. It never sees a `Book`: it is fed batches, and compared with what
a book states.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

from fivepenny.errors import CheckFailed
from fivepenny.ledger.transfers import (
    KINDS,
    MAX_AMOUNT,
    OUTSIDE,
    Account,
    Holding,
    Posted,
    Refusal,
    RefusalCause,
    Transfer,
    holdings_digest,
)

_Place = tuple[str, Account]  # asset, account


class Auditor:
    """Recomputes all balances from batches, and foretells what the book must answer to any batch."""

    def __init__(self, owners: Iterable[str], assets: Iterable[str]) -> None:
        self._accounts = {Account(owner, kind) for owner in {OUTSIDE, *owners} for kind in KINDS}
        self._assets = set(assets)
        self._came_in: Counter[_Place] = Counter()
        self._went_out: Counter[_Place] = Counter()
        self._rows_posted = 0

    def predict(self, batch: Sequence[Transfer]) -> Posted | Refusal:
        """The answer that a right book gives to this batch now."""
        if len(batch) == 0:
            return Refusal(RefusalCause.EMPTY_BATCH, 0)
        flaw = None
        sound = len(batch)
        for index, row in enumerate(batch):
            cause = self._flaw(row, self._rows_posted + index + 1)
            if cause is not None:
                flaw, sound = Refusal(cause, index), index
                break
        overspent = self._first_overspent(batch[:sound])
        if overspent is not None:
            return Refusal(RefusalCause.INSUFFICIENT_FUNDS, overspent)
        return flaw or Posted(self._rows_posted + 1, self._rows_posted + len(batch))

    def _flaw(self, row: Transfer, due_number: int) -> RefusalCause | None:
        """What is wrong with a row by itself, whatever anyone holds: the first in the causes' order."""
        for figure in (row.amount, row.number):
            if isinstance(figure, bool) or not isinstance(figure, int):
                return RefusalCause.NOT_AN_INTEGER
        flaws = {
            RefusalCause.DUPLICATE_NUMBER: row.number < due_number,
            RefusalCause.NUMBER_AHEAD: row.number > due_number,
            RefusalCause.UNKNOWN_ASSET: row.asset not in self._assets,
            RefusalCause.UNKNOWN_ACCOUNT: not {row.source, row.target} <= self._accounts,
            RefusalCause.SAME_ACCOUNT: row.source == row.target,
            RefusalCause.AMOUNT_NOT_POSITIVE: row.amount < 1,
            RefusalCause.AMOUNT_TOO_LARGE: row.amount > MAX_AMOUNT,
        }
        return next((cause for cause in RefusalCause if flaws.get(cause)), None)

    def _first_overspent(self, rows: Sequence[Transfer]) -> int | None:
        """Index of the first row that leaves its source below zero, by the running total of each place."""
        movements: defaultdict[_Place, list[tuple[int, int]]] = defaultdict(list)
        for index, row in enumerate(rows):
            movements[row.asset, row.source].append((index, -row.amount))
            movements[row.asset, row.target].append((index, row.amount))
        found: list[int] = []
        for place, changes in movements.items():
            if place[1] == Account(OUTSIDE):
                continue
            totals = accumulate((change for _, change in changes), initial=self._held(place))
            next(totals)
            found += [index for (index, _), total in zip(changes, totals, strict=True) if total < 0][:1]
        return min(found, default=None)

    def post(self, batch: Sequence[Transfer]) -> None:
        """Take in a batch that was posted. Raises CheckFailed where it should have been refused."""
        expected = self.predict(batch)
        if isinstance(expected, Refusal):
            raise CheckFailed(
                f"a batch after transfer {self._rows_posted} was posted but should have been refused: "
                f"{expected.cause} at its transfer {expected.index}"
            )
        for row in batch:
            self._went_out[row.asset, row.source] += row.amount
            self._came_in[row.asset, row.target] += row.amount
        self._rows_posted = expected.last_number

    def balance(self, account: Account, asset: str) -> int:
        """What an account must hold now: 0 for one that nothing has touched."""
        return self._held((asset, account))

    def _held(self, place: _Place) -> int:
        return self._came_in[place] - self._went_out[place]

    def holdings(self) -> tuple[Holding, ...]:
        """Every account and asset as recomputed, ordered by owner, kind and asset."""
        return tuple(
            Holding(account.owner, account.kind, asset, self._held((asset, account)))
            for account in sorted(self._accounts, key=lambda account: (account.owner, account.kind))
            for asset in sorted(self._assets)
        )

    def digest(self) -> str:
        """What `Book.digest` must be now."""
        return holdings_digest(self.holdings(), self._rows_posted)

    def compare(self, stated: Sequence[Holding]) -> None:
        """Raise CheckFailed, naming the first difference, unless these are the recomputed holdings."""
        recomputed = self.holdings()
        for mine, theirs in zip(recomputed, stated, strict=False):
            if mine != theirs:
                raise CheckFailed(f"the books state {theirs}, the auditor recomputes {mine}")
        if len(recomputed) != len(stated):
            raise CheckFailed(f"the books state {len(stated)} holdings, the auditor knows {len(recomputed)}")
