"""What a pact changes in what a seat sees of its market and its loans: pledges, pools, and which sale keeps its word.

Works from the seat's own pacts alone; where none binds it nothing is changed.
"""

from collections.abc import Iterator
from dataclasses import replace

from fivepenny.clock import say_coming
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import share_level
from fivepenny.market.pacts_standing import Pact
from fivepenny.market.sight import say_pence
from fivepenny.pacts import Shape
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option

UNDERCUT = "undercut"
POOL_SALIENCE = 10
POOL_LEAN_PERCENT = 5  # what one bids beyond what one would, for a good that is bought together
POOL_UNITS = 3
MOST_HONEST_PERCENT = 112  # of the last price: an honest offer at a floor beyond this would be for show


def pledge(knowledge: Knowledge, about: str) -> tuple[Fact, ...]:
    """What it would cost to break the pact about a good or a third, if one binds the seat.

    Always above the middle: 5 a trifle of the purse, 9 nearly all of it.
    """
    pact = knowledge.pacts.about(about)
    if pact is None:
        return ()
    share = share_level(pact.penalty_pence, knowledge.pence)
    text = f"it breaks your pact with {_held_with(knowledge, pact)}; you would owe {say_pence(pact.penalty_pence)}"
    return (Fact("pledge", MIDDLE_LEVEL + 1 + share * 4 // TOP_LEVEL, text, about),)


def _held_with(knowledge: Knowledge, pact: Pact) -> str:
    partners = " and ".join([name for name in pact.parties if name != knowledge.seat])
    return f"{partners}, which binds you until {say_coming(pact.until_day, knowledge.day)}"


def ways_to_sell(knowledge: Knowledge, good: str, limit_pence: int) -> Iterator[tuple[str, int]]:
    """How a good that is to be offered at this limit can be: act and limit; breaking a pact, keeping it, or both."""
    pact = knowledge.pacts.about(good)
    if pact is None or not pact.forbids_sale(good, limit_pence):
        yield "sell", limit_pence
        return
    yield UNDERCUT, limit_pence
    if pact.shape == Shape.FLOOR and pact.price_pence * 100 <= knowledge.last_pence[good] * MOST_HONEST_PERCENT:
        yield "sell", pact.price_pence


def as_undercut(knowledge: Knowledge, option: Option) -> Option:
    """An offer to sell as the breach of the pact that forbids it."""
    good = option.good
    return replace(
        option,
        phrase=f"{UNDERCUT} {good}",
        act=UNDERCUT,
        facts=(*option.facts, *pledge(knowledge, good)),
        text=f"{option.text}, though a pact forbids it",
        weight=TOP_LEVEL,
        excludes=frozenset({f"buy {good}", f"sell {good}"}),
    )


def rivals_of(phrases: frozenset[str], knowledge: Knowledge, good: str) -> frozenset[str]:
    """The phrases that exclude an ordinary order for a good: where a pact binds the seat, its breach besides."""
    return phrases if knowledge.pacts.about(good) is None else phrases | {f"{UNDERCUT} {good}"}


def pool_fact(knowledge: Knowledge, good: str) -> tuple[Fact, ...]:
    """The pool of a good that the seat is in, if it is: the more days it has to run, the higher."""
    pact = knowledge.pacts.about(good)
    if pact is None or pact.shape != Shape.POOL:
        return ()
    level = min(TOP_LEVEL, MIDDLE_LEVEL + pact.until_day - knowledge.day)
    return (Fact("pool", level, f"you hold it together with {_held_with(knowledge, pact)}", good),)
