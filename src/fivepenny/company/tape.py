"""Asking by way of the tape: what was answered before is not asked again, and every new answer is taped.

A season is resumed by playing it again over its tape, and replayed the same way with nobody to ask. The tape
keeps raw replies; what they come to is worked out anew each time and compared with what was taped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fivepenny.clock import Beat
from fivepenny.company.players import Asked
from fivepenny.errors import CheckFailed, PromptTooLong
from fivepenny.journal import AskKey, TapeRow
from fivepenny.minds.mind import Task

MOVES, UNDERSTUDY, LINE = "moves", "understudy", "line"
"""The steps of a turn, as the tape names them."""
NO_TASK = "none"
NO_REPLY, TOO_LONG = "no reply", "prompt too long"
CAUSE_MARK = ": "


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw reply, or the failure in its place; `fresh` is what was asked now rather than found on the tape."""

    key: AskKey
    mind: str
    task: str
    raw: str
    failure: str
    fresh: Asked | None

    @property
    def cause(self) -> str:
        """The failure's cause in stable words, to be counted; empty where a reply came."""
        return self.failure.partition(CAUSE_MARK)[0]

    @property
    def asked_task(self) -> Task:
        """The task, where a reply came."""
        return Task(self.task)


@dataclass(slots=True)
class Tape:
    """The replies of a season by key. `strict`: nobody may be asked, a missing reply is a failed check."""

    rows: dict[AskKey, TapeRow] = field(default_factory=dict)
    strict: bool = False

    @classmethod
    def of(cls, rows: Iterable[TapeRow], *, strict: bool) -> "Tape":
        """A tape that holds these replies."""
        return cls({row.key: row for row in rows}, strict)

    def answer(self, key: AskKey, mind: str, ask: Callable[[], Asked]) -> Answer:
        """The taped answer, or a fresh one. A mind's failure is an answer too. Safe to call from threads."""
        row = self.rows.get(key)
        if row is not None:
            return Answer(key, row.mind, row.task, row.raw, row.failure, None)
        if self.strict:
            day, beat, seat, step, attempt = key
            raise CheckFailed(f"the tape has no answer of {seat} on day {day}, {beat}, {step}, attempt {attempt}")
        try:
            asked = ask()
        except PromptTooLong as error:
            return Answer(key, mind, NO_TASK, "", f"{TOO_LONG}{CAUSE_MARK}{error}", None)
        failure = f"{NO_REPLY}{CAUSE_MARK}{asked.failure}" if asked.failure else ""
        # A lone surrogate, as a JSON escape may leave one, cannot be kept on file.
        raw = asked.completion.text.encode("utf-8", "replace").decode()
        return Answer(key, mind, asked.task.value, raw, failure, asked)


def make_key(day: int, beat: Beat, seat: str, step: str, attempt: int) -> AskKey:
    """The name of an ask within a season."""
    return (day, beat.value, seat, step, attempt)
