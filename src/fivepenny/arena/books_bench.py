"""`bench books`: the world under a random workload of legal and illegal moves, the ledger alone under one of batches.

Every answer is foretold: the world's by what was wrong with a move (`stage.town_workload`), the ledger's by an
independent auditor (`ledger.workload`). The world's books are compared with the auditor's after each beat, and each
season's events go through the audit's checks.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fivepenny.ledger.workload import run_workload
from fivepenny.scenario import shipped_scenarios
from fivepenny.stage.town_workload import TownReport, run_town_workload

BATCHES_SHARE = 20  # one batch to the ledger alone for so many moves in the world


def bench_books(
    moves: int,
    seeds: int = 1,
    scenarios: Sequence[str] = (),
    tell: Callable[[int, int], None] = lambda done, all_: None,
) -> dict[str, Any]:
    """Send `moves` random moves for each of the seeds 1 to `seeds` to seasons of scenarios [default: all shipped].

    `tables` are of seeds, kinds of moves, refusals by name, and the ledger alone, whose seconds include the auditor's
    work. `breaches` counts all of them, `first breaches` tells some. Raises CheckFailed at the first disagreement of
    the ledger and its auditor, ScenarioError or ChronicleError where a scenario cannot be played.
    """
    scenarios = tuple(scenarios) or shipped_scenarios()
    reports: list[TownReport] = []
    worlds: list[dict[str, Any]] = []
    ledgers: list[dict[str, Any]] = []
    for seed in range(1, seeds + 1):
        started = time.perf_counter()
        report = run_town_workload(seed, moves, scenarios, tell=partial(_tell_all, tell, seed, seeds))
        worlds.append(_world_row(seed, report, time.perf_counter() - started))
        ledgers.append(_ledger_row(seed, max(1, moves // BATCHES_SHARE)))
        reports.append(report)
    return {
        "bench": "books",
        "moves": moves,
        "seeds": seeds,
        "scenarios": ", ".join(scenarios),
        "tables": {
            "the world": worlds,
            "moves by kind": _kinds(reports),
            "refusals by name": _refusals(reports),
            "the ledger alone": ledgers,
        },
        "breaches": sum(report.breach_count for report in reports),
        "first breaches": [breach for report in reports for breach in report.breaches],
    }


def _tell_all(tell: Callable[[int, int], None], seed: int, seeds: int, done: int, moves: int) -> None:
    tell((seed - 1) * moves + done, seeds * moves)


def _world_row(seed: int, report: TownReport, seconds: float) -> dict[str, Any]:
    return {
        "seed": seed,
        "moves": report.moves,
        "let in": report.let_in.total(),
        **{f"of {name} seats": counts.total() for name, counts in report.by_standing.items()},
        "refused by name": report.refusals.total(),
        "seasons": report.seasons.total(),
        "days": report.days,
        "insolvencies": report.insolvencies,
        "events": report.events,
        "transfers": report.transfers,
        "breaches": report.breach_count,
        "seconds": round(seconds, 1),
        "moves a second": round(report.moves / seconds),
        "digest": report.digest,
    }


def _kinds(reports: Sequence[TownReport]) -> list[dict[str, Any]]:
    sent, let_in = (sum((getattr(report, name) for report in reports), Counter[str]()) for name in ("sent", "let_in"))
    standings = {name for report in reports for name in report.by_standing}
    return [
        {
            "move": kind,
            "sent": count,
            "let in": let_in[kind],
            **{
                f"of {name} seats": sum(report.by_standing.get(name, {}).get(kind, 0) for report in reports)
                for name in sorted(standings)
            },
        }
        for kind, count in sorted(sent.items(), key=lambda item: (-item[1], item[0]))
    ]


def _refusals(reports: Sequence[TownReport]) -> list[dict[str, Any]]:
    found = sum((report.refusals for report in reports), Counter[str]())
    return [
        {"refused as": cause, "times": count}
        for cause, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]


def _ledger_row(seed: int, batches: int) -> dict[str, Any]:
    started = time.perf_counter()
    report = run_workload(seed, batches)
    seconds = time.perf_counter() - started
    return {
        "seed": seed,
        "batches": report.moves,
        "posted": report.batches_posted,
        "refused": sum(report.refusals.values()),
        "causes of refusal": sum(count > 0 for count in report.refusals.values()),
        "transfers": report.transfers_posted,
        "disagreements": 0,
        "seconds": round(seconds, 3),
        "batches a second": round(report.moves / seconds),
        "digest": report.digest,
    }
