"""A mind round another one: what a subclass does not change is the inner mind's own.

Knows no engine and no server.
"""

from fivepenny.minds.mind import Completion, Mind, MindCard, Request


class WrappedMind:
    """Passes everything on to the mind that it wraps."""

    def __init__(self, mind: Mind) -> None:
        """Wraps this mind."""
        self._mind = mind

    @property
    def card(self) -> MindCard:
        """The mind's."""
        return self._mind.card

    def count_tokens(self, system: str, prompt: str) -> int:
        """As the mind counts."""
        return self._mind.count_tokens(system, prompt)

    def complete(self, request: Request) -> Completion:
        """As the mind answers. Raises `MindFailed` where it does."""
        return self._mind.complete(request)

    def close(self) -> None:
        """Close the mind."""
        self._mind.close()
