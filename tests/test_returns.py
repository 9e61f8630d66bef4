"""Returns of daily prices: gaps, kurtosis and autocorrelation against their definitions, and the verdicts on them."""

from itertools import permutations
from math import exp, log
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.arena.returns import (
    FEWEST,
    Prices,
    autocorrelation,
    daily_prices,
    excess_kurtosis,
    log_returns,
    pairs_apart,
    shuffled_correlations,
    shuffled_range,
)
from fivepenny.arena.returns_table import (
    KURTOSIS,
    MEASURES,
    MEMORY,
    SIZE_MEMORIES,
    UNCHANGED,
    WITHOUT_PRICE,
    Measured,
    measure_prices,
    summarise,
)
from fivepenny.clock import Beat
from fivepenny.events import Body, Event

PRICES = st.lists(st.none() | st.integers(1, 500), min_size=1, max_size=60).map(tuple)


def priced(returns: list[float]) -> Prices:
    """Prices in hundredths of a penny or so, whose returns are close to these."""
    prices = [10_000_000]
    for value in returns:
        prices.append(round(prices[-1] * exp(value)))
    return tuple(prices)


def season(*days: list[Body]) -> list[Event]:
    bodies: list[tuple[int, Body]] = [(1, hap.SeasonOpened(1, "small", ("amber",), ("rye", "coal"), (10, 20)))]
    bodies += [(day, body) for day, found in enumerate(days, 1) for body in found]
    return [Event(number, day, Beat.DUSK, ("*",), body) for number, (day, body) in enumerate(bodies, 1)]


def cleared(good: str, price_pence: int | None, volume: int) -> hap.Cleared:
    return hap.Cleared(good, price_pence, volume, (), (), (), ())


# --- prices and returns ----------------------------------------------------------------------------------------


def test_a_day_without_trade_has_no_price() -> None:
    events = season(
        [cleared("rye", 10, 2), cleared("coal", None, 0)],
        [cleared("rye", None, 0), cleared("coal", None, 0)],
        [cleared("rye", 12, 1), cleared("coal", 7, 1)],
    )
    assert daily_prices(events) == {"rye": (10, None, 12), "coal": (None, None, 7)}


def test_no_return_leads_into_a_gap_out_of_it_or_over_it() -> None:
    assert log_returns((10, 20, None, 40, 40)) == [log(2), None, None, 0]
    assert log_returns((10,)) == []


@given(PRICES)
def test_returns_add_up_between_gaps(prices: Prices) -> None:
    returns = log_returns(prices)
    assert len(returns) == len(prices) - 1
    for day, value in enumerate(returns):
        before, after = prices[day], prices[day + 1]
        assert (value is None) == (before is None or after is None)
        if value is not None and before is not None:
            assert before * exp(value) == pytest.approx(after)


# --- estimates -------------------------------------------------------------------------------------------------


def test_kurtosis_by_hand() -> None:
    # 1, 2, 3, 4, 10: mean 4, squares 9 + 4 + 1 + 0 + 36 = 50, fourth powers 81 + 16 + 1 + 0 + 1296 = 1394;
    # m4 / m2^2 - 3 = 278.8 / 100 - 3 = -0.212; (4 / (3 * 2)) * (6 * -0.212 + 6) = 3.152.
    assert excess_kurtosis([1, 2, 3, 4, 10]) == pytest.approx(3.152)
    # Two points of equal weight have the least there is: g2 = -2, and with n = 4: 3 / 2 * (5 * -2 + 6) = -6.
    assert excess_kurtosis([-1, -1, 1, 1]) == pytest.approx(-6)
    assert excess_kurtosis([1, 2, 3]) is None
    assert excess_kurtosis([2, 2, 2, 2, 2]) is None


def test_kurtosis_of_known_distributions() -> None:
    chance = Random(3)
    assert excess_kurtosis([chance.gauss(0, 2) for _ in range(20_000)]) == pytest.approx(0, abs=0.15)
    assert excess_kurtosis([chance.random() for _ in range(20_000)]) == pytest.approx(-1.2, abs=0.1)
    # Normal values in samples of eight: no bias, where the plain moment ratio would give -0.86 or so.
    small = [excess_kurtosis([chance.gauss(0, 1) for _ in range(8)]) or 0.0 for _ in range(8_000)]
    assert fmean(small) == pytest.approx(0, abs=0.1)


def test_autocorrelation_by_hand() -> None:
    # 1, 2, 3, 6: mean 3, deviations -2, -1, 0, 3, variance 14 / 4; products at lag 1: 2, 0, 0; at lag 2: 0, -3.
    values = [1.0, 2.0, 3.0, 6.0]
    assert autocorrelation(values, pairs_apart(values, 1)) == pytest.approx((2 / 3) / 3.5)
    assert autocorrelation(values, pairs_apart(values, 2)) == pytest.approx((-3 / 2) / 3.5)
    assert autocorrelation(values, pairs_apart(values, 4)) is None
    assert autocorrelation([5.0] * 6, pairs_apart([5.0] * 6, 1)) is None


def test_pairs_lie_as_far_apart_as_they_say_and_leave_gaps_out() -> None:
    returns = [0.1, None, 0.2, 0.3, None, 0.4]
    assert pairs_apart(returns, 1) == [(1, 2)]
    assert pairs_apart(returns, 2) == [(0, 1), (2, 3)]
    assert pairs_apart(returns, 3) == [(0, 2), (1, 3)]


def test_autocorrelation_of_a_series_that_remembers() -> None:
    chance = Random(4)
    values = [0.0]
    for _ in range(20_000):
        values.append(0.5 * values[-1] + chance.gauss(0, 1))
    gappy = [value if chance.random() < 0.6 else None for value in values]
    there = [value for value in gappy if value is not None]
    assert autocorrelation(there, pairs_apart(gappy, 1)) == pytest.approx(0.5, abs=0.04)
    assert autocorrelation(there, pairs_apart(gappy, 3)) == pytest.approx(0.125, abs=0.04)


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=5), st.integers(0, 2**32))
def test_a_shuffle_is_one_of_the_orders_of_the_same_values(values: list[float], seed: int) -> None:
    if max(values) - min(values) < 1e-3:
        return
    pairs = pairs_apart(values, 1)
    possible = [autocorrelation(order, pairs) for order in permutations(values)]
    for drawn in shuffled_correlations(values, pairs, 5, Random(seed)):
        assert any(drawn == pytest.approx(each, abs=1e-6) for each in possible)


def test_shuffles_average_what_independence_gives() -> None:
    values = [float(place) for place in range(11)]
    drawn = shuffled_correlations(values, pairs_apart(values, 1), 20_000, Random(5))
    assert fmean(drawn) == pytest.approx(-1 / 10, abs=0.01)  # over all orders the mean is exactly -1 / (n - 1)


def test_the_shuffled_range_is_that_of_the_means_over_seasons() -> None:
    rising = [float(place) for place in range(101)]
    assert shuffled_range([rising, rising[::-1]]) == pytest.approx((50, 50))
    assert shuffled_range([rising]) == pytest.approx((2.5, 97.5))
    assert shuffled_range([]) is None


# --- measures of a season and their verdicts -------------------------------------------------------------------


def normal_returns(seed: int, days: int = 200) -> list[float]:
    chance = Random(seed)
    return [chance.gauss(0, 0.03) for _ in range(days)]


def remembering(seed: int) -> list[float]:
    """Returns half of which is the one before."""
    found = [0.0]
    for value in normal_returns(seed):
        found.append(0.5 * found[-1] + value)
    return found


def clustered(seed: int) -> list[float]:
    """Calm and wild spells of forty days each, in turn: fat tails, and large returns near large ones."""
    return [value * (3 if (day // 40) % 2 else 0.5) for day, value in enumerate(normal_returns(seed))]


def verdicts(seasons: list[list[float]]) -> dict[str, str]:
    measured = [measure_prices(priced(returns), seed) for seed, returns in enumerate(seasons)]
    return {name: summarise(name, [each[name] for each in measured]).verdict for name in MEASURES}


def test_independent_normal_returns_show_no_fat_tails_and_no_memory() -> None:
    found = verdicts([normal_returns(seed) for seed in range(8)])
    assert found[MEMORY] == "yes"
    assert {found[KURTOSIS], *(found[name] for name in SIZE_MEMORIES.values())} == {"not shown"}
    assert found[WITHOUT_PRICE] == found[UNCHANGED] == ""


def test_clustered_returns_show_every_fact() -> None:
    found = verdicts([clustered(seed) for seed in range(8)])
    assert {found[KURTOSIS], found[MEMORY], *(found[name] for name in SIZE_MEMORIES.values())} == {"yes"}


def test_memory_is_told_with_its_sign() -> None:
    assert verdicts([remembering(seed) for seed in range(8)])[MEMORY] == "no, it is higher"
    turning = [[value * (-1) ** day for day, value in enumerate(remembering(seed))] for seed in range(8)]
    assert verdicts(turning)[MEMORY] == "no, it is lower"


def test_too_little_cannot_be_said() -> None:
    found = measure_prices(priced(normal_returns(1, FEWEST - 1)), 1)
    assert found[KURTOSIS] == found[MEMORY] == Measured(None)
    assert measure_prices(priced(normal_returns(1, FEWEST)), 1)[KURTOSIS].value is not None
    assert summarise(MEMORY, [found[MEMORY]] * 4).verdict == "cannot be said"
    assert summarise(KURTOSIS, [Measured(3.0)]).verdict == "cannot be said"


def test_the_shares_of_days_by_hand() -> None:
    found = measure_prices((10, 10, None, 10, 11, 11, 11, None), 1)
    assert found[WITHOUT_PRICE].value == 2 / 8
    assert found[UNCHANGED].value == 3 / 4
    assert measure_prices((None, None), 1)[UNCHANGED].value is None
    with pytest.raises(ValueError, match="cleared"):
        measure_prices((), 1)
