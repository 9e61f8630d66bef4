"""Returns of a good's daily clearing prices, and the measures in which real markets are known to agree.

A return is `ln(p(t+1) / p(t))` of two days in a row that both had a price. A day without trade has none: no return
leads into it or out of it, none is made up, and none spans it. Autocorrelations pair returns exactly so many days
apart, where both are there; a shuffle deals a season's returns out anew among the days that have one.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from statistics import fmean, quantiles
from typing import Final

from fivepenny import happenings as hap
from fivepenny.events import Event

FEWEST: Final = 20
"""Returns, or pairs of them, below which a season's kurtosis or autocorrelation is not worked out."""

Prices = tuple[int | None, ...]
"""A price a day from the first, None where there was none."""

Pairs = list[tuple[int, int]]
"""Places of returns that belong together, counting only the returns that are there."""


def daily_prices(events: Iterable[Event]) -> dict[str, Prices]:
    """Of each good of a season its clearing price on every day up to the last on which anything was cleared.

    No trade is no price; of several prices on one day the last counts.
    """
    found: dict[str, dict[int, int]] = {}
    last = 0
    for event in events:
        match event.body:
            case hap.SeasonOpened(goods=goods):
                found = {good: {} for good in goods}
            case hap.Cleared(good=good, price_pence=price_pence):
                last = max(last, event.day)
                if price_pence is not None:
                    found[good][event.day] = price_pence
            case _:
                pass
    return {good: tuple(prices.get(day) for day in range(1, last + 1)) for good, prices in found.items()}


def log_returns(prices: Prices) -> list[float | None]:
    """The return from each day to the next, None unless both days have a price."""
    return [log(after / before) if before and after else None for before, after in pairwise(prices)]


def excess_kurtosis(values: Sequence[float]) -> float | None:
    """`G₂ = (n − 1) / ((n − 2)(n − 3)) · ((n + 1)(m₄ / m₂² − 3) + 6)`, with `mₖ` the mean k-th power about the mean.

    0 on average for normal values of any number: Joanes and Gill, "Comparing measures of sample skewness and
    kurtosis", The Statistician 47(1), 1998. None of fewer than four values, or where all are the same.
    """
    count = len(values)
    if count < 4 or len(set(values)) == 1:
        return None
    mean = fmean(values)
    second = fmean((value - mean) ** 2 for value in values)
    fourth = fmean((value - mean) ** 4 for value in values)
    return (count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * (fourth / second**2 - 3) + 6)


def pairs_apart(returns: Sequence[float | None], lag: int) -> Pairs:
    """Which returns lie so many days apart, as places among the returns that are there."""
    place: dict[int, int] = {}
    for day, value in enumerate(returns):
        if value is not None:
            place[day] = len(place)
    return [(place[day], place[day + lag]) for day in place if day + lag in place]


def autocorrelation(values: Sequence[float], pairs: Pairs) -> float | None:
    """Mean product of the deviations of paired values, over the variance of all values.

    The estimate for series with gaps of Parzen, "On spectral analysis with missing observations and amplitude
    modulation", Sankhyā A 25, 1963. None of no pairs, or where all values are the same.
    """
    if not pairs or len(set(values)) < 2:
        return None
    return _correlation(_deviations(values), pairs)


def _deviations(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    return [value - mean for value in values]


def _correlation(deviations: Sequence[float], pairs: Pairs) -> float:
    variance = sum(deviation * deviation for deviation in deviations) / len(deviations)
    return sum(deviations[one] * deviations[other] for one, other in pairs) / len(pairs) / variance


def shuffled_correlations(values: Sequence[float], pairs: Pairs, shuffles: int, chance: random.Random) -> list[float]:
    """The autocorrelations of so many shuffles of these values, which must have one as they stand."""
    deviations = _deviations(values)
    found = []
    for _ in range(shuffles):
        chance.shuffle(deviations)
        found.append(_correlation(deviations, pairs))
    return found


def shuffled_range(seasons: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """Where 95% of the means over seasons lie, shuffle by shuffle; of each season its shuffles' autocorrelations.

    None of no seasons.
    """
    if not seasons:
        return None
    cuts = quantiles([fmean(drawn) for drawn in zip(*seasons, strict=True)], n=40, method="inclusive")
    return cuts[0], cuts[-1]
