"""How far a hearer believes what it is told: one formula for every claim that one seat puts to another.

    credence = (2 trust + 1 record + 1 sight) / 4 + what the manner does + what being told surely does

Each of the three is 0 to 100. Trust is the hearer's in the teller. The record is how often the teller has been right
with it: (right + 1) / (right + wrong + 2), Laplace's rule of succession, so that one tale neither makes nor breaks
a name. Sight is how it fits what the hearer can see itself. The result is held within 0 to 100. It rises with trust,
with every claim that came true, with how it fits; it falls with every claim that did not come true.
"""

from typing import NamedTuple

from fivepenny.world import TOP_LEVEL

TRUST_PARTS, RECORD_PARTS, SIGHT_PARTS = 2, 1, 1
SURE_PERCENT = 6  # what a tale gains by being told as if there were no doubt of it
MOST_PERCENT = 100


class Record(NamedTuple):
    """How often another was right with this seat, and how often wrong."""

    right: int = 0
    wrong: int = 0

    @property
    def percent(self) -> int:
        """How likely it is to be right again."""
        return MOST_PERCENT * (self.right + 1) // (self.right + self.wrong + 2)

    def with_another(self, *, right: bool) -> "Record":
        """The record when one more claim has been settled."""
        return Record(self.right + right, self.wrong + (not right))


def credence(trust: int, record: Record, fits: int, sway: int = 0, *, sure: bool = False) -> int:
    """Percent of belief. `trust` in percent, `fits` a level, `sway` the percent that a manner adds or takes."""
    sight = fits * MOST_PERCENT // TOP_LEVEL
    parts = TRUST_PARTS * trust + RECORD_PARTS * record.percent + SIGHT_PARTS * sight
    found = parts // (TRUST_PARTS + RECORD_PARTS + SIGHT_PARTS) + sway + SURE_PERCENT * sure
    return max(0, min(MOST_PERCENT, found))
