"""A season played into memory, to be measured: a scenario, a whole company, no file left behind."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fivepenny.chronicle import Chronicle
from fivepenny.company.cast import company_references
from fivepenny.company.tape import Tape
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.mind import Mind
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.house import assemble, seated

SCENARIO = "south-sea"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a season came to: its events in order, and the wall seconds from its first beat to its last."""

    events: tuple[Event, ...]
    seconds: float


def rehearse(
    seed: int, days: int, company: str, open_mind: Callable[[str], Mind] = seat_mind, scenario: str = SCENARIO
) -> Rehearsal:
    """Play a season of a scenario by its name or path, as for `load_scenario`; see `rehearse_scenario`.

    Raises what these raise.
    """
    return rehearse_scenario(seed, days, company, *load_scenario(scenario), open_mind)


def rehearse_scenario(
    seed: int,
    days: int,
    company: str,
    play: Scenario,
    chronicle: Chronicle | None,
    open_mind: Callable[[str], Mind] = seat_mind,
) -> Rehearsal:
    """Play a season of a scenario; opening and closing the minds is not counted in its seconds.

    `open_mind` makes the mind of each reference that names one. Raises UnknownMind for an unknown company, and what
    `open_mind` raises.
    """
    references = company_references(company, play)
    minds: dict[str, Mind] = {}
    pool: ThreadPoolExecutor | None = None
    try:
        for reference in references.values():
            if reference.startswith("house:") and reference not in minds:
                minds[reference] = open_mind(reference)
        pool = ThreadPoolExecutor(len(minds), thread_name_prefix="seat") if minds else None
        header = Header(seed, days, play, chronicle, references)
        with SeasonFile.create(IN_MEMORY, header) as file:
            season = assemble(file, seated(header, minds), Tape(), pool)
            started = time.perf_counter()
            events = tuple(event for played in season.beats() for event in played.events)
            return Rehearsal(events, time.perf_counter() - started)
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        for mind in minds.values():
            mind.close()
