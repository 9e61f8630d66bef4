"""What is said at the table, how, and what it binds to: the bodies of these events, as their audience may know them.

Tips and words as they are said where nobody minds manners; the same in a manner; promises, threats and bribes. The
other kinds of the finance drama are in `fivepenny.happenings`. Whether a word is true or kept is not known here.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from fivepenny.claims import Claim, Promise
from fivepenny.events import Body
from fivepenny.parts import Manner

Harm = Literal["call", "room"]
"""What a threat threatens with: the loan called in, or something told to the room."""


@dataclass(frozen=True, slots=True)
class Tipped(Body):
    """One seat told another a claim in private. Whether the teller believes it is sealed."""

    kind: ClassVar[str] = "tipped"
    teller: str
    hearer: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Spoken(Body):
    """A seat pressed, thanked, wounded, soothed or turned from another. `deed` is the event it is about, or 0."""

    kind: ClassVar[str] = "spoken"
    act: str
    speaker: str
    hearer: str
    deed: int


@dataclass(frozen=True, slots=True)
class ToldSo(Tipped):
    """A claim told in private in a manner. `sure`: it was told as if there were no doubt of it."""

    kind: ClassVar[str] = "told_so"
    manner: Manner
    sure: bool


@dataclass(frozen=True, slots=True)
class SpokenSo(Spoken):
    """A word in a manner."""

    kind: ClassVar[str] = "spoken_so"
    manner: Manner


@dataclass(frozen=True, slots=True)
class Promised(Body):
    """A seat gave another its word."""

    kind: ClassVar[str] = "promised"
    promise: Promise
    manner: Manner


@dataclass(frozen=True, slots=True)
class PromiseWeighed(Body):
    """Who was promised something let it be seen whether it believes it."""

    kind: ClassVar[str] = "promise_weighed"
    hearer: str
    promiser: str
    promise: int
    believed: bool


@dataclass(frozen=True, slots=True)
class PromiseSettled(Body):
    """A word was kept or broken, whether it was given, bought or forced."""

    kind: ClassVar[str] = "promise_settled"
    promise: Promise
    kept: bool


@dataclass(frozen=True, slots=True)
class Threatened(Body):
    """One seat told another what to do, and what would come of it otherwise.

    Either `loan` (to be paid at once: `owed_pence`) or `good` (to be left alone up to `by_day`) has a value.
    """

    kind: ClassVar[str] = "threatened"
    threat: int
    by: str
    to: str
    loan: int
    owed_pence: int
    good: str
    by_day: int
    harm: Harm
    manner: Manner


@dataclass(frozen=True, slots=True)
class Defied(Body):
    """Who was threatened did not give way, and said so. `by` made the threat."""

    kind: ClassVar[str] = "defied"
    threat: int
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Yielded(Body):
    """Who was threatened gave its word to leave a good alone. A debt that is paid at once is simply repaid."""

    kind: ClassVar[str] = "yielded"
    threat: int
    promise: Promise


@dataclass(frozen=True, slots=True)
class ToldRoom(Body):
    """A threat was carried out: `by` told the room of `to`, of a debt (`owed_pence`) or of an old injury (0)."""

    kind: ClassVar[str] = "told_room"
    threat: int
    by: str
    to: str
    owed_pence: int


@dataclass(frozen=True, slots=True)
class CalledIn(Body):
    """A threat was carried out: the lender wants its money on this day, sooner than was agreed."""

    kind: ClassVar[str] = "called_in"
    threat: int
    lender: str
    borrower: str
    loan: int
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class ThreatLapsed(Body):
    """A threat that was not given way to was not carried out on the next day either."""

    kind: ClassVar[str] = "threat_lapsed"
    threat: int
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Bribed(Body):
    """Money was offered for leaving a good alone up to a day."""

    kind: ClassVar[str] = "bribed"
    bribe: int
    by: str
    to: str
    pence: int
    good: str
    by_day: int
    manner: Manner


@dataclass(frozen=True, slots=True)
class BribeTaken(Body):
    """A bribe was taken and paid, and the word given that it buys."""

    kind: ClassVar[str] = "bribe_taken"
    bribe: int
    by: str
    to: str
    pence: int
    promise: Promise


@dataclass(frozen=True, slots=True)
class BribeSpurned(Body):
    """A bribe was refused."""

    kind: ClassVar[str] = "bribe_spurned"
    bribe: int
    by: str
    to: str
    pence: int


@dataclass(frozen=True, slots=True)
class BribeUnpaid(Body):
    """A bribe would have been taken, but who offered it no longer had the money."""

    kind: ClassVar[str] = "bribe_unpaid"
    bribe: int
    by: str
    to: str
    pence: int
