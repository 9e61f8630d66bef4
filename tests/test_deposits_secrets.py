"""What lies in whose name at a bank is between the two; what others can see of it, they see in events."""

from hypothesis import given, settings
from hypothesis import strategies as st

from banks import deposit
from fivepenny.scenario import Scenario
from quiet_tables import quiet_table
from test_secrets import first_difference, honest, leaky

SCENARIO = quiet_table("knickerbocker")[0]
HOLDERS = st.sampled_from([seat for seat in SCENARIO.seat_names if seat != "marrow"])


def with_deposit(holder: str, pence: int) -> Scenario:
    """The scenario in which this holder has so much with Marrow, whatever it has else."""
    others = tuple(item for item in SCENARIO.deposits if item.holder != holder)
    return SCENARIO.model_copy(update={"deposits": (*others, deposit(holder, pence, "marrow"))})


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    holder=HOLDERS | st.just("outside"),
    watcher=HOLDERS,
    pence=st.tuples(st.integers(1, 9_000), st.integers(1, 9_000)),
)
def test_a_deposit_is_secret(seed: int, holder: str, watcher: str, pence: tuple[int, int]) -> None:
    if holder == watcher:
        return
    found = first_difference(with_deposit(holder, pence[0]), with_deposit(holder, pence[1]), seed, watcher, honest)
    assert found is None or found[0] == "events"


def test_what_is_asked_for_aloud_is_no_secret_any_more() -> None:
    found = first_difference(with_deposit("outside", 9_000), with_deposit("outside", 12_000), 3, "tansy", honest)
    assert found is not None and found[0] == "events" and found[1] >= 1


def test_banker_and_holder_see_it_themselves() -> None:
    for watcher in ("marrow", "brock"):
        found = first_difference(with_deposit("brock", 500), with_deposit("brock", 900), 3, watcher, honest)
        assert found is not None


def test_a_leaky_builder_is_caught() -> None:
    seats = tuple(
        seat.model_copy(update={"purse_pence": 9}) if seat.name == "brock" else seat for seat in SCENARIO.seats
    )
    poorer = SCENARIO.model_copy(update={"seats": seats})
    assert first_difference(SCENARIO, poorer, 3, "tansy", leaky) == ("prompts", 0)
