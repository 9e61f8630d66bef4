"""Opening and closing a house: from a season file to a season ready to be played, resumed or replayed."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from fivepenny.clock import BEATS, Beat
from fivepenny.company.budget import Spending
from fivepenny.company.cascade import read_cascade
from fivepenny.company.cast import names_of_others, open_player
from fivepenny.company.ensemble import Chair, Ensemble, Rung
from fivepenny.company.human import HUMAN, Company
from fivepenny.company.players import PolicyPlayer
from fivepenny.company.tape import MOVES, Tape
from fivepenny.errors import CheckFailed, WrongUse
from fivepenny.header import Branch, Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.market.town import Town
from fivepenny.minds.mind import Mind, MindCard
from fivepenny.minds.prices import price_of
from fivepenny.policies.understudy import load_understudy, temperament_for
from fivepenny.scenario import Seat
from fivepenny.stage.season import Season


def seated(
    header: Header, minds: dict[str, Mind] | None, part: Branch | None = None, people: Company | None = None
) -> dict[str, Chair]:
    """The chairs of a season, or of a part of it [default: the last]; without `minds` nobody is opened to sit there.

    `people` is whom a person sits with.
    Raises WrongUse where money is bounded and the price of a mind is not known.
    """
    part = part or header.last_part
    names = names_of_others(header.scenario)
    chairs: dict[str, Chair] = {}
    for place, seat in enumerate(header.scenario.seats):
        reference = part.minds[seat.name]
        cascade = read_cascade(reference)
        first = cascade.small if cascade else reference
        own = _rung(first, seat, part, minds, tells_sureness=cascade is not None, people=people)
        chairs[seat.name] = Chair(
            seat.name,
            own.player,
            PolicyPlayer(load_understudy(temperament_for(seat.name, place))),
            seat.steadiness,
            own.mind,
            names[seat.name],
            own.price,
            _rung(cascade.larger, seat, part, minds) if cascade else None,
            cascade.unsure_below if cascade else 0.0,
        )
    return chairs


def _rung(
    reference: str,
    seat: Seat,
    part: Branch,
    minds: dict[str, Mind] | None,
    *,
    tells_sureness: bool = False,
    people: Company | None = None,
) -> Rung:
    price = price_of(reference)
    if minds is None:
        return Rung(None, reference, price)
    if price is None and part.budget.nanodollars is not None:
        raise WrongUse(f"{reference}: no price is known, so it cannot keep to a budget in dollars; see docs/minds.md")
    return Rung(open_player(reference, seat, minds, tells_sureness=tells_sureness, people=people), reference, price)


def assemble(file: SeasonFile, chairs: Mapping[str, Chair], tape: Tape, pool: ThreadPoolExecutor | None) -> Season:
    """The season of this file over this tape; from its last branch on, if it has any, played from these chairs.

    What comes before that branch is on the tape, or the season does not go on.
    """
    header = file.header
    casts: dict[int, Mapping[str, Chair]] = {part.first_day: seated(header, None, part) for part in header.parts[:-1]}
    casts[header.last_part.first_day] = chairs
    tape.asks_from_day = header.last_part.first_day
    first = header.parts[0]
    ensemble = Ensemble(first.seed, casts[1], tape, file.record, pool, Spending(first.budget))
    town = Town(first.seed, header.days, header.scenario, header.chronicle)

    def turn_to(part: Branch) -> None:
        town.reseed(part.seed)
        ensemble.go_on(part.seed, casts[part.first_day], Spending(part.budget))

    turns = {part.first_day: partial(turn_to, part) for part in header.branches}
    return Season(town, ensemble, file, turns)


@contextmanager
def open_house(file: SeasonFile, people: Company | None = None) -> Iterator[tuple[Season, dict[str, MindCard]]]:
    """The season of this file with its company seated, and who they are. Minds are closed at the end.

    `people` is whom a person in a seat sits with.
    """
    header, minds = file.header, dict[str, Mind]()
    pool: ThreadPoolExecutor | None = None
    try:
        chairs = seated(header, minds, people=people)
        cards = {seat: chair.card for seat, chair in chairs.items() if chair.card}
        if minds:
            pool = ThreadPoolExecutor(len(minds), thread_name_prefix="seat")
        yield assemble(file, chairs, Tape.of(file.tape(), strict=False), pool), cards
    finally:
        for mind in minds.values():
            mind.close()
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def replay(path: Path) -> SeasonFile:
    """Play a whole season again from its tape alone, into memory; the season played anew.

    Raises CheckFailed where it broke off, was changed, or does not come out as on file.
    """
    with SeasonFile.open(path) as file:
        header, days = file.header, file.last_day
        breach = file.check_chain()
        if breach:
            raise CheckFailed(f"{path}: {breach}; see: fivepenny audit {path}")
        if days < header.days and not file.finished:
            raise CheckFailed(f"{path}: the season broke off on day {days} of {header.days}; resume it first")
        again = SeasonFile.create(IN_MEMORY, header)
        tape = Tape.of(file.tape(), strict=True)
        for _ in assemble(again, seated(header, None), tape, None).beats():
            pass
        if again.digest != file.digest:
            raise CheckFailed(f"{path}: replayed to digest {again.digest}, on file is {file.digest}")
    return again


def take_back(file: SeasonFile) -> tuple[int, Beat] | None:
    """Forget the last choice of a person on the day that is not closed yet, and all that came of it.

    The day and beat to be played again; None where nobody chose anything on that day.
    """
    day = file.last_day + 1
    rows = [row for row in file.tape() if row.day == day]
    beats = [Beat(row.beat) for row in rows if row.mind == HUMAN and row.step == MOVES]
    if not beats:
        return None
    beat = max(beats, key=BEATS.index)
    later = BEATS[BEATS.index(beat) + 1 :]
    forgotten = [row.key for row in rows if Beat(row.beat) in later or (row.beat == beat.value and row.mind == HUMAN)]
    file.forget(forgotten)
    return day, beat
