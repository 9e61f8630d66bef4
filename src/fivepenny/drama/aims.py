"""Sifting what came of what seats are after: wants reached and lost, the Patron's goal, who goes home without.

Facts from the events alone; a seat's own words for what it wants are the scenario's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fivepenny.aims import PATRON, GoalReached, SeasonJudged, WantLost, WantReached
from fivepenny.clock import say_count
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, money
from fivepenny.drama.past import Past
from fivepenny.events import Body, Event


def aim_moments(names: Names, past: Past, todays: Sequence[Event], event: Event) -> Iterator[Moment]:
    """The moments of an event that has to do with an aim."""
    match event.body:
        case WantReached() as body:
            words = _words(names, body.seat, body.sort, body.figure, body.good)
            yield moment_of(f"want_{body.sort}", words, event.number)
        case WantLost() as body:
            words = _words(names, body.seat, body.sort, body.figure, body.good)
            yield moment_of(f"{body.sort}_lost", words, event.number)
        case GoalReached() as body:
            words = _words(names, body.seat, body.sort, body.figure, body.good)
            yield moment_of(f"goal_{body.sort}", words | {"other": names.person(body.other)}, event.number)
        case SeasonJudged() as body:
            yield from _judged(names, past, todays, event, body)
        case _:
            pass


def _words(names: Names, seat: str, sort: str, figure: int, good: str) -> dict[str, Word]:
    words = {"seat": names.person(seat), "wants": names.wants(seat)}
    if sort in ("worth", "purse"):
        words["sum"] = money(figure)
    if sort == "believed":
        words["times"] = Word("once" if figure == 1 else f"{say_count(figure)} times")
    if good:
        words |= {"good": names.good(good), "amount": names.amount_of(good, figure)}
    return words


def _judged(names: Names, past: Past, todays: Sequence[Event], event: Event, body: SeasonJudged) -> Iterator[Moment]:
    """Who goes home without; who lost it was told of it then."""
    del past, todays
    without = [seat for seat, reached in zip(body.seats, body.reached, strict=True) if not reached]
    if PATRON in without:
        yield moment_of("goal_missed", {"seat": names.person(PATRON)}, event.number)
    unmet = [seat for seat in without if seat != PATRON]
    if unmet:
        yield moment_of("wants_unmet", {"people": names.people(unmet)}, event.number)


MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = dict.fromkeys(
    (WantReached, WantLost, GoalReached, SeasonJudged), aim_moments
)
"""The moments of each kind of event here."""
