"""What minds cost: calls, tokens, seconds and money, as values that add up.

Knows no prompt and no reply, only their counts. Seconds are for reports: nothing that a digest covers may come
from here. Money is counted in billionths of a US dollar, so that a price of five cents a million tokens is still a
whole number a token.
"""

from dataclasses import dataclass

NANODOLLARS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What a token costs, in billionths of a US dollar: of the prompt, of the prompt out of a cache, of the reply."""

    prompt_nanodollars: int = 0
    cached_nanodollars: int = 0
    completion_nanodollars: int = 0

    def cost_nanodollars(self, prompt_tokens: int, cached_tokens: int, completion_tokens: int) -> int:
        """What a call costs; `cached_tokens` are some of the `prompt_tokens`."""
        fresh = max(0, prompt_tokens - cached_tokens) * self.prompt_nanodollars
        return fresh + cached_tokens * self.cached_nanodollars + completion_tokens * self.completion_nanodollars


FREE = Price()
"""The price of what runs on the reader's own machine; nobody's electricity is counted."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over calls; `failures` are those of them that gave no answer.

    `first_seconds` adds up the times to the first token of the `first_known` calls that told them; `unpriced` counts
    the calls whose price nobody knows, which `cost_nanodollars` therefore leaves out.
    """

    calls: int = 0
    failures: int = 0
    prompt_tokens: int = 0
    prompt_tokens_max: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    first_seconds: float = 0.0
    first_known: int = 0
    cost_nanodollars: int = 0
    unpriced: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            calls=self.calls + other.calls,
            failures=self.failures + other.failures,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            prompt_tokens_max=max(self.prompt_tokens_max, other.prompt_tokens_max),
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
            first_seconds=self.first_seconds + other.first_seconds,
            first_known=self.first_known + other.first_known,
            cost_nanodollars=self.cost_nanodollars + other.cost_nanodollars,
            unpriced=self.unpriced + other.unpriced,
        )
