"""The clearing of debts with pledges: against every fixed point that there is on small networks, and by hand."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.errors import BrokenInvariant
from fivepenny.market.clearing import Due, clear_debts, share_out

DEBTORS = ("amber", "birch", "clay")
MEANS = st.fixed_dictionaries({name: st.integers(0, 6) for name in DEBTORS})


@st.composite
def pledged_debts(draw: st.DrawFn, most: int = 5, pence: int = 6) -> list[Due]:
    """Debts between three debtors and the outside world, some of them covered in part or whole."""
    names = (*DEBTORS, "outside")
    pairs = [(one, other) for one in DEBTORS for other in names if one != other]
    rows = draw(st.lists(st.tuples(st.sampled_from(pairs), st.integers(1, pence)), max_size=most))
    return [
        Due(number, debtor, creditor, sum_, secured_pence=draw(st.integers(0, sum_)))
        for number, ((debtor, creditor), sum_) in enumerate(rows, 1)
    ]


def owed(due: list[Due], debtor: str) -> int:
    return sum(debt.pence for debt in due if debt.debtor == debtor)


def bare(due: list[Due], debtor: str) -> list[Due]:
    """What pledges leave of a debtor's debts."""
    own = [debt for debt in due if debt.debtor == debtor]
    return [
        Due(debt.number, debtor, debt.creditor, debt.pence - debt.secured_pence)
        for debt in own
        if debt.pence > debt.secured_pence
    ]


def paying(due: list[Due], debtor: str, has_pence: int) -> dict[int, int]:
    """What a debtor with so much pays on each debt: all in full, or all it has on what its pledges leave."""
    own = [debt for debt in due if debt.debtor == debtor]
    if has_pence >= owed(due, debtor):
        return {debt.number: debt.pence for debt in own}
    left = bare(due, debtor)
    shares = share_out(min(has_pence, sum(debt.pence for debt in left)), left)
    return {debt.number: 0 for debt in own} | shares


@settings(deadline=None, max_examples=150)
@given(pledged_debts(), MEANS)
def test_it_is_the_greatest_of_all_fixed_points(due: list[Due], means: dict[str, int]) -> None:
    """Every sum that each debtor may have is tried: each that bears itself out, and none above ours."""
    ours = dict(clear_debts(due, [], means).payments_pence)
    most = {name: means[name] + sum(d.pence for d in due if d.creditor == name) for name in DEBTORS}
    fitting = []
    for sums in product(*(range(means[name], most[name] + 1) for name in DEBTORS)):
        has = dict(zip(DEBTORS, sums, strict=True))
        paid: dict[int, int] = {}
        for name in DEBTORS:
            paid |= paying(due, name, has[name])
        came = {name: means[name] + sum(paid[d.number] for d in due if d.creditor == name) for name in DEBTORS}
        if came == has:
            fitting.append(paid)
    assert ours in fitting
    assert all(paid[number] <= pence for paid in fitting for number, pence in ours.items())


@given(pledged_debts(most=12, pence=90), pledged_debts(most=5, pence=90), MEANS)
def test_nobody_gets_more_than_is_due_and_nothing_is_made_or_lost(
    due: list[Due], more: list[Due], means: dict[str, int]
) -> None:
    later = [Due(d.number + 100, d.debtor, d.creditor, d.pence, secured_pence=d.secured_pence) for d in more]
    cleared = clear_debts(due, later, means)
    failed = {failure.debtor for failure in cleared.failures}
    standing = [*due, *(debt for debt in later if debt.debtor in failed)]
    paid = cleared.payments_pence
    assert paid.keys() == {debt.number for debt in standing}
    for debt in standing:
        covered = debt.secured_pence if debt.debtor in failed else 0
        assert 0 <= paid[debt.number] <= debt.pence - covered
    for name in DEBTORS:
        had = means[name] + sum(paid[d.number] for d in standing if d.creditor == name)
        pays = sum(paid[d.number] for d in standing if d.debtor == name)
        due_pence = sum(d.pence for d in bare(standing, name)) if name in failed else owed(standing, name)
        assert pays == min(had, due_pence) if name in failed else pays == due_pence <= had


def test_pledges_come_first_and_the_rest_is_shared() -> None:
    due = [Due(1, "amber", "birch", 60, secured_pence=40), Due(2, "amber", "clay", 20)]
    cleared = clear_debts(due, [], {"amber": 20, "birch": 0, "clay": 0})
    assert cleared.payments_pence == {1: 10, 2: 10}
    assert clear_debts(due, [], {"amber": 80}).payments_pence == {1: 60, 2: 20}


def test_one_who_is_paid_in_goods_may_lack_the_coin() -> None:
    due = [Due(1, "amber", "birch", 60, secured_pence=60), Due(2, "birch", "clay", 50)]
    failures = clear_debts(due, [], {"amber": 0, "birch": 0, "clay": 0}).failures
    assert [(failure.debtor, failure.pulled_by) for failure in failures] == [("amber", ""), ("birch", "amber")]


@pytest.mark.parametrize("secured", [-1, 10])
def test_no_pledge_covers_more_than_the_debt(secured: int) -> None:
    with pytest.raises(BrokenInvariant):
        clear_debts([Due(1, "amber", "birch", 9, secured_pence=secured)], [], {"amber": 3})
