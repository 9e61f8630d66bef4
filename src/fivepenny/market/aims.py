"""Aims at dusk: what seats wanted and have, or have no more; the Patron's goal; how the season is judged at its end.

Works on the truth, when the day's debts have been cleared. What a seat makes of its own aim is another module's.
"""

from collections.abc import Mapping

from fivepenny.aims import GOAL_POINTS, PATRON, Aim, GoalReached, SeasonJudged, WantLost, WantReached, percent_grown
from fivepenny.events import EVERYONE
from fivepenny.market.reckoning import Reckoning
from fivepenny.market.state import Market


def weigh_aims(market: Market, worths: Mapping[str, int]) -> None:
    """Say whose aim was reached or lost today, and on the last day, or with a goal that ends it, judge the season."""
    reckoning = market.reckoning
    if reckoning is None or reckoning.judged:
        return
    open_aims = [(seat, aim) for seat, aim in reckoning.aims.items() if seat not in reckoning.settled]
    for seat, aim in open_aims:
        if aim.lasts:
            if not _is_kept(market, reckoning, seat, aim):
                _settle(market, reckoning, seat, aim, reached=False)
        elif _is_reached(market, reckoning, worths, seat, aim):
            _settle(market, reckoning, seat, aim, reached=True)
    if not _is_over(market, reckoning):
        return
    for seat, aim in open_aims:
        if aim.lasts and seat not in reckoning.settled:
            _settle(market, reckoning, seat, aim, reached=True)
    reckoning.judged = True
    reached = tuple(reckoning.settled.get(seat, False) for seat in reckoning.aims)
    market.emit(EVERYONE, SeasonJudged(tuple(reckoning.aims), reached, _score(reckoning, worths)))


def _is_kept(market: Market, reckoning: Reckoning, seat: str, aim: Aim) -> bool:
    if aim.sort == "hold":
        return market.free(seat, aim.good) >= aim.figure
    return seat not in reckoning.fallen


def _is_reached(market: Market, reckoning: Reckoning, worths: Mapping[str, int], seat: str, aim: Aim) -> bool:
    match aim.sort:
        case "worth":
            return worths[seat] >= aim.figure
        case "purse":
            return market.free(seat) >= aim.figure
        case "believed":
            return reckoning.true_tips[seat] >= aim.figure
        case "own":
            return market.free(seat, aim.good) >= aim.figure
        case _:
            return aim.other in reckoning.fallen


def _settle(market: Market, reckoning: Reckoning, seat: str, aim: Aim, *, reached: bool) -> None:
    reckoning.settled[seat] = reached
    if seat == PATRON:
        market.emit(EVERYONE, GoalReached(seat, aim.sort, aim.figure, aim.good, aim.other))
    else:
        kind = WantReached if reached else WantLost
        market.emit(EVERYONE, kind(seat, aim.sort, aim.figure, aim.good))


def _is_over(market: Market, reckoning: Reckoning) -> bool:
    patron = market.scenario.patron
    return market.day >= reckoning.last_day or bool(patron and patron.goal.ends and reckoning.settled.get(PATRON))


def _score(reckoning: Reckoning, worths: Mapping[str, int]) -> int | None:
    """The Patron's score: percent grown, what the table has said and seen of it, the goal; None without a Patron."""
    if PATRON not in reckoning.aims:
        return None
    grown = percent_grown(reckoning.opening_pence, worths[PATRON])
    return grown + reckoning.points + (GOAL_POINTS if reckoning.settled.get(PATRON) else 0)
