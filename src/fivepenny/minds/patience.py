"""How long a mind on a server is waited for: named faults, tries, waits between them, and the circuit breaker.

All of it is arithmetic over answers, a clock and a lot that are passed in. It knows no HTTP, no requests and no
seats; what a try does is the caller's affair.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from random import Random
from typing import TypeVar

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 90.0
TURN_SECONDS = 180.0
TRIES = 4
FIRST_WAIT_SECONDS = 0.5
WAIT_FACTOR = 2.0
MOST_WAIT_SECONDS = 20.0
FAILED_TURNS = 3
RESTED_TURNS = 8
# A reply whose tokens come with twenty alternatives each takes most of it.
ANSWER_BYTES = 4_194_304


class Cause(StrEnum):
    """Why a call brought no answer, in words that stay the same."""

    CONNECTION_REFUSED = "connection refused"
    NO_CONNECTION = "no connection"
    SLOW_CONNECTION = "connection timed out"
    SILENT = "no answer in time"
    OUT_OF_TIME = "out of time"
    BROKEN_OFF = "answer broke off"
    TOO_LONG = "answer too long"
    BUSY = "too many requests"
    SERVER_ERROR = "server error"
    NOT_PLAIN = "compressed answer"
    NOT_JSON = "answer is not JSON"
    OTHER_SHAPE = "answer of another shape"
    NO_CHOICES = "no choices"
    THOUGHT_ONLY = "nothing but thought"
    REDIRECTED = "redirected elsewhere"
    KEY_REFUSED = "key refused"
    REQUEST_REFUSED = "request refused"
    RESTING = "circuit open"
    CLOSED = "closed"


FINAL = frozenset({Cause.REDIRECTED, Cause.KEY_REFUSED, Cause.REQUEST_REFUSED, Cause.THOUGHT_ONLY, Cause.CLOSED})
"""Causes that another try would only meet again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A call without an answer. `wait_seconds` is what the server asked for, None where it asked nothing."""

    cause: Cause
    detail: str = ""
    wait_seconds: float | None = None

    def __str__(self) -> str:
        return f"{self.cause}, {self.detail}" if self.detail else self.cause.value


@dataclass(frozen=True, slots=True)
class Patience:
    """The bounds of one turn: of each wait in seconds, of the whole turn in seconds and tries, of an answer in bytes.

    After `failed_turns` in a row the next `rested_turns` are not asked at all, then one is, as a trial.
    """

    connect_seconds: float = CONNECT_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    turn_seconds: float = TURN_SECONDS
    tries: int = TRIES
    first_wait_seconds: float = FIRST_WAIT_SECONDS
    most_wait_seconds: float = MOST_WAIT_SECONDS
    answer_bytes: int = ANSWER_BYTES
    failed_turns: int = FAILED_TURNS
    rested_turns: int = RESTED_TURNS


def _today() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, to be replaced in tests: seconds that only go forward, the date, and sleep (None: as the mind sees fit)."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], datetime] = _today
    sleep: Callable[[float], object] | None = None


def retry_after_seconds(header: str | None, today: datetime) -> float | None:
    """What a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), at least 0; None if neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - today).total_seconds())


def wait_seconds(patience: Patience, tried: int, fault: Fault, lot: Random) -> float:
    """How long to wait after this many tries: twice as long each time, less up to half by lot.

    Never less than the server asked for.
    """
    longest = min(patience.most_wait_seconds, patience.first_wait_seconds * WAIT_FACTOR ** (tried - 1))
    jittered = longest * (1.0 - lot.random() / 2.0)
    return jittered if fault.wait_seconds is None else fault.wait_seconds + jittered


Answer = TypeVar("Answer")


def persist(
    attempt: Callable[[float], Answer | Fault],
    patience: Patience,
    now: Callable[[], float],
    sleep: Callable[[float], object],
    lot: Random,
) -> tuple[Answer | Fault, int]:
    """Try until an answer comes or the turn's budget is spent; the last outcome and the number of tries.

    `attempt` is given the seconds that are left. A wait that would outlast the turn is not begun.
    """
    deadline = now() + patience.turn_seconds
    outcome = attempt(patience.turn_seconds)
    tried = 1
    while isinstance(outcome, Fault) and outcome.cause not in FINAL and tried < patience.tries:
        wait = wait_seconds(patience, tried, outcome, lot)
        if now() + wait >= deadline:
            break
        sleep(wait)
        left = deadline - now()
        if left <= 0:
            break
        outcome = attempt(left)
        tried += 1
    return outcome, tried


class Breaker:
    """Keeps a dead server from being asked turn after turn. Safe to call from threads.

    `admits` before each turn that it lets through, then `record`. Turns that it refuses are counted as rest.
    """

    def __init__(self, failed_turns: int, rested_turns: int) -> None:
        """Opens after `failed_turns` failures in a row, for `rested_turns` turns at a time."""
        self._most_failed = failed_turns
        self._rest = rested_turns
        self._failed = 0
        self._rests_left = 0
        self._on_trial = False
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        """Whether turns are being refused or one is on trial."""
        return self._failed >= self._most_failed

    def admits(self) -> bool:
        """Whether this turn may be asked."""
        with self._lock:
            if not self.open:
                return True
            if self._rests_left > 0:
                self._rests_left -= 1
                return False
            if self._on_trial:
                return False
            self._on_trial = True
            return True

    def record(self, *, answered: bool) -> None:
        """What came of a turn that was let through."""
        with self._lock:
            self._on_trial = False
            self._failed = 0 if answered else self._failed + 1
            if self.open:
                self._rests_left = self._rest
