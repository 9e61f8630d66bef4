"""The audit of aims: it passes what was played, and finds what was forged in what seats wanted and in the judgement."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fivepenny import aims
from fivepenny import happenings as hap
from fivepenny.company.cast import company_references
from fivepenny.events import EVERYONE, Body, Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.patron import with_patron
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import open_house, replay
from patrons import CHRONICLE, chair
from seasons import forged

Events = list[Event]
WANTS = {
    "marrow": "honour = true",
    "quill": "believed = 2",
    "vesper": "worth_pence = 15000",
    "brock": 'hold = "coal"\nunits = 22',
    "tansy": "purse_pence = 3000",
}


def play_to(path: Path, goal: str, seed: int = 5, days: int = 12) -> Path:
    """A season with the Patron, played to this path."""
    play = with_patron(chair(goal, WANTS))
    header = Header(seed, days, play, CHRONICLE, company_references("understudies", play))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season in which wants are reached and lost, and the goal is reached long before the end."""
    return play_to(tmp_path_factory.mktemp("aims") / "season.db", "worth_pence = 18200")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, ended by the goal."""
    return play_to(tmp_path_factory.mktemp("ended") / "season.db", "worth_pence = 18200\nends = true")


def told(path: Path) -> list[Any]:
    with SeasonFile.open(path) as file:
        kinds = (aims.WantReached, aims.WantLost, aims.GoalReached, aims.SeasonJudged)
        return [event.body for event in file.events() if isinstance(event.body, kinds)]


def test_seasons_with_aims_pass_their_audit_and_replay(played: Path, ended: Path) -> None:
    for path in (played, ended):
        found = audit_season(path)
        assert found.breaches == ()
        assert found.checked["aims"] == len(told(path)) > 3
        replay(path).close()
    assert {body.sort for body in told(played)[:-1]} >= {"worth", "purse", "hold", "honour"}


def test_a_season_that_its_goal_ended_is_whole(played: Path, ended: Path) -> None:
    with SeasonFile.open(played) as file, SeasonFile.open(ended) as short:
        goal = next(event for event in file.events() if isinstance(event.body, aims.GoalReached))
        assert short.finished
        assert short.last_day == goal.day < file.last_day == 12


# --- forgeries ---


def changed(kind: type[Body], **fields: Any) -> Callable[[Events], Events]:
    """The first event of a kind with other fields."""

    def forge(events: Events) -> Events:
        place = next(n for n, event in enumerate(events) if isinstance(event.body, kind))
        body: Any = events[place].body
        events[place] = replace(events[place], body=replace(body, **fields))
        return events

    return forge


def without(kind: type[Body]) -> Callable[[Events], Events]:
    """The season without the first event of a kind."""

    def forge(events: Events) -> Events:
        place = next(n for n, event in enumerate(events) if isinstance(event.body, kind))
        return [replace(event, number=n) for n, event in enumerate([*events[:place], *events[place + 1 :]], 1)]

    return forge


def put_in(body: Body, day: int) -> Callable[[Events], Events]:
    """The season with one more event, right before the closing of a day."""

    def forge(events: Events) -> Events:
        place = next(n for n, e in enumerate(events) if isinstance(e.body, hap.DayClosed) and e.day == day)
        closing = events[place]
        fresh = Event(closing.number, day, closing.beat, EVERYONE, body)
        return [replace(event, number=n) for n, event in enumerate([*events[:place], fresh, *events[place:]], 1)]

    return forge


def hushed(events: Events) -> Events:
    """The goal told to the Patron alone."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, aims.GoalReached))
    events[place] = replace(events[place], audience=("patron",))
    return events


def a_day_late(events: Events) -> Events:
    """A want said to have been reached on the day after."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, aims.WantReached))
    late, rest = events[place], [*events[:place], *events[place + 1 :]]
    close = next(n for n, e in enumerate(rest) if isinstance(e.body, hap.DayClosed) and e.day == late.day + 1)
    found = [*rest[:close], replace(late, day=late.day + 1), *rest[close:]]
    return [replace(event, number=n) for n, event in enumerate(found, 1)]


FORGERIES: dict[str, tuple[str, Callable[[Events], Events]]] = {
    "a want of another size": ("of aims", changed(aims.WantReached, figure=1)),
    "another's want": ("of aims", changed(aims.WantReached, seat="marrow")),
    "a loss hushed up": ("of aims", without(aims.WantLost)),
    "a want that was never reached": ("of aims", put_in(aims.WantReached("quill", "believed", 2, ""), 1)),
    "a want lost that was kept": ("of aims", put_in(aims.WantLost("marrow", "honour", 0, ""), 4)),
    "a goal reached too soon": ("of aims", put_in(aims.GoalReached("patron", "worth", 18200, "", ""), 1)),
    "a goal kept quiet": ("of aims", without(aims.GoalReached)),
    "a goal for one pair of ears": ("told to patron", hushed),
    "a want reached a day late": ("of aims", a_day_late),
    "a better score": ("of aims", changed(aims.SeasonJudged, score=999)),
    "another judgement": ("of aims", changed(aims.SeasonJudged, reached=(True,) * 6)),
    "no judgement": ("of aims", without(aims.SeasonJudged)),
    "judged too soon": ("goes on after it was judged", put_in(aims.SeasonJudged((), (), 0), 3)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_aim_is_found(played: Path, tmp_path: Path, name: str) -> None:
    words, forge = FORGERIES[name]
    breaches = audit_season(forged(played, tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches


def test_a_season_cut_short_does_not_pass_for_one_that_ended(played: Path, tmp_path: Path) -> None:
    def cut(events: Events) -> Events:
        return [event for event in events if event.day < 7]

    breaches = audit_season(forged(played, tmp_path / "forged.db", events=cut)).breaches
    assert any("reach day 6" in breach for breach in breaches)
