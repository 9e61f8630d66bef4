"""What a season cost and came to: the object that `--json` prints, summed from the season file's tape.

Asks nobody and opens no engine: a mind's card is read from its file, where the file is there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fivepenny.aims import PATRON
from fivepenny.company.budget import SPENT
from fivepenny.company.cascade import joint_card, read_cascade
from fivepenny.company.cast import NULL
from fivepenny.company.decisions import REFUSED
from fivepenny.company.human import HUMAN, PERSON
from fivepenny.company.tape import FIRST, LARGER, LINE, MOVES, UNDERSTUDY
from fivepenny.errors import FivepennyError, SeasonFileError
from fivepenny.header import Header
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.minds.catalogue import list_minds
from fivepenny.minds.gguf import read_head
from fivepenny.minds.llama import card_of
from fivepenny.minds.meter import NANODOLLARS, Usage
from fivepenny.minds.mind import MindCard, Wording
from fivepenny.outcomes import outcome_of


def usage_of(row: TapeRow) -> Usage:
    """What one taped reply cost; nothing where the understudy stood in or the budget kept the mind from being asked."""
    if row.step == UNDERSTUDY or row.reason == SPENT:
        return Usage()
    return Usage(
        calls=1,
        failures=1 if row.failure else 0,
        prompt_tokens=row.prompt_tokens,
        prompt_tokens_max=row.prompt_tokens,
        cached_tokens=row.cached_tokens,
        completion_tokens=row.completion_tokens,
        seconds=row.seconds,
        first_seconds=row.first_seconds or 0.0,
        first_known=0 if row.first_seconds is None else 1,
        cost_nanodollars=row.cost_nanodollars or 0,
        unpriced=1 if row.cost_nanodollars is None else 0,
    )


def usage_by(rows: Iterable[TapeRow], of: Callable[[TapeRow], str]) -> dict[str, Usage]:
    """What the asks cost, summed by what `of` tells of a row. Every ask is a call, whoever sits there."""
    found: dict[str, Usage] = {}
    for row in rows:
        if row.step != UNDERSTUDY:
            found[of(row)] = found.get(of(row), Usage()) + usage_of(row)
    return found


@dataclass(frozen=True, slots=True)
class CascadeCount:
    """What a cascade came to: turns of its seat, and how many of them were passed on to the larger mind."""

    seat: str
    small: str
    larger: str
    turns: int
    passed_on: int
    small_usage: Usage
    larger_usage: Usage

    @property
    def spared(self) -> int:
        """Turns that the larger mind was not asked for."""
        return self.turns - self.passed_on

    def saved(self, of: Callable[[Usage], float]) -> float | None:
        """How much more the larger mind alone would have cost, at its mean over the turns that it was asked for.

        Below nothing it was a loss; None where the larger mind was never asked, so that nobody knows.
        """
        if not self.larger_usage.calls:
            return None
        return of(self.larger_usage) / self.larger_usage.calls * self.spared - of(self.small_usage)


def cascade_counts(header: Header, rows: Iterable[TapeRow]) -> tuple[CascadeCount, ...]:
    """What each seat's cascade came to, in the order of the seats; lines are left out, moves alone are passed on."""
    part = header.last_part
    moves = [row for row in rows if row.step == MOVES and row.day >= part.first_day]
    found = []
    for seat in header.scenario.seat_names:
        cascade = read_cascade(part.minds[seat])
        if cascade is None:
            continue
        first = [row for row in moves if row.seat == seat and row.attempt == FIRST]
        second = [row for row in moves if row.seat == seat and row.attempt == LARGER and row.reason != SPENT]
        uses = [sum(map(usage_of, part), Usage()) for part in (first, second)]
        found.append(CascadeCount(seat, cascade.small, cascade.larger, len(first), len(second), *uses))
    return tuple(found)


def refusals_by_cause(rows: Iterable[TapeRow]) -> dict[str, int]:
    """Replies of the seats' own players that were refused, by cause; 'line: ...' where the line was, not the moves."""
    refused = (row for row in rows if row.verdict == REFUSED and row.step != UNDERSTUDY)
    causes = Counter(f"line: {row.reason}" if row.step == LINE else row.reason for row in refused)
    return dict(sorted(causes.items()))


def card_on_file(reference: str) -> MindCard:
    """Who a reference names, as far as this machine can tell without opening it.

    A mind whose file is missing or broken is of an unknown family with 0 parameters.
    """
    cascade = read_cascade(reference)
    if cascade is not None:
        return joint_card(card_on_file(cascade.small), card_on_file(cascade.larger))
    kind, _, name = reference.partition(":")
    if reference == HUMAN:
        return PERSON
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
    """The card of each seat's mind in the end, as `card_on_file` knows it."""
    minds = header.last_part.minds
    cards = {reference: card_on_file(reference) for reference in sorted(set(minds.values()))}
    return {seat: cards[minds[seat]] for seat in header.scenario.seat_names}


def _counts(rows: Sequence[TapeRow]) -> dict[str, int]:
    total = sum(map(usage_of, rows), Usage())
    return {
        "calls": total.calls,
        "prompt_tokens": total.prompt_tokens,
        "prompt_tokens_max": total.prompt_tokens_max,
        "cached_tokens": total.cached_tokens,
        "completion_tokens": total.completion_tokens,
        "decisions": sum(row.step == MOVES and row.attempt == FIRST for row in rows),
        "understudy_turns": sum(row.step == UNDERSTUDY for row in rows),
    }


def meter_of(usage: Usage) -> dict[str, Any]:
    """The meter of a mind or a seat, by name. What nobody knows is None: a price, the time to the first token."""
    return {
        "calls": usage.calls,
        "failures": usage.failures,
        "prompt_tokens": usage.prompt_tokens,
        "cached_tokens": usage.cached_tokens,
        "completion_tokens": usage.completion_tokens,
        "first_token_seconds": round(usage.first_seconds / usage.first_known, 4) if usage.first_known else None,
        "seconds": round(usage.seconds, 3),
        "dollars": None if usage.unpriced else usage.cost_nanodollars / NANODOLLARS,
    }


METER = ("mind", "calls", "failed", "prompt tokens", "cached", "reply tokens", "first token s", "seconds", "dollars")
"""The columns of the meter, as readers see it."""


def meter_table(report: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The meter of a season's report, a row for each mind that was sent anything, under the columns of `METER`."""
    return [
        (
            mind,
            meter["calls"],
            meter["failures"],
            meter["prompt_tokens"],
            meter["cached_tokens"],
            meter["completion_tokens"],
            "not known" if meter["first_token_seconds"] is None else meter["first_token_seconds"],
            meter["seconds"],
            "not known" if meter["dollars"] is None else f"{meter['dollars']:.4f}",
        )
        for mind, meter in report["minds"].items()
        if meter["prompt_tokens"]
    ]


def _more_or_less(figure: float, form: str, unit: str) -> str:
    """'1,200 tokens more', '0.2 seconds less'."""
    return f"{abs(figure):{form}} {unit} {'more' if figure >= 0 else 'less'}"


def spared_lines(report: Mapping[str, Any]) -> list[str]:
    """A sentence for each cascade of a season's report, and one for a budget that refused calls."""
    lines = []
    for seat, count in report["cascades"].items():
        line = f"{seat}: {count['larger']} was asked in {count['passed_on']} of {count['turns']} turns"
        if count["tokens_saved"] is not None:
            figures = [_more_or_less(count["tokens_saved"], ",", "tokens")]
            figures.append(_more_or_less(count["seconds_saved"], ",.1f", "seconds"))
            if count["dollars_saved"]:
                figures.append(_more_or_less(count["dollars_saved"], ".4f", "dollars"))
            line += f"; alone it would have taken {', '.join(figures)}"
        lines.append(line)
    if refused := report["budget"]["refused"]:
        lines.append(f"budget: spent before the end; {refused} asks went to a smaller mind or the understudy")
    return lines


def _saved_by(count: CascadeCount) -> dict[str, Any]:
    tokens = count.saved(lambda usage: usage.prompt_tokens + usage.completion_tokens)
    seconds = count.saved(lambda usage: usage.seconds)
    nanodollars = None if count.larger_usage.unpriced else count.saved(lambda usage: usage.cost_nanodollars)
    return {
        "small": count.small,
        "larger": count.larger,
        "turns": count.turns,
        "passed_on": count.passed_on,
        "larger_calls_spared": count.spared,
        "tokens_saved": None if tokens is None else round(tokens),
        "seconds_saved": None if seconds is None else round(seconds, 3),
        "dollars_saved": None if nanodollars is None else nanodollars / NANODOLLARS,
    }


def _came_to(file: SeasonFile) -> dict[str, Any]:
    """What came of the Patron's goal (None without a Patron) and of each seat's want, by name.

    Nobody knows where an event cannot be read, which is for an audit to say: both are None then.
    """
    try:
        outcome = outcome_of(file.header.scenario, file.events())
    except SeasonFileError:
        return {"patron": None, "wants": None}
    rows = {row.seat: {"aim": row.aim, "end": row.end, "day": row.day} for row in outcome.rows}
    patron = rows.pop(PATRON, None)
    return {"patron": {**patron, "score": outcome.score} if patron else None, "wants": rows}


def aim_lines(report: Mapping[str, Any]) -> list[str]:
    """A sentence for the Patron's goal in a season's report, and one for each want."""
    lines = []
    for seat, row in {**({PATRON: report["patron"]} if report["patron"] else {}), **report["wants"]}.items():
        day = f" on day {row['day']}" if row["day"] else ""
        score = f"; score {row['score']}" if row.get("score") is not None else ""
        lines.append(f"{seat} wanted {row['aim']}: {row['end']}{day}{score}")
    return lines


def season_report(
    file: SeasonFile, cards: Mapping[str, MindCard], seconds: float, files: Mapping[str, Path]
) -> dict[str, Any]:
    """The object that `--json` prints. `seconds` is the wall time of the verb, `files` what it leaves or read.

    `seats` gives for each seat its mind's reference, family and parameters, and its own share of the counts; `minds`
    the meter of each mind that was asked, whoever it sat for; `cascades` what each cascade spared; `patron` and `wants`
    what came of what seats were after.
    """
    rows = file.tape()
    seats_usage, counts = usage_by(rows, lambda row: row.seat), _counts(rows)
    seats = {
        seat: {
            "mind": file.header.last_part.minds[seat],
            "family": cards[seat].family,
            "parameters": cards[seat].parameters,
            **meter_of(seats_usage.get(seat, Usage())),
        }
        for seat in file.header.scenario.seat_names
    }
    return {
        "seed": file.header.last_part.seed,
        "days": file.last_day if file.finished else file.header.days,
        "digest": file.digest,
        "seats": seats,
        **{name: counts[name] for name in ("calls", "prompt_tokens", "prompt_tokens_max", "completion_tokens")},
        "cached_tokens": counts["cached_tokens"],
        "seconds": round(seconds, 3),
        "decisions": counts["decisions"],
        "understudy_turns": counts["understudy_turns"],
        "refusals": refusals_by_cause(rows),
        "minds": {mind: meter_of(usage) for mind, usage in usage_by(rows, lambda row: row.mind).items()},
        "cascades": {count.seat: _saved_by(count) for count in cascade_counts(file.header, rows)},
        "budget": {**asdict(file.header.last_part.budget), "refused": sum(row.reason == SPENT for row in rows)},
        "branches": [{"first_day": part.first_day, "seed": part.seed} for part in file.header.branches],
        **_came_to(file),
        "files": {name: str(path) for name, path in files.items()},
    }
