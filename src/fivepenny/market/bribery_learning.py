"""What a seat learns of money for testimony, and what it keeps in mind of every bribe that it had a part in.

`NOTES` are taken where there is a court (`fivepenny.market.court_learning`), `LESSONS` change purses and feelings.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import bribery, courts, words
from fivepenny.courts import Oath
from fivepenny.events import Body, Seen
from fivepenny.market.bribery_known import FATES, OwnOffer, settle
from fivepenny.market.court_known import CourtKnown
from fivepenny.market.knowledge import Impression, Knowledge
from fivepenny.market.manners import sway_of
from fivepenny.market.words_learning import BRIBE_PAID

REMEMBERED_NOTHING = Impression(trust=3, feeling=2, strength=4, deed="what you forgot for me before the court")
REMEMBERED_ALL = Impression(trust=-10, feeling=-3, strength=-6, deed="the money you took of me for an oath")
DENIALS = frozenset({Oath.NOT_TOLD, Oath.NO_MONEY})
"""What a convenient memory swears."""


# --- what is kept in mind ---------------------------------------------------------------------------------------------


def _offered(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: words.Bribed) -> None:
    known.offers = (*known.offers, OwnOffer.of(seen, body))


def _answered(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: Any) -> None:
    known.offers = settle(known.offers, body)


NOTES: Mapping[type[Body], Callable[[Knowledge, CourtKnown, Seen, Any], None]] = {
    words.Bribed: _offered,
    bribery.OathSought: _offered,
    **dict.fromkeys(FATES, _answered),
}


def note_charge(known: CourtKnown, body: courts.Accused) -> None:
    """The seat has accused somebody of having offered it money: that is told."""
    matter = (body.accused, body.good)
    changed = [replace(item, told=True) if (item.by, item.good) == matter else item for item in known.offers]
    known.offers = tuple(changed)


def note_oath(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Testified) -> None:
    """An oath that the seat has paid for: was it the one?"""
    for item in known.offers:
        if (item.by, item.to, item.about, item.fate) == (knowledge.seat, body.witness, body.case, "taken"):
            knowledge.impress(seen, body.witness, REMEMBERED_NOTHING if body.oath in DENIALS else REMEMBERED_ALL)


# --- what changes -----------------------------------------------------------------------------------------------------


def _sought(knowledge: Knowledge, seen: Seen, body: bribery.OathSought) -> None:
    if body.to == knowledge.seat:
        knowledge.heard.append(body)
        knowledge.impress(seen, body.by, sway_of(knowledge.own, body.manner).impression)


def _bought(knowledge: Knowledge, seen: Seen, body: bribery.OathBought) -> None:
    if body.to == knowledge.seat:
        knowledge.pence += body.pence
        knowledge.impress(seen, body.by, BRIBE_PAID)
    else:
        knowledge.pence -= body.pence


LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    bribery.OathSought: _sought,
    bribery.OathBought: _bought,
}
"""What each kind of event changes in who sees it."""
