"""Moves that the world refused: the causes by name, and the body of the event.

What a seat may choose is the menu's affair; how an order or a posting is refused is the auction's and the ledger's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fivepenny.events import Body


class MoveFlaw(StrEnum):
    """Why a move is refused; the first that holds, in this order.

    The first seven are of the phrases that a seat sends, the others of what a phrase would bring about.
    """

    UNKNOWN_SEAT = "unknown seat"
    NOT_ASKED = "not asked now"
    NO_MOVE = "no move"
    NOT_ON_MENU = "not on its menu"
    CHOSEN_TWICE = "chosen twice"
    TOO_MANY = "too many moves"
    EXCLUDES = "moves exclude one another"

    OUT_OF_PHASE = "out of phase"
    UNKNOWN_OTHER = "unknown other"
    DEALS_WITH_ITSELF = "deals with itself"
    NOT_A_PARTY = "not a party"
    UNKNOWN_GOOD = "unknown good"
    UNKNOWN_SIDE = "unknown side"
    NOT_AN_INTEGER = "not an integer"
    AMOUNT_NOT_POSITIVE = "amount not positive"
    AMOUNT_TOO_LARGE = "amount too large"
    DAY_IS_PAST = "day is past"
    HAS_FAILED = "has failed"
    MORE_THAN_IT_HAS = "more than it has"
    NOT_PUT_TO_IT = "not put to it"
    NO_SUCH_LOAN = "no such loan"
    UNKNOWN_CLAIM = "unknown claim"
    UNKNOWN_WORD = "unknown word"
    NO_CUSTOM = "no custom here"
    IS_AWAY = "is away"
    OTHER_TERMS = "on other terms"
    BOUGHT_IN = "bought in for it"
    NO_SUCH_HIRE = "no such hire"
    NO_SUCH_PACT = "no such pact"
    NO_SUCH_CASE = "no such case"
    NO_SUCH_THREAT = "no such threat"


@dataclass(frozen=True, slots=True)
class MoveRefused(Body):
    """What a seat sent that the world did not let it do; all of the move is refused, and nothing came of it."""

    kind: ClassVar[str] = "move_refused"
    seat: str
    phrases: tuple[str, ...]
    cause: str
