"""The corner in coal: it plays and passes its audit; the price runs up and comes down, and not without its legend."""

from pathlib import Path
from statistics import median

import pytest

from bound import play_bound
from fivepenny import happenings as hap
from fivepenny.events import Event
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.legends import Unfolded
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.audit import audit_season
from fivepenny.stage.lint import scenario_warnings
from fivepenny.stage.rehearsal import rehearse_scenario

CORNER = load_scenario("corner")[0]
CALM = CORNER.model_copy(update={"legends": ()})
GOOD, OPENING_PENCE = "coal", CORNER.good("coal").price_pence
SEEDS = range(1, 9)


def season(play: Scenario, seed: int) -> tuple[Event, ...]:
    return rehearse_scenario(seed, play.days, "understudies", play, None).events


def medians(events: tuple[Event, ...]) -> list[float]:
    """The three-day median price of the good, day by day; on a day without a trade the last price stands."""
    prices, last_pence = [], OPENING_PENCE
    for event in events:
        if isinstance(event.body, hap.Cleared) and event.body.good == GOOD:
            last_pence = event.body.price_pence or last_pence
            prices.append(last_pence)
    return [median(prices[max(0, day - 1) : day + 2]) for day in range(len(prices))]


def test_it_names_its_custom_and_leaves_no_doubt() -> None:
    assert "pacts" in CORNER.customs and scenario_warnings(CORNER, None) == ()


def test_it_passes_its_audit(tmp_path: Path) -> None:
    assert audit_season(play_bound(tmp_path / "season.db", 2, CORNER.days, name="corner")).breaches == ()


@pytest.fixture(scope="module")
def seasons() -> list[tuple[tuple[Event, ...], tuple[Event, ...]]]:
    """Seasons with the legend, each beside the same seed without it."""
    return [(season(CORNER, seed), season(CALM, seed)) for seed in SEEDS]


def test_coal_runs_up_and_comes_down_with_the_legend_alone(
    seasons: list[tuple[tuple[Event, ...], tuple[Event, ...]]],
) -> None:
    doubled = falls = calm = 0
    for played, plain in seasons:
        found = medians(played)
        peak = max(found)
        doubled += peak >= 2 * OPENING_PENCE
        falls += min(found[found.index(peak) :]) * 5 <= peak * 4
        calm += max(medians(plain)) < 2 * OPENING_PENCE
    assert doubled >= 6 and falls >= 6 and calm == len(seasons)


def test_two_seats_come_to_hold_nearly_all_the_coal_there_is(
    seasons: list[tuple[tuple[Event, ...], tuple[Event, ...]]],
) -> None:
    cornered = 0
    for played, _ in seasons:
        held, most = dict.fromkeys(CORNER.seat_names, 0), 0.0
        for event in played:
            for _, source, _, target, _, asset, amount in event.sealed.postings:
                if asset == GOOD:
                    held |= {source: held[source] - amount} if source != OUTSIDE else {}
                    held |= {target: held[target] + amount} if target != OUTSIDE else {}
            if isinstance(event.body, hap.DayClosed) and sum(held.values()) >= 8:
                most = max(most, sum(sorted(held.values())[-2:]) / sum(held.values()))
        cornered += most >= 0.9
    assert cornered >= 6


def test_no_step_names_a_price_and_each_is_played(
    seasons: list[tuple[tuple[Event, ...], tuple[Event, ...]]],
) -> None:
    steps = sum(isinstance(event.body, Unfolded) for event in seasons[0][0])
    assert steps == len(CORNER.legends[0].steps)
    assert not any("price" in name for step in CORNER.legends[0].steps for name in type(step).model_fields)
