"""The screenplay: scenes of action and dialogue, each element with the numbers of the events it comes from.

Knows the log and the words for it. It invents no line, and states nothing that its events do not hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fivepenny import happenings as hap
from fivepenny.drama.lies import Lies, Mark
from fivepenny.drama.moments import GROUPS, Moment
from fivepenny.drama.names import Names
from fivepenny.drama.narration import Narrator
from fivepenny.drama.sifting import Sifter, choose
from fivepenny.drama.words import line_manner
from fivepenny.events import EVERYONE, Event
from fivepenny.header import Header

Numbers = tuple[int, ...]

QUIET_BELOW = 45
"""A day without a spoken line whose weightiest moment weighs less than this leaves one line and no scene."""

MOST_PARAGRAPH = 260  # characters of narration in one paragraph
MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Parenthetical:
    """How a line is said."""

    text: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Action:
    """A line of narration; `marks` tell the reader what the table does not know."""

    text: str
    numbers: Numbers
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A spoken line, as it was spoken. `hearer` is empty where it went across the table.

    `aside`: nobody heard it but the reader. `marks` tell the reader what the hearer does not know.
    """

    speaker: str
    cue: str
    hearer: str
    text: str
    numbers: Numbers
    parenthetical: Parenthetical | None = None
    aside: bool = False
    marks: tuple[Mark, ...] = ()


Element = Action | Dialogue


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something of a day was kept: what it was, how much it weighs, and its events."""

    what: str
    weight: int
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Scene:
    """A day. `heading` is None where the day was quiet and left one line. `numbers` are those of the day's opening."""

    day: int
    weekday: str
    heading: str | None
    numbers: Numbers
    elements: tuple[Element, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A season as it is read."""

    title: str
    scenario: str
    seed: int
    days: int
    scenes: tuple[Scene, ...]


def build_screenplay(header: Header, events: Sequence[Event]) -> Screenplay:
    """The screenplay of these events, which are a season's from its first on; it may have broken off."""
    scenario = header.scenario
    writer = _Writer(header, events)
    scenes = tuple(scene for day in _days(events) if (scene := writer.scene(day)))
    return Screenplay(scenario.title, scenario.name, header.seed, header.days, scenes)


def _days(events: Sequence[Event]) -> Iterator[list[Event]]:
    todays: list[Event] = []
    for event in events:
        if todays and event.day != todays[0].day:
            yield todays
            todays = []
        todays.append(event)
    if todays:
        yield todays


def _joined(names: Names, parts: Sequence[tuple[str, Element]]) -> Iterator[Element]:
    """The elements, actions of one part of the day that name the same people or goods made one paragraph.

    What is marked stands alone, so that a mark is never read of another sentence.
    """
    last: Action | None = None
    last_part = ""
    for part, element in parts:
        if not isinstance(element, Action):
            if last:
                yield last
            last = None
            yield element
        elif last and part == last_part and _belong(names, last, element):
            numbers = tuple(sorted({*last.numbers, *element.numbers}))
            last = Action(f"{last.text} {element.text}", numbers)
        else:
            if last:
                yield last
            last, last_part = element, part
    if last:
        yield last


def _belong(names: Names, one: Action, other: Action) -> bool:
    short = len(one.text) + len(other.text) <= MOST_PARAGRAPH
    return short and not one.marks + other.marks and bool(names.mentioned(one.text) & names.mentioned(other.text))


def _reasons(moments: Sequence[Moment]) -> tuple[Reason, ...]:
    """The weightiest reasons of a day, whether they were narrated or said."""
    ranked = sorted(moments, key=lambda moment: -moment.weight)[:MOST_REASONS]
    return tuple(Reason(moment.reason, moment.weight, moment.numbers) for moment in ranked)


def _part(moment: Moment, phases: Mapping[int, str]) -> str:
    """The part of the day a moment is of; the season's opening and its close are parts of their own."""
    return moment.key if moment.key.startswith("season") else phases[moment.numbers[-1]]


def _dated(weekday: str, number: int, element: Element) -> Element:
    """A line that stands without a heading says which day it is."""
    return replace(element, text=f"{weekday}. {element.text}", numbers=tuple(sorted({number, *element.numbers})))


class _Writer:
    """Writes one day after the other."""

    def __init__(self, header: Header, events: Sequence[Event]) -> None:
        self._header = header
        self._names = Names(header.scenario)
        self._sifter = Sifter(header)
        self._narrator = Narrator(header.seed)
        self._lies = Lies(self._names, events)
        self._scenes = 0

    def scene(self, todays: list[Event]) -> Scene | None:
        """The scene of a day; None where nothing of it is worth a line."""
        moments = self._sifter.read(todays)
        lines = self._lines(todays)
        kept = choose(moments, lines=len(lines))
        if not kept and not lines:
            return None
        quiet = not lines and max(moment.weight for moment in kept) < QUIET_BELOW
        if quiet:
            kept = [max(kept, key=lambda moment: moment.weight)]
        phases = {event.number: event.beat.phase.value for event in todays}
        actions = [(moment.place, _part(moment, phases), self._action(moment)) for moment in kept]
        spoken = [(place, "", line) for place, line in lines]
        ordered: list[tuple[int, str, Element]] = sorted([*spoken, *actions], key=lambda item: item[0])
        first = todays[0]
        name = first.body.weekday if isinstance(first.body, hap.DayOpened) else ""
        heading = None if quiet else self._heading(first.day, name)
        elements = tuple(_joined(self._names, [(part, element) for _, part, element in ordered]))
        if quiet and name:
            elements = tuple(_dated(name, first.number, element) for element in elements)
        return Scene(first.day, name, heading, (first.number,), elements, _reasons(moments))

    def _heading(self, day: int, weekday: str) -> str:
        """The whole place once, its name afterwards."""
        place = self._header.scenario.place
        if self._scenes:
            place = place.partition(",")[0]
        self._scenes += 1
        when = f"{weekday.upper()}, DAY {day}" if weekday else f"DAY {day}"
        return f"INT. {place.upper()} - {when}"

    def _action(self, moment: Moment) -> Action:
        text = self._narrator.tell(moment.key, moment.words, moment.numbers[-1])
        # What is told as false needs no mark, and what is said is marked where it is said.
        marked = GROUPS.get(moment.key) == "exposed" or moment.key.endswith("_said")
        open_numbers = () if marked else moment.numbers
        marks = tuple(mark for number in open_numbers if (mark := self._lies.of_tip(number)))
        return Action(text, moment.numbers, marks)

    def _lines(self, todays: list[Event]) -> list[tuple[int, Element]]:
        """The day's spoken lines and asides, each at the number of its event."""
        found: list[tuple[int, Element]] = []
        before: Event | None = None
        for event in todays:
            body = event.body
            if isinstance(body, hap.Said):
                found.append((event.number, self._line(event, body, before)))
            elif isinstance(body, hap.Decided) and event.sealed.aside:
                told = Parenthetical("to nobody", (event.number,))
                cue = self._names.cue(body.seat)
                aside = Dialogue(body.seat, cue, "", event.sealed.aside, (event.number,), told, aside=True)
                found.append((event.number, aside))
            before = event
        return found

    def _line(self, event: Event, body: hap.Said, before: Event | None) -> Dialogue:
        line = Dialogue(
            body.speaker, self._names.cue(body.speaker), body.hearer, body.text, (event.number, *body.cites)
        )
        how = line_manner(before, body)
        numbers = (before.number, event.number) if before and how else (event.number,)
        if event.audience != EVERYONE:
            aside = f"aside to {self._names.person(body.hearer).text}" if body.hearer else "low"
            how = f"{aside}, {how}" if how else aside
        if how:
            line = replace(line, parenthetical=Parenthetical(how, numbers))
        mark = self._lies.of_line(event.number)
        return replace(line, marks=(mark,)) if mark else line
