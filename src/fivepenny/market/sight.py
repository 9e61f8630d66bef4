"""What a seat sees of its own condition: the observation, and the readings that menus share.

Everything here is worked out from a `Knowledge`. Nothing here can reach the book.
"""

from fivepenny.clock import Beat, say_past
from fivepenny.market.knowledge import MOST_FEELING, Belief, Deed, Knowledge, Loan
from fivepenny.market.levels import PURSE_PENCE, lack_level, level, percent_level, share_level, signed_level
from fivepenny.money import format_pence
from fivepenny.world import Fact, Memory, Observation, Past

HOUSEKEEPING_PENCE = 900  # what a house at this table wants in hand for a week
DUE_SOON_DAYS = 7
MOST_HOPE = 150  # percent of credence, summed over claims, beyond which hope does not grow
TONE_FROM = 2  # a feeling of this much or more, either way, can be heard


def owed(knowledge: Knowledge, within_days: int | None = None) -> int:
    """Pence that the seat owes, at all or within some days."""
    return sum(
        loan.owed_pence
        for loan in knowledge.loans.values()
        if loan.borrower == knowledge.seat and (within_days is None or loan.due_day - knowledge.day <= within_days)
    )


def lent(knowledge: Knowledge) -> int:
    """Pence that others at the table owe the seat."""
    return sum(loan.owed_pence for loan in knowledge.loans.values() if loan.lender == knowledge.seat)


def wants_pence(knowledge: Knowledge) -> int:
    """What the seat needs in hand: for its debts that are soon due, and for its house."""
    return owed(knowledge, DUE_SOON_DAYS) + HOUSEKEEPING_PENCE


def lack(knowledge: Knowledge) -> int:
    """How short of money the seat is for its debts and its house, as a level."""
    return lack_level(knowledge.pence, wants_pence(knowledge))


def hope(knowledge: Knowledge, good: str) -> int:
    """What the seat expects of a price, -150 to 150: credences of rises less those of falls."""
    total = sum(
        belief.credence * belief.claim.kind.direction
        for belief in knowledge.beliefs.values()
        if belief.claim.asset == good and belief.claim.by_day >= knowledge.day
    )
    return max(-MOST_HOPE, min(MOST_HOPE, total))


def hope_level(knowledge: Knowledge, good: str) -> int:
    """Hope as a level: 0 a sure fall, 4 nothing known, 9 a sure rise."""
    return signed_level(hope(knowledge, good), MOST_HOPE)


def strongest_belief(knowledge: Knowledge, good: str) -> Belief | None:
    """The claim about a good that the seat believes most; the earliest among equals."""
    found = [
        belief
        for belief in knowledge.beliefs.values()
        if belief.claim.asset == good and belief.claim.by_day >= knowledge.day
    ]
    return max(found, key=lambda belief: (belief.credence, -belief.event), default=None)


def trust_level(knowledge: Knowledge, other: str) -> int:
    """How far the seat trusts another, as a level."""
    return percent_level(knowledge.trust[other])


def feeling_level(knowledge: Knowledge, other: str) -> int:
    """How the seat feels towards another, as a level: 4 indifferent."""
    return signed_level(knowledge.feeling[other], MOST_FEELING)


def trust_fact(knowledge: Knowledge, other: str) -> Fact:
    """How far the seat trusts another."""
    percent = knowledge.trust[other]
    words = "not at all" if percent < 20 else "little" if percent < 45 else "fairly" if percent < 70 else "well"
    return Fact("trust", trust_level(knowledge, other), f"you trust {other} {words}", other)


def feeling_fact(knowledge: Knowledge, other: str) -> Fact:
    """How the seat feels towards another."""
    words = {"warm": "warmly", "cold": "coldly", "even": "neither warmly nor coldly"}[tone(knowledge, other)]
    return Fact("feeling", feeling_level(knowledge, other), f"you feel {words} towards {other}", other)


def tone(knowledge: Knowledge, other: str) -> str:
    """How the seat would speak to another: warm, even or cold."""
    feeling = knowledge.feeling.get(other, 0)
    return "warm" if feeling >= TONE_FROM else "cold" if feeling <= -TONE_FROM else "even"


def loan_to(knowledge: Knowledge, borrower: str) -> Loan | None:
    """The loan that this other owes the seat and that is due first."""
    found = [loan for loan in knowledge.loans.values() if loan.borrower == borrower]
    return min(found, key=lambda loan: (loan.due_day, loan.number), default=None)


def loan_from(knowledge: Knowledge, lender: str) -> Loan | None:
    """The loan that the seat owes this other and that is due first."""
    found = [loan for loan in knowledge.loans.values() if loan.lender == lender]
    return min(found, key=lambda loan: (loan.due_day, loan.number), default=None)


def foremost_deed(knowledge: Knowledge, other: str, sign: int, *, unanswered: bool) -> Deed | None:
    """The strongest kindness (sign 1) or injury (-1) of another, the latest among equals."""
    found = [
        deed
        for deed in knowledge.deeds
        if deed.doer == other and deed.strength * sign > 0 and not (unanswered and deed.answered)
    ]
    return max(found, key=lambda deed: (abs(deed.strength), deed.event), default=None)


def say_when(knowledge: Knowledge, deed: Deed) -> str:
    """When a deed was done, as an adverb; of one from before the first day, as the scenario has it."""
    return deed.since or say_past(deed.day, knowledge.day)


def deed_past(knowledge: Knowledge, deed: Deed) -> dict[str, Past]:
    """The slots of the past that a deed fills."""
    return {"deed": Past(deed.text, deed.event), "since": Past(say_when(knowledge, deed), deed.event)}


def foremost_past(knowledge: Knowledge, other: str, sign: int) -> dict[str, Past]:
    """The strongest kindness (sign 1) or injury (-1) of another, answered or not, as slots; none without one."""
    deed = foremost_deed(knowledge, other, sign, unanswered=False)
    return deed_past(knowledge, deed) if deed else {}


def observe(knowledge: Knowledge, beat: Beat) -> Observation:
    """The observation of the seat whose knowledge this is."""
    owing, credit = owed(knowledge), lent(knowledge)
    whole = knowledge.pence + owing + credit
    standing = (
        Fact("purse", level(knowledge.pence, PURSE_PENCE), f"You have {format_pence(knowledge.pence)} in hand."),
        Fact("lack", lack(knowledge), f"Your house and the week's debts want {format_pence(wants_pence(knowledge))}."),
        Fact("owed", share_level(owing, whole), f"You owe {format_pence(owing)}."),
        Fact("lent", share_level(credit, whole), f"Others here owe you {format_pence(credit)}."),
    )
    memories = tuple(
        Memory(
            deed.event,
            deed.strength,
            f"You have not forgotten {deed.doer}: {deed.text}, {say_when(knowledge, deed)}.",
        )
        for deed in knowledge.deeds
    )
    return Observation(knowledge.seat, knowledge.day, beat, standing, memories, tuple(knowledge.lines_heard))
