"""The verbs that take a season file and ask no mind: `watch`, `read`, `replay`, `audit`."""

import sys
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from fivepenny.cli.output import AsJson, SeasonPath, counted, note, print_json, typed
from fivepenny.cli.showing import Pace, Show
from fivepenny.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fivepenny.journal import SeasonFile


class Format(StrEnum):
    """What a season can be read as."""

    TEXT = "text"
    FOUNTAIN = "fountain"
    HTML = "html"
    JSON = "json"


def watch(
    path: SeasonPath,
    pace: Annotated[Pace, typer.Option("--pace", help="How fast it is told.")] = Pace.READ,
) -> None:
    """See a season again at reading pace, without models.

    Example: fivepenny watch runs/south-sea-seed1/season.db
    """
    from fivepenny.clock import BEATS, Beat
    from fivepenny.events import Event
    from fivepenny.journal import SeasonFile

    with SeasonFile.open(path) as file:
        header, last_day = file.header, file.last_day
        told: dict[tuple[int, Beat], list[Event]] = {}
        for event in file.events():
            told.setdefault((event.day, event.beat), []).append(event)
        _note_if_broken_off(file)
    with Show(header, pace) as show:
        show.say_how_to_stop()
        for day in range(1, last_day + 1):
            for beat in BEATS:
                show.hear(day, beat, told.get((day, beat), ()))
        show.finish()


def read(
    path: SeasonPath,
    format_: Annotated[Format, typer.Option("--format", help="What to print it as.")] = Format.TEXT,
) -> None:
    """Print a season as text, Fountain, HTML or JSON.

    Example: fivepenny read runs/south-sea-seed1/season.db --format fountain > play.fountain
    """
    from fivepenny.cli import pages
    from fivepenny.journal import SeasonFile
    from fivepenny.stage.report import cards_on_file

    with SeasonFile.open(path) as file:
        _note_if_broken_off(file)
        match format_:
            case Format.TEXT:
                text = pages.text_of(file)
            case Format.FOUNTAIN:
                text = pages.fountain_of(file)
            case Format.HTML:
                text = pages.playbill_of(file, cards_on_file(file.header))
            case Format.JSON:
                text = pages.json_of(file)
    sys.stdout.write(text)


def replay(path: SeasonPath, as_json: AsJson = False) -> None:
    """Play a season again from its tape, without models.

    Succeeds only where it ends in the same digest, byte for byte.

    Example: fivepenny replay runs/south-sea-seed1/season.db
    """
    from fivepenny.journal import SeasonFile
    from fivepenny.stage import house
    from fivepenny.stage.report import cards_on_file, season_report

    started = time.monotonic()
    with SeasonFile.open(path) as file:
        again = house.replay(path)
        digest, days = again.digest, again.last_day
        again.close()
        if as_json:
            files = {"season": path}
            print_json(season_report(file, cards_on_file(file.header), time.monotonic() - started, files))
            return
        print(f"{counted(days, 'day')} replayed without models: the digest is the same, {digest}")


def audit(path: SeasonPath, as_json: AsJson = False) -> None:
    """Check the books, claims and secrets of a season.

    They are worked out anew from the events alone; each breach is a line, and any breach is exit code 1.

    Example: fivepenny audit runs/south-sea-seed1/season.db
    """
    from fivepenny.journal import SeasonFile
    from fivepenny.stage.audit import audit_season
    from fivepenny.stage.report import cards_on_file, season_report

    started = time.monotonic()
    findings = audit_season(path)
    if as_json:
        with SeasonFile.open(path) as file:
            seconds, files = time.monotonic() - started, {"season": path}
            report = season_report(file, cards_on_file(file.header), seconds, files)
        print_json({**report, "breaches": list(findings.breaches), "checked": dict(findings.checked)})
    else:
        _print_findings(findings.breaches, findings.checked)
    if findings.breaches:
        count = len(findings.breaches)
        raise CheckFailed(f"{path}: {'1 breach' if count == 1 else f'{count} breaches'}; do not rely on this file")


VERBS = (watch, read, replay, audit)


def _note_if_broken_off(file: "SeasonFile") -> None:
    if not file.finished:
        played, days = file.last_day, file.header.days
        note(f"{file.path}: it broke off after day {played} of {days}; go on with: {typed('resume', file.path)}")


def _print_findings(breaches: "Sequence[str]", checked: "Mapping[str, int]") -> None:
    for breach in breaches:
        print(" ".join(breach.split()))
    if not breaches:
        print(f"Sound. Checked: {', '.join(f'{count:,} {what}' for what, count in checked.items())}")
