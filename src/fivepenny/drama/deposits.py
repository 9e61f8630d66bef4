"""Sifting what happens at a bank: who lays money there, who asks for it, how long the line at the door is."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fivepenny import happenings as hap
from fivepenny.clock import Beat, say_past
from fivepenny.deposits import Deposited, Kept, Queued, Rescued, Withdrew
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import OUTSIDE, Names, Word, count, money
from fivepenny.drama.past import Past
from fivepenny.events import Body, Event


def deposit_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moment of an event that has to do with money in a banker's keeping."""
    match event.body:
        case Kept(holder=holder, banker=banker, pence=pence):
            yield moment_of("deposit_old", _words(names, holder, banker, pence), event.number)
        case Deposited(holder=holder, banker=banker, pence=pence):
            key = "deposit_back" if holder == OUTSIDE else "deposit"
            told = bool(_line(todays, holder, banker, "deposit"))
            yield moment_of(key, _words(names, holder, banker, pence), event.number, told=told)
        case Withdrew() as body:
            yield _withdrawal(names, todays, event, body)
        case Queued() as body:
            yield _queue(names, past, event, body)
        case Rescued(banker=banker, pence=pence):
            yield moment_of("rescue", {"banker": names.person(banker), "sum": money(pence)}, event.number)
        case _:
            pass


def _words(names: Names, holder: str, banker: str, pence: int) -> dict[str, Word]:
    return {"holder": names.person(holder), "banker": names.person(banker), "sum": money(pence)}


def _line(todays: Sequence[Event], speaker: str, hearer: str, act: str) -> int:
    """The number of the line with which this was done; 0 where it was done without one."""
    for event in todays:
        match event.body:
            case hap.Said(speaker=by, hearer=to, act=how) if (by, to, how) == (speaker, hearer, act):
                return event.number
            case _:
                pass
    return 0


def _withdrawal(names: Names, todays: Sequence[Event], event: Event, body: Withdrew) -> Moment:
    words = _words(names, body.holder, body.banker, body.pence)
    if event.beat is Beat.DAWN:
        return moment_of("withdrawal_forced", words, event.number)
    line = _line(todays, body.holder, body.banker, "withdraw")
    if line:
        return moment_of("withdrawal_said", words, event.number, after=line, needed=True)
    return moment_of("withdrawal", words, event.number)


def _queue(names: Names, past: Past, event: Event, body: Queued) -> Moment:
    words = {"banker": names.person(body.banker), "sum": money(body.pence), "people": count(body.people)}
    before = past.queues.get(body.banker)
    if before is None or before.figure == body.people:
        return moment_of("queue", words, event.number, extra=body.people)
    words |= {"before": count(before.figure), "then": Word(say_past(before.day, event.day))}
    if body.people < before.figure:
        return moment_of("queue_shorter", words, before.number, event.number)
    return moment_of("queue_longer", words, before.number, event.number, extra=body.people)


MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = dict.fromkeys(
    (Kept, Deposited, Withdrew, Queued, Rescued), deposit_moments
)
