"""`bench replies`: how the work of the reply parser grows with the length of the worst replies that were found.

Each shape is one piece of text repeated. It measures time alone; what the parser makes of them is the tests' affair.
"""

import gc
import time
from typing import Any

from fivepenny.minds.reply import parse_reply

MENU = ("buy rye", "sell coal", "lend quill", "tip vesper rye up", "hold")
MOST_MOVES = 2
CHARACTERS_A_KILOBYTE = 1_000
SIZES_KILOBYTES = (1, 10, 100, 1000)
BASE_KILOBYTES = 10
SHORT_CHARACTERS = 10_000  # replies up to this length are read several times, and the quickest reading counts
SHORT_READINGS = 5
SHAPES: dict[str, tuple[str, str]] = {
    "prose": ("", "I hold that rye was dear. "),
    "one long line": ('{"moves": ["hold"], "say": "', "rye is dear, "),
    "answers in a row": ("", '{"moves": ["hold"], "say": "a"} '),
    "open brackets": ("", "["),
    "open lists of a key": ("moves: ", '["hold", "'),
    "keys that start over": ("", '\n{"reply": "'),
    "escaped objects": ("moves: ", 'say: x\n {"response": "{\\"moves\\"'),
    "bare keys": ("", '{moves: User:\n":'),
    "broken tokens": ("", '<|{"x": 1} '),
}
"""Start and repeated piece: three plain replies, then the slowest a character, or the fastest growing, of a search
over some 3,000 combinations of pieces."""


def bench_replies(seeds: int) -> dict[str, Any]:
    """Processor time a kilobyte (1,000 characters) of each shape, by size, as a ratio to its own at 10 kB.

    `seeds` readings of everything, one after the other in one run; the quickest of each counts. A parser whose work
    grows linearly shows ratios near 1; ratios above it at 1 kB are what every call costs, and a single step (the
    escaped objects, near 16 kB) is the parser leaving its strict reader for its patient one, up to its bound of work.
    """
    rows = []
    for name, (start, piece) in SHAPES.items():
        texts = {size: _text(start, piece, size * CHARACTERS_A_KILOBYTE) for size in SIZES_KILOBYTES}
        best = dict.fromkeys(texts, float("inf"))
        for _ in range(seeds):
            for size, text in texts.items():
                best[size] = min(best[size], _microseconds(text) / size)
        base = best[BASE_KILOBYTES]
        rows.append(
            {"shape": name, f"µs/kB at {BASE_KILOBYTES} kB": round(base)}
            | {f"{size} kB": round(spent / base, 2) for size, spent in best.items()}
        )
    return {"bench": "replies", "seeds": seeds, "table": rows}


def _text(start: str, piece: str, characters: int) -> str:
    return (start + piece * (characters // len(piece) + 1))[:characters]


def _microseconds(text: str) -> float:
    """Processor time of one reading, without what the collector of garbage takes."""
    readings = SHORT_READINGS if len(text) <= SHORT_CHARACTERS else 1
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(readings):
            started = time.process_time()
            parse_reply(text, MENU, MOST_MOVES)
            best = min(best, time.process_time() - started)
    finally:
        gc.enable()
    return best * 1e6
