"""Roll-outs: copies of a running season played on by policies, each with a seed of its own.

What might become of a season is asked of many copies of it. A roll-out leaves the world that it was made from as it
was, writes no file and keeps of the events what its caller asks for. Policies grade and draw as in a season, by the
same streams; nobody speaks, since a line changes nothing that stands: it only has a seat answer who spoke before the
others. So players who never speak go on, under the season's own seed, exactly as the season does.

Knows the world through its protocol alone.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Protocol, Self, TypeVar

from fivepenny.clock import BEATS
from fivepenny.company.decisions import draw
from fivepenny.company.players import Policy
from fivepenny.company.tape import FIRST, MOVES, make_key
from fivepenny.events import Event
from fivepenny.policies.understudy import load_understudy, temperament_for
from fivepenny.rng import stream_seed
from fivepenny.scenario import Scenario
from fivepenny.world import Menu, Move, Observation, World

Kept = TypeVar("Kept")


class ForkableWorld(World, Protocol):
    """A world that can be copied, and that goes on from another seed between two days."""

    @property
    def day(self) -> int:
        """The day that is being played; between two days, the one to come."""
        ...

    def fork(self) -> Self:
        """A copy that goes its own way."""
        ...

    def reseed(self, seed: int) -> None:
        """Draw everything from this seed, from the next dawn on."""
        ...


class RollPolicy(Policy, Protocol):
    """A policy that says whether its grades draw on the lot: where they do not, none is made."""

    @property
    def grades_by_lot(self) -> bool:
        """Whether `grade` draws."""
        ...


@dataclass(frozen=True, slots=True)
class SeatedPolicy:
    """Who plays a seat in a roll-out, and how steadily it draws among its grades (`fivepenny.scenario.Seat`)."""

    policy: RollPolicy
    steadiness: int


def seat_understudies(scenario: Scenario) -> dict[str, SeatedPolicy]:
    """Every seat with its understudy."""
    return {
        seat.name: SeatedPolicy(load_understudy(temperament_for(seat.name, place)), seat.steadiness)
        for place, seat in enumerate(scenario.seats)
    }


def fork_seeds(seed: int, day: int, copies: int) -> tuple[int, ...]:
    """Seeds for this many roll-outs from the dawn of a day, found from the season's own."""
    return tuple(stream_seed(seed, "fork", day, number) for number in range(1, copies + 1))


def play_on(world: ForkableWorld, seated: Mapping[str, SeatedPolicy], seed: int, days: int) -> Iterator[Event]:
    """Play a world this many days on with this seed; what happens, beat by beat.

    The world has to stand between two days, and every seat has to be seated.
    """
    world.reseed(seed)
    lot = Random(seed)  # set to the start of each draw's stream in turn
    for day in range(world.day, world.day + days):
        for beat in BEATS:
            moves = {
                seat: _move(seed, day, seated[seat], world.observe(seat, beat), menu, lot)
                for seat, menu in world.menus(beat).items()
            }
            yield from world.apply(beat, moves)


def roll(
    world: ForkableWorld,
    seated: Mapping[str, SeatedPolicy],
    days: int,
    seeds: Iterable[int],
    keep: Callable[[Sequence[Event]], Kept],
) -> Iterator[Kept]:
    """Roll a copy of the world this many days on with each seed; of its events, what `keep` makes of them.

    Copies are made and played as they are asked for, one after another; otherwise as `play_on`.
    """
    for seed in seeds:
        with _cycles_left():
            kept = keep(tuple(play_on(world.fork(), seated, seed, days)))
        yield kept


@contextmanager
def _cycles_left() -> Iterator[None]:
    """Python does not look for cycles meanwhile: a copy leaves none, and the search takes a fifteenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _move(seed: int, day: int, sitter: SeatedPolicy, observation: Observation, menu: Menu, lot: Random) -> Move:
    """The move of a policy, by the streams that a season's company would ask it and draw with."""
    key = make_key(day, observation.beat, menu.seat, MOVES, FIRST)
    if sitter.policy.grades_by_lot:
        lot.seed(stream_seed(seed, "mind", *key) % 2**32)
    grades = sitter.policy.grade(observation, menu, lot)
    lot.seed(stream_seed(seed, "draw", *key))
    return Move(draw(menu, grades, sitter.steadiness, lot))
