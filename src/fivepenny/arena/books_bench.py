"""`bench books`: the book under a random workload, each answer foretold by the independent auditor."""

import time
from typing import Any

from fivepenny.ledger.workload import run_workload


def bench_books(moves: int, seeds: int = 1) -> dict[str, Any]:
    """Send `moves` random batches for each of the seeds 1 to `seeds`; a row a seed.

    Seconds include the auditor's work and its comparing of all balances after every batch. Raises CheckFailed at the
    first disagreement.
    """
    rows = []
    for seed in range(1, seeds + 1):
        started = time.perf_counter()
        report = run_workload(seed, moves)
        seconds = time.perf_counter() - started
        rows.append(
            {
                "seed": seed,
                "batches": report.moves,
                "posted": report.batches_posted,
                "refused": sum(report.refusals.values()),
                "causes of refusal": sum(count > 0 for count in report.refusals.values()),
                "transfers": report.transfers_posted,
                "disagreements": 0,
                "seconds": round(seconds, 3),
                "batches a second": round(moves / seconds),
                "digest": report.digest,
            }
        )
    return {"bench": "books", "moves": moves, "seeds": seeds, "table": rows}
