"""What `play` can be told, with its help texts; some of it other verbs can be told too."""

from pathlib import Path
from typing import Annotated

import typer

from fivepenny.cli.showing import Pace

ScenarioArgument = Annotated[
    str | None,
    typer.Argument(help="A scenario's name, or the path of its TOML file [default: south-sea].", show_default=False),
]
SeedOption = Annotated[int | None, typer.Option(min=0, help="One seed, one season [default: 1].", show_default=False)]
DaysOption = Annotated[int | None, typer.Option(help="Days to play [default: the scenario's].", show_default=False)]
CompanyOption = Annotated[
    str | None,
    typer.Option(
        help="Who plays: house, understudies, null, pocket, road [default: the scenario's own, else house].",
        show_default=False,
    ),
]
ChronicleOption = Annotated[
    Path | None, typer.Option(metavar="FILE.csv", help="News of another episode in place of the scenario's.")
]
OutOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where the files go [default: a new folder in runs/].")
]
PaceOption = Annotated[
    Pace | None,
    typer.Option(
        "--pace", help="How fast it is told [default: read on a terminal, fast elsewhere].", show_default=False
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Tell nothing; only name the files at the end.")]


OriginOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="SEASON.db@DAY",
        help="What if: go on after a day of another season, with another seed or cast.",
    ),
]
BudgetOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT=N", help="At most so many tokens, seconds or dollars, as in tokens=200000; may be repeated."
    ),
]
SeatOption = Annotated[
    list[str] | None, typer.Option(metavar="SEAT=MIND", help="Another mind for one seat; may be repeated.")
]
