"""The table of returns: what daily prices of long seasons have in common with those of real markets, and what not.

Three facts hold in nearly every real market (Cont, "Empirical properties of asset returns: stylized facts and
statistical issues", Quantitative Finance 1, 2001): heavy tails, no autocorrelation of returns, and autocorrelation of
their size for days on end. A row says whether the company's seasons show them, and whether the null's do as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fivepenny.arena.intervals import Interval, mean_interval
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
from fivepenny.rng import stream
from fivepenny.stage.rehearsal import rehearse

COMPANIES = ("understudies", "null")
KURTOSIS = "excess kurtosis"
MEMORY = "autocorrelation, lag 1"
SIZE_MEMORIES = {1: "autocorrelation of size, lag 1", 5: "autocorrelation of size, lag 5"}
WITHOUT_PRICE = "days without a price"
UNCHANGED = "returns of zero"
MEASURES = (KURTOSIS, MEMORY, *SIZE_MEMORIES.values(), WITHOUT_PRICE, UNCHANGED)
SHUFFLES: Final = 200
PLACES = 4  # decimals of a reported figure

NOTES = {
    "returns": (
        "ln(p(t+1) / p(t)) of two days in a row that both had a clearing price; a day without trade has no return "
        "into it or out of it, and none is made up"
    ),
    "kurtosis": "G₂ of Joanes and Gill (The Statistician 47, 1998): 0 on average for normal returns",
    "autocorrelation": (
        "mean product of deviations of returns exactly so many days apart, over the variance (Parzen, Sankhyā A 25, "
        f"1963); size is the absolute return; a season with fewer than {FEWEST} returns or pairs is left out"
    ),
    "shuffled": (
        f"where 95% of the means lie when each season's returns are dealt out anew among its days, {SHUFFLES} times: "
        "what independent returns of the same sizes would show"
    ),
    "as in real markets": (
        "Cont (Quantitative Finance 1, 2001): kurtosis above 0 by its interval; autocorrelation of returns within "
        "shuffled (no, where it lies outside and its interval leaves 0 out); of their size above shuffled, and above "
        "0 by its interval"
    ),
    "days without a price": "share of days; 'returns of zero' is the share of returns between two equal prices",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of one season, None where it has none, and the same of its shuffles where these mean something."""

    value: float | None
    shuffled: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A measure over seasons, the range of its shuffled means, and whether it is as in real markets."""

    interval: Interval
    shuffled: tuple[float, float] | None
    verdict: str


def returns_table(seeds: Sequence[int], days: int) -> list[dict[str, Any]]:
    """A row a good and measure: the company's mean and interval over these seeds, its shuffles, and the null's."""
    played = {name: [daily_prices(rehearse(seed, days, name).events) for seed in seeds] for name in COMPANIES}
    rows = []
    for good in played[COMPANIES[0]][0]:
        measured = {
            name: [measure_prices(season[good], seed) for seed, season in zip(seeds, seasons, strict=True)]
            for name, seasons in played.items()
        }
        for measure in MEASURES:
            ours, chance = (summarise(measure, [each[measure] for each in measured[name]]) for name in COMPANIES)
            rows.append(
                {
                    "good": good,
                    "measure": measure,
                    **_cells("", ours),
                    "shuffled low": _round(ours.shuffled and ours.shuffled[0]),
                    "shuffled high": _round(ours.shuffled and ours.shuffled[1]),
                    "as in real markets": ours.verdict,
                    **_cells("null ", chance),
                    "null as in real markets": chance.verdict,
                }
            )
    return rows


def measure_prices(prices: Prices, seed: int) -> dict[str, Measured]:
    """Every measure of one good in one season; the seed is that of the shuffles. Raises ValueError for no day."""
    if not prices:
        raise ValueError("no day of this season was cleared")
    returns = log_returns(prices)
    there = [value for value in returns if value is not None]
    sizes = [abs(value) for value in there]
    found = {
        KURTOSIS: Measured(excess_kurtosis(there) if len(there) >= FEWEST else None),
        MEMORY: _correlated(there, returns, 1, seed),
    }
    found |= {name: _correlated(sizes, returns, lag, seed) for lag, name in SIZE_MEMORIES.items()}
    return found | {
        WITHOUT_PRICE: Measured(prices.count(None) / len(prices)),
        UNCHANGED: Measured(there.count(0.0) / len(there) if there else None),
    }


def _correlated(values: Sequence[float], returns: Sequence[float | None], lag: int, seed: int) -> Measured:
    """The autocorrelation of values that belong to the returns that are there, and of their shuffles."""
    pairs = pairs_apart(returns, lag)
    found = autocorrelation(values, pairs) if len(pairs) >= FEWEST else None
    if found is None:
        return Measured(None)
    return Measured(found, tuple(shuffled_correlations(values, pairs, SHUFFLES, stream(seed, "shuffles"))))


def summarise(measure: str, seasons: Sequence[Measured]) -> Summary:
    """A measure over seasons that have a value, held against what real markets show."""
    known = [season for season in seasons if season.value is not None]
    interval = mean_interval([season.value for season in known if season.value is not None])
    shuffled = shuffled_range([season.shuffled for season in known if season.shuffled])
    return Summary(interval, shuffled, _verdict(measure, interval, shuffled))


def _verdict(measure: str, interval: Interval, shuffled: tuple[float, float] | None) -> str:
    """Whether a mean is as in real markets; empty for a measure of which they have no one value."""
    if measure in (WITHOUT_PRICE, UNCHANGED):
        return ""
    if interval.mean is None or interval.low is None or interval.high is None:
        return "cannot be said"
    if measure == KURTOSIS:
        return "yes" if interval.low > 0 else "not shown"
    if shuffled is None:
        return "cannot be said"
    low, high = shuffled
    if measure != MEMORY:
        return "yes" if interval.low > 0 and interval.mean > high else "not shown"
    if low <= interval.mean <= high:
        return "yes"
    if interval.low <= 0 <= interval.high:
        return "cannot be said"
    return "no, it is higher" if interval.mean > high else "no, it is lower"


def _cells(prefix: str, summary: Summary) -> dict[str, float | None]:
    interval = summary.interval
    ends = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    return {prefix + name: _round(value) for name, value in ends.items()}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
