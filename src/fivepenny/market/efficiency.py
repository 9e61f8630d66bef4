"""How well the call auction allocates among traders without minds: the null that every cast is held against.

Zero-intelligence traders with a budget constraint (ZI-C), after Gode and Sunder, "Allocative efficiency of
markets with zero-intelligence traders", Journal of Political Economy 101(1), 1993: each asks a random price at
which it cannot lose. Theirs was a double auction with many calls; here one call, or several in a row, clears at
a uniform price. Knows nothing of seasons, seats or goods.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from fivepenny.errors import WrongUse
from fivepenny.market.auction import clear
from fivepenny.market.orders import Order, Side
from fivepenny.rng import stream

VALUE_MAX_PENCE: Final = 200
NORMAL_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class EfficiencyReport:
    """Mean share of the possible surplus that was realised, 0 to 1, with a 95% interval for the mean.

    The interval is the normal one over `rounds` markets drawn independently.
    """

    seed: int
    rounds: int
    traders_a_side: int
    calls: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Trader:
    """One unit wanted at up to, or offered from, `worth_pence`."""

    number: int
    side: Side
    worth_pence: int


def possible_surplus_pence(values_pence: Sequence[int], costs_pence: Sequence[int]) -> int:
    """The greatest total gain from trade in single units: highest values matched with lowest costs."""
    matched = zip(sorted(values_pence, reverse=True), sorted(costs_pence), strict=False)
    return sum(max(value_pence - cost_pence, 0) for value_pence, cost_pence in matched)


def _draw_traders(chance: random.Random, traders_a_side: int) -> list[_Trader]:
    """Buyers and sellers with worths from 1 to the maximum; drawn again where no trade could gain anything."""
    while True:
        traders = [
            _Trader(number, Side.BUY if number % 2 else Side.SELL, chance.randint(1, VALUE_MAX_PENCE))
            for number in range(2 * traders_a_side)
        ]
        if _possible(traders):
            return traders


def _possible(traders: Sequence[_Trader]) -> int:
    values_pence = [trader.worth_pence for trader in traders if trader.side == Side.BUY]
    costs_pence = [trader.worth_pence for trader in traders if trader.side == Side.SELL]
    return possible_surplus_pence(values_pence, costs_pence)


def _random_order(trader: _Trader, chance: random.Random) -> Order:
    """A limit that is uniform over all prices at which the trader does not lose."""
    if trader.side == Side.BUY:
        limit_pence = chance.randint(1, trader.worth_pence)
    else:
        limit_pence = chance.randint(trader.worth_pence, VALUE_MAX_PENCE)
    return Order(
        number=trader.number,
        seat=f"trader {trader.number}",
        side=trader.side,
        quantity=1,
        limit_pence=limit_pence,
    )


def _one_market(chance: random.Random, traders_a_side: int, calls: int) -> float:
    """Share of the possible surplus that one market realises; who has traded leaves, the others ask again."""
    traders = _draw_traders(chance, traders_a_side)
    possible_pence = _possible(traders)
    reference_pence = VALUE_MAX_PENCE // 2
    realised_pence = 0
    for _ in range(calls):
        clearing = clear([_random_order(trader, chance) for trader in traders], reference_pence, chance)
        if clearing.price_pence is None:
            continue
        reference_pence = clearing.price_pence
        done = {fill.number for fill in clearing.fills}
        for trader in traders:
            if trader.number in done:
                realised_pence += trader.worth_pence if trader.side == Side.BUY else -trader.worth_pence
        traders = [trader for trader in traders if trader.number not in done]
    return realised_pence / possible_pence


def zero_intelligence_efficiency(seed: int, rounds: int, traders_a_side: int = 5, calls: int = 1) -> EfficiencyReport:
    """Mean allocative efficiency of ZI-C traders over `rounds` random markets, all drawn from one seed.

    Each market has `traders_a_side` buyers and as many sellers of one unit, with worths uniform from 1 to 200
    pence, and holds `calls` auctions in a row. Raises WrongUse below 2 rounds, 1 trader or 1 call.
    """
    if rounds < 2 or traders_a_side < 1 or calls < 1:
        raise WrongUse("efficiency needs at least 2 rounds, 1 trader a side and 1 call")
    chance = stream(seed, "zero intelligence")
    shares = [_one_market(chance, traders_a_side, calls) for _ in range(rounds)]
    mean = fmean(shares)
    margin = NORMAL_95 * stdev(shares) / sqrt(rounds)
    return EfficiencyReport(seed, rounds, traders_a_side, calls, mean, mean - margin, mean + margin)
