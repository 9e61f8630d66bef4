"""Fountain: the screenplay as plain text that screenwriting programs read.

Knows the format's marks, so that no text of a mind, a scenario or a chronicle can become one. Each element
carries a note with the numbers of its events. Format: the Fountain syntax, version 1.1 (fountain.io).
"""

import re

from fivepenny.drama.lies import Mark
from fivepenny.drama.screenplay import Action, Dialogue, Element, Scene, Screenplay

_EMPHASIS = re.compile(r"[\\*_]")
_NOTE = re.compile(r"(?<=\[)\[|(?<=\])\]")
_FORCED = re.compile(r"[!@#>.=~(<+]")
_SCENE = re.compile(r"(?:INT|EXT|EST|I/E)", re.IGNORECASE)
_HEADED = re.compile(r"(?:INT|EXT|EST|INT\./EXT|INT/EXT|I/E)[. ]", re.IGNORECASE)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def one_line(text: str) -> str:
    """The text with every run of white space and control characters as one space."""
    return _SPACE.sub(" ", text).strip()


def escape(text: str) -> str:
    """The text on one line, its marks of emphasis and notes (and with them of comments) broken by a backslash."""
    return _NOTE.sub(r"\\\g<0>", _EMPHASIS.sub(r"\\\g<0>", one_line(text)))


def _spoken(text: str) -> str:
    """A line of dialogue: a mark at its start is broken too."""
    safe = escape(text)
    return f"\\{safe}" if _FORCED.match(safe) else safe


def _narrated(text: str) -> str:
    """A line of action, forced where it could be taken for something else."""
    safe = escape(text)
    risky = _FORCED.match(safe) or _SCENE.match(safe) or safe.endswith(":") or safe == safe.upper()
    return f"!{safe}" if risky else safe


def events_note(numbers: tuple[int, ...]) -> str:
    """'[[event 12]]' or '[[events 12, 15]]'."""
    return f"[[event{'s' if len(numbers) > 1 else ''} {', '.join(str(number) for number in numbers)}]]"


def _marks(marks: tuple[Mark, ...]) -> str:
    return "".join(f" [[{escape(mark.text)} (event {mark.number})]]" for mark in marks)


def _element(element: Element) -> str:
    trace = f" {events_note(element.numbers)}{_marks(element.marks)}"
    match element:
        case Action(text=text):
            return _narrated(text) + trace
        case Dialogue(cue=cue, text=text, parenthetical=how):
            head = f"@{cue}" if _SCENE.match(cue) else cue
            manner = [f"({escape(how.text)})"] if how else []
            return "\n".join([head, *manner, _spoken(text) + trace])


def _scene(scene: Scene) -> str:
    parts = [_element(element) for element in scene.elements]
    if scene.heading is not None:
        head = escape(scene.heading).replace("#", "\\#")
        parts.insert(0, f"{head if _HEADED.match(head) else f'.{head}'} {events_note(scene.numbers)}")
    return "\n\n".join(parts)


def render_fountain(screenplay: Screenplay) -> str:
    """The screenplay as Fountain, ending in a newline."""
    title = [
        f"Title: {one_line(screenplay.title)}",
        "Credit: as it was played by",
        "Author: the company of Fivepenny",
        f"Source: scenario {screenplay.scenario}, seed {screenplay.seed}, {screenplay.days} days",
        "Notes: every line carries the numbers of the events it comes from; figures are the book's",
    ]
    return "\n\n".join(["\n".join(title), *(_scene(scene) for scene in screenplay.scenes), "> THE END <"]) + "\n"
