"""The audit of pacts: it passes what was played, and finds what was forged in signing, keeping and breaking."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bound import play_bound
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.events import Body, Event
from fivepenny.journal import SeasonFile
from fivepenny.pacts import (
    PactBroken,
    PactJoined,
    PactKept,
    PactProposed,
    PactSigned,
    PactSpurned,
    PactVoid,
)
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import replay
from seasons import forged

Events = list[Event]
Fits = Callable[[Event], bool]
SEED, DAYS = 7, 60


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season in which everything happens to pacts that can."""
    return play_bound(tmp_path_factory.mktemp("bound") / "season.db", SEED, DAYS, name="corner")


def test_a_season_of_pacts_passes_its_audit_and_replays(played: Path) -> None:
    assert audit_season(played).breaches == ()
    replay(played)
    with SeasonFile.open(played) as file:
        kinds = {type(event.body) for event in file.events()}
    assert {PactProposed, PactSigned, PactJoined, PactSpurned, PactVoid, PactBroken, PactKept} <= kinds


@settings(deadline=None, max_examples=4)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(["south-sea", "long-winter", "corner"]))
def test_what_anybody_plays_passes(tmp_path_factory: pytest.TempPathFactory, seed: int, name: str) -> None:
    path = play_bound(tmp_path_factory.mktemp("any") / "season.db", seed, 14, "null", name)
    assert audit_season(path).breaches == ()


def first(events: Events, kind: type[Body], fits: Fits = lambda event: True) -> int:
    return next(place for place, event in enumerate(events) if isinstance(event.body, kind) and fits(event))


def changed(kind: type[Body], make: Callable[[Any], Body], fits: Fits = lambda event: True) -> Any:
    """The first event of a kind that fits, with another body."""

    def forge(events: Events) -> Events:
        place = first(events, kind, fits)
        events[place] = replace(events[place], body=make(events[place].body))
        return events

    return forge


def numbered(events: Events) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def dropped(kind: type[Body], fits: Fits = lambda event: True) -> Any:
    """The season without the first event of a kind that fits."""

    def forge(events: Events) -> Events:
        place = first(events, kind, fits)
        return numbered([*events[:place], *events[place + 1 :]])

    return forge


def told_to(kind: type[Body], audience: tuple[str, ...]) -> Any:
    """The first event of a kind, told to others."""

    def forge(events: Events) -> Events:
        place = first(events, kind)
        events[place] = replace(events[place], audience=audience)
        return events

    return forge


def broken_by_another(events: Events) -> Events:
    """The partner is said to have broken what the seat broke."""
    place = first(events, PactBroken)
    body: Any = events[place].body
    events[place] = replace(
        events[place], body=replace(body, seat=body.partners[0], partners=(body.seat, *body.partners[1:]))
    )
    return events


def invented(events: Events) -> Events:
    """A pact that was kept is said to be broken as it ran out."""
    place = first(events, PactKept, lambda event: isinstance(event.body, PactKept) and len(event.body.parties) == 2)
    body: Any = events[place].body
    seat, *partners = body.parties
    broken = PactBroken(
        body.pact, seat, tuple(partners), body.shape, body.about, body.signed_day, 480, events[place].day + 3
    )
    events[place] = replace(events[place], audience=("*",), body=broken)
    return events


def in_the_market(event: Event) -> bool:
    return event.beat is Beat.MARKET


def unfunded(event: Event) -> bool:
    return isinstance(event.body, PactSigned) and not event.body.fund_pence


def funded(event: Event) -> bool:
    return isinstance(event.body, PactSigned) and event.body.fund_pence > 0


def early(events: Events) -> Events:
    """A pact that was kept is over a day before its time."""
    place = first(events, PactKept, lambda event: event.day > 2)
    event = events[place]
    close = max(
        n for n, other in enumerate(events)
        if other.day == event.day - 1 and other.beat is Beat.MARKET
    )  # fmt: skip
    moved = replace(event, day=event.day - 1)
    return numbered([*events[: close + 1], moved, *events[close + 1 : place], *events[place + 1 :]])


FORGERIES: dict[str, tuple[str, Any]] = {
    "a breach hushed up": ("should have been said", dropped(PactBroken)),
    "a penalty forgiven": ("should have been said", dropped(hap.Owes, in_the_market)),
    "a smaller penalty": (
        "no pact brings this", changed(hap.Owes, lambda b: replace(b, owed_pence=b.owed_pence - 1), in_the_market)
    ),
    "a penalty due later": (
        "no pact brings this", changed(hap.Owes, lambda b: replace(b, due_day=b.due_day + 1), in_the_market)
    ),
    "a penalty of another number": ("should be loan", changed(hap.Owes, lambda b: replace(b, loan=99), in_the_market)),
    "a breach that was none": ("no pact brings this", invented),
    "another's breach": ("no pact brings this", broken_by_another),
    "a pact that never ends": ("should have been said", dropped(PactKept)),
    "a pact that ends too soon": ("no pact brings this", early),
    "a breach told to two": ("told to", told_to(PactBroken, ("marrow", "quill"))),
    "a signing told to all": ("told to", told_to(PactSigned, ("*",))),
    "a joining hushed up": ("told to", told_to(PactJoined, ())),
    "money said to have gone with it": (
        "the books did not move", changed(PactSigned, lambda b: replace(b, fund_pence=5), unfunded)
    ),
    "money not asked for": ("did not ask for this", changed(PactSigned, lambda b: replace(b, fund_pence=5), unfunded)),
    "money kept back": ("the books did not move", changed(PactSigned, lambda b: replace(b, fund_pence=0), funded)),
    "a longer term": ("did not ask for this", changed(PactSigned, lambda b: replace(b, until_day=b.until_day + 1))),
    "a pact of another number": ("should be pact", changed(PactSigned, lambda b: replace(b, pact=b.pact + 1))),
    "a pact with nobody asked": ("has asked nothing", dropped(PactProposed)),
    "a joiner left out": ("its parties would be", changed(PactJoined, lambda b: replace(b, parties=b.parties[1:]))),
    "another pact joined": ("was not asked for", changed(PactJoined, lambda b: replace(b, pact=b.pact + 40))),
    "an excuse": ("that is not what kept", changed(PactVoid, lambda b: replace(b, cause="no money"))),
    "a refusal that was none": ("has asked nothing", changed(PactSpurned, lambda b: replace(b, about="stars"))),
    "a proposal about oneself": ("can be about", changed(PactProposed, lambda b: replace(b, about="stars"))),
    "a pact that binds nobody": ("bind nobody", changed(PactProposed, lambda b: replace(b, penalty_pence=0))),
    "an invitation to no pact": ("to ask another into", changed(PactProposed, lambda b: replace(b, pact=77))),
    "a proposal that nobody chose": (
        "nothing came of", changed(PactProposed, lambda b: replace(b, until_day=b.until_day + 1))
    ),
    "an answer that nobody gave": ("nothing came of", dropped(PactSpurned)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_pact_is_found(played: Path, tmp_path: Path, name: str) -> None:
    words, forge = FORGERIES[name]
    breaches = audit_season(forged(played, tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches


def test_a_pact_at_a_table_without_the_custom_is_found(played: Path, tmp_path: Path) -> None:
    with SeasonFile.open(played) as file:
        header = replace(file.header, scenario=file.header.scenario.model_copy(update={"customs": ()}))
        with SeasonFile.create(tmp_path / "plain.db", header) as copy:
            for row in file.tape():
                copy.record(row)
            copy.commit_day(list(file.events()))
            copy.finish()
    breaches = audit_season(tmp_path / "plain.db").breaches
    assert any("no custom of this table" in breach for breach in breaches), breaches
