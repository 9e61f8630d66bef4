"""What was so: whether those who stood accused had done it, by the whole log, its sealed parts included.

For readers and measures alone; no court and no seat can come by it. A false report is one's own where its teller had
made the tale up (the seal says that it believed it not at all) and dealt against it afterwards; a good is engrossed
where one seat, having bought it up, holds more than half of what the table has of it. Bribery is done by who offers
money for a good's being left alone or for an oath, taken or not, and by who takes it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from fivepenny import bribery, courts, words
from fivepenny import happenings as hap
from fivepenny.bribery import Fate
from fivepenny.courts import Offence
from fivepenny.events import Event

_BELIEVES = re.compile(r"the teller believes it (\d+) in 100")
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A tale that a seat made up, and that it dealt against: the events of both."""

    teller: str
    good: str
    rises: bool
    day: int
    event: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A case that was decided, and what was so. `cause` says why the verdict was wrong; empty where it was right."""

    opened: courts.CaseOpened
    decided: courts.CaseDecided
    did_it: bool
    cause: str

    @property
    def wrong(self) -> bool:
        """Whether the verdict was not what was so."""
        return self.did_it != self.decided.guilty


@dataclass(slots=True)
class _Told:
    """A tale that was told: how far its teller believed it, and what the teller has dealt against it since."""

    event: Event
    body: hap.Tipped
    credence: int
    against: int = 0

    @property
    def rises(self) -> bool:
        return self.body.claim.kind.direction > 0


@dataclass(slots=True)
class Bribe:
    """Money that was offered on a day, for silence or an oath over a good, and what came of it."""

    bribe: int
    by: str
    to: str
    good: str
    day: int
    fate: Fate = "open"


@dataclass(slots=True)
class Records:
    """A season read to its end: every case with what was so, every tale made up to gain by, and every bribe."""

    trials: list[Trial] = field(default_factory=list)
    made_up: list[MadeUp] = field(default_factory=list)
    money: list[Bribe] = field(default_factory=list)


def read_records(events: Iterable[Event]) -> Records:
    """The truth of every case of a season."""
    reader = _Reader()
    for event in events:
        reader.take(event)
    made_up = [
        MadeUp(item.body.teller, item.body.claim.asset, item.rises, item.event.day, item.event.number)
        for item in reader.told
        if item.credence == 0 and item.against > 0
    ]
    return Records(reader.trials, made_up, list(reader.money.values()))


class _Reader:
    """Reads a season event by event."""

    def __init__(self) -> None:
        self.told: list[_Told] = []
        self.trials: list[Trial] = []
        self.money: dict[int, Bribe] = {}
        self._opened: dict[int, tuple[Event, courts.CaseOpened, bool]] = {}
        self._sworn_falsely: dict[int, set[str]] = {}
        self._held: Counter[tuple[str, str]] = Counter()

    def take(self, event: Event) -> None:
        """Take in an event with all that is sealed in it."""
        for _, source, _, target, _, asset, amount in event.sealed.postings:
            self._held[source, asset] -= amount
            self._held[target, asset] += amount
        match event.body:
            case hap.Tipped() as body:
                found = _BELIEVES.search(event.sealed.note)
                self.told.append(_Told(event, body, int(found.group(1)) if found else 100))
            case hap.Cleared() as body:
                self._deal(event.day, body)
            case words.Bribed() as body:
                self.money[body.bribe] = Bribe(body.bribe, body.by, body.to, body.good, event.day)
            case words.BribeTaken(bribe=number) | bribery.OathBought(bribe=number):
                self.money[number].fate = "taken"
            case courts.CaseOpened() as body:
                self._opened[body.case] = (event, body, self._did_it(event, body))
            case courts.Testified(case=case, witness=witness) if event.sealed.note == courts.SWORN_FALSE:
                self._sworn_falsely.setdefault(case, set()).add(witness)
            case courts.Perjured(case=case, witness=witness):
                self._sworn_falsely.get(case, set()).discard(witness)
            case courts.CaseDecided() as body:
                self._decide(body)
            case _:
                pass

    def _deal(self, day: int, body: hap.Cleared) -> None:
        dealt = Counter(dict(zip(body.sellers, body.sold, strict=True)))
        dealt.subtract(dict(zip(body.buyers, body.bought, strict=True)))
        for tale in self.told:
            if tale.body.claim.asset == body.good and day - tale.event.day < courts.MATTER_DAYS:
                tale.against += dealt[tale.body.teller] * tale.body.claim.kind.direction

    def _matters(self, opened: courts.CaseOpened, day: int) -> list[_Told]:
        """What the accused told that the case is about."""
        return [
            tale
            for tale in self.told
            if (tale.body.teller, tale.body.claim.asset, tale.rises) == (opened.accused, opened.good, opened.rises)
            and opened.since_day - courts.MATTER_DAYS <= tale.event.day <= day
        ]

    def _did_it(self, event: Event, opened: courts.CaseOpened) -> bool:
        if opened.offence is Offence.BRIBERY:
            return any(
                bribery.shows_guilt(item, opened.accused) and item.good == opened.good
                and opened.since_day - courts.MATTER_DAYS <= item.day <= event.day
                for item in self.money.values()
            )  # fmt: skip
        if opened.offence is Offence.FALSE_REPORT:
            return any(tale.credence == 0 and tale.against > 0 for tale in self._matters(opened, event.day))
        owners = [owner for owner, asset in self._held if asset == opened.good and owner != OUTSIDE]
        whole = sum(self._held[owner, opened.good] for owner in owners)
        return self._held[opened.accused, opened.good] * 2 > whole

    def _decide(self, decided: courts.CaseDecided) -> None:
        event, opened, did_it = self._opened.pop(decided.case)
        cause = "" if did_it == decided.guilty else self._cause(event, opened, decided)
        self.trials.append(Trial(opened, decided, did_it, cause))

    def _cause(self, event: Event, opened: courts.CaseOpened, decided: courts.CaseDecided) -> str:
        liars = self._sworn_falsely.get(decided.case, set())
        if opened.accused in liars and not decided.guilty:
            return "the accused swore falsely, and it was not found"
        if liars - {opened.accused}:
            return "a witness swore falsely, and it was not found"
        if not decided.guilty:
            return "too little of it came out"
        if opened.offence is Offence.BRIBERY:
            return "the money that passed was for something else"
        if opened.offence is Offence.ENGROSSING:
            return "the others held more than the court could know"
        if any(tale.credence == 0 for tale in self._matters(opened, event.day)):
            return "it had made the tale up, and had not dealt against it"
        return "it had passed on what it had heard"


def what_was_so(trial: Trial) -> str:
    """A sentence for the reader alone."""
    if trial.opened.offence is Offence.ENGROSSING:
        return "More than half of it was there." if trial.did_it else "Others together held as much or more."
    if trial.opened.offence is Offence.BRIBERY and trial.did_it:
        return "The accused had offered money for it, or taken it."
    if trial.did_it:
        return "The accused had made it up, and dealt against it."
    return f"The accused had not done it: {trial.cause}." if trial.cause else "The accused had not done it."
