"""A continuous double auction in single units, for zero-intelligence traders: what our call auction is held against.

The rules are those that Gode and Sunder state (Journal of Political Economy 101, 1993, p. 122): a quote is for one
unit; a bid and an ask that match or cross trade at the earlier quote's price; a trade cancels the quotes that stand.
What they leave open is settled so: the next to quote is any trader with a unit left, each as likely; a quote that is
no better than the one that stands on its side changes nothing; a period lasts a stated number of quotes. Knows
nothing of seasons or of who the traders are.
"""

import random
from collections.abc import Sequence

from fivepenny.market.efficiency import Period, Trader, random_quote_pence


def continuous_period(traders: Sequence[Trader], quotes: int, chance: random.Random) -> Period:
    """A period of at most so many quotes; it ends sooner where all units of a side have been traded."""
    traded = [0] * len(traders)
    active = [number for number, trader in enumerate(traders) if trader.worths_pence]
    # Of each side the standing quote, by whether it buys: its price and the number of its trader.
    standing: dict[bool, tuple[int, int]] = {}
    prices_pence: list[int] = []
    surplus_pence = 0
    for _ in range(quotes):
        if len({traders[number].buys for number in active}) < 2:
            break
        number = chance.choice(active)
        buys = traders[number].buys
        sign = 1 if buys else -1
        quote_pence = random_quote_pence(traders[number], traded[number], chance)
        other = standing.get(not buys)
        if other is not None and sign * quote_pence >= sign * other[0]:
            prices_pence.append(other[0])
            for party in (number, other[1]):
                worth_pence = traders[party].worths_pence[traded[party]]
                surplus_pence += worth_pence if traders[party].buys else -worth_pence
                traded[party] += 1
                if traded[party] == len(traders[party].worths_pence):
                    active.remove(party)
            standing.clear()
        elif buys not in standing or sign * quote_pence > sign * standing[buys][0]:
            standing[buys] = (quote_pence, number)
    return Period(tuple(prices_pence), surplus_pence)
