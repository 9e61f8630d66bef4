"""The call auction of one good: one uniform price, who trades how much, and the settlement of it.

Knows orders and a reference price, nothing of seats' purses, of days or of other goods. It reads its orders
and changes none of them. The rules:

* Price: the greatest volume; then the least imbalance between what would be bought and sold; then nearest to
  the reference price. Every integer price counts, not only the limits of orders. Excess demand never rises
  with the price, so the prices that pass the first two rules are one unbroken interval: exactly one of them is
  nearest, and no further rule is needed.
* Rationing of the longer side: better limits first; among equal limits a seeded lot draws the order in which
  whole orders are served, so that at most one order of a side is filled in part.

The price rule is the usual one of call auctions (see Economides and Schwartz, "Electronic call market
trading", Journal of Portfolio Management 21(3), 1995). Price priority makes the traded units the best of each
side, so that the surplus is the greatest that any uniform price can give.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter

from fivepenny.errors import BrokenInvariant
from fivepenny.ledger.transfers import RESERVED, Transfer, account
from fivepenny.market.orders import PENCE, Admission, Order, RefusedOrder, Side, admit, reservation
from fivepenny.values import value


@value(kw_only=True)
class Fill:
    """How much of one order was traded: `quantity` units, above zero."""

    number: int
    seat: str
    side: Side
    quantity: int


@value()
class Clearing:
    """The outcome of one auction: the price a unit (None where nothing trades) and the units traded.

    `fills` stand in the order of their numbers; `refused` are the orders that were left out.
    """

    price_pence: int | None
    volume: int
    fills: tuple[Fill, ...]
    refused: tuple[RefusedOrder, ...] = ()


def clear(orders: Iterable[Order], reference_pence: int, lot: random.Random) -> Clearing:
    """Hold the auction; O(n log n) in the number of orders, whatever the prices.

    Price and fills do not depend on the sequence in which orders are given, only on their numbers and the
    lot. Inadmissible orders are left out and named in `refused`. Raises BrokenInvariant where the reference
    is not an integer.
    """
    return clear_admitted(admit(orders), reference_pence, lambda: lot)


def clear_admitted(admission: Admission, reference_pence: int, draw_lot: Callable[[], random.Random]) -> Clearing:
    """Hold the auction of orders sorted by `admit`; otherwise as `clear`. A lot is asked for only to break ties."""
    if type(reference_pence) is not int:
        raise BrokenInvariant(f"the reference price must be integer pence, not {reference_pence!r}")
    buys = [order for order in admission.admitted if order.side == Side.BUY]
    sells = [order for order in admission.admitted if order.side == Side.SELL]
    price_pence, volume = _best_price(buys, sells, reference_pence)
    if volume == 0:
        return Clearing(None, 0, (), admission.refused)
    willing_buys = [order for order in buys if order.limit_pence >= price_pence]
    willing_sells = [order for order in sells if order.limit_pence <= price_pence]
    # Only the longer side is rationed, so that at most one of the two draws a lot.
    fills = _ration(willing_buys, volume, draw_lot) + _ration(willing_sells, volume, draw_lot)
    fills.sort(key=attrgetter("number"))
    return Clearing(price_pence, volume, tuple(fills), admission.refused)


def _best_price(buys: Sequence[Order], sells: Sequence[Order], reference_pence: int) -> tuple[int, int]:
    """Price and volume by the price rule; the price means nothing where the volume is 0.

    Demand and supply change only where a price passes a limit: supply rises at each ask, demand falls one
    penny above each bid. Between two such steps all prices are alike but for their distance from the
    reference. Past the last step nobody buys or nobody sells.
    """
    steps: dict[int, tuple[int, int]] = {}
    for order in buys:
        demand, supply = steps.get(order.limit_pence + 1, (0, 0))
        steps[order.limit_pence + 1] = (demand - order.quantity, supply)
    for order in sells:
        demand, supply = steps.get(order.limit_pence, (0, 0))
        steps[order.limit_pence] = (demand, supply + order.quantity)
    starts_pence = sorted(steps)
    demand, supply = sum([order.quantity for order in buys]), 0
    # Of two candidates the lesser tuple wins: -volume, imbalance, distance from the reference, price.
    best = (0, 0, 0, reference_pence)
    for start_pence, next_start_pence in pairwise(starts_pence):
        demand_change, supply_change = steps[start_pence]
        demand += demand_change
        supply += supply_change
        volume = min(demand, supply)
        if volume == 0:
            continue
        price_pence = min(max(reference_pence, start_pence), next_start_pence - 1)
        distance_pence = abs(price_pence - reference_pence)
        best = min(best, (-volume, abs(demand - supply), distance_pence, price_pence))
    return best[3], -best[0]


def _ration(willing: Sequence[Order], volume: int, draw_lot: Callable[[], random.Random]) -> list[Fill]:
    """Deal `volume` units to the willing orders of one side, best limit first, equal limits by lot."""
    # They stand in the order of their numbers, as `admit` left them, and a sort keeps that among equal limits.
    queue = sorted(willing, key=attrgetter("limit_pence"), reverse=willing[0].side == Side.BUY)
    left = volume
    fills: list[Fill] = []
    for _, equals in groupby(queue, key=attrgetter("limit_pence")):
        served = list(equals)
        if len(served) > 1 and sum([order.quantity for order in served]) > left:
            draw_lot().shuffle(served)
        for order in served:
            quantity = min(order.quantity, left)
            left -= quantity
            fills.append(Fill(number=order.number, seat=order.seat, side=order.side, quantity=quantity))
            if left == 0:
                return fills
    return fills


def settlement(clearing: Clearing, orders: Iterable[Order], good: str) -> tuple[Transfer, ...]:
    """The transfers, not yet numbered, that settle an auction and release what its orders no longer need.

    `orders` are those whose reservations (`orders.reserve`) stand, and these are made only for admitted
    orders. Each order then takes exactly its reservation out of its seat's reserved account, so that the
    batch cannot be refused. Empty for no orders. Raises BrokenInvariant where the clearing does not fit them.
    """
    return settle_admitted(clearing, admit(orders), good)


def settle_admitted(clearing: Clearing, admission: Admission, good: str) -> tuple[Transfer, ...]:
    """The transfers of orders that `admit` has sorted; otherwise as `settlement`."""
    standing = {order.number: order for order in admission.admitted}
    price_pence = _checked_price(clearing, standing)
    transfers: list[Transfer] = []
    for buy_number, sell_number, quantity in _pairs(clearing.fills):
        transfers += _exchange(standing[buy_number], standing[sell_number], quantity, price_pence, good)
    filled = {fill.number: fill.quantity for fill in clearing.fills}
    for number, order in standing.items():
        asset, reserved = reservation(order, good)
        traded = filled.get(number, 0)
        left = reserved - (traded * price_pence if order.side == Side.BUY else traded)
        if left:
            transfers.append(
                Transfer(
                    source=account(order.seat, RESERVED),
                    target=account(order.seat),
                    asset=asset,
                    amount=left,
                )
            )
    return tuple(transfers)


def _pairs(fills: Sequence[Fill]) -> Iterator[tuple[int, int, int]]:
    """Which buy takes how many units from which sell: both sides laid end to end in the order of numbers."""
    sells = iter([fill for fill in fills if fill.side == Side.SELL])
    sell_number, on_offer = 0, 0
    for buy in fills:
        if buy.side != Side.BUY:
            continue
        wanted = buy.quantity
        while wanted:
            if on_offer == 0:
                sell = next(sells)
                sell_number, on_offer = sell.number, sell.quantity
            quantity = min(wanted, on_offer)
            wanted, on_offer = wanted - quantity, on_offer - quantity
            yield buy.number, sell_number, quantity


def _checked_price(clearing: Clearing, standing: dict[int, Order]) -> int:
    """The price of a clearing that fits these orders (0 where nothing traded), or BrokenInvariant."""
    price_pence = clearing.price_pence or 0
    bought = sum([fill.quantity for fill in clearing.fills if fill.side == Side.BUY])
    sold = sum([fill.quantity for fill in clearing.fills if fill.side == Side.SELL])
    if not bought == sold == clearing.volume:
        raise BrokenInvariant(f"an auction of {clearing.volume} units bought {bought} and sold {sold}")
    if len({fill.number for fill in clearing.fills}) != len(clearing.fills):
        raise BrokenInvariant("an auction filled one order twice")
    for fill in clearing.fills:
        order = standing.get(fill.number)
        if order is None or (order.seat, order.side) != (fill.seat, fill.side):
            raise BrokenInvariant(f"order {fill.number} was filled but does not stand as such")
        if not 0 < fill.quantity <= order.quantity:
            raise BrokenInvariant(f"order {fill.number} of {order.quantity} units was filled {fill.quantity}")
        sign = 1 if order.side == Side.BUY else -1
        if sign * price_pence > sign * order.limit_pence:
            raise BrokenInvariant(f"order {fill.number} was filled at {price_pence}, beyond its limit")
    return price_pence


def _exchange(buy: Order, sell: Order, quantity: int, price_pence: int, good: str) -> list[Transfer]:
    """Payment and delivery of one lot of units between two seats, both out of reserved accounts."""
    payment = Transfer(
        source=account(buy.seat, RESERVED),
        target=account(sell.seat),
        asset=PENCE,
        amount=quantity * price_pence,
    )
    delivery = Transfer(source=account(sell.seat, RESERVED), target=account(buy.seat), asset=good, amount=quantity)
    return [payment, delivery]
