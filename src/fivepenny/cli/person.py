"""A person at the terminal, in a seat of the season: shown what there is to choose from, and asked for a line."""

import os
import select
import signal
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from io import BufferedReader, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from fivepenny.errors import Left
from fivepenny.events import NOTHING_SEALED, Event

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from fivepenny.cli.showing import Show


def heard_by(people: Collection[str], events: Sequence[Event]) -> Sequence[Event]:
    """What is told while these seats are played by people: what they may know, so that they play as all others do."""
    if not people:
        return events
    return [replace(event, sealed=NOTHING_SEALED) for event in events if any(event.seen_by(seat) for seat in people)]


@contextmanager
def _bell() -> Iterator[int]:
    """A descriptor that can be read from once a signal has come. For the main thread, as signal handlers are."""
    heard, rung = os.pipe()
    os.set_blocking(rung, False)
    before = signal.set_wakeup_fd(rung)
    try:
        yield heard
    finally:
        signal.set_wakeup_fd(before)
        os.close(heard)
        os.close(rung)


class _Keys(FileIO):
    """Standard input, in which Ctrl-C ends every wait.

    Python looks for a signal, then calls the system, which waits. A Ctrl-C between the two, or one that the system
    hands to another thread, leaves a plain read waiting for the next key; the bell it rings is heard.
    """

    def __init__(self) -> None:
        super().__init__(sys.stdin.fileno(), closefd=False)

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read what there is, once there is something. Can be interrupted."""
        ready = False
        while not ready:
            with _bell() as bell:
                ready = self.fileno() in select.select([self.fileno(), bell], [], [])[0]
        return super().readinto(buffer)


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
        line = self._lines.readline()
        if not line:
            print(file=self._stream)
            raise Left("standard input has ended")
        return line.rstrip("\r\n")

    @cached_property
    def _lines(self) -> TextIO:
        return TextIOWrapper(BufferedReader(_Keys()), sys.stdin.encoding, sys.stdin.errors)
