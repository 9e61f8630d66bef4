"""Typed events: everything that happens, who may know it, and what of it is sealed.

An `Event` is an envelope (number, day, beat, audience) round a typed body. What its audience may know is in
the body; what nobody at the table may know (the postings in the books, the truth of a claim, a private
thought) is in `Sealed`. A seat gets `Seen`, which has no sealed part, so no prompt builder can reach one.

This module knows no kind of event: the market's are in `fivepenny.happenings`, and a world of another kind subclasses
`Body` itself.
"""

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from fivepenny.claims import Truth
from fivepenny.clock import Beat
from fivepenny.errors import SeasonFileError
from fivepenny.values import value

EVERYONE = ("*",)
"""The audience of a public event."""

Posting = tuple[int, str, str, str, str, str, int]
"""A row of the books: batch, source, its kind, target, its kind, asset, amount."""


class Body:
    """What happened, as the audience may know it. Subclasses are values or frozen dataclasses, each with its `kind`."""

    __slots__ = ()
    kind: ClassVar[str] = ""
    registry: ClassVar[dict[str, type["Body"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register the kind (a slotted dataclass is made twice; the second is the one that stays)."""
        super().__init_subclass__(**kwargs)
        if cls.kind:
            Body.registry[cls.kind] = cls


@value()
class Sealed:
    """What no seat may know of an event."""

    postings: tuple[Posting, ...] = ()
    truth: Truth | None = None
    aside: str | None = None
    note: str = ""


NOTHING_SEALED = Sealed()


@value()
class Seen:
    """An event as a seat of its audience sees it."""

    number: int
    day: int
    beat: Beat
    body: Body


@value()
class Event:
    """One thing that happened. `audience` holds seats, or is EVERYONE, or is empty (the log alone)."""

    number: int
    day: int
    beat: Beat
    audience: tuple[str, ...]
    body: Body
    sealed: Sealed = NOTHING_SEALED

    @property
    def seen(self) -> Seen:
        """What its audience sees of it."""
        return Seen(self.number, self.day, self.beat, self.body)

    def seen_by(self, seat: str) -> Seen | None:
        """What this seat sees of it, or None."""
        return self.seen if self.audience == EVERYONE or seat in self.audience else None


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def canonical(value: Any) -> str:
    """JSON with sorted keys and no white space: the form that digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def body_text(body: Body) -> str:
    """The JSON of a body, its kind left out: fields in the order of the class, no white space."""
    return to_json(body).decode()


def sealed_text(sealed: Sealed) -> str:
    """The JSON of a sealed part, likewise; empty where nothing is sealed."""
    return "" if sealed is NOTHING_SEALED or sealed == NOTHING_SEALED else to_json(sealed).decode()


def _read(kind: type, text: str, where: str) -> Any:
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SeasonFileError(f"{where}: {place or 'value'}: {first['msg']}") from None


def read_event(number: int, day: int, beat: str, audience: str, kind: str, body: str, sealed: str) -> Event:
    """An event from the columns of a season file. Raises SeasonFileError naming the event and the fault."""
    where = f"event {number}"
    body_type = Body.registry.get(kind)
    if body_type is None:
        raise SeasonFileError(f"{where}: the kind {kind!r} is not known")
    try:
        at = Beat(beat)
    except ValueError:
        raise SeasonFileError(f"{where}: the beat {beat!r} is not known") from None
    return Event(
        number=number,
        day=day,
        beat=at,
        audience=tuple(audience.split()),
        body=_read(body_type, body, where),
        sealed=_read(Sealed, sealed, where) if sealed else NOTHING_SEALED,
    )


@dataclass(slots=True)
class EventLog:
    """Numbers events as they happen; a world holds one and hands over what each beat brought."""

    day: int = 1
    beat: Beat = Beat.DAWN
    next_number: int = 1
    fresh: list[Event] = field(default_factory=list)

    def add(self, audience: tuple[str, ...], body: Body, sealed: Sealed = NOTHING_SEALED) -> Event:
        """Append an event at the log's day and beat."""
        event = Event(self.next_number, self.day, self.beat, audience, body, sealed)
        self.next_number += 1
        self.fresh.append(event)
        return event

    def take(self) -> tuple[Event, ...]:
        """Hand over the events since the last taking."""
        events = tuple(self.fresh)
        self.fresh.clear()
        return events
