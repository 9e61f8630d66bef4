"""The verbs that play: `play` and `resume`. Everything that can fail is tried before a folder is left behind."""

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fivepenny.cli.folders import PLAYBILL, SCREENPLAY, SeasonFolder, write_whole
from fivepenny.cli.options import (
    BudgetOption,
    ChronicleOption,
    CompanyOption,
    DaysOption,
    OriginOption,
    OutOption,
    PaceOption,
    Quiet,
    ScenarioArgument,
    SeatOption,
    SeedOption,
)
from fivepenny.cli.output import AsJson, SeasonPath, counted, note, print_json, print_table, typed
from fivepenny.cli.person import Person, heard_by
from fivepenny.cli.showing import Pace, Show, pace_of
from fivepenny.errors import CheckFailed, FivepennyError, Left, MissingPart, TakenBack, WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fivepenny.header import Header
    from fivepenny.journal import SeasonFile, TapeRow
    from fivepenny.minds.mind import MindCard

RUNS = Path("runs")
SCENARIO = "south-sea"
INTERRUPTED = 130


def play(
    scenario: ScenarioArgument = None,
    seed: SeedOption = None,
    days: DaysOption = None,
    company: CompanyOption = None,
    seat: SeatOption = None,
    chronicle: ChronicleOption = None,
    budget: BudgetOption = None,
    origin: OriginOption = None,
    out: OutOption = None,
    pace: PaceOption = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Play a season.

    Leaves season.db, screenplay.fountain and playbill.html in a folder, and ends by naming them.

    Example: fivepenny play --seed 7 --seat quill=understudy:vesper
    Example: fivepenny play --from runs/south-sea-seed7/season.db@12 --seed 8
    """
    from fivepenny.journal import SeasonFile

    wish = _Wish(scenario, seed, days, company, seat or [], chronicle, budget or [], origin)
    header, replies = _planned(wish)
    _pull_missing(header)
    folder = SeasonFolder.at(out) if out else SeasonFolder.free(RUNS, _name(header))
    try:
        file = SeasonFile.create(folder.season, header)
        file.record_all(replies)
        _play_out(file, None if quiet or as_json else pace_of(pace), as_json)
    except BaseException:
        if not _worth_keeping(folder.season):
            folder.undo()
        raise


def resume(path: SeasonPath, pace: PaceOption = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Go on with a season that broke off, to the same end.

    Example: fivepenny resume runs/south-sea-seed1/season.db
    """
    from fivepenny.journal import SeasonFile

    file = SeasonFile.open(path)
    broken = file.check_chain()
    if broken:
        file.close()
        raise CheckFailed(f"{path}: {broken}; it cannot be resumed, see: {typed('audit', path)}")
    _play_out(file, None if quiet or as_json else pace_of(pace), as_json)


VERBS = (play, resume)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the reader asked for, None or empty where nothing was."""

    scenario: str | None
    seed: int | None
    days: int | None
    company: str | None
    seats: list[str]
    chronicle: Path | None
    budget: list[str]
    origin: str | None


def _planned(wish: _Wish) -> "tuple[Header, tuple[TapeRow, ...]]":
    """What is to be played, and the replies that it begins with. Raises WrongUse or its kin; nothing is made."""
    from fivepenny.chronicle import read_chronicle
    from fivepenny.company.budget import parse_budget
    from fivepenny.company.cast import cast_references
    from fivepenny.header import Header
    from fivepenny.parts import MOST_DAYS
    from fivepenny.patron import seated_for
    from fivepenny.scenario import load_scenario

    if wish.origin is not None:
        return _branched(wish, wish.origin)
    scenario, rows = load_scenario(wish.scenario or SCENARIO)
    scenario = seated_for(scenario, wish.seats)
    if wish.chronicle is not None:
        rows = read_chronicle(wish.chronicle)
    if wish.days is not None and not 1 <= wish.days <= MOST_DAYS:
        raise WrongUse(f"--days {wish.days}: a season has 1 to {MOST_DAYS} days")
    minds = cast_references(wish.company, wish.seats, scenario)
    seed, days = wish.seed, scenario.days if wish.days is None else wish.days
    return Header(1 if seed is None else seed, days, scenario, rows, minds, parse_budget(wish.budget)), ()


def _branched(wish: _Wish, origin: str) -> "tuple[Header, tuple[TapeRow, ...]]":
    """A season that goes on from a day of another. Its world is that season's: nothing of it can be asked for."""
    from fivepenny.company.budget import parse_budget
    from fivepenny.company.cast import company_references, seat_overrides
    from fivepenny.journal import SeasonFile
    from fivepenny.stage.branching import branch_of

    for name, asked in (("SCENARIO", wish.scenario), ("--days", wish.days), ("--chronicle", wish.chronicle)):
        if asked is not None:
            raise WrongUse(f"--from {origin}: {name} is that season's own; leave it out")
    path, mark, day = origin.rpartition("@")
    if not mark or not (day.isascii() and day.isdigit() and len(day) < 6):
        raise WrongUse(f"--from {origin!r}: write SEASON.db@DAY, as in --from runs/south-sea-seed1/season.db@12")
    with SeasonFile.open(Path(path)) as file:
        scenario = file.header.scenario
        company = company_references(wish.company, scenario) if wish.company else {}
        minds = {**company, **seat_overrides(wish.seats, scenario)}
        return branch_of(file, int(day), wish.seed, minds, parse_budget(wish.budget))


def _name(header: "Header") -> str:
    """What its folder is called."""
    branch = f"-from{header.last_part.first_day}" if header.branches else ""
    return f"{header.scenario.name}-seed{header.last_part.seed}{branch}"


def _pull_missing(header: "Header") -> None:
    """Bring the model files that are not here yet, with a bar, before anything is made."""
    from fivepenny.cli.showing import pulling
    from fivepenny.company.cascade import members
    from fivepenny.minds.touring import pull_model, unpulled

    for reference in unpulled(member for seated in header.last_part.minds.values() for member in members(seated)):
        with pulling(reference) as tell:
            pull_model(reference, tell)


def _play_out(file: "SeasonFile", pace: Pace | None, as_json: bool) -> None:
    """Play a season to its end, telling it unless `pace` is None; write its pages; say what there is."""
    path, header, first_day = file.path, file.header, _first_day(file)
    # A bar that moves would be drawn over what somebody types.
    bar = pace is Pace.FAST and not _people(header)
    try:
        with Show(header, pace, first_day, progress=bar) as show:
            with file:
                report = _play_to_end(file, show, Person(show, sys.stderr if as_json else sys.stdout))
            show.finish()
    except (KeyboardInterrupt, Left) as ending:
        note(_farewell(path))
        raise typer.Exit(0 if isinstance(ending, Left) else INTERRUPTED) from None
    except MissingPart as error:
        if kept := _days_kept(path):
            raise MissingPart(f"{error}; {_days(kept)} kept, then: {typed('resume', path)}") from error
        raise
    if as_json:
        print_json(report)
    else:
        _print_ending(report, told=pace is not None)


def _play_to_end(file: "SeasonFile", show: Show, person: Person) -> dict[str, Any]:
    """Play what is left, then write the screenplay and the playbill; the report."""
    from fivepenny.stage.report import cards_on_file, season_report

    started = time.monotonic()
    cards = cards_on_file(file.header) if file.finished else _play_days(file, show, person)
    _write_beside(file, cards)
    folder = file.path.parent
    files = {"season": file.path, "screenplay": folder / SCREENPLAY, "playbill": folder / PLAYBILL}
    return season_report(file, cards, time.monotonic() - started, files)


def _people(header: "Header") -> list[str]:
    """The seats that people play."""
    from fivepenny.company.human import HUMAN

    return [seat for seat, mind in header.last_part.minds.items() if mind == HUMAN]


def _play_days(file: "SeasonFile", show: Show, person: Person) -> "Mapping[str, MindCard]":
    """Play the days that are left, as often as somebody takes a choice back; who played them."""
    from fivepenny.stage.house import open_house, take_back

    announcement, people = _announcement(file), _people(file.header)
    while True:
        try:
            with open_house(file, person) as (season, cards):
                if announcement:
                    show.say(announcement)
                    show.say_how_to_stop()
                    announcement = ""
                for played in season.beats():
                    show.hear(played.day, played.beat, heard_by(people, played.events))
            return cards
        except TakenBack:
            back = take_back(file)
            person.tell("Taken back." if back else "There is nothing of today to take back, and yesterday is closed.")
            show.start_again(back)


def _write_beside(file: "SeasonFile", cards: "Mapping[str, MindCard]") -> None:
    """The screenplay and the playbill, where they are missing."""
    from fivepenny.cli.pages import fountain_of, playbill_of

    pages = {SCREENPLAY: lambda: fountain_of(file), PLAYBILL: lambda: playbill_of(file, cards)}
    folder = file.path.parent
    write_whole(folder, {name: text for name, text in pages.items() if not (folder / name).exists()})


def _days(count: int) -> str:
    return "day 1 is" if count == 1 else f"days 1 to {count} are"


def _days_kept(path: Path) -> int:
    """How many days a season file holds; 0 where there is none that can be read."""
    from fivepenny.journal import SeasonFile

    with suppress(FivepennyError), SeasonFile.open(path) as file:
        return file.last_day
    return 0


def _worth_keeping(path: Path) -> bool:
    """Whether a season file holds a day, or something that a person chose."""
    from fivepenny.company.human import HUMAN
    from fivepenny.journal import SeasonFile

    with suppress(FivepennyError), SeasonFile.open(path) as file:
        return bool(file.last_day) or any(row.mind == HUMAN for row in file.tape())
    return False


def _first_day(file: "SeasonFile") -> int:
    """The first day that is new to the reader: neither on file nor taken over from another season."""
    return max(file.last_day + 1, file.header.last_part.first_day)


def _announcement(file: "SeasonFile") -> str:
    header, day = file.header, _first_day(file)
    going_on = f", going on with day {day}" if day > 1 else ""
    what = f"{header.scenario.title}: {counted(header.days, 'day')}, seed {header.seeds_told}"
    return f"{what}{going_on} -> {file.path.parent}"


def _farewell(path: Path) -> str:
    """What an interrupted reader is told."""
    from fivepenny.journal import SeasonFile

    with suppress(FivepennyError), SeasonFile.open(path) as file:
        if file.finished and (path.parent / PLAYBILL).exists():
            return f"stopped telling; the season is played and whole, see it with: {typed('watch', path)}"
    kept = _days_kept(path)
    if not kept and _worth_keeping(path):
        return f"stopped; what you chose is kept, go on with: {typed('resume', path)}"
    if not kept:
        return "stopped before the first day was over; nothing was kept"
    return f"stopped; {_days(kept)} kept, go on with: {typed('resume', path)}"


def _print_meter(report: "Mapping[str, Any]", told: bool) -> None:
    """What came of what seats were after; what the minds used, where the season was told; cascades and a budget."""
    from fivepenny.stage.report import METER, aim_lines, meter_table, spared_lines

    for line in aim_lines(report):
        print(f"  {line}")
    rows = meter_table(report)
    if told and rows:
        print_table(METER, rows)
    for line in spared_lines(report):
        print(f"  {line}")


def _print_ending(report: "Mapping[str, Any]", told: bool) -> None:
    if told:
        print()
    print(f"{counted(report['days'], 'day')} played, digest {report['digest'][:16]}, {report['seconds']:.1f} s")
    _print_meter(report, told)
    for path in report["files"].values():
        print(f"  {path}")
    again, another = typed("watch", report["files"]["season"]), typed("play", "--seed", report["seed"] + 1)
    print(f"Next: {again} (or read, replay, audit); another season: {another}")
