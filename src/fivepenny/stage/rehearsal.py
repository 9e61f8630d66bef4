"""A season played into memory, to be measured: the shipped scenario, a whole company, no file left behind."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fivepenny.company.cast import company_references
from fivepenny.company.tape import Tape
from fivepenny.events import Event
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.mind import Mind
from fivepenny.scenario import load_scenario
from fivepenny.stage.house import assemble, seated

SCENARIO = "south-sea"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a season came to: its events in order, and the wall seconds from its first beat to its last."""

    events: tuple[Event, ...]
    seconds: float


def rehearse(seed: int, days: int, company: str, open_mind: Callable[[str], Mind] = seat_mind) -> Rehearsal:
    """Play a season of the shipped scenario; opening and closing the minds is not counted in its seconds.

    `open_mind` makes the mind of each reference that names one. Raises UnknownMind for an unknown company, and
    what `open_mind` raises.
    """
    scenario, chronicle = load_scenario(SCENARIO)
    references = company_references(company, scenario)
    minds: dict[str, Mind] = {}
    pool: ThreadPoolExecutor | None = None
    try:
        for reference in references.values():
            if reference.startswith("house:") and reference not in minds:
                minds[reference] = open_mind(reference)
        pool = ThreadPoolExecutor(len(minds), thread_name_prefix="seat") if minds else None
        header = Header(seed, days, scenario, chronicle, references)
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
