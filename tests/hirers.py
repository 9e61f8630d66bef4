"""For the tests of hires: tables where goods may be hired, hires already made, and seasons in which they go wrong."""

from pathlib import Path
from typing import Any

from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.hires import HireAsked
from fivepenny.journal import SeasonFile
from fivepenny.market.exchange import play_market
from fivepenny.market.hire_terms import HIRE_DAYS, ReplyToHire, StandingHire, fee_pence, margin_pence
from fivepenny.market.orders import Side
from fivepenny.market.state import Market
from fivepenny.market.terms import OrderTerms
from fivepenny.scenario import Scenario, Seat
from fivepenny.stage.house import open_house
from fivepenny.world import Move
from insolvents import deep_in_debt
from quiet_tables import quiet_table
from towns import act, listed, opened, scenario


def table(*seats: Seat, **changes: Any) -> Scenario:
    """A small table at which goods are hired."""
    return scenario(*seats, **({"customs": ("hire",)} | changes))


def asked(market: Market, hirer: str, owner: str, good: str, quantity: int) -> HireAsked:
    """What a hirer would ask of an owner, at the terms of the day."""
    value_pence = quantity * market.last_pence[good]
    due_day = market.day + HIRE_DAYS
    return HireAsked(hirer, owner, good, quantity, fee_pence(value_pence), margin_pence(value_pence), due_day)


def hire(market: Market, hirer: str, owner: str, good: str = "rye", quantity: int = 6) -> StandingHire:
    """A hire that is asked for and agreed to on the spot."""
    act(market, Beat.ANSWER, **{owner: ReplyToHire(asked(market, hirer, owner, good, quantity), True)})
    return market.hires[market.numbers["hire"]]


def with_hire(day: int = 1) -> Market:
    """A market in which birch has six sacks of amber's on hire since a day."""
    market = opened(table())
    market.log.day = day
    hire(market, "birch", "amber")
    return market


def trade(market: Market, day: int, **orders: tuple[str, str, int, int]) -> tuple[Event, ...]:
    """What the market phase of a day brings with these orders: side, good, units, limit."""
    market.log.day, market.log.beat = day, Beat.MARKET
    market.log.take()
    terms = {name: OrderTerms(Side(order[0]), *order[1:]) for name, order in orders.items()}
    market.listings = {name: listed(name, item) for name, item in terms.items()}
    play_market(market, {name: Move(("x",)) for name in terms})
    return market.log.take()


def with_custom(reference: str) -> Scenario:
    """A shipped scenario at whose table goods are hired."""
    return quiet_table(reference)[0].model_copy(update={"customs": ("hire",)})


def short_of_money(reference: str) -> Scenario:
    """A shipped scenario with hires, purses cut to a third, and players who draw almost by chance."""
    plain = with_custom(reference)
    seats = tuple(
        item.model_copy(update={"purse_pence": item.purse_pence // 3, "steadiness": 1}) for item in plain.seats
    )
    return plain.model_copy(update={"seats": seats})


def owing(reference: str, seed: int) -> Scenario:
    """The same, with loans between its seats of which some are too large."""
    return short_of_money(reference).model_copy(update={"debts": deep_in_debt(seed).debts})


def play_hires(path: Path, seed: int, play: Scenario, company: str = "understudies") -> Path:
    """A season of this scenario, with the news that belongs to it."""
    news = quiet_table(play.name)[1]
    header = Header(seed, play.days, play, news, company_references(company, play))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path
