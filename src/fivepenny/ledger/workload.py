"""A seeded workload of legal and illegal batches, by which the book and its auditor check one another.

Knows every way in which a batch can be wrong, and nothing of the market or of what a real season posts.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from fivepenny.errors import BrokenInvariant, CheckFailed
from fivepenny.ledger.auditor import Auditor
from fivepenny.ledger.book import Book
from fivepenny.ledger.transfers import (
    KINDS,
    MAX_AMOUNT,
    OUTSIDE,
    RESERVED,
    Account,
    Kind,
    Posted,
    Refusal,
    RefusalCause,
    Transfer,
)
from fivepenny.rng import stream

OWNERS: Final = ("amber", "birch", "cedar", "delft")
ASSETS: Final = ("pence", "rye", "share")
ROWS_MAX: Final = 6
FORK_EVERY_MOVES: Final = 16

Rows = list[Transfer]
_Trick = Callable[[random.Random, Book, Rows], Rows]


@dataclass(frozen=True, slots=True)
class WorkloadReport:
    """What a workload did: batches sent, batches and transfers posted, and the book's digest at the end.

    `refusals` counts by cause, and has every cause as a key.
    """

    seed: int
    moves: int
    batches_posted: int
    transfers_posted: int
    refusals: Mapping[RefusalCause, int]
    digest: str


def _account(chance: random.Random) -> Account:
    return Account(chance.choice((*OWNERS, OUTSIDE)), chance.choice(KINDS))


def _plain_rows(chance: random.Random, book: Book) -> Rows:
    """One to six numbered rows that are well formed, most of them affordable."""
    rows: Rows = []
    for _ in range(chance.randint(1, ROWS_MAX)):
        asset = chance.choice(ASSETS)
        source, target = chance.sample([Account(owner, kind) for owner in book.owners for kind in KINDS], 2)
        held = book.balance(source.owner, asset, source.kind)
        if held < 1:
            source, held = Account(OUTSIDE), 500
            target = Account(chance.choice(OWNERS), chance.choice(KINDS))
        rows.append(Transfer(source=source, target=target, asset=asset, amount=chance.randint(1, min(held, 500))))
    return list(book.numbered(rows))


def _spoil(**wrong: Callable[[random.Random, Transfer], Any]) -> _Trick:
    """A trick that changes fields of one row, chosen by chance."""

    def trick(chance: random.Random, book: Book, rows: Rows) -> Rows:
        place = chance.randrange(len(rows))
        row = rows[place]
        rows[place] = replace(row, **{name: make(chance, row) for name, make in wrong.items()})
        return rows

    return trick


def _overspend_by_one(chance: random.Random, book: Book, rows: Rows) -> Rows:
    """A first row that asks for exactly one more than its source holds."""
    owner, asset = chance.choice(OWNERS), chance.choice(ASSETS)
    amount = book.balance(owner, asset) + 1
    rows[0] = replace(rows[0], source=Account(owner), target=Account(owner, RESERVED), asset=asset, amount=amount)
    return rows


def _spend_everything(chance: random.Random, book: Book, rows: Rows) -> Rows:
    """A first row that asks for all that its source holds: allowed, unless that is nothing."""
    owner, asset = chance.choice(OWNERS), chance.choice(ASSETS)
    amount = book.balance(owner, asset)
    rows[0] = replace(rows[0], source=Account(owner), target=Account(owner, RESERVED), asset=asset, amount=amount)
    return rows


def _overdraw_outside(chance: random.Random, book: Book, rows: Rows) -> Rows:
    """The outside world gives without end, but what it has reserved ends as anyone's does."""
    kind: Kind = chance.choice(KINDS)
    asset, target = chance.choice(ASSETS), Account(chance.choice(OWNERS))
    amount = max(book.balance(OUTSIDE, asset, kind), 0) + chance.randint(1, 9)
    rows[0] = replace(rows[0], source=Account(OUTSIDE, kind), target=target, asset=asset, amount=amount)
    return rows


def _spend_what_comes(chance: random.Random, book: Book, rows: Rows) -> Rows:
    """Two rows that can be posted in one order only, in either order."""
    giver, spender = Account(OUTSIDE), Account(chance.choice(OWNERS))
    asset, gift = chance.choice(ASSETS), chance.randint(1, 50)
    held = book.balance(spender.owner, asset)
    pair = [
        Transfer(source=giver, target=spender, asset=asset, amount=gift),
        Transfer(source=spender, target=giver, asset=asset, amount=held + gift),
    ]
    if chance.random() < 0.5:
        pair.reverse()
    return list(book.numbered(pair))


def _empty(chance: random.Random, book: Book, rows: Rows) -> Rows:
    return []


def _honest(chance: random.Random, book: Book, rows: Rows) -> Rows:
    return rows


def _repeat_inside(chance: random.Random, book: Book, rows: Rows) -> Rows:
    return [*rows, chance.choice(rows)]


def _skip_number(chance: random.Random, book: Book, rows: Rows) -> Rows:
    place = chance.randrange(len(rows))
    rows[place] = replace(rows[place], number=book.last_number + place + 2)
    return rows


def _right_number_as_float(chance: random.Random, book: Book, rows: Rows) -> Rows:
    """Equal to the number that is due, and yet not an integer."""
    place = chance.randrange(len(rows))
    rows[place] = replace(rows[place], number=cast(int, float(book.last_number + place + 1)))
    return rows


TRICKS: Final[Sequence[_Trick]] = (
    *(_honest,) * 6,
    _spend_what_comes,
    _overspend_by_one,
    _spend_everything,
    _overdraw_outside,
    _empty,
    _repeat_inside,
    _skip_number,
    _right_number_as_float,
    _spoil(amount=lambda chance, row: -chance.randint(1, 9)),
    _spoil(amount=lambda chance, row: 0),
    _spoil(amount=lambda chance, row: MAX_AMOUNT + chance.choice((0, 1, MAX_AMOUNT**2))),
    _spoil(amount=lambda chance, row: MAX_AMOUNT, source=lambda chance, row: Account(OUTSIDE)),
    _spoil(amount=lambda chance, row: chance.choice((3.0, 0.5, float("nan"), True, "3", None))),
    _spoil(number=lambda chance, row: chance.choice((True, False, None, "1"))),
    _spoil(number=lambda chance, row: chance.choice((0, -1, 10**30))),
    _spoil(source=lambda chance, row: Account("nobody", chance.choice(KINDS))),
    _spoil(target=lambda chance, row: Account("Outside")),
    _spoil(target=lambda chance, row: Account(row.target.owner, cast(Kind, "promised"))),
    _spoil(asset=lambda chance, row: chance.choice(("gold", "Pence", ""))),
    _spoil(target=lambda chance, row: row.source),
    _spoil(source=lambda chance, row: _account(chance), target=lambda chance, row: _account(chance)),
    _spoil(amount=lambda chance, row: 700),
)


def _check(book: Book, auditor: Auditor, batch: Rows) -> Posted | Refusal:
    """Send one batch; raise unless book and auditor agree on the answer and on all balances."""
    expected = auditor.predict(batch)
    answer = book.apply(batch)
    if answer != expected:
        raise CheckFailed(f"the book answers {answer}, the auditor expects {expected}")
    if isinstance(answer, Posted):
        auditor.post(batch)
    auditor.compare(book.balances())
    book.verify()
    return answer


def run_workload(
    seed: int, moves: int, make_book: Callable[[Sequence[str], Sequence[str]], Book] = Book
) -> WorkloadReport:
    """Send `moves` batches made from the seed to a new book and to its auditor, side by side.

    A batch is honest, or spoilt by one or two tricks, or sent a second time; now and then it goes to a fork
    first, which must not touch the book. Raises CheckFailed at the first disagreement, with the move's number:
    the same seed brings it back. `make_book` lets a test put a faulty book in the place.
    """
    chance = stream(seed, "ledger workload")
    book, auditor = make_book(OWNERS, ASSETS), Auditor(OWNERS, ASSETS)
    refusals: Counter[RefusalCause] = Counter(dict.fromkeys(RefusalCause, 0))
    batches_posted = 0
    last_sent: Rows = []
    for move in range(moves):
        batch = list(last_sent) if chance.random() < 0.05 else _plain_rows(chance, book)
        for _ in range(chance.randint(1, 2) if batch else 0):
            batch = chance.choice(TRICKS)(chance, book, batch) if batch else batch
        if move % FORK_EVERY_MOVES == 0:
            book.fork().apply(batch)
        try:
            answer = _check(book, auditor, batch)
        except (CheckFailed, BrokenInvariant) as problem:
            raise CheckFailed(f"seed {seed}, move {move}: {problem}") from problem
        last_sent = batch
        if isinstance(answer, Refusal):
            refusals[answer.cause] += 1
        else:
            batches_posted += 1
    if book.digest() != auditor.digest():
        raise CheckFailed(f"after {moves} moves the book's digest is not the auditor's")
    return WorkloadReport(seed, moves, batches_posted, book.last_number, dict(refusals), book.digest())
