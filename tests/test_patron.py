"""The sixth chair at the command line: who sits there, what it comes to, and a person's season from goal to end."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from command_line import digest_of_file, environment, fivepenny_run, one_object
from fivepenny.aims import PATRON
from fivepenny.company.cast import company_references, seat_overrides
from fivepenny.company.human import HUMAN
from fivepenny.errors import WrongUse
from fivepenny.journal import SeasonFile
from fivepenny.patron import seated_for, with_patron
from fivepenny.policies.temperaments import TEMPERAMENT_NAMES
from patrons import chair, put_down
from quiet_tables import quiet_table
from terminals import Terminal

DAYS = ("--days", "6", "--company", "understudies")
SEATED = (*DAYS, "--seat", "patron=understudy")


def play(folder: Path, *words: str, out: str = "season") -> dict[str, Any]:
    """The report of a season of the scenario with the chair."""
    return one_object(fivepenny_run("play", "chair.toml", *words, "--out", out, "--json", cwd=folder))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scenario, and a season in it with the Patron at the table."""
    folder = tmp_path_factory.mktemp("patron")
    put_down(folder)
    play(folder, *SEATED)
    return folder


# --- who sits there ---


def test_the_chair_is_empty_unless_it_is_taken(home: Path) -> None:
    report = play(home, *DAYS, out="empty")
    assert PATRON not in report["seats"]
    assert report["patron"] is None
    assert set(report["wants"]) == {"marrow", "quill", "vesper", "brock", "tansy"}


def test_a_season_with_the_patron_needs_nothing_but_its_file(home: Path) -> None:
    for verb in ("replay", "audit", "watch --pace fast", "read", "resume"):
        name, *more = verb.split()
        run = fivepenny_run(name, "season/season.db", *more, cwd=home)
        assert (run.returncode, run.stderr) == (0, ""), verb
    with SeasonFile.open(home / "season" / "season.db") as file:
        assert file.header.minds[PATRON] == "understudy:patron"
        assert file.header.scenario.seat_names[-1] == PATRON


def test_what_it_came_to_is_told_in_the_report_and_in_the_playbill(home: Path) -> None:
    report = one_object(fivepenny_run("replay", "season/season.db", "--json", cwd=home))
    assert report["patron"]["aim"] == "to have £72 in hand"
    assert report["patron"]["end"] in ("reached", "missed")
    assert isinstance(report["patron"]["score"], int)
    page = (home / "season" / "playbill.html").read_text("utf-8")
    assert "What they came for" in page
    assert f"score: {report['patron']['score']}" in page
    told = fivepenny_run("play", "chair.toml", *SEATED, "--out", "told", cwd=home).stdout
    assert f"patron wanted to have £72 in hand: {report['patron']['end']}" in told


@pytest.mark.parametrize("mind", ["null", "understudy:vesper", "house:quill"])
def test_anybody_may_sit_there(home: Path, mind: str) -> None:
    out = mind.partition(":")[2] or mind
    report = play(home, "--days", "2", "--company", "understudies", "--seat", f"patron={mind}", out=out)
    assert report["seats"][PATRON]["mind"] == mind
    assert report["understudy_turns"] == 0
    assert fivepenny_run("audit", f"{out}/season.db", cwd=home).returncode == 0


def test_the_hand_in_the_chair_may_change_from_a_day_on(home: Path) -> None:
    words = ("--from", "season/season.db@3", "--seat", "patron=null", "--out", "branch", "--json")
    report = one_object(fivepenny_run("play", *words, cwd=home))
    assert report["seats"][PATRON]["mind"] == "null"
    assert fivepenny_run("audit", "branch/season.db", cwd=home).returncode == 0


def test_a_company_brings_no_patron() -> None:
    play = with_patron(chair())
    assert company_references("house", play)[PATRON] == "understudy:patron"
    assert company_references("null", play)[PATRON] == "null"
    assert company_references("pocket", play)[PATRON] == "understudy:patron"
    assert seat_overrides(["patron=understudy", "quill=understudy"], play) == {
        PATRON: "understudy:patron", "quill": "understudy:quill",
    }  # fmt: skip
    assert PATRON not in TEMPERAMENT_NAMES  # a stranger's seat is never given the Patron's temperament


def test_where_there_is_no_chair_nobody_sits(tmp_path: Path) -> None:
    plain = quiet_table("long-winter")[0].model_copy(update={"patron": None})
    assert seated_for(plain, ["quill=null"]) is plain
    with pytest.raises(WrongUse, match="no such chair"):
        seated_for(plain, ["patron=human"])
    (tmp_path / "plain.toml").write_text(
        Path(put_down(tmp_path)).read_text("utf-8").partition("\n[patron]")[0], "utf-8"
    )
    run = fivepenny_run("play", "plain.toml", "--seat", "patron=null", "--out", "x", cwd=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "x").exists()


# --- a person's season ---


def bid_for(good: str, shown: str) -> str:
    """The number of the order that buys a good; empty where the menu has none."""
    found = re.search(rf"^ *(\d+)  buy .* of {good} for", shown.replace("\r", ""), re.MULTILINE)
    return found[1] if found else ""


GOAL = 'own = "coal"\nunits = 5\nends = true'
TABLE = ("play", "chair.toml", "--company", "understudies", "--seat", "patron=human", "--pace", "fast")


def test_a_persons_season_from_the_first_question_to_the_goal(tmp_path: Path) -> None:
    """Help, a choice taken back, waiting, leaving and coming back; then the goal, which ends the season."""
    put_down(tmp_path, GOAL)
    table = Terminal(tmp_path, *TABLE, "--out", "season")
    shown = table.read()
    assert "You are Patron." in shown
    assert "Goal: You want to have 5 of coal; you have 0. (far off)" in shown
    assert re.search(r"cost: the loan: £\d+ .* \(not much\)", shown)
    assert "risk: you trust" in shown
    shown = table.type("h")
    assert "Enter waits" in shown and "lend: offer a loan" in shown
    table.type("")
    assert "Taken back." in table.type("u")
    shown = table.type("")
    for _ in range(2):
        shown = table.type("")
    table.type("q")
    assert table.end() == 0
    assert "go on with" in table.shown
    # No bar moves beside what somebody types.
    assert "\x1b[2K" not in table.shown

    back = Terminal(tmp_path, "resume", "season/season.db", "--pace", "fast")
    shown = back.read()
    for _ in range(200):
        if back.process.poll() is not None or not shown.rstrip().endswith(">"):
            break
        shown = back.type(bid_for("coal", shown))
    assert back.end() == 0
    assert "patron wanted to have 5 chaldrons of coal: reached on day" in back.shown
    with SeasonFile.open(tmp_path / "season" / "season.db") as file:
        assert file.finished
        assert file.last_day < 30
        assert {row.mind for row in file.tape() if row.seat == PATRON} == {HUMAN}
    for verb in ("replay", "audit"):
        run = fivepenny_run(verb, "season/season.db", cwd=tmp_path)
        assert (run.returncode, run.stderr) == (0, "")
    late = fivepenny_run("play", "--from", f"season/season.db@{file_days(tmp_path)}", "--seed", "9", cwd=tmp_path)
    assert late.returncode == 2


def file_days(folder: Path) -> int:
    """How many days the season came to."""
    with SeasonFile.open(folder / "season" / "season.db") as file:
        return file.last_day


def test_a_person_is_told_what_the_seat_may_know(tmp_path: Path) -> None:
    """Whispers between others are not told while a person plays; the season is the same as it would be."""
    put_down(tmp_path)
    words = [sys.executable, "-m", "fivepenny", *TABLE, "--days", "8", "--out", "season"]
    run = subprocess.run(
        words, cwd=tmp_path, env=environment(), input="\n" * 60, capture_output=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stderr
    others = [line for line in run.stdout.splitlines() if "(aside to" in line and "(aside to the Patron)" not in line]
    assert others == []
    watched = fivepenny_run("watch", "season/season.db", "--pace", "fast", cwd=tmp_path).stdout
    assert "(aside to" in watched
    assert digest_of_file(tmp_path / "season" / "season.db")
