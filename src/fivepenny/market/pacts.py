"""Pacts between seats: how they are put, signed and joined, and who has broken one as the day's market closes.

A pact about a good is broken by an order to sell it that stands, under the floor or out of a pool, whether it finds a
buyer or not; what is sold of an estate for its creditors breaks nothing, for nobody chose it. A shun binds from the day
after it is signed, and is broken by what `pacts_standing.DEALINGS` names. Who breaks a pact owes the penalty in equal
parts to those who kept it, as plain loans that fall due soon. It knows no minds; why anybody signs is not its affair.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fivepenny.events import EVERYONE
from fivepenny.happenings import Ordered, Owes
from fivepenny.ledger.transfers import Refusal
from fivepenny.market.orders import Side
from fivepenny.market.pacts_standing import Pact
from fivepenny.market.pacts_terms import PactTerms, ReplyToPact
from fivepenny.market.state import Market, StandingLoan, move, two
from fivepenny.market.terms import Terms
from fivepenny.pacts import PactBroken, PactJoined, PactKept, PactProposed, PactSigned, PactSpurned, PactVoid, Shape

PENALTY_DAYS = 3
ALREADY_BOUND, NO_ROOM, NO_MONEY = "already bound", "no room", "no money"
VOID = (ALREADY_BOUND, NO_ROOM, NO_MONEY)
"""Why a pact that both wanted comes to nothing: in the same morning one was bound elsewhere, or paid the money away."""


def _propose(market: Market, seat: str, terms: PactTerms) -> None:
    body = PactProposed(
        seat, terms.to, terms.pact, terms.shape, terms.about, terms.price_pence, terms.until_day, terms.penalty_pence,
        terms.fund_pence,
    )  # fmt: skip
    market.emit(two(seat, terms.to), body)


def _answer(market: Market, seat: str, terms: ReplyToPact) -> None:
    body = terms.proposal
    cause = ""
    if not terms.joined:
        market.emit(two(seat, body.by), PactSpurned(seat, body.by, body.shape, body.about))
    elif body.pact:
        cause = _join(market, body)
    else:
        cause = _sign(market, body)
    if cause:
        market.emit(two(seat, body.by), PactVoid(body.by, seat, body.shape, body.about, cause))


def _join(market: Market, body: PactProposed) -> str:
    """Let the one who was asked into a standing pact; or why that cannot be."""
    pact = market.pacts.binding(body.by, body.about)
    if market.pacts.binding(body.to, body.about) is not None:
        return ALREADY_BOUND
    if pact is None or not pact.has_room:
        return NO_ROOM
    market.pacts = market.pacts.joined(pact.number, body.to)
    parties = (*pact.parties, body.to)
    joined = PactJoined(
        pact.number, body.by, body.to, parties, pact.shape, pact.about, pact.price_pence, pact.until_day,
        pact.penalty_pence,
    )  # fmt: skip
    market.emit(tuple(sorted(parties)), joined)
    return ""


def _sign(market: Market, body: PactProposed) -> str:
    """Bind two, and hand over the money that was agreed; or why that cannot be."""
    if any(market.pacts.binding(seat, body.about) is not None for seat in (body.by, body.to)):
        return ALREADY_BOUND
    sealed = market.try_post(move(body.by, body.to, body.fund_pence))
    if isinstance(sealed, Refusal):
        return NO_MONEY
    number = market.number("pact")
    parties = (body.by, body.to)
    pact = Pact(
        number, body.shape, body.about, parties, body.price_pence, body.penalty_pence, market.day, body.until_day
    )
    market.pacts = market.pacts.with_pact(pact)
    signed = PactSigned(
        number, body.by, body.to, body.shape, body.about, body.price_pence, body.until_day, body.penalty_pence,
        body.fund_pence,
    )  # fmt: skip
    market.emit(two(body.by, body.to), signed, sealed)
    return ""


def _forbidden(market: Market, pact: Pact) -> Iterator[str]:
    """The seats that did today what a pact forbids to its parties."""
    if pact.shape == Shape.SHUN:
        yield from (seat for number, seat in market.pacts.shuns_broken if number == pact.number)
        return
    for event in market.log.fresh:
        match event.body:
            case Ordered(seat=seat, side=Side.SELL, good=good, limit_pence=limit_pence):
                if pact.forbids_sale(good, limit_pence):
                    yield seat
            case _:
                pass


def _break(market: Market, pact: Pact, breakers: tuple[str, ...]) -> None:
    """Say who broke a pact; each owes the penalty to those who kept it, what cannot be parted to the first of them."""
    faithful = [seat for seat in pact.parties if seat not in breakers]
    due_day = market.day + PENALTY_DAYS
    for seat in breakers:
        partners = tuple(other for other in pact.parties if other != seat)
        broken = PactBroken(
            pact.number, seat, partners, pact.shape, pact.about, pact.signed_day, pact.penalty_pence, due_day
        )
        market.emit(EVERYONE, broken)
        for place, lender in enumerate(faithful):
            part, rest = divmod(pact.penalty_pence, len(faithful))
            number, owed_pence = market.number("loan"), part + (0 if place else rest)
            market.loans[number] = StandingLoan(number, lender, seat, owed_pence, due_day)
            market.emit(two(lender, seat), Owes(number, lender, seat, owed_pence, due_day))


def judge_pacts(market: Market) -> None:
    """As the market closes: which pacts were broken today, and which have run their days."""
    if not market.pacts.standing:
        return
    over: set[int] = set()
    doers = [(pact, set(_forbidden(market, pact))) for pact in market.pacts.standing]
    for pact, seats in doers:
        breakers = tuple(seat for seat in pact.parties if seat in seats)
        if breakers:
            _break(market, pact, breakers)
        elif pact.until_day <= market.day + 1:
            kept = PactKept(pact.number, pact.parties, pact.shape, pact.about, pact.signed_day)
            market.emit(tuple(sorted(pact.parties)), kept)
        else:
            continue
        over.add(pact.number)
    market.pacts = market.pacts.closed(over)


EFFECTS: Mapping[type[Terms], Callable[[Market, str, Any], None]] = {PactTerms: _propose, ReplyToPact: _answer}
"""What comes of the terms of a phrase about a pact."""
