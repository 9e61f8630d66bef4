"""Legends: stories that a scenario can hold ready for its market, as a file declares them.

A legend begins on a day, or on one of a range of days that lots find; its steps follow so many days after. A step acts
through news, whispers, outside trade, credit and stocks, and has no way to name a price. What a step does to a market
is the market's affair (`fivepenny.market.legends`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fivepenny.events import Body
from fivepenny.parts import MOST_DAYS, Day, Name, Part, Pence, Text

MOST_LEGENDS = 12
MOST_STEPS = 60
MOST_UNITS_PERCENT = 200
MOST_LOAN_PERCENT = 300
Headline = Annotated[Text, Field(max_length=140)]
Effect = Literal["up", "down"]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS_PERCENT)]
Reach = Annotated[int, Field(ge=-50, le=50)]
Span = Annotated[int, Field(ge=1, le=60)]


@dataclass(frozen=True, slots=True)
class Unfolded(Body):
    """A step of a legend, counted from 1, is played; what it brings stands right after it. For the log alone."""

    kind: ClassVar[str] = "unfolded"
    legend: str
    step: int


class _Step(Part):
    after_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0


class NewsStep(_Step):
    """The town is told, as by a row of news in a chronicle: `effect` becomes a claim. It brings no outside trade."""

    does: Literal["news"]
    headline: Headline
    effect: Effect


class WhisperStep(_Step):
    """These seats are told in private, each a claim of its own."""

    does: Literal["whisper"]
    headline: Headline
    effect: Effect
    to: Annotated[tuple[Name, ...], Field(min_length=1, max_length=60)]


class TradeStep(_Step):
    """Outside buyers or sellers come for some days.

    `units_percent` is of all that the seats have at the start, so many a day; `reach_percent` how far past the last
    price they go.
    """

    does: Literal["buyers", "sellers"]
    units_percent: Units
    reach_percent: Reach = 0
    days: Span = 1


class CreditStep(_Step):
    """The outside world lends to each of these seats [default: all], save those that have failed.

    Each gets `pence`, and `holding_percent` of what its units of the asset would fetch at the last price; it owes
    `interest_percent` more, due after `due_days`. Who would get nothing gets no loan.
    """

    does: Literal["credit"]
    to: Annotated[tuple[Name, ...], Field(max_length=60)] = ()
    pence: Pence = 0
    holding_percent: Annotated[int, Field(ge=0, le=MOST_LOAN_PERCENT)] = 0
    interest_percent: Annotated[int, Field(ge=0, le=100)] = 0
    due_days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


class CallStep(_Step):
    """What is left of this legend's loans falls due after `notice_days` (0: tonight), unless it is due sooner."""

    does: Literal["call"]
    notice_days: Annotated[int, Field(ge=0, le=60)] = 0


class StockStep(_Step):
    """For some days a good [default: the legend's asset] is made at this part (in percent) of what is usual."""

    does: Literal["stock"]
    good: Name | None = None
    percent: Annotated[int, Field(ge=0, le=1_000)]
    days: Span


class RunStep(_Step):
    """For some days so many people more of the town's hundred depositors at this banker come for their money."""

    does: Literal["run"]
    banker: Name
    people: Annotated[int, Field(ge=1, le=50)]
    days: Span = 1


class RescueStep(_Step):
    """The outside world lends this to a banker that has not failed, at this interest, and the town is told of it."""

    does: Literal["rescue"]
    banker: Name
    pence: Annotated[int, Field(ge=1, le=10**9)]
    interest_percent: Annotated[int, Field(ge=0, le=100)] = 0
    due_days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


Step = Annotated[
    NewsStep | WhisperStep | TradeStep | CreditStep | CallStep | StockStep | RunStep | RescueStep,
    Field(discriminator="does"),
]


class Legend(Part):
    """A story about an asset. It begins on `from_day`, or up to `to_day`, with `chance_percent` in all."""

    name: Name
    asset: Name
    from_day: Day
    to_day: Day | None = None
    chance_percent: Annotated[int, Field(ge=1, le=100)] = 100
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]

    @property
    def last_begin_day(self) -> int:
        """The last day on which it can begin."""
        return self.to_day or self.from_day


def begins(legend: Legend, day: int, lot: Random) -> bool:
    """Whether a legend that has not begun begins on this day, by this day's lot.

    Each day of the range is equally likely, and all together have the legend's chance. Nothing is drawn ahead, so
    that nobody, and no state, knows what is to come.
    """
    if not legend.from_day <= day <= legend.last_begin_day:
        return False
    days, gone = legend.last_begin_day - legend.from_day + 1, day - legend.from_day
    return lot.randrange(100 * days - legend.chance_percent * gone) < legend.chance_percent


def stock_good(legend: Legend, step: StockStep) -> str:
    """The good whose making a step changes."""
    return step.good or legend.asset


def legend_faults(
    legends: tuple[Legend, ...],
    goods: tuple[str, ...],
    made: frozenset[str],
    seats: tuple[str, ...],
    bankers: tuple[str, ...],
) -> Iterator[str]:
    """What cannot be played of these legends, given the scenario's goods, those that are no shares, seats, bankers."""
    names = [legend.name for legend in legends]
    for legend in legends:
        place = f"legend {legend.name}"
        if names.count(legend.name) > 1:
            yield f"{place}: two legends have this name; rename one"
        if legend.asset not in goods:
            yield f"{place}: asset: {legend.asset!r} is not one of {', '.join(goods)}"
        if legend.last_begin_day < legend.from_day:
            yield f"{place}: to_day: {legend.to_day} is before its from_day {legend.from_day}; exchange them"
        lent = [step.after_days for step in legend.steps if isinstance(step, CreditStep | RescueStep)]
        for number, step in enumerate(legend.steps, 1):
            where = f"{place}: step {number}"
            match step:
                case WhisperStep(to=to) | CreditStep(to=to):
                    for name in to:
                        if name not in seats or to.count(name) > 1:
                            yield f"{where}: to: {name!r} is no seat, or is named twice; name seats once each"
                case StockStep() if stock_good(legend, step) not in made:
                    yield f"{where}: {stock_good(legend, step)!r} is nothing that is made; name a good that is no share"
                case RunStep(banker=name) | RescueStep(banker=name) if name not in bankers:
                    yield f"{where}: banker: {name!r} takes no deposits; name a seat that does"
                case _:
                    pass
            if isinstance(step, CreditStep) and not step.pence and not step.holding_percent:
                yield f"{where}: it lends nothing; give pence or holding_percent"
            if isinstance(step, CallStep) and not any(day <= step.after_days for day in lent):
                yield f"{where}: nothing has been lent by then; add a credit step before it"
