"""The audit of hires: it passes what was played, and finds what was forged in asking, marking, buying in, closing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from fivepenny import happenings as hap
from fivepenny import hires
from fivepenny.clock import Beat
from fivepenny.events import EVERYONE, NOTHING_SEALED, Body, Event
from fivepenny.journal import SeasonFile
from fivepenny.parts import Custom
from fivepenny.stage.audit import audit_season
from hirers import owing, play_hires, short_of_money, with_custom
from seasons import forged

Events = list[Event]
Forge = Callable[[Events], Events]

PLAYED = {
    "bought in": lambda path: play_hires(path, 17, short_of_money("bubble")),
    "closed": lambda path: play_hires(path, 15, short_of_money("south-sea")),
    "failed": lambda path: play_hires(path, 56, owing("south-sea", 56)),
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Seasons in which goods are bought in, in which a hire is closed at dusk, and in which a hirer fails."""
    folder = tmp_path_factory.mktemp("hired")
    return {name: make(folder / f"{place}.db") for place, (name, make) in enumerate(PLAYED.items())}


def events_of(path: Path) -> Events:
    with SeasonFile.open(path) as file:
        return list(file.events())


def test_seasons_of_hires_pass_their_audit(played: dict[str, Path]) -> None:
    kinds = set()
    for path in played.values():
        assert audit_season(path).breaches == ()
        kinds |= {(type(event.body), event.beat) for event in events_of(path)}
    at_dusk = (hires.BroughtBack, hires.HireOverdue, hires.MarginCalled, hires.HireClosed)
    assert {(kind, Beat.DUSK) for kind in at_dusk} <= kinds
    assert {(hires.BroughtBack, Beat.DAWN), (hires.HireClosed, Beat.DAWN), (hires.HireRecalled, Beat.ADDRESS)} <= kinds
    assert {(hires.MarginFreed, Beat.MARKET), (hires.ForcedPurchase, Beat.MARKET)} <= kinds


@pytest.mark.parametrize("company", ["null", "understudies"])
@pytest.mark.parametrize("reference", ["south-sea", "long-winter"])
def test_seasons_of_any_players_pass(tmp_path: Path, reference: str, company: str) -> None:
    for seed in (1, 2):
        path = play_hires(tmp_path / f"{seed}.db", seed, with_custom(reference), company)
        assert audit_season(path).breaches == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hires_go_with_the_other_customs_of_a_table(tmp_path: Path, seed: int) -> None:
    """Whatever else is the custom: the audit of each agrees, and goods are still hired."""
    every = short_of_money("bubble").model_copy(update={"customs": get_args(Custom)})
    path = play_hires(tmp_path / "every.db", seed, every)
    assert audit_season(path).breaches == ()
    assert any(isinstance(event.body, hires.HireAsked) for event in events_of(path))


def numbered(events: Events) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def place_of(events: Events, kind: type[Body]) -> int:
    return next(place for place, event in enumerate(events) if isinstance(event.body, kind))


def changed(kind: type[Body], **fields: Any) -> Forge:
    """The first event of a kind with other fields; a function of the field's value, or the value."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind)
        body: Any = events[place].body
        new = {name: value(getattr(body, name)) if callable(value) else value for name, value in fields.items()}
        events[place] = replace(events[place], body=replace(body, **new))
        return events

    return forge


def dropped(kind: type[Body]) -> Forge:
    """The season without the first event of a kind."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind)
        return numbered([*events[:place], *events[place + 1 :]])

    return forge


def told_to_all(events: Events) -> Events:
    """A hire that everyone hears of."""
    place = place_of(events, hires.Hired)
    events[place] = replace(events[place], audience=EVERYONE)
    return events


def falls_through(events: Events) -> Events:
    """A hire that was made is said to have fallen through."""
    place = place_of(events, hires.Hired)
    body: Any = events[place].body
    none = hires.HireFellThrough(body.owner, body.hirer, body.good, body.quantity, body.hirer)
    events[place] = replace(events[place], body=none, sealed=NOTHING_SEALED)
    return numbered(events)


def ordered_too(events: Events) -> Events:
    """One who is bought in bids for itself besides."""
    place = place_of(events, hires.ForcedPurchase)
    bid: Any = events[place].body
    body = hap.Ordered(bid.seat, "buy", bid.good, 1, 1)
    own = replace(events[place], body=body, audience=(bid.seat,), sealed=NOTHING_SEALED)
    return numbered([*events[:place], own, *events[place:]])


def more(value: int) -> int:
    return value + 1


FORGERIES: dict[str, tuple[str, str, Forge]] = {
    "a fee of one's own": ("bought in", "the terms of such a hire", changed(hires.HireAsked, fee_pence=more)),
    "a hire of what spoils": ("bought in", "nobody hires what spoils", changed(hires.HireAsked, good="wool")),
    "a hire nobody asked for": ("bought in", "nobody asked for it today", dropped(hires.HireAsked)),
    "a margin of one's own": ("bought in", "was not asked for so", changed(hires.Hired, margin_pence=more)),
    "a hire that everyone hears of": ("bought in", "told to *", told_to_all),
    "a refusal of nothing": ("bought in", "nobody asked", changed(hires.HireDeclined, quantity=more)),
    "a want that is none": ("bought in", "does not lack", falls_through),
    "a recall for another day": ("bought in", "no such hire stands", changed(hires.HireRecalled, due_day=more)),
    "goods kept": ("bought in", "should have come to its brought_back", dropped(hires.BroughtBack)),
    "a margin kept back": ("bought in", "no hire comes to this", changed(hires.BroughtBack, freed_pence=more)),
    "lateness hushed up": ("bought in", "no hire comes to this", dropped(hires.HireOverdue)),
    "a call that is too small": ("bought in", "no hire comes to this", changed(hires.MarginCalled, needed_pence=5)),
    "a call left out": ("bought in", "should have come to its margin_called", dropped(hires.MarginCalled)),
    "a margin set free for nothing": ("bought in", "no such margin", changed(hires.MarginFreed, pence=more)),
    "a margin not set free": ("bought in", "not to be bought in so", dropped(hires.MarginFreed)),
    "a bid too high": ("bought in", "not to be bought in so", changed(hires.ForcedPurchase, limit_pence=more)),
    "a bid for more": ("bought in", "not to be bought in so", changed(hires.ForcedPurchase, quantity=more)),
    "a bid left out": ("bought in", "should have been bought in", dropped(hires.ForcedPurchase)),
    "a bid beside the forced one": ("bought in", "may not order it", ordered_too),
    "less owed than it is worth": ("closed", "no hire comes to this", changed(hires.HireClosed, owed_pence=1)),
    "a debt of another number": ("closed", "no hire comes to this", changed(hires.HireClosed, loan=more)),
    "an end left out": ("closed", "should have come to its hire_closed", dropped(hires.HireClosed)),
    "a failed hirer let off": ("failed", "should have come to its hire_closed", dropped(hires.HireClosed)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_hire_is_found(played: dict[str, Path], tmp_path: Path, name: str) -> None:
    season, words, forge = FORGERIES[name]
    breaches = audit_season(forged(played[season], tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches
