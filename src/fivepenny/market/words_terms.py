"""What phrases of promises, threats and bribes mean to the world, and of what is said in a manner.

Terms as in `fivepenny.market.terms`: worked out when a menu is listed, looked up when a move is applied.
"""

from dataclasses import dataclass

from fivepenny.claims import Promise, PromiseKind
from fivepenny.market.terms import Terms, TipTerms, WordTerms
from fivepenny.parts import Manner
from fivepenny.values import value
from fivepenny.words import Bribed, Harm, Threatened


@value()
class TipInManner(Terms):
    """A claim to be told in a manner."""

    tip: TipTerms
    manner: Manner


@value()
class WordInManner(Terms):
    """A word in a manner."""

    word: WordTerms
    manner: Manner


@dataclass(frozen=True, slots=True)
class PromiseTerms(Terms):
    """A promise to be given; its fields are those of `Promise`."""

    kind: PromiseKind
    to: str
    good: str
    loan: int
    by_day: int
    manner: Manner = "plain"


@dataclass(frozen=True, slots=True)
class ThreatTerms(Terms):
    """A threat to be made; its fields are those of `Threatened`."""

    to: str
    loan: int
    owed_pence: int
    good: str
    by_day: int
    harm: Harm
    manner: Manner = "plain"


@dataclass(frozen=True, slots=True)
class BribeTerms(Terms):
    """Money to be offered for a promise of this kind about a good."""

    to: str
    pence: int
    good: str
    by_day: int
    manner: Manner = "plain"


@dataclass(frozen=True, slots=True)
class ReplyToPromise(Terms):
    """Believing a promise, or not."""

    promise: Promise
    believed: bool


@dataclass(frozen=True, slots=True)
class ReplyToThreat(Terms):
    """Giving one's word under a threat, or defying it. Who pays under one pays as anybody does (`EarlyPayment`)."""

    threat: Threatened
    yields: bool


@dataclass(frozen=True, slots=True)
class ReplyToBribe(Terms):
    """Taking a bribe, or not."""

    bribe: Bribed
    taken: bool


@dataclass(frozen=True, slots=True)
class CarryOut(Terms):
    """Doing what one threatened to do. `due_day` is the loan's new one, where it is called in."""

    threat: Threatened
    due_day: int
