"""The gate for words, pacts and the court: nobody binds itself to itself, answers what was not put to it, or swears in
a case in which it is not asked.
"""

from collections.abc import Mapping
from typing import Any, get_args

from fivepenny.claims import PromiseKind
from fivepenny.courts import Offence
from fivepenny.market.bribery_terms import OathBribeTerms, ReplyToOathBribe
from fivepenny.market.court_menu import oaths
from fivepenny.market.court_terms import AccuseTerms, OathTerms
from fivepenny.market.gate_checks import Judge, ahead, amount, good, kept, loan_between, present, put
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.state import Market
from fivepenny.market.terms import Terms
from fivepenny.market.words_menu import CALL_DAYS, HELD_DAYS
from fivepenny.market.words_state import StandingThreat
from fivepenny.market.words_terms import (
    BribeTerms,
    CarryOut,
    PromiseTerms,
    ReplyToBribe,
    ReplyToPromise,
    ReplyToThreat,
    ThreatTerms,
)
from fivepenny.pacts import PactProposed, Shape
from fivepenny.parts import Manner
from fivepenny.refusals import MoveFlaw
from fivepenny.words import Harm

MANNERS, HARMS = frozenset(get_args(Manner)), frozenset(get_args(Harm))


def manner(name: Any) -> MoveFlaw | None:
    """What is wrong with a manner of saying something."""
    return None if name in MANNERS else MoveFlaw.UNKNOWN_WORD


# --- words ----------------------------------------------------------------------------------------------------------


def _held(market: Market, name: str, by_day: Any) -> MoveFlaw | None:
    """What is wrong with leaving a good alone, or holding it, up to a day."""
    if type(by_day) is not int:
        return MoveFlaw.NOT_AN_INTEGER
    soon = market.day <= by_day < market.day + HELD_DAYS
    return good(market, name) or (None if soon else MoveFlaw.OTHER_TERMS)


def _promise(market: Market, seat: str, terms: PromiseTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.to) or manner(terms.manner)
    if flaw:
        return flaw
    match terms.kind:
        case PromiseKind.WILL_PAY:
            loan = loan_between(market, terms.to, seat, terms.loan)
            if loan is None:
                return MoveFlaw.NO_SUCH_LOAN
            return None if (loan.due_day, "") == (terms.by_day, terms.good) else MoveFlaw.OTHER_TERMS
        case PromiseKind.WILL_HOLD if not terms.loan:
            return _held(market, terms.good, terms.by_day)
        case _:
            return MoveFlaw.OTHER_TERMS


def _threaten(market: Market, seat: str, terms: ThreatTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.to) or manner(terms.manner)
    if flaw:
        return flaw
    loan = loan_between(market, seat, terms.to, terms.loan)
    if terms.loan and loan is None:
        return MoveFlaw.NO_SUCH_LOAN
    if terms.harm not in HARMS or (terms.harm == "call" and loan is None):
        return MoveFlaw.OTHER_TERMS
    if terms.good:
        return _held(market, terms.good, terms.by_day)
    return None if loan is not None and loan.owed_pence == terms.owed_pence else MoveFlaw.OTHER_TERMS


def _carry_out(market: Market, seat: str, terms: CarryOut) -> MoveFlaw | None:
    threat = terms.threat
    if threat.by != seat or market.words.threats.get(threat.threat) != StandingThreat(market.day - 1, threat):
        return MoveFlaw.NO_SUCH_THREAT
    flaw = present(market, seat, threat.to)
    if flaw or threat.harm == "room":
        return flaw
    loan = loan_between(market, seat, threat.to, threat.loan)
    if loan is None:
        return MoveFlaw.NO_SUCH_LOAN
    return None if terms.due_day == market.day + CALL_DAYS < loan.due_day else MoveFlaw.OTHER_TERMS


def _bribe(market: Market, seat: str, terms: BribeTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.to) or manner(terms.manner) or amount(terms.pence)
    return flaw or _held(market, terms.good, terms.by_day)


def _answer_promise(market: Market, seat: str, terms: ReplyToPromise) -> MoveFlaw | None:
    heard = [getattr(body, "promise", None) for body in market.knowledge[seat].heard]
    return None if terms.promise in heard and terms.promise.to == seat else MoveFlaw.NOT_PUT_TO_IT


def _answer_threat(market: Market, seat: str, terms: ReplyToThreat) -> MoveFlaw | None:
    flaw = put(market, seat, terms.threat)
    # Who gives way to a threat over a debt pays it.
    return flaw or (None if terms.threat.good or not terms.yields else MoveFlaw.OTHER_TERMS)


def _answer_bribe(market: Market, seat: str, terms: ReplyToBribe | ReplyToOathBribe) -> MoveFlaw | None:
    return put(market, seat, terms.bribe)


# --- pacts ----------------------------------------------------------------------------------------------------------


def _third(market: Market, seat: str, terms: PactTerms) -> MoveFlaw | None:
    if terms.shape != Shape.SHUN:
        return good(market, terms.about)
    flaw = MoveFlaw.DEALS_WITH_ITSELF if terms.about == terms.to else None
    return flaw or present(market, seat, terms.about)


def _propose(market: Market, seat: str, terms: PactTerms) -> MoveFlaw | None:
    if not isinstance(terms.shape, Shape):
        return MoveFlaw.OTHER_TERMS
    flaw = present(market, seat, terms.to) or _third(market, seat, terms) or ahead(market, terms.until_day)
    flaw = flaw or amount(terms.penalty_pence) or amount(terms.price_pence + 1) or amount(terms.fund_pence + 1)
    if flaw or (terms.shape == Shape.FLOOR) != (terms.price_pence > 0):
        return flaw or MoveFlaw.OTHER_TERMS
    if not terms.pact:
        return MoveFlaw.MORE_THAN_IT_HAS if terms.fund_pence > market.free(seat) else None
    pact = market.pacts.binding(seat, terms.about)
    figures = (terms.pact, terms.shape, terms.price_pence, terms.until_day, terms.penalty_pence, terms.fund_pence)
    stands = pact and (pact.number, pact.shape, pact.price_pence, pact.until_day, pact.penalty_pence, 0) == figures
    return None if stands else MoveFlaw.NO_SUCH_PACT


def _answer_pact(market: Market, seat: str, terms: ReplyToPact) -> MoveFlaw | None:
    proposal: PactProposed = terms.proposal
    return put(market, seat, proposal)


# --- the court ------------------------------------------------------------------------------------------------------


def _accuse(market: Market, seat: str, terms: AccuseTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.accused) or good(market, terms.good)
    known = market.knowledge[seat].court
    if flaw or known is None:
        return flaw or MoveFlaw.NO_CUSTOM
    matter = (terms.accused, seat, terms.good, terms.told_day)
    if terms.offence is Offence.BRIBERY:
        refused = [(item.by, item.to, item.good, item.day) for item in known.offers if item.fate == "spurned"]
        return None if matter in refused and terms.rises else MoveFlaw.NOT_PUT_TO_IT
    told = [(tale.teller, tale.hearer, tale.good, tale.day) for tale in known.tales if tale.rises == terms.rises]
    return None if matter in told and terms.offence is Offence.FALSE_REPORT else MoveFlaw.NOT_PUT_TO_IT


def _swear(market: Market, seat: str, terms: OathTerms) -> MoveFlaw | None:
    knowledge = market.knowledge[seat]
    known = knowledge.court
    if known is None or terms.case not in known.summons:
        return MoveFlaw.NO_SUCH_CASE
    return None if terms in oaths(knowledge, known, known.cases[terms.case]) else MoveFlaw.OTHER_TERMS


def _seek_oath(market: Market, seat: str, terms: OathBribeTerms) -> MoveFlaw | None:
    flaw = present(market, seat, terms.to) or manner(terms.manner) or amount(terms.pence)
    known = market.knowledge[seat].court
    if flaw or known is None:
        return flaw or MoveFlaw.NO_CUSTOM
    case = known.cases.get(terms.case)
    if case is None or terms.to not in case.witnesses or terms.to == case.opened.accused:
        return MoveFlaw.NO_SUCH_CASE
    return None if case.opened.good == terms.good else MoveFlaw.OTHER_TERMS


ANSWERS: frozenset[type[Terms]] = frozenset(
    {ReplyToPromise, ReplyToThreat, ReplyToBribe, ReplyToPact, ReplyToOathBribe}
)
"""What is said in answer; the rest is addressed to somebody, but for oaths."""

FLAWS: Mapping[type[Terms], Judge] = {
    PromiseTerms: kept("words", _promise),
    ThreatTerms: kept("words", _threaten),
    CarryOut: kept("words", _carry_out),
    BribeTerms: kept("words", _bribe),
    ReplyToPromise: kept("words", _answer_promise),
    ReplyToThreat: kept("words", _answer_threat),
    ReplyToBribe: kept("words", _answer_bribe),
    PactTerms: kept("pacts", _propose),
    ReplyToPact: kept("pacts", _answer_pact),
    AccuseTerms: kept("court", _accuse),
    OathTerms: kept("court", _swear),
    OathBribeTerms: kept("words", _seek_oath),
    ReplyToOathBribe: kept("words", _answer_bribe),
}
"""What is wrong with terms of words, pacts and the court."""
