"""`bench justice`: how often the magistrate finds what was so, over many seeds, a company beside the null players.

Precision: of those convicted, how many had done it. Recall among cases: of those accused who had done it, how many
were convicted. Recall of deeds: of all tales that were made up and dealt against, how many came to a conviction of
their teller over that good within the days of a case; of all bribes, offered or taken, how many came to a conviction of
one of the two for bribery over that good. Shares have Wilson's score interval at 95%; cases a season have
Student's. A scenario that keeps no court is played with one.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fivepenny import bribery, courts
from fivepenny.arena.intervals import FORMULA, WILSON, mean_interval, wilson
from fivepenny.courts import Offence, Sentence
from fivepenny.justice import Records, Trial, read_records
from fivepenny.scenario import Scenario, load_scenario
from fivepenny.stage.rehearsal import SCENARIO, rehearse_scenario

NULL = "null"
PLACES = 4


def with_court(play: Scenario) -> Scenario:
    """The scenario with a court, beside whatever other customs it has."""
    return play.model_copy(update={"customs": tuple(sorted({*play.customs, "court"}))})


def bench_justice(seeds: int, scenario: str = SCENARIO, company: str = "understudies") -> dict[str, Any]:
    """Verdicts beside what was so, over seasons with the seeds 1 to `seeds`. Raises as `bench_season` does."""
    plain, chronicle = load_scenario(scenario)
    play = with_court(plain)
    found = {
        name: [
            read_records(rehearse_scenario(seed, play.days, name, play, chronicle).events)
            for seed in range(1, seeds + 1)
        ]
        for name in dict.fromkeys((company, NULL))
    }
    return {
        "bench": "justice",
        "scenario": scenario,
        "customs": ", ".join(play.customs),
        "seeds": seeds,
        "days": play.days,
        "share interval": WILSON,
        "mean interval": FORMULA,
        "tables": {
            "How often": [row for name, seasons in found.items() for row in _rows(name, seasons)],
            "Why a verdict was wrong": [row for name, seasons in found.items() for row in _causes(name, seasons)],
        },
    }


def _rows(company: str, seasons: Sequence[Records]) -> list[dict[str, Any]]:
    trials = [trial for season in seasons for trial in season.trials]
    guilty = [trial for trial in trials if trial.decided.guilty]
    did_it = [trial for trial in trials if trial.did_it]
    deeds = [found for season in seasons for found in _deeds(season)]
    cases = mean_interval([float(len(season.trials)) for season in seasons])
    rows = [
        {"company": company, "measure": "cases a season", "mean": _round(cases.mean), "low": _round(cases.low),
         "high": _round(cases.high), "of": cases.count},
    ]  # fmt: skip
    shares = {
        "precision": [trial.did_it for trial in guilty],
        "recall among cases": [trial.decided.guilty for trial in did_it],
        "recall of made-up tales": deeds,
        "recall of bribes": [found for season in seasons for found in _bribes(season)],
        "wrongful convictions, of cases": [trial.decided.guilty and not trial.did_it for trial in trials],
        "wrongful acquittals, of cases": [trial.did_it and not trial.decided.guilty for trial in trials],
        "acquittals, of cases": [not trial.decided.guilty for trial in trials],
        "engrossing, of cases": [trial.opened.offence is Offence.ENGROSSING for trial in trials],
        "bribery, of cases": [trial.opened.offence is Offence.BRIBERY for trial in trials],
        "seasons with a case": [bool(season.trials) for season in seasons],
        "seasons with a wrongful verdict": [any(trial.wrong for trial in season.trials) for season in seasons],
        "seasons with an exile": [any(map(_exiles, season.trials)) for season in seasons],
    }
    return rows + [_share(company, measure, found) for measure, found in shares.items()]


def _exiles(trial: Trial) -> bool:
    return trial.decided.sentence is Sentence.EXILE


def _deeds(season: Records) -> list[bool]:
    """Of each tale that was made up and dealt against, whether its teller was convicted over it."""
    convicted = [
        (trial.opened.accused, trial.opened.good, trial.opened.rises, trial.opened.since_day)
        for trial in season.trials
        if trial.decided.guilty and trial.opened.offence is Offence.FALSE_REPORT
    ]
    return [
        any(
            (seat, good, rises) == (tale.teller, tale.good, tale.rises) and abs(day - tale.day) <= courts.MATTER_DAYS
            for seat, good, rises, day in convicted
        )
        for tale in season.made_up
    ]


def _bribes(season: Records) -> list[bool]:
    """Of each bribe, whether one of the two who did it was convicted over it."""
    convicted = [
        (trial.opened.accused, trial.opened.good, trial.opened.since_day)
        for trial in season.trials
        if trial.decided.guilty and trial.opened.offence is Offence.BRIBERY
    ]
    return [
        any(good == item.good and day == item.day and bribery.shows_guilt(item, seat) for seat, good, day in convicted)
        for item in season.money
    ]


def _share(company: str, measure: str, found: Sequence[bool]) -> dict[str, Any]:
    low, high = wilson(sum(found), len(found)) if found else (None, None)
    share = sum(found) / len(found) if found else None
    return {"company": company, "measure": measure, "mean": _round(share), "low": _round(low), "high": _round(high),
            "of": len(found)}  # fmt: skip


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _causes(company: str, seasons: Sequence[Records]) -> list[dict[str, Any]]:
    wrong = [trial for season in seasons for trial in season.trials if trial.wrong]
    counted = Counter((trial.decided.guilty, trial.opened.offence.value, trial.cause) for trial in wrong)
    if not counted:
        return [{"company": company, "verdict": "none was wrong", "offence": "", "cause": "", "cases": 0}]
    return [
        {"company": company, "verdict": "convicted" if guilty else "acquitted", "offence": offence, "cause": cause,
         "cases": count}
        for (guilty, offence, cause), count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]  # fmt: skip
