"""The file of a case: from its opening to its verdict in plain sentences, each with the events that it comes from.

The last line of a decided case is for the reader alone: what was so. Everything before it the whole table heard.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fivepenny import bribery, courts
from fivepenny.courts import Ground, Oath, Offence, Sentence
from fivepenny.drama.names import Names, join_words, money
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.justice import read_records, what_was_so

_FATES: Mapping[bribery.Fate, str] = {"open": "nothing came of it", "taken": "taken", "spurned": "refused"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence of a case's file, under which heading it stands, and its events."""

    heading: str
    text: str
    numbers: tuple[int, ...]


@dataclass(slots=True)
class CourtFile:
    """The file of one case. `so` is what was so, for the reader; empty while the case is open."""

    case: int
    title: str
    entries: list[Entry] = field(default_factory=list)
    so: str = ""


def court_files(header: Header, events: Sequence[Event]) -> list[CourtFile]:
    """The files of a season's cases, in the order in which they opened."""
    clerk = _Clerk(Names(header.scenario))
    for event in events:
        clerk.take(event)
    for trial in read_records(events).trials:
        clerk.files[trial.opened.case].so = what_was_so(trial)
    return list(clerk.files.values())


class _Clerk:
    """Writes the files."""

    def __init__(self, names: Names) -> None:
        self.files: dict[int, CourtFile] = {}
        self._names = names
        self._opened: dict[int, courts.CaseOpened] = {}

    def take(self, event: Event) -> None:
        match event.body:
            case courts.CaseOpened() as body:
                accused, say = self._names.person(body.accused).text, self._names.good(body.good).text
                self.files[body.case] = CourtFile(body.case, f"Justice Pym against {accused}: {body.offence}, {say}")
                self._opened[body.case] = body
                self._enter(event, body.case, "Opened", self._opening(event.day, body))
            case courts.Summoned(case=case, witnesses=witnesses):
                self._enter(event, case, "Summoned", f"{self._names.people(witnesses).text}.")
            case courts.Testified(case=case, witness=witness, oath=oath, units=units):
                self._enter(event, case, "Sworn", self._oath(self._opened[case], witness, oath, units))
            case courts.LetterRead(case=case) as body:
                self._enter(event, case, "Letters", self._letter(body))
            case courts.BooksOpened(case=case, seat=seat, good=good, units=units):
                amount = self._names.amount_of(good, units).text
                self._enter(event, case, "Books", f"The clerks counted {amount} at {self._names.person(seat).text}'s.")
            case bribery.BribeRead(case=case) as body:
                self._enter(event, case, "Letters", self._money_letter(body))
            case bribery.PurseOpened(case=case) as body:
                self._enter(event, case, "Books", self._purse(body))
            case courts.Perjured(case=case, witness=witness):
                person = self._names.person(witness).text
                self._enter(event, case, "Struck out", f"The oath of {person}, which is contradicted, and fined.")
            case courts.CaseDecided() as body:
                for text in self._weighing(body):
                    self._enter(event, body.case, "Weighed", text)
                self._enter(event, body.case, "Verdict", self._verdict(body))
            case _:
                pass

    def _enter(self, event: Event, case: int, heading: str, text: str) -> None:
        self.files[case].entries.append(Entry(heading, text, (event.number,)))

    def _opening(self, day: int, body: courts.CaseOpened) -> str:
        say = self._names.good(body.good).text
        if body.ground is Ground.TAPE:
            return f"On day {day}, by the tape: who bought the {say} since day {body.since_day}."
        other = self._names.person(body.other).text if body.other else ""
        if body.ground is Ground.LETTER:
            return (
                f"On day {day}, on a letter of day {body.since_day}, with money in it, between the accused and {other}."
            )
        if body.ground is Ground.OATH:
            return f"On day {day}, on an oath of {other} that was found false, and money of the same day."
        accuser, motion = self._names.person(body.accuser).text, "rise" if body.rises else "fall"
        if body.offence is Offence.BRIBERY:
            return f"On day {day}, accused by {accuser}, who was offered money over {say} on day {body.since_day}."
        return f"On day {day}, accused by {accuser}, who was told on day {body.since_day} that {say} would {motion}."

    def _oath(self, opened: courts.CaseOpened, witness: str, oath: Oath, units: int) -> str:
        person, accused = self._names.person(witness).text, self._names.person(opened.accused).text
        say = self._names.good(opened.good).text
        match oath:
            case Oath.TOLD:
                return f"{person}: {accused} did speak of {say}."
            case Oath.NOT_TOLD:
                return f"{person}: {accused} did not speak of {say}."
            case Oath.HAD_IT:
                return f"{person}: the tale about {say} came from another."
            case Oath.MADE_IT:
                return f"{person}: the tale about {say} was made up."
            case Oath.HOLDS:
                return f"{person}: {self._names.amount_of(opened.good, units).text} in store."
            case Oath.MONEY:
                return f"{person}: there was money between {accused} and me, over {say}."
            case Oath.NO_MONEY:
                return f"{person}: there was no money between {accused} and me, over {say}."
            case Oath.OWNS_TO_IT:
                return f"{person}: it was so."
            case Oath.DENIES_IT:
                return f"{person}: no money was offered over {say}, and none taken."

    def _letter(self, body: courts.LetterRead) -> str:
        teller, hearer = self._names.person(body.teller).text, self._names.person(body.hearer).text
        motion, say = "rise" if body.rises else "fall", self._names.good(body.good).text
        words = f' In these words: "{body.text}"' if body.text else ""
        return f"Day {body.told_day}, {teller} to {hearer}: {say} will {motion}.{words}"

    def _money_letter(self, body: bribery.BribeRead) -> str:
        by, to = self._names.person(body.by).text, self._names.person(body.to).text
        what = f"an oath in case {body.about}" if body.about else f"leaving {self._names.good(body.good).text} alone"
        words = f' In these words: "{body.text}"' if body.text else ""
        return f"Day {body.offered_day}, {by} to {to}: {money(body.pence).text} for {what}; {_FATES[body.fate]}.{words}"

    def _purse(self, body: bribery.PurseOpened) -> str:
        one, other = self._names.person(body.one).text, self._names.person(body.other).text
        passed = f"{money(body.pence).text} passed" if body.pence else "Nothing passed"
        return f"{passed} between {one} and {other} on day {body.day}, for what the books do not say."

    def _weighing(self, body: courts.CaseDecided) -> Iterator[str]:
        for item, points in zip(body.items, body.points, strict=True):
            yield f"{points:+d}  {item.value}"
        yield f"{sum(body.points):+d}  in all, where {body.bar} is guilty"

    def _verdict(self, body: courts.CaseDecided) -> str:
        if body.sentence is Sentence.ACQUITTAL:
            return "Not guilty."
        ends = [f"a fine of {money(body.fine_pence).text}"]
        if body.sentence is Sentence.FREEZE:
            ends.append(f"no trade up to and on day {body.until_day}")
        if body.sentence is Sentence.EXILE:
            ends.append(f"exile until day {body.until_day}")
        gained = f", for a gain of {money(body.gain_pence).text}" if body.gain_pence else ""
        return f"Guilty of {_name(body.offence)}{gained}: {join_words(ends)}."


def _name(offence: Offence) -> str:
    return "a false report" if offence is Offence.FALSE_REPORT else offence.value
