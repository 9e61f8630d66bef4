"""What a seat is after, and what the Patron brought, is its own affair until an event tells: as in `test_secrets`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.aims import PATRON
from fivepenny.patron import with_patron
from fivepenny.scenario import Scenario
from fivepenny.world import Menu, Observation
from patrons import WANTS, chair
from test_secrets import first_difference, honest

FIVE = tuple(WANTS)
OTHER_WANTS = {
    "marrow": "purse_pence = 30000",
    "quill": "believed = 2",
    "vesper": "worth_pence = 9000",
    "brock": 'hold = "rye"\nunits = 3',
    "tansy": "honour = true",
}


def at_table(goal: str = "purse_pence = 17280", **wants: str) -> Scenario:
    """The table with the Patron, some wanting something else."""
    return with_patron(chair(goal, {**WANTS, **wants}))


def with_purse(play: Scenario, pence: int, shares: int) -> Scenario:
    """The same with more in the Patron's pockets."""
    seats = [
        seat.model_copy(
            update={
                "purse_pence": seat.purse_pence + pence,
                "stock": {"southsea": seat.stock["southsea"] + shares},
            }
        )
        if seat.name == PATRON
        else seat
        for seat in play.seats
    ]
    return play.model_copy(update={"seats": tuple(seats)})


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), owner=st.sampled_from(FIVE), watcher=st.sampled_from((*FIVE, PATRON)))
def test_a_want_is_secret(seed: int, owner: str, watcher: str) -> None:
    if owner != watcher:
        found = first_difference(at_table(), at_table(**{owner: OTHER_WANTS[owner]}), seed, watcher, honest)
        assert found is None or found[0] == "events"


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    watcher=st.sampled_from(FIVE),
    goal=st.sampled_from(['own = "coal"\nunits = 9', 'ruin = "brock"', "worth_pence = 18100"]),
)
def test_the_goal_is_secret(seed: int, watcher: str, goal: str) -> None:
    found = first_difference(at_table(), at_table(goal), seed, watcher, honest)
    assert found is None or found[0] == "events"


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    watcher=st.sampled_from(FIVE),
    pence=st.integers(1, 9_000),
    shares=st.integers(0, 20),
)
def test_what_the_patron_brought_is_secret(seed: int, watcher: str, pence: int, shares: int) -> None:
    found = first_difference(at_table(), with_purse(at_table(), pence, shares), seed, watcher, honest)
    assert found is None or found[0] == "events"


def leaky(scenario: Scenario, observation: Observation, menu: Menu) -> str:
    """The positive control: a builder that tells what everyone is after."""
    return honest(scenario, observation, menu) + str(scenario.aims)


def test_a_leaky_builder_is_caught() -> None:
    other = at_table(brock=OTHER_WANTS["brock"])
    assert first_difference(at_table(), other, 3, "tansy", leaky) == ("prompts", 0)


@pytest.mark.parametrize(
    ("other", "owner"), [(at_table(brock=OTHER_WANTS["brock"]), "brock"), (at_table("worth_pence = 18100"), PATRON)]
)
def test_the_owner_itself_sees_the_difference(other: Scenario, owner: str) -> None:
    assert first_difference(at_table(), other, 3, owner, honest) == ("prompts", 0)


def test_wants_do_come_out() -> None:
    """The property has something to look at: once reached, a want is public."""
    found = first_difference(at_table(), at_table(vesper="worth_pence = 15001"), 3, "tansy", honest)
    assert found is not None and found[0] == "events" and found[1] > 0
