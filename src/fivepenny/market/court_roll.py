"""What the court knows: a fold over the public events that everybody has seen, and nothing else.

It is fed `Seen` events, which have no sealed part: no truth of a claim and no thought of a teller can get in here. It
does not listen to what is said across the table, only to what is sworn. Letters and books come in as they are read
out and opened.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from fivepenny import bribery, courts
from fivepenny import happenings as hap
from fivepenny.courts import Oath
from fivepenny.events import Body, Seen
from fivepenny.market.larder import need_on
from fivepenny.scenario import Scenario, Seat
from fivepenny.values import value

TAPE_DAYS = 2 * courts.MATTER_DAYS  # how much of the tape the court goes back over


@value()
class Dealt:
    """What one auction told of one seat: units bought and sold, at which price."""

    day: int
    bought: int
    sold: int
    price_pence: int

    @property
    def units(self) -> int:
        """Bought and sold together."""
        return self.bought + self.sold


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that has come out in a case so far."""

    opened: courts.CaseOpened
    opened_day: int
    witnesses: tuple[str, ...] = ()
    oaths: tuple[courts.Testified, ...] = ()
    letters: tuple[courts.LetterRead, ...] = ()
    books_units: int = 0
    perjured: frozenset[str] = frozenset()
    bribes: tuple[bribery.BribeRead, ...] = ()
    purse: bribery.PurseOpened | None = None

    def sworn(self, witness: str) -> Oath | None:
        """What a witness swore that still counts."""
        oath = next((item.oath for item in self.oaths if item.witness == witness), None)
        return None if witness in self.perjured else oath


class Roll:
    """The court's own knowledge."""

    def __init__(self, scenario: Scenario) -> None:
        """Knows who is at the table, which goods are traded, and each trade's usual use of them."""
        self.scenario = scenario
        self.day = 1
        self.before_pence = {good.name: good.price_pence for good in scenario.goods}
        self.tape: tuple[Seen, ...] = ()
        self.shorts: tuple[Seen, ...] = ()
        self.news: tuple[tuple[int, str, bool], ...] = ()  # on which day the town was told of which good that it rises
        self.accusations: tuple[courts.Accused, ...] = ()  # today's
        self.cases: dict[int, CaseFile] = {}
        self.tried: dict[tuple[str, str], int] = {}  # the accused and the good, and when a case was last opened
        self.record: dict[str, int] = {}
        self.exiled: dict[str, int] = {}  # and when each is back
        self.sentenced: dict[str, tuple[int, int]] = {}  # who is to leave at the next dawn: case, and day of return
        self.bribes: tuple[bribery.BribeRead, ...] = ()  # read out today
        self.purses: tuple[bribery.PurseOpened, ...] = ()  # opened today
        self.heard: frozenset[tuple[int, str, str]] = frozenset()  # on which day who was heard over which good

    def fork(self) -> "Roll":
        """The same knowledge, to go its own way."""
        twin = copy(self)
        twin.cases, twin.tried, twin.record = self.cases.copy(), self.tried.copy(), self.record.copy()
        twin.exiled, twin.sentenced = self.exiled.copy(), self.sentenced.copy()
        twin.before_pence = self.before_pence.copy()
        return twin

    def take(self, seen: Seen) -> None:
        """Take in one public event."""
        if seen.day != self.day:
            self._turn_to(seen.day)
        lesson = _LESSONS.get(type(seen.body))
        if lesson is not None:
            lesson(self, seen, seen.body)

    def _turn_to(self, day: int) -> None:
        self.day = day
        self.accusations, self.bribes, self.purses = (), (), ()
        self.heard = frozenset([row for row in self.heard if row[0] > day - TAPE_DAYS])
        gone: list[Any] = [seen.body for seen in self.tape if seen.day <= day - TAPE_DAYS]
        self.before_pence |= {body.good: body.price_pence for body in gone}
        self.tape = self.tape[len(gone) :]
        self.shorts = tuple([seen for seen in self.shorts if seen.day > day - TAPE_DAYS])
        self.news = tuple([row for row in self.news if row[0] > day - TAPE_DAYS])

    def dealings(self, seat: str, good: str, since_day: int) -> list[Dealt]:
        """What a seat bought and sold of a good from a day on, auction by auction."""
        found = []
        for seen in self.tape:
            body: Any = seen.body
            if body.good != good or seen.day < since_day:
                continue
            bought, sold = _units(seat, body.buyers, body.bought), _units(seat, body.sellers, body.sold)
            found.append(Dealt(seen.day, bought, sold, body.price_pence))
        return found

    def bought(self, since_day: int) -> dict[str, Counter[str]]:
        """Units of each good that were bought from a day on, by buyer."""
        found: dict[str, Counter[str]] = {good: Counter() for good in self.before_pence}
        for seen in self.tape:
            if seen.day >= since_day:
                body: Any = seen.body
                for seat, units in zip(body.buyers, body.bought, strict=True):
                    found[body.good][seat] += units
        return found

    def volume(self, good: str, since_day: int) -> int:
        """Units of a good that were traded from a day on."""
        bodies: list[Any] = [seen.body for seen in self.tape if seen.day >= since_day]
        return sum(body.volume for body in bodies if body.good == good)

    def price_before(self, good: str, day: int) -> int:
        """The last price of a good before a day."""
        bodies: list[Any] = [seen.body for seen in self.tape if seen.day < day]
        prices: list[int] = [body.price_pence for body in bodies if body.good == good]
        return prices[-1] if prices else self.before_pence[good]

    def standing(self) -> str:
        """All of it in words, for a digest."""
        parts = (
            self.day,
            self.before_pence,
            self.tape,
            self.shorts,
            self.news,
            self.accusations,
            self.cases,
            self.tried,
            self.record,
        )
        return repr((*parts, self.exiled, self.sentenced, self.bribes, self.purses, sorted(self.heard)))


def _units(seat: str, seats: tuple[str, ...], units: tuple[int, ...]) -> int:
    return units[seats.index(seat)] if seat in seats else 0


def use_on(scenario: Scenario, seat: Seat, good: str, day: int) -> int:
    """Units of a good that a seat's house and craft use on a day, as everybody knows who knows its trade.

    Of a food, all that it eats: it may have no other.
    """
    worked = seat.craft.up_to if seat.craft and seat.craft.good == good else 0
    eaten = seat.eats if scenario.diet and good in scenario.diet.foods else 0
    return need_on(scenario, seat, good, day) + worked + eaten


def _cleared(roll: Roll, seen: Seen, body: hap.Cleared) -> None:
    if body.price_pence is not None:
        roll.tape = (*roll.tape, seen)


def _wanted(roll: Roll, seen: Seen, body: hap.Wanted) -> None:
    roll.shorts = (*roll.shorts, seen)


def _news(roll: Roll, seen: Seen, body: hap.News) -> None:
    if body.claim is not None:
        roll.news = (*roll.news, (seen.day, body.claim.asset, body.claim.kind.direction > 0))


def _accused(roll: Roll, seen: Seen, body: courts.Accused) -> None:
    roll.accusations = (*roll.accusations, body)


def _opened(roll: Roll, seen: Seen, body: courts.CaseOpened) -> None:
    """Of bribery, what came out of it today in another case is taken over."""
    read = tuple([letter for letter in roll.bribes if bribery.is_of(letter, body)])
    pair = {body.accused, body.other}
    counted = [purse for purse in roll.purses if {purse.one, purse.other} == pair and purse.day == body.since_day]
    roll.cases[body.case] = CaseFile(body, seen.day, bribes=read, purse=counted[0] if counted else None)
    roll.tried[body.accused, courts.matter_of(body.offence, body.good)] = seen.day


def _summoned(roll: Roll, seen: Seen, body: courts.Summoned) -> None:
    roll.cases[body.case] = replace(roll.cases[body.case], witnesses=body.witnesses)


def _testified(roll: Roll, seen: Seen, body: courts.Testified) -> None:
    case = roll.cases[body.case]
    roll.cases[body.case] = replace(case, oaths=(*case.oaths, body))


def _letter(roll: Roll, seen: Seen, body: courts.LetterRead) -> None:
    case = roll.cases[body.case]
    roll.cases[body.case] = replace(case, letters=(*case.letters, body))


def _books(roll: Roll, seen: Seen, body: courts.BooksOpened) -> None:
    roll.cases[body.case] = replace(roll.cases[body.case], books_units=body.units)


def _bribe_read(roll: Roll, seen: Seen, body: bribery.BribeRead) -> None:
    roll.bribes = (*roll.bribes, body)
    case = roll.cases[body.case]
    roll.cases[body.case] = replace(case, bribes=(*case.bribes, body))


def _purse(roll: Roll, seen: Seen, body: bribery.PurseOpened) -> None:
    roll.purses = (*roll.purses, body)
    case = roll.cases[body.case]
    pair = {case.opened.accused, case.opened.other}
    if ({body.one, body.other}, body.day) == (pair, case.opened.since_day):
        roll.cases[body.case] = replace(case, purse=body)


def _perjured(roll: Roll, seen: Seen, body: courts.Perjured) -> None:
    case = roll.cases[body.case]
    roll.cases[body.case] = replace(case, perjured=case.perjured | {body.witness})


def _decided(roll: Roll, seen: Seen, body: courts.CaseDecided) -> None:
    del roll.cases[body.case]
    roll.heard |= {(seen.day, body.accused, body.good)}
    if body.guilty:
        roll.record[body.accused] = roll.record.get(body.accused, 0) + 1
    if body.sentence is courts.Sentence.EXILE:
        roll.sentenced[body.accused] = (body.case, body.until_day)


def _exiled(roll: Roll, seen: Seen, body: courts.Exiled) -> None:
    del roll.sentenced[body.seat]
    roll.exiled[body.seat] = body.back_day


def _returned(roll: Roll, seen: Seen, body: courts.Returned) -> None:
    del roll.exiled[body.seat]


_LESSONS: Mapping[type[Body], Callable[[Roll, Seen, Any], None]] = {
    hap.Cleared: _cleared,
    hap.Wanted: _wanted,
    hap.News: _news,
    courts.Accused: _accused,
    courts.CaseOpened: _opened,
    courts.Summoned: _summoned,
    courts.Testified: _testified,
    courts.LetterRead: _letter,
    courts.BooksOpened: _books,
    bribery.BribeRead: _bribe_read,
    bribery.PurseOpened: _purse,
    courts.Perjured: _perjured,
    courts.CaseDecided: _decided,
    courts.Exiled: _exiled,
    courts.Returned: _returned,
}
