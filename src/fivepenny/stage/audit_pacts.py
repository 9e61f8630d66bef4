"""The audit of pacts: each was asked for, signed and joined as it could be, and judged as the day's market closed.

Keeps its own book of who is bound by what, takes down every order, loan and dealing that breaks a pact, and works out
from these what the market has to say of pacts at its close: who broke one and owes whom, and which have run their days.
Penalties are loans; what is owed on them is followed with all others.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fivepenny import happenings as hap
from fivepenny import papers
from fivepenny.clock import Beat
from fivepenny.events import Body, Event
from fivepenny.hires import Hired
from fivepenny.ledger.transfers import FREE
from fivepenny.market.orders import PENCE
from fivepenny.market.pacts import ALREADY_BOUND, NO_MONEY, NO_ROOM, PENALTY_DAYS
from fivepenny.market.pacts_standing import MOST_PARTIES
from fivepenny.pacts import PactBroken, PactJoined, PactKept, PactProposed, PactSigned, PactSpurned, PactVoid, Shape
from fivepenny.scenario import Scenario

Held = Callable[..., int]
"""What a seat holds freely, in pence."""
Answer = PactSigned | PactJoined | PactSpurned | PactVoid
JUDGED = (PactBroken, PactKept, hap.Owes)
"""What the market's close brings of pacts."""


def moved_by_signing(body: PactSigned) -> list[tuple[str, str, str, str, str, int]]:
    """What a signing must have moved: the money that was agreed."""
    return [(body.by, FREE, body.to, FREE, PENCE, body.fund_pence)]


@dataclass(slots=True)
class _Bond:
    """A pact that stands, as its events made it; `broken_by` are those of its parties who have broken it today."""

    made: PactSigned
    signed_day: int
    parties: list[str]
    broken_by: set[str] = field(default_factory=set)


def _terms(body: PactProposed | PactSigned | PactJoined) -> tuple[str, str, int, int, int]:
    return body.shape, body.about, body.price_pence, body.until_day, body.penalty_pence


def _asker_and_asked(body: Answer) -> tuple[str, str]:
    match body:
        case PactSpurned(by=seat, to=by) | PactJoined(by=by, seat=seat) | PactSigned(by=by, to=seat):
            return by, seat
        case PactVoid(by=by, to=seat):
            return by, seat


class PactsAudit:
    """Pacts as the events make them."""

    def __init__(self, scenario: Scenario) -> None:
        """Before the first event."""
        self._goods, self._seats = frozenset(scenario.good_names), frozenset(scenario.seat_names)
        self._is_custom = "pacts" in scenario.customs
        self._bonds: dict[int, _Bond] = {}
        self._signed = 0
        self._asked: list[PactProposed] = []
        self._due: list[Body] | None = None

    def take(self, event: Event, held: Held, last_pence: Mapping[str, int]) -> Iterator[str]:
        """Breaches of one event, before it is posted."""
        body = event.body
        if event.beat is Beat.MARKET and isinstance(body, JUDGED):
            yield from self._check_judged(event)
        elif event.beat is Beat.DUSK:
            yield from self._close(event)
        match body:
            case hap.DayOpened():
                self._asked.clear()
                self._due = None
            case PactProposed():
                yield from self._check_proposed(event, body)
            case PactSigned() | PactJoined() | PactSpurned() | PactVoid():
                yield from self._check_answer(event, body, held)
            case hap.Ordered(seat=seat, side="sell", good=good, limit_pence=limit_pence):
                self._note_sale(seat, good, limit_pence)
            case (
                hap.Lent(lender=giver, borrower=taker)
                | papers.Extended(lender=giver, borrower=taker)
                | Hired(owner=giver, hirer=taker)
            ):
                self._note_dealing(event.day, giver, taker)
            case papers.PaperSold(seller=seller, buyer=buyer):
                self._note_dealing(event.day, seller, buyer)
                self._note_dealing(event.day, buyer, seller)
            case _:
                pass

    def worth(self, seat: str, last_pence: Mapping[str, int]) -> int:
        """Nothing: money that is handed over is its new owner's, and a penalty is a loan."""
        return 0

    def _binding(self, seat: str, about: str) -> _Bond | None:
        return next((bond for bond in self._bonds.values() if bond.made.about == about and seat in bond.parties), None)

    # --- talk -----------------------------------------------------------------------------------------------------

    def _check_proposed(self, event: Event, body: PactProposed) -> Iterator[str]:
        if not self._is_custom:
            yield "pacts are no custom of this table"
        thirds = self._goods if body.shape != Shape.SHUN else self._seats - {body.by, body.to}
        if body.about not in thirds or body.by == body.to:
            yield f"no pact of {body.by} and {body.to} can be about {body.about}"
        if (
            body.until_day <= event.day
            or body.penalty_pence <= 0
            or (body.shape == Shape.FLOOR) != (body.price_pence > 0)
        ):
            yield "such terms bind nobody"
        bond = self._bonds.get(body.pact)
        if body.pact and (bond is None or body.by not in bond.parties or _terms(body) != _terms(bond.made)):
            yield f"{body.by} has no pact {body.pact} of these terms to ask another into"
        self._asked.append(body)

    def _check_answer(self, event: Event, body: Answer, held: Held) -> Iterator[str]:
        by, to = _asker_and_asked(body)
        asked = next((item for item in self._asked if (item.by, item.to) == (by, to)), None)
        if asked is None or (asked.shape, asked.about) != (body.shape, body.about):
            yield f"{by} has asked nothing of {to} that this could answer"
            return
        self._asked.remove(asked)
        match body:
            case PactSigned():
                yield from self._check_signed(event, body, asked)
            case PactJoined():
                yield from self._check_joined(body, asked)
            case PactVoid() if body.cause != self._fault(asked, held):
                yield f"that is not what kept {to} from it ({self._fault(asked, held) or 'nothing did'})"
            case _:
                pass

    def _fault(self, asked: PactProposed, held: Held) -> str:
        """Why a pact that was asked for cannot be made now, or nothing."""
        if self._binding(asked.to, asked.about) is not None:
            return ALREADY_BOUND
        own = self._binding(asked.by, asked.about)
        if asked.pact:
            return NO_ROOM if own is None or len(own.parties) >= MOST_PARTIES else ""
        if own is not None:
            return ALREADY_BOUND
        return NO_MONEY if held(asked.by) < asked.fund_pence else ""

    def _check_signed(self, event: Event, body: PactSigned, asked: PactProposed) -> Iterator[str]:
        self._signed += 1
        if body.pact != self._signed:
            yield f"pact {body.pact} should be pact {self._signed}"
        if asked.pact or (_terms(body), body.fund_pence) != (_terms(asked), asked.fund_pence):
            yield f"{body.by} did not ask for this"
        if any(self._binding(seat, body.about) is not None for seat in (body.by, body.to)):
            yield f"{body.by} or {body.to} is bound about {body.about} already"
        self._bonds[body.pact] = _Bond(body, event.day, [body.by, body.to])

    def _check_joined(self, body: PactJoined, asked: PactProposed) -> Iterator[str]:
        bond = self._bonds.get(body.pact)
        if bond is None or asked.pact != body.pact or _terms(body) != _terms(bond.made):
            yield f"no pact {body.pact} of these terms stands, or it was not asked for"
            return
        if self._binding(body.seat, body.about) is not None:
            yield f"{body.seat} is bound about {body.about} already"
        bond.parties.append(body.seat)
        if list(body.parties) != bond.parties or len(bond.parties) > MOST_PARTIES:
            yield f"its parties would be {', '.join(bond.parties)}, of at most {MOST_PARTIES}"

    # --- the close of the market ----------------------------------------------------------------------------------

    def _note_sale(self, seat: str, good: str, limit_pence: int) -> None:
        bond = self._binding(seat, good)
        if bond is not None and (bond.made.shape == Shape.POOL or limit_pence < bond.made.price_pence):
            bond.broken_by.add(seat)

    def _note_dealing(self, day: int, giver: str, taker: str) -> None:
        bond = self._binding(giver, taker)
        if bond is not None and bond.signed_day < day:
            bond.broken_by.add(giver)

    def _judge(self, day: int) -> list[Body]:
        """What the market's close has to bring, in order, loans without their numbers. What is over is struck out."""
        found: list[Body] = []
        for number, bond in sorted(self._bonds.items()):
            made = bond.made
            breakers = [seat for seat in bond.parties if seat in bond.broken_by]
            if breakers:
                for seat in breakers:
                    partners = tuple(other for other in bond.parties if other != seat)
                    found.append(
                        PactBroken(
                            number, seat, partners, made.shape, made.about, bond.signed_day, made.penalty_pence,
                            day + PENALTY_DAYS,
                        )
                    )  # fmt: skip
                    found += self._penalties(bond, seat, day + PENALTY_DAYS)
            elif made.until_day <= day + 1:
                found.append(PactKept(number, tuple(bond.parties), made.shape, made.about, bond.signed_day))
            else:
                continue
            del self._bonds[number]
        return found

    def _penalties(self, bond: _Bond, seat: str, due_day: int) -> Iterator[hap.Owes]:
        """Equal parts to those who kept it, and to the first of them what is left over."""
        faithful = [other for other in bond.parties if other not in bond.broken_by]
        total_pence = bond.made.penalty_pence
        for lender in faithful:
            part_pence = total_pence // len(faithful)
            if lender == faithful[0]:
                part_pence = total_pence - part_pence * (len(faithful) - 1)
            yield hap.Owes(0, lender, seat, part_pence, due_day)

    def _check_judged(self, event: Event) -> Iterator[str]:
        if self._due is None:
            self._due = self._judge(event.day)
        body = event.body
        if isinstance(body, hap.Owes):
            body = hap.Owes(0, body.lender, body.borrower, body.owed_pence, body.due_day)
        if self._due[:1] == [body]:
            self._due.pop(0)
        else:
            yield "no pact brings this today, or something else before it"

    def _close(self, event: Event) -> Iterator[str]:
        """The market is closed: all that was to be said of pacts has been said."""
        if self._due is None:
            self._due = self._judge(event.day)
        for left in self._due:
            yield f"at the market's close it should have been said: {left}"
        self._due = []
