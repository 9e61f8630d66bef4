"""The audit of the court: it passes what was played, and finds what was forged in cases, oaths and verdicts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from courtrooms import on_file
from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.courts import Item, Oath, Sentence
from fivepenny.events import Body, Event
from fivepenny.journal import SeasonFile
from fivepenny.stage.audit import audit_season
from seasons import forged
from test_insolvency_audit import changed, dropped, numbered

Events = list[Event]
BOOKS, EXILE = 5, 133
"""Seeds of seasons: one with letters, a false oath that is found, and books; one with an exile and a return."""


@pytest.fixture(scope="module")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("court")
    return {seed: on_file(folder / f"{seed}.db", seed) for seed in (BOOKS, EXILE)}


@pytest.mark.parametrize("seed", [BOOKS, EXILE])
def test_a_season_with_a_court_passes_its_audit(seasons: dict[int, Path], seed: int) -> None:
    assert audit_season(seasons[seed]).breaches == ()


def test_the_seasons_hold_every_kind_of_event(seasons: dict[int, Path]) -> None:
    kinds = set()
    for path in seasons.values():
        with SeasonFile.open(path) as file:
            kinds |= {type(event.body) for event in file.events()}
    assert {kind for kind in Body.registry.values() if kind.__module__ == courts.__name__} <= kinds


def guilty(body: courts.CaseDecided) -> bool:
    return body.guilty


def acquit(body: courts.CaseDecided) -> Body:
    return replace(body, guilty=False, sentence=Sentence.ACQUITTAL, fine_pence=0, until_day=0)


def read_twice(events: Events) -> Events:
    """A letter is read out once more."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, courts.LetterRead))
    return numbered([*events[: place + 1], events[place], *events[place + 1 :]])


def unsealed(events: Events) -> Events:
    """What is sealed of an oath is turned round."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, courts.Testified))
    event = events[place]
    turned = courts.SWORN_FALSE if event.sealed.note == courts.SWORN_TRUE else courts.SWORN_TRUE
    events[place] = replace(event, sealed=replace(event.sealed, note=turned))
    return events


def trades_in_exile(events: Events) -> Events:
    """Another's order is said to be the exile's."""
    gone = next(event for event in events if isinstance(event.body, courts.Exiled))
    place = next(
        n for n, event in enumerate(events)
        if event.day == gone.day and isinstance(event.body, hap.Ordered) and event.audience
    )  # fmt: skip
    body: Any = events[place].body
    assert isinstance(gone.body, courts.Exiled)
    events[place] = replace(events[place], body=replace(body, seat=gone.body.seat))
    return events


def hushed_up(events: Events) -> Events:
    """The first case, as if it had never been."""
    return numbered([event for event in events if getattr(event.body, "case", None) != 1])


def more_weighed(body: courts.CaseDecided) -> Body:
    return replace(body, items=(*body.items, Item.RECORD), points=(*body.points, 1))


def other_question(body: courts.Testified) -> Body:
    return replace(body, oath=Oath.TOLD if body.oath is Oath.HOLDS else Oath.HOLDS)


def softer(body: courts.CaseDecided) -> Body:
    return replace(body, sentence=Sentence.FINE, until_day=0)


def stranger_named(body: courts.Summoned) -> Body:
    return replace(body, witnesses=(*body.witnesses, "outside"))


def other_way(body: Any) -> Any:
    return replace(body, rises=not body.rises)


Forgery = tuple[int, str, Callable[[Events], Events]]
FORGERIES: dict[str, Forgery] = {
    "an accusation over nothing": (
        BOOKS, "no such letter of", changed(courts.Accused, lambda b: replace(b, told_day=1)),
    ),
    "a case without a ground": (BOOKS, "ground for such a case", changed(courts.CaseOpened, other_way)),
    "a case hushed up": (EXILE, "should have been opened", hushed_up),
    "a witness who could know nothing": (EXILE, "could know nothing", changed(courts.Summoned, stranger_named)),
    "nobody summoned": (EXILE, "nobody was summoned", dropped(courts.Summoned)),
    "an oath of one who was not asked": (
        EXILE, "was not to be asked", changed(courts.Testified, lambda b: replace(b, witness="outside")),
    ),
    "an oath to another question": (EXILE, "asked something else", changed(courts.Testified, other_question)),
    "the truth of an oath": (EXILE, "what is sealed of the oath", unsealed),
    "a letter that nobody wrote": (BOOKS, "no such letter was written", changed(courts.LetterRead, other_way)),
    "a letter read twice": (BOOKS, "was read before", read_twice),
    "books that were cooked": (
        BOOKS, "does not hold", changed(courts.BooksOpened, lambda b: replace(b, units=b.units + 5)),
    ),
    "a false oath let pass": (BOOKS, "contradicted, without a word", dropped(courts.Perjured)),
    "perjury that was none": (
        BOOKS, "nothing contradicts", changed(courts.Perjured, lambda b: replace(b, oath=Oath.TOLD)),
    ),
    "a point too many": (EXILE, "it should be", changed(courts.CaseDecided, more_weighed)),
    "the guilty let go": (EXILE, "it should be", changed(courts.CaseDecided, acquit, guilty)),
    "a softer sentence": (EXILE, "it should be", changed(courts.CaseDecided, softer, guilty)),
    "a case never decided": (EXILE, "should have been decided", dropped(courts.CaseDecided)),
    "a smaller fine": (EXILE, "was not fined so", changed(courts.Fined, lambda b: replace(b, owed_pence=1))),
    "a fine forgotten": (EXILE, "a fine was not entered", dropped(courts.Fined)),
    "a shorter exile": (
        EXILE, "was not sent away so", changed(courts.Exiled, lambda b: replace(b, back_day=b.back_day - 1)),
    ),
    "an exile that never left": (EXILE, "should be back, or gone", dropped(courts.Exiled)),
    "an exile that never came back": (EXILE, "should be back, or gone", dropped(courts.Returned)),
    "trade in exile": (EXILE, "may not trade", trades_in_exile),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_before_the_court_is_found(seasons: dict[int, Path], tmp_path: Path, name: str) -> None:
    seed, words, forge = FORGERIES[name]
    breaches = audit_season(forged(seasons[seed], tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches
