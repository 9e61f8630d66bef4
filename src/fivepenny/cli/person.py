"""A person at the terminal, in a seat of the season: shown what there is to choose from, and asked for a line."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from fivepenny.errors import Left
from fivepenny.events import NOTHING_SEALED, Event

if TYPE_CHECKING:
    from fivepenny.cli.showing import Show


def heard_by(people: Collection[str], events: Sequence[Event]) -> Sequence[Event]:
    """What is told while these seats are played by people: what they may know, so that they play as all others do."""
    if not people:
        return events
    return [replace(event, sealed=NOTHING_SEALED) for event in events if any(event.seen_by(seat) for seat in people)]


class Person:
    """Shows and asks in turn with the telling, which is let finish first. What is shown goes to `stream`."""

    def __init__(self, show: "Show", stream: TextIO) -> None:
        """`stream` is standard output, or standard error where that is kept for programs."""
        self._show = show
        self._stream = stream

    def tell(self, text: str) -> None:
        """Show a text."""
        self._show.catch_up()
        print(text, file=self._stream, flush=True)

    def ask(self, question: str) -> str:
        """A line from standard input. Raises Left at its end."""
        self._show.catch_up()
        print(question, end="", file=self._stream, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=self._stream)
            raise Left("standard input has ended")
        return line.rstrip("\r\n")
