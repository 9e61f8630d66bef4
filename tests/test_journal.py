"""The season file: what it keeps, what it refuses, and that nothing in it can be changed unseen or half-written."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fivepenny import journal
from fivepenny.clock import Beat
from fivepenny.errors import FivepennyError, MissingPart, SeasonFileError, WrongUse
from fivepenny.events import EVERYONE, Event, Sealed
from fivepenny.happenings import DayOpened, Ruined
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile, TapeRow, chain, digest_of
from fivepenny.scenario import load_scenario
from seasons import play_company

SCENARIO, CHRONICLE = load_scenario("south-sea")
MINDS = dict.fromkeys(SCENARIO.seat_names, "null")
HEADER = Header(5, 30, SCENARIO, CHRONICLE, MINDS)
ROW = TapeRow(1, "address", "quill", "moves", 1, "grade", "null", "", " cue", " 1 2", "", "clean", "", "hold", None,
              "an aside", 3, 2, 0.25)  # fmt: skip


def day(number: int, first: int = 0) -> list[Event]:
    """Three events of a day."""
    first = first or 3 * number - 2
    return [
        Event(first, number, Beat.DAWN, EVERYONE, DayOpened("Monday")),
        Event(first + 1, number, Beat.DUSK, ("quill", "vesper"), Ruined("vesper"), Sealed(aside="Zwölf? ’s")),
        Event(first + 2, number, Beat.REMARK, (), Ruined("quill")),
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A season file of three days and two replies, not finished."""
    path = tmp_path / "season.db"
    with SeasonFile.create(path, HEADER) as file:
        file.record(ROW)
        file.record(replace(ROW, seat="brock", failure="no reply: gone", moves=None, verdict="refused"))
        for number in (1, 2, 3):
            file.commit_day(day(number))
    return path


def change(path: Path, statement: str, *values: Any) -> None:
    """Change a file behind the journal's back."""
    connection = sqlite3.connect(path)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


# --- what it keeps -------------------------------------------------------------------------------------------


def test_everything_comes_back(path: Path) -> None:
    with SeasonFile.open(path) as file:
        assert file.header == HEADER
        assert list(file.events()) == [*day(1), *day(2), *day(3)]
        assert sorted(file.tape(), key=lambda row: row.seat)[1] == ROW
        assert (len(list(file.rows())), file.last_day, file.finished) == (9, 3, False)
        assert file.check_chain() is None
        assert file.digest == digest_of(HEADER, file.events()) == file.hash_at(9)
        assert file.hash_at(10) is None


def test_a_fresh_file_stands_at_its_root(tmp_path: Path) -> None:
    with SeasonFile.create(tmp_path / "season.db", HEADER) as file:
        assert (len(list(file.rows())), file.last_day, file.digest) == (0, 0, HEADER.root_hash())
        assert file.check_chain() is None


def test_the_root_is_what_is_played_and_not_who_plays() -> None:
    others = [
        replace(HEADER, seed=6),
        replace(HEADER, days=31),
        replace(HEADER, chronicle=None),
        replace(HEADER, scenario=SCENARIO.model_copy(update={"shock_percent": 15})),
    ]
    assert len({HEADER.root_hash(), *(other.root_hash() for other in others)}) == 5
    assert replace(HEADER, minds={}).root_hash() == HEADER.root_hash()


def test_a_finished_season_is_one_file_with_its_digest(path: Path) -> None:
    with SeasonFile.open(path) as file:
        file.finish()
        digest = file.digest
    assert [item.name for item in path.parent.iterdir()] == ["season.db"]
    # Its header asks for no second file, so that it can be read where nothing may be written.
    assert path.read_bytes()[18:20] == b"\x01\x01"
    with SeasonFile.open(path) as file:
        assert file.finished and file.digest == digest and file.check_chain() is None


# --- what it refuses -----------------------------------------------------------------------------------------


def refused(kind: type[FivepennyError], attempt: Callable[[], Any]) -> str:
    with pytest.raises(kind) as error:
        attempt()
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


def test_a_file_that_is_there_is_not_written_over(path: Path) -> None:
    before = path.read_bytes()
    assert "already there" in refused(SeasonFileError, lambda: SeasonFile.create(path, HEADER))
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_a_missing_part(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "absent", tmp_path / "file"):
        assert "folder" in refused(MissingPart, lambda folder=folder: SeasonFile.create(folder / "season.db", HEADER))  # type: ignore[misc]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_a_missing_part(tmp_path: Path, path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    assert "folder" in refused(MissingPart, lambda: SeasonFile.create(folder / "season.db", HEADER))
    assert list(folder.iterdir()) == []


def test_a_season_that_may_only_be_read_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SeasonFile.open(path) as file:
        file.finish()

    def connect(database: Path, **options: Any) -> sqlite3.Connection:
        return sqlite3.Connection(f"file:{database}?mode=ro", uri=True, **options)

    monkeypatch.setattr(journal.sqlite3, "connect", connect)
    with SeasonFile.open(path) as file:
        assert len(list(file.events())) == 9 and file.check_chain() is None
        assert "written" in refused(MissingPart, lambda: file.record(replace(ROW, day=9)))
        assert "written" in refused(MissingPart, lambda: file.commit_day(day(4)))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), magic=st.booleans())
def test_a_file_of_other_bytes_is_refused_and_left_alone(tmp_path: Path, content: bytes, magic: bool) -> None:
    path = tmp_path / "other.db"
    path.write_bytes((b"SQLite format 3\x00" if magic else b"") + content)
    before = path.read_bytes()
    assert str(path) in refused(SeasonFileError, lambda: SeasonFile.open(path))
    assert path.read_bytes() == before


FOREIGN = [
    "CREATE TABLE songs (title TEXT)",
    "CREATE TABLE header (key TEXT, value TEXT)",
    "CREATE TABLE header (name TEXT)",
    "CREATE TABLE header AS SELECT 'format' AS key, '1' AS value",
    "CREATE TABLE header AS SELECT 'format' AS key, '2' AS value",
    "CREATE VIEW header AS SELECT 'format' AS key, 1 AS value",
]


@pytest.mark.parametrize("statement", FOREIGN)
def test_a_foreign_database_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "foreign.db"
    change(path, statement)
    assert str(path) in refused(SeasonFileError, lambda: SeasonFile.open(path))


def test_nothing_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.db", tmp_path):
        assert "season.db" in refused(SeasonFileError, lambda path=path: SeasonFile.open(path))  # type: ignore[misc]
    assert list(tmp_path.iterdir()) == []


def test_another_format_is_named(path: Path) -> None:
    change(path, "UPDATE header SET value = '1' WHERE key = 'format'")
    assert "format '1'" in refused(SeasonFileError, lambda: SeasonFile.open(path))


@pytest.mark.parametrize(
    ("key", "value"),
    [("seed", "x"), ("days", ""), ("minds", "["), ("minds", "[]"), ("minds", '{"quill":"null"}'), ("scenario", "{}"),
     ("minds", '{"quill":1}'), ("scenario", ""), ("chronicle", "x"), ("minds", "[" * 100_000)],
)  # fmt: skip
def test_a_damaged_header_is_refused(path: Path, key: str, value: str) -> None:
    change(path, "UPDATE header SET value = ? WHERE key = ?", value, key)
    refused(WrongUse, lambda: SeasonFile.open(path))
    change(path, "DELETE FROM header WHERE key = ?", key)
    if key != "chronicle":  # a season may have none
        refused(WrongUse, lambda: SeasonFile.open(path))


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_season_cut_short_is_answered_in_words(tmp_path: Path, part: float) -> None:
    path = play_company(tmp_path / "season.db", 1, 8, "null")
    with SeasonFile.open(path) as file:
        digest = file.digest
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    try:
        with SeasonFile.open(path) as file:
            breach = file.check_chain()
            assert breach is not None or file.digest != digest
    except SeasonFileError as error:
        assert len(str(error).splitlines()) == 1


# --- the chain -----------------------------------------------------------------------------------------------

OTHERWISE = {
    "day": 7,
    "beat": "market",
    "audience": "tansy",
    "kind": "season_opened",
    "body": '{"weekday":"Tuesday"}',
    "sealed": '{"note":"a forged one"}',
    "hash": "0" * 64,
}


@pytest.mark.parametrize("number", range(1, 10))
@pytest.mark.parametrize("column", OTHERWISE)
def test_any_column_of_any_event_changed_is_found(path: Path, number: int, column: str) -> None:
    change(path, f"UPDATE events SET {column} = ? WHERE number = ?", OTHERWISE[column], number)
    with SeasonFile.open(path) as file:
        assert f"event {number} was changed" in (file.check_chain() or "")


@pytest.mark.parametrize("number", [1, 5, 9])
@pytest.mark.parametrize("column", OTHERWISE)
def test_a_column_of_another_type_is_found_and_not_read(path: Path, number: int, column: str) -> None:
    change(path, f"UPDATE events SET {column} = CAST({column} AS BLOB) WHERE number = ?", number)
    with SeasonFile.open(path) as file:
        assert f"event {number} was changed" in (file.check_chain() or "")
        if column != "hash":
            assert f"event {number}" in refused(SeasonFileError, lambda: list(file.events()))


@pytest.mark.parametrize("number", range(1, 9))
def test_a_missing_event_is_found(path: Path, number: int) -> None:
    change(path, "DELETE FROM events WHERE number = ?", number)
    with SeasonFile.open(path) as file:
        assert file.check_chain() == f"event {number} is missing"


def test_the_last_events_of_a_finished_season_are_missed(path: Path) -> None:
    with SeasonFile.open(path) as file:
        file.finish()
    change(path, "DELETE FROM events WHERE number > 7")
    with SeasonFile.open(path) as file:
        assert "last events are missing" in (file.check_chain() or "")


def test_an_added_event_is_found(path: Path) -> None:
    with SeasonFile.open(path) as file:
        file.finish()
    change(
        path, "INSERT INTO events SELECT 10, day, beat, audience, kind, body, sealed, hash FROM events WHERE number = 9"
    )
    with SeasonFile.open(path) as file:
        assert "event 10 was changed" in (file.check_chain() or "")
    change(path, "DELETE FROM events WHERE number = 10")
    with SeasonFile.open(path) as file:
        file.commit_day(day(4))  # with hashes that are right
        assert "last events" in (file.check_chain() or "")


@pytest.mark.parametrize("key", ["seed", "days", "chronicle"])
def test_a_changed_header_is_found(path: Path, key: str) -> None:
    changed = "CASE key WHEN 'chronicle' THEN replace(value, 'the', 'a') ELSE value || '1' END"
    change(path, f"UPDATE header SET value = {changed} WHERE key = ?", key)
    with SeasonFile.open(path) as file:
        assert "event 1 was changed" in (file.check_chain() or "")


def test_a_damaged_page_is_named_in_one_line_wherever_it_is_read(path: Path) -> None:
    whole = path.read_bytes()
    size = int.from_bytes(whole[16:18], "big")  # of a page, from the header of an SQLite file
    met = 0
    for start in range(size, len(whole), size):
        path.write_bytes(whole[:start] + b"\xff" * 16 + whole[start + 16 :])
        try:
            with SeasonFile.open(path) as file:
                assert file.last_day >= 0 and file.hash_at(1) != "" and file.finished in (True, False)
        except SeasonFileError as error:
            assert str(path) in str(error) and "\n" not in str(error)
            met += 1
    assert met


# --- all or nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_day_is_committed_whole_or_not_at_all(path: Path, place: int) -> None:
    twice = day(4)
    twice[place] = replace(twice[place], number=5)
    with SeasonFile.open(path) as file:
        digest = file.digest
        refused(SeasonFileError, lambda: file.commit_day(twice))
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(journal, "chain", interrupted_after(place))
            file.commit_day(day(4))
        assert (file.digest, len(list(file.rows())), file.last_day) == (digest, 9, 3)
        assert len(list(file.events())) == 9
        file.commit_day(day(4))
    with SeasonFile.open(path) as file:
        assert (len(list(file.rows())), file.last_day, file.check_chain()) == (12, 4, None)


def interrupted_after(events: int) -> Callable[..., str]:
    """The chain, until somebody presses Ctrl-C."""
    links = iter(range(events))

    def link(previous_hash: str, row: journal.EventRow) -> str:
        if next(links, None) is None:
            raise KeyboardInterrupt
        return chain(previous_hash, row)

    return link


def test_two_who_write_one_season_do_not_mix(path: Path) -> None:
    with SeasonFile.open(path) as one, SeasonFile.open(path) as other:
        one.record(replace(ROW, day=4))
        assert "another process" in refused(SeasonFileError, lambda: other.record(replace(ROW, day=4, raw=" 9")))
        one.commit_day(day(4))
        assert "another process" in refused(SeasonFileError, lambda: other.commit_day(day(4)))
        assert other.check_chain() is None
        assert [row.raw for row in other.tape() if row.day == 4] == [" 1 2"]


def test_a_season_that_is_being_written_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(journal.sqlite3, "connect", lambda path, **options: connect(path, timeout=0, **options))
    writer = connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with SeasonFile.open(path) as file:
        assert "another process" in refused(SeasonFileError, lambda: file.record(replace(ROW, day=5)))
        assert "another process" in refused(SeasonFileError, lambda: file.commit_day(day(4)))
        writer.execute("ROLLBACK")
        file.commit_day(day(4))
    writer.close()


def test_a_file_in_memory_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with SeasonFile.create(IN_MEMORY, HEADER) as file:
        file.commit_day(day(1))
        file.finish()
    assert list(tmp_path.iterdir()) == []
