"""The drama of words: what can be told of them is in the events cited; a line says in what manner it is said."""

from collections import Counter

from dramas import Made, elements, moments, unfounded_variants
from fivepenny import happenings as hap
from fivepenny import words
from fivepenny.claims import Promise, PromiseKind
from fivepenny.clock import Beat
from fivepenny.drama.screenplay import Dialogue, build_screenplay
from fivepenny.drama.words import MOMENTS
from talkers import talked


def test_everything_that_can_be_told_of_words_is_in_the_events_it_cites() -> None:
    """Every variant of every moment, not only those that a screenplay has room for."""
    met: Counter[str] = Counter()
    for company, seed in (("understudies", 1), ("understudies", 2), ("null", 11), ("null", 14)):
        head, events = talked(company, seed)
        ours = {event.number for event in events if type(event.body) in MOMENTS}
        for moment in moments(head, events):
            if not ours & set(moment.numbers):
                continue
            met[moment.key] += 1
            assert unfounded_variants(moment, head, events) == []
    told = {"promised_hold", "promised_pay", "promise_kept", "promise_broken", "promise_paid", "threatened_pay"}
    told |= {"threatened_leave", "yielded", "defied", "told_room", "called_in", "threat_lapsed", "bribed"}
    told |= {"bribe_taken", "bribe_spurned", "rumour_sooner", "rumour_later", "flattered", "evaded", "menaced"}
    assert told <= met.keys(), told - met.keys()


def spoken_with(made: Made, manner: str, private: bool) -> str:
    """What stands over a line that was spoken with a threat in this manner, or with another's."""
    body = words.Threatened(1, "brock", "vesper", 0, 0, "rye", 3, "room", "menacing")
    made.add(body if manner else hap.DayOpened("Monday"), Beat.ADDRESS, ("brock", "vesper"))
    number = made.say("brock", "vesper", "threaten", "Leave it.", private)
    lines = [e for e in elements(build_screenplay(made.header, made.events)) if isinstance(e, Dialogue)]
    (line,) = [line for line in lines if number in line.numbers]
    return line.parenthetical.text if line.parenthetical else ""


def test_a_line_says_in_what_manner_it_is_said() -> None:
    assert spoken_with(Made(), "menacing", True) == "aside to Vesper, menacing"
    assert spoken_with(Made(), "menacing", False) == "menacing"
    assert spoken_with(Made(), "", True) == "aside to Vesper"


def test_a_broken_word_is_told_though_a_line_was_spoken_when_it_was_given() -> None:
    made = Made()
    promise = Promise(1, PromiseKind.WILL_HOLD, "vesper", "quill", "tin", 0, 1, 1)
    made.add(words.Promised(promise, "plain"), Beat.ADDRESS, ("quill", "vesper"))
    made.say("vesper", "quill", "promise_hold", "Not one block.", private=True)
    number = made.add(words.PromiseSettled(promise, False), Beat.DUSK, ("quill", "vesper"))
    told = [e for e in elements(build_screenplay(made.header, made.events)) if number in e.numbers]
    assert len(told) == 1 and "Vesper" in told[0].text and "tin" in told[0].text
