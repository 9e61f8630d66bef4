"""The telling of a season: in order at either pace, while the season plays on, and what may end it."""

import errno
import threading
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from fivepenny.cli import showing
from fivepenny.cli.showing import Pace, Show
from fivepenny.clock import BEATS, Beat
from fivepenny.drama import telling
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.scenario import load_scenario

SCENARIO, CHRONICLE = load_scenario("south-sea")
HEADER = Header(1, 2, SCENARIO, CHRONICLE, dict.fromkeys(SCENARIO.seat_names, "null"))
TOLD = [f"day {day}, {beat}" for day in (1, 2) for beat in BEATS]


class Echo:
    """A teller that says which beat it was given."""

    def tell(self, day: int, beat: Beat, events: Sequence[Event]) -> list[Text]:
        return [Text(f"day {day}, {beat}")]


class Full(StringIO):
    """An output that takes so many lines, and then has no room."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, text: str) -> int:
        if self.getvalue().count("\n") >= self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Full:
    """Where the lines go; each takes no time to read."""
    page = Full(1000)
    monkeypatch.setattr(showing, "_teller", lambda header: Echo())
    monkeypatch.setattr(showing, "console_for_output", lambda: Console(file=page, width=80))
    monkeypatch.setattr(telling, "reading_seconds", lambda lines: 0)
    return page


def tell_all(show: Show) -> None:
    for day in (1, 2):
        for beat in BEATS:
            show.hear(day, beat, ())


@pytest.mark.parametrize("pace", Pace)
def test_every_beat_is_told_in_order(pace: Pace, page: Full) -> None:
    with Show(HEADER, pace) as show:
        tell_all(show)
        show.finish()
    assert page.getvalue().splitlines() == TOLD
    assert show.heard_out


@pytest.mark.parametrize("pace", Pace)
def test_days_that_were_told_before_are_passed_over(pace: Pace, page: Full) -> None:
    with Show(HEADER, pace, first_day=2) as show:
        tell_all(show)
        show.finish()
    assert page.getvalue().splitlines() == TOLD[len(BEATS) :]


def test_the_season_plays_on_while_it_is_told_and_leaving_drops_the_rest(
    page: Full, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = threading.Event()

    def slowly(lines: Sequence[Text]) -> float:
        reading.set()
        return 3600

    monkeypatch.setattr(telling, "reading_seconds", slowly)
    with Show(HEADER, Pace.READ) as show:
        tell_all(show)
        assert reading.wait(10)
    assert page.getvalue().splitlines() == TOLD[:1]


@pytest.mark.parametrize("pace", Pace)
def test_an_output_without_room_is_an_error_at_either_pace(pace: Pace, page: Full) -> None:
    page.room = 3
    with pytest.raises(OSError, match="No space left"), Show(HEADER, pace) as show:
        tell_all(show)
        show.finish()
    assert page.getvalue().splitlines() == TOLD[:3]


def test_nothing_is_told_without_a_pace(page: Full) -> None:
    with Show(HEADER, None) as show:
        show.say("a word of ours")
        tell_all(show)
        show.finish()
    assert page.getvalue() == ""
