"""All customs at one table: what each does to the others is in order, whoever plays.

The seeds named here are of seasons in which two customs once got in each other's way.
"""

from functools import cache
from pathlib import Path

import pytest

from fivepenny import courts, deposits, hires, pacts, papers, words
from fivepenny.company import cues
from fivepenny.company.cast import company_references
from fivepenny.events import Body, read_event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.market.town import Town
from fivepenny.patron import with_patron
from fivepenny.policies.grammar import load_voice
from fivepenny.scenario import load_scenario, shipped_scenarios
from fivepenny.stage.audit import audit_season
from fivepenny.stage.forks import play_on, seat_understudies
from fivepenny.stage.house import replay
from fivepenny.stage.listening import Situation, heard_in
from test_lines_data import FIRST_NAMES
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


def header_of(name: str, seed: int) -> Header:
    """A season of understudies at a shipped table, the Patron's chair taken."""
    scenario, news = load_scenario(name)
    table = with_patron(scenario)
    return Header(seed, 30, table, news, company_references("understudies", table))


@cache
def situations_met() -> tuple[Situation, ...]:
    """Every turn of a season of each shipped table."""
    return tuple(situation for name in shipped_scenarios() for situation in heard_in(header_of(name, 300)))


def test_every_fact_says_how_it_stands() -> None:
    """Who reads English sees no levels: 'how fresh it is' would tell it nothing."""
    facts = {fact for situation in situations_met() for option in situation.menu.options for fact in option.facts}
    told = {fact.text for fact in facts if fact.key != "deed"}  # a deed is told in its own words
    assert len(told) > 1000 and not [text for text in told if text.startswith(("how ", "what ", "where ", "whether "))]


def test_no_voice_is_without_a_line_for_what_seasons_bring() -> None:
    """An act comes with the slots of one custom or another; a mind asked for a line that no voice has makes it up."""
    met = {
        (option.act, frozenset(cues.line_slots(option)))
        for situation in situations_met()
        for option in situation.menu.options
        if option.act != "rest"
    }
    assert len(met) > 60
    for voice in FIRST_NAMES:
        entries = load_voice(voice).entries
        wanting = [(act, slots) for act, slots in met if not any(e.act == act and e.slots <= slots for e in entries)]
        assert wanting == [], voice
