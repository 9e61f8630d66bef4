"""The verbs that play: `play` and `resume`. Everything that can fail is tried before a folder is left behind."""

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fivepenny.cli.folders import PLAYBILL, SCREENPLAY, SeasonFolder, write_whole
from fivepenny.cli.output import AsJson, SeasonPath, counted, note, print_json, print_table, typed
from fivepenny.cli.showing import Pace, Show, pace_of
from fivepenny.errors import CheckFailed, FivepennyError, MissingPart, WrongUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fivepenny.journal import Header, SeasonFile
    from fivepenny.minds.mind import MindCard

RUNS = Path("runs")
INTERRUPTED = 130

PaceOption = Annotated[
    Pace | None,
    typer.Option(
        "--pace", help="How fast it is told [default: read on a terminal, fast elsewhere].", show_default=False
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell nothing; only name the files at the end.")]


BudgetOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT=N", help="At most so many tokens, seconds or dollars, as in tokens=200000; may be repeated."
    ),
]
SeatOption = Annotated[
    list[str] | None, typer.Option(metavar="SEAT=MIND", help="Another mind for one seat; may be repeated.")
]


def play(
    scenario: Annotated[str, typer.Argument(help="A scenario's name, or the path of its TOML file.")] = "south-sea",
    seed: Annotated[int, typer.Option(min=0, help="One seed, one season.")] = 1,
    days: Annotated[
        int | None, typer.Option(help="Days to play [default: the scenario's].", show_default=False)
    ] = None,
    company: Annotated[
        str | None,
        typer.Option(
            help="Who plays: house, understudies, null, pocket, road [default: the scenario's own, else house].",
            show_default=False,
        ),
    ] = None,
    seat: SeatOption = None,
    chronicle: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="News of another episode in place of the scenario's.")
    ] = None,
    budget: BudgetOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the files go [default: a new folder in runs/].")
    ] = None,
    pace: PaceOption = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Play a season.

    Leaves season.db, screenplay.fountain and playbill.html in a folder, and ends by naming them.

    Example: fivepenny play --seed 7 --seat quill=understudy:vesper
    """
    from fivepenny.journal import SeasonFile

    header = _header(scenario, seed, days, company, seat or [], chronicle, budget or [])
    _pull_missing(header)
    name = f"{header.scenario.name}-seed{seed}"
    folder = SeasonFolder.at(out) if out else SeasonFolder.free(RUNS, name)
    try:
        file = SeasonFile.create(folder.season, header)
        _play_out(file, None if quiet or as_json else pace_of(pace), as_json)
    except BaseException:
        if not _days_kept(folder.season):
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


def _header(
    reference: str,
    seed: int,
    days: int | None,
    company: str | None,
    seats: list[str],
    chronicle: Path | None,
    budget: list[str],
) -> "Header":
    """What is to be played. Raises WrongUse or its kin, before anything is made."""
    from fivepenny.chronicle import read_chronicle
    from fivepenny.company.budget import parse_budget
    from fivepenny.company.cast import cast_references
    from fivepenny.journal import Header
    from fivepenny.scenario import MOST_DAYS, load_scenario

    scenario, rows = load_scenario(reference)
    if chronicle is not None:
        rows = read_chronicle(chronicle)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise WrongUse(f"--days {days}: a season has 1 to {MOST_DAYS} days")
    minds = cast_references(company, seats, scenario)
    return Header(seed, scenario.days if days is None else days, scenario, rows, minds, parse_budget(budget))


def _pull_missing(header: "Header") -> None:
    """Bring the model files that are not here yet, with a bar, before anything is made."""
    from fivepenny.cli.showing import pulling
    from fivepenny.company.cascade import members
    from fivepenny.minds.touring import pull_model, unpulled

    for reference in unpulled(member for seated in header.minds.values() for member in members(seated)):
        with pulling(reference) as tell:
            pull_model(reference, tell)


def _play_out(file: "SeasonFile", pace: Pace | None, as_json: bool) -> None:
    """Play a season to its end, telling it unless `pace` is None; write its pages; say what there is."""
    path, header, first_day = file.path, file.header, file.last_day + 1
    try:
        with Show(header, pace, first_day, progress=pace is Pace.FAST) as show:
            with file:
                report = _play_to_end(file, show)
            show.finish()
    except KeyboardInterrupt:
        note(_farewell(path))
        raise typer.Exit(INTERRUPTED) from None
    except MissingPart as error:
        if kept := _days_kept(path):
            raise MissingPart(f"{error}; {_days(kept)} kept, then: {typed('resume', path)}") from error
        raise
    if as_json:
        print_json(report)
    else:
        _print_ending(report, told=pace is not None)


def _play_to_end(file: "SeasonFile", show: Show) -> dict[str, Any]:
    """Play what is left, then write the screenplay and the playbill; the report."""
    from fivepenny.stage.house import open_house
    from fivepenny.stage.report import cards_on_file, season_report

    started = time.monotonic()
    if file.finished:
        cards: Mapping[str, MindCard] = cards_on_file(file.header)
    else:
        with open_house(file) as (season, cards):
            show.say(_announcement(file))
            show.say_how_to_stop()
            for played in season.beats():
                show.hear(played.day, played.beat, played.events)
    _write_beside(file, cards)
    folder = file.path.parent
    files = {"season": file.path, "screenplay": folder / SCREENPLAY, "playbill": folder / PLAYBILL}
    return season_report(file, cards, time.monotonic() - started, files)


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


def _announcement(file: "SeasonFile") -> str:
    header, day = file.header, file.last_day + 1
    going_on = f", going on with day {day}" if day > 1 else ""
    return f"{header.scenario.title}: {counted(header.days, 'day')}, seed {header.seed}{going_on} -> {file.path.parent}"


def _farewell(path: Path) -> str:
    """What an interrupted reader is told."""
    from fivepenny.journal import SeasonFile

    with suppress(FivepennyError), SeasonFile.open(path) as file:
        if file.finished and (path.parent / PLAYBILL).exists():
            return f"stopped telling; the season is played and whole, see it with: {typed('watch', path)}"
    kept = _days_kept(path)
    if not kept:
        return "stopped before the first day was over; nothing was kept"
    return f"stopped; {_days(kept)} kept, go on with: {typed('resume', path)}"


def _print_meter(report: "Mapping[str, Any]", told: bool) -> None:
    """What the minds used, where the season was told; what cascades spared and a budget refused, always."""
    from fivepenny.stage.report import METER, meter_table, spared_lines

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
