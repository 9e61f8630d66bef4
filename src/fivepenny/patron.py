"""The Patron's chair: a scenario as it is played when somebody sits there.

The seat is added before the season opens, so that whoever reads the season file finds a seat like any other. Knows no
market; what the Patron brings and is here for is the scenario's `[patron]`.
"""

from collections.abc import Iterable

from fivepenny.aims import PATRON
from fivepenny.errors import WrongUse
from fivepenny.scenario import Scenario, Seat

CALLED = "Patron"  # one word that is nobody's: what a person is called, others may not say to a third
TRADE = "money, and no name"
CANNOT = "be thanked in public"
SPEAKS = "Courteous, unhurried. Doors, chairs, receipts. You say the second half of a thing and leave out the first."


def with_patron(scenario: Scenario) -> Scenario:
    """The scenario with the Patron at the table, in the last chair. Raises WrongUse where it has no such chair."""
    patron = scenario.patron
    if patron is None:
        raise WrongUse(f"--seat {PATRON}: the scenario {scenario.name} has no [patron], so that there is no such chair")
    seat = Seat(
        name=PATRON,
        full_name=CALLED,
        first_name=CALLED,
        trade=TRADE,
        wants=patron.wants,
        cannot=CANNOT,
        speaks=SPEAKS,
        steadiness=patron.steadiness,
        purse_pence=patron.purse_pence,
        income_pence=patron.income_pence,
        stock=patron.stock,
    )
    return scenario.model_copy(update={"seats": (*scenario.seats, seat)})


def seated_for(scenario: Scenario, pairs: Iterable[str]) -> Scenario:
    """The scenario as these `SEAT=MIND` arguments want it played: with the Patron, if one of them takes that chair."""
    taken = any(pair.partition("=")[0] == PATRON for pair in pairs)
    return with_patron(scenario) if taken and PATRON not in scenario.seat_names else scenario
