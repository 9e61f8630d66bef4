"""What if: a season that goes on from a day of another, by the command line and by the stage."""

import signal
import sqlite3
from pathlib import Path

import pytest

from command_line import DAYS, digest_of_file, fivepenny_run, one_object, signalled_run
from fivepenny.clock import BEATS
from fivepenny.company.tape import Tape
from fivepenny.errors import CheckFailed
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile, event_row
from fivepenny.scenario import load_scenario
from fivepenny.stage.branching import branch_of
from fivepenny.stage.house import assemble, seated

DAY = 4
PLAY = ["play", "--company", "understudies", "--days", str(DAYS), "--out", "parent"]
FROM = f"parent/season.db@{DAY}"
BRANCH = ["play", "--from", FROM, "--seed", "9", "--out", "branch"]


def rows_of(path: Path, last_day: int = 99) -> list[object]:
    with SeasonFile.open(path) as file:
        return [event_row(event) for event in file.events() if event.day <= last_day]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a season in `parent/` and one that goes on from its fourth day in `branch/`."""
    folder = tmp_path_factory.mktemp("what-if")
    one_object(fivepenny_run(*PLAY, "--json", cwd=folder))
    report = one_object(fivepenny_run(*BRANCH, "--json", cwd=folder))
    assert (report["seed"], report["days"]) == (9, DAYS)
    assert report["branches"] == [{"first_day": DAY + 1, "seed": 9}]
    return folder


def test_it_is_the_same_up_to_that_day_and_another_after_it(home: Path) -> None:
    parent, branch = home / "parent" / "season.db", home / "branch" / "season.db"
    assert rows_of(parent, DAY) == rows_of(branch, DAY)
    assert rows_of(parent) != rows_of(branch)
    assert digest_of_file(parent) != digest_of_file(branch)


@pytest.mark.parametrize("verb", ["replay", "audit"])
def test_it_needs_the_other_season_no_more(home: Path, tmp_path: Path, verb: str) -> None:
    (tmp_path / "season.db").write_bytes((home / "branch" / "season.db").read_bytes())
    run = fivepenny_run(verb, "season.db", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")


def test_with_nothing_changed_nothing_changes(home: Path, tmp_path: Path) -> None:
    origin = f"{home / 'parent' / 'season.db'}@{DAY}"
    report = one_object(fivepenny_run("play", "--from", origin, "--out", "same", "--json", cwd=tmp_path))
    assert report["seed"] == 1
    assert rows_of(tmp_path / "same" / "season.db") == rows_of(home / "parent" / "season.db")


def test_another_cast_plays_from_the_day_after(home: Path, tmp_path: Path) -> None:
    origin = f"{home / 'parent' / 'season.db'}@{DAY}"
    words = ["play", "--from", origin, "--seat", "quill=null", "--out", "cast", "--json"]
    report = one_object(fivepenny_run(*words, cwd=tmp_path))
    assert report["seats"]["quill"]["mind"] == "null"
    with SeasonFile.open(tmp_path / "cast" / "season.db") as file:
        minds = {(row.day > DAY, row.mind) for row in file.tape() if row.seat == "quill"}
    assert minds == {(False, "understudy:quill"), (True, "null")}
    assert fivepenny_run("audit", "cast/season.db", cwd=tmp_path).returncode == 0


def test_a_branch_of_a_branch(home: Path, tmp_path: Path) -> None:
    origin = f"{home / 'branch' / 'season.db'}@{DAY + 2}"
    report = one_object(fivepenny_run("play", "--from", origin, "--seed", "3", "--out", "twig", "--json", cwd=tmp_path))
    assert [branch["seed"] for branch in report["branches"]] == [9, 3]
    assert rows_of(tmp_path / "twig" / "season.db", DAY + 2) == rows_of(home / "branch" / "season.db", DAY + 2)
    for verb in ("replay", "audit"):
        assert fivepenny_run(verb, "twig/season.db", cwd=tmp_path).returncode == 0
    # One from before the branch leaves the branch out.
    early = f"{home / 'branch' / 'season.db'}@{DAY - 1}"
    report = one_object(fivepenny_run("play", "--from", early, "--seed", "3", "--out", "early", "--json", cwd=tmp_path))
    assert [branch["first_day"] for branch in report["branches"]] == [DAY]


@pytest.fixture(scope="module")
def statements(home: Path) -> int:
    """How many statements a branch makes to season files."""
    counted = signalled_run(0, signal.SIGKILL, [*BRANCH[:-1], "counted", "--quiet"], home)
    return int(counted.stderr.split()[-1])


@pytest.mark.parametrize("percent", [60, 75, 90])
def test_killed_and_resumed_it_comes_to_the_same_end(home: Path, tmp_path: Path, statements: int, percent: int) -> None:
    (tmp_path / "parent").mkdir()
    (tmp_path / "parent" / "season.db").write_bytes((home / "parent" / "season.db").read_bytes())
    at = statements * percent // 100
    killed = signalled_run(at, signal.SIGKILL, [*BRANCH, "--quiet"], tmp_path)
    assert killed.returncode == -signal.SIGKILL
    one_object(fivepenny_run("resume", "branch/season.db", "--json", cwd=tmp_path))
    assert digest_of_file(tmp_path / "branch" / "season.db") == digest_of_file(home / "branch" / "season.db")


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "parent/season.db"],
        ["--from", "parent/season.db@"],
        ["--from", "parent/season.db@x"],
        ["--from", "parent/season.db@0"],
        ["--from", f"parent/season.db@{DAYS}"],
        ["--from", f"parent/season.db@{DAYS + 1}"],
        ["--from", "nowhere/season.db@2"],
        ["--from", FROM, "--days", "9"],
        ["south-sea", "--from", FROM],
        ["--from", FROM, "--seat", "nobody=null"],
    ],
)
def test_what_cannot_be_gone_on_from_is_one_line_and_leaves_nothing(home: Path, words: list[str]) -> None:
    run = fivepenny_run("play", *words, "--out", "nothing", cwd=home)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert not (home / "nothing").exists()


def test_a_season_that_was_changed_is_not_gone_on_from(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    path.write_bytes((home / "parent" / "season.db").read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE tape SET raw = '9 9 9' WHERE day = 2 AND step = 'moves' AND seat = 'quill'")
    connection.close()
    with SeasonFile.open(path) as file, pytest.raises(CheckFailed):
        branch_of(file, DAY)
    with SeasonFile.open(path) as file:
        assert branch_of(file, 1)[0].branches[0].first_day == 2


def test_before_its_first_day_a_branch_asks_nobody() -> None:
    scenario, chronicle = load_scenario("south-sea")
    minds = {seat: f"understudy:{seat}" for seat in scenario.seat_names}
    with SeasonFile.create(IN_MEMORY, Header(1, 3, scenario, chronicle, minds)) as file:
        for _ in assemble(file, seated(file.header, {}), Tape(), None).beats():
            pass
        header, rows = branch_of(file, 2, seed=5)
    lacking = [row for row in rows if (row.day, row.seat) != (2, "tansy")]
    with SeasonFile.create(IN_MEMORY, header) as again:
        season = assemble(again, seated(header, {}), Tape.of(lacking, strict=False), None)
        with pytest.raises(CheckFailed, match="tansy"):
            for played in season.beats():
                assert (played.day, played.beat) < (3, BEATS[0])
