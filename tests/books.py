"""Helpers for tests of the market: small random order books, and an auction by brute force.

The brute force shares nothing with `fivepenny.market.auction`: it lays every unit out by itself and tries every
integer price.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from fivepenny.market.orders import Order, Side

SEATS = ("amber", "birch", "cedar", "delft", "elder")


def order(number: int, side: str, quantity: int, limit_pence: int, seat: str | None = None) -> Order:
    """An order; each number has a seat of its own unless one is named."""
    return Order(
        number=number,
        seat=seat or f"seat {number}",
        side=Side(side),
        quantity=quantity,
        limit_pence=limit_pence,
    )


def random_orders(chance: random.Random, seats: Sequence[str] = SEATS) -> list[Order]:
    """Up to ten orders at limits of 1 to 12 pence, thin and lopsided books among them."""
    top_pence = chance.randint(1, 12)
    buy_share = chance.choice((0.1, 0.5, 0.5, 0.9))
    return [
        order(
            number,
            "buy" if chance.random() < buy_share else "sell",
            chance.randint(1, chance.choice((1, 3, 6))),
            chance.randint(1, top_pence),
            chance.choice(seats),
        )
        for number in range(chance.randint(0, 10))
    ]


@dataclass(frozen=True)
class BruteForce:
    """What the rules demand: price (None without trade), volume, and the greatest surplus at any one price."""

    price_pence: int | None
    volume: int
    surplus_pence: int


def units(orders: Sequence[Order], side: Side) -> list[int]:
    """The limit of every unit of a side, best first."""
    limits = [entry.limit_pence for entry in orders if entry.side is side for _ in range(entry.quantity)]
    return sorted(limits, reverse=side is Side.BUY)


def brute_force(orders: Sequence[Order], reference_pence: int) -> BruteForce:
    """Try every integer price, and keep those that pass one rule after the other; exactly one must be left."""
    bids, asks = units(orders, Side.BUY), units(orders, Side.SELL)
    outcomes = {}
    for price_pence in range(1, max([*bids, *asks, 1]) + 2):
        takers = [bid for bid in bids if bid >= price_pence]
        givers = [ask for ask in asks if ask <= price_pence]
        volume = min(len(takers), len(givers))
        surplus = sum(takers[:volume]) - sum(givers[:volume])
        outcomes[price_pence] = (volume, abs(len(takers) - len(givers)), surplus)
    volume = max(outcome[0] for outcome in outcomes.values())
    surplus_pence = max(outcome[2] for outcome in outcomes.values())
    if volume == 0:
        return BruteForce(None, 0, surplus_pence)
    prices = [price for price, outcome in outcomes.items() if outcome[0] == volume]
    least = min(outcomes[price][1] for price in prices)
    prices = [price for price in prices if outcomes[price][1] == least]
    nearest = min(abs(price - reference_pence) for price in prices)
    (price_pence,) = [price for price in prices if abs(price - reference_pence) == nearest]
    return BruteForce(price_pence, volume, surplus_pence)
