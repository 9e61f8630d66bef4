"""Aims: what a seat wants, what the Patron is here for, and the events by which the table learns what came of it.

As a scenario declares them. How an aim is weighed is the market's affair; how the Patron's score is made up stands
here, since market and audit each work it out on their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from fivepenny.events import Body
from fivepenny.parts import Name, Part, Pence, Quantity, Text

PATRON = "patron"
"""The seat of the Patron, who is at the table only when somebody takes that chair."""

GOAL_POINTS = 50
"""Score: for a goal that was reached, besides a point for each percent that the Patron's worth has grown by."""
WORD_POINTS = {"thank": 2, "needle": -2, "turn": -2}
"""Score: for each word of these kinds that is said to the Patron across the table."""
UNPAID_POINTS = -20
"""Score: for each debt of its own that the Patron has let die."""
FAILED_POINTS = -30
"""Score: for each time that the Patron could not pay."""

Sum = Annotated[int, Field(ge=1, le=10**9)]
Units = Annotated[int, Field(ge=1, le=10**6)]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a seat is after. `figure` is in pence, units or times, by its sort; `good` and `other` are empty or named.

    worth: to be worth so much. purse: to have so much coin in hand. hold: never to close a day with fewer units of a
    good than this. honour: never to fail to pay. believed: to be believed so often in a tip that then comes true. own:
    to have so many units of a good. ruin: that another fails.
    """

    sort: str
    figure: int = 0
    good: str = ""
    other: str = ""

    @property
    def lasts(self) -> bool:
        """Whether it is lost by an event and reached by the end of the season alone."""
        return self.sort in ("hold", "honour")


class Want(Part):
    """What a seat wants: one of these. `units` goes with `hold`."""

    worth_pence: Sum | None = None
    purse_pence: Sum | None = None
    hold: Name | None = None
    units: Units = 1
    honour: bool = False
    believed: Units | None = None

    @property
    def aims(self) -> tuple[Aim, ...]:
        """The one aim; more or none where it says more or nothing."""
        return (
            *([Aim("worth", self.worth_pence)] if self.worth_pence else ()),
            *([Aim("purse", self.purse_pence)] if self.purse_pence else ()),
            *([Aim("hold", self.units, self.hold)] if self.hold else ()),
            *([Aim("honour")] if self.honour else ()),
            *([Aim("believed", self.believed)] if self.believed else ()),
        )


class Goal(Part):
    """What the Patron is here for: one of these. `units` goes with `own`; `ends`: that day's close ends the season."""

    worth_pence: Sum | None = None
    purse_pence: Sum | None = None
    own: Name | None = None
    units: Units = 1
    ruin: Name | None = None
    ends: bool = False

    @property
    def aims(self) -> tuple[Aim, ...]:
        """The one aim; more or none where it says more or nothing."""
        return (
            *([Aim("worth", self.worth_pence)] if self.worth_pence else ()),
            *([Aim("purse", self.purse_pence)] if self.purse_pence else ()),
            *([Aim("own", self.units, self.own)] if self.own else ()),
            *([Aim("ruin", other=self.ruin)] if self.ruin else ()),
        )


class Patron(Part):
    """The sixth chair: what the Patron brings to the table, if anybody sits there, and its goal."""

    purse_pence: Sum
    income_pence: Pence = 0
    stock: dict[Name, Quantity] = Field(default_factory=dict)
    steadiness: Annotated[int, Field(ge=1, le=9)] = 6
    wants: Text = "to be owed something by everybody"
    goal: Goal


@dataclass(frozen=True, slots=True)
class WantReached(Body):
    """A seat has what it wanted; fields as of an `Aim`."""

    kind: ClassVar[str] = "want_reached"
    seat: str
    sort: str
    figure: int
    good: str


@dataclass(frozen=True, slots=True)
class WantLost(Body):
    """A seat will not have what it wanted; fields as of an `Aim`."""

    kind: ClassVar[str] = "want_lost"
    seat: str
    sort: str
    figure: int
    good: str


@dataclass(frozen=True, slots=True)
class GoalReached(Body):
    """The Patron has reached its goal; fields as of an `Aim`."""

    kind: ClassVar[str] = "goal_reached"
    seat: str
    sort: str
    figure: int
    good: str
    other: str


@dataclass(frozen=True, slots=True)
class SeasonJudged(Body):
    """The season is over at this day's close: which seats that had an aim reached it; the Patron's score, if any."""

    kind: ClassVar[str] = "season_judged"
    seats: tuple[str, ...]
    reached: tuple[bool, ...]
    score: int | None


def aim_faults(place: str, part: Want | Goal, goods: tuple[str, ...], seats: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a want or goal at this place of a scenario of these goods and seats."""
    if len(part.aims) != 1:
        kinds = (
            "worth_pence, purse_pence, own, ruin"
            if isinstance(part, Goal)
            else "worth_pence, purse_pence, hold, honour, believed"
        )
        yield f"{place}: it says {'nothing' if not part.aims else 'several things'}; give one of {kinds}"
        return
    aim = part.aims[0]
    if aim.good and aim.good not in goods:
        yield f"{place}: {aim.good!r} is not one of {', '.join(goods)}"
    if aim.other and aim.other not in seats:
        yield f"{place}: {aim.other!r} is not one of {', '.join(seats)}"
    if part.units > 1 and aim.sort not in ("hold", "own"):
        yield f"{place}: units goes with hold or own alone; leave it out"


def percent_grown(then_pence: int, now_pence: int) -> int:
    """How far a worth has grown, in whole percent, rounded down; of what was nothing, as if it had been a penny."""
    return (now_pence - then_pence) * 100 // max(1, then_pence)
