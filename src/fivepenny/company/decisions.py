"""From a raw reply to moves of the menu: read, refuse by name, and draw by the grades.

Both wordings end in the same `Decision`. No reply can bring about a move that does not stand on the menu.
"""

from dataclasses import dataclass
from random import Random

from fivepenny.company.cues import ALL_SLOTS, parse_grades
from fivepenny.minds.mind import Task
from fivepenny.minds.reply import parse_reply
from fivepenny.world import Menu

CLEAN, REFUSED = "clean", "refused"
MALFORMED_GRADES = "malformed grades"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reply comes to. `phrases` is None where it was refused; `reason` then says why, in stable words."""

    phrases: tuple[str, ...] | None
    say: str | None
    aside: str | None
    verdict: str
    reason: str


def draw(menu: Menu, grades: tuple[int, ...], steadiness: int, lot: Random) -> tuple[str, ...]:
    """Moves drawn by their grades: only those above the menu's rest, a grade higher `steadiness` times likelier.

    Up to the menu's `max_moves`, without replacement, those that exclude one another left out; the best first.
    """
    graded = dict(zip(menu.phrases, grades, strict=True))
    rest_grade = graded[menu.rest]
    left = [phrase for phrase, grade in graded.items() if grade > rest_grade]
    chosen: list[str] = []
    barred: set[str] = set()
    while len(chosen) < menu.max_moves and (left := [phrase for phrase in left if phrase not in barred]):
        phrase = lot.choices(left, [steadiness ** graded[other] for other in left])[0]
        chosen.append(phrase)
        barred |= {phrase, *menu.option(phrase).excludes}
    return tuple(sorted(chosen, key=lambda phrase: -graded[phrase])) or (menu.rest,)


def _together(menu: Menu, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Phrases that go together, first come first kept; resting goes with nothing."""
    kept: list[str] = []
    for phrase in phrases:
        if phrase != menu.rest and not any(phrase in menu.option(other).excludes for other in kept):
            kept.append(phrase)
    return tuple(kept) or (menu.rest,)


def decide(task: Task, raw: str, menu: Menu, steadiness: int, lot: Random) -> Decision:
    """What this raw reply to this task comes to."""
    if task is Task.GRADE:
        grades = parse_grades(raw, len(menu.options))
        if grades is None:
            return Decision(None, None, None, REFUSED, MALFORMED_GRADES)
        return Decision(draw(menu, grades, steadiness, lot), None, None, CLEAN, "")
    reply = parse_reply(raw, menu.phrases, menu.max_moves, slots=frozenset(ALL_SLOTS))
    phrases = None if reply.moves is None else _together(menu, reply.moves)
    return Decision(phrases, reply.say, reply.aside, reply.verdict.value, reply.reason)
