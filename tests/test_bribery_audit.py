"""The audit of bribery: it passes what was played, and finds what was forged in offers, letters, books and verdicts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bribers import RICH, header, on_file
from fivepenny import bribery, courts, words
from fivepenny import happenings as hap
from fivepenny.courts import Ground, Item, Oath, Offence, Sentence
from fivepenny.events import Body, Event
from fivepenny.journal import SeasonFile
from fivepenny.stage.audit import audit_season
from seasons import forged
from test_insolvency_audit import changed, dropped, numbered

Events = list[Event]


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return on_file(tmp_path_factory.mktemp("bribery") / "rich.db", header(RICH))


def test_a_season_with_bribes_passes_its_audit_and_holds_every_kind_of_event(rich: Path) -> None:
    assert audit_season(rich).breaches == ()
    with SeasonFile.open(rich) as file:
        bodies = [event.body for event in file.events()]
    assert {kind for kind in Body.registry.values() if kind.__module__ == bribery.__name__} <= set(map(type, bodies))
    grounds = {body.ground for body in bodies if isinstance(body, courts.CaseOpened) and of_bribery(body)}
    assert grounds == {Ground.ACCUSATION, Ground.LETTER, Ground.OATH}


@pytest.mark.parametrize(("name", "company", "seed"), [
    ("south-sea", "null", 54), ("south-sea", "understudies", 102), ("long-winter", "understudies", 3),
])  # fmt: skip
def test_other_seasons_pass_their_audit(tmp_path: Path, name: str, company: str, seed: int) -> None:
    assert audit_season(on_file(tmp_path / "season.db", header(seed, company, name))).breaches == ()


def of_bribery(body: Any) -> bool:
    return bool(body.offence is Offence.BRIBERY)


def on_letter(body: courts.CaseOpened) -> bool:
    return body.ground is Ground.LETTER


def on_oath(body: courts.CaseOpened) -> bool:
    return body.ground is Ground.OATH


def richer(body: Any) -> Any:
    return replace(body, pence=body.pence + 60)


def other_good(body: Any) -> Any:
    return replace(body, good="tin" if body.good != "tin" else "coal")


def turned(body: bribery.BribeRead) -> Body:
    return replace(body, by=body.to, to=body.by)


def case_of(events: Events, wanted: Callable[[Any], bool]) -> int:
    """The number of the first case that fits."""
    return next(e.body.case for e in events if isinstance(e.body, courts.CaseOpened) and wanted(e.body))


def hushed_up(wanted: Callable[[Any], bool]) -> Callable[[Events], Events]:
    """The first case that fits, as if it had never been; later ones keep their numbers."""

    def forge(events: Events) -> Events:
        case = case_of(events, wanted)
        ours = [event for event in events if getattr(event.body, "case", None) == case]
        return numbered([event for event in events if event not in ours or isinstance(event.body, bribery.OathSought)])

    return forge


def read_twice(events: Events) -> Events:
    """A letter with money in it is read out once more."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, bribery.BribeRead))
    return numbered([*events[: place + 1], events[place], *events[place + 1 :]])


def told_the_room(events: Events) -> Events:
    """Everybody hears of money for an oath."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, bribery.OathSought))
    events[place] = replace(events[place], audience=("*",))
    return events


def unweighed(item: Item) -> Callable[[Any], Body]:
    """A verdict in which something was left out."""

    def change(body: courts.CaseDecided) -> Body:
        place = body.items.index(item)
        items, points = list(body.items), list(body.points)
        del items[place], points[place]
        return replace(body, items=tuple(items), points=tuple(points))

    return change


def weighs(item: Item) -> Callable[[Any], bool]:
    return lambda body: of_bribery(body) and item in body.items


def acquit(body: courts.CaseDecided) -> Body:
    return replace(body, guilty=False, sentence=Sentence.ACQUITTAL, fine_pence=0, until_day=0)


def asked_otherwise(body: courts.Testified) -> Body:
    return replace(body, oath=Oath.TOLD if body.oath in (Oath.MONEY, Oath.NO_MONEY) else Oath.HAD_IT)


def sworn_of_money(body: courts.Testified) -> bool:
    return body.oath in (Oath.MONEY, Oath.NO_MONEY, Oath.DENIES_IT, Oath.OWNS_TO_IT)


def long_ago(body: bribery.PurseOpened) -> bool:
    return body.pence == 0


def hushed_letter(events: Events) -> Events:
    """The letter that brought a case is not read."""
    opened = next(e.body for e in events if isinstance(e.body, courts.CaseOpened) and on_letter(e.body))
    assert isinstance(opened, courts.CaseOpened)
    place = next(
        n for n, event in enumerate(events)
        if isinstance(event.body, bribery.BribeRead) and event.body.offered_day == opened.since_day
    )  # fmt: skip
    return numbered([*events[:place], *events[place + 1 :]])


FORGERIES: dict[str, tuple[str, Callable[[Events], Events]]] = {
    "money for an oath told to the room": ("it is for", told_the_room),
    "money for the oath of no witness": (
        "is no witness in a case", changed(bribery.OathSought, lambda b: replace(b, case=b.case + 40)),
    ),
    "money for an oath over another good": (
        "over another good", changed(bribery.OathSought, other_good),
    ),
    "a bribe out of its number": ("should be bribe", changed(bribery.OathSought, lambda b: replace(b, bribe=999))),
    "an oath that cost more": ("did not move what it says", changed(bribery.OathBought, richer)),
    "an oath that was not sought": ("no such bribe", changed(bribery.OathBought, lambda b: replace(b, bribe=999))),
    "an oath in another case": (
        "something else than was asked", changed(bribery.OathBought, lambda b: replace(b, case=b.case + 1)),
    ),
    "an oath refused that was bought": (
        "did not move", changed(bribery.OathBought, lambda b: words.BribeSpurned(b.bribe, b.by, b.to, b.pence)),
    ),
    "a letter of a greater sum": ("no such offer", changed(bribery.BribeRead, richer)),
    "a letter the other way": ("no such offer", changed(bribery.BribeRead, turned)),
    "a letter of another fate": (
        "no such offer",
        changed(bribery.BribeRead, lambda b: replace(b, fate="taken" if b.fate != "taken" else "spurned")),
    ),
    "a letter read twice": ("was read before", read_twice),
    "a letter over another good": (
        "not for this case", changed(bribery.BribeRead, other_good),
    ),
    "a letter that was not read": ("ground for such a case", hushed_letter),
    "books that show more": ("but", changed(bribery.PurseOpened, richer)),
    "books of another day": ("nothing asked", changed(bribery.PurseOpened, lambda b: replace(b, day=b.day - 1))),
    "books of another pair": (
        "not the books", changed(bribery.PurseOpened, lambda b: replace(b, one=b.other, other=b.one), long_ago),
    ),
    "books never opened": ("nobody has", dropped(bribery.PurseOpened)),
    "an accusation over money that was not offered": (
        "no such letter", changed(courts.Accused, lambda b: replace(b, told_day=b.told_day - 1), of_bribery),
    ),
    "an accusation of another offence": (
        "no such letter", changed(courts.Accused, lambda b: replace(b, offence=Offence.FALSE_REPORT), of_bribery),
    ),
    "a case on a letter that was none": (
        "ground for such a case",
        changed(courts.CaseOpened, lambda b: replace(b, since_day=b.since_day - 1), on_letter),
    ),
    "a case on an oath between others": (
        "ground for such a case", changed(courts.CaseOpened, lambda b: replace(b, accused=b.other), on_oath),
    ),
    "a case of a letter hushed up": ("should have been opened", hushed_up(on_letter)),
    "a case of an oath hushed up": ("should have been opened", hushed_up(on_oath)),
    "an oath to another question": ("asked something else", changed(courts.Testified, asked_otherwise, sworn_of_money)),
    "an offer left out of the verdict": (
        "it should be", changed(courts.CaseDecided, unweighed(Item.OFFERED), weighs(Item.OFFERED)),
    ),
    "a letter left out of the verdict": (
        "it should be", changed(courts.CaseDecided, unweighed(Item.SEIZED), weighs(Item.SEIZED)),
    ),
    "books left out of the verdict": (
        "it should be", changed(courts.CaseDecided, unweighed(Item.PASSED), weighs(Item.PASSED)),
    ),
    "a false oath left out of the verdict": (
        "it should be", changed(courts.CaseDecided, unweighed(Item.FALSE_OATH), weighs(Item.FALSE_OATH)),
    ),
    "the guilty let go": (
        "it should be", changed(courts.CaseDecided, acquit, lambda b: of_bribery(b) and b.guilty),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_bribe_is_found(rich: Path, tmp_path: Path, name: str) -> None:
    said, forge = FORGERIES[name]
    breaches = audit_season(forged(rich, tmp_path / "forged.db", events=forge)).breaches
    assert any(said in breach for breach in breaches), breaches


def test_a_payment_is_counted_apart_from_the_auction(rich: Path) -> None:
    """What everybody saw is on the tape, and no part of what the clerks count."""
    with SeasonFile.open(rich) as file:
        events = tuple(file.events())
    for purse in [event.body for event in events if isinstance(event.body, bribery.PurseOpened)]:
        pair = {purse.one, purse.other}
        private = [
            event for event in events
            if event.day == purse.day and event.audience != ("*",) and not isinstance(event.body, hap.Cleared)
        ]  # fmt: skip
        moved = [
            amount for event in private for _, source, _, target, _, asset, amount in event.sealed.postings
            if asset == "pence" and {source, target} == pair
        ]  # fmt: skip
        assert sum(moved) == purse.pence
