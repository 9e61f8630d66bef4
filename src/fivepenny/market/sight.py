"""What a seat sees of its own condition: the observation, and the readings that menus share.

Everything here is worked out from a `Knowledge`. Nothing here can reach the book.
"""

from functools import lru_cache

from fivepenny.claims import Claim
from fivepenny.clock import Beat
from fivepenny.market.aims_sight import aim_facts
from fivepenny.market.deeds import Deed, say_when
from fivepenny.market.knowledge import MOST_FEELING, Belief, Knowledge, Loan
from fivepenny.market.levels import PURSE_PENCE, lack_level, level, percent_level, share_level, signed_level
from fivepenny.money import format_pence
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Observation, Past, in_words

HOUSEKEEPING_PENCE = 900  # what a house at this table wants in hand for a week
DUE_SOON_DAYS = 7
MOST_HOPE = 150  # percent of credence, summed over claims, beyond which hope does not grow
MOST_KEPT = 4096  # sentences that are kept once they have been made: the same few return day after day
_FITS = (
    "it goes against what else you have heard",
    "nothing else that you have heard speaks for it or against it",
    "it goes with what else you have heard",
)
TONE_FROM = 2  # a feeling of this much or more, either way, can be heard


say_pence = lru_cache(maxsize=MOST_KEPT)(format_pence)
"""`format_pence`, kept: on most days the same prices, purses and debts are spoken of several times."""


def wants_pence(knowledge: Knowledge) -> int:
    """What the seat needs in hand: for debts that are soon due, for deposits likely to be asked for, for its house."""
    seat, last_day = knowledge.seat, knowledge.day + DUE_SOON_DAYS
    wanted_pence = HOUSEKEEPING_PENCE + knowledge.deposits.likely_pence(seat)
    for loan in knowledge.loans.values():
        if loan.borrower == seat and loan.due_day <= last_day:
            wanted_pence += loan.owed_pence
    return wanted_pence


def lack(knowledge: Knowledge) -> int:
    """How short of money the seat is for its debts and its house, as a level."""
    return lack_level(knowledge.pence, wants_pence(knowledge))


def hope_level(knowledge: Knowledge, good: str) -> int:
    """What the seat expects of a price, by credences of rises less those of falls: 0 a sure fall, 9 a sure rise."""
    total = 0
    for belief in knowledge.beliefs.values():
        claim = belief.claim
        if claim.asset == good and claim.by_day >= knowledge.day:
            total += belief.credence * claim.kind.direction
    return signed_level(total, MOST_HOPE)


def expectation(knowledge: Knowledge, good: str) -> str:
    """What the seat expects of a price, in words."""
    hope, say = hope_level(knowledge, good), knowledge.say[good]
    if hope == MIDDLE_LEVEL:
        return f"you have heard nothing that would move {say}"
    return f"you expect {say} to {'rise' if hope > MIDDLE_LEVEL else 'fall'}"


def want_of_money(knowledge: Knowledge) -> str:
    """What the seat has in hand beside what it wants, in words."""
    wanted = say_pence(wants_pence(knowledge))
    return f"you have {say_pence(knowledge.pence)} in hand and want {wanted} for the week"


def suits(step: int) -> str:
    """How far something would suit the seat if it were believed, in words."""
    return f"it would suit you {in_words(step, ('not at all', 'little', 'well', 'very well'))} if it were believed"


def claim_facts(knowledge: Knowledge, claim: Claim, told: str) -> tuple[Fact, Fact]:
    """What bears on a claim that the seat was told: how far it believes it, how it goes with what else it heard."""
    held, hope = knowledge.beliefs.get(claim.number), hope_level(knowledge, claim.asset)
    agrees = hope if claim.kind.direction > 0 else TOP_LEVEL - hope
    believed = f"; you believe it ({held.credence} in 100)" if held else ""
    return (
        Fact("belief", percent_level(held.credence if held else 0), told + believed, claim.asset),
        Fact("fits", agrees, in_words(agrees, _FITS), claim.asset),
    )


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


@lru_cache(maxsize=MOST_KEPT)
def _trust_fact(percent: int, other: str) -> Fact:
    words = "not at all" if percent < 20 else "little" if percent < 45 else "fairly" if percent < 70 else "well"
    return Fact("trust", percent_level(percent), f"you trust {other} {words}", other)


def trust_fact(knowledge: Knowledge, other: str) -> Fact:
    """How far the seat trusts another."""
    return _trust_fact(knowledge.trust[other], other)


_FELT = {"warm": "warmly", "cold": "coldly", "even": "neither warmly nor coldly"}


@lru_cache(maxsize=MOST_KEPT)
def _feeling_fact(feeling: int, other: str) -> Fact:
    words = f"you feel {_FELT[_tone(feeling)]} towards {other}"
    return Fact("feeling", signed_level(feeling, MOST_FEELING), words, other)


def feeling_fact(knowledge: Knowledge, other: str) -> Fact:
    """How the seat feels towards another."""
    return _feeling_fact(knowledge.feeling[other], other)


def feeling_words(knowledge: Knowledge, other: str) -> str:
    """How the seat feels towards another: warmly, coldly, or neither."""
    return _FELT[_tone(knowledge.feeling[other])]


def _tone(feeling: int) -> str:
    return "warm" if feeling >= TONE_FROM else "cold" if feeling <= -TONE_FROM else "even"


def tone(knowledge: Knowledge, other: str) -> str:
    """How the seat would speak to another: warm, even or cold."""
    return _tone(knowledge.feeling.get(other, 0))


def loans_by_other(knowledge: Knowledge) -> tuple[dict[str, Loan], dict[str, Loan]]:
    """By name, the loan that another owes the seat, and the one that it owes another; of several, the one due first."""
    by_borrower: dict[str, Loan] = {}
    by_lender: dict[str, Loan] = {}
    for loan in sorted(knowledge.loans.values(), key=lambda loan: (loan.due_day, loan.number)):
        if loan.lender == knowledge.seat:
            by_borrower.setdefault(loan.borrower, loan)
        else:
            by_lender.setdefault(loan.lender, loan)
    return by_borrower, by_lender


def deed_past(knowledge: Knowledge, deed: Deed) -> dict[str, Past]:
    """The slots of the past that a deed fills."""
    return {"deed": Past(deed.text, deed.event), "since": Past(say_when(deed, knowledge.day), deed.event)}


def foremost_past(knowledge: Knowledge, other: str, *, kind: bool) -> dict[str, Past]:
    """The strongest kindness or injury of another, answered or not, as slots; none without one."""
    deed = knowledge.deeds.foremost(other, kind=kind)
    return deed_past(knowledge, deed) if deed else {}


@lru_cache(maxsize=MOST_KEPT)
def _purse_fact(pence: int) -> Fact:
    return Fact("purse", level(pence, PURSE_PENCE), f"You have {format_pence(pence)} in hand.")


@lru_cache(maxsize=MOST_KEPT)
def _lack_fact(short: int, wanted_pence: int) -> Fact:
    return Fact("lack", short, f"Your house and the week's debts want {format_pence(wanted_pence)}.")


@lru_cache(maxsize=MOST_KEPT)
def _owed_fact(share: int, owed_pence: int) -> Fact:
    return Fact("owed", share, f"You owe {format_pence(owed_pence)}.")


@lru_cache(maxsize=MOST_KEPT)
def _lent_fact(share: int, lent_pence: int) -> Fact:
    return Fact("lent", share, f"Others here owe you {format_pence(lent_pence)}.")


def observe(knowledge: Knowledge, beat: Beat) -> Observation:
    """The observation of the seat whose knowledge this is."""
    pence, wanted_pence = knowledge.pence, wants_pence(knowledge)
    deposits, seat = knowledge.deposits, knowledge.seat
    owed_pence, lent_pence = deposits.kept_pence(seat), deposits.held_pence(seat)
    for loan in (*knowledge.loans.values(), *knowledge.unpaid.values()):
        if loan.borrower == knowledge.seat:
            owed_pence += loan.owed_pence
        else:
            lent_pence += loan.owed_pence
    whole_pence = pence + owed_pence + lent_pence
    standing = (
        _purse_fact(pence),
        _lack_fact(lack_level(pence, wanted_pence), wanted_pence),
        _owed_fact(share_level(owed_pence, whole_pence), owed_pence),
        _lent_fact(share_level(lent_pence, whole_pence), lent_pence),
        *aim_facts(knowledge),
    )
    memories = knowledge.deeds.memories(knowledge.day)
    return Observation(knowledge.seat, knowledge.day, beat, standing, memories, tuple(knowledge.lines_heard))
