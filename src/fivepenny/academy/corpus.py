"""Corpora: situations from seasons of understudies, graded by the teachers, and the lines of the voices.

The shipped scenarios are played in turn by understudies of any temperament and now and then by null players, with the
Patron's chair taken in some, so that situations range wider than good play alone would take them. Each model learns
its own teacher's grades of them. Knows cues and policies, not models.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from random import Random

from fivepenny.company import cues
from fivepenny.header import Header
from fivepenny.patron import with_patron
from fivepenny.policies.grammar import load_voice
from fivepenny.policies.temperaments import TEMPERAMENT_NAMES
from fivepenny.rng import stream
from fivepenny.scenario import load_scenario, shipped_scenarios
from fivepenny.stage.listening import Situation, heard_in
from fivepenny.world import TOP_LEVEL, Fact, Option

SEASON_DAYS = 40
PATRON_PERCENT = 30  # of corpus seasons whose scenario has a chair for the Patron: it is taken
NULL_PERCENT = 25  # of seats in corpus seasons: they take the others where good play does not
MANNER_PERCENT = 20  # of lines that are made for no manner: they are said in any
EXAM_SEED = 1_000_000
"""Seasons from this seed on are for exams; training seasons stay below it."""


def harvest(seed: int) -> list[Situation]:
    """Every situation of one corpus season."""
    names = shipped_scenarios()
    scenario, chronicle = load_scenario(names[seed % len(names)])
    lot = stream(seed, "corpus")
    if scenario.patron and lot.randrange(100) < PATRON_PERCENT:
        scenario = with_patron(scenario)
    minds = {
        seat: "null" if lot.randrange(100) < NULL_PERCENT else f"understudy:{lot.choice(TEMPERAMENT_NAMES)}"
        for seat in scenario.seat_names
    }
    return heard_in(Header(seed, SEASON_DAYS, scenario, chronicle, minds))


def _levels_by_lot(facts: tuple[Fact, ...], lot: Random) -> tuple[Fact, ...]:
    return tuple(replace(fact, level=lot.randint(0, TOP_LEVEL)) for fact in facts)


def scattered(situation: Situation, lot: Random) -> Situation:
    """The same menu in the same beat with every level drawn anew: situations that no season has brought yet."""
    observation = replace(situation.observation, standing=_levels_by_lot(situation.observation.standing, lot))
    options = tuple(replace(option, facts=_levels_by_lot(option.facts, lot)) for option in situation.menu.options)
    return Situation(observation, replace(situation.menu, options=options))


def situations(first_seed: int, wanted: int) -> Iterator[Situation]:
    """So many situations from corpus seasons of this seed and the next ones."""
    return islice(chain.from_iterable(map(harvest, count(first_seed))), wanted)


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt and what the teacher answers to it."""

    prompt: str
    target: str


def grade_example(situation: Situation, teacher: str) -> Example:
    """A situation with a teacher's grades."""
    return Example(situation.cue(), cues.grade_target(situation.grades(teacher)))


Forms = Mapping[str, Sequence[frozenset[str]]]
"""Which slots have a value together with moves of each act."""


def slot_forms(heard: Iterable[Situation]) -> Forms:
    """The forms in which these situations bring each act, none twice, in the order in which they came."""
    forms: dict[str, dict[frozenset[str], None]] = {}
    for situation in heard:
        for option in situation.menu.options:
            forms.setdefault(option.act, {})[frozenset(cues.line_slots(option)) - {cues.OWN_NAME}] = None
    return {act: tuple(found) for act, found in forms.items()}


def line_examples(voice_name: str, lot: Random, wanted: int, forms: Forms) -> Iterator[Example]:
    """So many lines of a voice, all of them in turn, each under a cue that it fits.

    The slots of a cue are one of the act's forms that has all of the line's; where seasons brought none, those that
    lines of its act have, each slot of the past there or not by lot. A line is only ever shown where all its slots have
    a value. Hearer, tone and manner are drawn where the line leaves them open.
    """
    entries = load_voice(voice_name).entries
    move_slots: dict[str, set[str]] = {}
    past_slots: dict[str, set[str]] = {}
    for entry in entries:
        move_slots.setdefault(entry.act, set()).update(entry.slots & set(cues.MOVE_SLOTS))
        past_slots.setdefault(entry.act, set()).update(entry.slots & set(cues.PAST_SLOTS))
    hearers = [name for name in (*cues.KNOWN_HEARERS, cues.STRANGER) if name != voice_name]
    for number in range(wanted):
        entry = entries[number % len(entries)]
        fitting = [form for form in forms.get(entry.act, ()) if entry.slots - {cues.OWN_NAME} <= form]
        extra = {slot for slot in sorted(past_slots[entry.act]) if lot.randrange(2)}
        slots = set(lot.choice(fitting)) if fitting else move_slots[entry.act] | entry.slots | extra
        addressed = "to" in slots or entry.to
        hearer = entry.to or (lot.choice(hearers) if addressed else cues.TABLE)
        tone = entry.tone if entry.tone != "even" else lot.choice(("warm", "even", "cold", "even"))
        drawn = lot.choice(cues.HEARD_MANNERS) if addressed and lot.randrange(100) < MANNER_PERCENT else ""
        option = Option(
            phrase="",
            act=entry.act,
            to="" if hearer == cues.TABLE else hearer,
            tone=tone if addressed else "even",
            manner=entry.manner or drawn,
            slots=dict.fromkeys(slots, ""),
        )
        yield Example(cues.line_cue(option), f" {entry.say}")
