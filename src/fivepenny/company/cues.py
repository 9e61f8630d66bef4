"""The cue wording: an observation as terse, delexicalised words for the trained specialists.

A cue holds acts, facts and levels; never a name of a good, never a figure. The company knows the menu behind
it; the mind grades the options in their order, or is given a move and asked for the line.
"""

from collections.abc import Iterable

from fivepenny.world import TOP_LEVEL, Fact, Menu, Observation, Option

MOVE_SLOTS = ("price", "good", "qty", "to", "me", "day")
PAST_SLOTS = ("debt", "since", "third", "rumour", "deed")
OWN_NAME = "me"
"""A slot that always has a value and that a cue for a line therefore does not name."""
ALL_SLOTS = (*MOVE_SLOTS, *PAST_SLOTS)
KNOWN_HEARERS = ("marrow", "quill", "vesper", "brock", "tansy")
STRANGER, TABLE = "stranger", "table"
HEARD_MANNERS = ("flattering", "evasive", "menacing")
"""Manners that a line is cued with; in the others it is said as its tone is."""
GRADE_MARK, LINE_MARK = "grades", "line"


def _facts(facts: Iterable[Fact]) -> str:
    return " ".join(f"{fact.key} {fact.level}" for fact in facts)


def _act(option: Option) -> str:
    """The act in whole words: a joint would split them."""
    return option.act.replace("_", " ")


def grade_cue(observation: Observation, menu: Menu) -> str:
    """The cue that asks for a grade 0 to 9 for each option, in menu order."""
    options = " |".join(f" {_act(option)} {_facts(option.facts)}".rstrip() for option in menu.options)
    return f" {observation.beat.value} {_facts(observation.standing)} |{options} | {GRADE_MARK}"


def grade_target(grades: Iterable[int]) -> str:
    """What a mind answers to a grade cue."""
    return "".join(f" {grade}" for grade in grades)


def grade_grammar(options: int) -> str:
    """GBNF for exactly this many grades."""
    return f'root ::= {" ".join(["grade"] * options)}\ngrade ::= " " [0-{TOP_LEVEL}]'


def parse_grades(raw: str, options: int) -> tuple[int, ...] | None:
    """The grades in a reply, or None where it is not exactly one digit an option."""
    parts = raw.split()
    if len(parts) != options or not all(len(part) == 1 and part.isascii() and part.isdigit() for part in parts):
        return None
    return tuple(int(part) for part in parts)


def hearer_word(to: str) -> str:
    """How a cue names who is spoken to: one of the five, a stranger, or the table."""
    if not to:
        return TABLE
    return to if to in KNOWN_HEARERS else STRANGER


def line_slots(option: Option) -> tuple[str, ...]:
    """The slots that have a value with this option, in a fixed order."""
    known = option.slots.keys() | option.past.keys()
    return tuple(slot for slot in ALL_SLOTS if slot in known)


def line_cue(option: Option) -> str:
    """The cue that asks for a slotted line with a chosen option."""
    slots = " ".join(slot for slot in line_slots(option) if slot != OWN_NAME)
    tone = f"{option.tone} {option.manner}" if option.manner in HEARD_MANNERS else option.tone
    return f" say {_act(option)} {hearer_word(option.to)} {tone} {slots} | {LINE_MARK}"


def line_grammar(slots: Iterable[str]) -> str:
    """GBNF for a line: letters, plain punctuation, and these slots alone. It has no digits to write."""
    marks = "".join(f' | "{{{slot}}}"' for slot in slots)
    return f"root ::= piece+\npiece ::= [A-Za-z ,.;:'?()-]{marks}"
