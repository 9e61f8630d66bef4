"""What a season cost and came to: the object that `--json` prints, summed from the season file's tape.

Asks nobody and opens no engine: a mind's card is read from its file, where the file is there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fivepenny.company.cast import NULL
from fivepenny.company.decisions import REFUSED
from fivepenny.company.tape import LINE, MOVES, UNDERSTUDY
from fivepenny.errors import FivepennyError
from fivepenny.journal import Header, SeasonFile, TapeRow
from fivepenny.minds.catalogue import list_minds
from fivepenny.minds.gguf import read_head
from fivepenny.minds.llama import card_of
from fivepenny.minds.meter import Usage
from fivepenny.minds.mind import MindCard, Wording


def usage_of(row: TapeRow) -> Usage:
    """What one taped reply cost; nothing, where the understudy stood in."""
    if row.step == UNDERSTUDY:
        return Usage()
    return Usage(
        calls=1,
        failures=1 if row.failure else 0,
        prompt_tokens=row.prompt_tokens,
        prompt_tokens_max=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        seconds=row.seconds,
    )


def usage_by_seat(rows: Iterable[TapeRow]) -> dict[str, Usage]:
    """What each seat's player cost. Every ask of moves or of a line is a call, whoever sits there."""
    found: dict[str, Usage] = {}
    for row in rows:
        found[row.seat] = found.get(row.seat, Usage()) + usage_of(row)
    return found


def refusals_by_cause(rows: Iterable[TapeRow]) -> dict[str, int]:
    """Replies of the seats' own players that were refused, by cause; 'line: ...' where the line was, not the moves."""
    refused = (row for row in rows if row.verdict == REFUSED and row.step != UNDERSTUDY)
    causes = Counter(f"line: {row.reason}" if row.step == LINE else row.reason for row in refused)
    return dict(sorted(causes.items()))


def card_on_file(reference: str) -> MindCard:
    """Who a reference names, as far as this machine can tell without opening it.

    A mind whose file is missing or broken is of an unknown family with 0 parameters.
    """
    kind, _, name = reference.partition(":")
    if kind in (UNDERSTUDY, NULL):
        return MindCard(name or kind, "fivepenny", "rules", 0, Wording.CUE)
    for row in list_minds():
        if row.reference == reference and row.family:
            return MindCard(row.name, row.lab, row.family, row.parameters, row.wording)
    if kind == "gguf":
        try:
            return card_of(read_head(Path(name)), Wording.PROSE)
        except FivepennyError:
            pass
    return MindCard(name, "unknown", "unknown", 0, Wording.CUE)


def cards_on_file(header: Header) -> dict[str, MindCard]:
    """The card of each seat's mind, as `card_on_file` knows it."""
    cards = {reference: card_on_file(reference) for reference in sorted(set(header.minds.values()))}
    return {seat: cards[header.minds[seat]] for seat in header.scenario.seat_names}


def season_counts(file: SeasonFile) -> dict[str, int]:
    """The counts of a season: calls, tokens, decisions, understudy turns."""
    return _counts(file.tape())


def _counts(rows: Sequence[TapeRow]) -> dict[str, int]:
    total = sum(usage_by_seat(rows).values(), Usage())
    return {
        "calls": total.calls,
        "prompt_tokens": total.prompt_tokens,
        "prompt_tokens_max": total.prompt_tokens_max,
        "completion_tokens": total.completion_tokens,
        "decisions": sum(row.step == MOVES for row in rows),
        "understudy_turns": sum(row.step == UNDERSTUDY for row in rows),
    }


def season_report(
    file: SeasonFile, cards: Mapping[str, MindCard], seconds: float, files: Mapping[str, Path]
) -> dict[str, Any]:
    """The object that `--json` prints. `seconds` is the wall time of the verb, `files` what it leaves or read.

    `seats` gives for each seat its mind's reference, family and parameters, and its own share of the counts.
    """
    rows = file.tape()
    usage, counts = usage_by_seat(rows), _counts(rows)
    seats = {
        seat: {
            "mind": file.header.minds[seat],
            "family": cards[seat].family,
            "parameters": cards[seat].parameters,
            "calls": used.calls,
            "failures": used.failures,
            "prompt_tokens": used.prompt_tokens,
            "completion_tokens": used.completion_tokens,
            "seconds": round(used.seconds, 3),
        }
        for seat in file.header.scenario.seat_names
        for used in (usage.get(seat, Usage()),)
    }
    return {
        "seed": file.header.seed,
        "days": file.header.days,
        "digest": file.digest,
        "seats": seats,
        **{name: counts[name] for name in ("calls", "prompt_tokens", "prompt_tokens_max", "completion_tokens")},
        "seconds": round(seconds, 3),
        "decisions": counts["decisions"],
        "understudy_turns": counts["understudy_turns"],
        "refusals": refusals_by_cause(rows),
        "files": {name: str(path) for name, path in files.items()},
    }
