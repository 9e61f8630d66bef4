"""How alive a market was: measures of one season, worked out from its events.

| measure | of a season |
| --- | --- |
| days with trade | share of days on which a good was traded, and on which any was |
| volume a day | units traded, over all days |
| price range | 95th over 5th percentile of a good's clearing prices (linear between ranks), of days with trade |
| rank reversals | days whose order of worths at the close is not that of the day before; equal worths in seat order |
| Gini change | largest distance of the Gini coefficient of worths at a close from that of the first day's close |
| ruined by the end | whether any seat was ruined (1 or 0) |
| earliest ruin | the day of the first ruin; no value where nobody was |
| defaults | loans that were not paid in full when they fell due |
| insolvencies | times that a seat could not pay and failed |
| pulled down | of these, how many could have paid had others paid them |
| cascade | the most seats that failed in one night in which one was pulled down by another; 0 without one |
| paid in the end | of those who failed and were discharged, the share that paid in full; no value without one |
| forced volume share | of all units sold by seats, the share sold for creditors; no value where seats sold nothing |

The Gini coefficient is `Σᵢⱼ |xᵢ − xⱼ| / (2 n Σ xᵢ)`, with each negative worth counted as 0 (who owes more than he has
owns nothing) and 0 where nobody owns anything; so it stays within 0 and 1 − 1/n.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import quantiles

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.events import Event
from fivepenny.ledger.transfers import OUTSIDE

ANY_GOOD = "any good"


def gini(worths_pence: Sequence[int]) -> float:
    """The Gini coefficient of these worths, 0 to 1 − 1/n; negative ones count as 0."""
    owned = [max(0, worth) for worth in worths_pence]
    total = sum(owned)
    if total == 0:
        return 0.0
    return sum(abs(one - other) for one in owned for other in owned) / (2 * len(owned) * total)


def price_range(prices_pence: Sequence[int]) -> float | None:
    """The 95th over the 5th percentile; None of fewer than two prices."""
    if len(prices_pence) < 2:
        return None
    cuts = quantiles(prices_pence, n=20, method="inclusive")
    return cuts[-1] / cuts[0]


def rank_reversals(closings: Sequence[hap.DayClosed]) -> int:
    """Days whose order of worths is not that of the day before."""
    orders = [
        sorted(range(len(closing.seats)), key=lambda place: (-closing.worths_pence[place], place))
        for closing in closings
    ]
    return sum(one != other for one, other in pairwise(orders))


def failing_measures(events: Iterable[Event]) -> dict[str, float | None]:
    """What failed, who was pulled down, how it ended, and how much of what seats sold was sold for creditors."""
    nights: dict[int, list[fail.Failed]] = {}
    ends: list[bool] = []
    forced: set[tuple[str, str]] = set()  # seat and good, up to the next auction of the good
    sold = sold_for_creditors = 0
    for event in events:
        match event.body:
            case fail.Failed() as body:
                nights.setdefault(event.day, []).append(body)
            case fail.Discharged(in_full=in_full):
                ends.append(in_full)
            case fail.ForcedSale(seat=seat, good=good):
                forced.add((seat, good))
            case hap.Cleared(good=good, sellers=sellers) as cleared:
                units = {seat: count for seat, count in zip(sellers, cleared.sold, strict=True) if seat != OUTSIDE}
                sold += sum(units.values())
                sold_for_creditors += sum(count for seat, count in units.items() if (seat, good) in forced)
                forced = {pair for pair in forced if pair[1] != good}
            case _:
                pass
    pulled = [len(failed) for failed in nights.values() if any(item.pulled_by for item in failed)]
    return {
        "insolvencies": float(sum(len(failed) for failed in nights.values())),
        "pulled down": float(sum(bool(item.pulled_by) for failed in nights.values() for item in failed)),
        "cascade": float(max(pulled, default=0)),
        "paid in the end": sum(ends) / len(ends) if ends else None,
        "forced volume share": sold_for_creditors / sold if sold else None,
    }


def measure_season(events: Iterable[Event]) -> dict[str, float | None]:
    """Every measure by name. Raises ValueError where not even one day was closed."""
    events = tuple(events)
    goods: tuple[str, ...] = ()
    traded: dict[int, dict[str, hap.Cleared]] = {}
    closings: list[hap.DayClosed] = []
    ruins: list[int] = []
    defaults = 0
    for event in events:
        match event.body:
            case hap.SeasonOpened(goods=goods):
                pass
            case hap.Cleared(good=good, volume=volume) as body if volume:
                traded.setdefault(event.day, {})[good] = body
            case hap.DayClosed() as body:
                closings.append(body)
            case hap.Ruined():
                ruins.append(event.day)
            case hap.Defaulted():
                defaults += 1
            case _:
                pass
    if not closings:
        raise ValueError("no day of this season was closed")
    days = len(closings)
    fills = {good: [cleared[good] for cleared in traded.values() if good in cleared] for good in goods}
    inequality = [gini(closing.worths_pence) for closing in closings]
    found: dict[str, float | None] = {f"days with trade: {ANY_GOOD}": len(traded) / days}
    found |= {f"days with trade: {good}": len(fills[good]) / days for good in goods}
    found |= {f"volume a day: {good}": sum(body.volume for body in fills[good]) / days for good in goods}
    found |= {
        f"price range: {good}": price_range([body.price_pence for body in fills[good] if body.price_pence is not None])
        for good in goods
    }
    return found | {
        "rank reversals": float(rank_reversals(closings)),
        "Gini change": max(abs(value - inequality[0]) for value in inequality),
        "ruined by the end": float(bool(ruins)),
        "earliest ruin": float(min(ruins)) if ruins else None,
        "defaults": float(defaults),
        **failing_measures(events),
    }
