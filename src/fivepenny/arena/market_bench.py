"""`bench market`: the market beside what is known of markets.

Three tables. How much of the possible gains traders of zero intelligence reach in our call auction, by calls a period,
beside a continuous double auction of the same traders; Smith's coefficient of convergence in both, period after
period; and returns in long seasons, a company beside the null company. Each figure is a mean over seeds with its
interval. How an auction clears and how a season is played stands elsewhere.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean
from typing import Any

from fivepenny.arena.continuous import continuous_period
from fivepenny.arena.intervals import FORMULA, Interval, mean_interval
from fivepenny.arena.returns_table import COMPANIES, NOTES, returns_table
from fivepenny.arena.schedules import SCHEDULES, TRADERS_A_SIDE, Schedule
from fivepenny.market.efficiency import VALUE_MAX_PENCE, Period, call_period
from fivepenny.rng import stream
from fivepenny.stage.rehearsal import SCENARIO

CALLS = (1, 2, 4, 8, 16, 32, 64, 128)
CONVERGENCE_CALLS = (1, 4, 16, 64)
PERIODS = 6  # as many as Gode and Sunder's
INSTITUTIONS = ("call auction", "continuous")
PUBLISHED = "published by Gode and Sunder"
PLACES = 2  # decimals of a reported percentage

Sessions = dict[tuple[str, str, int], list[list[Period]]]
"""By market, institution and calls a period: of each seed the periods of one session."""

EFFICIENCY_NOTES = {
    "markets": (
        "of the form of Gode and Sunder's five (Journal of Political Economy 101, 1993): 6 buyers and 6 sellers with "
        "worths within 1 to 200, steps as read off the paper's charts; 1 to 4 give the published price, volume and "
        "efficiency without a budget constraint where these are stated, 5 is a rough reading"
    ),
    "traders": "ZI-C: a quote is uniform over the prices at which the trader's next unit does not lose",
    "call auction": "every trader with a unit left quotes for the next one anew in each call; one price a call",
    "continuous": (
        "our simulation with at most 12 quotes a call of the row: one trader at a time, by lot; a cross trades at the "
        "earlier quote and cancels what stands"
    ),
    PUBLISHED: "their continuous auction of 30 seconds a period, quotes not counted; percent, the same in every row",
    "efficiency": "100 · gains realised / greatest possible gains, mean of the periods of a session",
    "coefficient": (
        "100 · √(mean squared distance of prices from the equilibrium price) / equilibrium price, a price for each "
        "unit traded (Smith, Journal of Political Economy 70, 1962); mean of the markets in which there was trade. "
        "The traders forget everything between periods; only the call auction's reference price lives on"
    ),
}


def bench_market(seeds: int, days: int = 300) -> dict[str, Any]:
    """Efficiency, convergence and returns over the seeds 1 to `seeds`; `tables` has the rows of each by its title.

    A session is six periods in one market; a season of returns has `days` days. Intervals are missing for one seed.
    """
    sessions: Sessions = {
        (schedule.name, institution, calls): [_session(schedule, institution, calls, seed) for seed in _seeds(seeds)]
        for schedule in SCHEDULES
        for institution in INSTITUTIONS
        for calls in CALLS
    }
    return {
        "bench": "market",
        "scenario": SCENARIO,
        "seeds": seeds,
        "periods a session": PERIODS,
        "days a season": days,
        "interval": FORMULA,
        "tables": {
            "efficiency in percent, by calls a period": _efficiency_table(sessions),
            "Smith's coefficient of convergence, by period": _convergence_table(sessions),
            f"daily returns: {' beside '.join(COMPANIES)}": returns_table(_seeds(seeds), days),
        },
        **EFFICIENCY_NOTES,
        **NOTES,
    }


def smith_coefficient(prices_pence: Sequence[int], equilibrium_pence: float) -> float | None:
    """Smith's α: `100 · σ₀ / p₀`, with σ₀ the root mean squared distance of prices from the equilibrium price p₀.

    Smith, "An experimental study of competitive market behavior", Journal of Political Economy 70(2), 1962. None
    without a price.
    """
    if not prices_pence:
        return None
    return 100 * sqrt(fmean((price - equilibrium_pence) ** 2 for price in prices_pence)) / equilibrium_pence


def _seeds(seeds: int) -> range:
    return range(1, seeds + 1)


def _session(schedule: Schedule, institution: str, calls: int, seed: int) -> list[Period]:
    """Periods with the same values, in one row; of one period the next knows the last price alone, if it is asked."""
    chance = stream(seed, "market bench", schedule.name, institution, calls)
    reference_pence = VALUE_MAX_PENCE // 2
    periods: list[Period] = []
    for _ in range(PERIODS):
        if institution == "call auction":
            periods.append(call_period(schedule.traders, calls, reference_pence, chance))
            reference_pence = next(reversed(periods[-1].prices_pence), reference_pence)
        else:
            periods.append(continuous_period(schedule.traders, 2 * TRADERS_A_SIDE * calls, chance))
    return periods


def _efficiency_table(sessions: Sessions) -> list[dict[str, Any]]:
    """A row a market and number of calls, both institutions in it."""
    rows = []
    for schedule in SCHEDULES:
        for calls in CALLS:
            row: dict[str, Any] = {"market": schedule.name, "calls": calls}
            for institution in INSTITUTIONS:
                played = sessions[schedule.name, institution, calls]
                shares = [100 * fmean(period.surplus_pence for period in session) for session in played]
                row |= _cells(institution, mean_interval([share / schedule.possible_pence for share in shares]))
            rows.append(row | {PUBLISHED: schedule.published_percent})
    return rows


def _convergence_table(sessions: Sessions) -> list[dict[str, Any]]:
    """A row a number of calls and period, and one for the change from the first period to the last, seed by seed."""
    rows = []
    for calls in CONVERGENCE_CALLS:
        by_period = {name: _coefficients(sessions, name, calls) for name in INSTITUTIONS}
        for period in range(PERIODS):
            row: dict[str, Any] = {"calls": calls, "period": str(period + 1)}
            for name, seeds in by_period.items():
                row |= _cells(name, mean_interval([found for seed in seeds if (found := seed[period]) is not None]))
            rows.append(row)
        change: dict[str, Any] = {"calls": calls, "period": f"{PERIODS} less 1"}
        for name, seeds in by_period.items():
            ends = [(seed[0], seed[-1]) for seed in seeds]
            moved = [last - first for first, last in ends if first is not None and last is not None]
            change |= _cells(name, mean_interval(moved))
        rows.append(change)
    return rows


def _coefficients(sessions: Sessions, institution: str, calls: int) -> list[list[float | None]]:
    """Of each seed, period by period, the mean coefficient of the markets that traded in it; None where none did."""
    found = []
    markets = [sessions[schedule.name, institution, calls] for schedule in SCHEDULES]
    for session_of_each_market in zip(*markets, strict=True):
        periods = []
        for period_of_each_market in zip(*session_of_each_market, strict=True):
            several = [
                smith_coefficient(period.prices_pence, schedule.price_pence)
                for schedule, period in zip(SCHEDULES, period_of_each_market, strict=True)
            ]
            known = [value for value in several if value is not None]
            periods.append(fmean(known) if known else None)
        found.append(periods)
    return found


def _cells(name: str, interval: Interval) -> dict[str, float | None]:
    """The columns of one mean."""
    low, high = (None if end is None else round(end, PLACES) for end in (interval.low, interval.high))
    mean = None if interval.mean is None else round(interval.mean, PLACES)
    return {name: mean, f"{name} low": low, f"{name} high": high}
