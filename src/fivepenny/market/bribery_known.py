"""Money that was offered for silence or testimony, and what came of it, as whoever learns of it keeps it in mind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar

from fivepenny import bribery, words
from fivepenny.bribery import Fate
from fivepenny.events import Body, Seen

FATES: Mapping[type[Body], Fate] = {
    words.BribeTaken: "taken",
    bribery.OathBought: "taken",
    words.BribeSpurned: "spurned",
}
"""What each answer to such an offer comes to."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Money offered in an event: for leaving a good alone, or (`about` is a case) for an oath."""

    bribe: int
    event: int
    day: int
    by: str
    to: str
    good: str
    pence: int
    about: int
    fate: Fate = "open"

    @classmethod
    def of(cls, seen: Seen, body: words.Bribed) -> Self:
        """What is offered in an event with this body."""
        about = body.case if isinstance(body, bribery.OathSought) else 0
        return cls(body.bribe, seen.number, seen.day, body.by, body.to, body.good, body.pence, about)


@dataclass(frozen=True, slots=True)
class OwnOffer(Offer):
    """An offer by a seat or to it. `told`: the seat has accused who made it."""

    told: bool = False


Kept = TypeVar("Kept", bound=Offer)


def settle(offers: Iterable[Kept], body: Any) -> tuple[Kept, ...]:
    """These offers after one of FATES."""
    fate = FATES[type(body)]
    return tuple([replace(item, fate=fate) if item.bribe == body.bribe else item for item in offers])
