"""The audit of aims: each was reached or lost on the day on which it was, once, and the season judged as it stood.

Works out from the events what everyone has in hand, who was believed and who failed to pay; worths are those of the
day's closing, which the audit of the books has worked out for itself. Never calls the market.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.aims import (
    FAILED_POINTS,
    GOAL_POINTS,
    PATRON,
    UNPAID_POINTS,
    WORD_POINTS,
    Aim,
    GoalReached,
    SeasonJudged,
    WantLost,
    WantReached,
)
from fivepenny.claims import Truth
from fivepenny.events import Body, Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import FREE
from fivepenny.market.orders import PENCE

Told = WantReached | WantLost | GoalReached | SeasonJudged


def check_aims(header: Header, events: Sequence[Event], counts: Counter[str]) -> Iterator[str]:
    """Breaches of what is said of aims, in the order of the events."""
    audit = _AimsAudit(header)
    for event in events:
        if isinstance(event.body, Told):
            counts["aims"] += 1
        for breach in audit.take(event):
            yield f"event {event.number} ({event.body.kind}): {breach}"


class _AimsAudit:
    """The aims as the events make them."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._open = dict(header.scenario.aims)
        self._reached: dict[str, bool] = dict.fromkeys(self._open, False)
        self._hand: Counter[tuple[str, str]] = Counter()  # seat and asset
        self._opening_pence = 0
        self._tips: dict[tuple[int, str], int] = {}  # claim and teller: how many have believed it
        self._believed: Counter[str] = Counter()
        self._failed: set[str] = set()
        self._points = 0
        self._told: list[Told] = []
        self._judged = False  # it should have been
        self._over = False  # it was

    def take(self, event: Event) -> Iterator[str]:
        """Breaches of one event."""
        body = event.body
        if self._over and isinstance(body, hap.DayOpened):
            yield "the season goes on after it was judged"
        if isinstance(body, Told):
            self._told.append(body)
            self._over = self._over or isinstance(body, SeasonJudged)
            return
        for _, source, source_kind, target, target_kind, asset, amount in event.sealed.postings:
            self._hand[source, asset] -= amount if source_kind == FREE else 0
            self._hand[target, asset] += amount if target_kind == FREE else 0
        if isinstance(body, hap.DayClosed):
            due = list(self._due(event.day, dict(zip(body.seats, body.worths_pence, strict=True))))
            if self._told != due:
                yield f"of aims it should stand before it that {due or 'nothing'}; it does not"
            self._told = []
        else:
            self._remember(body)

    def _remember(self, body: Body) -> None:
        match body:
            case hap.SeasonOpened():
                patron = self._header.scenario.patron
                prices = dict(zip(body.goods, body.prices_pence, strict=True))
                if patron:
                    goods_pence = sum(prices[good] * units for good, units in patron.stock.items())
                    self._opening_pence = patron.purse_pence + goods_pence
            case hap.Weighed(teller=teller, claim=claim) if body.believed:
                self._tips[claim, teller] = self._tips.get((claim, teller), 0) + 1
            case hap.Settled(claim=claim):
                for number, teller in [key for key in self._tips if key[0] == claim.number]:
                    times = self._tips.pop((number, teller))
                    self._believed[teller] += times if body.truth is Truth.TRUE else 0
            case hap.Defaulted(borrower=seat) | fail.Failed(seat=seat):
                self._failed.add(seat)
                if seat == PATRON:
                    self._points += UNPAID_POINTS if isinstance(body, hap.Defaulted) else FAILED_POINTS
            case hap.Spoken(hearer=hearer, act=act) if hearer == PATRON:
                self._points += WORD_POINTS.get(act, 0)
            case _:
                pass

    def _due(self, day: int, worths_pence: dict[str, int]) -> Iterator[Told]:
        """What the closing of this day has to bring."""
        if not self._reached or self._judged:
            return
        for seat, aim in list(self._open.items()):
            if aim.lasts and not self._keeps(seat, aim):
                del self._open[seat]
                yield WantLost(seat, aim.sort, aim.figure, aim.good)
            elif not aim.lasts and self._has(seat, aim, worths_pence):
                yield self._reach(seat, aim)
        patron = self._header.scenario.patron
        ended = patron is not None and patron.goal.ends and self._reached.get(PATRON, False)
        if day < self._header.days and not ended:
            return
        for seat, aim in list(self._open.items()):
            if aim.lasts:
                yield self._reach(seat, aim)
        self._judged = True
        score = None
        if PATRON in self._reached:
            gained_pence = worths_pence[PATRON] - self._opening_pence
            score = gained_pence * 100 // max(1, self._opening_pence) + self._points
            score += GOAL_POINTS * self._reached[PATRON]
        yield SeasonJudged(tuple(self._reached), tuple(self._reached.values()), score)

    def _reach(self, seat: str, aim: Aim) -> Told:
        del self._open[seat]
        self._reached[seat] = True
        if seat == PATRON:
            return GoalReached(seat, aim.sort, aim.figure, aim.good, aim.other)
        return WantReached(seat, aim.sort, aim.figure, aim.good)

    def _keeps(self, seat: str, aim: Aim) -> bool:
        return seat not in self._failed if aim.sort == "honour" else self._hand[seat, aim.good] >= aim.figure

    def _has(self, seat: str, aim: Aim, worths_pence: dict[str, int]) -> bool:
        if aim.sort == "ruin":
            return aim.other in self._failed
        figures = {
            "worth": worths_pence[seat],
            "purse": self._hand[seat, PENCE],
            "believed": self._believed[seat],
            "own": self._hand[seat, aim.good],
        }
        return figures[aim.sort] >= aim.figure
