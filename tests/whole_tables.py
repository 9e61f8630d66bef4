"""Tables at which everything is done: quiet ones with all customs, a bank, tastes, wants and the Patron.

For tests of what the customs do to one another; nothing here is a test.
"""

from pathlib import Path
from typing import get_args

from fivepenny.aims import Goal, Patron, Want
from fivepenny.chronicle import Chronicle
from fivepenny.company.cast import company_references
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.parts import Custom
from fivepenny.patron import with_patron
from fivepenny.scenario import Deposit, Scenario
from fivepenny.stage.house import open_house
from quiet_tables import quiet_table
from talkers import TASTES

WANTS = {"marrow": Want(honour=True), "quill": Want(believed=4), "vesper": Want(worth_pence=20_400)}
DEPOSITS = (
    Deposit(holder="outside", banker="marrow", pence=6000),
    Deposit(holder="brock", banker="marrow", pence=900),
)


def whole(name: str, *, patron: bool = True) -> Scenario:
    """A quiet table with everything that it could do."""
    plain = quiet_table(name)[0]
    seats = tuple(
        seat.model_copy(
            update={
                "moved_by": TASTES[seat.name][0],
                "put_off_by": TASTES[seat.name][1],
                "want": WANTS.get(seat.name),
                "banker": seat.name == "marrow",
            }
        )
        for seat in plain.seats
    )
    share = next((good.name for good in plain.goods if good.share), plain.goods[-1].name)
    chair = Patron(purse_pence=14_400, stock={share: 10}, goal=Goal(purse_pence=17_280))
    found = plain.model_copy(
        update={
            "customs": get_args(Custom),
            "seats": seats,
            "deposits": plain.deposits or DEPOSITS,
            "patron": chair,
        }
    )
    return with_patron(found) if patron else found


def play_table(path: Path, table: Scenario, news: Chronicle | None, seed: int, days: int, company: str) -> Path:
    """Play a season of a table into a file."""
    header = Header(seed, days, table, news, company_references(company, table))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def play_whole(path: Path, name: str, seed: int, days: int, company: str, *, patron: bool = True) -> Path:
    """Play a season of such a table into a file."""
    return play_table(path, whole(name, patron=patron), quiet_table(name)[1], seed, days, company)
