"""The season file: one SQLite database that holds everything a season is.

Three tables: the header (what was played), the events in a hash chain, and the tape of every reply. A reply is
committed when it arrives, a day's events together. This module knows how to keep and check them, not what
they mean. Format and digest: docs/ARCHITECTURE.md.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import fivepenny.happenings  # noqa: F401  # registers the kinds that a season file may hold
from fivepenny import papers as papers  # so are these
from fivepenny.errors import MissingPart, SeasonFileError
from fivepenny.events import Event, body_text, canonical, read_event, sealed_text
from fivepenny.header import Header, header_values, read_header

IN_MEMORY = Path(":memory:")

AskKey = tuple[int, str, str, str, int]
"""Names an ask within a season: day, beat, seat, step (moves, line, understudy), attempt (from 1)."""


@dataclass(frozen=True, slots=True)
class TapeRow:
    """One reply as it came, and what was made of it. `task` is what was asked for (`fivepenny.minds.mind.Task`).

    `failure` is empty where a reply came, else its cause and what the mind said of it; `moves` are phrases joined by
    '|', None where refused; `reason` says why. `seconds` is wall time, `first_seconds` that to the first token where
    it is known. `sureness` is how likely the mind thought its own choice, where it was asked; `cost_nanodollars` is
    None where nobody knows the price. Everything of the mind's is here; nothing is shortened.
    """

    day: int
    beat: str
    seat: str
    step: str
    attempt: int
    task: str
    mind: str
    system: str
    prompt: str
    raw: str
    failure: str
    verdict: str
    reason: str
    moves: str | None
    say: str | None
    aside: str | None
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached_tokens: int = 0
    first_seconds: float | None = None
    sureness: float | None = None
    cost_nanodollars: int | None = None

    @property
    def key(self) -> AskKey:
        """The ask that this answers."""
        return (self.day, self.beat, self.seat, self.step, self.attempt)


_TAPE_COLUMNS = tuple(item.name for item in fields(TapeRow))

_tape_cells = attrgetter(*_TAPE_COLUMNS)

_SCHEMA = f"""
CREATE TABLE header (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (
    number INTEGER PRIMARY KEY, day INTEGER NOT NULL, beat TEXT NOT NULL, audience TEXT NOT NULL,
    kind TEXT NOT NULL, body TEXT NOT NULL, sealed TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE tape ({", ".join(_TAPE_COLUMNS)}, PRIMARY KEY (day, beat, seat, step, attempt)) WITHOUT ROWID;
"""

EventRow = tuple[int, int, str, str, str, str, str]
_COLUMN_TYPES = (int, int, str, str, str, str, str)


def event_row(event: Event) -> EventRow:
    """The columns of an event, all but its hash."""
    body = event.body
    return (
        event.number,
        event.day,
        event.beat.value,
        " ".join(event.audience),
        body.kind,
        body_text(body),
        sealed_text(event.sealed),
    )


def _is_typed(row: EventRow) -> bool:
    """Whether the columns are of their types: SQLite keeps a value of any type in any column."""
    return all(type(value) is kind for value, kind in zip(row, _COLUMN_TYPES, strict=True))


def chain(previous_hash: str, row: EventRow) -> str:
    """The hash of an event: SHA-256 over the hash before it and the canonical JSON of its columns."""
    return hashlib.sha256((previous_hash + canonical(row)).encode()).hexdigest()


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, in one line."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise SeasonFileError(f"{path}: {error}; is another process playing this season?") from None
    except sqlite3.Error as error:
        words = str(error).splitlines()[0]  # what could not be decoded is repeated in it, line after line
        if "locked" in words:
            raise SeasonFileError(f"{path}: another process is writing this season; wait until it is done") from None
        if "readonly" in words or "disk is full" in words or "disk I/O" in words or "unable to open" in words:
            raise MissingPart(f"{path}: {words}; give a folder that can be written and has room") from None
        raise SeasonFileError(f"{path}: not a season file that can be read: {words}") from None


class SeasonFile:
    """A season file that is open. Use `create` or `open`; close it, or use it in a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, header: Header) -> None:
        """Callers use `create` or `open`."""
        self.path = path
        self.header = header
        self._connection = connection
        last = self._first("SELECT hash FROM events ORDER BY number DESC LIMIT 1")
        self._digest = header.root_hash() if last is None else str(last)

    @classmethod
    def create(cls, path: Path, header: Header) -> "SeasonFile":
        """A new season file at this path (its folder must be there), or in memory for IN_MEMORY.

        Raises SeasonFileError where a file stands there already, MissingPart where it cannot be written.
        """
        if path != IN_MEMORY and path.exists():
            raise SeasonFileError(f"{path}: it is already there; resume it, or name another folder with --out")
        values = header_values(header)
        with _plain_errors(path):
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
                connection.executemany("INSERT INTO header VALUES (?, ?)", values.items())
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, header)

    @classmethod
    def open(cls, path: Path) -> "SeasonFile":
        """The season file at this path. Raises SeasonFileError where it is none or is of another format."""
        if not path.is_file():
            raise SeasonFileError(f"no season file at {path}; give the path of a season.db")
        with _plain_errors(path):
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                values = dict(connection.execute("SELECT key, value FROM header").fetchall())
                header = read_header(values, str(path))
                return cls(path, connection, header)
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> "SeasonFile":
        """The file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close it; after an interruption as it stands, since a reading that was broken off still holds it."""
        if kind is None:
            self.close()
        else:
            self._connection.close()

    def close(self) -> None:
        """Close the database; a finished season's is left as a single file."""
        try:
            with _plain_errors(self.path):
                if self.finished and self._first("PRAGMA journal_mode") == "wal":
                    self._connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self._connection.close()

    @property
    def digest(self) -> str:
        """The hash of the last event; of the header where there is none yet."""
        return self._digest

    @property
    def last_day(self) -> int:
        """The last day whose events were committed; 0 where there is none."""
        return int(self._first("SELECT max(day) FROM events") or 0)

    @property
    def finished(self) -> bool:
        """Whether the season was played to its end."""
        return bool(self._value("finished"))

    def _value(self, key: str) -> str:
        value = self._first("SELECT value FROM header WHERE key = ?", key)
        return "" if value is None else str(value)

    def _first(self, query: str, *values: str | int) -> Any:
        """The first column of the first row; None where there is no row."""
        with _plain_errors(self.path):
            row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def record(self, row: TapeRow) -> None:
        """Commit one reply."""
        marks = ", ".join("?" * len(_TAPE_COLUMNS))
        with _plain_errors(self.path):
            self._connection.execute(f"INSERT INTO tape VALUES ({marks})", _tape_cells(row))

    def record_all(self, rows: Iterable[TapeRow]) -> None:
        """Commit replies together, as a season that goes on from another begins with them."""
        with _plain_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            for row in rows:
                self.record(row)
            self._connection.execute("COMMIT")

    def forget(self, keys: Iterable[AskKey]) -> None:
        """Take replies off the tape: those of a day that is not closed may be given anew."""
        with _plain_errors(self.path):
            self._connection.executemany(
                "DELETE FROM tape WHERE (day, beat, seat, step, attempt) = (?, ?, ?, ?, ?)", list(keys)
            )

    def tape(self) -> tuple[TapeRow, ...]:
        """Every reply, by day, beat, seat, step and attempt."""
        with _plain_errors(self.path):
            rows = self._connection.execute(f"SELECT {', '.join(_TAPE_COLUMNS)} FROM tape").fetchall()
        return tuple(TapeRow(*row) for row in rows)

    def commit_day(self, events: Sequence[Event]) -> None:
        """Commit the events of a day together, each chained to the one before."""
        with _plain_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                digest = self._digest
                for event in events:
                    row = event_row(event)
                    digest = chain(digest, row)
                    self._connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, digest))
                self._connection.execute("COMMIT")
            except BaseException:
                # On a full disk SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        self._digest = digest

    def hash_at(self, number: int) -> str | None:
        """The stored hash of an event; None where it is not on file."""
        found = self._first("SELECT hash FROM events WHERE number = ?", number)
        return None if found is None else str(found)

    def finish(self) -> None:
        """Mark the season as played to its end, with its digest."""
        with _plain_errors(self.path):
            self._connection.execute("UPDATE header SET value = ? WHERE key = 'finished'", (self._digest,))

    def rows(self) -> Iterator[tuple[EventRow, str]]:
        """The stored columns and hash of each event, unchecked, in order."""
        with _plain_errors(self.path):
            for row in self._connection.execute("SELECT * FROM events ORDER BY number"):
                yield row[:7], row[7]

    def events(self) -> Iterator[Event]:
        """The events in order. Raises SeasonFileError where one cannot be read."""
        for row, _ in self.rows():
            if not _is_typed(row):
                raise SeasonFileError(f"event {row[0]}: one of its columns is not of its type")
            yield read_event(*row)

    def check_chain(self) -> str | None:
        """The first breach of the hash chain, in words; None where there is none."""
        digest, due_number = self.header.root_hash(), 1
        for row, stored in self.rows():
            if row[0] != due_number:
                return f"event {due_number} is missing"
            if not _is_typed(row) or chain(digest, row) != stored:
                return f"event {row[0]} was changed: its hash is not that of its contents and the event before"
            digest, due_number = stored, due_number + 1
        finished = self._value("finished")
        if finished and finished != digest:
            return "the last events are missing or were changed: the chain does not end in the season's digest"
        return None


def digest_of(header: Header, events: Iterable[Event]) -> str:
    """The digest that a season of these events ends in."""
    digest = header.root_hash()
    for event in events:
        digest = chain(digest, event_row(event))
    return digest
