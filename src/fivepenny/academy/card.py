"""The card of a model: what it is, what it was taught from, how, its exam and its licence, as Markdown.

Knows the figures of a report and the words round them, not how they were found.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from fivepenny.academy.exam import REGRET_LIMIT, GradeMarks, LineMarks
from fivepenny.academy.recipe import Recipe
from fivepenny.minds.mind import MindCard

_CARD = """\
# {name}

{description} One of the five models of the embedded company; it plays {name} unless told otherwise.

| | |
| --- | --- |
| architecture | {family} (`general.architecture` of the file) |
| parameters | {parameters:,} |
| stored as | {quantisation} |
| made by | {author} |
| licence | {licence} |
| reads | cues: acts, facts and levels; no names of goods, no figures |
| writes | a grade 0 to 9 for each option of a menu; one slotted line |

## Data

{examples:,} examples, all made by this repository: {season:.0%} situations of seasons that understudies and null
players played, {scattered:.0%} the same menus with every level drawn anew, {lines:.0%} lines of the voice
`data/lines/{name}.toml`. Grades are the teacher's: the temperament `{name}` of
`fivepenny.policies.temperaments`. No scraped text, no text of another model. Examples come from the world as it stood
when the model was trained, the exam from the world as it stands.

## Recipe

`data/recipes/{name}.toml`, {beginning}:
{steps:,} steps of {batch} examples, peak learning rate {learning_rate}, seed {seed}.

## Exam

On {situations:,} situations of seasons that gave no example, none of whose cues was taught; every reply counted.

| | this model | its random-weights twin |
| --- | --- | --- |
| mean regret in grades (95%) | {regret:.3f} ± {margin:.3f} | {twin_regret:.3f} ± {twin_margin:.3f} |
| grades equal to the teacher's | {same:.1%} | {twin_same:.1%} |
| replies that could not be read | {unreadable} | {twin_unreadable} |

Regret is {share:.1%} of the twin's; the limit is {limit:.0%}. A table of the teacher's commonest grade by act alone
gives {table:.1%} of the grades. Of {line_count} lines asked for with moves of these situations, {speakable:.1%}
could be spoken as they came (the others are asked for once more, then there is silence); {verbatim:.1%} of these stand
word for word in its voice, the rest are its own.

## Limits

It knows nothing but cues. It cannot reason, read English, or keep up a conversation; its lines are those of its
voice, recombined. Nothing it says is advice.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one model's exam."""

    recipe: Recipe
    card: MindCard
    marks: GradeMarks
    twin: GradeMarks
    lines: LineMarks

    @property
    def share_of_twin(self) -> float:
        """Regret as a part of the random-weights twin's; without end where the twin has none."""
        return self.marks.regret / self.twin.regret if self.twin.regret else math.inf

    @property
    def passed(self) -> bool:
        """Whether the regret is within the limit."""
        return self.share_of_twin <= REGRET_LIMIT


def _said_beginning(recipe: Recipe) -> str:
    if recipe.begins is None:
        return "from random weights"
    return f"from the weights of an earlier `{recipe.begins.model}.gguf` (SHA-256 `{recipe.begins.sha256[:12]}`)"


def write_card(report: Report, path: Path, examples: int) -> None:
    """Write the card of an examined model that was taught from so many examples, whole or not at all."""
    recipe, marks, twin, lines = report.recipe, report.marks, report.twin, report.lines
    shares = {kind: share / sum(recipe.shares.values()) for kind, share in recipe.shares.items()}
    text = _CARD.format(
        name=recipe.name,
        description=recipe.description,
        family=report.card.family,
        parameters=report.card.parameters,
        quantisation=recipe.quantisation.value.upper(),
        author=recipe.author,
        licence=recipe.licence,
        examples=examples,
        **shares,
        beginning=_said_beginning(recipe),
        steps=recipe.schedule.steps,
        batch=recipe.schedule.batch,
        learning_rate=recipe.schedule.learning_rate,
        seed=recipe.seed,
        situations=marks.situations,
        regret=marks.regret,
        margin=marks.margin,
        same=marks.same_grades,
        unreadable=marks.unreadable,
        twin_regret=twin.regret,
        twin_margin=twin.margin,
        twin_same=twin.same_grades,
        twin_unreadable=twin.unreadable,
        share=report.share_of_twin,
        limit=REGRET_LIMIT,
        table=marks.by_act_table,
        line_count=lines.lines,
        speakable=lines.speakable,
        verbatim=lines.verbatim,
    )
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
