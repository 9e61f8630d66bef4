"""What a seat could bring before the court, swear in it, and say of its verdict.

Works from the seat's knowledge alone. Somebody is accused only over what the seat could show: a tale in a letter of
its own, that came out false and cost it something.
"""

from collections.abc import Iterator

from fivepenny import courts
from fivepenny.clock import say_past
from fivepenny.courts import Oath, Offence
from fivepenny.events import Seen
from fivepenny.market.bribery_menu import oaths_of_bribery, paid_fact
from fivepenny.market.court_known import CourtKnown, Grievance, Summons
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.knowledge import Knowledge
from fivepenny.market.levels import level, share_level
from fivepenny.market.parley import two_people
from fivepenny.market.shortlist import Choice, Shortlist
from fivepenny.market.sight import feeling_fact, feeling_level, loans_by_other, say_pence, suits, tone, trust_fact
from fivepenny.market.terms import Rest
from fivepenny.scenario import Scenario
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL, Fact, Option, Past, in_words

FRESH_DAYS = 4  # a grievance older than this is let lie
LEAST_SALIENCE = 5
SWEAR_SALIENCE = 20  # who is summoned is asked
_LOSS_PENCE = (6, 12, 24, 48, 96, 144, 240, 360, 600)
_PROOF = (1, 2, 3, 4, 5, 6, 8, 10, 14)  # units dealt against one's own tale
PROOFS = ("hardly", "perhaps", "well", "easily")  # could letters or books show that an oath is false
_AGAINST = frozenset({Oath.TOLD, Oath.MADE_IT, Oath.MONEY, Oath.OWNS_TO_IT})
_IN_LETTERS = frozenset({Oath.NOT_TOLD, Oath.NO_MONEY, Oath.DENIES_IT})
"""Oaths that tell against the accused; oaths that letters could contradict."""
FEAR_OF_LETTERS, FEAR_OF_BOOKS, FEAR_OF_NOTHING = 7, 8, 2


# --- to accuse --------------------------------------------------------------------------------------------------------


def put_accusations(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put whom the seat could accuse this morning: of each other, over what cost it most."""
    known = knowledge.court
    if known is None:
        return
    worst: dict[str, Grievance] = {}
    for item in known.grievances:
        other, fresh = item.tale.teller, knowledge.day - item.day < FRESH_DAYS
        busy = any(case.opened.accused == other for case in known.cases.values())
        if fresh and other in knowledge.others and not busy:
            held = worst.get(other)
            if held is None or item.loss_pence > held.loss_pence:
                worst[other] = item
    for other, item in worst.items():
        loss, proof = level(item.loss_pence, _LOSS_PENCE), level(known.against(item.tale), _PROOF)
        salience = LEAST_SALIENCE + loss + proof - feeling_level(knowledge, other) // 2
        shortlist.put("accuse", salience, _accuse, knowledge, item, loss, proof)


def _accuse(knowledge: Knowledge, item: Grievance, loss: int, proof: int) -> Choice:
    tale, other, say = item.tale, item.tale.teller, knowledge.say[item.tale.good]
    motion, dealt = ("rise", "sold") if tale.rises else ("fall", "bought")
    found = say_past(item.day, knowledge.day)
    facts = (
        Fact("loss", loss, f"it cost you {say_pence(item.loss_pence)}", other),
        Fact("proof", proof, f"the tape shows that {other} {dealt} after telling you" if proof else "you have a letter",
             other),
        Fact("fresh", max(0, TOP_LEVEL - 2 * (knowledge.day - item.day)), f"it came out {found}", other),
        trust_fact(knowledge, other),
        feeling_fact(knowledge, other),
    )  # fmt: skip
    past = {
        "deed": Past(f"the tale you sold me about {say}", tale.event),
        "since": Past(say_past(tale.day, knowledge.day), tale.event),
    }
    option = Option(
        phrase=f"accuse {other}", act="accuse", facts=facts, to=other, tone=tone(knowledge, other), weight=9,
        text=f"accuse {other} before the magistrate of telling you falsely that {say} would {motion}",
        slots=two_people(knowledge, other), past=past,
    )  # fmt: skip
    return AccuseTerms(other, tale.good, tale.rises, tale.day), option


# --- to swear ---------------------------------------------------------------------------------------------------------


def put_testimony(knowledge: Knowledge, scenario: Scenario, shortlist: Shortlist) -> None:
    """Put what the seat could swear tonight: what it knows, or the contrary."""
    known = knowledge.court
    if known is None:
        return
    for number in sorted(known.summons):
        case = known.cases[number]
        for terms in oaths(knowledge, known, case):
            act = "testify" if terms.true else "perjure"
            shortlist.put(act, SWEAR_SALIENCE, _swear, knowledge, case, terms)


def oaths(knowledge: Knowledge, known: CourtKnown, case: Summons) -> Iterator[OathTerms]:
    """What a seat can swear: what is so as far as it knows, first, and then what is not.

    Who is accused and has nothing to hide has nothing to swear falsely.
    """
    opened = case.opened
    number, seat = opened.case, knowledge.seat
    if opened.offence is Offence.BRIBERY:
        yield from oaths_of_bribery(known, opened, seat)
    elif opened.accused != seat:
        told = _was_told(known, opened, seat)
        yield OathTerms(number, Oath.TOLD if told else Oath.NOT_TOLD, 0, True)
        yield OathTerms(number, Oath.NOT_TOLD if told else Oath.TOLD, 0, False)
    elif opened.offence is Offence.FALSE_REPORT:
        made_up = _made_up(known, opened, seat)
        yield OathTerms(number, Oath.MADE_IT if made_up else Oath.HAD_IT, 0, True)
        if made_up:
            yield OathTerms(number, Oath.HAD_IT, 0, False)
    else:
        units = knowledge.stock[opened.good]
        yield OathTerms(number, Oath.HOLDS, units, True)
        if units > 1:
            yield OathTerms(number, Oath.HOLDS, units // 2, False)


def _was_told(known: CourtKnown, opened: courts.CaseOpened, seat: str) -> bool:
    return any(
        (tale.teller, tale.hearer, tale.good) == (opened.accused, seat, opened.good)
        and courts.bears_on(opened.offence, opened.rises, tale.rises)
        and tale.day >= opened.since_day - courts.MATTER_DAYS
        for tale in known.tales
    )


def _made_up(known: CourtKnown, opened: courts.CaseOpened, seat: str) -> bool:
    return any(
        (tale.teller, tale.good, tale.rises, tale.made_up) == (seat, opened.good, opened.rises, True)
        for tale in known.tales
        if tale.day >= opened.since_day - courts.MATTER_DAYS
    )


def _suits(knowledge: Knowledge, opened: courts.CaseOpened, terms: OathTerms) -> int:
    """How far it suits the seat that this is believed: by what it feels for the accused, or because that is itself."""
    against = terms.oath in _AGAINST or (terms.oath is Oath.HOLDS and terms.true)
    if opened.accused == knowledge.seat:
        return 0 if against else TOP_LEVEL
    feeling = feeling_level(knowledge, opened.accused)
    return TOP_LEVEL - 1 - feeling if against else feeling


def _fear(opened: courts.CaseOpened, terms: OathTerms) -> int:
    """How easily it could be shown to be false."""
    if terms.true:
        return 0
    if terms.oath in _IN_LETTERS:
        return FEAR_OF_LETTERS
    return FEAR_OF_BOOKS if terms.oath is Oath.HOLDS else FEAR_OF_NOTHING


def _statement(knowledge: Knowledge, opened: courts.CaseOpened, terms: OathTerms) -> str:
    say = knowledge.say[opened.good]
    match terms.oath:
        case Oath.TOLD:
            return f"{opened.accused} did tell you something of {say}"
        case Oath.NOT_TOLD:
            return f"{opened.accused} told you nothing of {say}"
        case Oath.HAD_IT:
            return f"you had the tale about {say} of another"
        case Oath.MADE_IT:
            return f"you made up the tale about {say}"
        case Oath.HOLDS:
            return f"you hold {terms.units} of {say}"
        case Oath.MONEY:
            return f"there was money between you and {opened.accused}, over {say}"
        case Oath.NO_MONEY:
            return f"there was no money between you and {opened.accused}, over {say}"
        case Oath.OWNS_TO_IT:
            return f"you offered money over {say}, or took it"
        case Oath.DENIES_IT:
            return f"you offered no money over {say}, and took none"


def _swear(knowledge: Knowledge, case: Summons, terms: OathTerms) -> Choice:
    opened = case.opened
    own = opened.accused == knowledge.seat
    act, rival = ("testify", "perjure") if terms.true else ("perjure", "testify")
    statement = _statement(knowledge, opened, terms)
    loan = loans_by_other(knowledge)[0].get(opened.accused)
    stake = share_level(loan.owed_pence, knowledge.pence) if loan else 0
    gain, fear = _suits(knowledge, opened, terms), _fear(opened, terms)
    facts = (
        Fact("suits", gain, suits(gain)),
        Fact("fear", fear, f"letters or books could {in_words(fear, PROOFS)} show otherwise"),
        Fact("stake", stake, f"{opened.accused} owes you {say_pence(loan.owed_pence if loan else 0)}"),
        Fact("accused", TOP_LEVEL if own else 0, "it is you who stand accused" if own else "another stands accused"),
        *(() if own else (feeling_fact(knowledge, opened.accused),)),
        *(paid_fact(knowledge.court, knowledge.seat, terms) if knowledge.court else ()),
    )
    slots = {"me": knowledge.seat.capitalize(), "good": knowledge.say[opened.good]}
    past = {} if own else {"third": Past(opened.accused.capitalize(), case.event)}
    option = Option(
        phrase=f"{act} {opened.accused}", act=act, facts=facts, good=opened.good, weight=7 + own,
        text=f"swear that {statement}{'' if terms.true else ', which is not so'}",
        slots=slots, past=past, excludes=frozenset({f"{rival} {opened.accused}"}),
    )  # fmt: skip
    return terms, option


# --- to protest -------------------------------------------------------------------------------------------------------


def protests(knowledge: Knowledge, seen: Seen, body: courts.CaseDecided) -> Iterator[Choice]:
    """What the convicted could say of it tonight."""
    price = say_pence(body.fine_pence)
    weight = MIDDLE_LEVEL + share_level(body.fine_pence, knowledge.pence + body.fine_pence) // 2 + 1
    fact = Fact("loss", share_level(body.fine_pence, knowledge.pence), f"the court takes {price} of you")
    option = Option(
        phrase="protest", act="protest", facts=(fact,), text="protest against the verdict", weight=weight,
        slots={"me": knowledge.seat.capitalize(), "price": price},
    )  # fmt: skip
    return iter([(Rest(), option)])
