"""Means and shares with 95% intervals, from a few dozen seasons.

The interval is Student's: `mean ± t · s / √n`, with `s` the sample's standard deviation (n − 1 in the divisor) and `t`
the 97.5th percentile of Student's distribution of n − 1 degrees of freedom. That distribution has a closed form for
whole degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4. It is
right for the means of independent, roughly normal values, and a fair guide for others.

Shares have Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22, 1927).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import atan, cos, isfinite, pi, sin, sqrt
from statistics import fmean, stdev

CONFIDENCE = 0.95
FORMULA = "mean ± t(0.975; n − 1) · s / √n over seeds"
WILSON = "Wilson's score interval at 95%"
NORMAL_QUANTILE = 1.959964
_HALVINGS = 80


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean of `count` values and its 95% interval; None where there are too few values to say."""

    mean: float | None
    low: float | None
    high: float | None
    count: int

    def overlaps(self, other: "Interval") -> bool | None:
        """Whether the two intervals have a value in common; None where one of them is missing."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return None
        return self.low <= other.high and other.low <= self.high


def student_within(t: float, freedom: int) -> float:
    """The probability that a Student variable of so many degrees of freedom lies within −t and t."""
    angle = atan(t / sqrt(freedom))
    step = cos(angle) ** 2
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for power in range(2 + odd, freedom - 1, 2):
        term *= step * (power - 1) / power
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


@cache
def student_quantile(freedom: int) -> float:
    """The t within which a Student variable lies with probability 0.95, by halving an interval that holds it."""
    low, high = 0.0, 16.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if student_within(middle, freedom) < CONFIDENCE else (low, middle)
    return high


def mean_interval(values: Sequence[float]) -> Interval:
    """The mean and its interval: no mean of no values, no interval of one. Raises ValueError for what is not finite."""
    if not all(isfinite(value) for value in values):
        raise ValueError("a mean of values that are not all finite")
    count = len(values)
    if count < 2:
        return Interval(values[0] if values else None, None, None, count)
    mean = fmean(values)
    margin = student_quantile(count - 1) * stdev(values) / sqrt(count)
    return Interval(mean, mean - margin, mean + margin, count)


def wilson(successes: int, count: int) -> tuple[float, float]:
    """Wilson's score interval at 95% of a share of successes. Raises ValueError where nothing was tried."""
    if not 0 <= successes <= count or count == 0:
        raise ValueError(f"{successes} of {count} is no share")
    share, square = successes / count, NORMAL_QUANTILE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    margin = NORMAL_QUANTILE * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - margin), min(1.0, middle + margin)
