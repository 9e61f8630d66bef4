"""New York, October 1907, as it is shipped: the bank can go either way, and run and rescue decide much of it."""

from fivepenny import deposits as dep
from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.chronicle import RowKind
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.rehearsal import rehearse_scenario

SEEDS = range(1, 13)
PLAY, CHRONICLE = load_scenario("knickerbocker")


def failures(play: Scenario) -> int:
    """In how many seasons of understudies Marrow's bank fails."""
    seasons = (rehearse_scenario(seed, 30, "understudies", play, CHRONICLE).events for seed in SEEDS)
    return sum(
        any(isinstance(event.body, fail.Failed) and event.body.seat == "marrow" for event in events)
        for events in seasons
    )


def without(*names: str) -> Scenario:
    kept = tuple(legend for legend in PLAY.legends if legend.name not in names)
    return PLAY.model_copy(update={"legends": kept})


def test_the_bank_can_go_either_way() -> None:
    shipped, unaided, calm = failures(PLAY), failures(without("morgan")), failures(without("door", "morgan"))
    assert 0 < unaided < len(SEEDS)
    assert shipped <= unaided and calm < unaided


def test_a_season_has_queues_withdrawals_and_deposits_and_the_chronicle_s_failures() -> None:
    events = rehearse_scenario(2, 30, "understudies", PLAY, CHRONICLE).events
    kinds = {type(event.body) for event in events}
    assert {dep.Queued, dep.Withdrew, dep.Deposited, dep.Credited, hap.HouseFailed} <= kinds
    assert CHRONICLE is not None
    defaults = [row for row in CHRONICLE.rows if row.told and row.kind is RowKind.DEFAULT]
    assert len(defaults) == 8 and sum(isinstance(event.body, hap.HouseFailed) for event in events) == 8
