"""Slotted lines: which of them may be spoken, and how they are filled from the book.

No figure is taken from a mind: a line with a digit, a number word, a slot without a value, or the name of
somebody who is not spoken to is refused by name.
"""

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from fivepenny.minds.reply import clean_say
from fivepenny.minds.reply_channels import spoken_part
from fivepenny.policies.grammar import slots_in
from fivepenny.world import Line, Option

MOST_WORDS = 22
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen"
)
_NUMBER_WORDS = frozenset(_NUMBERS.split())
_ENDS = (".", "?", ")", "'", "}")
_WORD = re.compile(r"[^\W\d_]+")  # letters alone, so that a possessive is still a name
_SLOT = re.compile(r"\{(\w+)\}")
_SHORT = 2  # letters of a part of a name ("O" of O'Brien, "de") that anyone may say
_SENTENCE_START = re.compile(r"(^|[.?] )([a-z])")


class LineFault(StrEnum):
    """Why a line may not be spoken."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    TOO_LONG = "too long"
    FIGURE = "figure"
    UNKNOWN_SLOT = "slot without a value"
    NAME = "name of another"
    REPEATED = "repeated"


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def clean_template(raw: str) -> str:
    """A slotted line as it came, without thoughts, marks, control tokens and stray white space; empty for silence."""
    spoken = spoken_part(raw)
    return "" if spoken.silenced else clean_say(spoken.text, slots_in(raw)) or ""


def line_fault(template: str, option: Option, said: Collection[str], names: Iterable[str]) -> LineFault | None:
    """The first fault of a slotted line, or None. `names` are those that this line may not contain.

    It judges the line as `clean_template` leaves it, which is the one to speak.
    """
    text = clean_template(template)
    words = set(_words(_SLOT.sub(" ", text)))
    if not words and not slots_in(text):
        return LineFault.EMPTY
    if not text.endswith(_ENDS):
        return LineFault.UNFINISHED
    if len(text.split()) > MOST_WORDS:
        return LineFault.TOO_LONG
    if not slots_in(text) <= (option.slots.keys() | option.past.keys()):
        return LineFault.UNKNOWN_SLOT
    if any(mark.isnumeric() for mark in text) or words & _NUMBER_WORDS:
        return LineFault.FIGURE
    if words & {part for name in names for part in _words(name) if len(part) > _SHORT or part == name.lower()}:
        return LineFault.NAME
    return LineFault.REPEATED if text in said else None


def fill(template: str, option: Option) -> Line:
    """The line as it is spoken, each slot filled from the option, each sentence begun with a capital."""
    values = {**option.slots, **{name: past.text for name, past in option.past.items()}}
    used = slots_in(template)
    text = _SLOT.sub(lambda match: values[match.group(1)], template)
    text = _SENTENCE_START.sub(lambda match: match.group(1) + match.group(2).upper(), text)
    cites = tuple(sorted({past.event for name, past in option.past.items() if name in used}))
    return Line(text, template, cites)
