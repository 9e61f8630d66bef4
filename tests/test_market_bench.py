"""`bench market`: markets small enough to be worked out by hand, two institutions for the same traders, the tables."""

from math import sqrt
from random import Random
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.arena import market_bench, returns_table
from fivepenny.arena.continuous import continuous_period
from fivepenny.arena.market_bench import INSTITUTIONS, PERIODS, PUBLISHED, bench_market, smith_coefficient
from fivepenny.arena.returns_table import MEASURES
from fivepenny.arena.schedules import SCHEDULES
from fivepenny.errors import WrongUse
from fivepenny.market.efficiency import (
    VALUE_MAX_PENCE,
    Period,
    Trader,
    call_period,
    equilibrium,
    possible_surplus_pence,
    random_quote_pence,
    split_worths,
)

WORTHS = st.lists(st.integers(1, VALUE_MAX_PENCE), min_size=1, max_size=4)
TRADERS = st.lists(st.builds(Trader, st.booleans(), WORTHS.map(tuple)), min_size=1, max_size=8)


class Scripted(Random):
    """Chance that chooses these traders and draws these prices, in this order."""

    def __init__(self, *drawn: tuple[int, int]) -> None:
        super().__init__(0)
        self.drawn = list(drawn)

    def choice(self, seq: Any) -> Any:
        assert self.drawn[0][0] in seq
        return self.drawn[0][0]

    def randint(self, a: int, b: int) -> int:
        price_pence = self.drawn.pop(0)[1]
        assert a <= price_pence <= b
        return price_pence


# --- where demand and supply meet ------------------------------------------------------------------------------


@given(WORTHS, WORTHS)
def test_the_equilibrium_is_where_nobody_at_the_margin_would_change_his_mind(
    values: list[int], costs: list[int]
) -> None:
    if min(costs) >= max(values):
        with pytest.raises(WrongUse):
            equilibrium(values, costs)
        return
    found = equilibrium(values, costs)
    # At a price p those above it must buy and those at it may; the same of sellers: can the two be equal?
    clearing = [
        price
        for price in range(1, VALUE_MAX_PENCE + 1)
        if sum(value > price for value in values) <= sum(cost <= price for cost in costs)
        and sum(cost < price for cost in costs) <= sum(value >= price for value in values)
    ]
    assert (found.low_pence, found.high_pence) == (clearing[0], clearing[-1])
    assert len(clearing) == clearing[-1] - clearing[0] + 1
    gains = sorted(values, reverse=True)[: found.volume], sorted(costs)[: found.volume]
    assert sum(gains[0]) - sum(gains[1]) == possible_surplus_pence(values, costs)


def test_the_five_markets_are_those_that_the_paper_describes() -> None:
    by_name = {schedule.name: schedule for schedule in SCHEDULES}
    assert (by_name["2"].price_pence, by_name["4"].price_pence) == (69, 170)
    volumes = {name: equilibrium(*split_worths(each.traders)).volume for name, each in by_name.items()}
    assert (volumes["1"], volumes["3"]) == (24, 6)
    for schedule in SCHEDULES:
        assert [sum(trader.buys is side for trader in schedule.traders) for side in (True, False)] == [6, 6]


@pytest.mark.parametrize(("name", "percent"), [("1", 90.0), ("2", 90.0), ("3", 76.7), ("4", 48.8), ("5", 86.7)])
def test_without_a_budget_every_unit_trades_and_gives_the_published_efficiency(name: str, percent: float) -> None:
    # Published: 90.0, 90.0, 76.7, 48.8 and 86.0; the reading of the fifth is known to be rough.
    schedule = next(schedule for schedule in SCHEDULES if schedule.name == name)
    values, costs = split_worths(schedule.traders)
    assert len(values) == len(costs)
    assert 100 * (sum(values) - sum(costs)) / schedule.possible_pence == pytest.approx(percent, abs=0.05)


# --- the two institutions --------------------------------------------------------------------------------------


@given(TRADERS, st.integers(0, 9), st.integers(0, 2**32))
def test_no_institution_realises_more_than_is_possible_and_nobody_loses(
    traders: list[Trader], length: int, seed: int
) -> None:
    possible_pence = possible_surplus_pence(*split_worths(traders))
    for period in (
        call_period(traders, length, 100, Random(seed)),
        continuous_period(traders, 12 * length, Random(seed)),
    ):
        assert 0 <= period.surplus_pence <= possible_pence
        assert len(period.prices_pence) <= min(map(len, split_worths(traders)))
        assert all(1 <= price <= VALUE_MAX_PENCE for price in period.prices_pence)


@given(TRADERS, st.integers(0, 6), st.integers(0, 2**32))
def test_a_longer_period_begins_as_the_shorter_one(traders: list[Trader], length: int, seed: int) -> None:
    short, long = (call_period(traders, calls, 100, Random(seed)) for calls in (length, length + 3))
    assert long.prices_pence[: len(short.prices_pence)] == short.prices_pence
    assert long.surplus_pence >= short.surplus_pence
    short, long = (continuous_period(traders, 6 * quotes, Random(seed)) for quotes in (length, length + 3))
    assert long.prices_pence[: len(short.prices_pence)] == short.prices_pence


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 2**32))
def test_a_single_pair_trades_once_between_its_worths_or_not_at_all(value: int, cost: int, seed: int) -> None:
    pair = [Trader(True, (value,)), Trader(False, (cost,))]
    for period in (call_period(pair, 30, 100, Random(seed)), continuous_period(pair, 60, Random(seed))):
        if period.prices_pence:
            assert len(period.prices_pence) == 1
            assert cost <= period.prices_pence[0] <= value
            assert period.surplus_pence == value - cost
        else:
            assert period.surplus_pence == 0


def test_a_pair_with_room_to_trade_trades_in_the_end() -> None:
    pair = [Trader(True, (VALUE_MAX_PENCE,)), Trader(False, (1,))]
    assert call_period(pair, 60, 100, Random(1)).surplus_pence == VALUE_MAX_PENCE - 1
    assert continuous_period(pair, 120, Random(1)).surplus_pence == VALUE_MAX_PENCE - 1


@given(st.integers(1, 200), st.booleans(), st.integers(0, 2**32))
def test_a_quote_loses_nothing(worth: int, buys: bool, seed: int) -> None:
    quote = random_quote_pence(Trader(buys, (1, worth)), 1, Random(seed))
    assert 1 <= quote <= worth if buys else worth <= quote <= VALUE_MAX_PENCE


def test_the_continuous_auction_keeps_the_rules_that_it_states() -> None:
    traders = [Trader(True, (150, 120)), Trader(True, (140,)), Trader(False, (20, 60)), Trader(False, (50,))]
    period = continuous_period(
        traders,
        8,
        Scripted(
            (0, 70),
            (1, 60),  # lower than the bid that stands: changes nothing
            (2, 90),
            (3, 80),  # a better ask
            (1, 100),  # crosses, at the ask's 80
            (2, 70),  # the bid of 70 was cancelled, so this ask only stands
            (0, 70),  # matches, at 70
            (0, 110),  # for the second unit
        ),
    )
    assert period == Period((80, 70), (140 - 50) + (150 - 20))


def test_the_earlier_quote_makes_the_price_on_either_side() -> None:
    pair = [Trader(True, (100,)), Trader(False, (10,))]
    assert continuous_period(pair, 2, Scripted((0, 90), (1, 30))).prices_pence == (90,)
    assert continuous_period(pair, 2, Scripted((1, 30), (0, 90))).prices_pence == (30,)


def test_a_period_ends_where_one_side_has_traded_all() -> None:
    traders = [Trader(True, (100,)), Trader(False, (10, 20))]
    assert continuous_period(traders, 9, Scripted((0, 90), (1, 30))).prices_pence == (90,)
    assert continuous_period([Trader(False, (1,))] * 3, 9, Scripted()) == Period((), 0)


def test_units_are_traded_in_their_order() -> None:
    # Whatever the quotes, the k-th unit traded is the k-th of the list: the gains tell which were.
    traders = [Trader(True, (180, 170, 20)), Trader(False, (1,)), Trader(False, (2,))]
    surplus = {call_period(traders, 50, 100, Random(seed)).surplus_pence for seed in range(20)}
    assert surplus == {180 + 170 - 1 - 2}


def test_zero_intelligence_nears_the_published_efficiency_in_a_long_continuous_period() -> None:
    for schedule in SCHEDULES:
        chance = Random(7)
        share = fmean(continuous_period(schedule.traders, 2000, chance).surplus_pence for _ in range(12))
        assert 100 * share / schedule.possible_pence == pytest.approx(schedule.published_percent, abs=2)


# --- Smith's coefficient ---------------------------------------------------------------------------------------


def test_smiths_coefficient_by_hand() -> None:
    assert smith_coefficient([90, 110, 100, 100], 100) == pytest.approx(sqrt(50))
    assert smith_coefficient([3, 3], 2) == pytest.approx(50)
    assert smith_coefficient([7, 7, 7], 7) == 0
    assert smith_coefficient([], 7) is None


@given(st.lists(st.integers(1, 200), min_size=1, max_size=9), st.integers(1, 200), st.integers(2, 9))
def test_smiths_coefficient_knows_no_unit(prices: list[int], price: int, factor: int) -> None:
    found = smith_coefficient(prices, price)
    assert found is not None
    assert smith_coefficient([factor * each for each in prices], factor * price) == pytest.approx(found)
    assert found >= 100 * abs(fmean(prices) - price) / price - 1e-9


# --- the bench -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """A small run: three seeds, seasons of forty days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(market_bench, "CALLS", (1, 4, 16))
        patch.setattr(market_bench, "CONVERGENCE_CALLS", (4, 16))
        patch.setattr(returns_table, "SHUFFLES", 40)
        return bench_market(3, 40)


def test_bench_market_sets_two_institutions_beside_the_published_figures(found: dict[str, Any]) -> None:
    efficiency, _, _ = found["tables"].values()
    assert [row[PUBLISHED] for row in efficiency[::3]] == [99.9, 99.2, 99.0, 98.2, 97.1]
    by_calls = {(row["market"], row["calls"]): row for row in efficiency}
    assert len(by_calls) == len(efficiency) == 15
    for institution in INSTITUTIONS:
        for row in efficiency:
            assert row[f"{institution} low"] <= row[institution] <= row[f"{institution} high"]
            assert 0 <= row[institution] <= 100
        for schedule in SCHEDULES:
            one, four, sixteen = (by_calls[schedule.name, calls][institution] for calls in (1, 4, 16))
            assert one < four < sixteen


def test_bench_market_follows_prices_from_period_to_period(found: dict[str, Any]) -> None:
    _, convergence, _ = found["tables"].values()
    assert len(convergence) == 2 * (PERIODS + 1)
    first, last, change = convergence[0], convergence[PERIODS - 1], convergence[PERIODS]
    for institution in INSTITUTIONS:
        assert all(row[institution] > 0 for row in convergence[:PERIODS])
        assert change[institution] == pytest.approx(last[institution] - first[institution], abs=0.02)


def test_bench_market_has_every_measure_of_every_good(found: dict[str, Any]) -> None:
    _, _, returns = found["tables"].values()
    goods = list(dict.fromkeys(row["good"] for row in returns))
    assert [(row["good"], row["measure"]) for row in returns] == [(good, name) for good in goods for name in MEASURES]
    assert "southsea" in goods
    assert any(row["mean"] != row["null mean"] for row in returns)
    for row in returns:
        if row["low"] is not None:
            assert row["low"] <= row["mean"] <= row["high"]
        if row["shuffled low"] is not None:
            assert row["shuffled low"] < row["shuffled high"]


def test_tables_have_rows_of_one_shape_and_a_seed_gives_the_same_again(
    found: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rows in found["tables"].values():
        assert len({tuple(row) for row in rows}) == 1
    monkeypatch.setattr(market_bench, "CALLS", (1,))
    monkeypatch.setattr(market_bench, "CONVERGENCE_CALLS", (1,))
    again = bench_market(1, 5)
    assert bench_market(1, 5) == again
    assert all(row["call auction low"] is None for row in next(iter(again["tables"].values())))


def test_a_call_auction_starts_a_period_from_the_last_price_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[tuple[int, Period]] = []

    def watched(traders: tuple[Trader, ...], calls: int, reference_pence: int, chance: Random) -> Period:
        played.append((reference_pence, call_period(traders, calls, reference_pence, chance)))
        return played[-1][1]

    monkeypatch.setattr(market_bench, "call_period", watched)
    monkeypatch.setattr(market_bench, "CALLS", (4,))
    monkeypatch.setattr(market_bench, "CONVERGENCE_CALLS", (4,))
    bench_market(1, 3)
    assert len(played) == PERIODS * len(SCHEDULES)
    for place, (reference_pence, _) in enumerate(played):
        before = () if place % PERIODS == 0 else (played[place - 1][0], *played[place - 1][1].prices_pence)
        assert reference_pence == (before[-1] if before else VALUE_MAX_PENCE // 2)
