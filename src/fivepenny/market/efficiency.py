"""How well the call auction allocates among traders without minds: the null that every cast is held against.

Zero-intelligence traders with a budget constraint (ZI-C), after Gode and Sunder, "Allocative efficiency of
markets with zero-intelligence traders", Journal of Political Economy 101(1), 1993: each asks a random price at
which it cannot lose. Theirs was a continuous double auction; here one call, or several in a row, clears at a
uniform price. Knows nothing of seasons, seats or goods.
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
class Trader:
    """Units wanted at up to, or offered from, these worths (1 to 200 pence), to be traded one by one in this order."""

    buys: bool
    worths_pence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What one trading period came to: the price of each unit traded, in order, and the sum of all gains from them."""

    prices_pence: tuple[int, ...]
    surplus_pence: int


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """The prices at which as much is wanted as offered, lowest to highest, and the units that gain by trading."""

    low_pence: int
    high_pence: int
    volume: int


def possible_surplus_pence(values_pence: Sequence[int], costs_pence: Sequence[int]) -> int:
    """The greatest total gain from trade in single units: highest values matched with lowest costs."""
    matched = zip(sorted(values_pence, reverse=True), sorted(costs_pence), strict=False)
    return sum(max(value_pence - cost_pence, 0) for value_pence, cost_pence in matched)


def equilibrium(values_pence: Sequence[int], costs_pence: Sequence[int]) -> Equilibrium:
    """Where demand and supply in single units meet; raises WrongUse where no trade could gain anything.

    A price is one of equilibrium when no unit of the trades that gain would rather not be traded at it, and no other
    unit would rather be: between the worths next to the margin on either side.
    """
    values, costs = sorted(values_pence, reverse=True), sorted(costs_pence)
    volume = sum(value > cost for value, cost in zip(values, costs, strict=False))
    if volume == 0:
        raise WrongUse("a market in which no trade could gain anything has no equilibrium to trade at")
    low_pence = max([costs[volume - 1], *values[volume : volume + 1]])
    high_pence = min([values[volume - 1], *costs[volume : volume + 1]])
    return Equilibrium(low_pence, high_pence, volume)


def split_worths(traders: Sequence[Trader]) -> tuple[list[int], list[int]]:
    """The values of all units wanted and the costs of all units offered."""
    values = [worth for trader in traders if trader.buys for worth in trader.worths_pence]
    costs = [worth for trader in traders if not trader.buys for worth in trader.worths_pence]
    return values, costs


def random_quote_pence(trader: Trader, traded: int, chance: random.Random) -> int:
    """A price for the trader's next unit, after `traded` of them: uniform over all at which it does not lose."""
    worth_pence = trader.worths_pence[traded]
    return chance.randint(1, worth_pence) if trader.buys else chance.randint(worth_pence, VALUE_MAX_PENCE)


def call_period(traders: Sequence[Trader], calls: int, reference_pence: int, chance: random.Random) -> Period:
    """A period of so many calls in a row; in each, every trader with a unit left quotes anew for its next one.

    Each call's reference price is the last price before it, `reference_pence` at first.
    """
    traded = [0] * len(traders)
    prices_pence: list[int] = []
    surplus_pence = 0
    for _ in range(calls):
        orders = [
            _order(number, trader, random_quote_pence(trader, traded[number], chance))
            for number, trader in enumerate(traders)
            if traded[number] < len(trader.worths_pence)
        ]
        clearing = clear(orders, reference_pence, chance)
        if clearing.price_pence is None:
            continue
        reference_pence = clearing.price_pence
        prices_pence += [clearing.price_pence] * clearing.volume
        for fill in clearing.fills:
            trader = traders[fill.number]
            worth_pence = trader.worths_pence[traded[fill.number]]
            surplus_pence += worth_pence if trader.buys else -worth_pence
            traded[fill.number] += 1
    return Period(tuple(prices_pence), surplus_pence)


def _order(number: int, trader: Trader, limit_pence: int) -> Order:
    side = Side.BUY if trader.buys else Side.SELL
    return Order(number=number, seat=f"trader {number}", side=side, quantity=1, limit_pence=limit_pence)


def _draw_traders(chance: random.Random, traders_a_side: int) -> list[Trader]:
    """Buyers and sellers of one unit, worths from 1 to the maximum; drawn again where no trade could gain anything."""
    while True:
        traders = [
            Trader(number % 2 == 1, (chance.randint(1, VALUE_MAX_PENCE),)) for number in range(2 * traders_a_side)
        ]
        if possible_surplus_pence(*split_worths(traders)):
            return traders


def _one_market(chance: random.Random, traders_a_side: int, calls: int) -> float:
    """Share of the possible surplus that one market realises; who has traded leaves, the others ask again."""
    traders = _draw_traders(chance, traders_a_side)
    period = call_period(traders, calls, VALUE_MAX_PENCE // 2, chance)
    return period.surplus_pence / possible_surplus_pence(*split_worths(traders))


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
