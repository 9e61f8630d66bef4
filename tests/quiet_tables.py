"""Quiet tables: the five scenarios with few customs or none, to which the tests of a custom add their own.

They stand in `data/tables` and not in the package, so that a seed that a test names keeps its season when a shipped
scenario is tuned. Nothing here is a test.
"""

from pathlib import Path

from fivepenny.chronicle import Chronicle
from fivepenny.scenario import Scenario, load_scenario

TABLES = Path(__file__).parent / "data" / "tables"


def quiet_table(name: str) -> tuple[Scenario, Chronicle | None]:
    """A quiet table by the name of the scenario that it was, with its chronicle."""
    return load_scenario(str(TABLES / f"{name}.toml"))
