"""For the tests of words: seasons in which people mind manners, promise, threaten and bribe."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from fivepenny.chronicle import Chronicle
from fivepenny.claims import ClaimKind
from fivepenny.clock import BEATS, Beat
from fivepenny.company.cast import company_references
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.state import Market
from fivepenny.market.terms import TipTerms
from fivepenny.market.town import Town
from fivepenny.market.words_terms import TipInManner
from fivepenny.parts import Manner
from fivepenny.scenario import Scenario
from fivepenny.stage.house import open_house
from fivepenny.world import Move
from quiet_tables import quiet_table
from towns import act, legal

Manners = tuple[Manner, ...]
TASTES: dict[str, tuple[Manners, Manners]] = {
    "marrow": (("plain",), ("flattering",)),
    "quill": (("flattering",), ("menacing",)),
    "vesper": (("warm",), ("evasive",)),
    "brock": (("plain",), ("flattering", "warm")),
    "tansy": (("warm",), ("menacing", "evasive")),
}
"""What moves each of the five, and what puts it off."""


@cache
def talking(name: str = "south-sea") -> tuple[Scenario, Chronicle | None]:
    """A shipped scenario with the custom of words."""
    plain, chronicle = quiet_table(name)
    seats = tuple(
        seat.model_copy(update={"moved_by": TASTES[seat.name][0], "put_off_by": TASTES[seat.name][1]})
        if seat.name in TASTES
        else seat
        for seat in plain.seats
    )
    return plain.model_copy(update={"customs": ("words",), "seats": seats}), chronicle


def header(company: str, seed: int, days: int, name: str = "south-sea") -> Header:
    """The header of a season of talkers."""
    scenario, chronicle = talking(name)
    return Header(seed, days, scenario, chronicle, company_references(company, scenario))


def play(path: Path, head: Header) -> tuple[Event, ...]:
    """Play a season of rule policies to this path."""
    with SeasonFile.create(path, head) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return tuple(file.events())


@cache
def talked(company: str, seed: int, days: int = 30, name: str = "south-sea") -> tuple[Header, tuple[Event, ...]]:
    """A season of talkers, kept."""
    head = header(company, seed, days, name)
    return head, play(IN_MEMORY, head)


def towns(seed: int, days: int = 12) -> Iterator[tuple[Town, Beat, dict[str, Move]]]:
    """A town of talkers who do anything that is legal, before each beat is applied."""
    town, lot = Town(seed, days, *talking()), Random(seed)
    for _ in range(days):
        for beat in BEATS:
            menus = town.menus(beat)
            yield town, beat, {seat: legal(menu, lot, menu.max_moves) for seat, menu in menus.items()}


def tell(market: Market, teller: str, hearer: str, claim: int | None, manner: Manner = "plain") -> Event:
    """What happens as one tells another of the stock: a claim that stands, or one that it makes up."""
    tip = TipTerms(hearer, "stock", ClaimKind.WILL_RISE, claim, 40 if claim else 0)
    (event,) = act(market, Beat.ADDRESS, **{teller: TipInManner(tip, manner)})
    return event
