"""How a seat learns of pacts: its own as they are put, signed, joined and over, and any that is broken.

A pact is heard of by its parties alone, until one of them breaks it; then the third whom a shun was aimed at hears of
it too, and of whose it was.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fivepenny.events import Body, Seen
from fivepenny.market.knowledge import Impression, Knowledge
from fivepenny.market.pacts_standing import Pact
from fivepenny.pacts import PactBroken, PactJoined, PactKept, PactProposed, PactSigned, PactSpurned

SIGNED = Impression(trust=2, feeling=1)
SPURNED = Impression(feeling=-1)
KEPT = Impression(trust=10, feeling=1, strength=4, deed="the word you kept with me")
BETRAYED = Impression(trust=-30, feeling=-5, strength=-8, deed="the pact you broke with me")
BROKEN_WITH_ANOTHER = Impression(trust=-8)
SHUNNED = Impression(trust=-5, feeling=-3, strength=-5, deed="what you agreed about me behind my back")


def _proposed(knowledge: Knowledge, seen: Seen, body: PactProposed) -> None:
    other = body.to if body.by == knowledge.seat else body.by
    knowledge.pacts.ask(other, body.about, seen.day, by_me=body.by == knowledge.seat)
    if body.to == knowledge.seat:
        knowledge.heard.append(body)


def _signed(knowledge: Knowledge, seen: Seen, body: PactSigned) -> None:
    parties = (body.by, body.to)
    pact = Pact(
        body.pact, body.shape, body.about, parties, body.price_pence, body.penalty_pence, seen.day, body.until_day
    )
    knowledge.pacts.bind(pact, seen.number)
    knowledge.pence += body.fund_pence if body.to == knowledge.seat else -body.fund_pence
    knowledge.impress(seen, body.to if body.by == knowledge.seat else body.by, SIGNED)


def _joined(knowledge: Knowledge, seen: Seen, body: PactJoined) -> None:
    held = knowledge.pacts.standing.get(body.pact)
    signed_day = seen.day if held is None else held.signed_day
    pact = Pact(
        body.pact, body.shape, body.about, body.parties, body.price_pence, body.penalty_pence, signed_day,
        body.until_day,
    )  # fmt: skip
    knowledge.pacts.bind(pact, seen.number)
    knowledge.impress(seen, body.by if body.seat == knowledge.seat else body.seat, SIGNED)


def _spurned(knowledge: Knowledge, seen: Seen, body: PactSpurned) -> None:
    if body.to == knowledge.seat:
        knowledge.impress(seen, body.by, SPURNED)


def _broken(knowledge: Knowledge, seen: Seen, body: PactBroken) -> None:
    """Its partners are betrayed; the third of a shun learns of the scheme; everybody else thinks the less of it."""
    knowledge.pacts.release(body.pact)
    if knowledge.seat in body.partners:
        knowledge.impress(seen, body.seat, BETRAYED)
        knowledge.befell.append(seen)
    elif knowledge.seat == body.about:
        for schemer in (body.seat, *body.partners):
            knowledge.impress(seen, schemer, SHUNNED)
    else:
        knowledge.impress(seen, body.seat, BROKEN_WITH_ANOTHER)


def _kept(knowledge: Knowledge, seen: Seen, body: PactKept) -> None:
    knowledge.pacts.release(body.pact)
    for other in body.parties:
        knowledge.impress(seen, other, KEPT)


LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    PactProposed: _proposed,
    PactSigned: _signed,
    PactJoined: _joined,
    PactSpurned: _spurned,
    PactBroken: _broken,
    PactKept: _kept,
}
"""What each kind of event about a pact teaches a seat."""
