"""What may follow from a choice of the custom of words, and who may know of it, for the audit.

Tables alone; they are joined in `audit_deeds` and `audit_audiences`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fivepenny import words
from fivepenny.events import Body
from fivepenny.market.terms import Terms
from fivepenny.market.words_terms import (
    BribeTerms,
    CarryOut,
    PromiseTerms,
    ReplyToBribe,
    ReplyToPromise,
    ReplyToThreat,
    ThreatTerms,
    TipInManner,
    WordInManner,
)

PUBLIC: frozenset[type[Body]] = frozenset({words.SpokenSo, words.ToldRoom})
PRIVATE: Mapping[type[Body], tuple[str, ...]] = {
    words.ToldSo: ("teller", "hearer"),
    words.Promised: ("promise.by", "promise.to"),
    words.PromiseWeighed: ("hearer", "promiser"),
    words.PromiseSettled: ("promise.by", "promise.to"),
    words.Threatened: ("by", "to"),
    words.Defied: ("by", "to"),
    words.Yielded: ("promise.by", "promise.to"),
    words.CalledIn: ("lender", "borrower"),
    words.ThreatLapsed: ("by", "to"),
    words.Bribed: ("by", "to"),
    words.BribeTaken: ("by", "to"),
    words.BribeSpurned: ("by", "to"),
    words.BribeUnpaid: ("by", "to"),
}
UNASKED: frozenset[type[Body]] = frozenset({words.PromiseSettled, words.ThreatLapsed})
"""What happens at dusk."""


def _tells(seat: str, terms: TipInManner, body: Body) -> bool:
    if not isinstance(body, words.ToldSo):
        return False
    tip, told = terms.tip, (body.teller, body.hearer, body.claim.asset, body.claim.kind, body.manner)
    return told == (seat, tip.hearer, tip.asset, tip.kind, terms.manner)


def _promises(seat: str, terms: PromiseTerms, body: Body) -> bool:
    if not isinstance(body, words.Promised):
        return False
    given = body.promise
    told = (given.by, given.kind, given.to, given.good, given.loan, given.by_day, body.manner)
    return told == (seat, terms.kind, terms.to, terms.good, terms.loan, terms.by_day, terms.manner)


def _threatens(seat: str, terms: ThreatTerms, body: Body) -> bool:
    return isinstance(body, words.Threatened) and body == words.Threatened(
        body.threat, seat, terms.to, terms.loan, terms.owed_pence, terms.good, terms.by_day, terms.harm, terms.manner
    )


def _answers_threat(seat: str, terms: ReplyToThreat, body: Body) -> bool:
    threat = terms.threat
    if not terms.yields:
        return body == words.Defied(threat.threat, threat.by, seat)
    return isinstance(body, words.Yielded) and (body.threat, body.promise.by) == (threat.threat, seat)


def _carries_out(seat: str, terms: CarryOut, body: Body) -> bool:
    threat = terms.threat
    if threat.harm == "room":
        return body == words.ToldRoom(threat.threat, seat, threat.to, threat.owed_pence)
    if not isinstance(body, words.CalledIn):
        return False
    called = (body.threat, body.lender, body.borrower, body.loan, body.due_day)
    return called == (threat.threat, seat, threat.to, threat.loan, terms.due_day)


def _bribes(seat: str, terms: BribeTerms, body: Body) -> bool:
    return isinstance(body, words.Bribed) and body == words.Bribed(
        body.bribe, seat, terms.to, terms.pence, terms.good, terms.by_day, terms.manner
    )


def _answers_bribe(seat: str, terms: ReplyToBribe, body: Body) -> bool:
    bribe = terms.bribe
    told = (bribe.bribe, bribe.by, seat, bribe.pence)
    if not terms.taken:
        return body == words.BribeSpurned(*told)
    if isinstance(body, words.BribeTaken):
        return (body.bribe, body.by, body.to, body.pence) == told
    return body == words.BribeUnpaid(*told)


FOLLOWS: Mapping[type[Terms], Callable[[str, Any, Body], bool]] = {
    TipInManner: _tells,
    WordInManner: lambda seat, terms, body: (
        body == words.SpokenSo(terms.word.act, seat, terms.word.hearer, terms.word.deed, terms.manner)
    ),
    PromiseTerms: _promises,
    ReplyToPromise: lambda seat, terms, body: (
        body == words.PromiseWeighed(seat, terms.promise.by, terms.promise.number, terms.believed)
    ),
    ThreatTerms: _threatens,
    ReplyToThreat: _answers_threat,
    CarryOut: _carries_out,
    BribeTerms: _bribes,
    ReplyToBribe: _answers_bribe,
}
"""Whether an event is what the terms of the custom bring about. What it says besides is audited in `audit_words`."""
