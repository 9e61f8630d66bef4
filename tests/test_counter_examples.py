"""The bugs that DESIGN.md names, of marketplaces that were read or run: each put into ours, and found out.

A bid of -3 that clears (Concordia's marketplace), a matching engine that clones the thin side of a book (TwinMarket),
swapped arguments that move 30 shares for 10 (StockAgent), and eval on a model's output (EconAgent).
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import fivepenny
from books import order, random_orders, units
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cues import parse_grades
from fivepenny.errors import BrokenInvariant
from fivepenny.ledger.book import Book
from fivepenny.ledger.transfers import OUTSIDE, Refusal, RefusalCause
from fivepenny.market import exchange, orders
from fivepenny.market.auction import Clearing, clear, clear_admitted, settlement
from fivepenny.market.exchange import play_market
from fivepenny.market.orders import Admission, Order, OrderRefusal, Side, admit, reserve
from fivepenny.market.state import Market, move
from fivepenny.market.terms import OrderTerms
from fivepenny.minds.reply import parse_reply
from fivepenny.stage.town_workload import run_town_workload
from fivepenny.world import Move
from towns import listed, opened

Auction = Callable[[Iterable[Order], int, Random], Clearing]


def workload_breaches(moves: int = 1500) -> int:
    """What the workload of the whole world finds."""
    return run_town_workload(2, moves, ("south-sea",)).breach_count


def market_beat(market: Market, **terms: OrderTerms) -> list[Any]:
    """The bodies of a market beat in which each of these seats has this order."""
    market.log.beat = Beat.MARKET
    market.listings = {seat: listed(seat, order) for seat, order in terms.items()}
    play_market(market, {seat: Move(("x",)) for seat in terms})
    return [event.body for event in market.log.take()]


# ---- a bid of -3 that clears ----


@pytest.mark.parametrize("quantity", [-3, 0])
@pytest.mark.parametrize("side", list(Side))
def test_an_order_of_minus_three_neither_stands_nor_moves_anything(quantity: int, side: Side) -> None:
    market = opened()
    before = market.free("amber"), market.free("amber", "rye")
    happened = market_beat(market, amber=OrderTerms(side, "rye", quantity, 60))
    assert hap.OrderRefused("amber", side.value, "rye", OrderRefusal.QUANTITY_NOT_POSITIVE.value) in happened
    assert not any(isinstance(body, hap.Ordered) and body.seat == "amber" for body in happened)
    assert (market.free("amber"), market.free("amber", "rye")) == before


def test_a_bid_of_minus_three_pence_neither_stands_nor_moves_anything() -> None:
    market = opened()
    happened = market_beat(market, amber=OrderTerms(Side.BUY, "rye", 1, -3))
    assert hap.OrderRefused("amber", "buy", "rye", OrderRefusal.LIMIT_NOT_POSITIVE.value) in happened
    found = clear([order(1, "buy", 1, -3), order(2, "sell", 1, 1)], 5, Random(1))
    assert (found.price_pence, found.volume) == (None, 0)


def test_the_ledger_moves_no_minus_three_either() -> None:
    book = Book(("amber", "birch"), ("pence",))
    book.append([move(OUTSIDE, "amber", 100)])
    assert book.append([move("amber", "birch", -3)]) == Refusal(RefusalCause.AMOUNT_NOT_POSITIVE, 0)


def test_a_market_that_lets_it_in_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not workload_breaches()
    lax = orders.check_order

    def let_bids_of_minus_three_in(item: Order) -> OrderRefusal | None:
        cause = lax(item)
        return None if cause is OrderRefusal.QUANTITY_NOT_POSITIVE else cause

    monkeypatch.setattr(orders, "check_order", let_bids_of_minus_three_in)
    assert workload_breaches()


# ---- a matching engine that clones the thin side of a book ----


def find_clone(auction: Auction, tries: int = 300) -> str | None:
    """What is wrong with an auction on random books, thin and lopsided ones among them, by counting units."""
    for seed in range(tries):
        chance = Random(seed)
        book = random_orders(chance)
        found = auction(book, 6, chance)
        standing = {item.number: item for item in admit(book).admitted}
        for side in Side:
            filled = [fill for fill in found.fills if fill.side is side]
            if sum(fill.quantity for fill in filled) != found.volume:
                return f"{side} fills {sum(fill.quantity for fill in filled)} of {found.volume}"
            if found.volume > len(units(list(standing.values()), side)):
                return f"{found.volume} units traded, more than the {side} side has"
            if len({fill.number for fill in filled}) < len(filled):
                return f"an order to {side} was filled twice"
            if any(fill.quantity > standing[fill.number].quantity for fill in filled):
                return f"an order to {side} was filled beyond its quantity"
    return None


def clone_thin_side(book: Iterable[Order], reference_pence: int, lot: Random) -> Clearing:
    """An auction that copies the shorter side until it is as long as the other."""
    found = list(admit(book).admitted)
    sides = {side: [item for item in found if item.side is side] for side in Side}
    thin, thick = sorted(sides.values(), key=lambda side: sum(item.quantity for item in side))
    wanted, have = (sum(item.quantity for item in side) for side in (thick, thin))
    copies = wanted // have if have else 1
    cloned = [replace(item, quantity=item.quantity * copies) for item in thin]
    return clear([*cloned, *thick], reference_pence, lot)


def test_no_side_of_a_book_is_ever_cloned() -> None:
    assert find_clone(clear) is None
    found = clear([order(1, "buy", 30, 9), order(2, "sell", 1, 5)], 6, Random(1))
    assert [fill.quantity for fill in found.fills] == [1, 1]


def test_an_auction_that_clones_is_found_out() -> None:
    assert find_clone(clone_thin_side) is not None


def test_a_cloned_fill_cannot_be_settled() -> None:
    book = [order(1, "buy", 30, 9), order(2, "sell", 1, 5)]
    with pytest.raises(BrokenInvariant, match="order 2 of 1 units was filled 30"):
        settlement(clone_thin_side(book, 6, Random(1)), book, "rye")


def test_a_market_that_clones_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def clone(admission: Admission, reference_pence: int, draw_lot: Callable[[], Random]) -> Clearing:
        found = clear_admitted(admission, reference_pence, draw_lot)
        sold = [fill for fill in found.fills if fill.side is Side.SELL][:1]
        return replace(found, fills=(*found.fills, *sold))

    monkeypatch.setattr(exchange, "clear_admitted", clone)
    assert workload_breaches()


# ---- swapped arguments that move 30 shares for 10 ----


def test_price_and_quantity_cannot_change_places_unseen() -> None:
    make: Any = Order
    with pytest.raises(TypeError):
        make(1, "amber", Side.BUY, 10, 30)


def test_ten_shares_at_thirty_are_ten_shares_and_three_hundred_pence() -> None:
    book = [order(1, "buy", 10, 30, "amber"), order(2, "sell", 10, 30, "birch")]
    moved = settlement(clear(book, 30, Random(1)), book, "stock")
    assert {(row.source.owner, row.target.owner, row.asset, row.amount) for row in moved} == {
        ("amber", "birch", "pence", 300),
        ("birch", "amber", "stock", 10),
    }


def test_as_many_units_move_as_were_ordered_at_no_worse_a_price() -> None:
    market = opened()
    happened = market_beat(
        market, amber=OrderTerms(Side.BUY, "stock", 2, 400), birch=OrderTerms(Side.SELL, "stock", 2, 200)
    )
    (cleared,) = [body for body in happened if isinstance(body, hap.Cleared) and body.good == "stock"]
    bought = cleared.bought[cleared.buyers.index("amber")]
    assert cleared.price_pence is not None and cleared.price_pence <= 400
    assert 0 < bought <= 2
    assert market.free("amber", "stock") == 40 + bought
    assert market.free("amber") == 1000 - bought * cleared.price_pence


def test_a_market_that_swaps_them_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = exchange._order

    def swapped(market: Market, seat: str, side: Side, quantity: int, limit_pence: int) -> Order:
        return plain(market, seat, side, limit_pence, quantity)

    monkeypatch.setattr(exchange, "_order", swapped)
    assert workload_breaches()


def test_a_settlement_that_swaps_them_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(item: Order, good: str) -> Any:
        """Sets aside the units of a purchase as pence, and its price as units."""
        return reserve(replace(item, quantity=item.limit_pence, limit_pence=item.quantity), good)

    monkeypatch.setattr(exchange, "reserve", swapped)
    assert workload_breaches()


# ---- eval on a model's output ----

HOSTILE = (
    "__import__('pathlib').Path('pwned').touch()",
    '{"moves": [__import__("pathlib").Path("pwned").touch()], "say": ""}',
    '{"moves": ["buy rye"], "say": "{__import__(\'pathlib\').Path(\'pwned\').touch()}"}',
    "!!python/object/apply:pathlib.Path.touch [pwned]",
    "[print(open('pwned', 'w'))]",
)


@pytest.mark.parametrize("raw", HOSTILE)
def test_a_reply_is_read_and_never_run(raw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reply = parse_reply(raw, ("buy rye", "hold"), 3)
    assert set(reply.moves or ()) <= {"buy rye", "hold"}
    assert parse_grades(raw, 2) is None
    assert list(tmp_path.iterdir()) == []


RUNS_CODE = {"eval", "exec", "compile", "__import__"}


def calls_that_run_code(source: str) -> list[str]:
    """The calls in a source that could run a text as code."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [func.id for func in calls if isinstance(func, ast.Name) and func.id in RUNS_CODE]


def test_nothing_in_the_package_can_run_a_text() -> None:
    root = Path(fivepenny.__file__).parent
    found = {path.name: calls_that_run_code(path.read_text("utf-8")) for path in root.rglob("*.py")}
    assert {name: calls for name, calls in found.items() if calls} == {}
    assert calls_that_run_code("move = eval(reply)") == ["eval"]
