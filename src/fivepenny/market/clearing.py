"""The clearing of a day's debts: who pays how much of what it owes, when all are paid at once and not all can be.

Pure integers: debtors, creditors, pence. It knows no purse but the means that it is given, no pledge but what that
covers, no day and no event.

What is found is the greatest clearing vector of Eisenberg and Noe ("Systemic risk in financial systems", Management
Science 47(2), 2001): each debtor pays in full or all it has; what it has includes what it is paid itself; debts of one
debtor are of equal rank and are paid in proportion. Those who fail are found by their fictitious sequence of defaults:
first who could not pay if all others did, then who cannot once these pay what they can, and so on.

Pledges come first: where a debtor fails, what a pledge covers of a debt is taken in goods and is no longer owed, and
the rest of it ranks with the others. Nobody gets more money of a debtor that fails than of one that pays, so there is a
greatest vector as before. A debtor fails for want of money, whatever it has pledged.

Whole pence: a sum is shared by halving it down a tree, so that a penny more never takes from anybody (see `share_out`).
Largest remainders do not have this property (the Alabama paradox), and without it there need be no greatest vector.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from fivepenny.errors import BrokenInvariant
from fivepenny.values import value

MOST_PASSES = 50_000
_Node = tuple[int, int, tuple["_Node", ...]]  # of the tree of shares: size, least number, halves


@value()
class Due:
    """A debt: `number` is its own. `stale`: its debtor has failed on it before, and may pay less without failing anew.

    `pence` is above zero, and nobody owes itself. `secured_pence`, at most as much, is what a pledge covers of it.
    """

    number: int
    debtor: str
    creditor: str
    pence: int
    stale: bool = False
    secured_pence: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A debtor that cannot pay: in which round, and whose failing cost it most (empty in round 1: its own)."""

    debtor: str
    round: int
    pulled_by: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid on each debt in money, by its number, and who fails, by round and name.

    A debt of one who fails may have less paid on it by what its pledge covers. The debts are those that were due and
    those that fell due with their debtor's failing.
    """

    payments_pence: Mapping[int, int]
    failures: tuple[Failure, ...]


def share_out(pence: int, debts: Sequence[Due]) -> dict[int, int]:
    """A sum shared among debts in proportion to their size, by number; the sum is at most what is owed in all.

    The two smallest shares are joined until one is left (Huffman's tree; ties by number), and the sum is parted down
    that tree, each time to the nearest penny. So the whole is shared, nobody gets more than is owed to it or less for
    the sum being a penny larger, and each share is within a penny of its due for up to three debts, within two
    for any number (half the sum of the reciprocals of Fibonacci's numbers is 1.68).
    """
    nodes: list[_Node] = [(debt.pence, debt.number, ()) for debt in debts]
    heapify(nodes)
    while len(nodes) > 1:
        one, other = heappop(nodes), heappop(nodes)
        heappush(nodes, (one[0] + other[0], min(one[1], other[1]), (one, other)))
    shares: dict[int, int] = {}
    waiting = [(pence, node) for node in nodes]
    while waiting:
        part_pence, (size, number, halves) = waiting.pop()
        if not halves:
            shares[number] = part_pence
            continue
        one_pence = (2 * part_pence * halves[0][0] + size) // (2 * size)
        waiting += [(one_pence, halves[0]), (part_pence - one_pence, halves[1])]
    return shares


class _Round:
    """The debts that are due in a round, by debtor, and what is paid if only some of the debtors may pay less."""

    def __init__(self, debts: Iterable[Due], means_pence: Mapping[str, int], stale: set[str], failed: set[str]) -> None:
        self.owed: dict[str, list[Due]] = {}
        for debt in debts:
            self.owed.setdefault(debt.debtor, []).append(debt)
        bare = {name: _uncovered(self.owed[name]) if name in failed else self.owed[name] for name in self.owed}
        self.means_pence = means_pence
        self.total_pence = {debtor: sum([debt.pence for debt in owed]) for debtor, owed in self.owed.items()}
        self.paid = {debt.number: debt.pence for owed in self.owed.values() for debt in owed}
        # From full payment downwards; what is paid never rises again, so the first fixed point met is the greatest.
        changed, passes = True, 0
        while changed:
            changed, passes = False, passes + 1
            if passes > MOST_PASSES:
                raise BrokenInvariant("debts go round in a circle that next to nothing leaves; owe less in it")
            had_pence = self.had_pence()
            for debtor in sorted((stale | failed) & self.owed.keys()):
                pence = min(sum([debt.pence for debt in bare[debtor]]), had_pence[debtor])
                if pence < sum([self.paid[debt.number] for debt in self.owed[debtor]]):
                    self.paid |= dict.fromkeys([debt.number for debt in self.owed[debtor]], 0)
                    self.paid |= share_out(pence, bare[debtor])
                    changed = True

    def had_pence(self) -> dict[str, int]:
        """What each debtor has: its means, and what it is paid."""
        had = {debtor: self.means_pence.get(debtor, self.total_pence[debtor]) for debtor in self.owed}
        for owed in self.owed.values():
            for debt in owed:
                if debt.creditor in had:
                    had[debt.creditor] += self.paid[debt.number]
        return had

    def pulled_by(self, creditor: str) -> str:
        """The debtor that leaves this creditor shortest; the first name among equals, empty where none does."""
        short = {
            debtor: sum([debt.pence - self.paid[debt.number] for debt in owed if debt.creditor == creditor])
            for debtor, owed in self.owed.items()
        }
        most = max(short.values(), default=0)
        return min([debtor for debtor, pence in short.items() if pence == most]) if most else ""


def _uncovered(debts: Iterable[Due]) -> list[Due]:
    """What pledges leave of these debts, where they leave anything."""
    left = [replace(debt, pence=debt.pence - debt.secured_pence) for debt in debts]
    return [debt for debt in left if debt.pence]


def _check(debts: Sequence[Due], waiting: Sequence[Due]) -> None:
    """Debts that are none would never be cleared."""
    numbers = [debt.number for debt in (*debts, *waiting)]
    odd = [
        debt.number
        for debt in (*debts, *waiting)
        if debt.pence < 1 or debt.debtor == debt.creditor or not 0 <= debt.secured_pence <= debt.pence
    ]
    if odd or len(set(numbers)) < len(numbers):
        raise BrokenInvariant(
            f"debts {odd or numbers} cannot be cleared: of nothing, to oneself, covered by more, or of one number"
        )


def clear_debts(due: Iterable[Due], later: Iterable[Due], means_pence: Mapping[str, int]) -> Settlement:
    """Clear all debts that are due; a debtor's `later` debts fall due at once when it fails.

    `means_pence` holds what each debtor has before it is paid; one that is not in it (the outside world) can always
    pay. The order in which debts are given changes nothing. Debts that go round in a circle with next to no money
    in it take passes in proportion to what is owed over what leaves it. Raises BrokenInvariant where these are more
    than MOST_PASSES (twenty thousand pence round two seats, of which a penny leaves, are within them), two debts have
    one number, one is of nothing, or somebody owes itself.
    """
    debts = sorted(due, key=lambda debt: debt.number)
    waiting = sorted(later, key=lambda debt: debt.number)
    _check(debts, waiting)
    fresh = {debt.debtor for debt in debts if not debt.stale and debt.debtor in means_pence}
    stale = {debt.debtor for debt in debts if debt.stale and debt.debtor in means_pence}
    failures: list[Failure] = []
    failed: set[str] = set()
    while True:
        called = [debt for debt in waiting if debt.debtor in failed]
        found = _Round([*debts, *called], means_pence, stale, failed)
        had_pence = found.had_pence()
        fails = sorted(name for name in fresh - failed if had_pence[name] < found.total_pence[name])
        if not fails:
            return Settlement(found.paid, tuple(failures))
        number = failures[-1].round + 1 if failures else 1
        failures += [Failure(name, number, found.pulled_by(name) if number > 1 else "") for name in fails]
        failed |= set(fails)
