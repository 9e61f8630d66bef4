"""What can happen before the court: the bodies of these events, and the law that it weighs by.

The law is a table of offences and of what counts for and against the accused, with points, so that everybody who
reads a case can add it up: the court, the audit, a reader. This module knows no market and no seat's mind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fivepenny.events import Body


class Offence(StrEnum):
    """What one can stand accused of. Perjury is no case of its own: it is fined where it is found."""

    FALSE_REPORT = "false report"
    ENGROSSING = "engrossing"
    BRIBERY = "bribery"


class Ground(StrEnum):
    """What a case opens on."""

    ACCUSATION = "accusation"
    TAPE = "tape"
    LETTER = "letter"  # read out in another case
    OATH = "oath"  # a false one, and money that its witness had on the same day


class Oath(StrEnum):
    """What one can swear: a witness that it was told something of the good, or not; the accused what it is asked.

    Of bribery: a witness that money passed or was offered between it and the accused, or not; the accused likewise.
    """

    TOLD = "told"
    NOT_TOLD = "not told"
    HAD_IT = "had it of another"
    MADE_IT = "made it up"
    HOLDS = "holds"
    MONEY = "money"
    NO_MONEY = "no money"
    OWNS_TO_IT = "owns to it"
    DENIES_IT = "denies it"


class Sentence(StrEnum):
    """How a case ends; the harder ones bring a fine too."""

    ACQUITTAL = "acquittal"
    FINE = "fine"
    FREEZE = "freeze"
    EXILE = "exile"


class Item(StrEnum):
    """What is weighed."""

    ACCUSER = "the accuser's own letter"
    LETTERS = "letters of the accused"
    WITNESSES = "who was told swears to it"
    DENIALS = "who was asked swears that nothing was said"
    TRADED = "the tape: it dealt against its own tale"
    FALSE = "the tape: the tale did not come true"
    TRUE = "the tape: the tale came true"
    HAD_IT = "a letter from which it had the tale"
    PUBLIC = "the whole town had been told as much"
    OATH = "its own oath"
    CONFESSED = "its own confession"
    RECORD = "it was convicted before"
    BOUGHT = "the tape: it bought most of what was sold"
    KEPT = "the books: it kept what it bought"
    USED = "the books: it does not have what it bought"
    SOLD = "the tape: it sold some of it again"
    ROSE = "the tape: the price rose meanwhile"
    SHORT = "a house went short of it"
    OFFERED = "the accuser's own letter, with money in it"
    SEIZED = "a letter in which it offers or takes money"
    MONEY = "who was asked swears to its money"
    NO_MONEY = "who was asked swears that there was no money"
    PASSED = "the books: money passed between the two on that day"
    DEALT = "the tape: it dealt itself in what it wanted left alone"
    STOOD = "it stood before the court itself when it wanted an oath"
    LEFT = "the tape: who was paid left alone what it had dealt in"
    FALSE_OATH = "who had money of it swore falsely on that day"


POINTS: Mapping[Item, int] = {
    Item.ACCUSER: 2, Item.LETTERS: 1, Item.WITNESSES: 1, Item.DENIALS: -1, Item.TRADED: 3, Item.FALSE: 1,
    Item.TRUE: -4, Item.HAD_IT: -4, Item.PUBLIC: -3, Item.OATH: -1, Item.CONFESSED: 4, Item.RECORD: 1,
    Item.BOUGHT: 3, Item.KEPT: 3, Item.USED: -4, Item.SOLD: -2, Item.ROSE: 1, Item.SHORT: 1,
    Item.OFFERED: 3, Item.SEIZED: 4, Item.MONEY: 2, Item.NO_MONEY: -1, Item.PASSED: 2, Item.DEALT: 2, Item.STOOD: 2,
    Item.LEFT: 1, Item.FALSE_OATH: 2,
}  # fmt: skip
"""Points of one of each; above 0 against the accused."""

MOST_COUNTED = 2
"""Letters, witnesses and denials beyond so many add nothing."""


@dataclass(frozen=True, slots=True)
class Statute:
    """The law of an offence: from how many points on one is guilty, and what the least fine is."""

    bar: int
    least_fine_pence: int


STATUTES: Mapping[Offence, Statute] = {
    Offence.FALSE_REPORT: Statute(5, 240),
    Offence.ENGROSSING: Statute(6, 480),
    Offence.BRIBERY: Statute(4, 360),
}
MOST_FINE_PENCE = 2400
GAIN_PARTS = 2  # a fine takes this many times what was gained
GRAVE_GAINS_PENCE = (96, 480)  # gains from which a case is grave, and graver
PERJURY_FINE_PENCE = 240
FINE_DAYS = 5
FREEZE_DAYS = 3
EXILE_DAYS = 4
MATTER_DAYS = 6  # how far back a case goes
TALE_DAYS = 3  # how long a tale of a price has to come true before the court
LEAST_HOARD = 10  # units beyond its own use that one has to have bought before anybody calls it engrossing
MOST_SHARE_PERCENT = 50  # of what was sold
KEPT_PERCENT, USED_PERCENT = 75, 25  # of what was bought beyond use: kept, used up
SOLD_PERCENT = 25
RISE_PERCENT = 4
MOST_OPEN_CASES = 2
MOST_WITNESSES = 3
LEFT_DAYS = 3  # days from a bribe on, for which a good is left alone
REST_DAYS = 8  # days after an accusation or a case before the same one can be tried again over the same good


SWORN_TRUE, SWORN_FALSE = "it is so as the witness knows it", "it is not so as the witness knows it"
"""What is sealed of an oath."""


def fine_pence(offence: Offence, gain_pence: int, record: int) -> int:
    """What a conviction costs, by what it gained and how often one was convicted before."""
    least = STATUTES[offence].least_fine_pence
    return max(least, min(MOST_FINE_PENCE, GAIN_PARTS * gain_pence + record * least))


def sentence_of(gain_pence: int, record: int) -> Sentence:
    """The sentence of the guilty: a step for each grade of a grave gain and for each conviction before."""
    steps = sum(gain_pence >= grave for grave in GRAVE_GAINS_PENCE) + record
    return (Sentence.FINE, Sentence.FREEZE, Sentence.EXILE)[min(2, steps)]


def bears_on(offence: Offence, alleged_rises: bool, rises: bool) -> bool:
    """Whether a tale of the good has to do with a case: any in engrossing, of false reports the one alleged."""
    return offence is Offence.ENGROSSING or (offence is Offence.FALSE_REPORT and alleged_rises == rises)


def matter_of(offence: Offence, good: str) -> str:
    """What one is not tried over again soon: a good, or all bribery about it."""
    return f"{offence}: {good}" if offence is Offence.BRIBERY else good


def heard_as(act: str) -> str:
    """What the room takes an act for: false testimony sounds as any other."""
    return "testify" if act == "perjure" else act


@dataclass(frozen=True, slots=True)
class Accused(Body):
    """A seat accused another of having sold it a false tale: of which good, whether it was to rise, told when.

    Or of having offered it money, over which good, on which day; `rises` is True then.
    """

    kind: ClassVar[str] = "accused"
    accuser: str
    accused: str
    good: str
    rises: bool
    told_day: int
    offence: Offence


@dataclass(frozen=True, slots=True)
class CaseOpened(Body):
    """A case opens against a seat over a good. `rises`: what the tale said; of other offences, True.

    `accuser` is empty unless an accusation is the ground. What happened from `since_day` on is looked into. `other`: of
    bribery, between whom and the accused the money is said to have been.
    """

    kind: ClassVar[str] = "case_opened"
    case: int
    accused: str
    offence: Offence
    ground: Ground
    accuser: str
    good: str
    rises: bool
    since_day: int
    other: str


@dataclass(frozen=True, slots=True)
class Summoned(Body):
    """Who is to be asked at the dusk of tomorrow: the accused, and who may know something."""

    kind: ClassVar[str] = "summoned"
    case: int
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Testified(Body):
    """What a seat swore; `units` is how much of the good the accused swears to hold, 0 for other oaths."""

    kind: ClassVar[str] = "testified"
    case: int
    witness: str
    oath: Oath
    units: int


@dataclass(frozen=True, slots=True)
class LetterRead(Body):
    """A letter that the court seized is read out: on which day who told whom what of the good, and in which words."""

    kind: ClassVar[str] = "letter_read"
    case: int
    letter: int
    told_day: int
    teller: str
    hearer: str
    good: str
    rises: bool
    text: str


@dataclass(frozen=True, slots=True)
class BooksOpened(Body):
    """The court's clerks counted what the accused holds of the good."""

    kind: ClassVar[str] = "books_opened"
    case: int
    seat: str
    good: str
    units: int


@dataclass(frozen=True, slots=True)
class Perjured(Body):
    """The letters or the books contradict what a seat swore: it does not count, and is fined."""

    kind: ClassVar[str] = "perjured"
    case: int
    witness: str
    oath: Oath


@dataclass(frozen=True, slots=True)
class CaseDecided(Body):
    """The verdict: what was weighed, with its points, against which bar; what it gained by the court's reckoning.

    `until_day` is the last day of a freeze, or the day of return from exile; 0 for other sentences.
    """

    kind: ClassVar[str] = "case_decided"
    case: int
    accused: str
    offence: Offence
    good: str
    items: tuple[Item, ...]
    points: tuple[int, ...]
    bar: int
    guilty: bool
    gain_pence: int
    sentence: Sentence
    fine_pence: int
    until_day: int


@dataclass(frozen=True, slots=True)
class Fined(Body):
    """A fine stands as a debt to the outside world, due on a day."""

    kind: ClassVar[str] = "fined"
    loan: int
    case: int
    seat: str
    owed_pence: int
    due_day: int


@dataclass(frozen=True, slots=True)
class Exiled(Body):
    """A seat is away from today on, until the dawn of a day: it is not asked and not spoken to; its house goes on."""

    kind: ClassVar[str] = "exiled"
    case: int
    seat: str
    back_day: int


@dataclass(frozen=True, slots=True)
class Returned(Body):
    """A seat is back from exile."""

    kind: ClassVar[str] = "returned"
    seat: str
