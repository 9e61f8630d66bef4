"""The protocol of a mind: text in, text out, and what it cost.

A mind knows nothing of worlds, books or menus. It gets one `Request` and gives one `Completion`; who asks,
and what the text means, is the company's affair. Heavy libraries are imported by the factories that build a
mind, never here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

THINK_TOKENS = 512
"""What a mind that thinks aloud, whatever it is told, may use up before its reply."""


class Wording(StrEnum):
    """The two wordings of an observation that a mind may be trained for."""

    CUE = "cue"
    PROSE = "prose"


class Task(StrEnum):
    """What a request asks for."""

    GRADE = "grade"  # cue: a grade 0 to 9 for each option of the menu, in its order
    SPEAK = "speak"  # cue: a slotted line for a move already chosen
    REPLY = "reply"  # prose: one JSON object with moves, say and aside


@dataclass(frozen=True, slots=True)
class MindCard:
    """Who sits in a seat: what a playbill and a `--json` report say of a mind.

    `parameters` counts weights (0 for a rule or a person).
    """

    name: str
    lab: str
    family: str
    parameters: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class Request:
    """One call to a mind.

    `system` and `prompt` are plain text: nothing in them may become a control token. `system` is empty for
    cues. `grammar` is GBNF, or None where any text may come; `schema` says the same as the text of a JSON schema,
    for servers that know no grammars. `seed` and `temperature` rule the sampling (temperature 0 is greedy).
    `alternatives` asks for that many of the likeliest tokens beside each token of the reply (0: none are told).
    """

    task: Task
    system: str
    prompt: str
    max_tokens: int
    grammar: str | None
    seed: int
    temperature: float
    schema: str | None = None
    alternatives: int = 0


@dataclass(frozen=True, slots=True)
class TokenOdds:
    """A token of a reply, and the likeliest tokens in its place with their probabilities before any constraint."""

    text: str
    odds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back: raw text, tokens counted by the model's own tokenizer, wall time.

    `cached_tokens` are those of the prompt that were served from a cache, 0 where none were or nobody says.
    `first_seconds` is the wall time to the first token, None where it is not known. `odds` holds the reply's tokens
    where the request asked for alternatives and the mind can tell them, else nothing.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cached_tokens: int = 0
    first_seconds: float | None = None
    odds: tuple[TokenOdds, ...] = ()


class Mind(Protocol):
    """What can sit in a seat and be asked."""

    @property
    def card(self) -> MindCard:
        """Who this is."""
        ...

    def count_tokens(self, system: str, prompt: str) -> int:
        """Tokens that a request with these texts would cost, template included, without asking it."""
        ...

    def complete(self, request: Request) -> Completion:
        """Answer one request. Raises `MindFailed` where no answer came."""
        ...

    def close(self) -> None:
        """Free what the mind holds; calling it twice is harmless."""
        ...
