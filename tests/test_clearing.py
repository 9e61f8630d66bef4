"""The clearing of debts: against every fixed point that there is on small networks, and by hand where one can."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.errors import BrokenInvariant
from fivepenny.market.clearing import Due, Failure, clear_debts, share_out

NAMES = ("amber", "birch", "clay", "outside")
DEBTORS = NAMES[:3]


@st.composite
def debts(draw: st.DrawFn, most: int = 5, pence: int = 6, stale: bool = False) -> list[Due]:
    """Debts between three debtors and the outside world, which owes and is owed."""
    pairs = [(one, other) for one in NAMES for other in NAMES if one != other]
    rows = draw(st.lists(st.tuples(st.sampled_from(pairs), st.integers(1, pence)), max_size=most))
    old = draw(st.sets(st.sampled_from(DEBTORS))) if stale else set()
    return [Due(n, debtor, other, sum_, debtor in old) for n, ((debtor, other), sum_) in enumerate(rows, 1)]


MEANS = st.fixed_dictionaries({name: st.integers(0, 6) for name in DEBTORS})


def owed(due: list[Due], debtor: str) -> int:
    return sum(debt.pence for debt in due if debt.debtor == debtor)


def paid(due: list[Due], payments: dict[int, int], **who: str) -> int:
    return sum(payments[debt.number] for debt in due if all(getattr(debt, key) == name for key, name in who.items()))


def shares(due: list[Due], vector: dict[str, int]) -> dict[int, int]:
    """What each debt is paid where each debtor pays so much in all."""
    found: dict[int, int] = {}
    for debtor, pence in vector.items():
        own = [debt for debt in due if debt.debtor == debtor]
        found |= share_out(pence, own) if own else {}
    return found


# --- shares ---------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 500), min_size=1, max_size=9), st.data())
def test_a_sum_is_shared_whole_and_in_proportion(sizes: list[int], data: st.DataObject) -> None:
    own = [Due(number, "amber", "birch", pence) for number, pence in enumerate(sizes, 1)]
    pence = data.draw(st.integers(0, sum(sizes)))
    got = share_out(pence, own)
    assert sum(got.values()) == pence
    for debt in own:
        off = abs(got[debt.number] * sum(sizes) - pence * debt.pence)
        assert 0 <= got[debt.number] <= debt.pence
        assert off < (1 if len(sizes) <= 3 else 2) * sum(sizes)
    assert share_out(pence, own[::-1]) == got


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_a_penny_more_never_takes_from_anybody(sizes: list[int]) -> None:
    own = [Due(number, "amber", "birch", pence) for number, pence in enumerate(sizes, 1)]
    before = share_out(0, own)
    for pence in range(1, sum(sizes) + 1):
        after = share_out(pence, own)
        assert all(after[number] >= share for number, share in before.items())
        before = after
    assert before == {debt.number: debt.pence for debt in own}


# --- the greatest clearing vector -----------------------------------------------------------------------------


@settings(deadline=None)
@given(debts(stale=True), MEANS)
def test_it_is_the_greatest_of_all_fixed_points(due: list[Due], means: dict[str, int]) -> None:
    """Every vector of whole pence is tried; ours is one that fits, and none that fits pays anybody more."""
    payments = dict(clear_debts(due, [], means).payments_pence)
    ours = {name: paid(due, payments, debtor=name) for name in DEBTORS}
    outside = {"outside": owed(due, "outside")}
    fitting = []
    for sums in product(*(range(owed(due, name) + 1) for name in DEBTORS)):
        vector = dict(zip(DEBTORS, sums, strict=True)) | outside
        got = shares(due, vector)
        if all(
            vector[name] == min(owed(due, name), means[name] + paid(due, got, creditor=name))  # in full, or all
            for name in DEBTORS
        ):
            fitting.append(vector)
    assert ours | outside in fitting
    assert payments == shares(due, ours | outside)
    assert all(vector[name] <= ours[name] for vector in fitting for name in DEBTORS)


@given(debts(most=12, pence=90, stale=True), debts(most=6, pence=90), MEANS, st.randoms())
def test_nobody_pays_what_it_has_not_and_nothing_is_made_or_lost(
    due: list[Due], more: list[Due], means: dict[str, int], lot: Random
) -> None:
    later = [Due(debt.number + 100, debt.debtor, debt.creditor, debt.pence) for debt in more]
    cleared = clear_debts(due, later, means)
    payments = dict(cleared.payments_pence)
    failed = {failure.debtor for failure in cleared.failures}
    standing = due + [debt for debt in later if debt.debtor in failed]
    assert payments.keys() == {debt.number for debt in standing}
    assert all(0 <= payments[debt.number] <= debt.pence for debt in standing)
    for name in DEBTORS:
        had = means[name] + paid(standing, payments, creditor=name)
        pays, owes = paid(standing, payments, debtor=name), owed(standing, name)
        assert pays == min(had, owes)
        if pays < owes:
            assert name in failed or all(debt.stale for debt in standing if debt.debtor == name)
    assert all(payments[debt.number] == debt.pence for debt in standing if debt.debtor == "outside")
    shuffled, shuffled_later = list(due), list(later)
    lot.shuffle(shuffled)
    lot.shuffle(shuffled_later)
    assert clear_debts(shuffled, shuffled_later, dict(reversed(means.items()))) == cleared


@given(debts(most=10, pence=40), MEANS)
def test_a_first_failure_is_its_own_and_a_later_one_is_pulled_down(due: list[Due], means: dict[str, int]) -> None:
    cleared = clear_debts(due, [], means)
    rounds = {failure.debtor: failure for failure in cleared.failures}
    assert [item.round for item in cleared.failures] == sorted(item.round for item in cleared.failures)
    for name in DEBTORS:
        all_pay = means[name] + sum(debt.pence for debt in due if debt.creditor == name)
        assert (name in rounds and rounds[name].round == 1) == (all_pay < owed(due, name))
    for failure in cleared.failures:
        puller = rounds.get(failure.pulled_by)
        assert (failure.pulled_by == "") == (failure.round == 1)
        assert puller is None or puller.round < failure.round
        assert puller is None or any((d.debtor, d.creditor) == (puller.debtor, failure.debtor) for d in due)


# --- by hand --------------------------------------------------------------------------------------------------


def test_a_chain_falls_in_order() -> None:
    due = [Due(1, "birch", "clay", 100), Due(2, "amber", "birch", 100), Due(3, "clay", "outside", 90)]
    cleared = clear_debts(due, [], {"amber": 30, "birch": 0, "clay": 10})
    assert cleared.payments_pence == {1: 30, 2: 30, 3: 40}
    assert cleared.failures == (Failure("amber", 1, ""), Failure("birch", 2, "amber"), Failure("clay", 3, "birch"))


def test_debts_in_a_circle_are_paid_without_a_penny() -> None:
    due = [Due(1, "amber", "birch", 70), Due(2, "birch", "clay", 70), Due(3, "clay", "amber", 70)]
    cleared = clear_debts(due, [], dict.fromkeys(DEBTORS, 0))
    assert cleared.payments_pence == {1: 70, 2: 70, 3: 70} and not cleared.failures


def test_who_fails_owes_everything_at_once_and_creditors_share_alike() -> None:
    due, later = [Due(1, "amber", "birch", 60)], [Due(2, "amber", "clay", 30), Due(3, "clay", "birch", 10)]
    cleared = clear_debts(due, later, {"amber": 30, "birch": 0, "clay": 0})
    assert cleared.payments_pence == {1: 20, 2: 10} and cleared.failures == (Failure("amber", 1, ""),)


def test_what_is_called_in_can_pull_down_another() -> None:
    """Amber's creditors have to share with clay, whose loan was not due yet: now birch cannot pay."""
    due = [Due(1, "amber", "birch", 60), Due(2, "birch", "outside", 30)]
    means = {"amber": 30, "birch": 0, "clay": 0}
    assert [failure.debtor for failure in clear_debts(due, [], means).failures] == ["amber"]
    failures = clear_debts(due, [Due(3, "amber", "clay", 60)], means).failures
    assert failures == (Failure("amber", 1, ""), Failure("birch", 2, "amber"))


@pytest.mark.parametrize(("means", "paid_pence"), [(0, {1: 0, 2: 0}), (9, {1: 3, 2: 6}), (90, {1: 10, 2: 20})])
def test_what_is_unpaid_of_old_is_paid_as_far_as_it_goes_and_fails_nobody(
    means: int, paid_pence: dict[int, int]
) -> None:
    due = [Due(1, "amber", "birch", 10, stale=True), Due(2, "amber", "clay", 20, stale=True)]
    cleared = clear_debts(due, [Due(3, "amber", "clay", 5)], {"amber": means, "birch": 0, "clay": 0})
    assert cleared.payments_pence == paid_pence and not cleared.failures


@pytest.mark.parametrize(("pence", "ends"), [(20_000, True), (10**9, False)])
def test_a_circle_that_hardly_anything_leaves_ends_or_is_refused(pence: int, ends: bool) -> None:
    due = [Due(1, "amber", "birch", pence), Due(2, "birch", "amber", pence), Due(3, "amber", "clay", 1)]
    means = dict.fromkeys(DEBTORS, 0)
    if ends:
        payments = clear_debts(due, [], means).payments_pence
        assert payments[1] == payments[2] > 0 and payments[3] == 0
    else:
        with pytest.raises(BrokenInvariant):
            clear_debts([*due[:2], Due(3, "amber", "clay", 90)], [], means)


@pytest.mark.parametrize("odd", [Due(1, "amber", "clay", 5), Due(2, "amber", "amber", 5), Due(2, "amber", "clay", 0)])
def test_what_is_no_debt_is_not_cleared(odd: Due) -> None:
    for due, later in (([Due(1, "amber", "birch", 9), odd], []), ([Due(1, "amber", "birch", 9)], [odd])):
        with pytest.raises(BrokenInvariant):
            clear_debts(due, later, {"amber": 3})


def test_nothing_due_is_nothing_paid() -> None:
    cleared = clear_debts([], [Due(1, "amber", "birch", 10)], {"amber": 0, "birch": 0})
    assert not cleared.payments_pence and not cleared.failures
