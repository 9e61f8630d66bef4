"""The audit of legends: each began as its lots say, each step was played on its day, and brought what it says.

Finds again from the header when every legend begins. Keeps its own balances of goods and loans, and checks the outside
trade of a step where it shows: among the orders of the auctions.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fivepenny import courts, hires
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.chronicle import RowKind
from fivepenny.claims import ClaimKind
from fivepenny.deposits import Rescued
from fivepenny.events import Body, Event
from fivepenny.header import Header
from fivepenny.ledger.transfers import FREE, OUTSIDE
from fivepenny.legends import (
    CallStep,
    CreditStep,
    Legend,
    NewsStep,
    RescueStep,
    RunStep,
    Step,
    StockStep,
    TradeStep,
    Unfolded,
    WhisperStep,
    begins,
    stock_good,
)
from fivepenny.market.flows import CLAIM_DAYS, pushed_units
from fivepenny.market.legends import borrowers, credit_terms, foretells, rescue_terms, trade_push
from fivepenny.market.orders import MAX_LIMIT_PENCE, Side
from fivepenny.rng import stream


@dataclass(frozen=True, slots=True)
class _Words:
    """What a step has told: in public as news, or to a seat."""

    headline: str
    asset: str
    seat: str
    kind: ClaimKind

    def __str__(self) -> str:
        ears = self.seat or "everyone"
        return f"the words {self.headline!r} for {ears}: {self.asset} {self.kind}"


@dataclass(frozen=True, slots=True)
class _Trade:
    """Outside trade that a step has brought: what it must show in every auction up to its last day."""

    asset: str
    side: Side
    units: int
    reach_percent: int
    until_day: int


def steps_by_day(header: Header) -> dict[int, list[tuple[Legend, int]]]:
    """The steps that a season has, counted from 1, by day and in their order."""
    found: dict[int, list[tuple[Legend, int]]] = {}
    for legend in header.scenario.legends:
        for day in range(legend.from_day, min(legend.last_begin_day, header.days) + 1):
            lot = stream(header.part_on(day).seed, "market", day, "legend", legend.name)
            if begins(legend, day, lot):
                for number, step in enumerate(legend.steps, 1):
                    found.setdefault(day + step.after_days, []).append((legend, number))
                break
    order = header.scenario.legends
    for due in found.values():
        due.sort(key=lambda item: (order.index(item[0]), item[1]))
    return found


class LegendsAudit:
    """The legends as the events make them. `brought`: whether the event last taken is a step's doing."""

    def __init__(self, header: Header) -> None:
        """Before the first event."""
        scenario = header.scenario
        self._scenario = scenario
        self._steps = steps_by_day(header)
        self._due: list[tuple[Legend, int]] = []
        self._expected: list[Body | _Words] = []
        self._lender = ""  # the legend whose loans are being made
        self._held: Counter[tuple[str, str]] = Counter()
        self._last_pence = {good.name: good.price_pence for good in scenario.goods}
        self._failed: set[str] = set()
        self._loans: dict[int, hap.Lent] = {}
        self._loans_of: dict[str, list[int]] = {legend.name: [] for legend in scenario.legends}
        self._loans_made = 0
        self._trades: list[_Trade] = []
        self._orders: Counter[tuple[str, str, int, int]] = Counter()
        self._refused: Counter[str] = Counter()  # outside orders, as those that would meet the outside world's own
        self.brought = False

    def take(self, event: Event) -> Iterator[str]:
        """Breaches of one event."""
        body = event.body
        self.brought = False
        if isinstance(body, Unfolded):
            yield from self._check_left()
            yield from self._unfold(event.day, body)
        elif self._expected:
            if self._is_expected(event.day, body):
                self._expected.pop(0)
                self.brought = True
            else:
                yield from self._check_left()
        elif isinstance(body, hap.Called):
            yield "no step of a legend calls this loan"
        elif isinstance(body, Rescued):
            yield "no step of a legend rescues this banker"
        yield from self._follow(event)

    def _check_left(self) -> Iterator[str]:
        if self._expected:
            yield f"the legend's step before it should have brought {self._expected[0]}"
        self._expected.clear()

    def _unfold(self, day: int, body: Unfolded) -> Iterator[str]:
        if not self._due or (self._due[0][0].name, self._due[0][1]) != (body.legend, body.step):
            yield f"step {body.step} of the legend {body.legend} is not what is due now"
            return
        legend, number = self._due.pop(0)
        self._lender = legend.name
        self._expected = list(self._brings(legend, legend.steps[number - 1], day))

    def _brings(self, legend: Legend, step: Step, day: int) -> Iterator[Body | _Words]:
        match step:
            case NewsStep():
                yield _Words(step.headline, legend.asset, "", foretells(step.effect))
            case WhisperStep():
                yield from (_Words(step.headline, legend.asset, seat, foretells(step.effect)) for seat in step.to)
            case TradeStep():
                side, push = trade_push(step)
                units = pushed_units(self._scenario, legend.asset, push)
                until_day = day + push.days - 1
                self._trades.append(_Trade(legend.asset, side, units, push.reach_percent, until_day))
            case CreditStep():
                yield from self._loans_due(legend, step, day)
            case CallStep():
                due_day = day + step.notice_days
                for number in self._loans_of[legend.name]:
                    loan = self._loans.get(number)
                    if loan is not None and loan.due_day > due_day:
                        yield hap.Called(number, loan.lender, loan.borrower, loan.owed_pence, due_day)
            case RunStep():
                pass  # who comes to a banker is checked with the deposits
            case RescueStep(banker=banker) if banker not in self._failed:
                terms = rescue_terms(step, day)
                number = self._loans_made + 1
                yield hap.Lent(number, OUTSIDE, banker, terms.principal_pence, terms.owed_pence, terms.due_day)
                yield Rescued(banker, step.pence)
            case RescueStep():
                pass
            case StockStep():
                yield hap.Struck(stock_good(legend, step), step.percent, day + step.days - 1)

    def _loans_due(self, legend: Legend, step: CreditStep, day: int) -> Iterator[hap.Lent]:
        number = self._loans_made
        for seat in borrowers(self._scenario, step):
            if seat in self._failed:
                continue
            held_units = self._held[seat, legend.asset]
            terms = credit_terms(step, seat, held_units, self._last_pence[legend.asset], day)
            if terms.principal_pence:
                number += 1
                yield hap.Lent(number, OUTSIDE, seat, terms.principal_pence, terms.owed_pence, terms.due_day)

    def _is_expected(self, day: int, body: Body) -> bool:
        expected = self._expected[0]
        if not isinstance(expected, _Words):
            return body == expected
        match body:
            case hap.News(headline=headline, asset=asset, sort=sort, claim=claim) if claim is not None:
                told = _Words(headline, asset, "", claim.kind)
                return told == expected and sort == RowKind.NEWS.value and claim.by_day == day + CLAIM_DAYS
            case hap.Whispered(seat=seat, headline=headline, claim=claim):
                told = _Words(headline, claim.asset, seat, claim.kind)
                return told == expected and claim.by_day == day + CLAIM_DAYS
            case _:
                return False

    def _follow(self, event: Event) -> Iterator[str]:
        """Take in what stands after an event; at the end of each beat, what was due in it must have come."""
        for _, source, source_kind, target, target_kind, asset, amount in event.sealed.postings:
            self._held[source, asset] -= amount if source_kind == FREE else 0
            self._held[target, asset] += amount if target_kind == FREE else 0
        match event.body:
            case hap.DayOpened():
                self._due = list(self._steps.get(event.day, ()))
                self._trades = [trade for trade in self._trades if trade.until_day >= event.day]
            case hap.Owes() | courts.Fined():
                self._loans_made += 1
            case hires.HireClosed(loan=number) if number:
                self._loans_made += 1
            case hap.Lent() as body:
                self._loans_made += 1
                if self.brought:
                    self._loans[body.loan] = body
                    self._loans_of[self._lender].append(body.loan)
            case hap.Called(loan=number, due_day=due_day) if number in self._loans:
                self._loans[number] = replace(self._loans[number], due_day=due_day)
            case hap.Repaid(loan=number) | hap.Defaulted(loan=number):
                self._loans.pop(number, None)
            case fail.Failed(seat=seat):
                self._failed.add(seat)
            case fail.Discharged(seat=seat):
                self._failed.discard(seat)
            case hap.Ordered(seat=seat, side=side, good=good) as body if seat == OUTSIDE:
                self._orders[side, good, body.quantity, body.limit_pence] += 1
            case hap.OrderRefused(seat=seat, side=side) if seat == OUTSIDE:
                self._refused[side] += 1
            case hap.Cleared() as body:
                yield from self._check_trades(body)
            case hap.DayClosed():
                if self._due:
                    yield f"steps of the legends {', '.join(legend.name for legend, _ in self._due)} were not played"
            case _:
                pass

    def _check_trades(self, body: hap.Cleared) -> Iterator[str]:
        due: Counter[tuple[str, str, int, int]] = Counter()
        for trade in self._trades:
            if trade.asset == body.good:
                sign = 1 if trade.side is Side.BUY else -1
                limit_pence = self._last_pence[body.good] * (100 + sign * trade.reach_percent) // 100
                limit_pence = max(1, min(MAX_LIMIT_PENCE, limit_pence))
                due[str(trade.side), body.good, trade.units, limit_pence] += 1
        for (side, good, units, limit_pence), count in due.items():
            self._refused[side] -= max(0, count - self._orders[side, good, units, limit_pence])
            if self._refused[side] < 0:
                yield f"a legend's {units} units of {good} to {side} at {limit_pence} did not stand in it"
        self._orders.clear()
        self._refused.clear()
        if body.price_pence is not None:
            self._last_pence[body.good] = body.price_pence
