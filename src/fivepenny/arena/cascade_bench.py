"""`bench cascade`: from which sureness on a small mind can be left alone, and what a larger one then still adds.

Both minds choose in the same situations of one seat, from seasons of understudies. The first half of the seeds is
for calibration: an isotonic regression (pool adjacent violators; Ayer and others, Annals of Mathematical Statistics 26,
1955) of "the understudy grades nothing higher" on the small mind's sureness; the bar is the least sureness at which
the fitted rate reaches `SURE_ENOUGH`. The second half, which the bar has not seen, gives the table: the small mind
alone, the larger alone, and the cascade of both. Regret is in grades (0 to 9) of the seat's understudy.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor
from typing import Any

from fivepenny.arena.intervals import FORMULA, Interval, mean_interval
from fivepenny.errors import WrongUse
from fivepenny.minds.meter import NANODOLLARS
from fivepenny.stage.rehearsal import SCENARIO
from fivepenny.stage.trial import DAYS, Outcome, Trial, seat_for, try_both

SURE_ENOUGH = 0.9
"""How often those turns that are just sure enough have to be right; surer ones are right more often."""
OTHER_RATES = (0.7, 0.8, 0.95)
NEVER_SURE = 1.0
SEEDS_MIN = 4
PLACES = 4
PARTS = 10_000  # a bar has as many places
_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)

Played = list[tuple[Outcome, ...]]
"""The outcomes that count in a season's situations, one after the other: of one mind, or of both in a cascade."""


def isotonic(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The rising step function nearest to these points in least squares: where each step begins, and its height."""
    grouped: dict[float, list[float]] = {}
    for place, value in points:
        grouped.setdefault(place, []).append(value)
    steps: list[tuple[float, float, int]] = []  # where it begins, sum, count
    for place in sorted(grouped):
        step = (place, sum(grouped[place]), len(grouped[place]))
        while steps and steps[-1][1] * step[2] >= step[1] * steps[-1][2]:
            before = steps.pop()
            step = (before[0], before[1] + step[1], before[2] + step[2])
        steps.append(step)
    return [(place, total / count) for place, total, count in steps]


def find_bar(outcomes: Iterable[Outcome], wanted_rate: float = SURE_ENOUGH) -> float:
    """The least sureness at which a mind has no regret as often as is wanted, rounded down; 1 if it never has."""
    points = [(outcome.sureness, float(outcome.regret == 0)) for outcome in outcomes if outcome.sureness is not None]
    sure = (place for place, rate in isotonic(points) if rate >= wanted_rate)
    return floor(next(sure, NEVER_SURE) * PARTS) / PARTS


def cascade_of(trial: Trial, bar: float) -> Played:
    """What a cascade with this bar comes to: the small mind's outcome, and the larger's after it where it is unsure."""
    return [
        (small,) if small.sureness is not None and small.sureness >= bar else (small, larger)
        for small, larger in zip(trial.small, trial.larger, strict=True)
    ]


def bench_cascade(small: str, larger: str, seeds: int, seat: str | None = None) -> dict[str, Any]:
    """The bar, and what it comes to on the held-out half of the seeds 1 to `seeds`. Intervals are over seasons.

    `reliability` compares the small mind's sureness with how often it had no regret, on the held-out half. Raises
    WrongUse for fewer than four seeds or an unknown seat, and what opening the minds raises.
    """
    if seeds < SEEDS_MIN:
        raise WrongUse(f"--seeds {seeds}: half of them calibrate and half are held out; give at least {SEEDS_MIN}")
    seat = seat or seat_for(small)
    trials = try_both(small, larger, seat, range(1, seeds + 1))
    known, held_out = trials[: seeds // 2], trials[seeds // 2 :]
    bar = find_bar(outcome for trial in known for outcome in trial.small)
    companies: dict[str, list[Played]] = {
        "small alone": [[(outcome,) for outcome in trial.small] for trial in held_out],
        "larger alone": [[(outcome,) for outcome in trial.larger] for trial in held_out],
        "cascade": [cascade_of(trial, bar) for trial in held_out],
    }
    regrets = {name: [_regret(played) for played in seasons] for name, seasons in companies.items()}
    added = mean_interval(
        [ours - theirs for ours, theirs in zip(regrets["cascade"], regrets["larger alone"], strict=True)]
    )
    return {
        "bench": "cascade",
        "scenario": SCENARIO,
        "seat": seat,
        "seeds": seeds,
        "days": DAYS,
        "interval": FORMULA,
        "table": [_row(name, seasons, regrets[name]) for name, seasons in companies.items()],
        "reliability": dict(_reliability(held_out)),
        "larger asked": _asked(companies["cascade"]),
        "other bars": {f"for {rate:.0%}": _with_rate(known, held_out, rate) for rate in OTHER_RATES},
        "regret of the cascade less that of the larger alone": _told(added),
        "reference": f"cascade:[{small},{larger}]@{bar}",
    }


def _asked(seasons: Sequence[Played]) -> str:
    asked = sum(len(turn) > 1 for played in seasons for turn in played)
    return f"{asked} of {sum(map(len, seasons))} turns"


def _with_rate(known: Sequence[Trial], held_out: Sequence[Trial], rate: float) -> str:
    """What the bar for another rate would come to on the held-out seasons."""
    bar = find_bar((outcome for trial in known for outcome in trial.small), rate)
    seasons = [cascade_of(trial, bar) for trial in held_out]
    regret = mean_interval([_regret(played) for played in seasons])
    return f"@{bar}, larger asked in {_asked(seasons)}, regret {_told(regret)}"


def _regret(played: Played) -> float:
    """The mean regret of a season's turns, the last word of each counting."""
    return sum(turn[-1].regret for turn in played) / max(1, len(played))


def _row(name: str, seasons: Sequence[Played], regrets: Sequence[float]) -> dict[str, Any]:
    used = [outcome for played in seasons for turn in played for outcome in turn]
    turns = max(1, sum(map(len, seasons)))
    costs = [outcome.nanodollars for outcome in used]
    regret = mean_interval(regrets)
    return {
        "players": name,
        "turns": turns,
        "calls a turn": round(len(used) / turns, PLACES),
        "tokens a turn": round(sum(outcome.tokens for outcome in used) / turns, 1),
        "seconds a turn": round(sum(outcome.seconds for outcome in used) / turns, PLACES),
        "dollars a 1,000 turns": _thousand_turns(costs, turns),
        "regret": _rounded(regret.mean),
        "low": _rounded(regret.low),
        "high": _rounded(regret.high),
    }


def _thousand_turns(costs: Sequence[int | None], turns: int) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return round(1000 * sum(known) / turns / NANODOLLARS, PLACES) if len(known) == len(costs) else None


def _reliability(trials: Sequence[Trial]) -> Iterable[tuple[str, str]]:
    """For each range of sureness: how often the mind that was so sure had no regret."""
    outcomes = [outcome for trial in trials for outcome in trial.small if outcome.sureness is not None]
    for low, high in pairwise(_BINS):
        top = high if high < 1.0 else 1.0 + 1e-6
        inside = [outcome for outcome in outcomes if low <= (outcome.sureness or 0.0) < top]
        if inside:
            right = sum(outcome.regret == 0 for outcome in inside)
            yield f"sure {low:g} to {high:g}", f"{right} of {len(inside)} without regret ({right / len(inside):.2f})"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)


def _told(interval: Interval) -> str:
    if interval.mean is None or interval.low is None or interval.high is None:
        return "cannot be said"
    return f"{interval.mean:.3f} ({interval.low:.3f} to {interval.high:.3f})"
