"""Two minds on the same situations of one seat: what each would choose, how sure it is, what it costs, what it regrets.

Situations come from seasons of understudies, so that both minds see the same. Regret is measured by the grades of the
seat's understudy, which is a yardstick and no truth: a mind that plays in another way regrets much and may do well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fivepenny.company.cast import UNDERSTUDIES, company_references, open_player
from fivepenny.company.cues import parse_grades
from fivepenny.company.decisions import decide
from fivepenny.company.players import Asked, Player
from fivepenny.errors import PromptTooLong, WrongUse
from fivepenny.header import Header
from fivepenny.minds.meter import Price
from fivepenny.minds.mind import Mind, Task
from fivepenny.minds.prices import price_of
from fivepenny.policies.understudy import temperament_for
from fivepenny.rng import stream, stream_seed
from fivepenny.scenario import load_scenario
from fivepenny.stage.listening import Situation, heard_in
from fivepenny.stage.rehearsal import SCENARIO

DAYS = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mind made of a situation: regret in grades (0 to 9), its cost None where nobody knows the price."""

    sureness: float | None
    regret: int
    tokens: int
    seconds: float
    nanodollars: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcomes of both minds, situation by situation, of one season."""

    small: tuple[Outcome, ...]
    larger: tuple[Outcome, ...]


def seat_for(reference: str) -> str:
    """The seat that a mind is tried in unless somebody says otherwise: a house mind's own, else the first."""
    seats = load_scenario(SCENARIO)[0].seat_names
    name = reference.rpartition(":")[2]
    return name if name in seats else seats[0]


def try_both(small: str, larger: str, seat: str, seeds: Sequence[int]) -> list[Trial]:
    """A trial for each of these seeds. Raises WrongUse for an unknown seat, and what opening the minds raises."""
    scenario, chronicle = load_scenario(SCENARIO)
    if seat not in scenario.seat_names:
        raise WrongUse(f"--seat {seat!r}: no such seat; there are: {', '.join(scenario.seat_names)}")
    teacher = temperament_for(seat, scenario.seat_names.index(seat))
    minds: dict[str, Mind] = {}
    try:
        players = [
            (open_player(small, scenario.seat(seat), minds, tells_sureness=True), price_of(small)),
            (open_player(larger, scenario.seat(seat), minds), price_of(larger)),
        ]
        trials = []
        for seed in seeds:
            references = company_references(UNDERSTUDIES, scenario)
            heard = heard_in(Header(seed, DAYS, scenario, chronicle, references))
            own = [situation for situation in heard if situation.menu.seat == seat]
            trials.append(Trial(*(_outcomes(player, price, own, teacher, seed) for player, price in players)))
        return trials
    finally:
        for mind in minds.values():
            mind.close()


def _outcomes(
    player: Player, price: Price | None, situations: Sequence[Situation], teacher: str, seed: int
) -> tuple[Outcome, ...]:
    found = []
    for number, situation in enumerate(situations):
        grades = situation.grades(teacher)
        try:
            asked = player.ask_moves(situation.observation, situation.menu, stream_seed(seed, "trial", number) % 2**32)
        except PromptTooLong:
            found.append(Outcome(None, max(grades) - min(grades), 0, 0.0, 0))
            continue
        chosen = _favourite(asked, situation, seed, number)
        regret = max(grades) - (min(grades) if chosen is None else grades[situation.menu.phrases.index(chosen)])
        used = asked.completion
        counts = (used.prompt_tokens, used.cached_tokens, used.completion_tokens)
        cost = None if price is None else price.cost_nanodollars(*counts)
        found.append(Outcome(asked.sureness, regret, counts[0] + counts[2], used.seconds, cost))
    return tuple(found)


def _favourite(asked: Asked, situation: Situation, seed: int, number: int) -> str | None:
    """The phrase that a reply likes best, ties by a seeded lot; None where it cannot be read."""
    menu, lot = situation.menu, stream(seed, "trial", "ties", number)
    if asked.failure:
        return None
    if asked.task is Task.GRADE:
        grades = parse_grades(asked.completion.text, len(menu.options))
        if grades is None:
            return None
        return lot.choice([phrase for phrase, grade in zip(menu.phrases, grades, strict=True) if grade == max(grades)])
    phrases = decide(asked.task, asked.completion.text, menu, 1, lot).phrases
    return phrases[0] if phrases else None
