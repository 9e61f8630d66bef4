"""Letters with money in them, and the money that went between two: where the court's clerks can look.

The world's affair, as the rest of the post (`fivepenny.market.court_post`). A letter comes to the court as it is
seized, a sum as its clerks open the books of two; both count once everybody has heard of them. For what money was paid
the books do not say.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from random import Random

from fivepenny import courts, words
from fivepenny.events import Posting, Seen
from fivepenny.market.bribery_known import FATES, Offer, settle
from fivepenny.market.orders import PENCE

KEPT_DAYS = 2 * courts.MATTER_DAYS


@dataclass(frozen=True, slots=True)
class MoneyLetter(Offer):
    """A letter that offers money, and the words, where any were said with it."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """Money that went from one to another on a day, and not before everybody's eyes."""

    day: int
    source: str
    target: str
    pence: int


@dataclass(frozen=True, slots=True)
class MoneyPost:
    """The letters of some days, those that the court holds by case, and what was paid in these days."""

    letters: tuple[MoneyLetter, ...] = ()
    seized: tuple[tuple[int, MoneyLetter], ...] = ()
    passed: tuple[Passed, ...] = ()

    def turn_to(self, day: int) -> "MoneyPost":
        """What is long past is let go."""
        first_day = day - KEPT_DAYS
        return replace(
            self,
            letters=tuple([letter for letter in self.letters if letter.day > first_day]),
            passed=tuple([item for item in self.passed if item.day > first_day]),
        )

    def hear(self, seen: Seen) -> "MoneyPost":
        """The post when two have seen this event."""
        body = seen.body
        if isinstance(body, words.Bribed):
            return replace(self, letters=(*self.letters, MoneyLetter.of(seen, body)))
        return replace(self, letters=settle(self.letters, body)) if type(body) in FATES else self

    def word(self, number: int, speaker: str, hearer: str, text: str) -> "MoneyPost":
        """The words of an offer follow it at once."""
        if not self.letters:
            return self
        last = self.letters[-1]
        if (last.event + 1, last.by, last.to) != (number, speaker, hearer):
            return self
        return replace(self, letters=(*self.letters[:-1], replace(last, text=text)))

    def enter(self, day: int, postings: Iterable[Posting], seats: Collection[str]) -> "MoneyPost":
        """The post when money has been moved."""
        moved = [
            Passed(day, source, target, amount)
            for _, source, _, target, _, asset, amount in postings
            if source != target and asset == PENCE and source in seats and target in seats
        ]
        return replace(self, passed=(*self.passed, *moved)) if moved else self

    def between(self, one: str, other: str, day: int) -> int:
        """What two paid each other on a day."""
        pair = {one, other}
        return sum(item.pence for item in self.passed if item.day == day and {item.source, item.target} == pair)

    def payer_of(self, seat: str, day: int) -> str:
        """Who paid a seat the most on a day, the first of equals; empty where nobody did."""
        found: dict[str, int] = {}
        for item in self.passed:
            if (item.target, item.day) == (seat, day):
                found[item.source] = found.get(item.source, 0) + item.pence
        return max(found, key=lambda name: found[name], default="")

    def seize(self, opened: courts.CaseOpened, lot: Random, percent: int) -> "MoneyPost":
        """The post when the court has taken a share of what is about the good in a case, by lot."""
        first_day = opened.since_day - courts.MATTER_DAYS
        taken = [
            (opened.case, letter)
            for letter in self.letters
            if opened.accused in (letter.by, letter.to)
            and letter.day >= first_day
            and letter.good == opened.good
            and lot.randrange(100) < percent
            and opened.accuser not in (letter.by, letter.to)
        ]
        return replace(self, seized=(*self.seized, *taken))

    def held(self, case: int) -> list[MoneyLetter]:
        """What the court holds in a case."""
        return [letter for number, letter in self.seized if number == case]

    def release(self, case: int) -> "MoneyPost":
        """The post when a case is over."""
        return replace(self, seized=tuple([row for row in self.seized if row[0] != case]))


NO_MONEY_POST = MoneyPost()
