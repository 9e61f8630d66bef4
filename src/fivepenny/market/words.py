"""The custom of words: what comes of tips and words in a manner, promises, threats and bribes.

| what | what it does |
| --- | --- |
| tip | as without the custom; a rumour told on is now and then told otherwise: sooner and for sure, or later |
| promise | binds the speaker until a day; kept or broken, it is settled at dusk, by what was paid and traded |
| threat | the hearer pays at once, or gives its word; else the speaker may carry it out on the next morning |
| bribe | money moves as it is taken, for the taker's word to leave a good alone |

Nobody is kept from breaking a word. What a seat sells by force of its creditors breaks none.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fivepenny import happenings as hap
from fivepenny import words
from fivepenny.claims import Basis, Claim, Promise, PromiseKind
from fivepenny.events import EVERYONE, Sealed
from fivepenny.ledger.transfers import Refusal
from fivepenny.market.flows import CLAIM_DAYS
from fivepenny.market.state import Market, move, two
from fivepenny.market.terms import Terms, TipTerms
from fivepenny.market.words_state import Chain, StandingThreat
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

CHANGED_PERCENT = 20  # of rumours told on
SOONER_DAYS = 1  # what is told sharper falls due so many days from its telling
LATER_DAYS = 2  # what is told later falls due so many days after it was to


def _tell(market: Market, seat: str, terms: TipInManner) -> None:
    tip = terms.tip
    claim, note = _claim_told(market, seat, tip)
    sure = "told otherwise" in note and claim.by_day == market.day + SOONER_DAYS
    sealed = Sealed(note=f"the teller believes it {tip.credence} in 100{note}")
    body = words.ToldSo(seat, tip.hearer, claim, terms.manner, sure)
    market.emit(two(seat, tip.hearer), body, sealed)


def _claim_told(market: Market, seat: str, tip: TipTerms) -> tuple[Claim, str]:
    """The claim as it is told, heard by both from now on; and for the log by whom it came, and what it was before."""
    both, chains = {seat, tip.hearer}, market.words.chains
    if tip.claim is None:
        claim = market.make_claim(tip.asset, tip.kind, market.day + CLAIM_DAYS, Basis.PRICE, both)
        chains[claim.number] = {seat: (), tip.hearer: (seat,)}
        return claim, ""
    standing = market.claims[tip.claim]
    told = standing.claim
    chain: Chain = () if standing.heard is None else chains.get(told.number, {}).get(seat, ())
    came = f"; it came by {' '.join(chain)}" if chain else ""
    by_day = _changed_day(market, seat, tip.hearer, told)
    if by_day == told.by_day:
        if standing.heard is not None:
            standing.heard |= both
            by_seat = chains.setdefault(told.number, {})
            by_seat.setdefault(seat, chain)
            by_seat.setdefault(tip.hearer, (*chain, seat))
        return told, came
    claim = market.make_claim(told.asset, told.kind, by_day, Basis.PRICE, both)
    chains[claim.number] = {seat: chain, tip.hearer: (*chain, seat)}
    return claim, f"{came}; told otherwise than claim {told.number}"


def _changed_day(market: Market, seat: str, hearer: str, told: Claim) -> int:
    """The last day of a rumour as it is told on: now and then another than it was heard with.

    The lot knows no number of a claim: these count what others whisper elsewhere.
    """
    lot = market.lot("telling", seat, hearer, told.asset, told.kind, told.made_day)
    if (
        told.basis is not Basis.PRICE
        or told.by_day == market.day + SOONER_DAYS
        or lot.randrange(100) >= CHANGED_PERCENT
    ):
        return told.by_day
    return lot.choice((market.day + SOONER_DAYS, told.by_day + LATER_DAYS))


def _speak(market: Market, seat: str, terms: WordInManner) -> None:
    word = terms.word
    market.emit(EVERYONE, words.SpokenSo(word.act, seat, word.hearer, word.deed, terms.manner))


def _bind(market: Market, kind: PromiseKind, by: str, to: str, good: str, by_day: int, loan: int = 0) -> Promise:
    """A new promise, which stands until it is settled."""
    promise = Promise(market.number("promise"), kind, by, to, good, loan, market.day, by_day)
    market.words.promises[promise.number] = promise
    return promise


def _promise(market: Market, seat: str, terms: PromiseTerms) -> None:
    promise = _bind(market, terms.kind, seat, terms.to, terms.good, terms.by_day, terms.loan)
    market.emit(two(seat, terms.to), words.Promised(promise, terms.manner))


def _weigh_promise(market: Market, seat: str, terms: ReplyToPromise) -> None:
    promise = terms.promise
    body = words.PromiseWeighed(seat, promise.by, promise.number, terms.believed)
    market.emit(two(seat, promise.by), body)


def _threaten(market: Market, seat: str, terms: ThreatTerms) -> None:
    number = market.number("threat")
    body = words.Threatened(
        number, seat, terms.to, terms.loan, terms.owed_pence, terms.good, terms.by_day, terms.harm, terms.manner
    )
    market.words.threats[number] = StandingThreat(market.day, body)
    market.emit(two(seat, terms.to), body)


def _answer_threat(market: Market, seat: str, terms: ReplyToThreat) -> None:
    threat = terms.threat
    if not terms.yields:
        market.emit(two(seat, threat.by), words.Defied(threat.threat, threat.by, seat))
        return
    del market.words.threats[threat.threat]
    promise = _bind(market, PromiseKind.WILL_LEAVE, seat, threat.by, threat.good, threat.by_day)
    market.emit(two(seat, threat.by), words.Yielded(threat.threat, promise))


def _carry_out(market: Market, seat: str, terms: CarryOut) -> None:
    threat = terms.threat
    del market.words.threats[threat.threat]
    if threat.harm == "room":
        owed_pence = threat.owed_pence
        market.emit(EVERYONE, words.ToldRoom(threat.threat, seat, threat.to, owed_pence))
        return
    loan = replace(market.loans[threat.loan], due_day=terms.due_day)
    market.loans[loan.number] = loan
    body = words.CalledIn(threat.threat, seat, threat.to, loan.number, loan.owed_pence, loan.due_day)
    market.emit(two(seat, threat.to), body)


def _bribe(market: Market, seat: str, terms: BribeTerms) -> None:
    number = market.number("bribe")
    body = words.Bribed(number, seat, terms.to, terms.pence, terms.good, terms.by_day, terms.manner)
    market.emit(two(seat, terms.to), body)


def _answer_bribe(market: Market, seat: str, terms: ReplyToBribe) -> None:
    bribe, audience = terms.bribe, two(seat, terms.bribe.by)
    if not terms.taken:
        market.emit(audience, words.BribeSpurned(bribe.bribe, bribe.by, seat, bribe.pence))
        return
    sealed = market.try_post(move(bribe.by, seat, bribe.pence))
    if isinstance(sealed, Refusal):
        # Who offered it has spent the money since.
        market.emit(audience, words.BribeUnpaid(bribe.bribe, bribe.by, seat, bribe.pence))
        return
    promise = _bind(market, PromiseKind.WILL_LEAVE, seat, bribe.by, bribe.good, bribe.by_day)
    market.emit(audience, words.BribeTaken(bribe.bribe, bribe.by, seat, bribe.pence, promise), sealed)


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {
    TipInManner: _tell,
    WordInManner: _speak,
    PromiseTerms: _promise,
    ReplyToPromise: _weigh_promise,
    ThreatTerms: _threaten,
    ReplyToThreat: _answer_threat,
    CarryOut: _carry_out,
    BribeTerms: _bribe,
    ReplyToBribe: _answer_bribe,
}
"""What comes of the terms of the custom."""


# --- what was said is held against what was done --------------------------------------------------------------


def watch_trade(market: Market, cleared: hap.Cleared) -> None:
    """Mark the promises that an auction breaks.

    Who has failed does not sell of its own will, nor does one buy for whom goods on hire are bought in.
    """
    bought_in = {hire.hirer for hire in market.hires.values() if hire.forced and hire.good == cleared.good}
    for promise in market.words.promises.values():
        if promise.good != cleared.good:
            continue
        sells = promise.by in cleared.sellers and promise.by not in market.estates
        left = promise.kind is PromiseKind.WILL_LEAVE and market.scenario.good(promise.good).share
        buys = left and promise.by in cleared.buyers and promise.by not in bought_in
        if sells or buys:
            market.words.broken.add(promise.number)


def _kept(market: Market, promise: Promise) -> bool | None:
    """Whether a promise was kept, as far as today shows; None: that is still open."""
    if promise.kind is not PromiseKind.WILL_PAY:
        return False if promise.number in market.words.broken else True if promise.by_day <= market.day else None
    if promise.loan in market.loans:
        return None
    return all(claim.number != promise.loan for estate in market.estates.values() for claim in estate.claims)


def settle_words(market: Market) -> None:
    """Settle promises, let threats lapse that were not carried out, and forget by whom settled claims came.

    A promise to pay stands until the loan is paid, be it by a pledge that covers all of it, or is not. One whose lender
    has since given it more days binds no longer, without a word.
    """
    held = market.words
    for promise in list(held.promises.values()):
        kept = _kept(market, promise)
        if kept is not None:
            market.emit(two(promise.by, promise.to), words.PromiseSettled(promise, kept))
        if kept is not None or promise.by_day <= market.day:
            del held.promises[promise.number]
    held.broken.clear()
    for number, standing in list(held.threats.items()):
        threat = standing.threat
        met = threat.loan != 0 and threat.loan not in market.loans
        if met or standing.made_day < market.day:
            del held.threats[number]
        if standing.made_day < market.day and not met:
            market.emit(two(threat.by, threat.to), words.ThreatLapsed(number, threat.by, threat.to))
    held.chains = {number: chain for number, chain in held.chains.items() if number in market.claims}
