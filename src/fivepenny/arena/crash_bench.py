"""`bench crash`: how often a legend's asset crashes, with the legend and without it, and who sold in the fall.

A crash: the median of the asset's clearing prices over three days running falls, within the season, by at least half
from the highest it has had. The fall is from the peak to the least median after it, the last days of both windows
counted, and what is sold is counted from the day after the peak on. A day without a trade keeps the price before.

Shares of seeds have Wilson's interval. Shares of volume have Student's over the seasons that crashed, each season
counting once, cut off at 0 and 1; the pooled share counts each unit once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.arena.intervals import FORMULA, WILSON, mean_interval, wilson
from fivepenny.errors import WrongUse
from fivepenny.events import Event
from fivepenny.ledger.transfers import OUTSIDE
from fivepenny.scenario import load_scenario
from fivepenny.stage.rehearsal import rehearse_scenario

WINDOW_DAYS = 3
FALL_PARTS = 2  # a crash leaves one part in this many of the peak
PLACES = 4


@dataclass(frozen=True, slots=True)
class Fall:
    """The deepest fall of a season: the medians at its peak and its trough, the days on which their windows end.

    Units of the asset sold from the day after the peak to the trough's, by who sold them: seats by their own orders,
    estates by force, the outside world.
    """

    peak_pence: float
    trough_pence: float
    peak_day: int
    trough_day: int
    own_units: int
    forced_units: int
    outside_units: int

    @property
    def crashed(self) -> bool:
        """Whether it was a fall by half or more."""
        return self.trough_pence * FALL_PARTS <= self.peak_pence


def medians(prices_pence: Sequence[int]) -> list[float]:
    """The median of each window of three prices running; the first ends on the third day."""
    return [median(prices_pence[end - WINDOW_DAYS : end]) for end in range(WINDOW_DAYS, len(prices_pence) + 1)]


def deepest_fall(prices_pence: Sequence[int]) -> tuple[int, int]:
    """The days (from 1) on which the windows of peak and trough of the deepest fall end, by its share of the peak.

    The earliest peak and trough among equals. Raises ValueError for fewer prices than a window has.
    """
    found = medians(prices_pence)
    if not found:
        raise ValueError(f"{len(prices_pence)} days have no median of {WINDOW_DAYS}")
    top, deepest, days = 0, 1.0, (0, 0)
    for place, value in enumerate(found):
        if value > found[top]:
            top = place
        if value / found[top] < deepest:
            deepest, days = value / found[top], (top, place)
    return days[0] + WINDOW_DAYS, days[1] + WINDOW_DAYS


def fall_of(events: Iterable[Event], asset: str, price_pence: int) -> Fall:
    """The deepest fall of an asset in a season that opens at this price."""
    prices: list[int] = []
    sold: list[tuple[int, int, int]] = []  # own, forced, outside, by day
    forced: set[str] = set()
    for event in events:
        match event.body:
            case fail.ForcedSale(seat=seat, good=good) if good == asset:
                forced.add(seat)
            case hap.Cleared(good=good) as body if good == asset:
                price_pence = price_pence if body.price_pence is None else body.price_pence
                prices.append(price_pence)
                units = dict(zip(body.sellers, body.sold, strict=True))
                outside = units.pop(OUTSIDE, 0)
                by_force = sum(count for seat, count in units.items() if seat in forced)
                sold.append((sum(units.values()) - by_force, by_force, outside))
                forced.clear()
            case _:
                pass
    peak_day, trough_day = deepest_fall(prices)
    found = medians(prices)
    own, by_force, outside = (sum(parts) for parts in zip((0, 0, 0), *sold[peak_day:trough_day], strict=True))
    peak_pence, trough_pence = found[peak_day - WINDOW_DAYS], found[trough_day - WINDOW_DAYS]
    return Fall(peak_pence, trough_pence, peak_day, trough_day, own, by_force, outside)


def bench_crash(seeds: int, scenario: str, first_seed: int = 1, company: str = "understudies") -> dict[str, Any]:
    """Crashes of the asset of a scenario's first legend, with all its legends and with none, on the same seeds.

    The seeds are `first_seed` and those that follow. Raises WrongUse where the scenario has no legend, UnknownMind,
    and what `load_scenario` raises.
    """
    play, chronicle = load_scenario(scenario)
    if not play.legends:
        raise WrongUse(f"--scenario {scenario}: it declares no [[legends]]; give one that does, such as bubble")
    asset = play.legends[0].asset
    price_pence = play.good(asset).price_pence
    ways = {"with the legends": play, "without them": play.model_copy(update={"legends": ()})}
    falls = {
        name: [
            fall_of(rehearse_scenario(seed, play.days, company, way, chronicle).events, asset, price_pence)
            for seed in range(first_seed, first_seed + seeds)
        ]
        for name, way in ways.items()
    }
    crashed = [fall for fall in falls["with the legends"] if fall.crashed]
    return {
        "bench": "crash",
        "scenario": scenario,
        "asset": asset,
        "company": company,
        "seeds": f"{first_seed} to {first_seed + seeds - 1}",
        "days": play.days,
        "share interval": WILSON,
        "volume interval": FORMULA,
        "tables": {
            "Seasons in which the three-day median falls by half or more": [
                _crash_row(name, found) for name, found in falls.items()
            ],
            "Who sold, from peak to trough, in the seasons that crashed with the legends": _volume_rows(crashed),
        },
    }


def _crash_row(name: str, falls: Sequence[Fall]) -> dict[str, Any]:
    count = sum(fall.crashed for fall in falls)
    low, high = wilson(count, len(falls))
    return {
        "season": name,
        "crashed": count,
        "of": len(falls),
        "share": round(count / len(falls), PLACES),
        "low": round(low, PLACES),
        "high": round(high, PLACES),
        "median peak, pence": median(fall.peak_pence for fall in falls),
        "median trough, pence": median(fall.trough_pence for fall in falls),
        "median days of the fall": median(fall.trough_day - fall.peak_day for fall in falls),
    }


def _volume_rows(falls: Sequence[Fall]) -> list[dict[str, Any]]:
    """Units sold in all, and shares of a season's units as mean and interval."""
    rows = []
    for name, field, of in (
        ("own orders, of what seats sold", "own_units", ("own_units", "forced_units")),
        ("forced sales, of what seats sold", "forced_units", ("own_units", "forced_units")),
        ("own orders, of all", "own_units", ("own_units", "forced_units", "outside_units")),
        ("forced sales, of all", "forced_units", ("own_units", "forced_units", "outside_units")),
        ("the outside world, of all", "outside_units", ("own_units", "forced_units", "outside_units")),
    ):
        sums = [(getattr(fall, field), sum(getattr(fall, part) for part in of)) for fall in falls]
        shares = mean_interval([units / total for units, total in sums if total])
        whole = sum(total for _, total in sums)
        rows.append(
            {
                "sold by": name,
                "units": sum(units for units, _ in sums),
                "pooled share": round(sum(units for units, _ in sums) / whole, PLACES) if whole else None,
                "mean share": None if shares.mean is None else round(shares.mean, PLACES),
                "low": None if shares.low is None else round(max(0.0, shares.low), PLACES),
                "high": None if shares.high is None else round(min(1.0, shares.high), PLACES),
                "seasons": shares.count,
            }
        )
    return rows
