"""The call auction is exact, cannot be tricked by bad orders, and settles without fail."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import SEATS, BruteForce, brute_force, order, random_orders, units
from fivepenny.errors import BrokenInvariant, WrongUse
from fivepenny.ledger.book import Book
from fivepenny.ledger.transfers import MAX_AMOUNT, OUTSIDE, RESERVED, Account, Posted, Transfer
from fivepenny.market.auction import Clearing, Fill, clear, settlement
from fivepenny.market.efficiency import possible_surplus_pence, zero_intelligence_efficiency
from fivepenny.market.orders import (
    MAX_LIMIT_PENCE,
    MAX_QUANTITY,
    Order,
    OrderRefusal,
    Side,
    admit,
    check_order,
    reservation,
    reserve,
)


def lot(seed: int = 0) -> random.Random:
    return random.Random(seed)


def surplus(clearing: Clearing, orders: Sequence[Order]) -> int:
    limits = {entry.number: entry.limit_pence for entry in orders}
    return sum(fill.quantity * limits[fill.number] * (1 if fill.side is Side.BUY else -1) for fill in clearing.fills)


def check_fills(clearing: Clearing, orders: Sequence[Order]) -> None:
    """Every fill is within its order and the price; each side trades the volume; better limits go first."""
    filled = {fill.number: fill.quantity for fill in clearing.fills}
    assert list(filled) == sorted(filled) and len(filled) == len(clearing.fills)
    assert set(filled) <= {entry.number for entry in orders}
    for side in Side:
        own = [entry for entry in orders if entry.side is side]
        assert sum(filled.get(entry.number, 0) for entry in own) == clearing.volume
        partly = [entry for entry in own if 0 < filled.get(entry.number, 0) < entry.quantity]
        assert len(partly) <= 1
        for entry in own:
            assert 0 <= filled.get(entry.number, 0) <= entry.quantity
            if entry.number in filled:
                assert clearing.price_pence is not None
                sign = 1 if side is Side.BUY else -1
                assert sign * entry.limit_pence >= sign * clearing.price_pence
                better = [other for other in own if sign * other.limit_pence > sign * entry.limit_pence]
                assert all(filled.get(other.number) == other.quantity for other in better)


def test_an_order_that_comes_first_is_not_ousted_by_one_of_its_seat_with_a_lower_number() -> None:
    bid, ask, other = order(1, "buy", 1, 9, "amber"), order(2, "sell", 1, 5, "amber"), order(3, "buy", 1, 9, "birch")
    assert [item.number for item in admit([bid, ask, other]).admitted] == [1, 3]
    assert [item.number for item in admit([bid, ask, other], [ask]).admitted] == [2, 3]
    assert [item.order.number for item in admit([bid, ask, other], [ask]).refused] == [1]


def test_ten_thousand_random_books_against_brute_force() -> None:
    chance = lot(1720)
    traded = off_limit = 0
    for book_number in range(10_000):
        seats = SEATS if book_number % 2 else [f"seat {number}" for number in range(10)]
        orders = random_orders(chance, seats)
        reference_pence = chance.randint(-1, 15)
        clearing = clear(orders, reference_pence, chance)
        entered = admit(orders).admitted
        best = brute_force(entered, reference_pence)
        reached = surplus(clearing, entered)
        assert BruteForce(clearing.price_pence, clearing.volume, reached) == best, orders
        pairs = zip(units(entered, Side.BUY), units(entered, Side.SELL), strict=False)
        assert reached == sum(max(bid - ask, 0) for bid, ask in pairs), "more than any one price could give"
        check_fills(clearing, entered)
        sides = {fill.seat: fill.side for fill in clearing.fills}
        assert all(sides[fill.seat] is fill.side for fill in clearing.fills), "a seat traded with itself"
        traded += clearing.volume > 0
        limits = {entry.limit_pence for entry in entered}
        off_limit += clearing.price_pence is not None and clearing.price_pence not in limits
    assert traded > 4_000 and off_limit > 300


@pytest.mark.parametrize(
    ("reference_pence", "price_pence"), [(1, 4), (4, 4), (6, 6), (9, 9), (10, 9), (500, 9), (-7, 4)]
)
def test_between_the_limits_the_reference_decides(reference_pence: int, price_pence: int) -> None:
    orders = [order(1, "buy", 2, 9), order(2, "sell", 2, 4)]
    clearing = clear(orders, reference_pence, lot())
    assert (clearing.price_pence, clearing.volume) == (price_pence, 2)


def test_least_imbalance_comes_before_the_reference() -> None:
    orders = [order(1, "buy", 5, 10), order(2, "buy", 5, 8), order(3, "sell", 5, 2)]
    assert clear(orders, 3, lot()).price_pence == 9


@pytest.mark.parametrize(("reference_pence", "price_pence"), [(-1, 1), (5, 5), (6, 6), (20, 9)])
def test_too_much_and_too_little_by_the_same_count_are_equally_good(reference_pence: int, price_pence: int) -> None:
    # One unit too few on offer up to 5, one too many from 6 on: the good prices are still one interval.
    orders = [order(1, "buy", 1, 9), order(2, "buy", 1, 5), order(3, "sell", 1, 1), order(4, "sell", 1, 6)]
    assert clear(orders, reference_pence, lot()).price_pence == price_pence


@pytest.mark.parametrize("orders", [[], [order(1, "buy", 1, 5)], [order(1, "buy", 1, 5), order(2, "sell", 1, 6)]])
def test_without_a_crossing_nothing_trades(orders: list[Order]) -> None:
    assert clear(orders, 5, lot()) == Clearing(None, 0, ())


def test_a_bid_of_minus_three_does_not_clear() -> None:
    bad, ask = order(1, "buy", 5, -3), order(2, "sell", 5, 1)
    clearing = clear([bad, ask], 1, lot())
    assert (clearing.price_pence, clearing.volume, clearing.fills) == (None, 0, ())
    assert [(refused.order, refused.cause) for refused in clearing.refused] == [(bad, OrderRefusal.LIMIT_NOT_POSITIVE)]
    # Nor does an ask below nothing drag the price down for an honest bid.
    assert clear([order(1, "buy", 5, 4), order(2, "sell", 5, -3)], 1, lot()).volume == 0


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"limit_pence": 0}, OrderRefusal.LIMIT_NOT_POSITIVE),
        ({"limit_pence": MAX_LIMIT_PENCE + 1}, OrderRefusal.LIMIT_TOO_HIGH),
        ({"limit_pence": 3.0}, OrderRefusal.NOT_AN_INTEGER),
        ({"limit_pence": True}, OrderRefusal.NOT_AN_INTEGER),
        ({"quantity": 0}, OrderRefusal.QUANTITY_NOT_POSITIVE),
        ({"quantity": -2}, OrderRefusal.QUANTITY_NOT_POSITIVE),
        ({"quantity": MAX_QUANTITY + 1}, OrderRefusal.QUANTITY_TOO_LARGE),
        ({"quantity": 1.5}, OrderRefusal.NOT_AN_INTEGER),
        ({"number": "1"}, OrderRefusal.NOT_AN_INTEGER),
        ({"side": "borrow"}, OrderRefusal.UNKNOWN_SIDE),
    ],
)
def test_a_bad_order_is_refused_by_name_and_the_others_trade(changes: dict[str, object], cause: OrderRefusal) -> None:
    fields = {"number": 9, "seat": "amber", "side": Side.BUY, "quantity": 1, "limit_pence": 5} | changes
    bad = Order(**fields)  # type: ignore[arg-type]
    assert check_order(bad) is cause
    clearing = clear([order(1, "buy", 1, 5), bad, order(2, "sell", 1, 5)], 5, lot())
    assert [refused.cause for refused in clearing.refused] == [cause]
    assert {fill.number for fill in clearing.fills} == {1, 2}


def test_price_and_quantity_cannot_change_places_unseen() -> None:
    with pytest.raises(TypeError):
        Order(1, "amber", Side.BUY, 10, 30)  # type: ignore[misc]
    with pytest.raises(TypeError):
        Fill(1, "amber", Side.BUY, 10)  # type: ignore[misc]


def test_the_thin_side_is_neither_cloned_nor_changed() -> None:
    orders = [order(1, "sell", 2, 3), *(order(number, "buy", 10, 5) for number in range(2, 8))]
    before = list(orders)
    first = clear(orders, 4, lot(3))
    assert orders == before and all(entry is old for entry, old in zip(orders, before, strict=True))
    assert first.volume == 2
    assert sum(fill.quantity for fill in first.fills if fill.side is Side.BUY) == 2
    assert clear(orders, 4, lot(3)) == first


def test_a_reference_that_is_no_integer_stops_the_season() -> None:
    with pytest.raises(BrokenInvariant, match="integer"):
        clear([], 4.5, lot())  # type: ignore[arg-type]


def test_orders_that_share_a_number_are_all_refused() -> None:
    orders = [order(1, "buy", 1, 5), order(1, "buy", 2, 6), order(2, "sell", 1, 4)]
    clearing = clear(orders, 5, lot())
    assert clearing.volume == 0
    assert [refused.cause for refused in clearing.refused] == [OrderRefusal.DUPLICATE_NUMBER] * 2


def test_a_seat_cannot_trade_with_itself() -> None:
    own = [order(1, "buy", 3, 6, "amber"), order(2, "sell", 3, 6, "amber"), order(3, "sell", 3, 7, "amber")]
    for given_orders in (own, own[::-1]):
        admission = admit(given_orders)
        assert [entry.number for entry in admission.admitted] == [1, 3]
        assert [(entry.order.number, entry.cause) for entry in admission.refused] == [
            (2, OrderRefusal.CROSSES_OWN_ORDER)
        ]
        assert clear(given_orders, 6, lot()).volume == 0
    # Buying low and selling high at once is no fault.
    others = [order(4, "sell", 1, 5, "birch"), order(5, "buy", 1, 8, "cedar")]
    clearing = clear([own[0], own[2], *others], 6, lot())
    assert clearing.refused == () and clearing.volume >= 1


def test_among_equal_limits_the_lot_is_fair_and_seeded() -> None:
    orders = [order(number, "buy", 1, 5) for number in (1, 2, 3)] + [order(4, "sell", 1, 5)]
    winners = Counter(clear(orders, 5, lot(seed)).fills[0].number for seed in range(3000))
    assert all(880 < winners[number] < 1120 for number in (1, 2, 3)), winners
    assert [clear(orders, 5, lot(7)) for _ in range(3)] == [clear(orders, 5, lot(7))] * 3


def test_better_limits_go_before_the_lot() -> None:
    orders = [order(1, "buy", 2, 7), order(2, "buy", 2, 9), order(3, "buy", 2, 7), order(4, "sell", 3, 7)]
    for seed in range(50):
        filled = {fill.number: fill.quantity for fill in clear(orders, 7, lot(seed)).fills}
        assert filled[2] == 2 and filled.get(1, 0) + filled.get(3, 0) == 1


def test_no_lot_is_drawn_where_everyone_is_served() -> None:
    chance = lot(5)
    before = chance.getstate()
    clear([order(1, "buy", 1, 5), order(2, "buy", 1, 5), order(3, "sell", 2, 5)], 5, chance)
    assert chance.getstate() == before


def test_the_order_of_asking_changes_nothing() -> None:
    chance = lot(11)
    for seed in range(300):
        orders = random_orders(chance)
        shuffled = chance.sample(orders, len(orders))
        assert clear(orders, 6, lot(seed)) == clear(shuffled, 6, lot(seed))


def test_wide_prices_and_many_orders_need_no_walk_over_every_penny() -> None:
    chance = lot(2)
    orders = [
        order(number, chance.choice(("buy", "sell")), chance.randint(1, 1000), chance.randint(1, MAX_LIMIT_PENCE))
        for number in range(3000)
    ]
    clearing = clear(orders, 500_000, chance)
    check_fills(clearing, orders)
    assert clearing.volume > 0
    assert surplus(clearing, orders) == sum(
        max(bid - ask, 0) for bid, ask in zip(units(orders, Side.BUY), units(orders, Side.SELL), strict=False)
    )


def test_reservations_are_the_whole_cost_or_the_goods() -> None:
    assert reservation(order(1, "buy", 3, 7), "rye") == ("pence", 21)
    assert reservation(order(1, "sell", 3, 7), "rye") == ("rye", 3)
    assert MAX_QUANTITY * MAX_LIMIT_PENCE <= MAX_AMOUNT


def opened(purse_pence: int, stock: int) -> Book:
    """A book in which every seat has the same purse and stock."""
    book = Book(SEATS, ("pence", "rye"))
    gifts = [
        Transfer(source=Account(OUTSIDE), target=Account(seat), asset=asset, amount=amount)
        for seat in SEATS
        for asset, amount in (("pence", purse_pence), ("rye", stock))
    ]
    assert isinstance(book.apply(book.numbered(gifts)), Posted)
    return book


@given(seed=st.integers(0, 2**32), purse_pence=st.integers(1, 150), stock=st.integers(1, 15))
def test_settlement_cannot_fail_and_leaves_nothing_reserved(seed: int, purse_pence: int, stock: int) -> None:
    chance = lot(seed)
    book = opened(purse_pence, stock)
    # The outside world trades too, with a purse without end.
    wishes = admit(random_orders(chance, (*SEATS, OUTSIDE))).admitted
    standing = [wish for wish in wishes if isinstance(book.apply(book.numbered([reserve(wish, "rye")])), Posted)]
    clearing = clear(standing, chance.randint(1, 12), chance)
    transfers = settlement(clearing, standing, "rye")
    if standing:
        assert isinstance(book.apply(book.numbered(transfers)), Posted)
    else:
        assert transfers == ()
    book.verify()
    price_pence = clearing.price_pence or 0
    pence, rye = Counter(dict.fromkeys(SEATS, purse_pence)), Counter(dict.fromkeys(SEATS, stock))
    pence[OUTSIDE], rye[OUTSIDE] = -purse_pence * len(SEATS), -stock * len(SEATS)
    for fill in clearing.fills:
        sign = 1 if fill.side is Side.BUY else -1
        pence[fill.seat] -= sign * fill.quantity * price_pence
        rye[fill.seat] += sign * fill.quantity
    for seat in (*SEATS, OUTSIDE):
        assert book.balance(seat, "pence") == pence[seat]
        assert book.balance(seat, "rye") == rye[seat]
        assert book.balance(seat, "pence", RESERVED) == book.balance(seat, "rye", RESERVED) == 0


def test_the_largest_orders_settle() -> None:
    book = Book(("amber", "birch"), ("pence", "rye"))
    orders = [
        order(1, "buy", MAX_QUANTITY, MAX_LIMIT_PENCE, "amber"),
        order(2, "sell", MAX_QUANTITY, MAX_LIMIT_PENCE, "birch"),
    ]
    gifts = [
        Transfer(source=Account(OUTSIDE), target=Account(entry.seat), asset=asset, amount=amount)
        for entry in orders
        for asset, amount in [reservation(entry, "rye")]
    ]
    held = [reserve(entry, "rye") for entry in orders]
    transfers = settlement(clear(orders, 1, lot()), orders, "rye")
    assert isinstance(book.apply(book.numbered([*gifts, *held, *transfers])), Posted)
    assert book.balance("amber", "rye") == MAX_QUANTITY


BUY, SELL = order(1, "buy", 2, 6), order(2, "sell", 2, 4)
BOUGHT = Fill(number=1, seat="seat 1", side=Side.BUY, quantity=2)
SOLD = Fill(number=2, seat="seat 2", side=Side.SELL, quantity=2)


@pytest.mark.parametrize(
    ("clearing", "complaint"),
    [
        (Clearing(5, 2, (BOUGHT,)), "bought 2 and sold 0"),
        (Clearing(5, 1, (BOUGHT, SOLD)), "of 1 units"),
        (Clearing(7, 2, (BOUGHT, SOLD)), "beyond its limit"),
        (Clearing(3, 2, (BOUGHT, SOLD)), "beyond its limit"),
        (Clearing(5, 4, (BOUGHT, BOUGHT, SOLD, SOLD)), "twice"),
        (
            Clearing(
                5,
                3,
                (
                    Fill(number=1, seat="seat 1", side=Side.BUY, quantity=3),
                    Fill(number=2, seat="seat 2", side=Side.SELL, quantity=3),
                ),
            ),
            "was filled 3",
        ),
        (Clearing(5, 2, (BOUGHT, Fill(number=3, seat="x", side=Side.SELL, quantity=2))), "does not stand"),
        (Clearing(5, 2, (BOUGHT, Fill(number=2, seat="x", side=Side.SELL, quantity=2))), "does not stand"),
    ],
)
def test_a_clearing_that_does_not_fit_its_orders_is_not_settled(clearing: Clearing, complaint: str) -> None:
    assert settlement(Clearing(5, 2, (BOUGHT, SOLD)), [BUY, SELL], "rye")
    with pytest.raises(BrokenInvariant, match=complaint):
        settlement(clearing, [BUY, SELL], "rye")


def test_possible_surplus_is_the_best_matching() -> None:
    for values in combinations_with_replacement(range(1, 6), 2):
        for costs in combinations_with_replacement(range(1, 6), 3):
            matchings = [
                max(values[0] - costs[first], 0) + max(values[1] - costs[second], 0)
                for first in range(3)
                for second in range(3)
                if first != second
            ]
            assert possible_surplus_pence(values, costs) == max(matchings)


def test_zero_intelligence_reaches_what_theory_says() -> None:
    # For many traders with uniform worths, one call at the middle price p = 1/2 realises, a side,
    # the integral over v in [p, 1] of (v - p)(1 - p/v) = 3/8 - 1/2 + ln(2)/4 of a possible 1/8: 38.6%.
    report = zero_intelligence_efficiency(3, 60, traders_a_side=300)
    assert report.low < 0.386 < report.high
    assert report.high - report.low < 0.03


def test_more_calls_and_more_traders_make_zero_intelligence_better() -> None:
    one = zero_intelligence_efficiency(4, 200)
    many = zero_intelligence_efficiency(4, 200, calls=30)
    assert 0 < one.low < one.mean < one.high < many.low < many.high <= 1
    assert zero_intelligence_efficiency(4, 200) == one
    assert zero_intelligence_efficiency(5, 200) != one


@pytest.mark.parametrize("wrong", [{"rounds": 1}, {"traders_a_side": 0}, {"calls": 0}])
def test_efficiency_of_nothing_is_wrong_use(wrong: dict[str, int]) -> None:
    with pytest.raises(WrongUse):
        zero_intelligence_efficiency(**({"seed": 1, "rounds": 2} | wrong))
