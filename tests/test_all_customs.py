"""All customs at one table: what each does to the others is in order, whoever plays.

The seeds named here are of seasons in which two customs once got in each other's way.
"""

from pathlib import Path

import pytest

from fivepenny import courts, deposits, hires, pacts, papers, words
from fivepenny.events import Body, read_event
from fivepenny.journal import SeasonFile
from fivepenny.market.town import Town
from fivepenny.patron import with_patron
from fivepenny.scenario import load_scenario, shipped_scenarios
from fivepenny.stage.audit import audit_season
from fivepenny.stage.forks import play_on, seat_understudies
from fivepenny.stage.house import replay
from whole_tables import play_table, play_whole

CUSTOMS = (courts, deposits, hires, pacts, papers, words)
ONCE_BROKEN = (
    ("bubble", 2, 22, "understudies"),  # the number of a legend's loan, after a penalty and a fine
    ("bubble", 4, 26, "null"),  # a promise to pay that a pledge pays
    ("bubble", 8, 22, "understudies"),  # what a bank's foreclosure does to the town
    ("knickerbocker", 1, 22, "understudies"),  # a deposit with a banker who is shunned
    ("knickerbocker", 27, 30, "understudies"),  # the sale of a claim on a bank
    ("long-winter", 3, 26, "understudies"),  # a margin called on an evening of oaths
    ("long-winter", 62, 30, "understudies"),  # more days asked for on the morning on which the loan is called in
    ("long-winter", 7, 22, "understudies"),  # an exile on the day on which a need turns
)


def kinds_in(path: Path) -> set[type[Body]]:
    with SeasonFile.open(path) as file:
        return {type(read_event(*row).body) for row, _ in file.rows()}


def sound(path: Path) -> None:
    """Audited without a breach, and replayed to the same end: `replay` raises where it is not."""
    assert audit_season(path).breaches == ()
    replay(path).close()


@pytest.mark.parametrize("company", ["understudies", "null"])
def test_seasons_of_everything_are_sound_and_leave_no_custom_unused(tmp_path: Path, company: str) -> None:
    met: set[type[Body]] = set()
    for place, name in enumerate(shipped_scenarios()):
        scenario, news = load_scenario(name)
        path = play_table(tmp_path / f"{name}.db", with_patron(scenario), news, 60 + place, 30, company)
        sound(path)
        met |= kinds_in(path)
    assert {module.__name__ for module in CUSTOMS} <= {kind.__module__ for kind in met}


@pytest.mark.parametrize(("name", "seed", "days", "company"), ONCE_BROKEN)
def test_seasons_that_once_broke_are_sound(tmp_path: Path, name: str, seed: int, days: int, company: str) -> None:
    sound(play_whole(tmp_path / "season.db", name, seed, days, company, patron=False))


@pytest.mark.parametrize("name", ["south-sea", "knickerbocker"])
def test_a_fork_of_a_table_of_everything_goes_on_as_it_does(name: str) -> None:
    plain, chronicle = load_scenario(name)
    scenario = with_patron(plain)
    town, seated = Town(5, 16, scenario, chronicle), seat_understudies(scenario)
    for _ in play_on(town, seated, 5, 8):
        pass
    twin = town.fork()
    assert twin.digest() == town.digest()
    events = tuple(play_on(twin, seated, 5, 8))
    assert town.digest() != twin.digest()
    assert tuple(play_on(town, seated, 5, 8)) == events
    assert town.digest() == twin.digest()
