"""The gate: moves that do not stand on the menus last listed are refused by name, and nothing comes of them.

The company sends only what stands on a menu, so that in a season as it is played nothing is refused here; the world
does not rely on it. Behind the menus it looks at the terms too: what no menu would list is refused even where its
phrase stands on one. What only the moment shows (money promised twice, an order that cannot be covered) is refused
where it takes effect. A move is let in whole or not at all.
"""

from collections.abc import Mapping

from fivepenny import happenings as hap
from fivepenny.claims import ClaimKind
from fivepenny.clock import Beat
from fivepenny.market import gate_bonds, gate_credit
from fivepenny.market.court_terms import OathTerms
from fivepenny.market.gate_checks import Judge, amount, kept, loan_between, other, was_put
from fivepenny.market.knowledge import WORDS
from fivepenny.market.menus import Listing
from fivepenny.market.orders import Side
from fivepenny.market.paper_terms import DeclineDeal
from fivepenny.market.state import Market
from fivepenny.market.terms import (
    EarlyPayment,
    LoanTerms,
    OrderTerms,
    ReplyToLoan,
    ReplyToTip,
    Rest,
    Terms,
    TipTerms,
    WordTerms,
)
from fivepenny.market.words_terms import TipInManner, WordInManner
from fivepenny.refusals import MoveFlaw, MoveRefused
from fivepenny.world import Move


def _order(market: Market, seat: str, terms: OrderTerms) -> MoveFlaw | None:
    """Figures are left to the auction, which refuses a bad order by name."""
    if terms.good not in market.last_pence:
        return MoveFlaw.UNKNOWN_GOOD
    if not isinstance(terms.side, Side):
        return MoveFlaw.UNKNOWN_SIDE
    if any(hire.forced and (hire.hirer, hire.good) == (seat, terms.good) for hire in market.hires.values()):
        return MoveFlaw.BOUGHT_IN
    closed = terms.side is Side.SELL or market.scenario.good(terms.good).share
    return MoveFlaw.HAS_FAILED if closed and seat in market.estates else None


def _loan(market: Market, seat: str, terms: LoanTerms) -> MoveFlaw | None:
    """What holds of a loan whoever speaks of it, in an offer or in an answer."""
    if seat not in (terms.lender, terms.borrower):
        return MoveFlaw.NOT_A_PARTY
    flaw = other(market, seat, terms.borrower if seat == terms.lender else terms.lender)
    flaw = flaw or amount(terms.principal_pence, terms.owed_pence)
    if flaw or type(terms.due_day) is not int:
        return flaw or MoveFlaw.NOT_AN_INTEGER
    return MoveFlaw.DAY_IS_PAST if terms.due_day <= market.day else None


def _offer(market: Market, seat: str, terms: LoanTerms) -> MoveFlaw | None:
    flaw = _loan(market, seat, terms)
    if flaw or seat != terms.lender:
        return flaw
    if seat in market.estates:
        return MoveFlaw.HAS_FAILED
    return MoveFlaw.MORE_THAN_IT_HAS if terms.principal_pence > market.free(seat) else None


def _answer_loan(market: Market, seat: str, reply: ReplyToLoan) -> MoveFlaw | None:
    terms = reply.terms
    flaw = _loan(market, seat, terms)
    if flaw:
        return flaw
    by = terms.borrower if seat == terms.lender else terms.lender
    put = hap.Offered(by, terms.lender, terms.borrower, terms.principal_pence, terms.owed_pence, terms.due_day)
    if not was_put(market, seat, put):
        return MoveFlaw.NOT_PUT_TO_IT
    return MoveFlaw.HAS_FAILED if reply.agreed and terms.lender in market.estates else None


def _answer_tip(market: Market, seat: str, reply: ReplyToTip) -> MoveFlaw | None:
    put = reply.tip.hearer == seat and was_put(market, seat, reply.tip)
    return None if put else MoveFlaw.NOT_PUT_TO_IT


def _pay(market: Market, seat: str, terms: EarlyPayment) -> MoveFlaw | None:
    own = loan_between(market, terms.lender, seat, terms.loan)
    return None if own else MoveFlaw.NO_SUCH_LOAN


def _tip(market: Market, seat: str, terms: TipTerms) -> MoveFlaw | None:
    flaw = other(market, seat, terms.hearer)
    if flaw or terms.asset not in market.last_pence:
        return flaw or MoveFlaw.UNKNOWN_GOOD
    if terms.claim is None:
        return None if isinstance(terms.kind, ClaimKind) else MoveFlaw.UNKNOWN_CLAIM
    standing = market.claims.get(terms.claim)
    if standing is None or (standing.heard is not None and seat not in standing.heard):
        return MoveFlaw.UNKNOWN_CLAIM
    same = (standing.claim.asset, standing.claim.kind) == (terms.asset, terms.kind)
    return None if same else MoveFlaw.UNKNOWN_CLAIM


def _word(market: Market, seat: str, terms: WordTerms) -> MoveFlaw | None:
    flaw = other(market, seat, terms.hearer)
    return flaw or (None if terms.act in WORDS else MoveFlaw.UNKNOWN_WORD)


def _tip_in_manner(market: Market, seat: str, terms: TipInManner) -> MoveFlaw | None:
    return gate_bonds.manner(terms.manner) or _tip(market, seat, terms.tip)


def _word_in_manner(market: Market, seat: str, terms: WordInManner) -> MoveFlaw | None:
    return gate_bonds.manner(terms.manner) or _word(market, seat, terms.word)


FLAWS: Mapping[type[Terms], Judge] = {
    OrderTerms: _order,
    LoanTerms: _offer,
    ReplyToLoan: _answer_loan,
    ReplyToTip: _answer_tip,
    EarlyPayment: _pay,
    TipTerms: _tip,
    WordTerms: _word,
    TipInManner: kept("words", _tip_in_manner),
    WordInManner: kept("words", _word_in_manner),
    **gate_credit.FLAWS,
    **gate_bonds.FLAWS,
}
"""What is wrong with terms as a seat would have them take effect now; `Rest` alone is taken as listed."""


def _beats() -> dict[type[Terms], Beat]:
    """The one beat in which terms of the customs may be chosen, where there is one."""
    found: dict[type[Terms], Beat] = {TipInManner: Beat.ADDRESS}
    for room in (gate_credit, gate_bonds):
        found |= {kind: Beat.ANSWER if kind in room.ANSWERS else Beat.ADDRESS for kind in room.FLAWS}
    found[OathTerms] = Beat.DUSK
    del found[DeclineDeal]
    return found


BEATS: Mapping[type[Terms], Beat] = _beats()


def _flaw_of_phrases(listing: Listing, phrases: tuple[str, ...]) -> MoveFlaw | None:
    if not phrases:
        return MoveFlaw.NO_MOVE
    menu = listing.menu
    if not all(phrase in listing.terms for phrase in phrases):
        return MoveFlaw.NOT_ON_MENU
    if len(phrases) == 1:
        return None
    if len(set(phrases)) < len(phrases):
        return MoveFlaw.CHOSEN_TWICE
    if len(phrases) > menu.max_moves:
        return MoveFlaw.TOO_MANY
    apart = any(not menu.option(phrase).excludes.isdisjoint(phrases) for phrase in phrases)
    return MoveFlaw.EXCLUDES if apart or menu.rest in phrases else None


def _flaw_of_terms(market: Market, seat: str, beat: Beat, phrases: tuple[str, ...]) -> MoveFlaw | None:
    listed = market.listings[seat].terms
    chosen = [terms for phrase in phrases if not isinstance(terms := listed[phrase], Rest)]
    for place, terms in enumerate(chosen):
        judge = FLAWS.get(type(terms))
        if judge and (isinstance(terms, OrderTerms) != (beat is Beat.MARKET) or BEATS.get(type(terms), beat) != beat):
            return MoveFlaw.OUT_OF_PHASE
        if terms in chosen[:place]:
            return MoveFlaw.CHOSEN_TWICE
        flaw = judge(market, seat, terms) if judge else None
        if flaw:
            return flaw
    return None


def flaw_of(market: Market, seat: str, beat: Beat, phrases: tuple[str, ...]) -> MoveFlaw | None:
    """Why this seat may not make this move in this beat, or None."""
    if seat not in market.knowledge:
        return MoveFlaw.UNKNOWN_SEAT
    listing = market.listings.get(seat)
    if listing is None or market.asked is not beat:
        return MoveFlaw.NOT_ASKED
    return _flaw_of_phrases(listing, phrases) or _flaw_of_terms(market, seat, beat, phrases)


def let_in(market: Market, beat: Beat, moves: Mapping[str, Move]) -> tuple[dict[str, Move], list[MoveRefused]]:
    """The moves that may be made, in the order of the seats, and what is refused of the others."""
    sent = {seat: moves[seat] for seat in market.knowledge if seat in moves}
    sent |= {seat: move for seat, move in moves.items() if seat not in sent}
    admitted: dict[str, Move] = {}
    refused: list[MoveRefused] = []
    for seat, move in sent.items():
        flaw = flaw_of(market, seat, beat, move.phrases)
        if flaw is None:
            admitted[seat] = move
        else:
            refused.append(MoveRefused(seat, move.phrases, flaw.value))
    return admitted, refused
