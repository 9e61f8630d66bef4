"""The audit of a season: everything that its file states, worked out again from the stored events.

Reads and orders the file, and hands it to the checks: the hash chain, the books, the claims, who may know what, and
the table (what each seat was shown, answered and did). It asks no mind and plays no market, and it knows nothing that
does not stand in the file. What it cannot see: whole last days taken out of a season that is not marked as finished,
and orders of the outside world that came to nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby, islice
from pathlib import Path

from fivepenny import happenings as hap
from fivepenny.aims import SeasonJudged
from fivepenny.clock import BEATS, Beat, weekday
from fivepenny.errors import BrokenInvariant, ChronicleError, ScenarioError, SeasonFileError
from fivepenny.events import Event, read_event
from fivepenny.header import Header
from fivepenny.journal import EventRow, SeasonFile, event_row
from fivepenny.refusals import MoveRefused
from fivepenny.stage.audit_aims import check_aims
from fivepenny.stage.audit_audiences import check_audiences
from fivepenny.stage.audit_books import check_books
from fivepenny.stage.audit_claims import check_claims
from fivepenny.stage.audit_table import check_table

MOST_BREACHES = 20
"""Of each check: one wrong figure can put everything after it in the wrong."""

_EVENT_TYPES = (int, int, str, str, str, str, str, str)
_TAPE_TYPES: tuple[type | tuple[type, ...], ...] = (
    *(int, str, str, str, int, str, str, str, str, str, str, str, str),
    *((str, type(None)),) * 3,
    *(int, int, (float, int), int),
    *((float, int, type(None)),) * 2,
    (int, type(None)),
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found: each breach in one line, and how many things of each sort were checked."""

    breaches: tuple[str, ...]
    checked: Mapping[str, int]


Check = Callable[[Header, Sequence[Event], Counter[str]], Iterator[str]]


def audit_season(path: Path) -> Findings:
    """Audit the season file at this path; a season that broke off is audited as far as it goes.

    Raises SeasonFileError where the file is none, cannot be read as one, or its header makes no sense. Damage to
    what it holds is a breach.
    """
    try:
        with SeasonFile.open(path) as file:
            return _audit(file)
    except (ScenarioError, ChronicleError) as error:
        raise SeasonFileError(f"{path}: its header is damaged: {error}") from None


def _audit(file: SeasonFile) -> Findings:
    checked: Counter[str] = Counter()
    misshapen = _misshapen(file)
    if misshapen:
        return Findings((misshapen,), checked)
    broken = file.check_chain()
    events, unreadable = _read(file.rows(), checked)
    found = unreadable or _disorder(events, file) or _deep_breaches(file, events, checked)
    return Findings((*([broken] if broken else []), *found), dict(checked))


def _misshapen(file: SeasonFile) -> str | None:
    """The first row whose columns are not even of the right types; nothing else can be checked then."""
    for row, stored in file.rows():
        if not all(isinstance(cell, kind) for cell, kind in zip((*row, stored), _EVENT_TYPES, strict=True)):
            return f"event {row[0]}: a column is of the wrong type"
    for reply in file.tape():
        if not all(isinstance(cell, kind) for cell, kind in zip(astuple(reply), _TAPE_TYPES, strict=True)):
            return f"reply {reply.key}: a column is of the wrong type"
    return None


def _read(rows: Iterator[tuple[EventRow, str]], checked: Counter[str]) -> tuple[list[Event], list[str]]:
    """The events, and the first that cannot be read or is not written as this program writes it."""
    events: list[Event] = []
    for row, _ in rows:
        try:
            event = read_event(*row)
        except SeasonFileError as error:
            return events, [str(error)]
        if event_row(event) != row:
            return events, [f"event {row[0]}: it is not in the canonical form"]
        events.append(event)
        checked["events"] += 1
    return events, []


def _disorder(events: Sequence[Event], file: SeasonFile) -> list[str]:
    """Whether days and beats stand in order and every day is whole."""
    days = [day for day, _ in groupby(event.day for event in events)]
    if days != list(range(1, len(days) + 1)):
        return ["the days of the events do not run on from 1"]
    over = any(isinstance(event.body, SeasonJudged) for event in events)
    if len(days) > file.header.days or (file.finished and len(days) < file.header.days and not over):
        return [f"the events reach day {len(days)}, the season is of {file.header.days} days"]
    for day, group in groupby(events, key=lambda event: event.day):
        todays = list(group)
        places = [BEATS.index(event.beat) for event in todays]
        if places != sorted(places):
            return [f"day {day}: the beats of the events are out of order"]
        opened = [event.number for event in todays if isinstance(event.body, hap.DayOpened)]
        closed = [event for event in todays if isinstance(event.body, hap.DayClosed)]
        if opened != [todays[0].number] or todays[0].body != hap.DayOpened(weekday(day)):
            return [f"day {day}: it does not begin with its opening, or opens twice"]
        dusk = [event for event in todays if event.beat is Beat.DUSK and not isinstance(event.body, MoveRefused)]
        if len(closed) != 1 or dusk[-1:] != closed:
            return [f"day {day}: its books are not closed once, at the end of dusk"]
    return []


def _deep_breaches(file: SeasonFile, events: Sequence[Event], checked: Counter[str]) -> list[str]:
    tape = file.tape()

    def table(header: Header, events: Sequence[Event], counts: Counter[str]) -> Iterator[str]:
        return check_table(header, events, tape, counts)

    checks: dict[str, Check] = {
        "audiences": check_audiences, "books": check_books, "claims": check_claims, "aims": check_aims,
        "table": table,
    }  # fmt: skip
    found: list[str] = []
    for name, check in checks.items():
        found += islice(_guarded(name, check(file.header, events, checked)), MOST_BREACHES)
    return found


def _guarded(name: str, breaches: Iterator[str]) -> Iterator[str]:
    """The breaches of a check. Events that name what is not there stop a check; that is a breach too."""
    try:
        yield from breaches
    except (LookupError, ValueError, ArithmeticError, RuntimeError, BrokenInvariant) as error:
        fault = f"{type(error).__name__}: {error}".splitlines()[0]
        yield f"{name}: the events cannot be followed to their end ({fault})"
