"""The audit of paper: it passes what was played, and finds what was forged in terms, pledges, days and sales."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.clock import Beat
from fivepenny.events import Body, Event
from fivepenny.journal import SeasonFile
from fivepenny.papers import Cause, Deal
from fivepenny.stage.audit import audit_season
from paper_towns import header_of, play
from seasons import forged

Events = list[Event]
SEASONS = (
    ("pinched", 15, 24, "null"),
    ("debt", 2, 16, "null"),
    ("long-winter", 4, 20, "null"),
    ("long-winter", 9, 24, "understudies"),
)


@pytest.fixture(scope="module")
def season_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Seasons in which all of it happens."""
    folder = tmp_path_factory.mktemp("paper")
    files = []
    for name, seed, days, company in SEASONS:
        path = folder / f"{name}-{company}-{seed}.db"
        play(header_of(name, seed, days, company), path)
        files.append(path)
    return files


def kinds_in(path: Path) -> set[type[Body]]:
    with SeasonFile.open(path) as file:
        return {type(event.body) for event in file.events()}


def test_seasons_of_paper_pass_their_audit(season_files: list[Path]) -> None:
    assert [audit_season(path).breaches for path in season_files] == [()] * len(SEASONS)
    met = set().union(*(kinds_in(path) for path in season_files))
    made = {kind for kind in Body.registry.values() if kind.__module__ == "fivepenny.papers"}
    assert made <= met, made - met


def place_of(events: Events, kind: type[Body], where: Callable[[Any], bool]) -> int:
    return next(n for n, event in enumerate(events) if type(event.body) is kind and where(event.body))


def changed(kind: type[Body], make: Callable[[Any], Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The first event of a kind that fits, with another body."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        events[place] = replace(events[place], body=make(events[place].body))
        return events

    return kind, where, forge


def numbered(events: Events) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def dropped(kind: type[Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The season without the first event of a kind that fits."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        return numbered([*events[:place], *events[place + 1 :]])

    return kind, where, forge


def reposted(kind: type[Body], make: Callable[[Any], Body], row: int, **fields: Any) -> Any:
    """The first event of a kind with another body, and one of its postings another as the body says."""
    columns = ("number", "source", "source_kind", "target", "target_kind", "asset", "amount")

    def forge(events: Events) -> Events:
        place = place_of(events, kind, lambda _: True)
        event = events[place]
        rows: list[Any] = [list(posting) for posting in event.sealed.postings]
        for name, value in fields.items():
            rows[row][columns.index(name)] = value(event.body)
        sealed = replace(event.sealed, postings=tuple(tuple(item) for item in rows))
        events[place] = replace(event, body=make(event.body), sealed=sealed)
        return events

    return kind, lambda _: True, forge


def kept_from_the_borrower(events: Events) -> Events:
    """A pledge that was redeemed and stays where it is."""
    place = place_of(events, papers.Redeemed, lambda _: True)
    event = events[place]
    body: Any = event.body
    plain = hap.Repaid(body.loan, body.lender, body.borrower, body.pence, body.early)
    events[place] = replace(event, body=plain, sealed=replace(event.sealed, postings=event.sealed.postings[:1]))
    return numbered(events)


def told_to_the_town(events: Events) -> Events:
    place = place_of(events, papers.PaperOffered, lambda _: True)
    events[place] = replace(events[place], audience=("*",))
    return events


def in_another_beat(events: Events) -> Events:
    """Days given in the morning."""
    place = place_of(events, papers.Extended, lambda _: True)
    first = next(n for n, event in enumerate(events) if event.day == events[place].day and event.beat is Beat.ANSWER)
    event = replace(events[place], beat=Beat.ADDRESS)
    return numbered([*events[:first], event, *events[first:place], *events[place + 1 :]])


FORGERIES: dict[str, tuple[str, Any]] = {
    "a counter to nothing": (
        "put no loan",
        changed(papers.Countered, lambda b: replace(b, by=b.lender if b.by == b.borrower else b.borrower)),
    ),
    "a counter of no terms": ("its terms are none", changed(papers.Countered, lambda b: replace(b, owed_pence=1))),
    "a loan that nobody put so": (
        "nobody made such", changed(papers.CounterLent, lambda b: replace(b, owed_pence=b.owed_pence + 9)),
    ),
    "a pledge that is more than was agreed": (
        "nobody made such",
        reposted(papers.CounterLent, lambda b: replace(b, quantity=1), 1, amount=lambda b: 1),
    ),
    "a pledge that is said and not put aside": (
        "did not move what it says",
        changed(papers.CounterLent, lambda b: replace(b, quantity=b.quantity + 1), lambda b: b.quantity > 0),
    ),
    "a pledge that is kept": ("another part goes elsewhere", (papers.Redeemed, None, kept_from_the_borrower)),
    "more taken than is due": (
        "nothing is due so",
        changed(papers.Foreclosed, lambda b: replace(b, taken=b.taken + 1, returned=b.returned - 1)),
    ),
    "a worth that is no worth": (
        "another part goes elsewhere", changed(papers.Foreclosed, lambda b: replace(b, value_pence=b.value_pence - 1)),
    ),
    "days that nobody asked for": ("nobody asked for these days", dropped(papers.ExtensionAsked)),
    "more days than were asked for": (
        "nobody asked for these days", changed(papers.Extended, lambda b: replace(b, due_day=b.due_day + 1)),
    ),
    "days given in the morning": ("nobody chose", (papers.Extended, None, in_another_beat)),
    "days that cost nothing": (
        "not for more interest", changed(papers.ExtensionAsked, lambda b: replace(b, later_pence=b.owed_pence)),
    ),
    "paper that the seller has not": (
        "no such paper", changed(papers.PaperOffered, lambda b: replace(b, owed_pence=b.owed_pence + 1)),
    ),
    "an offer to the debtor itself": (
        "of a third", changed(papers.PaperOffered, lambda b: replace(b, buyer=b.debtor)),
    ),
    "an offer that everyone hears": ("it is for", (papers.PaperOffered, None, told_to_the_town)),
    "a sale that nobody spoke of": ("nobody offered it so", dropped(papers.PaperOffered, lambda b: True)),
    "a sale for less": (
        "nobody offered it so",
        reposted(papers.PaperSold, lambda b: replace(b, price_pence=1), 0, amount=lambda b: 1),
    ),
    "a sale of more": (
        "no such paper", changed(papers.PaperSold, lambda b: replace(b, owed_pence=b.owed_pence + 1)),
    ),
    "a sale with a pledge that there is not": (
        "a pledge goes with its paper",
        changed(papers.PaperSold, lambda b: replace(b, good="coal", quantity=1), lambda b: not b.quantity),
    ),
    "a refusal of nothing": (
        "put no such thing",
        changed(papers.NotAgreed, lambda b: replace(b, deal=Deal.EXTENSION), lambda b: b.deal is Deal.SALE),
    ),
    "a false cause": (
        "it did not fail for want",
        changed(papers.NotAgreed, lambda b: replace(b, cause=Cause.PAPER), lambda b: b.deal is Deal.SALE),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found(season_files: list[Path], tmp_path: Path, name: str) -> None:
    expected, (kind, where, forge) = FORGERIES[name]
    breaches: tuple[str, ...] = ()
    for number, path in enumerate(season_files):
        with SeasonFile.open(path) as file:
            fits = any(type(event.body) is kind and (where is None or where(event.body)) for event in file.events())
        if not fits:
            continue
        breaches = audit_season(forged(path, tmp_path / f"{number}.db", forge)).breaches
        assert breaches
        if any(expected in breach for breach in breaches):
            return
    pytest.fail(f"{name}: no season found it as {expected!r}: {breaches[:3]}")
