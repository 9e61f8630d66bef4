"""The town's alarm over a bank: what stirs it and calms it, and how many come for their money.

Alarm is a figure from 0 to MOST_ALARM. It follows from what everyone at the table can see and from nothing else, and
what is left of it by morning is half. So a run feeds on itself (a queue alarms as much as it has people), and stops
where fewer come than before.
"""

from random import Random

from fivepenny.chronicle import RowKind
from fivepenny.claims import Claim, ClaimKind
from fivepenny.deposits import TOWN_PEOPLE

MOST_ALARM = 100
LEFT_PARTS = 2  # by morning one part in so many is left
WITHDRAWAL_STIRS = 8  # a seat of the table asks for its money aloud
LOSS_STIRS = 14  # somebody could not pay the banker, here or outside
FAILING_STIRS = 6  # somebody else could not pay
NEWS_STIRS = 7
HELP_CALMS = 12
RESCUE_CALMS = 45
BAD_NEWS = frozenset({RowKind.PANIC, RowKind.CRASH, RowKind.DEFAULT})
QUIET = 8  # below this nobody comes
COMING_PERCENT = (25, 75)  # how many come, of the alarm
MOST_PEOPLE = 40  # at a door on one day


def stirred(alarm: int, points: int) -> int:
    """The alarm after something that stirs it by so many points; what calms it has points below zero."""
    return max(0, min(MOST_ALARM, alarm + points))


def news_points(sort: str, claim: Claim | None) -> int:
    """What news does to the alarm over every bank: bad news unless it foretells a rise, help unless a fall."""
    kind = claim.kind if claim else None
    if sort == RowKind.INTERVENTION.value:
        return 0 if kind is ClaimKind.WILL_FALL else -HELP_CALMS
    return NEWS_STIRS if sort in BAD_NEWS and kind is not ClaimKind.WILL_RISE else 0


def people_in_queue(alarm: int, called: int, lot: Random) -> int:
    """How many of the town's depositors come today: those whom the alarm brings, and so many whom a legend calls."""
    coming_percent = lot.randint(*COMING_PERCENT)
    frightened = alarm * coming_percent // 100 if alarm >= QUIET else 0
    return min(MOST_PEOPLE, frightened + called)


def asked_by(people: int, kept_pence: int) -> int:
    """What so many people ask for, each for an equal part of all that the town has in a banker's keeping."""
    return kept_pence * people // TOWN_PEOPLE
