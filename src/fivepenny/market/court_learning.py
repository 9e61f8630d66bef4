"""What a seat learns of the court, and what it keeps in mind that could come before it.

Works on a seat's own knowledge. `take_note` is called with every event of a kind in NOTES, after its lesson.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import courts, words
from fivepenny import happenings as hap
from fivepenny.claims import Truth
from fivepenny.courts import Oath, Offence, Sentence
from fivepenny.events import Body, Seen
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market import bribery_learning
from fivepenny.market.court_known import CourtKnown, Grievance, Summons, Tale, units_of
from fivepenny.market.knowledge import Impression, Knowledge, Loan

CHARGED = Impression(trust=-8, feeling=-3, strength=-5, deed="the charge you laid against me")
SWORN_AGAINST = Impression(trust=-6, feeling=-2, strength=-5, deed="what you swore against me")
SWORN_FOR = Impression(feeling=2, strength=4, deed="what you swore for me")
CONVICTED, PERJURER = Impression(trust=-8), Impression(trust=-10)
_AGAINST = frozenset({Oath.TOLD, Oath.MONEY})


def _tipped(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: hap.Tipped) -> None:
    claim, own = body.claim, body.teller == knowledge.seat
    # A rumour that is told on otherwise is another claim, and the same story.
    heard = any((held.claim.asset, held.claim.kind) == (claim.asset, claim.kind) for held in knowledge.beliefs.values())
    made_up = own and not heard
    rises = claim.kind.direction > 0
    tale = Tale(claim.number, body.teller, body.hearer, claim.asset, rises, seen.day, seen.number, made_up)
    known.tales = (*known.tales, tale)
    if not own:
        known.heard.setdefault(claim.number, tale)


def _settled(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: hap.Settled) -> None:
    tale = known.heard.pop(body.claim.number, None)
    if tale is None or body.truth is not Truth.FALSE:
        return
    worth_pence = tale.units * knowledge.last_pence[tale.good]
    loss_pence = max(0, tale.pence - worth_pence if tale.rises else worth_pence - tale.pence)
    if loss_pence:
        known.grievances = (*known.grievances, Grievance(tale, loss_pence, seen.day))


def _cleared(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: hap.Cleared) -> None:
    if body.price_pence is None:
        return
    known.auctions = (*known.auctions, seen)
    units = sum(units_of(knowledge.seat, body)) if known.heard else 0
    for claim, tale in known.heard.items():
        follows = units if tale.rises else -units
        if tale.good == body.good and follows > 0:
            pence = tale.pence + follows * body.price_pence
            known.heard[claim] = replace(tale, units=tale.units + follows, pence=pence)


def _turned(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: hap.DayOpened) -> None:
    known.turn_to(seen.day)


def _accused(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Accused) -> None:
    if body.accused == knowledge.seat:
        knowledge.impress(seen, body.accuser, CHARGED)
    if body.accuser == knowledge.seat:
        if body.offence is Offence.BRIBERY:
            bribery_learning.note_charge(known, body)
            return
        left = [item for item in known.grievances if (item.tale.teller, item.tale.good) != (body.accused, body.good)]
        known.grievances = tuple(left)


def _opened(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.CaseOpened) -> None:
    known.cases[body.case] = Summons(body, seen.day, seen.number)


def _summoned(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Summoned) -> None:
    known.cases[body.case] = replace(known.cases[body.case], witnesses=body.witnesses)
    if knowledge.seat in body.witnesses:
        known.summons |= {body.case}


def _testified(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Testified) -> None:
    if known.cases[body.case].opened.accused == knowledge.seat:
        knowledge.impress(seen, body.witness, SWORN_AGAINST if body.oath in _AGAINST else SWORN_FOR)
    bribery_learning.note_oath(knowledge, known, seen, body)


def _perjured(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Perjured) -> None:
    knowledge.impress(seen, body.witness, PERJURER)


def _decided(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.CaseDecided) -> None:
    del known.cases[body.case]
    known.summons -= {body.case}
    if not body.guilty:
        return
    knowledge.impress(seen, body.accused, CONVICTED)
    if body.accused == knowledge.seat:
        knowledge.befell.append(seen)
        if body.sentence is Sentence.FREEZE:
            known.frozen_until_day = body.until_day


def _fined(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Fined) -> None:
    if body.seat == knowledge.seat:
        loan = Loan(body.loan, OUTSIDE, body.seat, body.owed_pence, seen.day, body.due_day, seen.number)
        knowledge.loans[body.loan] = loan


def _exiled(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Exiled) -> None:
    known.exiled |= {body.seat}
    knowledge.others = tuple([name for name in knowledge.others if name != body.seat])


def _returned(knowledge: Knowledge, known: CourtKnown, seen: Seen, body: courts.Returned) -> None:
    known.exiled -= {body.seat}
    here = [name for name in knowledge.trust if name not in known.exiled]
    knowledge.others = tuple(here)


NOTES: Mapping[type[Body], Callable[[Knowledge, CourtKnown, Seen, Any], None]] = {
    hap.Tipped: _tipped,
    words.ToldSo: _tipped,
    hap.Settled: _settled,
    hap.Cleared: _cleared,
    hap.DayOpened: _turned,
    courts.Accused: _accused,
    courts.CaseOpened: _opened,
    courts.Summoned: _summoned,
    courts.Testified: _testified,
    courts.Perjured: _perjured,
    courts.CaseDecided: _decided,
    courts.Fined: _fined,
    courts.Exiled: _exiled,
    courts.Returned: _returned,
    **bribery_learning.NOTES,
}


def take_note(knowledge: Knowledge, seen: Seen, body: Body) -> None:
    """Keep in mind what could come before the court, and what comes of it; nothing where there is none."""
    if knowledge.court is not None:
        NOTES[type(body)](knowledge, knowledge.court, seen, body)
