"""For the tests of deposits: a small town with a bank, and a New York in which everything happens at one."""

from typing import Any

from fivepenny.legends import Legend
from fivepenny.scenario import Deposit, Scenario
from insolvents import owes
from quiet_tables import quiet_table
from towns import scenario, seat

BANK = 9000


def deposit(holder: str, pence: int, banker: str = "birch") -> Deposit:
    """Money with birch."""
    return Deposit(holder=holder, banker=banker, pence=pence)


def bank(*deposits: Deposit, purse_pence: int = BANK, **changes: Any) -> Scenario:
    """The small scenario with birch a banker."""
    changes = {"customs": ("deposits",), "deposits": deposits} | changes
    return scenario(seat("birch", banker=True, purse_pence=purse_pence), **changes)


def legend(*steps: str, from_day: int = 3) -> Legend:
    """A legend of these steps in JSON, about flour."""
    told = ", ".join(steps)
    return Legend.model_validate_json(
        f'{{"name": "tale{from_day}", "asset": "flour", "from_day": {from_day}, "steps": [{told}]}}'
    )


RUN = '{"does": "run", "banker": "marrow", "people": 12, "days": 3}'
RESCUE = '{"does": "rescue", "banker": "marrow", "pence": 3600, "interest_percent": 5, "due_days": 3}'


def eventful(purse_pence: int = 20_000) -> Scenario:
    """New York in 1907 in which Tansy, who has money with Marrow, fails early; a run and a rescue are sure to come.

    With the purse that Marrow has her bank does not fail.
    """
    play = quiet_table("knickerbocker")[0]
    debts = (*play.debts, owes("brock", "tansy", 15_000, 3))
    seats = tuple(item.model_copy(update={"purse_pence": purse_pence}) if item.banker else item for item in play.seats)
    legends = (legend(RUN), legend(RESCUE, from_day=5))
    return play.model_copy(update={"debts": debts, "seats": seats, "legends": legends})
