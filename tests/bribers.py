"""For the tests of bribery: a small market with a court where words bind, and seasons in which money is offered."""

from functools import cache
from pathlib import Path

from fivepenny import bribery, courts, words
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.courts import Oath
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_terms import OathTerms
from fivepenny.market.state import Market
from fivepenny.market.words_terms import BribeTerms, ReplyToBribe
from fivepenny.stage.house import open_house
from quiet_tables import quiet_table
from towns import act, of_kind, opened, scenario

RICH = 214
"""The seed of a season of understudies in which every kind of case of bribery opens, and oaths are bought."""


def header(seed: int, company: str = "understudies", name: str = "south-sea") -> Header:
    """The header of a season in which money is offered."""
    play, chronicle = quiet_table(name)
    play = play.model_copy(update={"customs": ("court", "words")})
    return Header(seed, play.days, play, chronicle, company_references(company, play))


def on_file(path: Path, head: Header) -> Path:
    """A season in a file of its own."""
    with SeasonFile.create(path, head) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


@cache
def played(seed: int) -> tuple[Header, tuple[Event, ...]]:
    """A season of understudies, kept."""
    head = header(seed)
    with SeasonFile.create(IN_MEMORY, head) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return head, tuple(file.events())


def bench(*customs: str) -> Market:
    """A small market on its first day; seats amber, birch, clay."""
    return opened(scenario(customs=customs or ("court", "words")))


def offer(market: Market, by: str, to: str, pence: int = 200, taken: bool | None = True) -> words.Bribed:
    """One offers another money for leaving rye alone; the other takes it, refuses, or says nothing."""
    terms = BribeTerms(to, pence, "rye", market.day + 2)
    (event,) = act(market, Beat.ADDRESS, **{by: terms})
    assert isinstance(event.body, words.Bribed)
    if taken is not None:
        act(market, Beat.ANSWER, **{to: ReplyToBribe(event.body, taken)})
    return event.body


def seek(market: Market, by: str, to: str, case: int = 1, pence: int = 200) -> bribery.OathSought:
    """One offers another money for an oath tonight."""
    (event,) = act(market, Beat.ADDRESS, **{by: OathBribeTerms(to, pence, case, "rye")})
    assert isinstance(event.body, bribery.OathSought)
    return event.body


def reply(market: Market, sought: bribery.OathSought, taken: bool = True) -> tuple[Event, ...]:
    """What comes of the answer to an offer for an oath."""
    return act(market, Beat.ANSWER, **{sought.to: ReplyToOathBribe(sought, taken)})


def swear(market: Market, case: int, **oaths: Oath) -> None:
    """Oaths of this evening, each of them said to be so."""
    act(market, Beat.DUSK, **{seat: OathTerms(case, oath, 0, True) for seat, oath in oaths.items()})


def charged(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    """Who is accused in the cases that opened, each with the ground."""
    return [(event.body.accused, event.body.ground.value) for event in of_kind(events, courts.CaseOpened)]
