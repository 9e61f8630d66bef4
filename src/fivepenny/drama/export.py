"""The season as one JSON object, for programs that make something else of it.

Everything the log holds is in it. What is sealed stands apart, under its own key, so that a reader who wants to
know only what the table could know can leave it out. Keys are explained in docs/ARCHITECTURE.md.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fivepenny.clock import weekday
from fivepenny.drama.screenplay import Action, Dialogue, Element, Scene, Screenplay
from fivepenny.events import Event, body_text, sealed_text
from fivepenny.header import Header
from fivepenny.journal import digest_of

FORMAT = "fivepenny-season/1"


def _element(element: Element) -> dict[str, Any]:
    kind = {Action: "action", Dialogue: "dialogue"}[type(element)]
    return {"kind": kind, **asdict(element)}


def _scene(scene: Scene) -> dict[str, Any]:
    return {**asdict(scene), "elements": [_element(element) for element in scene.elements]}


def _event(event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "day": event.day,
        "beat": event.beat.value,
        "audience": list(event.audience),
        "kind": event.body.kind,
        "body": json.loads(body_text(event.body)),
    }


def _days(events: Iterable[Event]) -> list[dict[str, Any]]:
    found: dict[int, list[int]] = {}
    for event in events:
        found.setdefault(event.day, []).append(event.number)
    return [
        {"day": day, "weekday": weekday(day), "first_event": min(numbers), "last_event": max(numbers)}
        for day, numbers in found.items()
    ]


def _cast(header: Header) -> list[Mapping[str, str]]:
    minds = header.last_part.minds
    return [
        {"seat": seat.name, "full_name": seat.full_name, "trade": seat.trade, "mind": minds.get(seat.name, "")}
        for seat in header.scenario.seats
    ]


def render_json(header: Header, events: Sequence[Event], screenplay: Screenplay) -> str:
    """The season as indented JSON, ending in a newline."""
    season = {
        "format": FORMAT,
        "header": {
            "title": screenplay.title,
            "scenario": header.scenario.model_dump(mode="json"),
            "chronicle": header.chronicle.name if header.chronicle else None,
            "seed": header.seed,
            "days": header.days,
        },
        "digest": digest_of(header, events),
        "cast": _cast(header),
        "days": _days(events),
        "scenes": [_scene(scene) for scene in screenplay.scenes],
        "events": [_event(event) for event in events],
        "sealed": {str(event.number): json.loads(text) for event in events if (text := sealed_text(event.sealed))},
    }
    return json.dumps(season, ensure_ascii=False, indent=1) + "\n"
