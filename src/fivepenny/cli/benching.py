"""The verbs that measure: `bench season`, `engine`, `auction`, `books` and `replies`."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from fivepenny.cli.output import AsJson, print_json, print_table

Seeds = Annotated[int, typer.Option(min=1, help="How many seeds.")]


def season(
    seeds: Seeds = 50,
    company: Annotated[str, typer.Option(help="Who plays: house, understudies or null.")] = "understudies",
    days: Annotated[int, typer.Option(min=1, help="Days of each season.")] = 30,
    as_json: AsJson = False,
) -> None:
    """How alive the markets are, over many seeds, beside players of no intelligence.

    Example: fivepenny bench season --seeds 10 --company house
    """
    from fivepenny.arena.season_bench import bench_season

    _print(bench_season(seeds, company, days), as_json)


def engine(seeds: Seeds = 3, as_json: AsJson = False) -> None:
    """Decisions a second, and how much of the time goes into the models.

    Example: fivepenny bench engine --seeds 1
    """
    from fivepenny.arena.engine_bench import bench_engine

    _print(bench_engine(seeds), as_json)


def auction(seeds: Seeds = 1000, as_json: AsJson = False) -> None:
    """The call auction: what share of the possible gains traders of no intelligence reach in it.

    Example: fivepenny bench auction --seeds 200
    """
    from fivepenny.arena.auction_bench import bench_auction

    _print(bench_auction(seeds), as_json)


def books(
    moves: Annotated[int, typer.Option(min=1, help="Random transfers to post.")] = 100_000,
    seeds: Seeds = 1,
    as_json: AsJson = False,
) -> None:
    """The books under a random workload, predicted by an independent auditor.

    Example: fivepenny bench books --moves 10000
    """
    from fivepenny.arena.books_bench import bench_books

    _print(bench_books(moves, seeds), as_json)


def replies(seeds: Seeds = 3, as_json: AsJson = False) -> None:
    """The reply parser on hostile replies of growing length, beside its own time at 10 kB.

    Example: fivepenny bench replies --seeds 1
    """
    from fivepenny.arena.replies_bench import bench_replies

    _print(bench_replies(seeds), as_json)


VERBS = (season, engine, auction, books, replies)


def _print(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    rows: list[Mapping[str, Any]] = found["table"]
    print_table(list(rows[0]), [list(row.values()) for row in rows])
    for name, value in found.items():
        if name != "table":
            shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, Mapping) else value
            print(f"{name}: {shown}")
