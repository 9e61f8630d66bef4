"""Levels: figures as steps from 0 to 9, so that a small mind and a rule can weigh them alike.

All arithmetic is on integers, so that a level is the same on every machine.
"""

from bisect import bisect_right
from collections.abc import Sequence

from fivepenny.world import TOP_LEVEL

PURSE_PENCE = (240, 720, 1440, 2400, 3600, 5200, 7600, 11000, 16000)
"""Purse: the pence at which each next level begins."""

_SHARE = (5, 10, 16, 23, 31, 40, 50, 65, 85)  # percent of a whole
_PRICE = (70, 80, 88, 94, 99, 102, 107, 114, 126)  # percent of the usual price
_COVER = (40, 70, 100, 140, 190, 260, 350, 500, 800)  # percent of what is needed


def level(value: int, steps: Sequence[int]) -> int:
    """How many of nine rising steps the value has reached."""
    return bisect_right(steps, value)


def share_level(part: int, whole: int) -> int:
    """A part of a whole: 0 a trifle, 9 nearly all of it or more."""
    return TOP_LEVEL if whole <= 0 else bisect_right(_SHARE, part * 100 // whole)


def price_level(price_pence: int, usual_pence: int) -> int:
    """A price beside the usual one: 0 very cheap, 5 as usual, 9 very dear."""
    return bisect_right(_PRICE, price_pence * 100 // max(1, usual_pence))


def lack_level(have: int, need: int) -> int:
    """How far what one has falls short of a need: 0 eight times enough, 6 just enough, 9 hardly any."""
    return 0 if need <= 0 else TOP_LEVEL - bisect_right(_COVER, have * 100 // need)


def signed_level(value: int, most: int) -> int:
    """A signed figure from -most to most: 0 the worst, 4 indifferent, 9 the best."""
    if value >= most:
        return TOP_LEVEL
    return 0 if value <= -most else (value + most) * TOP_LEVEL // (2 * most)


def percent_level(percent: int) -> int:
    """0 to 100 percent as a level."""
    if percent >= 100:
        return TOP_LEVEL
    return percent // 10 if percent > 0 else 0
