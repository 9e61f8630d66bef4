"""The audit: it passes what was played, and finds what was forged, though the forger made the hash chain anew."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fivepenny import happenings as hap
from fivepenny.claims import Basis, Truth
from fivepenny.clock import Beat
from fivepenny.errors import SeasonFileError
from fivepenny.events import EVERYONE, Body, Event, Posting, Sealed
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.stage.audit import audit_season
from fivepenny.stage.audit_audiences import PRIVATE, PUBLIC, SHARED
from seasons import Events, Rows, forged, play_company, play_scripted

DAYS = 24


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of understudies."""
    return play_company(tmp_path_factory.mktemp("played") / "season.db", 1, DAYS, "understudies")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of scripted minds in both wordings."""
    return play_scripted(tmp_path_factory.mktemp("spoken") / "season.db", 2, DAYS)


# --- what was played passes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("company", ["null", "understudies"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_season_as_it_was_played_has_no_breach(tmp_path: Path, company: str, seed: int) -> None:
    found = audit_season(play_company(tmp_path / "season.db", seed, 30, company))
    assert found.breaches == ()
    assert found.checked["days"] == 30
    assert found.checked["auctions"] == 150
    assert min(found.checked[name] for name in ("events", "transfers", "loans", "claims settled", "decisions")) > 0


def test_minds_in_both_wordings_were_shown_what_they_could_know(spoken: Path) -> None:
    found = audit_season(spoken)
    assert found.breaches == ()
    assert found.checked["prompts"] > 200
    assert found.checked["lines"] > 20
    with SeasonFile.open(spoken) as file:
        rows = file.tape()
        assert {row.task for row in rows} == {"grade", "reply", "speak"}
        assert any(row.step == "understudy" for row in rows)
        assert any(row.failure and row.prompt for row in rows)


def test_a_season_that_broke_off_is_audited_as_far_as_it_goes(played: Path, tmp_path: Path) -> None:
    with SeasonFile.open(played) as file, SeasonFile.create(tmp_path / "part.db", file.header) as part:
        for row in file.tape():
            part.record(row)
        part.commit_day([event for event in file.events() if event.day <= 7])
    found = audit_season(tmp_path / "part.db")
    assert (found.breaches, found.checked["days"]) == ((), 7)


def test_a_season_before_its_first_day_has_nothing_to_breach(played: Path, tmp_path: Path) -> None:
    with SeasonFile.open(played) as file:
        SeasonFile.create(tmp_path / "fresh.db", file.header).close()
    assert audit_season(tmp_path / "fresh.db").breaches == ()


def test_every_kind_of_event_has_a_rule_for_its_audience() -> None:
    """No kind is both public and private; two follow rules of their own."""
    kinds = {kind for kind in Body.registry.values() if kind.__module__.startswith("fivepenny.")}
    assert kinds == PUBLIC | PRIVATE.keys() | SHARED.keys() | {hap.Said, hap.Settled}
    assert not PUBLIC & PRIVATE.keys()


# --- what was forged is found ---------------------------------------------------------------------------------

Forgery = Callable[[Events], Sequence[Event]]


def changing(
    kind: type[Body], change: Callable[[Event], Event], where: Callable[[Any], bool] = lambda _: True
) -> Forgery:
    """A forgery of the first event of a kind whose body fits; there must be one."""

    def forge(events: Events) -> Events:
        place = next(n for n, event in enumerate(events) if isinstance(event.body, kind) and where(event.body))
        events[place] = change(events[place])
        return events

    return forge


def body_with(**wrong: Callable[[Any], Any]) -> Callable[[Event], Event]:
    """A change of fields of the body."""
    return lambda event: replace(event, body=replace(event.body, **{k: make(event.body) for k, make in wrong.items()}))  # type: ignore[type-var]


def told_to(*seats: str) -> Callable[[Event], Event]:
    """A change of the audience."""
    return lambda event: replace(event, audience=seats)


def a_penny_more(event: Event) -> Event:
    """The same event, its first posting a penny or a unit larger."""
    first, *others = event.sealed.postings
    more: Posting = (*first[:6], first[6] + 1)
    return replace(event, sealed=replace(event.sealed, postings=(more, *others)))


def a_penny_earned(event: Event) -> Event:
    """A penny more in the books and in the event, so that only the day's closing gives it away."""
    return body_with(pence=lambda body: body.pence + 1)(a_penny_more(event))


def foretold_otherwise(event: Event) -> Event:
    """The sealed truth turned round."""
    other = Truth.FALSE if event.sealed.truth is Truth.TRUE else Truth.TRUE
    return replace(event, sealed=replace(event.sealed, truth=other))


def turned(body: hap.Settled) -> Truth:
    """The other truth."""
    return Truth.FALSE if body.truth is Truth.TRUE else Truth.TRUE


def shouted(events: Events) -> Events:
    """One more needle than anybody chose, at the end of a beat of talk."""
    place = max(n for n, event in enumerate(events) if event.beat is Beat.ADDRESS)
    extra = replace(events[place], audience=EVERYONE, body=hap.Spoken("needle", "quill", "brock", 0), sealed=Sealed())
    longer = [*events[: place + 1], extra, *events[place + 1 :]]
    return [replace(event, number=number) for number, event in enumerate(longer, 1)]


def traded(body: hap.Cleared) -> bool:
    return body.volume > 0


def priced(body: hap.Settled | hap.Whispered) -> bool:
    return body.claim.basis is Basis.PRICE


def foretold(body: hap.Settled | hap.Whispered) -> bool:
    return body.claim.basis is Basis.SHOCK


def credit_from_nowhere(events: Events) -> Events:
    """The outside world lends a seat money at the end of the first dawn, the books and the numbers all in order."""
    first = next(event for event in events if event.beat is not Beat.DAWN)
    place = events.index(first)
    number = 1 + max(row[0] for event in events[:place] for row in event.sealed.postings)
    posting: Posting = (number, "outside", "free", "quill", "free", "pence", 480)
    lent = hap.Lent(3, "outside", "quill", 480, 528, 9)
    extra = Event(0, 1, Beat.DAWN, ("quill",), lent, Sealed(postings=(posting,)))
    longer = [*events[:place], extra, *events[place:]]
    return [replace(event, number=number) for number, event in enumerate(longer, 1)]


def private_tip(body: hap.Said) -> bool:
    return body.act.startswith("tip")


def due_soon(body: Any) -> bool:
    return int(body.due_day) < DAYS


def large(body: hap.Ordered) -> bool:
    return body.seat == "brock" and body.quantity > 1


def thinking(event: Event) -> Event:
    """The same decision with a thought that was not in the reply."""
    return replace(event, sealed=Sealed(aside="I know."))


FORGERIES: dict[str, tuple[str, Forgery]] = {
    "a changed price": ("books", changing(hap.Cleared, body_with(price_pence=lambda b: b.price_pence + 1), traded)),
    "a changed volume": ("clear", changing(hap.Cleared, body_with(volume=lambda b: b.volume + 1), traded)),
    "a moved penny": ("books did not move", changing(hap.Earned, a_penny_more)),
    "a moved unit": ("books did not move", changing(hap.Cleared, a_penny_more, traded)),
    "a penny moved and entered": ("purses", changing(hap.Earned, a_penny_earned)),
    "another opening": ("scenario", changing(hap.Endowed, body_with(pence=lambda b: b.pence + 1))),
    "a worth": ("worths", changing(hap.DayClosed, body_with(worths_pence=lambda b: (0, *b.worths_pence[1:])))),
    "a loan of another size": ("open", changing(hap.Repaid, body_with(pence=lambda b: b.pence - 1))),
    "a debt due later": ("due", changing(hap.Owes, body_with(due_day=lambda b: b.due_day + 1), due_soon)),
    "a price claim settled wrong": ("settled as", changing(hap.Settled, body_with(truth=turned), priced)),
    "a shock settled wrong": ("settled as", changing(hap.Settled, body_with(truth=turned), foretold)),
    "a sealed truth": ("sealed truth", changing(hap.Whispered, foretold_otherwise, foretold)),
    "a tip of no claim": ("never made", changing(hap.Tipped, body_with(claim=lambda b: replace(b.claim, number=900)))),
    "a claim retold otherwise": ("claim", changing(hap.Settled, body_with(claim=lambda b: replace(b.claim, by_day=9)))),
    "news from nowhere": ("chronicle", changing(hap.News, body_with(headline=lambda b: b.headline + "!"))),
    "a purse told to all": ("told to *", changing(hap.Endowed, told_to(*EVERYONE))),
    "a whisper overheard": ("told to", changing(hap.Whispered, told_to("brock", "quill"))),
    "a private line told to all": ("told to *", changing(hap.Said, told_to(*EVERYONE), private_tip)),
    "a settlement told to nobody": ("told to nobody", changing(hap.Settled, told_to())),
    "the day's books told to one": ("for nobody", changing(hap.DayClosed, told_to("quill"))),
    "a line put into a mouth": ("said", changing(hap.Said, body_with(text=lambda b: b.text + " Ha."))),
    "an order that was not chosen": ("order", changing(hap.Ordered, body_with(quantity=lambda b: 1), large)),
    "a decision off the menu": ("menu", changing(hap.Decided, body_with(phrases=lambda b: ("buy gold",)))),
    "too many decisions": ("moves of at most", changing(hap.Decided, body_with(phrases=lambda b: b.phrases * 4))),
    "credit from nowhere": ("no row of the chronicle", credit_from_nowhere),
    "a deed that nobody chose": ("nobody chose", shouted),
    "an aside": ("decisions", changing(hap.Decided, thinking)),
    "a removed last event": ("", lambda events: events[:-1]),
    "a removed last day": ("days", lambda events: [event for event in events if event.day < DAYS]),
    "beats in another order": ("out of order", lambda events: [*events[:-1], replace(events[-1], beat=Beat.DAWN)]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_event_is_found(played: Path, tmp_path: Path, name: str) -> None:
    words, forge = FORGERIES[name]
    found = audit_season(forged(played, tmp_path / "forged.db", events=forge))
    assert any(words in breach for breach in found.breaches), found.breaches


def test_the_last_event_is_missed_wherever_the_season_ends(played: Path, tmp_path: Path) -> None:
    """A season cut one event short is a breach on whichever of its days it ends."""
    with SeasonFile.open(played) as file:
        header, events, tape = file.header, list(file.events()), file.tape()
    for day in range(1, 8):
        kept = [event for event in events if event.day <= day]
        for cut in (kept, kept[:-1]):
            path = tmp_path / f"{day}-{len(cut)}.db"
            with SeasonFile.create(path, replace(header, days=DAYS)) as file:
                for row in tape:
                    file.record(row)
                file.commit_day(cut)
            assert bool(audit_season(path).breaches) == (cut is not kept)


# --- the tape --------------------------------------------------------------------------------------------------


def row_with(where: Callable[[TapeRow], bool], **wrong: Callable[[TapeRow], Any]) -> Callable[[Rows], Rows]:
    """A forgery of the last reply of the tape that fits; there must be one."""

    def forge(rows: Rows) -> Rows:
        place = max(n for n, row in enumerate(rows) if where(row))
        rows[place] = replace(rows[place], **{name: make(rows[place]) for name, make in wrong.items()})
        return rows

    return forge


def prompt_of(task: str, step: str = "moves") -> Callable[[TapeRow], bool]:
    return lambda row: (row.task, row.step) == (task, step) and row.prompt != ""


TAPE_FORGERIES: dict[str, tuple[str, Callable[[Rows], Rows]]] = {
    "a word in a cue": ("prompt", row_with(prompt_of("grade"), prompt=lambda r: f"{r.prompt} brock")),
    "a level in a cue": ("prompt", row_with(prompt_of("grade"), prompt=lambda r: r.prompt.replace("owed ", "owed 1"))),
    "a word in prose": ("prompt", row_with(prompt_of("reply"), prompt=lambda r: f"{r.prompt}\nBrock has 3s.")),
    "a word in the system text": ("prompt", row_with(prompt_of("reply"), system=lambda r: f"{r.system} He lies.")),
    "a word in a line's cue": ("prompt", row_with(prompt_of("speak", "line"), prompt=lambda r: f"{r.prompt} x")),
    "a prompt for a rule": ("prompt", row_with(lambda r: r.step == "understudy", prompt=lambda r: "Psst")),
    "moves not in the reply": ("moves", row_with(lambda r: bool(r.moves), moves=lambda r: "buy gold")),
    "a reply that cannot be read": ("not on the tape", row_with(prompt_of("grade"), raw=lambda r: "nothing to read")),
    "another verdict": ("verdict", row_with(lambda r: r.verdict == "clean", verdict=lambda r: "refused")),
    "another say": ("say", row_with(prompt_of("reply"), say=lambda r: "Good day.")),
    "another mind": ("does not play", row_with(lambda r: r.step == "moves", mind=lambda r: "house:tansy?")),
    "an unknown task": ("", row_with(lambda r: r.step == "moves", task=lambda r: "sing")),
    "a missing reply": ("not on the tape", lambda rows: rows[:-1]),
    "a reply too many": ("nobody was asked", lambda rows: [*rows, replace(rows[-1], attempt=9)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TAPE_FORGERIES)
def test_a_forged_tape_is_found(spoken: Path, tmp_path: Path, name: str) -> None:
    words, forge = TAPE_FORGERIES[name]
    found = audit_season(forged(spoken, tmp_path / "forged.db", tape=forge))
    assert any(words in breach for breach in found.breaches), found.breaches


def test_a_decision_forged_in_both_places_is_off_the_menu(spoken: Path, tmp_path: Path) -> None:
    with SeasonFile.open(spoken) as file:
        first = next(event for event in file.events() if isinstance(event.body, hap.Decided))
    key = (first.day, first.beat.value, first.audience[0], "moves", 1)
    target = forged(
        spoken,
        tmp_path / "forged.db",
        events=changing(hap.Decided, body_with(phrases=lambda b: ("buy gold",))),
        tape=row_with(lambda row: row.key == key, moves=lambda r: "buy gold"),
    )
    assert any("not all of it on its menu" in breach for breach in audit_season(target).breaches)


# --- damage ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["day", "beat", "audience", "kind", "body", "sealed", "hash"])
def test_one_byte_of_an_event_changed_is_found(played: Path, tmp_path: Path, column: str) -> None:
    """Whatever the place, and however many events there are."""
    chance = Random(column)
    for attempt in range(5):
        path = tmp_path / f"{attempt}.db"
        path.write_bytes(played.read_bytes())
        connection = sqlite3.connect(path)
        rows = connection.execute(f"SELECT number, {column} FROM events WHERE {column} != ''").fetchall()
        number, cell = chance.choice(rows)
        text = bytearray(str(cell).encode())
        text[chance.randrange(len(text))] ^= 1
        connection.execute(f"UPDATE events SET {column} = ? WHERE number = ?", (text.decode(), number))
        connection.commit()
        connection.close()
        assert any(str(number) in breach for breach in audit_season(path).breaches)


def test_a_file_with_any_byte_flipped_is_answered_in_words(tmp_path: Path) -> None:
    """Findings or one SeasonFileError, never another exception."""
    whole = play_company(tmp_path / "whole.db", 3, 2, "understudies").read_bytes()
    chance = Random(0)
    outcomes = set()
    for attempt in range(60):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{attempt}.db"
        path.write_bytes(damaged)
        try:
            outcomes.add(bool(audit_season(path).breaches))
        except SeasonFileError as error:
            assert "\n" not in str(error)
            outcomes.add(SeasonFileError)
    assert {True, SeasonFileError} <= outcomes


@pytest.mark.parametrize("text", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_what_is_no_season_file_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "odd.db").write_bytes(text)
    with pytest.raises(SeasonFileError):
        audit_season(tmp_path / "odd.db")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeasonFileError):
        audit_season(tmp_path / "nowhere.db")


WRONG: tuple[Any, ...] = ("nobody", "", "*", "outside", -1, 0, 10**18, True)


def test_events_forged_at_random_never_break_the_audit(tmp_path: Path) -> None:
    """One field of one event set to something odd: words, and nearly always a breach."""
    played, chance = play_company(tmp_path / "short.db", 3, 6, "understudies"), Random(5)
    caught = 0
    for attempt in range(40):

        def forge(events: Events) -> Events:
            place = chance.randrange(len(events))
            body: Any = events[place].body
            names = [name for name in body.__slots__ if isinstance(getattr(body, name), str | int)]
            if names:
                name = chance.choice(names)
                odd = [value for value in WRONG if type(value) is type(getattr(body, name))] or [
                    not getattr(body, name)
                ]
                events[place] = replace(events[place], body=replace(body, **{name: chance.choice(odd)}))
            return events

        path = forged(played, tmp_path / f"{attempt}.db", events=forge)
        caught += bool(audit_season(path).breaches)
    assert caught >= 30
