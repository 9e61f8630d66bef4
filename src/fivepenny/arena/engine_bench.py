"""`bench engine`: decisions a second, and how much of the wall time is spent inside llama.cpp.

Three companies play the same seeds one after the other in one run, so that their ratios are of one machine at one
time: the house models, a null mind in the models' place (the same prompts, tape and threads, an answer at once), and
the understudies (no prompts at all). Opening and closing the models is not counted.

Seats are asked side by side, so the seconds of single calls add up to more than passed. The share inside llama.cpp is
therefore the length of the union of the calls' intervals over the season's wall time: time in which at least one
model was at work. A call's interval includes what its mind does round the engine's own call (encoding the prompt).

Beside them stands the world alone: seasons of understudies at tables of 5, 20 and 50 characters, and roll-outs of a
running season beside as many days in a row. Each of these is the fastest of its runs, so that what else the machine
does counts for less; they are played in turns, so that it falls on all of them.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fivepenny.errors import MissingPart
from fivepenny.happenings import DayClosed, Decided
from fivepenny.minds.catalogue import FileState, list_minds, seat_mind
from fivepenny.minds.mind import Completion, Mind, MindCard, Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.minds.wrapping import WrappedMind
from fivepenny.stage.crowds import rehearse_crowd, time_roll_outs
from fivepenny.stage.rehearsal import SCENARIO, rehearse

DAYS = 30
TABLES = (1, 4, 10)
"""Tables of five that are put together."""
RUNS = 3
COPIES, FROM_DAY = 64, 11
Span = tuple[float, float]


def _at_once(request: Request) -> str:
    """A grade for each option, from the request's seed, or no line."""
    grades = request.max_tokens // 2 if request.task is Task.GRADE else 0
    return "".join(f" {(request.seed >> place) % 10}" for place in range(grades))


def null_mind(reference: str) -> Mind:
    """A mind that answers at once: every option alike, and silence. It sits in for the mind of this reference."""
    return ScriptedMind(_at_once, MindCard(reference, "fivepenny", "null", 0, Wording.CUE))


class TimedMind(WrappedMind):
    """A mind whose calls leave their intervals of wall time in `spans`."""

    def __init__(self, mind: Mind, spans: list[Span]) -> None:
        """Wraps this mind."""
        super().__init__(mind)
        self._spans = spans

    def complete(self, request: Request) -> Completion:
        """The mind's; the interval is kept though it fails."""
        started = time.perf_counter()
        try:
            return super().complete(request)
        finally:
            self._spans.append((started, time.perf_counter()))


def union_seconds(spans: Iterable[Span]) -> float:
    """The time that at least one of these intervals covers."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


@dataclass(slots=True)
class _Company:
    """One of the companies, and what its seasons took."""

    name: str
    cast: str
    open_mind: Callable[[str], Mind]
    spans: list[Span] = field(default_factory=list)
    decisions: int = 0
    seconds: float = 0.0

    def play(self, seed: int, days: int) -> None:
        season = rehearse(seed, days, self.cast, lambda reference: TimedMind(self.open_mind(reference), self.spans))
        self.decisions += sum(isinstance(event.body, Decided) for event in season.events)
        self.seconds += season.seconds


def bench_engine(seeds: int, days: int = DAYS) -> dict[str, Any]:
    """Speed over the seeds 1 to `seeds`; `ratios` compare the companies of this run.

    Raises MissingPart where one of the five house models is not on this machine.
    """
    missing = [row.name for row in list_minds() if row.state is not FileState.THERE]
    if missing:
        raise MissingPart(f"the house models {', '.join(missing)} are missing or broken; see: fivepenny models list")
    models = _Company("house models", "house", seat_mind)
    null = _Company("null mind", "house", null_mind)
    understudies = _Company("understudies", "understudies", null_mind)
    for seed in range(1, seeds + 1):
        for company in (models, null, understudies):
            company.play(seed, days)
    companies = (models, null, understudies)
    crowds = _crowd_seconds(days)
    character_day = {count: seconds * 1000 / (days * count) for count, seconds in crowds.items()}
    return {
        "bench": "engine",
        "scenario": SCENARIO,
        "seeds": seeds,
        "days": days,
        "table": [_row(company, seeds * days) for company in companies],
        "understudy days a second, by characters": {
            str(count): round(days / seconds, 1) for count, seconds in crowds.items()
        },
        "milliseconds a character's day, by characters": {
            str(count): round(cost, 4) for count, cost in character_day.items()
        },
        "forks": _forks(days),
        "ratios": {
            "decisions a second, null mind to models": round(_rate(null) / _rate(models), 3),
            "decisions a second, understudies to models": round(_rate(understudies) / _rate(models), 3),
            "cost of a character's day, largest table to smallest": round(
                character_day[max(crowds)] / character_day[min(crowds)], 3
            ),
        },
    }


def _rate(company: _Company) -> float:
    return company.decisions / company.seconds


def _row(company: _Company, days: int) -> dict[str, Any]:
    inside = union_seconds(company.spans) if company.open_mind is seat_mind else 0.0
    return {
        "players": company.name,
        "decisions": company.decisions,
        "seconds": round(company.seconds, 3),
        "decisions a second": round(_rate(company), 1),
        "days a second": round(days / company.seconds, 2),
        "calls": len(company.spans),
        "share inside llama.cpp": round(inside / company.seconds, 4),
    }


def _crowd_seconds(days: int) -> dict[int, float]:
    """By the number of characters, the seconds of the fastest season of understudies."""
    found: dict[int, float] = {}
    for seed in range(1, RUNS + 1):
        for tables in TABLES:
            season = rehearse_crowd(seed, days, tables)
            characters = next(len(event.body.seats) for event in season.events if isinstance(event.body, DayClosed))
            found[characters] = min(season.seconds, found.get(characters, float("inf")))
    return found


def _forks(days: int) -> dict[str, Any]:
    """Roll-outs of a running season, and as many days of one season in a row."""
    runs = [time_roll_outs(1, FROM_DAY, COPIES, days) for _ in range(RUNS)]
    forks_seconds = min(run.forks_seconds for run in runs)
    row_seconds = min(run.row_seconds for run in runs)
    return {
        "copies": COPIES,
        "days of each": days,
        "seconds": round(forks_seconds, 3),
        "seconds in a row": round(row_seconds, 3),
        "ratio": round(forks_seconds / row_seconds, 3),
    }
