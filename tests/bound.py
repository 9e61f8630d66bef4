"""For the tests of pacts: small markets whose seats may bind themselves, and whole seasons of them."""

from pathlib import Path
from typing import Any

from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.market.exchange import play_market
from fivepenny.market.orders import Side
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.state import Market
from fivepenny.market.terms import OrderTerms, Terms
from fivepenny.pacts import PactProposed, Shape
from fivepenny.scenario import Scenario
from fivepenny.stage.house import open_house
from fivepenny.world import Move
from quiet_tables import quiet_table
from towns import act, listed, of_kind, opened, scenario, seat

PENALTY_PENCE = 605
PRICE_PENCE = 58


def bound_town(*seats: Any, **changes: Any) -> Market:
    """A market on its first day, at a table of this custom."""
    return opened(scenario(*seats, **({"customs": ("pacts",)} | changes)))


def pact(to: str, shape: Shape = Shape.FLOOR, about: str = "rye", **changes: int) -> PactTerms:
    """A proposal for five days from the first."""
    price_pence = PRICE_PENCE if shape == Shape.FLOOR else 0
    plain = {"number": 0, "price_pence": price_pence, "until_day": 6, "penalty_pence": PENALTY_PENCE, "fund_pence": 0}
    given = plain | changes
    number = given.pop("number")
    return PactTerms(to, number, shape, about, **given)


def propose(market: Market, by: str, terms: PactTerms) -> PactProposed:
    """One proposes; the event's body."""
    (event,) = of_kind(act(market, Beat.ADDRESS, **{by: terms}), PactProposed)
    body: PactProposed = event.body
    return body


def sign(market: Market, by: str, terms: PactTerms) -> tuple[Event, ...]:
    """One proposes and the other agrees; what came of the agreeing."""
    body = propose(market, by, terms)
    return act(market, Beat.ANSWER, **{terms.to: ReplyToPact(body, True)})


def at_close(market: Market, day: int, **terms: Terms) -> tuple[Event, ...]:
    """What the market of a day brings with these orders."""
    market.log.day, market.log.beat = day, Beat.MARKET
    market.log.take()
    market.listings = {name: listed(name, item) for name, item in terms.items()}
    play_market(market, {name: Move(("x",)) for name in terms})
    return market.log.take()


def sells(quantity: int, limit_pence: int, good: str = "rye") -> OrderTerms:
    """An order to sell."""
    return OrderTerms(Side.SELL, good, quantity, limit_pence)


def with_pacts(name: str = "south-sea") -> Scenario:
    """A shipped scenario at a table of this custom."""
    return quiet_table(name)[0].model_copy(update={"customs": ("pacts",)})


def play_bound(path: Path, seed: int, days: int, company: str = "understudies", name: str = "south-sea") -> Path:
    """Play a season of it to this path."""
    play, news = with_pacts(name), quiet_table(name)[1]
    header = Header(seed, days, play, news, company_references(company, play))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def of_five() -> tuple[Any, ...]:
    """The three seats of `towns` and two more."""
    return tuple(seat(name) for name in ("amber", "birch", "clay", "dove", "elm"))
