"""What if: a season that goes on from a day of another, with another seed, cast, hand or budget.

The new file is whole in itself: it holds the replies of the days before, so that it replays and is audited without the
season that it was taken from. Opens no mind.
"""

from collections.abc import Mapping
from dataclasses import replace

from fivepenny.clock import BEATS
from fivepenny.company.tape import Tape
from fivepenny.errors import CheckFailed, WrongUse
from fivepenny.header import NO_BUDGET, Branch, Budget, Header
from fivepenny.journal import IN_MEMORY, SeasonFile, TapeRow
from fivepenny.stage.house import assemble, seated


def branch_of(
    file: SeasonFile,
    day: int,
    seed: int | None = None,
    minds: Mapping[str, str] | None = None,
    budget: Budget = NO_BUDGET,
) -> tuple[Header, tuple[TapeRow, ...]]:
    """The header of a season that goes on after this day of another, and the replies that it begins with.

    `seed` None keeps the seed of that day, `minds` changes some seats of its cast. Raises WrongUse where that day was
    not played or is the last, CheckFailed where the season up to it does not come out as on file.
    """
    header, path = file.header, file.path
    if not 1 <= day <= file.last_day:
        raise WrongUse(f"{path}@{day}: it holds the days 1 to {file.last_day}; name one of these")
    if day == header.days or (file.finished and day == file.last_day):
        raise WrongUse(f"{path}@{day}: the season ends on that day; name one before it")
    rows = tuple(row for row in file.tape() if row.day <= day)
    _check_days(file, day, rows)
    part = header.part_on(day)
    branch = Branch(day + 1, part.seed if seed is None else seed, {**part.minds, **(minds or {})}, budget)
    kept = tuple(branch for branch in header.branches if branch.first_day <= day)
    return replace(header, branches=(*kept, branch)), rows


def _check_days(file: SeasonFile, day: int, rows: tuple[TapeRow, ...]) -> None:
    """Play the days up to this one again from the replies alone. Raises CheckFailed where they come out otherwise."""
    breach = file.check_chain()
    if breach:
        raise CheckFailed(f"{file.path}: {breach}; see: fivepenny audit {file.path}")
    header = file.header
    with SeasonFile.create(IN_MEMORY, header) as again:
        last_number = 0
        for played in assemble(again, seated(header, None), Tape.of(rows, strict=True), None).beats():
            last_number = max([last_number, *(event.number for event in played.events)])
            if (played.day, played.beat) == (day, BEATS[-1]):
                break
        if again.digest != file.hash_at(last_number):
            raise CheckFailed(f"{file.path}: day {day} does not come out as on file; see: fivepenny replay {file.path}")
