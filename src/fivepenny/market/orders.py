"""Orders for one good, what makes one acceptable, and what it reserves.

Knows nothing of prices that clear, of balances, or of why a seat orders. A bad order is refused by name; no
order is ever mended.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from operator import attrgetter
from typing import Final

from fivepenny.ledger.transfers import RESERVED, Transfer, account
from fivepenny.values import value

PENCE: Final = "pence"
MAX_QUANTITY: Final = 10**6
MAX_LIMIT_PENCE: Final = 10**6
"""Together these keep any reservation within the ledger's `MAX_AMOUNT`."""


class Side(StrEnum):
    """Which way an order goes."""

    BUY = "buy"
    SELL = "sell"


_SIDES = tuple(Side)


@value(kw_only=True)
class Order:
    """A wish to trade up to `quantity` units at `limit_pence` a unit or better.

    Keywords only, so that price and quantity cannot change places unseen. `number` is unique in an auction.
    """

    number: int
    seat: str
    side: Side
    quantity: int
    limit_pence: int


class OrderRefusal(StrEnum):
    """Why an order may not enter an auction; the first that holds, in this order."""

    NOT_AN_INTEGER = "not an integer"
    UNKNOWN_SIDE = "unknown side"
    QUANTITY_NOT_POSITIVE = "quantity not positive"
    QUANTITY_TOO_LARGE = "quantity too large"
    LIMIT_NOT_POSITIVE = "limit not positive"
    LIMIT_TOO_HIGH = "limit too high"
    DUPLICATE_NUMBER = "duplicate number"
    CROSSES_OWN_ORDER = "crosses own order"


@value()
class RefusedOrder:
    """An order that was left out, and why."""

    order: Order
    cause: OrderRefusal


@value()
class Admission:
    """Orders sorted into those that may enter, by number, and those refused."""

    admitted: tuple[Order, ...]
    refused: tuple[RefusedOrder, ...]


def check_order(order: Order) -> OrderRefusal | None:
    """What is wrong with an order by itself, or None."""
    # `type`, not `isinstance`: True is an int to Python.
    quantity, limit_pence = order.quantity, order.limit_pence
    if type(order.number) is not int or type(quantity) is not int or type(limit_pence) is not int:
        return OrderRefusal.NOT_AN_INTEGER
    if order.side not in _SIDES:
        return OrderRefusal.UNKNOWN_SIDE
    if quantity <= 0:
        return OrderRefusal.QUANTITY_NOT_POSITIVE
    if quantity > MAX_QUANTITY:
        return OrderRefusal.QUANTITY_TOO_LARGE
    if limit_pence <= 0:
        return OrderRefusal.LIMIT_NOT_POSITIVE
    if limit_pence > MAX_LIMIT_PENCE:
        return OrderRefusal.LIMIT_TOO_HIGH
    return None


def admit(orders: Iterable[Order], first: Collection[Order] = ()) -> Admission:
    """Sort out which orders may enter one auction together.

    Orders that share a number are all refused, since nothing says which is meant. A seat's own orders must
    not cross (its bid at or above its own ask): among them the lower number stands and the later one is
    refused, so that no seat can trade with itself at any price; but those of `first` (forced orders, which
    must not be ousted) stand before all others. What is left after taking some admitted orders away is still
    admissible.
    """
    refused: list[RefusedOrder] = []
    sound: list[Order] = []
    for order in orders:
        cause = check_order(order)
        if cause is None:
            sound.append(order)
        else:
            refused.append(RefusedOrder(order, cause))
    uses = Counter([order.number for order in sound])
    admitted: list[Order] = []
    highest_bid_pence: dict[str, int] = {}
    lowest_ask_pence: dict[str, int] = {}
    in_turn = sorted(sound, key=attrgetter("number"))
    for order in sorted(in_turn, key=lambda order: order not in first) if first else in_turn:
        seat, limit_pence = order.seat, order.limit_pence
        bid_pence = highest_bid_pence.get(seat, 0)
        ask_pence = lowest_ask_pence.get(seat, MAX_LIMIT_PENCE + 1)
        if order.side == Side.BUY:
            bid_pence = max(bid_pence, limit_pence)
        else:
            ask_pence = min(ask_pence, limit_pence)
        if uses[order.number] > 1:
            refused.append(RefusedOrder(order, OrderRefusal.DUPLICATE_NUMBER))
        elif bid_pence >= ask_pence:
            refused.append(RefusedOrder(order, OrderRefusal.CROSSES_OWN_ORDER))
        else:
            admitted.append(order)
            highest_bid_pence[seat], lowest_ask_pence[seat] = bid_pence, ask_pence
    admitted.sort(key=attrgetter("number"))
    return Admission(tuple(admitted), tuple(refused))


def reservation(order: Order, good: str) -> tuple[str, int]:
    """Asset and amount that an order must set aside: its whole cost at the limit, or the goods."""
    if order.side == Side.BUY:
        return PENCE, order.quantity * order.limit_pence
    return good, order.quantity


def reserve(order: Order, good: str) -> Transfer:
    """The transfer, not yet numbered, that sets an order's reservation aside. Only for admitted orders."""
    asset, amount = reservation(order, good)
    return Transfer(
        source=account(order.seat),
        target=account(order.seat, RESERVED),
        asset=asset,
        amount=amount,
    )
