"""The book answers rightly and keeps its balance; its auditor catches every fault that is planted in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.errors import BrokenInvariant, CheckFailed
from fivepenny.ledger.auditor import Auditor
from fivepenny.ledger.book import Book
from fivepenny.ledger.transfers import (
    FREE,
    KINDS,
    MAX_AMOUNT,
    OUTSIDE,
    RESERVED,
    Account,
    Posted,
    Refusal,
    RefusalCause,
    Transfer,
)
from fivepenny.ledger.workload import run_workload

OWNERS = ("amber", "birch")
ASSETS = ("pence", "rye")
AMBER, BIRCH = Account("amber"), Account("birch")


def move(source: Account, target: Account, amount: Any, asset: str = "pence", number: int = 0) -> Transfer:
    return Transfer(source=source, target=target, asset=asset, amount=amount, number=number)


def opened() -> Book:
    """A book in which amber has 100 pence, posted as transfer 1."""
    book = Book(OWNERS, ASSETS)
    assert book.apply(book.numbered([move(Account(OUTSIDE), AMBER, 100)])) == Posted(1, 1)
    return book


def test_a_batch_moves_what_it_says() -> None:
    book = opened()
    batch = book.numbered([move(AMBER, BIRCH, 30), move(BIRCH, Account("birch", RESERVED), 10)])
    assert book.apply(batch) == Posted(2, 3)
    assert book.balance("amber", "pence") == 70
    assert book.balance("birch", "pence") == 20
    assert book.balance("birch", "pence", RESERVED) == 10
    assert book.balance(OUTSIDE, "pence") == -100
    book.verify()


@pytest.mark.parametrize(
    ("transfer", "cause"),
    [
        (move(AMBER, BIRCH, 3.0, number=3), RefusalCause.NOT_AN_INTEGER),
        (move(AMBER, BIRCH, True, number=3), RefusalCause.NOT_AN_INTEGER),
        (move(AMBER, BIRCH, float("nan"), number=3), RefusalCause.NOT_AN_INTEGER),
        (move(AMBER, BIRCH, "3", number=3), RefusalCause.NOT_AN_INTEGER),
        (move(AMBER, BIRCH, 3, number=3.0), RefusalCause.NOT_AN_INTEGER),  # type: ignore[arg-type]
        (move(AMBER, BIRCH, 3, number=0), RefusalCause.DUPLICATE_NUMBER),
        (move(AMBER, BIRCH, 3, number=2), RefusalCause.DUPLICATE_NUMBER),
        (move(AMBER, BIRCH, 3, number=4), RefusalCause.NUMBER_AHEAD),
        (move(AMBER, BIRCH, 3, asset="gold", number=3), RefusalCause.UNKNOWN_ASSET),
        (move(AMBER, Account("nobody"), 3, number=3), RefusalCause.UNKNOWN_ACCOUNT),
        (move(Account("nobody"), AMBER, 3, number=3), RefusalCause.UNKNOWN_ACCOUNT),
        (move(AMBER, Account("amber", "promised"), 3, number=3), RefusalCause.UNKNOWN_ACCOUNT),  # type: ignore[arg-type]
        (move(AMBER, AMBER, 3, number=3), RefusalCause.SAME_ACCOUNT),
        (move(AMBER, BIRCH, 0, number=3), RefusalCause.AMOUNT_NOT_POSITIVE),
        (move(AMBER, BIRCH, -3, number=3), RefusalCause.AMOUNT_NOT_POSITIVE),
        (move(Account(OUTSIDE), BIRCH, MAX_AMOUNT + 1, number=3), RefusalCause.AMOUNT_TOO_LARGE),
        (move(AMBER, BIRCH, 100, number=3), RefusalCause.INSUFFICIENT_FUNDS),
        (move(Account(OUTSIDE, RESERVED), BIRCH, 1, number=3), RefusalCause.INSUFFICIENT_FUNDS),
    ],
)
def test_a_bad_transfer_is_refused_by_name_with_its_place_and_nothing_moves(
    transfer: Transfer, cause: RefusalCause
) -> None:
    book = opened()
    before = book.digest()
    batch = [move(AMBER, BIRCH, 1, number=2), transfer, move(AMBER, BIRCH, 1, number=4)]
    assert book.apply(batch) == Refusal(cause, 1)
    assert book.digest() == before
    assert book.balance("birch", "pence") == 0


def test_the_largest_amount_and_the_last_penny_can_be_moved() -> None:
    book = opened()
    assert isinstance(book.apply(book.numbered([move(AMBER, BIRCH, 100)])), Posted)
    assert isinstance(book.apply(book.numbered([move(Account(OUTSIDE), BIRCH, MAX_AMOUNT)])), Posted)
    assert book.balance("birch", "pence") == MAX_AMOUNT + 100


def test_an_empty_batch_is_refused() -> None:
    assert opened().apply([]) == Refusal(RefusalCause.EMPTY_BATCH, 0)


def test_a_batch_is_judged_in_its_order() -> None:
    pay, pass_on = move(AMBER, BIRCH, 60), move(BIRCH, Account(OUTSIDE), 60)
    book = opened()
    assert book.apply(book.numbered([pass_on, pay])) == Refusal(RefusalCause.INSUFFICIENT_FUNDS, 0)
    assert isinstance(book.apply(book.numbered([pay, pass_on])), Posted)


def test_a_batch_sent_twice_is_posted_once() -> None:
    book = opened()
    batch = book.numbered([move(AMBER, BIRCH, 10), move(AMBER, BIRCH, 10)])
    assert isinstance(book.apply(batch), Posted)
    assert book.apply(batch) == Refusal(RefusalCause.DUPLICATE_NUMBER, 0)
    assert book.balance("birch", "pence") == 20


def test_a_refused_batch_uses_no_numbers() -> None:
    book = opened()
    assert isinstance(book.apply(book.numbered([move(AMBER, BIRCH, 500)])), Refusal)
    assert book.last_number == 1
    assert book.apply(book.numbered([move(AMBER, BIRCH, 5)])) == Posted(2, 2)


def test_forks_do_not_touch_one_another() -> None:
    book = opened()
    fork = book.fork()
    assert fork.digest() == book.digest()
    assert isinstance(fork.apply(fork.numbered([move(AMBER, BIRCH, 10)])), Posted)
    assert (book.balance("birch", "pence"), fork.balance("birch", "pence")) == (0, 10)
    assert isinstance(book.apply(book.numbered([move(AMBER, BIRCH, 7)])), Posted)
    assert (book.balance("birch", "pence"), fork.balance("birch", "pence")) == (7, 10)
    fork.verify()


def test_balances_are_complete_and_in_order_whatever_the_order_of_names() -> None:
    rows = [(holding.owner, holding.kind, holding.asset) for holding in opened().balances()]
    assert rows == sorted(rows) and len(rows) == 3 * len(KINDS) * 2
    assert Book(("birch", "amber"), ("rye", "pence")).digest() == Book(OWNERS, ASSETS).digest()


def test_the_digest_depends_on_every_holding_and_on_the_count() -> None:
    book = opened()
    seen = {book.digest()}
    for batch in ([move(AMBER, BIRCH, 1)], [move(BIRCH, AMBER, 1)], [move(AMBER, Account("amber", RESERVED), 1)]):
        assert isinstance(book.apply(book.numbered(batch)), Posted)
        seen.add(book.digest())
    assert len(seen) == 4


def test_an_unknown_account_has_no_balance() -> None:
    with pytest.raises(BrokenInvariant, match="nobody"):
        opened().balance("nobody", "pence")


@pytest.mark.parametrize(
    ("key", "amount", "complaint"),
    [(("birch", FREE, "pence"), 1, "pence sums to 1"), (("birch", FREE, "rye"), -1, "below zero")],
)
def test_verify_finds_books_that_were_tampered_with(key: tuple[Any, Any, str], amount: int, complaint: str) -> None:
    book = opened()
    book._balances[key] = amount
    with pytest.raises(BrokenInvariant, match=complaint):
        book.verify()


ROW = st.builds(
    move,
    st.builds(Account, st.sampled_from((*OWNERS, OUTSIDE, "nobody")), st.sampled_from(KINDS)),
    st.builds(Account, st.sampled_from((*OWNERS, OUTSIDE)), st.sampled_from(KINDS)),
    st.one_of(st.integers(-2, 40), st.sampled_from((True, 2.0, MAX_AMOUNT, MAX_AMOUNT + 1))),
    st.sampled_from((*ASSETS, *ASSETS, "gold")),
)


@given(st.lists(st.lists(ROW, max_size=5), max_size=12))
def test_book_and_auditor_agree_on_any_batches(batches: list[list[Transfer]]) -> None:
    book, auditor = Book(OWNERS, ASSETS), Auditor(OWNERS, ASSETS)
    for rows in batches:
        batch = book.numbered(rows)
        expected = auditor.predict(batch)
        assert book.apply(batch) == expected
        if isinstance(expected, Posted):
            auditor.post(batch)
        auditor.compare(book.balances())
        book.verify()
    assert book.digest() == auditor.digest()


def test_the_auditor_rejects_a_batch_that_cannot_have_been_posted() -> None:
    auditor = Auditor(OWNERS, ASSETS)
    auditor.post([move(Account(OUTSIDE), AMBER, 5, number=1)])
    assert auditor.balance(AMBER, "pence") == 5
    with pytest.raises(CheckFailed, match="insufficient funds at its transfer 0"):
        auditor.post([move(AMBER, BIRCH, 6, number=2)])
    with pytest.raises(CheckFailed, match="duplicate number"):
        auditor.post([move(AMBER, BIRCH, 5, number=1)])
    with pytest.raises(CheckFailed, match="number ahead"):
        auditor.post([move(AMBER, BIRCH, 5, number=3)])


def test_the_auditor_names_a_holding_that_differs_or_is_missing() -> None:
    book, auditor = opened(), Auditor(OWNERS, ASSETS)
    with pytest.raises(CheckFailed, match=r"amber.*100"):
        auditor.compare(book.balances())
    auditor.post([move(Account(OUTSIDE), AMBER, 100, number=1)])
    auditor.compare(book.balances())
    with pytest.raises(CheckFailed, match="17 holdings"):
        auditor.compare(book.balances()[:-1])


def test_the_workload_meets_every_cause_and_repeats_from_its_seed() -> None:
    report = run_workload(5, 2000)
    assert set(report.refusals) == set(RefusalCause)
    assert all(count >= 20 for count in report.refusals.values()), report.refusals
    assert report.batches_posted >= 200
    assert report.batches_posted + sum(report.refusals.values()) == report.moves == 2000
    assert run_workload(5, 2000) == report
    assert run_workload(6, 2000).digest != report.digest


class PostsTheSoundPart(Book):
    def apply(self, batch: Sequence[Transfer]) -> Posted | Refusal:
        answer = super().apply(batch)
        if isinstance(answer, Refusal) and answer.index:
            super().apply(batch[: answer.index])
        return answer


class NamesTheFirstRow(Book):
    def apply(self, batch: Sequence[Transfer]) -> Posted | Refusal:
        answer = super().apply(batch)
        return replace(answer, index=0) if isinstance(answer, Refusal) else answer


class MintsAPenny(Book):
    def _post(self, transfer: Transfer, number: int, balances: dict[Any, int]) -> RefusalCause | None:
        cause = super()._post(transfer, number, balances)
        if cause is None and transfer.amount > 400:
            balances[transfer.target.owner, transfer.target.kind, transfer.asset] += 1
        return cause


class SharesItsForks(Book):
    def fork(self) -> Book:
        return self


class SpendsOneTooMuch(Book):
    def _post(self, transfer: Transfer, number: int, balances: dict[Any, int]) -> RefusalCause | None:
        cause = super()._post(transfer, number, balances)
        key = (transfer.source.owner, transfer.source.kind, transfer.asset)
        if cause is RefusalCause.INSUFFICIENT_FUNDS and balances[key] + 1 == transfer.amount:
            return None
        return cause


def forgiving(forgiven: RefusalCause) -> type[Book]:
    """A book that lets one kind of fault pass."""

    class Forgiving(Book):
        def _post(self, transfer: Transfer, number: int, balances: dict[Any, int]) -> RefusalCause | None:
            cause = super()._post(transfer, number, balances)
            return None if cause is forgiven else cause

    return Forgiving


@pytest.mark.parametrize(
    "faulty",
    [
        PostsTheSoundPart,
        NamesTheFirstRow,
        MintsAPenny,
        SharesItsForks,
        SpendsOneTooMuch,
        *(forgiving(cause) for cause in RefusalCause if cause is not RefusalCause.EMPTY_BATCH),
    ],
)
def test_the_workload_catches_a_faulty_book(faulty: type[Book]) -> None:
    with pytest.raises(CheckFailed, match=r"seed 5, move \d+: "):
        run_workload(5, 2000, faulty)
