"""What came of what seats were after, for whoever reads a season: by the events of its file alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from fivepenny.aims import PATRON, Aim, GoalReached, SeasonJudged, WantLost, WantReached
from fivepenny.events import Event
from fivepenny.money import format_pence
from fivepenny.scenario import Scenario

REACHED, LOST, MISSED, OPEN = "reached", "lost", "missed", "open"


@dataclass(frozen=True, slots=True)
class AimRow:
    """A seat's aim in words, and how it ended: reached, lost, missed, or still open; on which day, where on one."""

    seat: str
    aim: str
    end: str
    day: int | None

    @property
    def told(self) -> str:
        """The end with its day, as one says it."""
        return f"{self.end} on day {self.day}" if self.day else self.end


@dataclass(frozen=True, slots=True)
class Outcome:
    """The aims of a table in the order of its seats, the Patron's last; the Patron's score once it is known."""

    rows: tuple[AimRow, ...]
    score: int | None

    @property
    def patron(self) -> AimRow | None:
        """The Patron's row, where the Patron was at the table."""
        return next((row for row in self.rows if row.seat == PATRON), None)


def say_aim(aim: Aim, scenario: Scenario) -> str:
    """An aim in words, after 'wants'."""
    if aim.good:
        good = scenario.good(aim.good)
        amount = f"{aim.figure} {good.unit if aim.figure == 1 else good.units} of {good.say}"
    match aim.sort:
        case "worth":
            return f"to be worth {format_pence(aim.figure)}"
        case "purse":
            return f"to have {format_pence(aim.figure)} in hand"
        case "hold":
            return f"never to close a day with less than {amount}"
        case "honour":
            return "never to fail to pay"
        case "believed":
            return f"to be believed {'once' if aim.figure == 1 else f'{aim.figure} times'} in what comes true"
        case "own":
            return f"to have {amount}"
        case _:
            return f"that {aim.other.capitalize()} fails"


def outcome_of(scenario: Scenario, events: Iterable[Event]) -> Outcome:
    """What came of the aims of this scenario in these events."""
    aims = scenario.aims
    ends: dict[str, tuple[str, int]] = {}
    judged = False
    score: int | None = None
    for event in events if aims else ():
        match event.body:
            case WantReached(seat=seat) | GoalReached(seat=seat):
                ends[seat] = (REACHED, event.day)
            case WantLost(seat=seat):
                ends[seat] = (LOST, event.day)
            case SeasonJudged() as body:
                judged, score = True, body.score
            case _:
                pass
    left = (MISSED if judged else OPEN, None)
    return Outcome(
        tuple(AimRow(seat, say_aim(aim, scenario), *ends.get(seat, left)) for seat, aim in aims.items()), score
    )
