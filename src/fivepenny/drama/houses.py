"""Sifting the houses' mornings: what they lack, what is on the table, what the calendar asks of them from today.

Facts from the dawn's events alone.
"""

from collections.abc import Iterator, Sequence

from fivepenny import happenings as hap
from fivepenny.drama.moments import Moment, moment_of
from fivepenny.drama.names import Names, Word, join_words, money, need
from fivepenny.events import Event

USUAL_PERCENT = 100


def need_moments(names: Names, event: Event, body: hap.NeedTurned) -> Iterator[Moment]:
    """A turn of the calendar."""
    words = {"good": names.good(body.good)}
    if body.before_percent != USUAL_PERCENT:
        words["was"] = need(body.before_percent)
    key = "need_usual"
    if body.percent != USUAL_PERCENT:
        words["part"] = need(body.percent)
        key = "need_rises" if body.percent > body.before_percent else "need_falls"
    yield moment_of(key, words, event.number)


def want_moments(names: Names, events: Sequence[Event], event: Event, body: hap.Wanted) -> Iterator[Moment]:
    """A house that ran short: of a good, or of kinds of food beside what it had on the table."""
    words = {"seat": names.person(body.seat), "good": names.good(body.good)}
    if body.bought:
        words |= {"amount": names.amount_of(body.good, body.bought), "sum": money(body.paid_pence)}
        words |= {"unit_amount": names.amount(body.good, body.bought)}
    if body.without:
        words |= {"lacking": names.amount_of(body.good, body.without)}
    eaten = _eaten(names, events, body.seat)
    if body.good in names.foods and body.good not in eaten and 0 < len(eaten) < names.kinds:
        words["eaten"] = Word(join_words([names.good(food).text for food in eaten]))
        yield moment_of("one_dish_stays" if body.without else "one_dish", words, *eaten.values(), event.number)
    else:
        yield moment_of("went_without" if body.without else "sent_out", words, event.number)


def _eaten(names: Names, events: Sequence[Event], seat: str) -> dict[str, int]:
    """The foods that a house had of its own on the table today, each with the number of its event."""
    return {
        event.body.good: event.number
        for event in events
        if isinstance(event.body, hap.Consumed) and event.body.seat == seat and event.body.good in names.foods
    }
