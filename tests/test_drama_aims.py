"""What is told of aims: founded in the events, in every variant, and once."""

from functools import cache

import pytest

from dramas import Season, elements, moments, unfounded
from fivepenny import aims
from fivepenny.company.cast import company_references
from fivepenny.drama.moments import Moment
from fivepenny.drama.narration import fill, load_grammar, slots_of
from fivepenny.drama.screenplay import Action, build_screenplay
from fivepenny.drama.sifting import Sifter
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.patron import with_patron
from fivepenny.stage.house import open_house
from insolvents import owes
from patrons import CHRONICLE, chair

GOALS = (
    "worth_pence = 18100",
    "purse_pence = 14500",
    'own = "southsea"\nunits = 12\nends = true',
    'ruin = "vesper"',
    'own = "tin"\nunits = 900',
)
WANTS = {
    "marrow": "honour = true",
    "quill": "believed = 1",
    "vesper": "honour = true",
    "brock": 'hold = "coal"\nunits = 22',
    "tansy": "purse_pence = 2300",
}
AIM_KEYS = frozenset(
    {
        *("want_worth", "want_purse", "want_hold", "want_honour", "want_believed", "hold_lost", "honour_lost"),
        *("goal_worth", "goal_purse", "goal_own", "goal_ruin", "goal_missed", "wants_unmet"),
    }
)


@cache
def played(goal: str) -> Season:
    """A season in which Vesper cannot pay."""
    play = with_patron(chair(goal, WANTS)).model_copy(update={"debts": (owes("marrow", "vesper", 40_000, 8),)})
    header = Header(18, 14, play, CHRONICLE, company_references("understudies", play))
    with SeasonFile.create(IN_MEMORY, header) as file:
        with open_house(file) as (season, _):
            for _ in season.beats():
                pass
        return header, tuple(file.events())


def aim_moments(goal: str) -> list[Moment]:
    """The moments of aims in that season."""
    return [moment for moment in moments(*played(goal)) if moment.key in AIM_KEYS]


@pytest.mark.parametrize("goal", GOALS)
def test_what_is_told_of_aims_is_in_the_events(goal: str) -> None:
    header, events = played(goal)
    actions = [element for element in elements(build_screenplay(header, events)) if isinstance(element, Action)]
    assert {a.text: found for a in actions if (found := unfounded(a, events, header.scenario.seat_names))} == {}


def test_every_sort_is_told_and_every_variant_can_be() -> None:
    met = {moment.key: moment for goal in GOALS for moment in aim_moments(goal)}
    assert set(met) >= {
        *("want_purse", "want_believed", "want_honour", "honour_lost", "hold_lost", "wants_unmet"),
        *("goal_worth", "goal_purse", "goal_own", "goal_ruin", "goal_missed"),
    }
    for key, moment in met.items():
        for variant in load_grammar()[key]:
            assert slots_of(variant) <= moment.words.keys(), key
            assert "the Patron" not in fill(variant, moment.words)[:11]


def test_an_aim_is_told_once_and_a_short_season_has_its_end() -> None:
    header, events = played(GOALS[2])
    assert events[-1].day < header.days
    keys = [moment.key for moment in aim_moments(GOALS[2])]
    assert keys.count("goal_own") == 1
    reached = [event for event in events if isinstance(event.body, aims.GoalReached)]
    assert [event.day for event in reached] == [events[-1].day]
    sifter = Sifter(header)
    last = [
        moment.key
        for day in range(1, events[-1].day + 1)
        for moment in sifter.read([e for e in events if e.day == day])
    ]
    assert last[-1] == "season_closed"
