"""The header of a season: what is played, enough to play it again, and how it stands in a season file.

Knows no events and no replies.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

from pydantic import TypeAdapter

from fivepenny.aims import PATRON
from fivepenny.chronicle import Chronicle, parse_chronicle
from fivepenny.errors import SeasonFileError
from fivepenny.events import canonical
from fivepenny.scenario import Scenario, read_scenario_json

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a season's minds may use: tokens of prompts and replies, seconds of calls, money. None: no bound.

    Money is in billionths of a US dollar.
    """

    tokens: int | None = None
    seconds: float | None = None
    nanodollars: int | None = None


NO_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class Branch:
    """How a season is played from a day on: its seed, each seat's mind, and a budget of its own."""

    first_day: int
    seed: int
    minds: Mapping[str, str]
    budget: Budget = NO_BUDGET


@dataclass(frozen=True, slots=True)
class Header:
    """What is played: enough to play it again.

    `minds` gives each seat's reference. `branches` are the days from which on a season that another one was taken from
    goes its own way, in order of time. Digests leave out all minds and budgets.
    """

    seed: int
    days: int
    scenario: Scenario
    chronicle: Chronicle | None
    minds: Mapping[str, str]
    budget: Budget = NO_BUDGET
    branches: tuple[Branch, ...] = ()

    @property
    def parts(self) -> tuple[Branch, ...]:
        """How it is played from the first day on, and from each branch on."""
        return (Branch(1, self.seed, self.minds, self.budget), *self.branches)

    @property
    def last_part(self) -> Branch:
        """How it is played in the end."""
        return self.parts[-1]

    @property
    def seeds_told(self) -> str:
        """The seed, and those of the branches, in words."""
        return ", ".join([str(self.seed), *(f"from day {part.first_day} seed {part.seed}" for part in self.branches)])

    def part_on(self, day: int) -> Branch:
        """How a day is played."""
        return [part for part in self.parts if part.first_day <= day][-1]

    def root_hash(self) -> str:
        """Where the hash chain of the events begins."""
        chronicle = self.chronicle.text if self.chronicle else ""
        played = self.scenario.model_dump(mode="json", exclude={"seats": {"__all__": {"mind"}}})
        if PATRON not in self.scenario.seat_names:
            played.pop("patron", None)  # an empty chair changes nothing
        parts: list[object] = [self.seed, self.days, played, chronicle]
        parts += [[branch.first_day, branch.seed] for branch in self.branches]
        return hashlib.sha256(canonical(parts).encode()).hexdigest()


def header_values(header: Header) -> dict[str, str]:
    """The header as a season file keeps it, by key; nothing of a season that has just been made is finished."""
    return {
        "format": str(FORMAT),
        "seed": str(header.seed),
        "days": str(header.days),
        "scenario": header.scenario.model_dump_json(),
        "chronicle_name": header.chronicle.name if header.chronicle else "",
        "chronicle": header.chronicle.text if header.chronicle else "",
        "minds": canonical(dict(header.minds)),
        "budget": canonical(asdict(header.budget)),
        "branches": canonical([asdict(branch) for branch in header.branches]),
        "finished": "",
    }


def read_header(values: Mapping[str, str], path: str) -> Header:
    """The header from its rows. Raises SeasonFileError."""
    if values.get("format") != str(FORMAT):
        raise SeasonFileError(f"{path}: season format {values.get('format')!r}; this version reads format {FORMAT}")
    try:
        minds = json.loads(values["minds"])
        seed, days = int(values["seed"]), int(values["days"])
        chronicle = parse_chronicle(values["chronicle"], values["chronicle_name"]) if values["chronicle"] else None
        scenario = read_scenario_json(values["scenario"], path)
        budget = TypeAdapter(Budget).validate_json(values["budget"])
        branches = TypeAdapter(tuple[Branch, ...]).validate_json(values["branches"])
        casts = [minds, *(branch.minds for branch in branches)]
        known = all(
            isinstance(cast, dict) and all(isinstance(cast.get(seat), str) for seat in scenario.seat_names)
            for cast in casts
        )
        starts = [1, *(branch.first_day for branch in branches), days + 1]
        known = known and all(first < second for first, second in pairwise(starts))
    except (KeyError, ValueError, RecursionError) as error:
        raise SeasonFileError(f"{path}: its header is damaged: {error}") from None
    if not known:
        raise SeasonFileError(f"{path}: its header is damaged: minds or branches")
    return Header(seed, days, scenario, chronicle, minds, budget, branches)
