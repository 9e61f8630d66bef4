"""`bench drama`: in what share of seasons things happen, a company beside the null players on the same seeds."""

from collections.abc import Callable, Sequence
from typing import Any

from fivepenny.arena.happening_measures import MEASURES
from fivepenny.arena.intervals import WILSON, wilson
from fivepenny.patron import with_patron
from fivepenny.scenario import load_scenario, shipped_scenarios
from fivepenny.stage.rehearsal import rehearse_scenario

NULL = "null"
PLACES = 4


def bench_drama(
    seeds: int,
    scenarios: Sequence[str] = (),
    company: str = "understudies",
    first_seed: int = 1,
    patron: bool = False,
    tell: Callable[[int, int], None] = lambda done, all_: None,
) -> dict[str, Any]:
    """The share of seasons that hold each happening: of each scenario [default: all shipped], `seeds` from the first.

    A table a scenario, a row a measure, with intervals, beside the null players'. `patron`: the Patron's chair is
    taken, by an understudy or, beside null players, by one of those. `tell` hears of seasons done. Raises UnknownMind,
    MissingPart where a model is not there, ScenarioError or ChronicleError where a scenario cannot be played, and
    WrongUse where it has no such chair.
    """
    scenarios = tuple(scenarios) or shipped_scenarios()
    companies = (company, NULL)
    tables: dict[str, list[dict[str, Any]]] = {}
    done = 0
    for name in scenarios:
        bare, chronicle = load_scenario(name)
        play = with_patron(bare) if patron else bare
        held = {measure: dict.fromkeys(companies, 0) for measure in MEASURES}
        for players in companies:
            for seed in range(first_seed, first_seed + seeds):
                events = rehearse_scenario(seed, play.days, players, play, chronicle).events
                for measure, holds in MEASURES.items():
                    held[measure][players] += holds(events)
                done += 1
                tell(done, len(scenarios) * len(companies) * seeds)
        tables[f"{name}: {seeds} seasons of {play.days} days"] = [
            {"share of seasons with": measure, **_share(counts[company], seeds), **_share(counts[NULL], seeds, "null ")}
            for measure, counts in held.items()
        ]
    what = {"bench": "drama", "company": company, "seeds": seeds, "first seed": first_seed, "patron": patron}
    return {**what, "interval": WILSON, "tables": tables}


def _share(count: int, seeds: int, whose: str = "") -> dict[str, float]:
    low, high = wilson(count, seeds)
    found = {"share": count / seeds, "low": low, "high": high}
    return {f"{whose}{name}": round(value, PLACES) for name, value in found.items()}
