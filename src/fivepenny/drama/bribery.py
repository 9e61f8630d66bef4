"""Sifting bribery: money for a convenient memory, and what the court reads and counts of bribes.

Knows the events of the day alone. Money for leaving a good alone is told with words (`fivepenny.drama.words`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fivepenny import bribery
from fivepenny.clock import WEEKDAYS, say_past
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event


def _offer(names: Names, by: str, to: str, pence: int) -> dict[str, Word]:
    return {"by": names.person(by), "to": names.person(to), "sum": money(pence)}


def _sought(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    told = bool(line_of(todays, body.by, body.to, "bribe"))
    yield moment_of("oath_sought", _offer(names, body.by, body.to, body.pence), event.number, told=told)


def _bought(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    yield moment_of("oath_bought", _offer(names, body.by, body.to, body.pence), event.number)


def _read(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    found = _offer(names, body.by, body.to, body.pence) | {"good": names.good(body.good)}
    taken = "bribe_read_taken" if body.fate == "taken" else "bribe_read"
    yield moment_of("bribe_read_oath" if body.about else taken, found, event.number)


def _gone_by(day: int, today: int) -> Word:
    """A day gone by as an adverb, without a count."""
    if day == today:
        return Word("today")
    return Word(say_past(day, today) if today - day < len(WEEKDAYS) else "some days ago")


def _counted(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    found = {"one": names.person(body.one), "other": names.person(body.other), "day": _gone_by(body.day, event.day)}
    if body.pence:
        yield moment_of("purse_passed", found | {"sum": money(body.pence)}, event.number)
    else:
        yield moment_of("purse_empty", found, event.number)


MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = {
    bribery.OathSought: _sought,
    bribery.OathBought: _bought,
    bribery.BribeRead: _read,
    bribery.PurseOpened: _counted,
}
"""What is worth telling of bribery, by the kind of its event."""
