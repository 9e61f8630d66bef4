"""What a seat could do about deposits this morning: lay money in a banker's keeping, ask for it, or gather money.

Works from the seat's knowledge alone: what it can spare or lacks, how uneasy the town looks, how far it trusts.
"""

from functools import lru_cache

from fivepenny.clock import say_past
from fivepenny.market.deposits_known import Slip
from fivepenny.market.deposits_terms import DepositTerms, WithdrawalTerms
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import level, share_level
from fivepenny.market.parley import ASK_AGAIN_DAYS, LACK_TO_BORROW, PRESS_DAYS, press, two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    MOST_KEPT,
    feeling_fact,
    lack,
    loans_by_other,
    say_pence,
    tone,
    trust_fact,
    trust_level,
    wants_pence,
)
from fivepenny.scenario import Scenario
from fivepenny.world import Fact, Option, Past

STEP_PENCE, LEAST_PENCE, MOST_PENCE = 120, 480, 2400
ALARMS = (1, 4, 8, 13, 19, 27, 37, 50, 70)
"""Alarm: the points at which each next level begins."""
FRIGHTENED = 3  # level of alarm from which all of a deposit is asked for
DOUBTED = 2  # level of trust up to which money is not safe with somebody, whatever the town does


def alarm_level(knowledge: Knowledge, banker: str) -> int:
    """How uneasy the town looks over a bank, as a level."""
    return level(knowledge.deposits.alarm_over(banker), ALARMS)


@lru_cache(maxsize=MOST_KEPT)
def _say_alarm(step: int, people: int, banker: str) -> Fact:
    words = "quiet" if step < 2 else "uneasy" if step < 5 else "frightened"
    queue = f", and {people} stand at {banker}'s door" if people else ""
    return Fact("alarm", step, f"the town is {words} about {banker}'s bank{queue}", banker)


def _alarm_fact(knowledge: Knowledge, banker: str) -> Fact:
    queue = knowledge.deposits.queues.get(banker)
    return _say_alarm(alarm_level(knowledge, banker), queue.people if queue else 0, banker)


def _lay(knowledge: Knowledge, banker: str, pence: int) -> Choice:
    said = say_pence(pence)
    facts = (
        Fact("spare", share_level(pence, knowledge.pence), f"{said} is what you do not need in hand"),
        _alarm_fact(knowledge, banker),
        trust_fact(knowledge, banker),
        feeling_fact(knowledge, banker),
    )
    option = Option(
        phrase=f"deposit {banker}", act="deposit", facts=facts, text=f"lay {said} in {banker}'s keeping", to=banker,
        tone=tone(knowledge, banker), weight=4, slots={**two_people(knowledge, banker), "price": said},
    )  # fmt: skip
    return DepositTerms(banker, pence), option


def _ask(knowledge: Knowledge, slip: Slip, pence: int, short: int) -> Choice:
    banker, said = slip.banker, say_pence(pence)
    whole = "all of it" if pence == slip.pence else f"of {say_pence(slip.pence)}"
    facts = (
        _alarm_fact(knowledge, banker),
        Fact("short", short, f"you have {say_pence(knowledge.pence)} in hand"),
        Fact("size", share_level(slip.pence, slip.pence + knowledge.pence), f"{say_pence(slip.pence)} lies there"),
        trust_fact(knowledge, banker),
    )
    option = Option(
        phrase=f"withdraw {banker}", act="withdraw", facts=facts, text=f"ask {banker} for {said} tonight, {whole}",
        to=banker, tone=tone(knowledge, banker), weight=7, slots={**two_people(knowledge, banker), "price": said},
        past={"since": Past(say_past(slip.since_day, knowledge.day), slip.event)},
    )  # fmt: skip
    return WithdrawalTerms(slip.number, banker, pence), option


def _wish_pence(knowledge: Knowledge, slip: Slip, fears: bool) -> int:
    """What the seat would ask for: all that it fears for, else what it lacks, and no small rest is left."""
    if fears:
        return slip.pence
    steps = -((knowledge.pence - wants_pence(knowledge)) // STEP_PENCE)
    pence = max(LEAST_PENCE, steps * STEP_PENCE)
    return slip.pence if slip.pence - pence < LEAST_PENCE else pence


def _put_customer(knowledge: Knowledge, banker: str, shortlist: Shortlist) -> None:
    known, seat = knowledge.deposits, knowledge.seat
    alarm, trust, short = alarm_level(knowledge, banker), trust_level(knowledge, banker), lack(knowledge)
    slip, last_day = known.slip_of(seat, banker), known.asked_day.get(banker)
    rested = last_day is None or knowledge.day - last_day >= ASK_AGAIN_DAYS
    fears = alarm >= FRIGHTENED or trust <= DOUBTED
    here = banker in knowledge.others
    if slip is not None and (fears or short >= LACK_TO_BORROW):
        salience = 2 * alarm + short - trust // 2
        shortlist.put("withdraw", salience, _ask, knowledge, slip, _wish_pence(knowledge, slip, fears), short)
    spare_pence = (knowledge.pence - wants_pence(knowledge)) // 2 // STEP_PENCE * STEP_PENCE
    if rested and not fears and spare_pence >= LEAST_PENCE and seat not in knowledge.failed and here:
        pence = min(MOST_PENCE, spare_pence)
        shortlist.put("deposit", 2 + trust // 2 + share_level(pence, knowledge.pence), _lay, knowledge, banker, pence)


def _put_gathering(knowledge: Knowledge, shortlist: Shortlist) -> None:
    """A banker with the town at the door presses debtors whose day has not come yet."""
    alarm = alarm_level(knowledge, knowledge.seat)
    if alarm < FRIGHTENED:
        return
    for loan in loans_by_other(knowledge)[0].values():
        if loan.borrower in knowledge.others and loan.due_day - knowledge.day > PRESS_DAYS:
            shortlist.put("press", 3 + alarm, press, knowledge, loan, 0)


def put_deposits(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put what the seat could do about deposits; nothing where they are no custom of the table."""
    for banker in knowledge.deposits.bankers:
        if banker == knowledge.seat:
            _put_gathering(knowledge, shortlist)
        elif banker not in knowledge.failed:
            _put_customer(knowledge, banker, shortlist)
