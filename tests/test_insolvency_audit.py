"""The audit of failings: it passes what was played, and finds what was forged in clearing, estates and sales."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.events import EVERYONE, Body, Event
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.market.orders import PENCE
from fivepenny.stage.audit import audit_season
from fivepenny.stage.audit_estates import EstatesAudit
from fivepenny.stage.house import open_house
from insolvents import deep_in_debt
from seasons import forged
from towns import scenario

Events = list[Event]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season in which several fail, some in one night, and creditors lose."""
    play = deep_in_debt(4)
    path = tmp_path_factory.mktemp("failed") / "season.db"
    header = Header(4, 16, play, None, company_references("null", play))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


def test_a_season_of_failings_passes_its_audit(played: Path) -> None:
    assert audit_season(played).breaches == ()
    with SeasonFile.open(played) as file:
        kinds = {type(event.body) for event in file.events()}
    assert {fail.Failed, fail.ForcedSale, fail.EstatePaid, fail.ClaimLost, fail.Discharged} <= kinds


def test_a_season_of_failings_is_read_by_who_knows_nothing_but_the_file(played: Path) -> None:
    script = "import sys; from pathlib import Path; from fivepenny.journal import SeasonFile\n"
    script += "with SeasonFile.open(Path(sys.argv[1])) as file: print(len(list(file.events())))"
    done = subprocess.run([sys.executable, "-c", script, str(played)], capture_output=True, text=True, check=True)
    with SeasonFile.open(played) as file:
        assert int(done.stdout) == len(list(file.events()))


def changed(kind: type[Body], make: Callable[[Any], Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The first event of a kind that fits, with another body; its postings follow where money goes elsewhere."""

    def forge(events: Events) -> Events:
        place = next(n for n, event in enumerate(events) if isinstance(event.body, kind) and where(event.body))
        events[place] = replace(events[place], body=make(events[place].body))
        return events

    return forge


def dropped(kind: type[Body], where: Callable[[Any], bool] = lambda _: True) -> Any:
    """The season without the first event of a kind that fits, the numbers and postings in order again."""

    def forge(events: Events) -> Events:
        place = next(n for n, event in enumerate(events) if isinstance(event.body, kind) and where(event.body))
        return numbered([*events[:place], *events[place + 1 :]])

    return forge


def numbered(events: Events) -> Events:
    """Events and their postings numbered as they stand."""
    found, last = [], 0
    for number, event in enumerate(events, 1):
        rows = tuple((last + place, *row[1:]) for place, row in enumerate(event.sealed.postings, 1))
        last += len(rows)
        found.append(replace(event, number=number, sealed=replace(event.sealed, postings=rows)))
    return found


def last_share_kept(events: Events) -> Events:
    """The last payment of an estate never made, so that nobody spends it."""
    place = max(n for n, event in enumerate(events) if isinstance(event.body, fail.EstatePaid))
    return numbered([*events[:place], *events[place + 1 :]])


def to_another(events: Events) -> Events:
    """A share paid to the wrong creditor, in the event and in the books."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, fail.EstatePaid))
    event = events[place]
    assert isinstance(event.body, fail.EstatePaid)
    right, payer = event.body.lenders[0], event.body.seat
    wrong = next(name for name in ("quill", "brock", "tansy") if name not in (*event.body.lenders, payer))
    (first, *rest) = event.sealed.postings
    posting = (*first[:3], wrong, *first[4:])
    body = replace(event.body, lenders=(wrong, *event.body.lenders[1:]))
    assert first[3] == right
    events[place] = replace(event, body=body, sealed=replace(event.sealed, postings=(posting, *rest)))
    return events


def sold_of_the_solvent(events: Events) -> Events:
    """An order that a seat chose is said to be a forced sale."""
    place = next(
        n for n, event in enumerate(events)
        if isinstance(event.body, hap.Ordered) and event.body.side == "sell" and event.audience
    )  # fmt: skip
    body: Any = events[place].body
    sale = fail.ForcedSale(body.seat, body.good, body.quantity, body.limit_pence)
    events[place] = replace(events[place], audience=EVERYONE, body=sale)
    return events


def not_called_in(events: Events) -> Events:
    """A loan of one who failed is left standing until its own day."""
    due = {event.body.loan: event.body.due_day for event in events if isinstance(event.body, hap.Owes | hap.Lent)}
    place = next(
        n
        for n, event in enumerate(events)
        if isinstance(event.body, hap.Defaulted) and due[event.body.loan] > event.day
    )
    return numbered([*events[:place], *events[place + 1 :]])


FORGERIES: dict[str, tuple[str, Any]] = {
    "a share paid to the wrong creditor": ("nothing is due so", to_another),
    "a forced sale of a solvent seat": ("not to be sold so", sold_of_the_solvent),
    "a forced sale below its reserve": (
        "not to be sold so", changed(fail.ForcedSale, lambda b: replace(b, limit_pence=1), lambda b: b.limit_pence > 1),
    ),
    "goods kept back": ("should have been sold", dropped(fail.ForcedSale)),
    "a missing acceleration": ("should have paid", not_called_in),
    "a share kept back": ("should have paid", last_share_kept),
    "a failing hushed up": ("without a word", dropped(fail.Failed)),
    "another's fault": ("has not failed so", changed(fail.Failed, lambda b: replace(b, round=2, pulled_by="brock"))),
    "more lost than was owed": ("no such claim", changed(fail.ClaimLost, lambda b: replace(b, lost_pence=9))),
    "honour that was not earned": (
        "paid in full", changed(fail.Discharged, lambda b: replace(b, in_full=True), lambda b: not b.in_full),
    ),
    "an estate left open": ("should have been closed", dropped(fail.Discharged)),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_failing_is_found(played: Path, tmp_path: Path, name: str) -> None:
    words, forge = FORGERIES[name]
    breaches = audit_season(forged(played, tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches


def test_an_evening_is_reckoned_after_its_oaths() -> None:
    """Money that comes free between an oath and the clearing is there to pay with."""
    purses = {"birch": 0}
    audit = EstatesAudit(scenario(), {1: hap.Owes(1, "amber", "birch", 100, 1)}, {}, lambda seat: False)

    def breaches(body: Body) -> list[str]:
        event = Event(1, 1, Beat.DUSK, EVERYONE, body)
        return list(audit.take(event, lambda seat, asset=PENCE: purses.get(seat, 0) * (asset == PENCE), {}))

    assert breaches(hap.Decided("clay", ("testify amber",))) == []
    purses["birch"] = 40
    assert breaches(hap.Defaulted(1, "amber", "birch", 40, 60)) == []
    assert breaches(hap.Defaulted(1, "amber", "birch", 40, 60)) != []
