"""What two agree on over a paper is theirs: its figures reach a third by events alone, and a purse stays secret."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.scenario import Scenario
from insolvents import deep_in_debt
from paper_towns import with_paper
from test_secrets import SCENARIO, SEATS, first_difference, honest, leaky, with_secret


def with_face(play: Scenario, place: int, more_pence: int) -> Scenario:
    """The same with another sum owed on one of its debts."""
    debts = list(play.debts)
    debts[place] = debts[place].model_copy(update={"owed_pence": debts[place].owed_pence + more_pence})
    return play.model_copy(update={"debts": tuple(debts)})


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), watcher=SEATS, place=st.integers(0, 11), pence=st.integers(1, 900))
def test_the_face_of_a_debt_is_secret(seed: int, watcher: str, place: int, pence: int) -> None:
    """To who neither owes it nor is owed it, until an event that it may see differs."""
    one = with_paper(deep_in_debt(seed % 8))
    if watcher in (one.debts[place].lender, one.debts[place].borrower):
        return
    found = first_difference(one, with_face(one, place, pence), seed, watcher, honest)
    assert found is None or found[0] == "events"


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), owner=SEATS, watcher=SEATS, pence=st.integers(1, 5_000))
def test_a_purse_is_secret_where_paper_is_traded(seed: int, owner: str, watcher: str, pence: int) -> None:
    if owner == watcher:
        return
    one = with_paper(deep_in_debt(seed % 8))
    other = with_secret(owner, pence, "coal", 0, one)
    found = first_difference(one, other, seed, watcher, honest)
    assert found is None or found[0] == "events"


def test_the_property_has_something_to_look_at() -> None:
    one = with_paper(deep_in_debt(3))
    watcher = next(n for n in one.seat_names if n not in (one.debts[0].lender, one.debts[0].borrower))
    found = first_difference(one, with_face(one, 0, 900), 3, watcher, honest)
    assert found is not None and found[0] == "events" and found[1] >= 1


def test_a_leaky_builder_is_caught() -> None:
    other = with_paper(with_secret("brock", 3_000, "coal", 0))
    assert first_difference(with_paper(SCENARIO), other, 3, "tansy", leaky) == ("prompts", 0)


@pytest.mark.parametrize("party", ["lender", "borrower"])
def test_its_parties_see_the_difference(party: str) -> None:
    one = with_paper(deep_in_debt(3))
    found = first_difference(one, with_face(one, 0, 900), 3, getattr(one.debts[0], party), honest)
    assert found is not None and found[1] == 0
