"""The market phase: orders with their reservations, outside trade, one call auction a good, settlement."""

from collections.abc import Collection, Iterable, Mapping

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.events import EVERYONE, Body
from fivepenny.ledger.transfers import OUTSIDE, Refusal
from fivepenny.market.auction import Clearing, clear_admitted, settle_admitted
from fivepenny.market.estates import reserve_pence, surplus_of
from fivepenny.market.flows import ordinary_flows, pushed_flows
from fivepenny.market.hire import buy_ins, enter_trades
from fivepenny.market.orders import MAX_LIMIT_PENCE, Admission, Order, Side, admit, reserve
from fivepenny.market.pacts import judge_pacts
from fivepenny.market.state import Flow, Market
from fivepenny.market.talk import say
from fivepenny.market.terms import OrderTerms
from fivepenny.market.words import watch_trade
from fivepenny.world import Move

ANCHOR_PARTS = (1, 3)  # how the outside world values a good: parts of its opening price, parts of the last
SHARE_PARTS = (1, 31)  # the same for a share, whose worth is what people think of it
SHARE_UNITS_A_PERCENT, GOOD_UNITS_A_PERCENT = 2, 1  # imbalance that moves the valuation by a hundredth
MOST_LEAN_PERCENT = 8  # how far one day's one-sided orders move the outside world's valuation


def _order(market: Market, seat: str, side: Side, quantity: int, limit_pence: int) -> Order:
    return Order(number=market.number("order"), seat=seat, side=side, quantity=quantity, limit_pence=limit_pence)


def _outside_orders(market: Market, good: str) -> list[Order]:
    """Outside trade: at the outside world's own valuation for the ordinary, at the last price for the pushed."""
    orders: list[Order] = []
    based = [(flow, market.last_pence[good]) for flow in pushed_flows(market, good)]
    based += [(flow, market.fair_pence[good]) for flow in ordinary_flows(market, good)]
    for flow, base_pence in based:
        sign = 1 if flow.side is Side.BUY else -1
        limit_pence = max(1, min(MAX_LIMIT_PENCE, base_pence * (100 + sign * flow.reach_percent) // 100))
        orders.append(_order(market, OUTSIDE, flow.side, flow.quantity, limit_pence))
    return orders


def _forced_orders(market: Market) -> dict[str, list[Order]]:
    """What is sold today of those who have failed, by good."""
    forced: dict[str, list[Order]] = {good: [] for good in market.last_pence}
    for seat in market.estates:
        for good, quantity in surplus_of(market, seat).items():
            forced[good].append(_order(market, seat, Side.SELL, quantity, reserve_pence(market.last_pence[good])))
    return forced


def _stood(order: Order, good: str, forced: Collection[Order]) -> tuple[tuple[str, ...], Body]:
    """What is told of an order that stands, and who is told: a seat of its own, everyone of a forced one."""
    if order in forced and order.side is Side.BUY:
        return EVERYONE, hires.ForcedPurchase(order.seat, good, order.quantity, order.limit_pence)
    if order in forced:
        return EVERYONE, fail.ForcedSale(order.seat, good, order.quantity, order.limit_pence)
    audience = () if order.seat == OUTSIDE else (order.seat,)
    return audience, hap.Ordered(order.seat, str(order.side), good, order.quantity, order.limit_pence)


def _stand(market: Market, good: str, orders: list[Order], forced: list[Order]) -> Admission:
    """Admit orders and reserve what they need; those that may not or cannot stand are refused by name."""
    forced = [*forced, *(_order(market, seat, Side.BUY, *wanted) for seat, *wanted in buy_ins(market, good))]
    orders = [*orders, *forced, *_outside_orders(market, good)]
    admission = admit(orders, forced)
    standing: list[Order] = []
    refused: list[tuple[Order, str]] = [(item.order, item.cause.value) for item in admission.refused]
    for order in admission.admitted:
        outcome = market.try_post(reserve(order, good))
        if isinstance(outcome, Refusal):
            refused.append((order, outcome.cause.value))
            continue
        standing.append(order)
        market.emit(*_stood(order, good, forced), outcome)
    for order, cause in refused:
        audience = () if order.seat == OUTSIDE else (order.seat,)
        market.emit(audience, hap.OrderRefused(order.seat, order.side.value, good, cause))
    return Admission(tuple(standing), ())


def _sums(clearing: Clearing, side: Side) -> tuple[tuple[str, ...], tuple[int, ...]]:
    totals: dict[str, int] = {}
    for fill in clearing.fills:
        if fill.side is side:
            totals[fill.seat] = totals.get(fill.seat, 0) + fill.quantity
    seats = tuple(sorted(totals))
    return seats, tuple(totals[seat] for seat in seats)


def _imbalance(orders: Iterable[Order | Flow]) -> int:
    """Units wanted less units offered."""
    return sum([order.quantity if order.side is Side.BUY else -order.quantity for order in orders])


def _value_anew(market: Market, good: str, imbalance: int) -> None:
    """The outside world asks more where buyers crowd, less where sellers do, even on a day without a trade."""
    item = market.scenario.good(good)
    opening, last = SHARE_PARTS if item.share else ANCHOR_PARTS
    units = SHARE_UNITS_A_PERCENT if item.share else GOOD_UNITS_A_PERCENT
    lean = max(-MOST_LEAN_PERCENT * units, min(MOST_LEAN_PERCENT * units, imbalance))
    leaned_pence = market.last_pence[good] * (100 * units + lean) // (100 * units)
    market.fair_pence[good] = max(2, (opening * item.price_pence + last * leaned_pence) // (opening + last))


def _auction(market: Market, good: str, standing: Admission) -> None:
    clearing = clear_admitted(standing, market.last_pence[good], lambda: market.lot("auction", good))
    sealed = market.post(*settle_admitted(clearing, standing, good))
    buyers, bought = _sums(clearing, Side.BUY)
    sellers, sold = _sums(clearing, Side.SELL)
    body = hap.Cleared(good, clearing.price_pence, clearing.volume, buyers, bought, sellers, sold)
    market.emit(EVERYONE, body, sealed)
    watch_trade(market, body)
    enter_trades(market, body)
    if clearing.price_pence is not None:
        market.last_pence[good] = clearing.price_pence
    own = [order for order in standing.admitted if order.seat != OUTSIDE]
    _value_anew(market, good, _imbalance([*own, *pushed_flows(market, good)]))


def play_market(market: Market, moves: Mapping[str, Move]) -> None:
    """Play the market phase."""
    orders: dict[str, list[Order]] = {good: [] for good in market.last_pence}
    for seat, chosen in moves.items():
        for phrase in chosen.phrases:
            terms = market.listings[seat].terms[phrase]
            if isinstance(terms, OrderTerms):
                order = _order(market, seat, terms.side, terms.quantity, terms.limit_pence)
                orders[terms.good].append(order)
        say(market, seat, chosen)
    forced = _forced_orders(market)
    for good, placed in orders.items():
        _auction(market, good, _stand(market, good, placed, forced[good]))
    judge_pacts(market)
    market.flows = [flow for flow in market.flows if flow.until_day > market.day]
