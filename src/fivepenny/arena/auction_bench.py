"""`bench auction`: what share of the possible gains from trade players of zero intelligence reach in the auction."""

from typing import Any

from fivepenny.market.efficiency import zero_intelligence_efficiency

TRADERS_A_SIDE = (5, 20)
CALLS = (1, 2, 4, 8)
SEED = 1


def bench_auction(seeds: int) -> dict[str, Any]:
    """Mean efficiency with its 95% interval over `seeds` random markets, by traders a side and auctions in a row.

    All markets of a row are drawn from one seed. Raises WrongUse for fewer than two.
    """
    reports = [
        zero_intelligence_efficiency(SEED, seeds, traders, calls) for traders in TRADERS_A_SIDE for calls in CALLS
    ]
    return {
        "bench": "auction",
        "seeds": seeds,
        "interval": "mean ± 1.96 · s / √n over markets",
        "table": [
            {
                "traders a side": report.traders_a_side,
                "auctions in a row": report.calls,
                "efficiency": round(report.mean, 4),
                "low": round(report.low, 4),
                "high": round(report.high, 4),
                "markets": report.rounds,
            }
            for report in reports
        ],
    }
