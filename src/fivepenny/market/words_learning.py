"""How a seat learns of words: what is told and said in a manner, promised, threatened and offered for silence.

Lessons of the custom of words, joined in `fivepenny.market.learning`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import words
from fivepenny.claims import ClaimKind, Promise, PromiseKind
from fivepenny.events import Body, Seen
from fivepenny.market.credence import credence
from fivepenny.market.knowledge import BELIEVED, DOUBTED, Impression, Knowledge
from fivepenny.market.manners import sway_of
from fivepenny.market.sight import hope_level
from fivepenny.market.words_known import SPURNED
from fivepenny.parts import Manner
from fivepenny.world import MIDDLE_LEVEL, TOP_LEVEL

PROMISE_KEPT = Impression(trust=8, feeling=1, strength=3, deed="the word you kept to me")
PROMISE_BROKEN = Impression(trust=-15, feeling=-2, strength=-5, deed="the word you broke to me")
THREATENED = Impression(trust=-2, feeling=-2, strength=-3, deed="what you threatened me with")
TOLD_ON = Impression(trust=-4, feeling=-3, strength=-5, deed="what you told the room of me")
CALLED_IN = Impression(trust=-4, feeling=-3, strength=-5, deed="the money you called in")
SHOWN_UP = Impression(trust=-6)
DEFIED = Impression(feeling=-2)
BRIBE_PAID, BRIBE_SPURNED = Impression(feeling=1), Impression(feeling=-1)
BRIBE_UNPAID = Impression(trust=-5, feeling=-1, strength=-2, deed="the money you offered and did not have")
SEEN_SELLING_FITS = 2  # how a word to hold a good fits, as a level, of one who was seen selling it


def _sway(knowledge: Knowledge, seen: Seen, speaker: str, manner: Manner) -> None:
    knowledge.impress(seen, speaker, sway_of(knowledge.own, manner).impression)


def credence_in_tale(knowledge: Knowledge, body: words.ToldSo) -> int:
    """How far the seat believes what it has just been told, percent; it holds what else it has heard of the good."""
    claim, teller = body.claim, body.teller
    hope = hope_level(knowledge, claim.asset)
    fits = hope if claim.kind is ClaimKind.WILL_RISE else TOP_LEVEL - hope
    sway = sway_of(knowledge.own, body.manner).credence
    return credence(knowledge.trust[teller], knowledge.words.record(teller), fits, sway, sure=body.sure)


def credence_in_promise(knowledge: Knowledge, promise: Promise, manner: Manner) -> int:
    """How far the seat believes a promise, percent."""
    by, known, fits = promise.by, knowledge.words, MIDDLE_LEVEL
    if promise.kind is PromiseKind.WILL_HOLD and known.sold(by, promise.good, knowledge.day):
        fits = SEEN_SELLING_FITS
    return credence(knowledge.trust[by], known.record(by), fits, sway_of(knowledge.own, manner).credence)


def _told(knowledge: Knowledge, seen: Seen, body: words.ToldSo) -> None:
    claim = body.claim
    if body.teller == knowledge.seat:
        # However it was told, who hears it now has heard this story.
        for number, held in knowledge.beliefs.items():
            if (held.claim.asset, held.claim.kind) == (claim.asset, claim.kind):
                knowledge.beliefs[number] = replace(held, told=held.told | {body.hearer})
        return
    knowledge.heard.append(body)
    knowledge.words.hear(claim.number, body.teller)
    knowledge.believe(claim, credence_in_tale(knowledge, body), body.teller, seen.number)
    _sway(knowledge, seen, body.teller, body.manner)


def swayed(knowledge: Knowledge, seen: Seen, body: words.SpokenSo) -> None:
    """What the manner of a word does beside the word itself."""
    if body.hearer == knowledge.seat:
        _sway(knowledge, seen, body.speaker, body.manner)


def _promised(knowledge: Knowledge, seen: Seen, body: words.Promised) -> None:
    promise = body.promise
    knowledge.words.bind(promise, seen.day)
    if promise.by == knowledge.seat:
        knowledge.words.ask(promise.kind, promise.to, seen.day)
        return
    knowledge.heard.append(body)
    _sway(knowledge, seen, promise.by, body.manner)


def _promise_weighed(knowledge: Knowledge, seen: Seen, body: words.PromiseWeighed) -> None:
    if body.promiser == knowledge.seat:
        knowledge.impress(seen, body.hearer, BELIEVED if body.believed else DOUBTED)


def _promise_settled(knowledge: Knowledge, seen: Seen, body: words.PromiseSettled) -> None:
    promise = body.promise
    knowledge.words.promises.pop(promise.number, None)
    if promise.to == knowledge.seat:
        knowledge.words.check([promise.by], right=body.kept)
        knowledge.impress(seen, promise.by, PROMISE_KEPT if body.kept else PROMISE_BROKEN)


def _threatened(knowledge: Knowledge, seen: Seen, body: words.Threatened) -> None:
    knowledge.words.stand(body, seen.day)
    if body.by == knowledge.seat:
        knowledge.words.ask("threat", body.to, seen.day)
        return
    knowledge.heard.append(body)
    knowledge.impress(seen, body.by, THREATENED)
    _sway(knowledge, seen, body.by, body.manner)


def _defied(knowledge: Knowledge, seen: Seen, body: words.Defied) -> None:
    if body.by == knowledge.seat:
        knowledge.impress(seen, body.to, DEFIED)


def _yielded(knowledge: Knowledge, seen: Seen, body: words.Yielded) -> None:
    knowledge.words.threats.pop(body.threat, None)
    knowledge.words.bind(body.promise, seen.day)


def _told_room(knowledge: Knowledge, seen: Seen, body: words.ToldRoom) -> None:
    if body.to == knowledge.seat:
        knowledge.words.learn_of_threat(body.threat, body.by, carried_out=True)
        knowledge.impress(seen, body.by, TOLD_ON)
        return
    knowledge.words.threats.pop(body.threat, None)
    if body.by != knowledge.seat:
        knowledge.impress(seen, body.to, SHOWN_UP)


def _called_in(knowledge: Knowledge, seen: Seen, body: words.CalledIn) -> None:
    knowledge.loans[body.loan] = replace(knowledge.loans[body.loan], due_day=body.due_day)
    if body.borrower == knowledge.seat:
        knowledge.words.learn_of_threat(body.threat, body.lender, carried_out=True)
        knowledge.impress(seen, body.lender, CALLED_IN)
    else:
        knowledge.words.threats.pop(body.threat, None)


def _threat_lapsed(knowledge: Knowledge, seen: Seen, body: words.ThreatLapsed) -> None:
    if body.to == knowledge.seat:
        knowledge.words.learn_of_threat(body.threat, body.by, carried_out=False)
    else:
        knowledge.words.threats.pop(body.threat, None)


def _bribed(knowledge: Knowledge, seen: Seen, body: words.Bribed) -> None:
    if body.by == knowledge.seat:
        knowledge.words.ask("bribe", "", seen.day)  # whoever it is put to
        return
    knowledge.heard.append(body)
    _sway(knowledge, seen, body.by, body.manner)


def _bribe_taken(knowledge: Knowledge, seen: Seen, body: words.BribeTaken) -> None:
    knowledge.words.bind(body.promise, seen.day)
    if body.to == knowledge.seat:
        knowledge.pence += body.pence
        knowledge.impress(seen, body.by, BRIBE_PAID)
    else:
        knowledge.pence -= body.pence


def _bribe_spurned(knowledge: Knowledge, seen: Seen, body: words.BribeSpurned) -> None:
    if body.by == knowledge.seat:
        knowledge.words.ask(SPURNED, body.to, seen.day)
        knowledge.impress(seen, body.to, BRIBE_SPURNED)


def _bribe_unpaid(knowledge: Knowledge, seen: Seen, body: words.BribeUnpaid) -> None:
    if body.to == knowledge.seat:
        knowledge.impress(seen, body.by, BRIBE_UNPAID)


LESSONS: Mapping[type[Body], Callable[[Knowledge, Seen, Any], None]] = {
    words.ToldSo: _told,
    words.Promised: _promised,
    words.PromiseWeighed: _promise_weighed,
    words.PromiseSettled: _promise_settled,
    words.Threatened: _threatened,
    words.Defied: _defied,
    words.Yielded: _yielded,
    words.ToldRoom: _told_room,
    words.CalledIn: _called_in,
    words.ThreatLapsed: _threat_lapsed,
    words.Bribed: _bribed,
    words.BribeTaken: _bribe_taken,
    words.BribeSpurned: _bribe_spurned,
    words.BribeUnpaid: _bribe_unpaid,
}
"""What each kind of event of the custom changes in who sees it."""
