"""For the tests of paper: tables that keep the custom, and seasons played at them."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fivepenny.chronicle import Chronicle
from fivepenny.clock import BEATS
from fivepenny.company.cast import company_references
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.state import Market
from fivepenny.market.town import Town
from fivepenny.scenario import Scenario
from fivepenny.stage.house import open_house
from insolvents import deep_in_debt
from quiet_tables import quiet_table
from towns import legal, opened, scenario

PAPER_ACTS = frozenset({"extend", "cede", "assume", "counter", "agree", "decline"})


def with_paper(play: Scenario) -> Scenario:
    """The same scenario, its table keeping the custom."""
    return play.model_copy(update={"customs": ("paper",)})


def at_paper(*seats: Any, **changes: Any) -> Market:
    """A small market that keeps the custom, on its first day, everything handed out."""
    return opened(scenario(*seats, **changes, customs=("paper",)))


def play(header: Header, path: Path | str = IN_MEMORY) -> tuple[Event, ...]:
    """The events of a whole season."""
    with SeasonFile.create(path, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return tuple(file.events())


def pinched() -> Scenario:
    """The default scenario where nobody but the banker has much, and nobody earns: loans that are not paid."""
    plain = quiet_table("south-sea")[0]
    poor = {"purse_pence": 500, "income_pence": 0, "craft": None}
    seats = [item if item.name == "marrow" else item.model_copy(update=poor) for item in plain.seats]
    return plain.model_copy(update={"seats": tuple(seats), "chronicle": None})


def header_of(name: str, seed: int, days: int, company: str) -> Header:
    """The header of a season at a table with the custom; 'debt' is a town deep in it, 'pinched' a poor one."""
    made = {"debt": lambda: deep_in_debt(seed), "pinched": pinched}.get(name)
    given: tuple[Scenario, Chronicle | None] = (made(), None) if made else quiet_table(name)
    table = with_paper(given[0])
    return Header(seed, days, table, given[1], company_references(company, table))


@cache
def played(name: str, seed: int, days: int, company: str) -> tuple[Header, tuple[Event, ...]]:
    """A season of a scenario with the custom."""
    header = header_of(name, seed, days, company)
    return header, play(header)


def any_legal(seed: int, days: int) -> list[tuple[Town, tuple[Event, ...], Town]]:
    """Town, events and a fork that went the same way, beat by beat, of players deep in debt who do anything legal."""
    town, lot, found = Town(seed, days, with_paper(deep_in_debt(seed)), None), Random(seed), []
    for _ in range(days):
        for beat in BEATS:
            menus = town.menus(beat)
            moves = {name: legal(menu, lot, min(2, menu.max_moves)) for name, menu in menus.items()}
            twin = town.fork()
            events = town.apply(beat, moves)
            twin.apply(beat, moves)
            found.append((town.fork(), events, twin))
    return found
