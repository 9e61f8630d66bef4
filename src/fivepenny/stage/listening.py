"""Listening to a season: what each seat saw as it was asked for its moves, kept without changing what it does.

For corpora, examinations and trials, which need situations as seasons bring them. Asks no mind anything.
"""

from dataclasses import dataclass, replace

from fivepenny.company.cues import grade_cue
from fivepenny.company.players import Asked, Player, WrappedPlayer
from fivepenny.company.tape import Tape
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.policies.temperaments import TEMPERAMENTS
from fivepenny.policies.understudy import grade_option
from fivepenny.stage.house import assemble, seated
from fivepenny.world import Menu, Observation


@dataclass(frozen=True, slots=True)
class Situation:
    """What a seat saw as it was asked for its moves."""

    observation: Observation
    menu: Menu

    def cue(self) -> str:
        """The cue that a mind would get."""
        return grade_cue(self.observation, self.menu)

    def grades(self, teacher: str) -> tuple[int, ...]:
        """The grades of the understudy of this name, in menu order. Raises KeyError."""
        temperament = TEMPERAMENTS[teacher]
        return tuple(grade_option(temperament, self.observation, option) for option in self.menu.options)


class Listener(WrappedPlayer):
    """A player that keeps what the player behind it was asked."""

    def __init__(self, player: Player, heard: list[Situation]) -> None:
        """Plays as this player does; `heard` takes the situations."""
        super().__init__(player)
        self._heard = heard

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """Keep the situation, then ask."""
        self._heard.append(Situation(observation, menu))
        return super().ask_moves(observation, menu, seed)


def heard_in(header: Header) -> list[Situation]:
    """Every situation of a season, played into memory by players without weights, in the order of the asking.

    Raises UnknownMind where a seat of the header names none of these.
    """
    heard: list[Situation] = []
    with SeasonFile.create(IN_MEMORY, header) as file:
        chairs = {
            seat: replace(chair, player=Listener(chair.player, heard) if chair.player else None)
            for seat, chair in seated(header, {}).items()
        }
        for _ in assemble(file, chairs, Tape(), None).beats():
            pass
    return heard
