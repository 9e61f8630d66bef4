"""How a season reaches the reader: at once, at reading pace, or not at all. Knows no model and writes no file."""

import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from fivepenny.cli.output import console_for_output
from fivepenny.clock import BEATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

    from fivepenny.clock import Beat
    from fivepenny.events import Event
    from fivepenny.header import Header
    from fivepenny.minds.hub import Tell


WIDEST_COLUMNS = 96
"""Longer lines are hard to read, however wide the terminal."""
LONGEST_WAIT_SECONDS = 0.2
"""A Ctrl-C at the very moment in which a wait begins is heard only when the wait ends."""


class Pace(StrEnum):
    """How fast a season is told."""

    FAST = "fast"
    READ = "read"


def pace_of(chosen: Pace | None) -> Pace:
    """The pace chosen, else reading pace on a terminal and fast elsewhere."""
    return chosen or (Pace.READ if sys.stdout.isatty() else Pace.FAST)


class Show:
    """Tells a season beat by beat; at reading pace in a thread, so that the season plays ahead of its telling.

    Use it in a `with`; `finish` waits until everything has been told, leaving the `with` early drops the rest.
    What a reader no longer takes (a closed pipe) is dropped; `heard_out` then is False.
    """

    def __init__(self, header: "Header", pace: Pace | None, first_day: int = 1, progress: bool = False) -> None:
        """`pace` None tells nothing. Days before `first_day` are passed over. `progress`: a bar, if on a terminal."""
        self._header = header
        self._first = (first_day, 0)
        self._heard = (0, 0)
        self._console = console_for_output()
        self._teller = _teller(header) if pace else None
        # A Ctrl-C within a `Queue.put` leaves its lock held, and whoever comes next waits for ever: this one has none.
        self._lines: SimpleQueue[Sequence[Text] | None] = SimpleQueue()
        self._heard_beats = self._told_beats = 0  # each counted by one thread alone
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        if pace is Pace.READ:
            self._thread = threading.Thread(target=self._read_out, name="telling", daemon=True)
        self._exits = ExitStack()
        self._bar = _bar(self._console, self._exits) if progress and sys.stderr.isatty() else None
        self._task = self._bar.add_task("playing", total=header.days) if self._bar else None
        self.heard_out = True
        self._fault: OSError | None = None

    def __enter__(self) -> "Show":
        """Begin."""
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop telling."""
        self._exits.close()
        self._stopped.set()
        self._lines.put(None)
        if self._thread:
            self._thread.join()

    def say(self, text: str) -> None:
        """Tell a line of ours at once, where anything is told."""
        from rich.text import Text

        if self._teller is not None:
            self._print([Text(text)])

    def say_how_to_stop(self) -> None:
        """Tell a reader at a terminal, where the telling takes minutes, that it need not."""
        if self._thread and self._console.is_terminal:
            self.say("Told at reading pace: Ctrl-C stops the telling, --pace fast tells it at once.")

    def hear(self, day: int, beat: "Beat", events: "Sequence[Event]") -> None:
        """Tell a beat, now or when the reader has come so far."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=day, description=f"day {day} of {self._header.days}")
        self._heard = (day, BEATS.index(beat))
        if self._teller is None:
            return
        lines = self._teller.tell(day, beat, events)
        if self._heard < self._first or not lines:
            return
        if self._thread:
            self._heard_beats += 1
            self._lines.put(lines)
        else:
            self._print(lines)

    def start_again(self, first: "tuple[int, Beat] | None" = None) -> None:
        """Hear the season from its first day once more; what comes before this beat was told already (None: all)."""
        day, place = self._heard
        self._first = (day, place + 1) if first is None else (first[0], BEATS.index(first[1]))
        if self._teller is not None:
            self._teller = _teller(self._header)

    def catch_up(self) -> None:
        """Wait until everything so far has been told. Can be interrupted."""
        while self._thread and self._thread.is_alive() and self._told_beats < self._heard_beats:
            time.sleep(LONGEST_WAIT_SECONDS / 4)

    def finish(self) -> None:
        """Wait until everything has been told. Can be interrupted. Raises what stopped the telling thread (OSError)."""
        self._exits.close()
        self._lines.put(None)
        while self._thread and self._thread.is_alive():
            self._thread.join(LONGEST_WAIT_SECONDS)
        if self._fault:
            raise self._fault

    def _print(self, lines: "Iterable[Text]") -> None:
        if not self.heard_out:
            return
        try:
            for line in lines:
                self._print_wrapped(line)
        except BrokenPipeError:
            self.heard_out = False

    def _print_wrapped(self, line: "Text") -> None:
        """Print a line, its indent kept where it goes on below."""
        plain = line.plain
        indent = len(plain) - len(plain.lstrip())
        width = min(self._console.width, WIDEST_COLUMNS) - indent
        for piece in line[indent:].wrap(self._console, width) if plain.strip() else [line]:
            piece.rstrip()
            piece.pad_left(indent)
            self._console.print(piece)

    def _read_out(self) -> None:
        try:
            self._tell_at_reading_pace()
        except OSError as error:  # the terminal is gone, the disk is full
            self._fault = error

    def _tell_at_reading_pace(self) -> None:
        from fivepenny.drama.telling import reading_seconds

        while (lines := self._lines.get()) is not None and self.heard_out:
            for line in lines:
                self._print([line])
                if not self.heard_out or self._stopped.wait(reading_seconds([line])):
                    return
            self._told_beats += 1


def _teller(header: "Header") -> Any:
    from fivepenny.drama.telling import Teller

    return Teller(header)


def _bar(console: "Console", exits: ExitStack) -> Any:
    """A progress bar that the told lines pass above where both share a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shared = console if console.is_terminal else Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=shared, transient=True, redirect_stdout=False, redirect_stderr=False)
    return exits.enter_context(bar)


@contextmanager
def pulling(what: str) -> "Iterator[Tell]":
    """A bar on standard error for a file that is downloaded and checked; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    if not sys.stderr.isatty():
        yield lambda step, done_bytes, total_bytes: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def tell(step: str, done_bytes: int, total_bytes: int) -> None:
            progress.update(task, description=f"{step} {what}", completed=done_bytes, total=total_bytes or None)

        yield tell
