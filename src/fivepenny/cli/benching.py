"""The verbs that measure: each `bench` that there is, by name."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from fivepenny.cli.output import AsJson, print_json, print_table, progress
from fivepenny.errors import CheckFailed

Seeds = Annotated[int, typer.Option(min=1, help="How many seeds.")]


def season(
    seeds: Seeds = 50,
    scenario: Annotated[str, typer.Option(help="A scenario's name, or the path of its TOML file.")] = "south-sea",
    company: Annotated[str, typer.Option(help="Who plays: house, understudies or null.")] = "understudies",
    days: Annotated[int, typer.Option(min=1, help="Days of each season.")] = 30,
    as_json: AsJson = False,
) -> None:
    """How alive the markets are, over many seeds, beside players of no intelligence.

    Example: fivepenny bench season --seeds 10 --company house
    """
    from fivepenny.arena.season_bench import bench_season

    _print(bench_season(seeds, company, days, scenario), as_json)


def engine(seeds: Seeds = 3, as_json: AsJson = False) -> None:
    """Decisions a second, and how much of the time goes into the models.

    Example: fivepenny bench engine --seeds 1
    """
    from fivepenny.arena.engine_bench import bench_engine

    _print(bench_engine(seeds), as_json)


def seats(
    seeds: Seeds = 3,
    model: Annotated[
        str, typer.Option(metavar="REF", help="The model in all five seats: house:NAME or gguf:PATH.")
    ] = "house:quill",
    days: Annotated[int, typer.Option(min=1, help="Days of each season.")] = 10,
    as_json: AsJson = False,
) -> None:
    """A model's speed in the seats of a season, beside the same prompts given straight to a bare server.

    Example: fivepenny bench seats --seeds 1 --model gguf:model.gguf
    """
    from fivepenny.arena.seats_bench import bench_seats

    _print(bench_seats(seeds, model, days), as_json)


def cascade(
    small: Annotated[str, typer.Argument(metavar="SMALL", help="The small model, as in --seat.")],
    larger: Annotated[str, typer.Argument(metavar="LARGER", help="The model that is asked where it is not sure.")],
    seeds: Annotated[int, typer.Option(min=4, help="How many seeds; half calibrate, half are held out.")] = 8,
    seat: Annotated[
        str | None, typer.Option(help="Whose seat [default: a house model's own, else the first].", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """From which sureness on a small model can be left alone, and what it saves and costs beside a larger one.

    Example: fivepenny bench cascade house:quill touring:qwen3-0.6b --seeds 8
    """
    from fivepenny.arena.cascade_bench import bench_cascade

    _print(bench_cascade(small, larger, seeds, seat), as_json)


def auction(seeds: Seeds = 1000, as_json: AsJson = False) -> None:
    """The call auction: what share of the possible gains traders of no intelligence reach in it.

    Example: fivepenny bench auction --seeds 200
    """
    from fivepenny.arena.auction_bench import bench_auction

    _print(bench_auction(seeds), as_json)


def market(seeds: Seeds = 10, as_json: AsJson = False) -> None:
    """The market beside what is known of markets: efficiency, convergence of prices, and daily returns.

    Example: fivepenny bench market --seeds 2
    """
    from fivepenny.arena.market_bench import bench_market

    _print(bench_market(seeds), as_json)


def books(
    moves: Annotated[int, typer.Option(min=1, help="Random moves to send, legal and illegal.")] = 1_000_000,
    seeds: Seeds = 1,
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="A scenario's name or path; may be repeated [default: all shipped].", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The world under random moves, legal and illegal, against independent auditors; exit 1 on any breach.

    Example: fivepenny bench books --moves 10000
    """
    from fivepenny.arena.books_bench import bench_books

    with progress("sending moves") as tell:
        found = bench_books(moves, seeds, scenario or (), tell)
    _print(found, as_json)
    if found["breaches"]:
        raise CheckFailed(f"{found['breaches']} breaches; the first: {found['first breaches'][0]}")


def drama(
    seeds: Seeds = 200,
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="A scenario's name or path; may be repeated [default: all shipped].", show_default=False),
    ] = None,
    first_seed: Annotated[int, typer.Option(min=1, help="The first seed; the others follow it.")] = 1,
    company: Annotated[str, typer.Option(help="Who plays: house, understudies or null.")] = "understudies",
    patron: Annotated[bool, typer.Option("--patron", help="With the Patron's chair taken.")] = False,
    as_json: AsJson = False,
) -> None:
    """In what share of seasons there is a default, a cascade, a planted tip that moved a price, and so on.

    Example: fivepenny bench drama --seeds 20 --scenario south-sea
    """
    from fivepenny.arena.drama_bench import bench_drama

    with progress("playing seasons") as tell:
        found = bench_drama(seeds, scenario or (), company, first_seed, patron, tell)
    _print(found, as_json)


def replies(seeds: Seeds = 3, as_json: AsJson = False) -> None:
    """The reply parser on hostile replies of growing length, beside its own time at 10 kB.

    Example: fivepenny bench replies --seeds 1
    """
    from fivepenny.arena.replies_bench import bench_replies

    _print(bench_replies(seeds), as_json)


def crash(
    seeds: Seeds = 100,
    scenario: Annotated[str, typer.Option(help="A scenario that declares legends: its name, or a path.")] = "bubble",
    first_seed: Annotated[int, typer.Option(min=1, help="The first seed; the others follow it.")] = 1,
    company: Annotated[str, typer.Option(help="Who plays: house, understudies or null.")] = "understudies",
    as_json: AsJson = False,
) -> None:
    """How often a legend's asset crashes, with the legend and without it, and who sold in the fall.

    Example: fivepenny bench crash --seeds 10
    """
    from fivepenny.arena.crash_bench import bench_crash

    _print(bench_crash(seeds, scenario, first_seed, company), as_json)


def justice(
    seeds: Seeds = 50,
    scenario: Annotated[str, typer.Option(help="A scenario's name, or the path of its TOML file.")] = "south-sea",
    company: Annotated[str, typer.Option(help="Who plays: house, understudies or null.")] = "understudies",
    as_json: AsJson = False,
) -> None:
    """How often the magistrate is right, by what was so, and why not, beside players of no intelligence.

    Example: fivepenny bench justice --seeds 10
    """
    from fivepenny.arena.justice_bench import bench_justice

    _print(bench_justice(seeds, scenario, company), as_json)


VERBS = (season, engine, seats, cascade, auction, market, books, replies, crash, justice, drama)


def _print(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    tables: Mapping[str, list[Mapping[str, Any]]] = found.get("tables") or {"": found["table"]}
    for title, rows in tables.items():
        if title:
            print(title)
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    for name, value in found.items():
        if name not in ("table", "tables"):
            print(f"{name}: {_shown(value)}")


def _shown(value: Any) -> Any:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {part}" for key, part in value.items())
    return "; ".join(map(str, value)) or "none" if isinstance(value, list) else value
