"""Seasons with a cascade and with a budget, by the command line: resumed, replayed and audited like any other."""

import signal
from pathlib import Path

import pytest

from command_line import digest_of_file, fivepenny_run, one_object, signalled_run
from fivepenny.company.budget import SPENT
from fivepenny.journal import SeasonFile, TapeRow

CASCADE = "cascade:[house:quill,house:marrow]@0.9999"
PLAY = ["play", "--company", "understudies", "--days", "8", "--seat", f"quill={CASCADE}", "--out", "season"]


def rows_of(folder: Path) -> list[TapeRow]:
    with SeasonFile.open(folder / "season" / "season.db") as file:
        return [row for row in file.tape() if row.seat == "quill"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a season with a cascade stands as `season/`."""
    folder = tmp_path_factory.mktemp("cascade")
    report = one_object(fivepenny_run(*PLAY, "--json", cwd=folder))
    count = report["cascades"]["quill"]
    rows = rows_of(folder)
    asked = [row for row in rows if row.step == "moves" and row.attempt == 2]
    assert count["turns"] == sum(row.step == "moves" and row.attempt == 1 for row in rows)
    assert 0 < count["passed_on"] == len(asked) < count["turns"]
    assert count["larger_calls_spared"] == count["turns"] - len(asked)
    assert {row.mind for row in asked} == {"house:marrow"}
    assert report["minds"]["house:marrow"]["calls"] >= len(asked)
    assert report["minds"]["house:quill"]["dollars"] == 0.0
    assert report["minds"]["house:quill"]["first_token_seconds"] > 0
    assert report["seats"]["quill"]["mind"] == CASCADE
    return folder


def test_the_larger_mind_was_asked_exactly_where_the_small_one_was_unsure(home: Path) -> None:
    rows = [row for row in rows_of(home) if row.step == "moves"]
    larger = {(row.day, row.beat) for row in rows if row.attempt == 2}
    unsure = {(row.day, row.beat) for row in rows if row.attempt == 1 and (row.sureness or 0.0) < 0.9999}
    assert larger == unsure


def test_it_replays_and_its_audit_finds_nothing(home: Path) -> None:
    for verb in ("replay", "audit"):
        run = fivepenny_run(verb, "season/season.db", cwd=home)
        assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("at", [40, 55, 70])
def test_killed_and_resumed_it_comes_to_the_same_end(home: Path, tmp_path: Path, at: int) -> None:
    killed = signalled_run(at, signal.SIGKILL, [*PLAY, "--quiet"], tmp_path)
    assert killed.returncode == -signal.SIGKILL
    one_object(fivepenny_run("resume", "season/season.db", "--json", cwd=tmp_path))
    assert digest_of_file(tmp_path / "season" / "season.db") == digest_of_file(home / "season" / "season.db")


def test_the_playbill_says_what_the_cascade_spared(home: Path) -> None:
    page = (home / "season" / "playbill.html").read_text("utf-8")
    assert "house:marrow was asked in" in page
    assert "first token" in page


def test_a_budget_is_kept_and_its_end_is_shown(tmp_path: Path) -> None:
    run = fivepenny_run(*PLAY, "--budget", "tokens=1500", "--json", cwd=tmp_path)
    report = one_object(run)
    rows = rows_of(tmp_path)
    used = [row for row in rows if row.reason != SPENT]
    assert sum(row.prompt_tokens + row.completion_tokens for row in used) <= 1500
    refused = [row for row in rows if row.reason == SPENT]
    assert report["budget"]["refused"] == len(refused) > 0
    assert report["refusals"][SPENT] + report["refusals"].get(f"line: {SPENT}", 0) == len(refused)
    # The larger mind goes first, then the small one: from its first refusal on the understudy plays.
    first = {attempt: min((row.day for row in refused if row.attempt == attempt), default=99) for attempt in (1, 2)}
    assert first[2] <= first[1] < 99
    own = [row for row in refused if row.step == "moves" and row.attempt == 1]
    assert report["understudy_turns"] == len(own)
    for verb in ("replay", "audit"):
        assert fivepenny_run(verb, "season/season.db", cwd=tmp_path).returncode == 0
    assert "Budget: spent before the end" in (tmp_path / "season" / "playbill.html").read_text("utf-8")


def test_a_budget_in_dollars_wants_a_price(tmp_path: Path) -> None:
    run = fivepenny_run("play", "--days", "1", "--budget", "coins=3", cwd=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
