"""For the tests of bribery: a small market with a court where words bind, and seasons in which money is offered."""

from fivepenny import bribery, courts, words
from fivepenny.clock import Beat
from fivepenny.courts import Oath
from fivepenny.events import Event
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_terms import OathTerms
from fivepenny.market.state import Market
from fivepenny.market.words_terms import BribeTerms, ReplyToBribe
from fivepenny.scenario import load_scenario
from towns import act, of_kind, opened, scenario

PLAIN, CHRONICLE = load_scenario("south-sea")
BRIBABLE = PLAIN.model_copy(update={"customs": ("court", "words")})
RICH = 174
"""The seed of a season of understudies in which every kind of case of bribery opens, and oaths are bought."""


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
