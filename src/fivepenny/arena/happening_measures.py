"""What a season can hold or not hold: one yes or no each, worked out from its events, sealed parts included.

| measure | a season in which |
| --- | --- |
| default | a loan is not paid in full when it falls due |
| insolvency | a seat cannot pay its debts and fails |
| cascade of two or more | in one night two or more seats fail, one of them pulled down by another |
| squeeze | somebody is made to buy in what it sold short, a tenth or more above the last price (`drama.hire`) |
| planted tip that moved a price | see below |
| broken pact | a seat does what a pact of its forbids |
| case | a case opens before the court |
| wrongful verdict | the court finds somebody guilty of what it did not do |
| exile | a seat is sent away |
| want reached | a seat of the scenario has what it wanted |
| want lost | a seat of the scenario has lost what it wanted for good |
| goal reached | the Patron has, where somebody sits in that chair |
| reversal of fortune | a worth is half above its first close's, and later not above it; or half below, later not |

A planted tip moved a price where all of this holds. Its teller made the claim up: nobody had told it before, and the
teller believes it at most LIE_AT_MOST in 100. Its hearer said the same day that it believed it. On that day or the
next the hearer traded the asset as the claim would have it, by an order of its own. And that auction cleared away from
the last price before the tip, as claimed, by one part in LEAST_MOVE_PARTS or more. So trade and move go with the tip;
whether they would have come without it, one season cannot tell: set it beside the null.

A measure of another custom's happenings is one more line of MEASURES.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fivepenny import aims, courts, pacts
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.arena.measures import failing_measures
from fivepenny.claims import LEAST_MOVE_PARTS, Claim
from fivepenny.drama.hire import squeezes
from fivepenny.drama.lies import LIE_AT_MOST, credence_of
from fivepenny.events import Body, Event
from fivepenny.justice import read_records

LEAST_CASCADE = 2
LATEST_TRADE_DAYS = 1  # after the day of a tip
FORTUNE_PARTS = 2  # a fortune is made or lost by one part in this many

Measure = Callable[[Sequence[Event]], bool]


def happened(kind: type[Body]) -> Measure:
    """A measure: whether anything of this kind happened."""
    return lambda events: any(isinstance(event.body, kind) for event in events)


def cascaded(events: Sequence[Event]) -> bool:
    """Whether in one night two or more seats failed, one pulled down by another."""
    return (failing_measures(events)["cascade"] or 0) >= LEAST_CASCADE


def judged_wrongly(events: Sequence[Event]) -> bool:
    """Whether the court found somebody guilty who, by all that is sealed, had not done it."""
    return any(trial.decided.guilty and not trial.did_it for trial in read_records(events).trials)


def _swings(worths_pence: Sequence[int]) -> bool:
    first_pence = worths_pence[0]
    gained = lost = False
    for worth_pence in worths_pence:
        if (gained and worth_pence <= first_pence) or (lost and worth_pence >= first_pence):
            return True
        away_pence = (worth_pence - first_pence) * FORTUNE_PARTS
        gained |= away_pence >= first_pence
        lost |= -away_pence >= first_pence
    return False


def fortune_reversed(events: Sequence[Event]) -> bool:
    """Whether somebody made half a fortune and lost it again, or lost half and had it back, close by close.

    Who is worth nothing at the first close has no fortune to begin with.
    """
    closings = [event.body.worths_pence for event in events if isinstance(event.body, hap.DayClosed)]
    return any(worths_pence[0] > 0 and _swings(worths_pence) for worths_pence in zip(*closings, strict=True))


@dataclass(frozen=True, slots=True)
class _Planted:
    """A tip that its teller had made up, the day and the asset's price at the telling."""

    hearer: str
    claim: Claim
    day: int
    price_then_pence: int


class _Tips:
    """Follows planted tips through a season."""

    def __init__(self) -> None:
        self._last_pence: dict[str, int] = {}
        self._known: set[int] = set()
        self._told: dict[tuple[str, str, int], _Planted] = {}
        self._believed: list[_Planted] = []
        self._forced: set[tuple[str, str]] = set()
        self.moved = False

    def take(self, event: Event) -> None:
        """Take in the next event."""
        match event.body:
            case hap.SeasonOpened(goods=goods, prices_pence=prices):
                self._last_pence = dict(zip(goods, prices, strict=True))
            case hap.News(claim=Claim(number=number)) | hap.Whispered(claim=Claim(number=number)):
                self._known.add(number)
            case hap.Tipped() as body:
                self._tell(event, body)
            case hap.Weighed(believed=True) as body:
                planted = self._told.pop((body.teller, body.hearer, body.claim), None)
                if planted and planted.day == event.day:
                    self._believed.append(planted)
            case fail.ForcedSale(seat=seat, good=good):
                self._forced.add((seat, good))
            case hap.Cleared(price_pence=int(price_pence)) as body:
                self._clear(event.day, body, price_pence)
            case hap.DayClosed():
                self._forced.clear()
            case _:
                pass

    def _tell(self, event: Event, body: hap.Tipped) -> None:
        credence = credence_of(event.sealed)
        made_up = body.claim.number not in self._known and credence is not None and credence <= LIE_AT_MOST
        self._known.add(body.claim.number)
        if made_up:
            then_pence = self._last_pence[body.claim.asset]
            key = (body.teller, body.hearer, body.claim.number)
            self._told[key] = _Planted(body.hearer, body.claim, event.day, then_pence)

    def _clear(self, day: int, body: hap.Cleared, price_pence: int) -> None:
        self._believed = [tip for tip in self._believed if day <= tip.day + LATEST_TRADE_DAYS]
        for tip in self._believed:
            rises = tip.claim.kind.direction > 0
            own = rises or (tip.hearer, body.good) not in self._forced
            if tip.claim.asset == body.good and own and tip.hearer in (body.buyers if rises else body.sellers):
                moved_pence = (price_pence - tip.price_then_pence) * tip.claim.kind.direction
                self.moved |= moved_pence * LEAST_MOVE_PARTS >= tip.price_then_pence
        self._last_pence[body.good] = price_pence


def planted_tip_moved_a_price(events: Sequence[Event]) -> bool:
    """Whether a planted tip moved a price, as the head of this module has it."""
    tips = _Tips()
    for event in events:
        tips.take(event)
    return tips.moved


MEASURES: Mapping[str, Measure] = {
    "default": happened(hap.Defaulted),
    "insolvency": happened(fail.Failed),
    "cascade of two or more": cascaded,
    "squeeze": lambda events: bool(squeezes(events)),
    "planted tip that moved a price": planted_tip_moved_a_price,
    "broken pact": happened(pacts.PactBroken),
    "case": happened(courts.CaseOpened),
    "wrongful verdict": judged_wrongly,
    "exile": happened(courts.Exiled),
    "reversal of fortune": fortune_reversed,
    "want reached": happened(aims.WantReached),
    "want lost": happened(aims.WantLost),
    "goal reached": happened(aims.GoalReached),
}
"""Every measure by name."""
