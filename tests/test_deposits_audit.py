"""The audit of deposits: it passes what was played, and finds what was forged at a bank."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from banks import eventful
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.deposits import Credited, Deposited, DepositRefused, Kept, Queued, Rescued, Withdrew
from fivepenny.events import EVERYONE, NOTHING_SEALED, Body
from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.scenario import Scenario
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import open_house
from quiet_tables import quiet_table
from seasons import Events, forged
from test_insolvency_audit import changed, dropped, numbered

CHRONICLE = quiet_table("knickerbocker")[1]


def play(path: Path, seed: int, days: int, scenario: Scenario, company: str = "understudies") -> Path:
    header = Header(seed, days, scenario, CHRONICLE, company_references(company, scenario))
    with SeasonFile.create(path, header) as file, open_house(file) as (season, _):
        for _ in season.beats():
            pass
    return path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season in which everything that there is happens at the bank."""
    return play(tmp_path_factory.mktemp("bank") / "season.db", 2, 16, eventful())


def test_a_season_with_a_bank_passes_its_audit(played: Path) -> None:
    assert audit_season(played).breaches == ()
    with SeasonFile.open(played) as file:
        events = list(file.events())
    assert {Kept, Deposited, Withdrew, Queued, Credited, Rescued} <= {type(event.body) for event in events}
    assert {event.beat for event in events if isinstance(event.body, Withdrew)} == {Beat.DAWN, Beat.ADDRESS}


@pytest.mark.parametrize(("seed", "company"), [(5, "null"), (6, "null"), (7, "understudies"), (11, "understudies")])
def test_shipped_seasons_pass_their_audit(tmp_path: Path, seed: int, company: str) -> None:
    scenario = quiet_table("knickerbocker")[0]
    assert audit_season(play(tmp_path / "season.db", seed, 16, scenario, company)).breaches == ()


def by_seat(body: Any) -> bool:
    return bool(body.holder != "outside")


def asked(body: Any) -> bool:
    return bool(body.holder in ("quill", "brock"))


def added(body: Callable[[Events, int], Body], beat: Beat, audience: tuple[str, ...] = EVERYONE) -> Any:
    """A season with one event more, at the end of a beat of its fourth day."""

    def forge(events: Events) -> Events:
        place = max(n for n, event in enumerate(events) if event.day == 4 and event.beat is beat) + 1
        new = replace(events[place - 1], body=body(events, place), audience=audience, sealed=NOTHING_SEALED)
        return numbered([*events[:place], new, *events[place:]])

    return forge


def laid_without_money(events: Events) -> Events:
    """A deposit that says more than was paid in."""
    place = next(n for n, event in enumerate(events) if isinstance(event.body, Deposited) and by_seat(event.body))
    body: Any = events[place].body
    events[place] = replace(events[place], body=replace(body, pence=body.pence + 120))
    return events


FORGERIES: dict[str, tuple[str, Any]] = {
    "a longer queue": ("should have brought", dropped(Queued)),
    "another queue": ("does not bring this", changed(Queued, lambda body: replace(body, people=body.people + 1))),
    "people who ask for less": ("does not bring this", changed(Queued, lambda body: replace(body, pence=1))),
    "a queue in front of nothing": (
        "does not bring this", added(lambda *_: Queued(1_000_099, 1_000_001, "marrow", 3, 90), Beat.DAWN),
    ),
    "interest that was not due": (
        "does not bring this", added(lambda *_: Credited(1_000_001, "outside", "marrow", 3), Beat.DAWN, ("marrow",)),
    ),
    "interest by the wrong rule": ("does not bring this", changed(Credited, lambda b: replace(b, pence=b.pence + 1))),
    "interest kept back": ("should have brought", dropped(Credited)),
    "another opening": ("has to open the season with", changed(Kept, lambda body: replace(body, pence=9))),
    "more asked for than lies there": (
        "has no", changed(Withdrew, lambda body: replace(body, pence=body.pence + 9_000), asked),
    ),
    "another's slip": ("nothing came of", changed(Withdrew, lambda body: replace(body, of_slip=1_000_002), asked)),
    "a slip that does not fall due": (
        "not the one that falls due", changed(Withdrew, lambda body: replace(body, slip=1_000_777), asked),
    ),
    "a failed holder spared": (
        "should have brought", dropped(Withdrew, lambda body: body.holder == "tansy"),
    ),
    "a deposit that was not paid in": ("did not move what it says", laid_without_money),
    "a deposit with one who takes none": (
        "can lay no", changed(Deposited, lambda body: replace(body, banker="brock"), by_seat),
    ),
    "a deposit on another's slip": (
        "is not", changed(Deposited, lambda body: replace(body, slip=1_000_001), by_seat),
    ),
    "a deposit nobody chose": (
        "nobody chose",
        added(lambda *_: Deposited(1_000_099, "vesper", "marrow", 0), Beat.ADDRESS, ("marrow", "vesper")),
    ),
    "a refusal of one who has the money": (
        "has the", added(lambda *_: DepositRefused("vesper", "marrow", 1), Beat.ADDRESS, ("marrow", "vesper")),
    ),
    "a rescue that nobody sent": (
        "no step of a legend rescues", added(lambda *_: Rescued("marrow", 3600), Beat.DAWN),
    ),
    "a rescue hushed up": ("should have brought", dropped(Rescued)),
    "a smaller rescue": ("should have brought", changed(Rescued, lambda body: replace(body, pence=1))),
    "a withdrawal in private": (
        "told to", lambda events: [
            replace(event, audience=("marrow", "quill")) if isinstance(event.body, Withdrew) else event
            for event in events
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_at_the_bank_is_found(played: Path, tmp_path: Path, name: str) -> None:
    words, forge = FORGERIES[name]
    breaches = audit_season(forged(played, tmp_path / "forged.db", events=forge)).breaches
    assert any(words in breach for breach in breaches), breaches


def test_a_bank_where_there_is_none_is_found(tmp_path: Path) -> None:
    plain = quiet_table("south-sea")[0]
    path = play(tmp_path / "season.db", 1, 4, plain)
    laid = added(lambda *_: Deposited(1_000_001, "vesper", "marrow", 0), Beat.ADDRESS, ("marrow", "vesper"))
    breaches = audit_season(forged(path, tmp_path / "forged.db", events=laid)).breaches
    assert any("can lay no" in breach for breach in breaches), breaches


def test_a_night_that_leaves_a_depositor_unpaid_is_found(played: Path, tmp_path: Path) -> None:
    forge = dropped(hap.Repaid, lambda body: body.loan > 1_000_000 and body.lender == "outside")
    breaches = audit_season(forged(played, tmp_path / "forged.db", events=forge)).breaches
    assert any("should have paid" in breach for breach in breaches), breaches
