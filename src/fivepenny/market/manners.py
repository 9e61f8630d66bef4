"""Manners: what a speaker puts on as it speaks to another, and how that works on who hears it.

With the custom of words each option of talk that addresses somebody is in a manner, drawn by the menu's own lot from
weights: by what the act is for, by what the speaker feels, and by whether it says what it does not believe. A falsehood
is oftener evasive or flattering than a truth, and never surely. It knows the speaker's knowledge and the hearer's
part in the scenario, and no event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import get_args

from fivepenny.market.bribery_terms import OathBribeTerms
from fivepenny.market.knowledge import Impression, Knowledge
from fivepenny.market.shortlist import Choice
from fivepenny.market.terms import Terms, TipTerms, WordTerms
from fivepenny.market.words_terms import BribeTerms, PromiseTerms, ThreatTerms, TipInManner, WordInManner
from fivepenny.parts import Manner
from fivepenny.scenario import Seat

MANNERS: tuple[Manner, ...] = get_args(Manner)
_Weights = Mapping[Manner, int]


def _weights(plain: int, warm: int, flattering: int, evasive: int, menacing: int) -> _Weights:
    return dict(zip(MANNERS, (plain, warm, flattering, evasive, menacing), strict=True))


ASKING, TELLING = _weights(8, 4, 4, 2, 0), _weights(8, 3, 3, 3, 0)
DEMANDING, WOUNDING, THANKING = _weights(8, 2, 1, 0, 5), _weights(6, 0, 2, 2, 4), _weights(6, 8, 3, 0, 0)
CONSENTING, REFUSING, THREATENING = _weights(8, 5, 2, 1, 0), _weights(8, 2, 2, 5, 2), _weights(3, 0, 1, 1, 9)
PURPOSES: Mapping[str, _Weights] = {
    **dict.fromkeys(("tip_up", "tip_down", "promise_pay", "promise_hold"), TELLING),
    **dict.fromkeys(("press", "recall", "withdraw", "collect", "accuse"), DEMANDING),
    **dict.fromkeys(("needle", "turn", "betrayed"), WOUNDING),
    **dict.fromkeys(("thank", "answer", "repay"), THANKING),
    **dict.fromkeys(("accept", "grant", "credit", "pay", "agree", "join", "take", "yield"), CONSENTING),
    **dict.fromkeys(("refuse", "deny", "doubt", "plead", "decline", "reject", "spurn", "defy", "default"), REFUSING),
    "threaten": THREATENING,
}
"""What an act is for, as weights of the manners; what is not named here asks for something."""

FALSEHOOD = _weights(0, 0, 3, 3, 0)
"""Added where the speaker says what it hardly believes."""
FONDNESS, COLDNESS = _weights(0, 4, 0, 0, -5), _weights(0, -8, 0, 1, 3)
"""Added where the speaker feels warmly, or coldly, towards who it speaks to."""
WARINESS = _weights(0, -1, 0, 1, 0)
"""Added where it trusts the other little."""
FELT_FROM, WARY_BELOW, HARDLY_BELIEVED = 2, 40, 25

TEXTS: Mapping[Manner, str] = {
    "plain": "",
    "warm": ", warmly",
    "flattering": ", with flattery",
    "evasive": ", evasively",
    "menacing": ", with menace",
}
"""How the text of an option tells its manner."""


@dataclass(frozen=True, slots=True)
class Sway:
    """What a manner does to who hears it: percent of credence, and trust and feeling towards the speaker."""

    credence: int = 0
    trust: int = 0
    feeling: int = 0

    @property
    def impression(self) -> Impression:
        """The part of it that is about the speaker."""
        return Impression(trust=self.trust, feeling=self.feeling)


USUALLY: Mapping[Manner, Sway] = {
    "plain": Sway(),
    "warm": Sway(credence=3),
    "flattering": Sway(),
    "evasive": Sway(credence=-6),
    "menacing": Sway(credence=-4, feeling=-1),
}
MOVED, PUT_OFF = Sway(credence=12, trust=1, feeling=1), Sway(credence=-15, trust=-2, feeling=-1)
"""What a manner does to a seat that the scenario says it moves, or puts off."""


def sway_of(hearer: Seat, manner: Manner) -> Sway:
    """What this manner does to this hearer."""
    if manner in hearer.put_off_by:
        return PUT_OFF
    return MOVED if manner in hearer.moved_by else USUALLY[manner]


def _says_hardly_believed(terms: Terms) -> bool:
    return isinstance(terms, TipTerms) and terms.credence < HARDLY_BELIEVED


@cache  # the acts are few, and so are the ways in which one is inclined to them
def _inclined(act: str, fond: bool, cold: bool, wary: bool, lies: bool) -> _Weights:
    leanings = ((FONDNESS, fond), (COLDNESS, cold), (WARINESS, wary), (FALSEHOOD, lies))
    added = [more for more, holds in leanings if holds]
    usual = PURPOSES.get(act, ASKING)
    return {manner: max(0, weight + sum([more[manner] for more in added])) for manner, weight in usual.items()}


def manner_weights(knowledge: Knowledge, act: str, other: str, terms: Terms) -> _Weights:
    """How likely each manner is, in parts of their sum; none is below zero, and plain is always among them."""
    feeling, wary = knowledge.feeling[other], knowledge.trust[other] < WARY_BELOW
    return _inclined(act, feeling >= FELT_FROM, feeling <= -FELT_FROM, wary, _says_hardly_believed(terms))


def _draw(weights: _Weights, lot: Random) -> Manner:
    place = lot.randrange(sum(weights.values()))
    for manner, weight in weights.items():
        place -= weight
        if place < 0:
            return manner
    return "plain"


def in_manner(terms: Terms, manner: Manner) -> Terms:
    """The terms of something said in this manner; what no hearer is swayed by keeps its own."""
    match terms:
        case TipTerms():
            return TipInManner(terms, manner)
        case WordTerms():
            return WordInManner(terms, manner)
        case PromiseTerms() | ThreatTerms() | BribeTerms() | OathBribeTerms():
            return replace(terms, manner=manner)
        case _:
            return terms


def put_on(knowledge: Knowledge, choice: Choice, lot: Random) -> Choice:
    """The option in a manner, if it addresses somebody."""
    terms, option = choice
    if option.to not in knowledge.feeling:
        return choice
    manner = _draw(manner_weights(knowledge, option.act, option.to, terms), lot)
    return in_manner(terms, manner), option.in_manner(manner, option.text + TEXTS[manner])
