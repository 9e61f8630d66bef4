"""Sifting what is said: promises, threats, bribes, tales that change as they travel, and the manner of it all.

Knows the events of the day and what stood before. A line that was spoken with something tells it; what came of it is
told beside.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fivepenny import happenings as hap
from fivepenny import words
from fivepenny.claims import Promise, PromiseKind
from fivepenny.drama.lies import told_otherwise
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money, say_day
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event
from fivepenny.parts import Manner

HARMS: Mapping[words.Harm, str] = {"call": "the loan is called in tomorrow", "room": "the room hears of it tomorrow"}
_TOLD_MANNERS: Mapping[Manner, str] = {"flattering": "flattered", "evasive": "evaded", "menacing": "menaced"}


def _pair(names: Names, by: str, to: str) -> dict[str, Word]:
    return {"by": names.person(by), "to": names.person(to)}


def _bound(names: Names, promise: Promise, today: int) -> dict[str, Word]:
    """The words of a promise: between whom, about what, until when."""
    found = _pair(names, promise.by, promise.to)
    found["day"] = _until(promise.by_day + (promise.kind is not PromiseKind.WILL_PAY), today)
    return found | ({"good": names.good(promise.good)} if promise.good else {})


def _until(day: int, today: int) -> Word:
    return Word(say_day(day, today).text.removeprefix("on "))


def _promised(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    promise: Promise = body.promise
    pays = promise.kind is PromiseKind.WILL_PAY
    found = _bound(names, promise, event.day)
    if pays:
        found["day"] = say_day(promise.by_day, event.day)
    told = bool(line_of(todays, promise.by, promise.to, "promise_pay" if pays else "promise_hold"))
    yield moment_of("promised_pay" if pays else "promised_hold", found, event.number, told=told)


def _promise_settled(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    promise: Promise = body.promise
    kept, broken = (
        ("promise_paid", "promise_unpaid")
        if promise.kind is PromiseKind.WILL_PAY
        else ("promise_kept", "promise_broken")
    )
    yield moment_of(kept if body.kept else broken, _bound(names, promise, event.day), event.number)


def _threatened(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    found = _pair(names, body.by, body.to) | {"harm": Word(HARMS[body.harm])}
    told = bool(line_of(todays, body.by, body.to, "threaten"))
    if body.good:
        found |= {"good": names.good(body.good), "day": _until(body.by_day + 1, event.day)}
        yield moment_of("threatened_leave", found, event.number, told=told)
    else:
        found["owed"] = money(body.owed_pence)
        yield moment_of("threatened_pay", found, event.number, told=told)


def _yielded(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    told = bool(line_of(todays, body.promise.by, body.promise.to, "yield"))
    yield moment_of("yielded", _bound(names, body.promise, event.day), event.number, told=told)


def _defied(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    told = bool(line_of(todays, body.to, body.by, "defy"))
    yield moment_of("defied", _pair(names, body.by, body.to), event.number, told=told)


def _carried_out(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    match event.body:
        case words.CalledIn(lender=by, borrower=to, owed_pence=owed_pence, due_day=due_day):
            found = _pair(names, by, to) | {"owed": money(owed_pence), "day": say_day(due_day, event.day)}
            yield moment_of("called_in", found, event.number)
        case words.ToldRoom(by=by, to=to, owed_pence=owed_pence):
            found = _pair(names, by, to) | {"owed": money(owed_pence)}
            yield moment_of("told_room_debt" if owed_pence else "told_room", found, event.number)
        case _:
            pass


def _threat_lapsed(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    yield moment_of("threat_lapsed", _pair(names, body.by, body.to), event.number)


def _bribed(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    body: Any = event.body
    found = _pair(names, body.by, body.to) | {"sum": money(body.pence)}
    match body:
        case words.Bribed(good=good, by_day=by_day):
            found |= {"good": names.good(good), "day": _until(by_day + 1, event.day)}
            told = bool(line_of(todays, body.by, body.to, "bribe"))
        case words.BribeTaken(promise=promise):
            found |= {"good": names.good(promise.good), "day": _until(promise.by_day + 1, event.day)}
            told = False  # what is paid for what is not in the line
        case _:
            told = bool(line_of(todays, body.to, body.by, "spurn"))
    yield moment_of(body.kind, found, event.number, told=told)


def _told(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """A tale that was changed on its way; else the manner of it."""
    body: Any = event.body
    before = told_otherwise(event.sealed)
    if before is None:
        yield from _mannered(names, past, todays, event)
        return
    claim, numbers = body.claim, [event.number]
    found = {
        "teller": names.person(body.teller), "hearer": names.person(body.hearer), "good": names.good(claim.asset),
        "motion": Word("rise" if claim.kind.direction > 0 else "fall"), "day": _until(claim.by_day, event.day),
    }  # fmt: skip
    source = next((tip for tip in past.tips.get(before, ()) if tip.body.hearer == body.teller), None)
    if source is not None:
        found["third"] = names.person(source.body.teller)
        numbers.insert(0, source.event.number)
    yield moment_of("rumour_sooner" if body.sure else "rumour_later", found, *numbers)


def _mannered(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    said = manner_of(event)
    if said is not None and said[2] in _TOLD_MANNERS:
        speaker, hearer, manner = said
        found = {"speaker": names.person(speaker), "hearer": names.person(hearer)}
        yield moment_of(_TOLD_MANNERS[manner], found, event.number)


def manner_of(event: Event) -> tuple[str, str, Manner] | None:
    """Who spoke to whom in what manner in this event."""
    match event.body:
        case words.ToldSo(teller=speaker, hearer=hearer, manner=manner):
            return speaker, hearer, manner
        case words.SpokenSo(speaker=speaker, hearer=hearer, manner=manner):
            return speaker, hearer, manner
        case words.Promised(promise=promise, manner=manner):
            return promise.by, promise.to, manner
        case words.Threatened(by=speaker, to=hearer, manner=manner):
            return speaker, hearer, manner
        case words.Bribed(by=speaker, to=hearer, manner=manner):
            return speaker, hearer, manner
        case _:
            return None


def line_manner(before: Event | None, line: hap.Said) -> str:
    """The manner of a line that can be heard, by the event that it was spoken with; empty where there is none."""
    speaker, hearer, manner = (before and manner_of(before)) or ("", "", "plain")
    return manner if (speaker, hearer) == (line.speaker, line.hearer) and manner in _TOLD_MANNERS else ""


MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = {
    words.ToldSo: _told,
    words.SpokenSo: _mannered,
    words.Promised: _promised,
    words.PromiseSettled: _promise_settled,
    words.Threatened: _threatened,
    words.Yielded: _yielded,
    words.Defied: _defied,
    words.ToldRoom: _carried_out,
    words.CalledIn: _carried_out,
    words.ThreatLapsed: _threat_lapsed,
    words.Bribed: _bribed,
    words.BribeTaken: _bribed,
    words.BribeSpurned: _bribed,
    words.BribeUnpaid: _bribed,
}
"""The moments of each kind of event of the custom; tips and words have those of the table besides."""
