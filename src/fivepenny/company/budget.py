"""A season's budget: how many tokens, seconds and how much money its minds may use up, and what is spent of it.

Each call is promised at the most that it can cost before it is made, in the order of the seats, so that tokens and
money never pass the budget and a season repeats. Seconds cannot be promised: they are counted as calls come back, and
those in flight then may overrun them. Knows no prompt, no mind and no seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fivepenny.errors import WrongUse
from fivepenny.header import NO_BUDGET, Budget
from fivepenny.minds.meter import NANODOLLARS, Price

LARGER_PERCENT = 80
"""The larger mind of a cascade is asked until this much is spent; the rest is left to the smaller ones."""
SPENT = "budget spent"

TOKENS, SECONDS, DOLLARS = "tokens", "seconds", "dollars"


def parse_budget(pairs: Iterable[str]) -> Budget:
    """`tokens=N`, `seconds=N`, `dollars=N` as a budget. Raises WrongUse."""
    found: dict[str, float] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            number = float(value.replace("_", "").replace(",", ""))
        except ValueError:
            number = -1.0
        least = 1 if name == TOKENS else 0
        if name not in (TOKENS, SECONDS, DOLLARS) or not least <= number < float("inf") or not number:
            raise WrongUse(f"--budget {pair!r}: write {TOKENS}=200000, {SECONDS}=600 or {DOLLARS}=0.50")
        if name in found:
            raise WrongUse(f"--budget {pair!r}: {name} are given twice; give them once")
        found[name] = number
    return Budget(
        tokens=int(found[TOKENS]) if TOKENS in found else None,
        seconds=found.get(SECONDS),
        nanodollars=round(found[DOLLARS] * NANODOLLARS) if DOLLARS in found else None,
    )


@dataclass(slots=True)
class Spending:
    """What a season has spent, and what is promised to calls that are out. Not safe to call from threads."""

    budget: Budget = NO_BUDGET
    tokens: int = 0
    seconds: float = 0.0
    nanodollars: int = 0
    _promised_tokens: int = field(default=0, repr=False)
    _promised_nanodollars: int = field(default=0, repr=False)

    def promise(self, most_tokens: int, price: Price | None, percent: int = 100) -> str:
        """Promise a call of at most this many tokens, out of this much of the budget; the reason where it cannot be.

        A call whose price nobody knows is not let through where there is a bound on money.
        """
        dearest = max(price.prompt_nanodollars, price.cached_nanodollars, price.completion_nanodollars) if price else 0
        most_nanodollars = most_tokens * dearest
        # A call that costs nothing at all, as an understudy's, is never in the way of a budget.
        if not most_tokens:
            return ""
        for what, spent, more, bound in (
            (TOKENS, self.tokens + self._promised_tokens, most_tokens, self.budget.tokens),
            (SECONDS, self.seconds, 0, self.budget.seconds),
            (DOLLARS, self.nanodollars + self._promised_nanodollars, most_nanodollars, self.budget.nanodollars),
        ):
            if bound is None or (what == DOLLARS and price is not None and not most_nanodollars):
                continue
            if what == DOLLARS and price is None:
                return f"{SPENT}: no price is known"
            allowed = bound * percent / 100
            if spent + more > allowed or spent >= allowed:
                return f"{SPENT}: {what}"
        self._promised_tokens += most_tokens
        self._promised_nanodollars += most_nanodollars
        return ""

    def settle(self) -> None:
        """All calls are back: nothing is promised any more."""
        self._promised_tokens = self._promised_nanodollars = 0

    def add(self, tokens: int, seconds: float, nanodollars: int) -> None:
        """What a call cost in the end."""
        self.tokens += tokens
        self.seconds += seconds
        self.nanodollars += nanodollars
