"""The exam: how far a model's choices fall short of its teacher's, on situations that it has never seen.

Regret is the teacher's grade of the teacher's best option less its grade of the option that the model grades
best, ties by a seeded lot; a reply that cannot be read, or did not come, counts as the worst option. It is measured
through the engine and the prompts of a season. Knows no recipe, no file and no card.
"""

import math
import statistics
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from fivepenny.academy.corpus import EXAM_SEED, situations
from fivepenny.clock import Beat
from fivepenny.company.cues import parse_grades
from fivepenny.company.lines import clean_template, line_fault
from fivepenny.company.players import CuePlayer
from fivepenny.minds.mind import Mind
from fivepenny.policies.grammar import load_voice
from fivepenny.rng import stream
from fivepenny.stage.listening import Situation
from fivepenny.world import Observation, Option

LINES = 200
NORMAL_95 = 1.96
MOST_LOOKED_AT = 10  # situations looked at for each that the exam wants, before it makes do with fewer
NO_VIEW = Observation("", 1, Beat.ADDRESS, ())
"""A cue for a line says nothing of what the speaker sees."""
REGRET_LIMIT = 0.25
"""A model passes whose regret is at most this part of its random-weights twin's."""


@dataclass(frozen=True, slots=True)
class GradeMarks:
    """Marks on grading. Regret is in grades (0 to 9); `margin` is half of its 95% interval (normal)."""

    situations: int
    unreadable: int
    regret: float
    margin: float
    same_grades: float
    by_act_table: float


@dataclass(frozen=True, slots=True)
class LineMarks:
    """Marks on lines: the share that may be spoken as they come, and of these the share taken whole from its voice."""

    lines: int
    speakable: float
    verbatim: float


def unseen(wanted: int, taught: Collection[str] = ()) -> list[Situation]:
    """Situations of exam seasons, none twice, none whose cue was `taught`; fewer than wanted where these are rare."""
    found: dict[str, Situation] = {}
    for situation in situations(EXAM_SEED, MOST_LOOKED_AT * wanted):
        cue = situation.cue()
        if cue not in taught:
            found.setdefault(cue, situation)
        if len(found) == wanted:
            break
    return list(found.values())


def regret_of(teacher: Sequence[int], pupil: Sequence[int] | None, lot: Random) -> int:
    """The regret of one reply, 0 to 9. `pupil` is None where the reply could not be read."""
    if pupil is None:
        return max(teacher) - min(teacher)
    best = max(pupil)
    chosen = lot.choice([place for place, grade in enumerate(pupil) if grade == best])
    return max(teacher) - teacher[chosen]


def _replies(mind: Mind, asked: Sequence[Situation]) -> Iterator[tuple[int, ...] | None]:
    player = CuePlayer(mind)
    for situation in asked:
        reply = player.ask_moves(situation.observation, situation.menu, 0)
        yield parse_grades(reply.completion.text, len(situation.menu.options))


def mark_grades(mind: Mind, teacher: str, asked: Sequence[Situation]) -> GradeMarks:
    """Mark a mind against a teacher on these situations, of which there are at least two."""
    lot = stream(EXAM_SEED, "ties")
    regrets: list[int] = []
    unreadable = same = total = 0
    by_act: dict[str, list[int]] = {}
    for situation, reply in zip(asked, _replies(mind, asked), strict=True):
        teachers = situation.grades(teacher)
        regrets.append(regret_of(teachers, reply, lot))
        unreadable += reply is None
        same += sum(a == b for a, b in zip(teachers, reply or (), strict=bool(reply)))
        total += len(teachers)
        for option, grade in zip(situation.menu.options, teachers, strict=True):
            by_act.setdefault(option.act, []).append(grade)
    margin = NORMAL_95 * statistics.stdev(regrets) / math.sqrt(len(regrets))
    table = sum(grades.count(statistics.mode(grades)) for grades in by_act.values()) / total
    return GradeMarks(len(asked), unreadable, statistics.fmean(regrets), margin, same / total, table)


def spoken_options(asked: Sequence[Situation], speaker: str, wanted: int) -> list[Option]:
    """So many options with which this speaker could speak, one a situation at the most, by a seeded lot."""
    lot = stream(EXAM_SEED, "lines", speaker)
    found: list[Option] = []
    for situation in asked:
        options = [option for option in situation.menu.options if option.weight and option.to != speaker]
        if options:
            found.append(lot.choice(options))
    return found[:wanted]


def mark_lines(mind: Mind, voice: str, options: Sequence[Option]) -> LineMarks:
    """Ask for a line with each of these options, as a season would, and look at what may be spoken."""
    known = {entry.say for entry in load_voice(voice).entries}
    player = CuePlayer(mind)
    speakable = verbatim = 0
    for number, option in enumerate(options):
        text = player.ask_line(NO_VIEW, option, (), number, 1).completion.text
        if line_fault(text, option, (), ()) is None:
            speakable += 1
            verbatim += clean_template(text) in known
    return LineMarks(len(options), speakable / max(1, len(options)), verbatim / max(1, speakable))
