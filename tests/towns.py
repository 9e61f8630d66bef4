"""Markets for tests: small ones in which nothing happens by itself, and towns played by anything that is legal."""

from collections.abc import Iterator
from random import Random
from typing import Any

from fivepenny.chronicle import Chronicle, parse_chronicle
from fivepenny.clock import BEATS, Beat
from fivepenny.events import Body, Event
from fivepenny.market.dawn import open_season, play_dawn
from fivepenny.market.dusk import play_dusk
from fivepenny.market.menus import Listing
from fivepenny.market.state import Market, open_market
from fivepenny.market.talk import play_talk, say
from fivepenny.market.terms import Rest, Terms
from fivepenny.market.town import Town
from fivepenny.scenario import Good, Scenario, Seat
from fivepenny.world import Line, Menu, Move, Option
from quiet_tables import quiet_table

SEATS = ("amber", "birch", "clay")
RYE = Good(name="rye", say="rye", unit="sack", units="sacks", price_pence=60)
SHARE = Good(name="stock", say="the stock", unit="share", units="shares", price_pence=300, share=True)


def seat(name: str, **changes: Any) -> Seat:
    """A seat that makes, needs and earns nothing: 1000 pence, 20 rye, 40 shares."""
    plain = {"trade": "baker", "wants": "flour", "cannot": "sleep", "speaks": "Plainly.", "steadiness": 3}
    names = {"name": name, "full_name": f"Ann {name.title()}", "first_name": "Ann"}
    return Seat(**(names | plain | {"purse_pence": 1000, "stock": {"rye": 20, "stock": 40}} | changes))


def scenario(*seats: Seat, **changes: Any) -> Scenario:
    """The scenario of these seats, the others as `seat` makes them; birch hears first."""
    given = {item.name: item for item in seats}
    plain: dict[str, Any] = {
        "name": "small", "title": "The Small", "place": "A TABLE", "days": 20, "goods": (RYE, SHARE),
        "hears_first": ("birch",), "shock_percent": 0, "seats": tuple(given.get(name) or seat(name) for name in SEATS),
    }  # fmt: skip
    return Scenario(**(plain | changes))


def chronicle(*rows: str) -> Chronicle:
    """A chronicle of rows `kind,effect,told,asset`, all of the first day."""
    lines = ["date,asset,kind,effect,told,headline,price,unit,source"]
    for number, row in enumerate(rows):
        kind, effect, told, asset = row.split(",")
        lines.append(f"1720-06-02,{asset},{kind},{effect},{told},Headline {number},,,s")
    return parse_chronicle("\n".join(lines), "x.csv")


def opened(play: Scenario | None = None, news: Chronicle | None = None, seed: int = 1) -> Market:
    """A market on its first day, everything handed out."""
    market = open_market(seed, 20, play or scenario(), news)
    open_season(market)
    market.log.take()
    return market


def listed(seat: str, terms: Terms, option: Option | None = None) -> Listing:
    """A menu of one option with these terms."""
    option = option or Option("x", "answer")
    return Listing(Menu(seat, (option,), option.phrase, 1), {option.phrase: terms})


def act(market: Market, beat: Beat = Beat.ADDRESS, **terms: Terms) -> tuple[Event, ...]:
    """What happens as each of these seats does what these terms say, in this order."""
    market.log.beat = beat
    market.log.take()
    market.listings = {name: listed(name, item) for name, item in terms.items()}
    play_talk(market, {name: Move(("x",)) for name in terms})
    return market.log.take()


def spoken(market: Market, speaker: str, option: Option) -> tuple[Event, ...]:
    """What happens as a seat says a line with an option."""
    market.log.take()
    market.listings = {speaker: listed(speaker, Rest(), option)}
    say(market, speaker, Move((option.phrase,), Line("Well.", "Well.")))
    return market.log.take()


def at_dawn(market: Market, day: int) -> tuple[Event, ...]:
    """What the dawn of a day brings."""
    market.log.day, market.log.beat = day, Beat.DAWN
    market.log.take()
    play_dawn(market)
    return market.log.take()


def at_dusk(market: Market, day: int = 0) -> tuple[Event, ...]:
    """What the dusk of a day brings; 0 is today."""
    market.log.day, market.log.beat = day or market.day, Beat.DUSK
    market.log.take()
    play_dusk(market)
    return market.log.take()


def bodies(events: tuple[Event, ...]) -> list[Any]:
    """What happened, without the envelopes."""
    return [event.body for event in events]


def of_kind(events: tuple[Event, ...], kind: type[Body]) -> tuple[Any, ...]:
    """The events whose body is of this kind."""
    return tuple(event for event in events if isinstance(event.body, kind))


# --- players who do anything that is legal ---


def legal(menu: Menu, lot: Random, most: int) -> Move:
    """Any moves that go together, none resting where there is another."""
    left = [phrase for phrase in menu.phrases if phrase != menu.rest]
    chosen: list[str] = []
    while left and len(chosen) < most:
        phrase = lot.choice(left)
        chosen.append(phrase)
        left = [other for other in left if other != phrase and other not in menu.option(phrase).excludes]
    return Move(tuple(chosen) or (menu.rest,))


def market_of(town: Town) -> Market:
    """The truth behind a town, which the tests look into."""
    return town._market


def beats(
    seed: int, answers: int = 2, days: int = 15, table: tuple[Scenario, Chronicle | None] | None = None
) -> Iterator[tuple[Beat, Town, dict[str, Menu], dict[str, Move]]]:
    """Beats of a season (of the quiet South Sea, unless another table is given) before they are applied, with the moves
    of players who do anything that is legal.
    """
    town, lot = Town(seed, days, *(table or quiet_table("south-sea"))), Random(seed)
    for _ in range(days):
        for beat in BEATS:
            menus = dict(town.menus(beat))
            most = {seat: min(menu.max_moves, answers if beat is Beat.ANSWER else 9) for seat, menu in menus.items()}
            moves = {seat: legal(menu, lot, lot.randint(1, most[seat])) for seat, menu in menus.items()}
            yield beat, town, menus, moves
