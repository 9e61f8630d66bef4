"""The audit of claims: what was told, by whom it could be told, and whether each was settled as things came out.

Judges by clearing prices, by what struck, and by the chronicle's laws. It knows no credence: who believed what is
nobody's affair but the believer's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fivepenny import happenings as hap
from fivepenny.chronicle import Effect, Row, RowKind
from fivepenny.claims import Basis, Claim, ClaimKind, Truth, judge_by_price
from fivepenny.clock import Beat
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.stage.audit_audiences import Ears
from fivepenny.stage.audit_legends import LegendsAudit

USUAL_PERCENT = 100


def check_claims(header: Header, events: Sequence[Event], counts: Counter[str]) -> Iterator[str]:
    """Breaches of the claims in the order of the events."""
    audit = _ClaimsAudit(header, counts)
    for event in events:
        for breach in audit.take(event):
            yield f"event {event.number} ({event.body.kind}): {breach}"


@dataclass(slots=True)
class _Standing:
    """A claim that is open: the price when it was made, and the sealed truth where it was foretold."""

    claim: Claim
    price_then_pence: int
    sealed: Truth | None


@dataclass(slots=True)
class _Today:
    """What the chronicle still has to tell today, and the rows that were told and may yet have done something."""

    news: list[tuple[str, str, str]] = field(default_factory=list)
    rumours: list[str] = field(default_factory=list)
    laws: list[Row] = field(default_factory=list)
    deeds: list[Row] = field(default_factory=list)


def _tells(row: Row, body: hap.News) -> bool:
    return (row.headline, row.asset, row.kind.value) == (body.headline, body.asset, body.sort)


class _ClaimsAudit:
    """The claims as the events make them."""

    def __init__(self, header: Header, counts: Counter[str]) -> None:
        self._scenario = header.scenario
        self._rows = header.chronicle.by_day(header.days) if header.chronicle else {}
        self._counts = counts
        self._last_pence = {good.name: good.price_pence for good in header.scenario.goods}
        self._standing: dict[int, _Standing] = {}
        self._ears = Ears()
        self._made = 0
        self._today = _Today()
        self._legends = LegendsAudit(header)
        self._struck: hap.Struck | None = None

    def take(self, event: Event) -> Iterator[str]:
        body = event.body
        yield from self._legends.take(event)
        if self._struck and not isinstance(body, hap.Settled):
            yield "what struck was foretold by no claim"
        match body:
            case hap.DayOpened():
                self._today = self._told_today(event.day)
            case hap.News():
                yield from self._check_news(event, body)
            case hap.Whispered():
                yield from self._check_whisper(event, body)
            case hap.Tipped():
                yield from self._check_tip(event, body)
            case hap.Weighed(hearer=hearer, claim=number):
                heard = self._ears.heard.get(number, set())
                if heard is not None and hearer not in heard:
                    yield f"{hearer} weighs claim {number}, of which it never heard"
            case hap.HouseFailed():
                yield from self._check_cause(RowKind.DEFAULT)
            case hap.Lent(lender=lender) if lender == OUTSIDE and not self._legends.brought:
                yield from self._check_cause(RowKind.INTERVENTION)
            case hap.Settled(claim=claim, truth=truth):
                yield from self._check_settled(event, claim, truth)
            case hap.Cleared(good=good, price_pence=int() as pence):
                self._last_pence[good] = pence
            case hap.DayClosed():
                yield from self._check_left(event)
            case _:
                pass
        self._ears.hear(body)
        self._struck = body if isinstance(body, hap.Struck) and not self._legends.brought else None

    def _told_today(self, day: int) -> _Today:
        today = _Today()
        for row in self._rows.get(day, ()):
            if not row.told:
                continue
            moves = row.asset in self._last_pence and row.effect is not Effect.NONE
            if row.kind is RowKind.RUMOUR and moves:
                today.rumours += [row.headline] * max(1, len(self._scenario.hears_first))
            else:
                today.news.append((row.headline, row.asset, row.kind.value))
            if row.kind is RowKind.LAW and moves:
                today.laws.append(row)
            if row.kind is RowKind.DEFAULT or (row.kind is RowKind.INTERVENTION and row.effect is Effect.UP):
                today.deeds.append(row)
        return today

    def _check_news(self, event: Event, body: hap.News) -> Iterator[str]:
        if self._legends.brought:
            pass
        elif self._today.news[:1] != [(body.headline, body.asset, body.sort)]:
            yield "the chronicle does not tell this now"
        else:
            self._today.news.pop(0)
        if self._today.laws and _tells(self._today.laws[0], body):
            left = self._open_on(self._today.laws.pop(0).asset)
            if left:
                yield f"the law should have settled the claims {left}"
        if body.claim:
            yield from self._make(event, body.claim, Basis.PRICE)

    def _check_cause(self, kind: RowKind) -> Iterator[str]:
        """What the outside world does to a seat goes back to a row of today's, which does it once."""
        row = next((row for row in self._today.deeds if row.kind is kind), None)
        if row is None:
            yield f"no row of the chronicle brings it about today ({kind})"
        else:
            self._today.deeds.remove(row)

    def _check_whisper(self, event: Event, body: hap.Whispered) -> Iterator[str]:
        foretold = event.sealed.truth is not None
        chronicled = not foretold and not self._legends.brought
        if chronicled and self._today.rumours[:1] != [body.headline]:
            yield "the chronicle does not whisper this now"
        elif chronicled:
            self._today.rumours.pop(0)
        yield from self._make(event, body.claim, Basis.SHOCK if foretold else Basis.PRICE)

    def _check_tip(self, event: Event, body: hap.Tipped) -> Iterator[str]:
        standing = self._standing.get(body.claim.number)
        if standing is None:
            yield from self._make(event, body.claim, Basis.PRICE)
            return
        heard = self._ears.heard[body.claim.number]
        if standing.claim != body.claim:
            yield f"claim {body.claim.number} was another when it was made"
        if heard is not None and body.teller not in heard:
            yield f"{body.teller} tells claim {body.claim.number}, of which it never heard"

    def _make(self, event: Event, claim: Claim, basis: Basis) -> Iterator[str]:
        self._made += 1
        if claim.number != self._made:
            yield f"claim {claim.number} was never made, or was settled; the next to be made is {self._made}"
        if claim.made_day != event.day or claim.by_day <= event.day or claim.basis is not basis:
            yield f"claim {claim.number}: its days or its basis are not those of a claim made here"
        if claim.asset not in self._last_pence:
            yield f"claim {claim.number}: {claim.asset!r} is not traded"
            return
        self._standing[claim.number] = _Standing(claim, self._last_pence[claim.asset], event.sealed.truth)
        self._counts["claims made"] += 1

    def _check_settled(self, event: Event, claim: Claim, truth: Truth) -> Iterator[str]:
        standing = self._standing.pop(claim.number, None)
        if standing is None or standing.claim != claim:
            yield f"no such claim {claim.number} is open"
            return
        self._counts["claims settled"] += 1
        if claim.basis is Basis.SHOCK:
            due = self._judge_by_shock(event, claim)
            if standing.sealed is not due:
                yield f"claim {claim.number}: the sealed truth was {standing.sealed}, it came out {due}"
        elif event.beat is Beat.DAWN:
            due = self._judge_by_law(claim)
        else:
            due = self._judge_by_price(standing, event.day) if event.beat is Beat.DUSK else Truth.OPEN
        if truth is not due:
            yield f"claim {claim.number} is settled as {truth}, it should be {due}"

    def _judge_by_shock(self, event: Event, claim: Claim) -> Truth:
        """True where what was foretold strikes just before, on its day, the way it was foretold."""
        if event.beat is not Beat.DAWN or event.day != claim.by_day:
            return Truth.OPEN
        struck = self._struck
        if struck is None or struck.good != claim.asset:
            return Truth.FALSE
        came = ClaimKind.WILL_RISE if struck.percent < USUAL_PERCENT else ClaimKind.WILL_FALL
        return Truth.TRUE if came is claim.kind else Truth.FALSE

    def _judge_by_law(self, claim: Claim) -> Truth:
        row = next((row for row in self._today.laws if row.asset == claim.asset), None)
        if row is None:
            return Truth.OPEN
        direction = 1 if row.effect is Effect.UP else -1
        return Truth.TRUE if claim.kind.direction == direction else Truth.FALSE

    def _judge_by_price(self, standing: _Standing, day: int) -> Truth:
        claim = standing.claim
        if claim.made_day == day:
            return Truth.OPEN
        return judge_by_price(claim, standing.price_then_pence, self._last_pence[claim.asset], day)

    def _open_on(self, asset: str) -> list[int]:
        return [
            number
            for number, standing in self._standing.items()
            if standing.claim.asset == asset and standing.claim.basis is Basis.PRICE
        ]

    def _check_left(self, event: Event) -> Iterator[str]:
        """At the close of a day: nothing that could be settled is open, nothing that was to be told is untold."""
        for number, standing in self._standing.items():
            if standing.claim.basis is Basis.SHOCK:
                due = standing.claim.by_day <= event.day
            else:
                due = self._judge_by_price(standing, event.day) is not Truth.OPEN
            if due:
                yield f"claim {number} should have been settled"
        if self._today.news or self._today.rumours:
            yield "the chronicle has more for this day than was told"
