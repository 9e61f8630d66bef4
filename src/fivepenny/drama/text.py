"""The screenplay as plain text, for reading in a terminal or a letter. Knows layout only."""

import textwrap
from collections.abc import Sequence

from fivepenny.drama.court_file import CourtFile
from fivepenny.drama.fountain import one_line
from fivepenny.drama.screenplay import Action, Dialogue, Element, Scene, Screenplay

WIDTH = 76
SPEECH_INDENT = 10
CUE_INDENT = 22


def _wrapped(text: str, indent: int) -> str:
    margin = " " * indent
    return textwrap.fill(
        one_line(text), WIDTH - indent, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False
    )


def _element(element: Element) -> str:
    lie = "".join(f" [{mark.short}]" for mark in element.marks)
    match element:
        case Action(text=text):
            return _wrapped(text + lie, 0)
        case Dialogue(cue=cue, text=text, parenthetical=how):
            head = f"{cue} ({how.text})" if how else cue
            return f"{' ' * CUE_INDENT}{head}\n{_wrapped(text + lie, SPEECH_INDENT)}"


def _scene(scene: Scene) -> str:
    parts = [_element(element) for element in scene.elements]
    if scene.heading is not None:
        parts.insert(0, f"\n{one_line(scene.heading)}")
    return "\n\n".join(parts)


def _court_file(file: CourtFile) -> str:
    """A case: a heading, its entries under theirs, and a line for the reader."""
    parts = [f"\nCASE {file.case}. {one_line(file.title)}"]
    heading = ""
    for entry in file.entries:
        if entry.heading != heading:
            heading = entry.heading
            parts.append(f"{heading.upper()}")
        parts.append(_wrapped(entry.text, 4))
    if file.so:
        parts.append(_wrapped(f"[For the reader: {file.so}]", 0))
    return "\n".join(parts)


def render_text(screenplay: Screenplay, court: Sequence[CourtFile] = ()) -> str:
    """The screenplay, and after it the files of the court, as text that ends in a newline.

    Lines have at most 76 characters; a longer word stands alone.
    """
    title = one_line(screenplay.title).upper().center(WIDTH).rstrip()
    under = f"scenario {screenplay.scenario}, seed {screenplay.seed}, {screenplay.days} days".center(WIDTH).rstrip()
    return "\n\n".join([f"{title}\n{under}", *map(_scene, screenplay.scenes), *map(_court_file, court)]) + "\n"
