"""What a hire means for the hirer's trading: when to sell, when to buy again, what to keep for its owner.

Worked out from the hirer's own knowledge; the orders themselves are those of `fivepenny.market.stalls`.
"""

from fivepenny.clock import say_coming, say_count
from fivepenny.market.hire_terms import StandingHire
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.sight import hope_level
from fivepenny.world import TOP_LEVEL, Fact

COVER_AHEAD_DAYS = 0  # so long before its day a hire is thought of
GAIN_PERCENT = 93  # of the price at which it was hired: from there down a hirer takes its gain
HOPE_TO_COVER = 6  # who expects a rise buys before it
PLAN_SALIENCE = 12  # of selling what was hired to be sold
PLAN_LEAN = -9  # percent of the last price: who means to buy it back cheaper does not wait for a better price


def _is_covering(knowledge: Knowledge, hire: StandingHire) -> bool:
    if hire.due_day - knowledge.day <= COVER_AHEAD_DAYS or hope_level(knowledge, hire.good) >= HOPE_TO_COVER:
        return True
    return hire.sold > 0 and knowledge.last_pence[hire.good] * 100 <= hire.price_pence * GAIN_PERCENT


def is_bought_in(knowledge: Knowledge, good: str) -> bool:
    """Whether a good is bought in for the seat, so that it has no orders of its own for it."""
    hire = knowledge.hiring.taken(knowledge.seat, good)
    return hire is not None and hire.forced


def kept_units(knowledge: Knowledge, good: str) -> int:
    """Units of a good that the seat wants in store to bring them back: none as long as it waits for a fall."""
    hire = knowledge.hiring.taken(knowledge.seat, good)
    return hire.quantity if hire is not None and _is_covering(knowledge, hire) else 0


def lacking_units(knowledge: Knowledge, good: str, used: int) -> int:
    """The same where the store, less what the house will use of it, does not hold them; nothing where it does."""
    kept = kept_units(knowledge, good)
    return kept if knowledge.stock[good] - used < kept else 0


def unsold_units(knowledge: Knowledge, good: str) -> int:
    """Units that were hired to be sold and are not sold yet."""
    hire = knowledge.hiring.taken(knowledge.seat, good)
    return 0 if hire is None or _is_covering(knowledge, hire) else hire.quantity - hire.sold


def cover_facts(knowledge: Knowledge, good: str) -> tuple[Fact, ...]:
    """That a purchase would cover what has to be brought back, and how near that is."""
    hire = knowledge.hiring.taken(knowledge.seat, good)
    if hire is None:
        return ()
    near = max(0, min(TOP_LEVEL, TOP_LEVEL - 2 * (hire.due_day - knowledge.day)))
    back = f"{hire.owner} is to have {say_count(hire.quantity)} back {say_coming(hire.due_day, knowledge.day)}"
    return (Fact("cover", near, back, good),)
