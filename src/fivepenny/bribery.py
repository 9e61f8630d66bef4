"""Money for testimony, and what the court reads and counts of bribes: the bodies of these events.

Money for leaving a good alone is offered in `fivepenny.words`; the law that weighs both stands in `fivepenny.courts`.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from fivepenny.courts import CaseOpened, Offence
from fivepenny.events import Body
from fivepenny.words import Bribed

Fate = Literal["open", "taken", "spurned"]
"""What came of money that was offered: nothing, or it was taken, or refused."""


@dataclass(frozen=True, slots=True)
class OathSought(Bribed):
    """Money was offered to a witness for remembering nothing before the court tonight, in a case over the good."""

    kind: ClassVar[str] = "oath_sought"
    case: int


@dataclass(frozen=True, slots=True)
class OathBought(Body):
    """Money for a convenient memory was taken and paid. What is then sworn is another matter."""

    kind: ClassVar[str] = "oath_bought"
    bribe: int
    by: str
    to: str
    pence: int
    case: int


@dataclass(frozen=True, slots=True)
class BribeRead(Body):
    """A letter with money in it, seized by the court, is read out: who offered whom how much, on which day, for what.

    `about` is the case in which an oath was to be had, 0 where a good was to be left alone. `fate` as it stood when the
    letter was seized.
    """

    kind: ClassVar[str] = "bribe_read"
    case: int
    letter: int
    offered_day: int
    by: str
    to: str
    good: str
    pence: int
    about: int
    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class PurseOpened(Body):
    """The court's clerks counted what money passed between two on a day, beside what everybody saw; not for what.

    On the evening on which an oath is found false: what its witness (`other`) had of who paid it the most that day.
    """

    kind: ClassVar[str] = "purse_opened"
    case: int
    one: str
    other: str
    good: str
    day: int
    pence: int


class Money(Protocol):
    """Money that was offered: who offered it to whom, and what came of it."""

    @property
    def by(self) -> str:
        """Who offered it."""
        ...

    @property
    def to(self) -> str:
        """Who was to have it."""
        ...

    @property
    def fate(self) -> Fate:
        """What came of it."""
        ...


def shows_guilt(money: Money, accused: str) -> bool:
    """Whether money that was offered is the accused's offence: it is who offers it that does it, and who takes it."""
    return money.by == accused or (money.to == accused and money.fate == "taken")


def is_of(letter: BribeRead, opened: CaseOpened) -> bool:
    """Whether a letter that was read is of the very bribe that a case is about."""
    matter = (opened.offence, opened.good, opened.since_day)
    pair = {opened.accused, opened.other}
    return {letter.by, letter.to} == pair and matter == (Offence.BRIBERY, letter.good, letter.offered_day)
