"""`bench season`: how alive the markets are over many seeds, a company beside the null players on the same seeds."""

from typing import Any

from fivepenny.arena.intervals import FORMULA, Interval, mean_interval
from fivepenny.arena.measures import measure_season
from fivepenny.stage.rehearsal import SCENARIO, rehearse

NULL = "null"
PLACES = 4  # decimals of a reported figure


def bench_season(seeds: int, company: str = "understudies", days: int = 30, scenario: str = SCENARIO) -> dict[str, Any]:
    """Every measure of seasons with the seeds 1 to `seeds`, mean and 95% interval, beside those of the null.

    `table` has a row a measure; `seasons` in it counts those that have a value, company and null. Where the two
    intervals overlap, the null does as well. Raises UnknownMind, MissingPart where a model is not there, and
    ScenarioError or ChronicleError where the scenario cannot be played.
    """
    played = {
        name: [measure_season(rehearse(seed, days, name, scenario=scenario).events) for seed in range(1, seeds + 1)]
        for name in (company, NULL)
    }
    rows = []
    for measure in played[company][0]:
        ours, chance = (_interval(played[name], measure) for name in (company, NULL))
        rows.append(
            {
                "measure": measure,
                "mean": _round(ours.mean),
                "low": _round(ours.low),
                "high": _round(ours.high),
                "null mean": _round(chance.mean),
                "null low": _round(chance.low),
                "null high": _round(chance.high),
                "null does as well": _verdict(ours, chance),
                "seasons": f"{ours.count} and {chance.count}",
            }
        )
    return {
        "bench": "season",
        "scenario": scenario,
        "company": company,
        "seeds": seeds,
        "days": days,
        "interval": FORMULA,
        "table": rows,
    }


def _interval(seasons: list[dict[str, float | None]], measure: str) -> Interval:
    return mean_interval([value for season in seasons if (value := season[measure]) is not None])


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _verdict(ours: Interval, chance: Interval) -> str:
    overlap = ours.overlaps(chance)
    if overlap is None or ours.mean is None or chance.mean is None:
        return "cannot be said"
    if overlap:
        return "yes"
    return "no, it is lower" if chance.mean < ours.mean else "no, it is higher"
