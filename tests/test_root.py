"""The root modules: streams of a seed, how days are spoken of, claims, and events to and from columns."""

import dataclasses
import json
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.claims import Basis, Claim, ClaimKind, Truth, judge_by_price
from fivepenny.clock import BEATS, WEEKDAYS, Beat, Phase, ordinal, say_coming, say_count, say_past, weekday
from fivepenny.errors import SeasonFileError
from fivepenny.events import EVERYONE, Body, Event, EventLog, Sealed, Seen, read_event
from fivepenny.journal import EventRow, event_row
from fivepenny.rng import stream, stream_seed

# --- randomness ----------------------------------------------------------------------------------------------


def draws(*path: str | int) -> list[int]:
    lot = stream(7, *path)
    return [lot.randrange(10**9) for _ in range(5)]


def test_a_stream_does_not_depend_on_what_others_drew() -> None:
    alone = draws("market", 3, "rye")
    other = stream(7, "market", 3, "coal")
    mixed = []
    for _ in range(5):
        other.random()
        mixed.append(draws("market", 3, "rye"))
    assert mixed == [alone] * 5


@pytest.mark.parametrize("path", [("a", "bc"), ("ab", "c"), ("abc",), ("a", "bc", ""), ("bc", "a"), (), ("A", "bc")])
def test_every_path_is_a_stream_of_its_own(path: tuple[str, ...]) -> None:
    paths = [("a", "bc"), ("ab", "c"), ("abc",), ("a", "bc", ""), ("bc", "a"), (), ("A", "bc")]
    assert [draws(*other) == draws(*path) for other in paths].count(True) == 1


def test_a_stream_depends_on_the_seed_alone_and_stays_the_same_for_good() -> None:
    assert stream_seed(1, "a") != stream_seed(2, "a")
    # Seasons on file replay only as long as this figure stands.
    assert stream_seed(1, "market", 2) == 11531150333607181072


# --- the clock -----------------------------------------------------------------------------------------------


def test_every_beat_belongs_to_a_phase_and_phases_come_in_order() -> None:
    phases = [beat.phase for beat in BEATS]
    assert phases == sorted(phases, key=list(Phase).index)
    assert set(phases) == set(Phase)


def test_weeks_have_six_days() -> None:
    assert [weekday(day) for day in range(1, 8)] == [*WEEKDAYS, "Monday"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (102, "102nd"), (111, "111th"), (113, "113th"), (1000, "1000th")],
)  # fmt: skip
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(-2, "tonight"), (0, "tonight"), (1, "tomorrow"), (2, "Wednesday"), (5, "Saturday"), (6, "Monday week"),
     (11, "Saturday week"), (12, "the 13th day"), (40, "the 41st day")],
)  # fmt: skip
def test_days_to_come(ahead: int, words: str) -> None:
    assert say_coming(1 + ahead, 1) == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [(-1, "this morning"), (0, "this morning"), (1, "yesterday"), (2, "last Thursday"), (5, "last Monday"),
     (6, "a week ago"), (7, "seven days ago"), (11, "eleven days ago"), (12, "two weeks ago"), (13, "13 days ago"),
     (72, "twelve weeks ago"), (78, "13 weeks ago")],
)  # fmt: skip
def test_days_gone_by(ago: int, words: str) -> None:
    assert say_past(600 - ago, 600) == words


@given(day=st.integers(1, 3000), today=st.integers(1, 3000))
def test_a_day_is_never_named_by_a_weekday_that_it_is_not(day: int, today: int) -> None:
    for words in (say_coming(day, today), say_past(day, today)):
        named = [name for name in WEEKDAYS if name in words]
        assert named in ([], [weekday(day)])
    # Within a fortnight, no two days of the past are spoken of alike.
    assert len({say_past(today - ago, today) for ago in range(14)}) == 14
    assert len({say_coming(today + ahead, today) for ahead in range(30)}) == 30


def test_counts() -> None:
    assert [say_count(number) for number in (0, 1, 12, 13, -1)] == ["no", "one", "twelve", "13", "-1"]


# --- claims --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "now_pence", "today", "truth"),
    [
        (ClaimKind.WILL_RISE, 101, 3, Truth.OPEN),
        (ClaimKind.WILL_RISE, 102, 3, Truth.TRUE),
        (ClaimKind.WILL_RISE, 101, 5, Truth.FALSE),
        (ClaimKind.WILL_RISE, 102, 5, Truth.TRUE),
        (ClaimKind.WILL_RISE, 50, 4, Truth.OPEN),
        (ClaimKind.WILL_FALL, 99, 3, Truth.OPEN),
        (ClaimKind.WILL_FALL, 98, 3, Truth.TRUE),
        (ClaimKind.WILL_FALL, 200, 5, Truth.FALSE),
        (ClaimKind.WILL_FALL, 100, 6, Truth.FALSE),
    ],
)
def test_a_claim_is_judged_by_a_fiftieth_until_its_last_day(
    kind: ClaimKind, now_pence: int, today: int, truth: Truth
) -> None:
    assert judge_by_price(Claim(1, kind, "rye", 2, 5, Basis.PRICE), 100, now_pence, today) is truth


@given(then=st.integers(1, 10**6), now=st.integers(1, 10**6), today=st.integers(1, 9))
def test_a_rise_and_a_fall_are_never_both_true(then: int, now: int, today: int) -> None:
    judged = [judge_by_price(Claim(1, kind, "rye", 1, 5, Basis.PRICE), then, now, today) for kind in ClaimKind]
    assert judged.count(Truth.TRUE) <= 1
    assert (Truth.OPEN in judged) <= (today < 5)
    assert {kind.direction for kind in ClaimKind} == {1, -1}


# --- events --------------------------------------------------------------------------------------------------

# SQLite keeps text as UTF-8, which has no lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text("abcdefghij", min_size=1, max_size=6)
INTEGERS = st.integers(-(2**62), 2**62)
POSTINGS = st.tuples(INTEGERS, NAMES, NAMES, NAMES, NAMES, NAMES, INTEGERS)
SEALED = st.builds(
    Sealed,
    postings=st.lists(POSTINGS, max_size=2).map(tuple),
    truth=st.none() | st.sampled_from(Truth),
    aside=st.none() | TEXTS,
    note=TEXTS,
)
KINDS = sorted(kind for kind, body in Body.registry.items() if body.__module__.startswith("fivepenny."))


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if kind is str:
        return TEXTS
    if kind is int:
        return INTEGERS
    if typing.get_origin(kind) is tuple:
        return st.lists(values(typing.get_args(kind)[0]), max_size=3).map(tuple)
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    if typing.get_args(kind):
        return st.one_of([values(part) for part in typing.get_args(kind)])
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: values(part) for name, part in typing.get_type_hints(kind).items()})
    return st.from_type(kind)


def bodies(kind: str) -> st.SearchStrategy[Body]:
    """Bodies of a kind."""
    body = Body.registry[kind]
    hints = typing.get_type_hints(body)
    return st.builds(
        body, **{item.name: values(hints[item.name]) for item in dataclasses.fields(typing.cast(Any, body))}
    )


def events(kind: str) -> st.SearchStrategy[Event]:
    """Events with a body of this kind."""
    audiences = st.just(EVERYONE) | st.lists(NAMES, unique=True, max_size=3).map(tuple)
    return st.builds(Event, st.integers(1, 10**9), st.integers(1, 3000), st.sampled_from(Beat), audiences,
                     bodies(kind), SEALED)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_every_event_comes_back_from_its_columns(kind: str, data: st.DataObject) -> None:
    event = data.draw(events(kind))
    row = event_row(event)
    assert all(type(column) in (int, str) for column in row)
    assert read_event(*row) == event
    assert event_row(read_event(*row)) == row


def damaged_body(kind: str, text: str, data: st.DataObject) -> str:
    """The body's text with one field left out, or with a value of another type in its place."""
    fields = json.loads(text)
    name = data.draw(st.sampled_from(sorted(fields)))
    hint = typing.get_type_hints(Body.registry[kind])[name]
    if data.draw(st.booleans()):
        del fields[name]
    else:
        fields[name] = data.draw(st.sampled_from([{"no": "such"}, [[[]]], "\x00 none" if hint is not str else 5]))
    return json.dumps(fields)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=8)
@given(data=st.data())
def test_a_damaged_event_is_refused_in_one_line(kind: str, data: st.DataObject) -> None:
    row = event_row(data.draw(events(kind)))
    number, day, beat, audience, _, body, sealed = row
    wrong: list[EventRow] = [
        (number, day, "noon", audience, kind, body, sealed),
        (number, day, beat, audience, "no such kind", body, sealed),
        (number, day, beat, audience, kind, body[:-1], sealed),
        (number, day, beat, audience, kind, body, '{"truth":"perhaps"}'),
        (number, day, beat, audience, kind, body, "x"),
        (number, day, beat, audience, kind, damaged_body(kind, body, data), sealed),
    ]
    for damaged in wrong:
        with pytest.raises(SeasonFileError) as error:
            read_event(*damaged)
        assert str(error.value).startswith(f"event {number}") and len(str(error.value).splitlines()) == 1


def test_only_an_audience_sees_an_event() -> None:
    body = hap.DayOpened("Monday")

    def who(audience: tuple[str, ...]) -> list[str]:
        return [seat for seat in ("amber", "birch", "*") if Event(1, 1, Beat.DAWN, audience, body).seen_by(seat)]

    assert who(("amber",)) == ["amber"]
    assert who(()) == []
    assert who(EVERYONE) == ["amber", "birch", "*"]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=3)
@given(data=st.data())
def test_what_is_sealed_cannot_be_reached_from_what_is_seen(kind: str, data: st.DataObject) -> None:
    """Neither by type, through any field however deep, nor by value."""
    plain = data.draw(events(kind))
    sealed = dataclasses.replace(plain, audience=EVERYONE, sealed=Sealed(note="not for your ears", aside="nor this"))
    seen = sealed.seen_by("amber")
    assert seen == Seen(plain.number, plain.day, plain.beat, plain.body)
    assert "not for your ears" not in repr(seen) and "nor this" not in repr(seen)
    assert not types_within(Body.registry[kind]) & {Sealed, Event}


def types_within(kind: Any) -> set[Any]:
    """Every type that the fields of a type lead to."""
    found = {kind}
    if dataclasses.is_dataclass(kind):
        for hint in typing.get_type_hints(kind).values():
            found |= types_within(hint)
    for part in typing.get_args(kind):
        found |= types_within(part)
    return found


def test_seen_has_no_sealed_part_and_the_search_for_one_would_find_it() -> None:
    assert Sealed not in types_within(Seen) and Sealed in types_within(Event)
    assert not hasattr(Seen(1, 1, Beat.DAWN, hap.DayOpened("Monday")), "sealed")


def test_a_log_numbers_events_and_hands_them_over_once() -> None:
    log = EventLog()
    log.add(EVERYONE, hap.DayOpened("Monday"))
    log.day, log.beat = 2, Beat.DUSK
    log.add((), hap.DayOpened("Tuesday"))
    assert [(event.number, event.day, event.beat) for event in log.take()] == [(1, 1, Beat.DAWN), (2, 2, Beat.DUSK)]
    assert log.take() == ()
    assert log.add((), hap.DayOpened("Monday")).number == 3
