"""What a seat could promise, threaten or offer for another's leaving a good alone, this morning.

Worked out from its knowledge alone. Of each sort the one that matters most is put to the shortlist, so that talk of
this kind leaves room for trade and tips.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from fivepenny.claims import PromiseKind
from fivepenny.clock import say_coming
from fivepenny.market.deeds import Deed
from fivepenny.market.knowledge import Knowledge, Loan
from fivepenny.market.levels import share_level
from fivepenny.market.parley import debt_slots, two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import (
    deed_past,
    expectation,
    feeling_fact,
    feeling_level,
    hope_level,
    lack,
    loans_by_other,
    say_pence,
    tone,
    trust_fact,
    trust_level,
)
from fivepenny.market.stalls import MOST_SHARES, MOST_UNITS, spare_level, spare_units
from fivepenny.market.words_terms import BribeTerms, CarryOut, PromiseTerms, ThreatTerms
from fivepenny.scenario import Scenario
from fivepenny.words import Harm, Threatened
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option

CUSTOM = "words"
PROMISE_AHEAD_DAYS = 6  # a debtor gives its word when a loan is due within so many
THREAT_AHEAD_DAYS = 5  # a lender threatens when it is due within so many
HELD_DAYS = 3  # days for which a good is to be held or left alone, today the first
CALL_DAYS = 1  # a loan that is called in is due so many days later
LEAST_SPARE = 4  # units: who has fewer to sell minds no rival
HOPE_TO_HOLD = 5
OVER_GOODS = (PromiseKind.WILL_HOLD, PromiseKind.WILL_LEAVE)
BRIBE_PURSE_PENCE = 1200  # who has less bribes nobody
BRIBE_PARTS = 6  # of the purse
LEAST_BRIBE_PENCE, MOST_BRIBE_PENCE, BRIBE_STEP_PENCE = 180, 1200, 60
MATTERS_TO_BRIBE = 4  # how much a rival has to matter, as a level
DEAL_PARTS = 4  # an offer of less than one of these of the most that a day deals in is hopeless
LEAST_ILL_WILL = -1  # levels by which a debtor may be liked and trusted more than is usual, and yet be threatened
LACK_TO_THREATEN = 5  # a lender who is so short of money threatens whom it likes
COLD_LEVEL = 3  # a feeling of this or below lets one threaten who is not pressed by a debt


def put_words(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put what the custom of words adds to the first beat of parley."""
    if CUSTOM not in scenario.customs:
        return
    _put_promise_to_pay(knowledge, shortlist)
    _put_promise_to_hold(knowledge, scenario, shortlist)
    rivals = tuple(_rivals(knowledge, scenario))
    _put_threat(knowledge, rivals, shortlist)
    _put_bribe(knowledge, scenario, rivals, shortlist)
    for threat in knowledge.words.unanswered(knowledge.seat, knowledge.day):
        if threat.to in knowledge.others and (threat.loan == 0 or threat.loan in knowledge.loans):
            shortlist.put("press" if threat.harm == "call" else "needle", 11, _carry_out, knowledge, threat)


def due_level(day: int, due_day: int) -> int:
    """How near a day is on which something falls due, as a level."""
    return max(0, TOP_LEVEL - (due_day - day) * 3 // 2)


# --- promises ------------------------------------------------------------------------------------------------


def _put_promise_to_pay(knowledge: Knowledge, shortlist: Shortlist) -> None:
    day, known = knowledge.day, knowledge.words
    given = {promise.loan for promise in known.given(knowledge.seat, day)}
    for other, loan in loans_by_other(knowledge)[1].items():
        ahead = loan.due_day - day
        if other in knowledge.others and 0 < ahead <= PROMISE_AHEAD_DAYS and loan.number not in given:
            salience = 3 + due_level(day, loan.due_day) // 2 + lack(knowledge) // 2
            shortlist.put("promise_pay", salience, _promise_to_pay, knowledge, other, loan)
            return


def _promise_to_pay(knowledge: Knowledge, other: str, loan: Loan) -> Choice:
    slots, past = debt_slots(knowledge, loan, other)
    facts = (
        Fact("due", due_level(knowledge.day, loan.due_day), f"it is due {slots['day']}", other),
        Fact("short", lack(knowledge), f"you owe {other} {past['debt'].text} and have {say_pence(knowledge.pence)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"promise {other} payment", act="promise_pay", facts=facts, to=other, tone=tone(knowledge, other),
        text=f"give {other} your word to pay {past['debt'].text} {slots['day']}", weight=6, slots=slots, past=past,
    )  # fmt: skip
    return PromiseTerms(PromiseKind.WILL_PAY, other, "", loan.number, loan.due_day), option


def _put_promise_to_hold(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    day, known = knowledge.day, knowledge.words
    found: list[tuple[int, str, str]] = []
    for good in scenario.goods:
        hope = hope_level(knowledge, good.name)
        if hope < HOPE_TO_HOLD or spare_units(knowledge, good.name) < LEAST_SPARE:
            continue
        if known.binding(knowledge.seat, good.name, day, *OVER_GOODS):
            continue
        salience = 4 + hope - MIDDLE_LEVEL + spare_level(knowledge, good.name) // 3
        found += [
            (salience + trust_level(knowledge, other) // 3, good.name, other)
            for other in knowledge.others
            if known.bought(other, good.name, day) and known.may_ask(PromiseKind.WILL_HOLD, other, day)
        ]
    if found:
        salience, name, other = max(found, key=lambda row: row[0])
        shortlist.put("promise_hold", salience, _promise_to_hold, knowledge, name, other)


def _promise_to_hold(knowledge: Knowledge, good: str, other: str) -> Choice:
    say, by_day = knowledge.say[good], knowledge.day + HELD_DAYS - 1
    until = say_coming(by_day + 1, knowledge.day)
    facts = (
        Fact("hope", hope_level(knowledge, good), expectation(knowledge, good), good),
        Fact("spare", spare_level(knowledge, good), f"you can spare {spare_units(knowledge, good)}", good),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"promise {other} {good}", act="promise_hold", facts=facts, to=other, good=good,
        text=f"give {other} your word to sell no {say} before {until}", tone=tone(knowledge, other), weight=5,
        slots={**two_people(knowledge, other), "good": say, "day": until},
    )  # fmt: skip
    return PromiseTerms(PromiseKind.WILL_HOLD, other, good, 0, by_day), option


# --- rivals --------------------------------------------------------------------------------------------------


class _Rival(NamedTuple):
    """Another who sells what the seat would sell, or buys the share that it would buy; how much that matters."""

    matters: int
    good: str
    other: str
    sells: bool


def _rivals(knowledge: Knowledge, scenario: Scenario) -> Iterator[_Rival]:
    day, known = knowledge.day, knowledge.words
    for good in scenario.goods:
        name = good.name
        sells = spare_units(knowledge, name) >= LEAST_SPARE
        buys = good.share and hope_level(knowledge, name) >= HOPE_TO_HOLD
        for other in knowledge.others if sells or buys else ():
            sold = sells and known.sold(other, name, day)
            bought = not sold and buys and known.bought(other, name, day)
            if (sold or bought) and not known.binding(other, name, day, *OVER_GOODS):
                yield _Rival((spare_level if sold else hope_level)(knowledge, name), name, other, sold)


def _rival_text(knowledge: Knowledge, rival: _Rival) -> str:
    return f"{rival.other} has been {'selling' if rival.sells else 'buying'} {knowledge.say[rival.good]}, as you would"


# --- threats -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Threat:
    """A threat worth making: over a loan, or a good that a rival deals in; `deed` is what the room would be told."""

    terms: ThreatTerms
    salience: int
    loan: Loan | None
    rival: _Rival | None
    deed: Deed | None


def _harm(knowledge: Knowledge, loan: Loan) -> Harm:
    """What a lender can do tomorrow: call in a loan that is not due by then anyway, or tell the room of it."""
    return "call" if loan.due_day > knowledge.day + 1 + CALL_DAYS else "room"


def _threats(knowledge: Knowledge, rivals: Iterable[_Rival]) -> Iterator[_Threat]:
    day, by_day = knowledge.day, knowledge.day + HELD_DAYS - 1
    by_borrower = loans_by_other(knowledge)[0]
    for other, loan in by_borrower.items():
        if (
            other not in knowledge.others
            or other in knowledge.failed
            or not 0 < loan.due_day - day <= THREAT_AHEAD_DAYS
        ):
            continue
        cold = MIDDLE_LEVEL - feeling_level(knowledge, other)
        doubt = MIDDLE_LEVEL - trust_level(knowledge, other)
        if cold + doubt < LEAST_ILL_WILL and lack(knowledge) < LACK_TO_THREATEN:
            continue
        terms = ThreatTerms(other, loan.number, loan.owed_pence, "", 0, _harm(knowledge, loan))
        yield _Threat(terms, 9 + due_level(day, loan.due_day) // 2 + cold + doubt, loan, None, None)
    for rival in rivals:
        other, held = rival.other, by_borrower.get(rival.other)
        deed = knowledge.deeds.foremost(other, kind=False)
        if feeling_level(knowledge, other) > COLD_LEVEL or (held is None and deed is None):
            continue
        harm: Harm = "room" if held is None else _harm(knowledge, held)
        loan_number = held.number if held is not None and harm == "call" else 0
        if harm == "room" and deed is None:
            continue
        cold = MIDDLE_LEVEL - feeling_level(knowledge, other)
        terms = ThreatTerms(other, loan_number, 0, rival.good, by_day, harm)
        yield _Threat(terms, 4 + rival.matters // 2 + 2 * cold, None, rival, deed)


def _put_threat(knowledge: Knowledge, rivals: Iterable[_Rival], shortlist: Shortlist) -> None:
    known, day = knowledge.words, knowledge.day
    found = [item for item in _threats(knowledge, rivals) if known.may_ask("threat", item.terms.to, day)]
    if found:
        foremost = max(found, key=lambda item: item.salience)
        shortlist.put("threaten", foremost.salience, _threaten, knowledge, foremost)


def _threaten(knowledge: Knowledge, threat: _Threat) -> Choice:
    terms, other = threat.terms, threat.terms.to
    feelings = (trust_fact(knowledge, other), feeling_fact(knowledge, other))
    harm = "call in its loan" if terms.harm == "call" else "tell the room"
    if threat.loan is not None:
        slots, past = debt_slots(knowledge, threat.loan, other)
        due = due_level(knowledge.day, threat.loan.due_day)
        size = share_level(terms.owed_pence, knowledge.pence + terms.owed_pence)
        facts = (Fact("size", size, f"{other} owes you {past['debt'].text}", other),
                 Fact("due", due, f"it is due {slots.pop('day')}", other))  # fmt: skip
        wanted, phrase, past = f"pay {past['debt'].text} now", f"threaten {other}", {"debt": past["debt"]}
    else:
        assert threat.rival is not None
        say, until = knowledge.say[terms.good], say_coming(terms.by_day + 1, knowledge.day)
        slots, past = {**two_people(knowledge, other), "good": say, "day": until}, {}
        facts = (Fact("gain", threat.rival.matters, _rival_text(knowledge, threat.rival), terms.good),
                 Fact("deed", abs(threat.deed.strength) if threat.deed else 0, threat.deed.text if threat.deed else "",
                      other))  # fmt: skip
        wanted, phrase = f"leave {say} alone until {until}", f"threaten {other} {terms.good}"
    option = Option(
        phrase=phrase, act="threaten", facts=(*facts, *feelings), to=other, good=terms.good,
        text=f"tell {other} to {wanted}, or tomorrow you {harm}", tone=tone(knowledge, other), weight=8, slots=slots,
        past=past,
    )  # fmt: skip
    return terms, option


def _carry_out(knowledge: Knowledge, threat: Threatened) -> Choice:
    other, calls = threat.to, threat.harm == "call"
    loan = knowledge.loans.get(threat.loan)
    deed = knowledge.deeds.foremost(other, kind=False)
    act, due_day = "press" if calls else "needle", knowledge.day + CALL_DAYS
    if calls and loan is not None:
        slots, past = debt_slots(knowledge, loan, other)
        slots["day"] = say_coming(due_day, knowledge.day)
        told = f"call in {past['debt'].text}, due {slots['day']}"
    else:
        slots, past = two_people(knowledge, other), deed_past(knowledge, deed) if deed else {}
        told = f"tell the room that {other} owes you {say_pence(threat.owed_pence)} and does not pay" if threat.loan \
            else f"tell the room of {deed.text if deed else other}"  # fmt: skip
    facts = (
        Fact("warned", TOP_LEVEL, f"you warned {other}, and {other} did not give way", other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"{act} {other} as warned", act=act, facts=facts, text=told, to=other, tone=tone(knowledge, other),
        weight=9, slots=slots, past=past,
    )  # fmt: skip
    return CarryOut(threat, due_day if calls else 0), option


# --- bribes --------------------------------------------------------------------------------------------------


def bribe_pence(knowledge: Knowledge) -> int:
    """What a seat offers as a bribe."""
    stepped = knowledge.pence // BRIBE_PARTS // BRIBE_STEP_PENCE * BRIBE_STEP_PENCE
    return max(LEAST_BRIBE_PENCE, min(MOST_BRIBE_PENCE, stepped))


def _may_be_had(knowledge: Knowledge, scenario: Scenario, rival: _Rival) -> bool:
    """Whether a bribe is not hopeless from the first: it is some part of a day's deal, and was not spurned lately."""
    most = MOST_SHARES if scenario.good(rival.good).share else MOST_UNITS
    deal_pence = most * knowledge.last_pence[rival.good]
    enough = bribe_pence(knowledge) * DEAL_PARTS >= deal_pence
    return enough and knowledge.words.may_be_had(rival.other, knowledge.day)


def _put_bribe(knowledge: Knowledge, scenario: Scenario, rivals: Iterable[_Rival], shortlist: Shortlist) -> None:
    poor = knowledge.pence < BRIBE_PURSE_PENCE or knowledge.seat in knowledge.failed
    if poor or not knowledge.words.may_ask("bribe", "", knowledge.day):
        return
    found = [
        (2 + rival.matters + trust_level(knowledge, rival.other) // 3, rival)
        for rival in rivals
        if rival.matters >= MATTERS_TO_BRIBE and _may_be_had(knowledge, scenario, rival)
    ]
    if found:
        salience, rival = max(found, key=lambda row: row[0])
        shortlist.put("bribe", salience, _bribe, knowledge, rival)


def _bribe(knowledge: Knowledge, rival: _Rival) -> Choice:
    other, good, pence = rival.other, rival.good, bribe_pence(knowledge)
    by_day = knowledge.day + HELD_DAYS - 1
    until, say = say_coming(by_day + 1, knowledge.day), knowledge.say[good]
    facts = (
        Fact("gain", rival.matters, _rival_text(knowledge, rival), good),
        Fact("cost", share_level(pence, knowledge.pence), f"it costs you {say_pence(pence)}"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"bribe {other} {good}", act="bribe", facts=facts, to=other, good=good, tone=tone(knowledge, other),
        text=f"offer {other} {say_pence(pence)} for leaving {say} alone until {until}", weight=7,
        slots={**two_people(knowledge, other), "price": say_pence(pence), "good": say, "day": until},
    )  # fmt: skip
    return BribeTerms(other, pence, good, by_day), option
