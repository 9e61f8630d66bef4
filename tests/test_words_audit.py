"""The audit of words: it passes what was played, and finds what was forged of promises, threats, bribes and tales."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fivepenny import courts, words
from fivepenny import happenings as hap
from fivepenny.claims import PromiseKind
from fivepenny.events import Body, Event, Sealed
from fivepenny.stage.audit import audit_season
from seasons import forged
from talkers import header, play

Events = list[Event]
DAYS = 30


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Two seasons in which everything happens: of null players, who do anything, and of understudies."""
    folder = tmp_path_factory.mktemp("words")
    for company in ("null", "understudies"):
        play(folder / f"{company}.db", header(company, 11, DAYS))
    return folder / "null.db", folder / "understudies.db"


@pytest.mark.parametrize("name", ["south-sea", "long-winter"])
@pytest.mark.parametrize("company", ["null", "understudies"])
@pytest.mark.parametrize("seed", [5, 6])
def test_a_season_of_talkers_passes_its_audit(tmp_path: Path, name: str, company: str, seed: int) -> None:
    events = play(tmp_path / "season.db", header(company, seed, DAYS, name))
    assert audit_season(tmp_path / "season.db").breaches == ()
    assert {words.ToldSo, words.SpokenSo, words.PromiseSettled} <= {type(e.body) for e in events}


def test_the_court_hears_of_tales_that_are_told_in_a_manner(tmp_path: Path) -> None:
    opened = 0
    for seed in (1, 2, 6):
        head = header("understudies", seed, DAYS)
        both = replace(head, scenario=head.scenario.model_copy(update={"customs": ("court", "words")}))
        events = play(tmp_path / f"{seed}.db", both)
        opened += sum(isinstance(event.body, courts.CaseOpened) for event in events)
        assert audit_season(tmp_path / f"{seed}.db").breaches == ()
    assert opened


def numbered(events: Sequence[Event]) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def place_of(events: Events, kind: type[Body], where: Callable[[Any], bool]) -> int:
    return next(n for n, event in enumerate(events) if isinstance(event.body, kind) and where(event.body))


def changed(kind: type[Body], make: Callable[[Any], Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The first event of a kind that fits, with another body."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        events[place] = replace(events[place], body=make(events[place].body))
        return events

    return forge


def dropped(kind: type[Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The season without the first event of a kind that fits."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, where)
        return numbered([*events[:place], *events[place + 1 :]])

    return forge


def sealed_note(change: Callable[[str], str], where: Callable[[str], bool]) -> Any:
    """The first tale whose note fits, with another note."""

    def forge(events: Events) -> Events:
        place = next(
            n for n, event in enumerate(events) if isinstance(event.body, words.ToldSo) and where(event.sealed.note)
        )
        events[place] = replace(events[place], sealed=Sealed(note=change(events[place].sealed.note)))
        return events

    return forge


def shouted(kind: type[Body]) -> Any:
    """The first private event of a kind told to everybody."""

    def forge(events: Events) -> Events:
        place = place_of(events, kind, lambda _: True)
        events[place] = replace(events[place], audience=("*",))
        return events

    return forge


def settled_twice(events: Events) -> Events:
    """A promise that is settled on two evenings."""
    place = place_of(events, words.PromiseSettled, lambda _: True)
    later = next(n for n, event in enumerate(events) if isinstance(event.body, hap.DayClosed) and n > place)
    return numbered([*events[:later], replace(events[place]), *events[later:]])


def carried_out_unthreatened(events: Events) -> Events:
    """The room is told of somebody who was never warned."""
    place = place_of(events, words.ToldRoom, lambda _: True)
    body: Any = events[place].body
    events[place] = replace(events[place], body=replace(body, threat=body.threat + 400))
    return events


def of_promise(**wrong: Any) -> Callable[[Any], Body]:
    """The body with another promise in it."""
    return lambda body: replace(body, promise=replace(body.promise, **wrong))


def over_goods(body: Any) -> bool:
    return body.promise.kind is not PromiseKind.WILL_PAY


FORGERIES: dict[str, tuple[str, Any]] = {
    "a word kept that was broken": (
        "did not come out so",
        changed(words.PromiseSettled, lambda b: replace(b, kept=True), lambda b: not b.kept and over_goods(b)),
    ),
    "a word broken that was kept": (
        "did not come out so", changed(words.PromiseSettled, lambda b: replace(b, kept=False), lambda b: b.kept),
    ),
    "a word never settled": ("should have been settled", dropped(words.PromiseSettled)),
    "a word settled twice": ("no such promise", settled_twice),
    "a word that was not given": ("no such promise", changed(words.PromiseSettled, of_promise(number=999))),
    "a word of another number": ("should be promise", changed(words.Promised, of_promise(number=999))),
    "a word for too long": (
        "nobody can be bound so",
        changed(words.Promised, of_promise(by_day=29), lambda b: b.promise.kind is PromiseKind.WILL_HOLD),
    ),
    "a word to pay what is not owed": (
        "no such loan is due",
        changed(words.Promised, of_promise(loan=99), lambda b: b.promise.kind is PromiseKind.WILL_PAY),
    ),
    "a word to oneself": ("not between two seats", changed(words.Promised, lambda b: of_promise(to=b.promise.by)(b))),
    "a promise weighed that was not made": (
        "was promised no such thing", changed(words.PromiseWeighed, lambda b: replace(b, promise=999)),
    ),
    "a threat over another's loan": (
        "is about no loan", changed(words.Threatened, lambda b: replace(b, loan=99), lambda b: b.owed_pence > 0),
    ),
    "a threat for more than is owed": (
        "not what is owed",
        changed(words.Threatened, lambda b: replace(b, owed_pence=b.owed_pence + 1), lambda b: b.owed_pence > 0),
    ),
    "a threat to call in nothing": (
        "nothing to call in", changed(words.Threatened, lambda b: replace(b, harm="call"), lambda b: not b.loan),
    ),
    "defiance of nothing": ("made no such threat", changed(words.Defied, lambda b: replace(b, threat=999))),
    "giving way further than was asked": (
        "something else than was asked", changed(words.Yielded, lambda b: of_promise(by_day=b.promise.by_day + 1)(b)),
    ),
    "a threat carried out that was not made": ("made no such threat", carried_out_unthreatened),
    "a room told more than was threatened": (
        "not what was threatened", changed(words.ToldRoom, lambda b: replace(b, owed_pence=b.owed_pence + 1)),
    ),
    "a loan called in to another day": (
        "could be called in", changed(words.CalledIn, lambda b: replace(b, due_day=b.due_day + 1)),
    ),
    "a threat forgotten": ("neither carried out nor let lapse", dropped(words.ThreatLapsed)),
    "a bribe that was not offered": ("no such bribe", changed(words.BribeTaken, lambda b: replace(b, bribe=999))),
    "a bribe of a penny more": (
        "did not move what it says", changed(words.BribeTaken, lambda b: replace(b, pence=b.pence + 1)),
    ),
    "a bribe that buys another good": (
        "buys something else",
        changed(words.BribeTaken, lambda b: of_promise(good="tin" if b.promise.good != "tin" else "rye")(b)),
    ),
    "a bribe spurned that was not offered": (
        "no such bribe", changed(words.BribeSpurned, lambda b: replace(b, pence=b.pence + 1)),
    ),
    "a hollow bribe that was not": (
        "had the money", changed(words.BribeSpurned, lambda b: words.BribeUnpaid(b.bribe, b.by, b.to, b.pence)),
    ),
    "a bribe told to the room": ("it is for", shouted(words.Bribed)),
    "a promise told to the room": ("it is for", shouted(words.Promised)),
    "a tale by another way": (
        "not as is sealed",
        sealed_note(lambda note: note.replace("came by ", "came by brock brock "), lambda note: "came by" in note),
    ),
    "a tale that changed unsaid": (
        "made up", sealed_note(lambda note: note.partition("; told")[0], lambda note: "otherwise" in note),
    ),
    "a tale that changed from another": (
        "is not open",
        sealed_note(lambda note: note.rpartition(" ")[0] + " 999", lambda note: "otherwise" in note),
    ),
    "a falsehood believed": (
        "made up", sealed_note(lambda note: note.replace("it 0 in", "it 70 in"), lambda note: "it 0 in" in note),
    ),
    "a tale told more surely": (
        "more surely", changed(words.ToldSo, lambda b: replace(b, sure=True), lambda b: not b.sure),
    ),
    "a word in another manner": (
        "nothing came of",
        changed(words.SpokenSo, lambda b: replace(b, manner="menacing" if b.manner != "menacing" else "plain")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_word_is_found(played: tuple[Path, ...], tmp_path: Path, name: str) -> None:
    """Forged in the first of the seasons that has what is to be forged."""
    said, forge = FORGERIES[name]
    for path in played:
        try:
            breaches = audit_season(forged(path, tmp_path / path.name, events=forge)).breaches
        except StopIteration:
            continue
        assert any(said in breach for breach in breaches), breaches
        return
    pytest.fail("no season has anything to forge so")
