"""Speed of the world alone: bigger tables of the shipped scenario, and roll-outs of it, played by understudies.

Seconds are wall time. Nothing is asked of a model and no file is left behind.
"""

import json
import time
from dataclasses import dataclass

from fivepenny.aims import PATRON
from fivepenny.company.cast import UNDERSTUDIES, company_references
from fivepenny.company.tape import Tape
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.market.town import Town
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.forks import fork_seeds, play_on, roll, seat_understudies
from fivepenny.stage.house import assemble, seated
from fivepenny.stage.rehearsal import SCENARIO, Rehearsal


def _at_table(name: str, table: int) -> str:
    """What somebody is called at a further table; the town is the same at all of them."""
    return name if table == 1 or name == OUTSIDE else f"{name}{table}"


def repeat_table(scenario: Scenario, tables: int) -> Scenario:
    """The scenario with all of its seats, and what binds them, this many times over at one table.

    The copies are numbered from 2: `marrow`, `marrow2`, `marrow3`. Goods, chronicle and legends are shared, and so is
    the Patron, of whom there is one. Each banker has the town's depositors over again.
    """
    repeated = scenario.model_dump(mode="json")
    for part, names in (
        ("seats", ("name",)),
        ("bills", ("seat",)),
        ("debts", ("lender", "borrower")),
        ("bonds", ("doer", "to")),
        ("deposits", ("holder", "banker")),
    ):
        rows = repeated.get(part, [])
        repeated[part] = [
            row | {name: _at_table(row[name], table) for name in names}
            for table in range(1, tables + 1)
            for row in rows
            if table == 1 or PATRON not in {row[name] for name in names}
        ]
    return Scenario.model_validate_json(json.dumps(repeated))


def rehearse_crowd(seed: int, days: int, tables: int) -> Rehearsal:
    """Play a season of this many tables put together, by their understudies."""
    scenario, chronicle = load_scenario(SCENARIO)
    crowd = repeat_table(scenario, tables)
    header = Header(seed, days, crowd, chronicle, company_references(UNDERSTUDIES, crowd))
    with SeasonFile.create(IN_MEMORY, header) as file:
        season = assemble(file, seated(header, {}), Tape(), None)
        started = time.perf_counter()
        events = tuple(event for played in season.beats() for event in played.events)
        return Rehearsal(events, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class RollOutSpeed:
    """Wall seconds of roll-outs, the making of their copies included, and of as many days played in a row."""

    forks_seconds: float
    row_seconds: float


def time_roll_outs(seed: int, from_day: int, copies: int, days: int) -> RollOutSpeed:
    """Roll copies of the shipped scenario on from the dawn of a day, then play as many days in a row from there."""
    scenario, chronicle = load_scenario(SCENARIO)
    sitters = seat_understudies(scenario)
    town = Town(seed, scenario.days, scenario, chronicle)
    for _ in play_on(town, sitters, seed, from_day - 1):
        pass
    started = time.perf_counter()
    for _ in roll(town, sitters, days, fork_seeds(seed, from_day, copies), len):
        pass
    rolled = time.perf_counter()
    for _ in play_on(town, sitters, seed, copies * days):
        pass
    return RollOutSpeed(rolled - started, time.perf_counter() - rolled)
