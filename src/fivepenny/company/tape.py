"""Asking by way of the tape: what was answered before is not asked again, and every new answer is taped.

A season is resumed by playing it again over its tape, and replayed the same way with nobody to ask. The tape
keeps raw replies; what they come to is worked out anew each time and compared with what was taped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fivepenny.clock import Beat
from fivepenny.company.decisions import Decision
from fivepenny.company.players import Asked
from fivepenny.errors import CheckFailed, PromptTooLong
from fivepenny.journal import AskKey, TapeRow
from fivepenny.minds.meter import Price
from fivepenny.minds.mind import Completion, Task

MOVES, UNDERSTUDY, LINE = "moves", "understudy", "line"
"""The steps of a turn, as the tape names them."""
NO_TASK = "none"
FIRST, LARGER = 1, 2
"""The attempts at moves: the seat's own mind, and the larger one of a cascade."""
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
    sureness: float | None = None

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
    """The replies of a season by key. `strict`: nobody may be asked, a missing reply is a failed check.

    So it is in any case before the day `asks_from_day`.
    """

    rows: dict[AskKey, TapeRow] = field(default_factory=dict)
    strict: bool = False
    asks_from_day: int = 1

    @classmethod
    def of(cls, rows: Iterable[TapeRow], *, strict: bool) -> "Tape":
        """A tape that holds these replies."""
        return cls({row.key: row for row in rows}, strict)

    def answer(self, key: AskKey, mind: str, ask: Callable[[], Asked]) -> Answer:
        """The taped answer, or a fresh one. A mind's failure is an answer too. Safe to call from threads."""
        row = self.rows.get(key)
        if row is not None:
            return Answer(key, row.mind, row.task, row.raw, row.failure, None, row.sureness)
        day, beat, seat, step, attempt = key
        if self.strict or day < self.asks_from_day:
            raise CheckFailed(f"the tape has no answer of {seat} on day {day}, {beat}, {step}, attempt {attempt}")
        try:
            asked = ask()
        except PromptTooLong as error:
            return Answer(key, mind, NO_TASK, "", f"{TOO_LONG}{CAUSE_MARK}{error}", None)
        cause = f"{NO_REPLY} ({asked.cause})" if asked.cause else NO_REPLY
        failure = f"{cause}{CAUSE_MARK}{asked.failure}" if asked.failure else ""
        # A lone surrogate, as a JSON escape may leave one, cannot be kept on file.
        raw = asked.completion.text.encode("utf-8", "replace").decode()
        return Answer(key, mind, asked.task.value, raw, failure, asked, asked.sureness)

    def refused(self, key: AskKey, mind: str, reason: str) -> Answer:
        """The taped answer, or this reason in its place, with nobody asked."""
        row = self.rows.get(key)
        if row is not None:
            return Answer(key, row.mind, row.task, row.raw, row.failure, None, row.sureness)
        return Answer(key, mind, NO_TASK, "", reason, None)


def make_key(day: int, beat: Beat, seat: str, step: str, attempt: int) -> AskKey:
    """The name of an ask within a season."""
    return (day, beat.value, seat, step, attempt)


def taped(answer: Answer, decision: Decision, price: Price | None) -> TapeRow:
    """The row of a fresh answer and what it came to; a failure costs what is known of it, and no money."""
    asked = answer.fresh
    completion = asked.completion if asked else Completion("", 0, 0, 0.0)
    used = (completion.prompt_tokens, completion.cached_tokens, completion.completion_tokens)
    cost = None if price is None else price.cost_nanodollars(*used)
    return TapeRow(
        *answer.key,
        task=answer.task,
        mind=answer.mind,
        system=asked.system if asked else "",
        prompt=asked.prompt if asked else "",
        raw=answer.raw,
        failure=answer.failure,
        verdict=decision.verdict,
        reason=decision.reason,
        moves=None if decision.phrases is None else "|".join(decision.phrases),
        say=decision.say,
        aside=decision.aside,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        seconds=completion.seconds,
        cached_tokens=completion.cached_tokens,
        first_seconds=completion.first_seconds,
        sureness=answer.sureness,
        cost_nanodollars=0 if answer.failure else cost,
    )
