"""Moves that seats may make and moves that they may not, made at random, each with what has to become of it.

Whoever makes a move here knows how it is wrong, and so foretells the answer without asking the world: it counts on
menus, on what has been told of failings and loans, and on the balances of an independent auditor. Forged terms are put
behind a phrase below the menus; everything else is a phrase that the seat sends. It judges nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from fivepenny import courts, hires
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.decisions import draw
from fivepenny.events import Body
from fivepenny.ledger.auditor import Auditor
from fivepenny.ledger.transfers import OUTSIDE, Account
from fivepenny.market.menus import Listing
from fivepenny.market.orders import PENCE
from fivepenny.market.terms import Rest, Terms
from fivepenny.market.town import Town
from fivepenny.refusals import MoveFlaw
from fivepenny.scenario import Scenario
from fivepenny.stage.forks import SeatedPolicy
from fivepenny.world import Menu, Option

STRANGERS: Final = ("nobody", OUTSIDE, "Marrow", "")
NONSENSE: Final = ("buy the moon", "rob marrow", "", "buy -3 rye", "__import__('os')", "rest; rest", "x" * 5000)


STANDINGS: Mapping[type[Body], tuple[str, bool]] = {
    fail.Failed: ("failed", True),
    fail.Discharged: ("failed", False),
    courts.Exiled: ("exiled", True),
    courts.Returned: ("exiled", False),
}
"""What brings a seat into a standing that moves are counted by, and what ends it. The bodies name their `seat`."""


class RoughTown(Town):
    """A town behind whose menus anything can be put."""

    @property
    def listings(self) -> Mapping[str, Listing]:
        """The menus last listed, with what their phrases mean."""
        return self._market.listings

    def forge(self, seat: str, *terms: Terms) -> tuple[str, ...]:
        """Put these terms behind phrases of their own on the seat's menu; the phrases."""
        listing = self._market.listings[seat]
        phrases = tuple(f"forged {number}" for number in range(1, len(terms) + 1))
        options = (*listing.menu.options, *(Option(phrase, "forged") for phrase in phrases))
        forged = dict(zip(phrases, terms, strict=True))
        self._market.listings[seat] = Listing(replace(listing.menu, options=options), {**listing.terms, **forged})
        return phrases

    @property
    def transfers(self) -> int:
        """How many transfers the books have posted."""
        return self._market.book.last_number

    def compare(self, auditor: Auditor) -> None:
        """Raise CheckFailed unless the books hold what this auditor has recomputed."""
        auditor.compare(self._market.book.balances())


@dataclass(frozen=True, slots=True)
class Sent:
    """A move that is sent, why it has to be refused (None: it is let in), and what has to happen in any case."""

    kind: str
    seat: str
    phrases: tuple[str, ...]
    flaw: MoveFlaw | None = None
    due: tuple[Body, ...] = ()


@dataclass(slots=True)
class Table:
    """What is known of a season as a move is made. `loans` are the borrowers of loans that stand, by number.

    `before` are the phrases of each seat's last menu, `transfers` how many the events have told of. `sitters` choose
    what is legal; without them it is drawn. `bought_in`: seats, and the goods that are bought in for them.
    """

    chance: Random
    town: RoughTown
    scenario: Scenario
    auditor: Auditor
    beat: Beat = Beat.DAWN
    standing: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name, _ in STANDINGS.values()})
    loans: dict[int, str] = field(default_factory=dict)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sitters: Mapping[str, SeatedPolicy] = field(default_factory=dict)
    bought_in: set[tuple[str, str]] = field(default_factory=set)
    transfers: int = 0

    @property
    def failed(self) -> set[str]:
        """The seats that have failed and are not discharged."""
        return self.standing["failed"]

    def take(self, body: Body) -> None:
        """Learn what moves are foretold from and counted by."""
        if type(body) in STANDINGS:
            name, begins = STANDINGS[type(body)]
            told: Any = body
            (self.standing[name].add if begins else self.standing[name].discard)(told.seat)
        match body:
            case hap.Lent(loan=loan, borrower=borrower) | hap.Owes(loan=loan, borrower=borrower):
                self.loans[loan] = borrower
            case hap.Repaid(loan=loan) | hap.Defaulted(loan=loan):
                self.loans.pop(loan, None)
            case hires.HireOverdue(hirer=seat, good=good):
                self.bought_in.add((seat, good))
            case hires.MarginCalled(hirer=seat, good=good) if body.met_pence < body.needed_pence:
                self.bought_in.add((seat, good))
            case hires.BroughtBack(hirer=seat, good=good, left=0) | hires.HireClosed(hirer=seat, good=good):
                self.bought_in.discard((seat, good))
            case _:
                pass

    def holds(self, seat: str, asset: str = PENCE) -> int:
        """What a seat has freely at hand, as the auditor recomputes it."""
        return self.auditor.balance(Account(seat), asset)

    def other(self, seat: str) -> str:
        """Any other seat."""
        return self.chance.choice([name for name in self.town.seats if name != seat])

    def good(self, *, shares: bool, seat: str = "") -> str:
        """Any good, or any but shares; none that is bought in for the seat."""
        names = [good.name for good in self.scenario.goods if shares or not good.share]
        return self.chance.choice([name for name in names if (seat, name) not in self.bought_in])


Wrong = tuple[tuple[str, ...], MoveFlaw | None, tuple[Body, ...]]
"""The phrases to send, why they have to be refused, and what has to happen."""
Trick = Callable[[Table, str, Menu], Wrong | None]
"""Makes a move of a seat that is asked; None where that cannot be done now."""


def legal_move(table: Table, menu: Menu) -> tuple[str, ...]:
    """What the seat's policy would do, or any phrases that go together: now and then, or with no other, the rest."""
    chance, sitter = table.chance, table.sitters.get(menu.seat)
    if sitter is not None:
        grades = sitter.policy.grade(table.town.observe(menu.seat, table.beat), menu, chance)
        return draw(menu, grades, sitter.steadiness, chance)
    left = [phrase for phrase in menu.phrases if phrase != menu.rest]
    chosen: list[str] = []
    most = chance.randint(0 if chance.random() < 0.1 else 1, menu.max_moves)
    while left and len(chosen) < most:
        phrase = chance.choice(left)
        chosen.append(phrase)
        barred = menu.option(phrase).excludes | {phrase}
        left = [other for other in left if other not in barred]
    return tuple(chosen) or (menu.rest,)


def _off_the_menu(table: Table, menu: Menu, phrases: tuple[str, ...]) -> Wrong | None:
    strange = [phrase for phrase in phrases if phrase not in menu.phrases]
    return ((table.chance.choice(strange),), MoveFlaw.NOT_ON_MENU, ()) if strange else None


def _nonsense(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return _off_the_menu(table, menu, NONSENSE)


def _of_anothers_menu(table: Table, seat: str, menu: Menu) -> Wrong | None:
    others = [listing.menu for name, listing in table.town.listings.items() if name != seat]
    return _off_the_menu(table, menu, table.chance.choice(others).phrases) if others else None


def _of_an_older_menu(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return _off_the_menu(table, menu, table.before.get(seat, ()))


def _good_and_bad(table: Table, seat: str, menu: Menu) -> Wrong | None:
    strange = _nonsense(table, seat, menu)
    return ((table.chance.choice(menu.phrases), *strange[0]), MoveFlaw.NOT_ON_MENU, ()) if strange else None


def _the_same_twice(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return (table.chance.choice(menu.phrases),) * 2, MoveFlaw.CHOSEN_TWICE, ()


def _too_many(table: Table, seat: str, menu: Menu) -> Wrong | None:
    if len(menu.phrases) <= menu.max_moves:
        return None
    return tuple(table.chance.sample(menu.phrases, menu.max_moves + 1)), MoveFlaw.TOO_MANY, ()


def _that_exclude(table: Table, seat: str, menu: Menu) -> Wrong | None:
    pairs = [(one.phrase, two) for one in menu.options for two in one.excludes if two in menu.phrases]
    return (table.chance.choice(sorted(pairs)), MoveFlaw.EXCLUDES, ()) if pairs and menu.max_moves > 1 else None


def _rest_and_more(table: Table, seat: str, menu: Menu) -> Wrong | None:
    more = [phrase for phrase in menu.phrases if phrase != menu.rest]
    flaw = MoveFlaw.EXCLUDES if menu.max_moves > 1 else MoveFlaw.TOO_MANY
    return (table.chance.choice(more), menu.rest), flaw, ()


def _nothing(table: Table, seat: str, menu: Menu) -> Wrong | None:
    return (), MoveFlaw.NO_MOVE, ()


def _under_two_names(table: Table, seat: str, menu: Menu) -> Wrong | None:
    """What a phrase means, once more under another name: an answer given twice, an order doubled."""
    listed = table.town.listings[seat].terms
    real = [phrase for phrase, terms in listed.items() if not isinstance(terms, Rest)]
    if not real or menu.max_moves < 2:
        return None
    phrase = table.chance.choice(real)
    return (phrase, *table.town.forge(seat, listed[phrase])), MoveFlaw.CHOSEN_TWICE, ()


PHRASE_TRICKS: Mapping[str, Trick] = {
    "phrase that is on no menu": _nonsense,
    "phrase of another's menu": _of_anothers_menu,
    "phrase of an older menu": _of_an_older_menu,
    "good phrase with a bad one": _good_and_bad,
    "same phrase twice": _the_same_twice,
    "too many phrases": _too_many,
    "phrases that exclude one another": _that_exclude,
    "rest and something else": _rest_and_more,
    "no phrase at all": _nothing,
    "same terms under two names": _under_two_names,
}
"""What can be wrong with the phrases that a seat sends when it is asked."""


def order_refused(seat: str, side: str, good: str, cause: str) -> tuple[Body, ...]:
    """The auction's refusal that has to follow."""
    return (hap.OrderRefused(seat, side, good, cause),)
