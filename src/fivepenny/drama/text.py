"""The screenplay as plain text, for reading in a terminal or a letter. Knows layout only."""

import textwrap

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


def render_text(screenplay: Screenplay) -> str:
    """The screenplay as text in lines of at most 76 characters (a longer word stands alone), ending in a newline."""
    title = one_line(screenplay.title).upper().center(WIDTH).rstrip()
    under = f"scenario {screenplay.scenario}, seed {screenplay.seed}, {screenplay.days} days".center(WIDTH).rstrip()
    return "\n\n".join([f"{title}\n{under}", *(_scene(scene) for scene in screenplay.scenes)]) + "\n"
