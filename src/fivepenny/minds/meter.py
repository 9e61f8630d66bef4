"""What minds cost: calls, tokens and seconds, as values that add up.

Knows no prompt and no reply, only their counts. Seconds are for reports: nothing that a digest covers may come
from here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over calls; `failures` are calls that gave no answer and stand in no other sum but `calls`."""

    calls: int = 0
    failures: int = 0
    prompt_tokens: int = 0
    prompt_tokens_max: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            failures=self.failures + other.failures,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            prompt_tokens_max=max(self.prompt_tokens_max, other.prompt_tokens_max),
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )
