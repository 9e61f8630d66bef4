"""What is worth telling of pacts: proposed, refused, signed, joined, broken and kept.

Knows the events of the day alone; the day on which a broken pact was signed stands in the event that breaks it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fivepenny import happenings as hap
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money, say_day
from fivepenny.drama.past import Past
from fivepenny.drama.spoken import line_of
from fivepenny.events import Body, Event
from fivepenny.pacts import PactBroken, PactJoined, PactKept, PactProposed, PactSigned, PactSpurned, PactVoid, Shape

BOTH = 2


def _about(names: Names, shape: Shape, about: str) -> dict[str, Word]:
    return {"third": names.person(about)} if shape == Shape.SHUN else {"good": names.good(about)}


def _terms(names: Names, event: Event, body: PactProposed | PactSigned | PactJoined) -> dict[str, Word]:
    words = _about(names, body.shape, body.about) | {"by": names.person(body.by)}
    words |= {"day": say_day(body.until_day, event.day), "penalty": money(body.penalty_pence)}
    return words | ({"price": money(body.price_pence)} if body.shape == Shape.FLOOR else {})


def _proposed(names: Names, todays: Sequence[Event], event: Event, body: PactProposed) -> Iterator[Moment]:
    """A proposal is told where no line tells it and nothing came of it: what comes of one tells it too."""
    answers = (PactSigned, PactJoined, PactSpurned, PactVoid)
    answered = [item.body for item in todays if isinstance(item.body, answers)]
    if any(_pair(answer) == {body.by, body.to} for answer in answered):
        return
    words = _terms(names, event, body) | {"to": names.person(body.to)}
    told = bool(line_of(todays, body.by, body.to, f"pact_{body.shape}"))
    yield moment_of("shun_proposed" if body.shape == Shape.SHUN else "pact_proposed", words, event.number, told=told)


def _pair(body: PactSigned | PactJoined | PactSpurned | PactVoid) -> set[str]:
    return {body.by, body.seat} if isinstance(body, PactJoined) else {body.by, body.to}


def _spurned(names: Names, todays: Sequence[Event], event: Event, body: PactSpurned) -> Moment:
    words = {"by": names.person(body.by), "to": names.person(body.to)}
    told = bool(line_of(todays, body.by, body.to, "reject"))
    put = bool(line_of(todays, body.to, body.by, f"pact_{body.shape}"))
    return moment_of("pact_spurned", words, event.number, told=told, needed=put)


def _signed(names: Names, todays: Sequence[Event], event: Event, body: PactSigned) -> Moment:
    words = _terms(names, event, body) | {"to": names.person(body.to)}
    key = f"{body.shape}_signed"
    if body.fund_pence:
        words["sum"] = money(body.fund_pence)
        key = "pool_funded"
    put = bool(line_of(todays, body.by, body.to, f"pact_{body.shape}"))
    return moment_of(key, words, event.number, after=line_of(todays, body.to, body.by, "join"), needed=put)


def _joined(names: Names, todays: Sequence[Event], event: Event, body: PactJoined) -> Moment:
    others = [seat for seat in body.parties if seat != body.seat]
    words = _terms(names, event, body) | {"seat": names.person(body.seat), "others": names.people(others)}
    return moment_of("pact_joined", words, event.number, after=line_of(todays, body.seat, body.by, "join"))


def _broken(names: Names, todays: Sequence[Event], event: Event, body: PactBroken) -> Moment:
    words = _about(names, body.shape, body.about) | {"seat": names.person(body.seat)}
    words |= {"partners": names.people(body.partners), "day": say_day(body.due_day, event.day)}
    owed = [
        item
        for item in todays
        if isinstance(item.body, hap.Owes) and item.day == event.day and item.body.borrower == body.seat
        and item.body.due_day == body.due_day
    ]  # fmt: skip
    if owed:
        words["penalty"] = money(body.penalty_pence)
    return moment_of(f"{body.shape}_broken", words, event.number)


def _kept(names: Names, event: Event, body: PactKept) -> Moment:
    words = _about(names, body.shape, body.about) | {"parties": names.people(body.parties)}
    if len(body.parties) == BOTH:
        words |= {"one": names.person(body.parties[0]), "other": names.person(body.parties[1])}
    return moment_of("shun_kept" if body.shape == Shape.SHUN else "pact_kept", words, event.number)


def pact_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moment of an event that has to do with a pact."""
    match event.body:
        case PactProposed() as body:
            yield from _proposed(names, todays, event, body)
        case PactSpurned() as body:
            yield _spurned(names, todays, event, body)
        case PactVoid(by=by, to=to):
            words = {"by": names.person(by), "to": names.person(to)}
            yield moment_of("pact_void", words, event.number, after=line_of(todays, to, by, "join"))
        case PactSigned() as body:
            yield _signed(names, todays, event, body)
        case PactJoined() as body:
            yield _joined(names, todays, event, body)
        case PactBroken() as body:
            yield _broken(names, todays, event, body)
        case PactKept() as body:
            yield _kept(names, event, body)
        case _:
            pass


PACT_MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = dict.fromkeys(
    (PactProposed, PactSpurned, PactSigned, PactVoid, PactJoined, PactBroken, PactKept), pact_moments
)
"""The moments of each kind of event about a pact."""
