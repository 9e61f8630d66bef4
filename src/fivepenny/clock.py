"""The day: its phases, their beats, and how people at the table speak of days.

Knows nothing of what happens in a phase. Days count from 1; day 1 is a Monday and Sundays are kept, so that
a week has six days of business.
"""

from enum import StrEnum


class Phase(StrEnum):
    """A part of the day."""

    DAWN = "dawn"
    PARLEY = "parley"
    MARKET = "market"
    DUSK = "dusk"


class Beat(StrEnum):
    """A step of a phase. Seats that are asked in one beat decide simultaneously."""

    DAWN = "dawn"
    ADDRESS = "address"
    ANSWER = "answer"
    MARKET = "market"
    DUSK = "dusk"
    REMARK = "remark"

    @property
    def phase(self) -> Phase:
        """The phase that this beat belongs to."""
        return _PHASES[self]


_PHASES = {
    Beat.DAWN: Phase.DAWN,
    Beat.ADDRESS: Phase.PARLEY,
    Beat.ANSWER: Phase.PARLEY,
    Beat.MARKET: Phase.MARKET,
    Beat.DUSK: Phase.DUSK,
    Beat.REMARK: Phase.DUSK,
}

BEATS = tuple(Beat)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def weekday(day: int) -> str:
    """The name of a day of the season."""
    return WEEKDAYS[(day - 1) % len(WEEKDAYS)]


def ordinal(number: int) -> str:
    """1 -> '1st', 22 -> '22nd', 113 -> '113th'."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def say_coming(day: int, today: int) -> str:
    """How one speaks today of a day to come: 'tonight', 'tomorrow', 'Friday', 'Friday week', 'the 24th day'."""
    ahead = day - today
    if ahead <= 0:
        return "tonight"
    if ahead == 1:
        return "tomorrow"
    if ahead < len(WEEKDAYS):
        return weekday(day)
    if ahead < 2 * len(WEEKDAYS):
        return f"{weekday(day)} week"
    return f"the {ordinal(day)} day"


_COUNTS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def say_count(number: int) -> str:
    """A count in words up to twelve, in digits beyond."""
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)


def say_past(day: int, today: int) -> str:
    """How one speaks today of a day gone by, as an adverb: 'yesterday', 'last Friday', 'nine days ago'."""
    ago = today - day
    if ago <= 0:
        return "this morning"
    if ago == 1:
        return "yesterday"
    if ago < len(WEEKDAYS):
        return f"last {weekday(day)}"
    weeks, rest = divmod(ago, len(WEEKDAYS))
    if rest == 0:
        return "a week ago" if weeks == 1 else f"{say_count(weeks)} weeks ago"
    return f"{say_count(ago)} days ago"
