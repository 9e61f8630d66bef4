"""What a seat could offer a witness this morning, answer to such an offer, and bring before the court of bribes.

Works from its knowledge alone. Who stands accused, or whose friend does, may wish that a witness remembered nothing;
who refused money may tell the magistrate.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny import bribery, courts
from fivepenny.clock import say_past
from fivepenny.courts import Oath, Offence
from fivepenny.events import Body
from fivepenny.market.bribery_known import Offer, OwnOffer
from fivepenny.market.bribery_learning import DENIALS
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_known import CourtKnown, Summons
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import level, share_level
from fivepenny.market.parley import two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import feeling_fact, feeling_level, say_pence, tone, trust_fact, trust_level
from fivepenny.market.words_menu import BRIBE_PURSE_PENCE, CUSTOM, bribe_pence
from fivepenny.market.words_replies import BRIBE_ANSWERS, reply
from fivepenny.scenario import Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past

FRESH_DAYS = 3  # an offer older than this is let lie
ACCUSE_SALIENCE, SEEK_SALIENCE = 5, 6
FRIEND_LEVEL = 5  # a feeling from which one pays for another's sake
OWN_GAIN = 8  # as a level; a friend's is what is felt for it
LETTER_PROOF = 5  # what it is to have an offer in writing, as a level
PAID, PAID_FOR_ANOTHER = TOP_LEVEL, 0
_PROOF = (1, 2, 3, 4, 5, 6, 8, 10, 14)  # units that it dealt itself in what it wanted left alone


# --- to bribe a witness -----------------------------------------------------------------------------------------------


def put_oath_bribes(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put whom the seat could pay for a convenient memory: of each case heard tonight, the witness worth most."""
    known = knowledge.court
    poor = knowledge.pence < BRIBE_PURSE_PENCE or knowledge.seat in knowledge.failed
    if known is None or poor or CUSTOM not in scenario.customs:
        return
    for case in known.cases.values():
        accused, own = case.opened.accused, case.opened.accused == knowledge.seat
        gain = OWN_GAIN if own else feeling_level(knowledge, accused)
        if not own and (gain < FRIEND_LEVEL or case.opened.accuser == knowledge.seat):
            continue
        worth = [
            (trust_level(knowledge, other), other)
            for other in case.witnesses
            if other in knowledge.others and other != accused and (not own or knows_of(known, case.opened, other))
        ]
        if worth:
            trust, other = max(worth, key=lambda pair: pair[0])
            shortlist.put("bribe", SEEK_SALIENCE + gain + trust // 3, _seek, knowledge, case, other, gain)


def knows_of(known: CourtKnown, opened: courts.CaseOpened, other: str) -> bool:
    """Whether another could swear something against the seat, which stands accused."""
    seat, first_day = opened.accused, opened.since_day - courts.MATTER_DAYS
    if opened.offence is Offence.BRIBERY:
        return any(_between(item, seat, other, opened) for item in known.offers)
    return any(
        (tale.teller, tale.hearer, tale.good) == (seat, other, opened.good)
        and courts.bears_on(opened.offence, opened.rises, tale.rises)
        and tale.day >= first_day
        for tale in known.tales
    )


def _between(item: Offer, seat: str, other: str, opened: courts.CaseOpened) -> bool:
    fresh = item.day >= opened.since_day - courts.MATTER_DAYS
    return {item.by, item.to} == {seat, other} and item.good == opened.good and fresh


def _seek(knowledge: Knowledge, case: Summons, other: str, gain: int) -> Choice:
    opened, pence = case.opened, bribe_pence(knowledge)
    own = opened.accused == knowledge.seat
    whom = "you" if own else opened.accused
    facts = (
        Fact("gain", gain, f"{whom} will be judged tonight", opened.accused),
        Fact("cost", share_level(pence, knowledge.pence), f"it costs you {say_pence(pence)}"),
        Fact("accused", TOP_LEVEL if own else MIDDLE_LEVEL, f"it is {whom} who stand{'' if own else 's'} accused"),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    option = Option(
        phrase=f"bribe {other} as witness", act="bribe", facts=facts, to=other, tone=tone(knowledge, other), weight=8,
        text=f"offer {other} {say_pence(pence)} for remembering nothing before the magistrate tonight",
        slots={**two_people(knowledge, other), "price": say_pence(pence)},
    )  # fmt: skip
    return OathBribeTerms(other, pence, opened.case, opened.good), option


# --- to answer --------------------------------------------------------------------------------------------------------


def _to_oath_bribe(knowledge: Knowledge, body: bribery.OathSought) -> Iterator[Choice]:
    other, price = body.by, say_pence(body.pence)
    known = knowledge.court
    accused = known.cases[body.case].opened.accused if known is not None else other
    suits = feeling_level(knowledge, accused) if accused != knowledge.seat else TOP_LEVEL
    facts = (
        Fact("gain", share_level(body.pence, knowledge.pence + body.pence), f"{price} for you", other),
        Fact("cost", TOP_LEVEL - suits, f"you are to remember nothing of {accused} tonight"),
        Fact("bribe", TOP_LEVEL, "it is money for an oath", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    slots = {**two_people(knowledge, other), "price": price}
    for act, verb in (("take", "take"), ("spurn", "refuse")):
        text, terms = f"{verb} {other}'s {price} for remembering nothing tonight", ReplyToOathBribe(body, act == "take")
        yield reply(knowledge, act, other, BRIBE_ANSWERS, text, facts, terms, slots)


ANSWERS: Mapping[type[Body], Callable[[Knowledge, Any], Iterator[Choice]]] = {bribery.OathSought: _to_oath_bribe}
"""What can be answered to an offer for an oath."""


# --- to accuse --------------------------------------------------------------------------------------------------------


def put_bribe_charges(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put the offer of money that the seat refused lately, and could tell the magistrate of: the greatest sum."""
    known = knowledge.court
    if known is None or CUSTOM not in scenario.customs:
        return
    busy = {case.opened.accused for case in known.cases.values()}
    found = [
        item
        for item in known.offers
        if (item.to, item.fate, item.told) == (knowledge.seat, "spurned", False)
        and knowledge.day - item.day < FRESH_DAYS
        and item.by in knowledge.others
        and item.by not in busy
    ]
    if found:
        worst = max(found, key=lambda item: item.pence)
        units = sum(map(abs, known.dealings(worst.by, worst.good, worst.day)))
        proof = LETTER_PROOF + level(units, _PROOF) // 2
        salience = ACCUSE_SALIENCE + proof // 2 - feeling_level(knowledge, worst.by) // 2
        shortlist.put("accuse", salience, _accuse, knowledge, worst, proof)


def _accuse(knowledge: Knowledge, item: OwnOffer, proof: int) -> Choice:
    other, say, price = item.by, knowledge.say[item.good], say_pence(item.pence)
    bought, since = "an oath" if item.about else f"leaving {say} alone", say_past(item.day, knowledge.day)
    facts = (
        Fact("offer", share_level(item.pence, knowledge.pence + item.pence), f"{price} was offered to you", other),
        Fact("proof", proof, f"you have {other}'s letter, and the tape shows what {other} dealt in since", other),
        Fact("fresh", max(0, TOP_LEVEL - 2 * (knowledge.day - item.day)), f"it was {since}", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )
    past = {
        "deed": Past(f"the {price} you offered me for {bought}", item.event),
        "since": Past(since, item.event),
    }
    option = Option(
        phrase=f"accuse {other} bribe", act="accuse", facts=facts, to=other, tone=tone(knowledge, other), weight=9,
        text=f"accuse {other} before the magistrate of offering you {price} for {bought}",
        slots=two_people(knowledge, other), past=past,
    )  # fmt: skip
    return AccuseTerms(other, item.good, True, item.day, Offence.BRIBERY), option


# --- to swear ---------------------------------------------------------------------------------------------------------


def oaths_of_bribery(known: CourtKnown, opened: courts.CaseOpened, seat: str) -> Iterator[OathTerms]:
    """What a seat can swear of bribery: what is so first, then what is not. Who is innocent has only the truth."""
    number, first_day = opened.case, opened.since_day - courts.MATTER_DAYS
    if opened.accused == seat:
        did = any(
            bribery.shows_guilt(item, seat) and item.good == opened.good and item.day >= first_day
            for item in known.offers
        )
        yield OathTerms(number, Oath.OWNS_TO_IT if did else Oath.DENIES_IT, 0, True)
        if did:
            yield OathTerms(number, Oath.DENIES_IT, 0, False)
        return
    money = any(_between(item, seat, opened.accused, opened) for item in known.offers)
    yield OathTerms(number, Oath.MONEY if money else Oath.NO_MONEY, 0, True)
    yield OathTerms(number, Oath.NO_MONEY if money else Oath.MONEY, 0, False)


def paid_fact(known: CourtKnown, seat: str, terms: OathTerms) -> tuple[Fact, ...]:
    """The money that a seat had today for remembering nothing, beside each oath that it could swear."""
    for item in known.offers:
        if (item.to, item.about, item.fate) == (seat, terms.case, "taken"):
            bought = terms.oath in DENIALS
            text = f"{item.by} paid you {say_pence(item.pence)} for {'this' if bought else 'another'} oath"
            return (Fact("paid", PAID if bought else PAID_FOR_ANOTHER, text, item.by),)
    return ()
