"""The command line as a person meets it: what it prints and leaves, and that a season survives what befalls it."""

import json
import os
import re
import signal
import sqlite3
import sys
import time
from pathlib import Path
from random import Random

import pytest

from command_line import (
    DAYS,
    PLAY,
    environment,
    fivepenny_run,
    fivepenny_start,
    one_object,
    played,
    signalled_run,
)
from fivepenny.cli.main import app
from fivepenny.cli.main import run as run_here
from fivepenny.journal import SeasonFile

KEYS = [
    "seed", "days", "digest", "seats", "calls", "prompt_tokens", "prompt_tokens_max", "completion_tokens",
    "cached_tokens", "seconds",
    "decisions", "understudy_turns", "refusals", "minds", "cascades", "budget", "branches", "patron", "wants",
    "files",
]  # fmt: skip
FILES = ("season.db", "screenplay.fountain", "playbill.html")
KILLS = 20
GROUPS = {
    "models": "list check pull",
    "bench": "season engine seats cascade auction market books replies crash justice drama",
    "academy": "corpus train exam export",
}
VERBS = ["play", "resume", "watch", "read", "replay", "audit", "doctor", "lint"]
VERBS += [f"{group} {verb}" for group, verbs in GROUPS.items() for verb in verbs.split()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a season stands as `season/`, with its report as `report.json`."""
    folder = tmp_path_factory.mktemp("home")
    report = played(folder)
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return folder


def digest_of(folder: Path) -> str:
    """The digest that the season of a home ends in."""
    return str(json.loads((folder / "report.json").read_text("utf-8"))["digest"])


# ---- play ----


def test_the_report_is_the_contract(home: Path) -> None:
    report = json.loads((home / "report.json").read_text("utf-8"))
    assert list(report) == KEYS
    assert (report["seed"], report["days"]) == (1, DAYS)
    assert re.fullmatch(r"[0-9a-f]{64}", report["digest"])
    assert set(report["seats"]) == {"marrow", "quill", "vesper", "brock", "tansy"}
    for seat, mind in report["seats"].items():
        assert (mind["mind"], mind["family"], mind["parameters"]) == (f"understudy:{seat}", "rules", 0)
    assert 0 < report["decisions"] <= report["calls"]
    assert sum(mind["calls"] for mind in report["seats"].values()) == report["calls"]
    assert report["understudy_turns"] == 0
    assert report["seconds"] > 0
    assert report["files"] == {
        "season": "season/season.db",
        "screenplay": "season/screenplay.fountain",
        "playbill": "season/playbill.html",
    }
    assert sorted(path.name for path in (home / "season").iterdir()) == sorted(FILES)


def test_one_seed_is_one_season(home: Path, tmp_path: Path) -> None:
    assert played(tmp_path)["digest"] == digest_of(home)
    other = one_object(fivepenny_run(*PLAY, "--seed", "2", "--json", cwd=tmp_path))
    assert other["digest"] != digest_of(home)
    assert other["files"]["season"] == "runs/south-sea-seed2/season.db"


def test_it_is_told_and_ends_by_naming_its_files(tmp_path: Path) -> None:
    run = fivepenny_run(*PLAY, "--pace", "fast", cwd=tmp_path)
    quiet = fivepenny_run(*PLAY, "--quiet", cwd=tmp_path)
    assert (run.returncode, run.stderr, quiet.returncode, quiet.stderr) == (0, "", 0, "")
    *_, first, second, third, ahead = run.stdout.splitlines()
    assert [line.strip() for line in (first, second, third)] == [f"runs/south-sea-seed1/{name}" for name in FILES]
    assert all(word in ahead for word in ("watch", "read", "replay", "runs/south-sea-seed1/season.db"))
    assert len(run.stdout.splitlines()) > 5 * DAYS
    assert len([line for line in quiet.stdout.strip().splitlines() if " wanted " not in line]) == 5
    assert "runs/south-sea-seed1-2/season.db" in quiet.stdout  # nothing is overwritten


def test_another_company_chronicle_and_seat(tmp_path: Path) -> None:
    csv = "date,asset,kind,headline,price,unit,source\n1907-10-21,tin,panic,A run on tin,,,made up\n"
    (tmp_path / "tin.csv").write_text(csv, encoding="utf-8")
    words = ("--company", "null", "--seat", "quill=understudy:brock", "--chronicle", "tin.csv")
    report = played(tmp_path, *words)
    minds = {seat: mind["mind"] for seat, mind in report["seats"].items()}
    assert minds == {"marrow": "null", "quill": "understudy:brock", "vesper": "null", "brock": "null", "tansy": "null"}
    with SeasonFile.open(tmp_path / "season/season.db") as file:
        assert file.header.chronicle is not None
        assert file.header.chronicle.text == csv


def test_the_first_scene_comes_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    child = fivepenny_start(*PLAY, "--pace", "read", "--out", "season", cwd=tmp_path)
    assert child.stdout is not None
    assert child.stdout.readline().strip()
    assert child.stdout.readline() is not None
    while not (tmp_path / "season" / "playbill.html").exists():  # it plays ahead of its telling
        assert time.monotonic() - started < 30
        time.sleep(0.05)
    assert child.poll() is None
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 130
    assert errors.splitlines() == [
        "fivepenny: stopped telling; the season is played and whole, see it with: fivepenny watch season/season.db"
    ]
    assert fivepenny_run("replay", "season/season.db", cwd=tmp_path).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_the_pace_is_for_reading(tmp_path: Path) -> None:
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        os.execve(sys.executable, [sys.executable, "-m", "fivepenny", *PLAY, "--out", "season"], environment())
    deadline = time.monotonic() + 30
    while not (tmp_path / "season" / "playbill.html").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)  # the season is played, and still being told
    os.kill(pid, signal.SIGINT)
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert b"Traceback" not in shown


# ---- what stands in a season file ----


def test_replay_and_audit_pass(home: Path) -> None:
    for verb in ("replay", "audit"):
        run = fivepenny_run(verb, "season/season.db", cwd=home)
        assert (run.returncode, run.stderr) == (0, "")
        report = one_object(fivepenny_run(verb, "season/season.db", "--json", cwd=home))
        assert list(report)[: len(KEYS)] == KEYS
        assert report["digest"] == digest_of(home)
        assert report["files"] == {"season": "season/season.db"}
    assert report["breaches"] == []
    assert report["checked"]["events"] > 100


def changed_byte(home: Path, folder: Path, lot: Random) -> Path:
    """A copy of the season with one character of one event changed."""
    path = folder / "season.db"
    path.write_bytes((home / "season" / "season.db").read_bytes())
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT number, body FROM events WHERE body != '{}'").fetchall()
        number, body = lot.choice(rows)
        place = lot.randrange(len(body))
        other = lot.choice([letter for letter in '0189azAZ"{}:-' if letter != body[place]])
        connection.execute(
            "UPDATE events SET body = ? WHERE number = ?", (body[:place] + other + body[place + 1 :], number)
        )
    connection.close()
    return path


@pytest.mark.parametrize("case", range(4))
def test_one_changed_byte_is_found(home: Path, tmp_path: Path, case: int) -> None:
    path = changed_byte(home, tmp_path, Random(case))
    for verb in ("audit", "replay", "resume"):
        run = fivepenny_run(verb, path, cwd=tmp_path)
        assert run.returncode == 1, (verb, run)
        assert len(run.stderr.splitlines()) == 1
    found = fivepenny_run("audit", path, "--json", cwd=tmp_path)
    assert found.returncode == 1
    assert json.loads(found.stdout)["breaches"]


def test_a_reply_that_was_changed_is_found(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    path.write_bytes((home / "season" / "season.db").read_bytes())
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM tape WHERE day = 3 AND beat = 'market'")
    connection.close()
    run = fivepenny_run("replay", path, cwd=tmp_path)
    assert (run.returncode, len(run.stderr.splitlines())) == (1, 1)
    assert "the tape has no answer" in run.stderr


def test_a_season_is_read_in_each_form(home: Path) -> None:
    def read(form: str) -> str:
        run = fivepenny_run("read", "season/season.db", "--format", form, cwd=home)
        assert (run.returncode, run.stderr) == (0, "")
        return run.stdout

    assert read("fountain") == (home / "season" / "screenplay.fountain").read_text("utf-8")
    assert read("html") == (home / "season" / "playbill.html").read_text("utf-8")
    assert read("text").strip()
    season = json.loads(read("json"))
    with SeasonFile.open(home / "season" / "season.db") as file:
        assert len(season["events"]) == len(list(file.rows()))
    assert season["header"]["seed"] == 1
    assert season["sealed"]


def test_a_season_is_seen_again_as_it_was_told(tmp_path: Path) -> None:
    told = fivepenny_run(*PLAY, "--pace", "fast", "--out", "season", cwd=tmp_path)
    seen = fivepenny_run("watch", "season/season.db", "--pace", "fast", cwd=tmp_path)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert seen.stdout.strip()
    assert seen.stdout.strip() in told.stdout


@pytest.mark.parametrize("words", [("read", "--format", "json"), ("watch", "--pace", "read")])
def test_a_reader_may_leave(home: Path, words: tuple[str, ...]) -> None:
    verb, *options = words
    child = fivepenny_start(verb, "season/season.db", *options, cwd=home)
    assert child.stdout is not None and child.stderr is not None
    if verb == "read":
        assert child.stdout.readline()
    child.stdout.close()
    assert child.wait(timeout=30) == 0
    assert child.stderr.read() == ""
    child.stderr.close()


def test_a_season_goes_on_when_its_reader_leaves(home: Path, tmp_path: Path) -> None:
    child = fivepenny_start(*PLAY, "--pace", "fast", "--out", "season", cwd=tmp_path)
    assert child.stdout is not None and child.stderr is not None
    child.stdout.close()
    assert child.wait(timeout=30) == 0
    assert child.stderr.read() == ""
    child.stderr.close()
    report = one_object(fivepenny_run("replay", "season/season.db", "--json", cwd=tmp_path))
    assert report["digest"] == digest_of(home)


# ---- crashes ----


def test_killed_at_any_moment_it_ends_as_undisturbed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (*PLAY, "--quiet", "--out")
    counted = signalled_run(0, 0, [*words, "counted"], tmp_path)
    statements = int(counted.stderr)
    lot = Random(5)
    opening = 8  # statements that make the file; before them there is no season to resume
    broken_off = set()
    for kill in range(KILLS):
        out = f"kill{kill}"
        killed = signalled_run(lot.randint(opening, statements), signal.SIGKILL, [*words, out], tmp_path)
        assert killed.returncode == -signal.SIGKILL
        with SeasonFile.open(tmp_path / out / "season.db") as file:
            broken_off.add(file.last_day)
        assert run_here(["resume", str(tmp_path / out / "season.db"), "--json"]) == 0  # no process of its own: 20 times
        assert json.loads(capsys.readouterr().out)["digest"] == digest_of(home)
        assert sorted(path.name for path in (tmp_path / out).iterdir()) == sorted(FILES)
        for name in ("screenplay.fountain", "playbill.html"):
            assert (tmp_path / out / name).read_bytes() == (tmp_path / "counted" / name).read_bytes()
    assert len(broken_off) > DAYS // 2, broken_off


def test_interrupted_it_says_how_to_go_on(home: Path, tmp_path: Path) -> None:
    words = (*PLAY, "--pace", "fast", "--out", "season")
    run = signalled_run(400, signal.SIGINT, words, tmp_path)
    assert run.returncode == 130
    assert re.fullmatch(
        r"fivepenny: stopped; days? 1( to \d)? (is|are) kept, go on with: fivepenny resume season/season\.db\n",
        run.stderr,
    )
    partly = fivepenny_run("replay", "season/season.db", cwd=tmp_path)
    assert (partly.returncode, "resume it first" in partly.stderr) == (1, True)
    seen = fivepenny_run("watch", "season/season.db", "--pace", "fast", cwd=tmp_path)
    assert (seen.returncode, "broke off" in seen.stderr) == (0, True)
    again = fivepenny_run("resume", "season/season.db", "--pace", "fast", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert "going on with day" in again.stdout
    assert digest_of(home)[:16] in again.stdout


def test_interrupted_before_the_first_day_it_leaves_nothing(tmp_path: Path) -> None:
    run = signalled_run(12, signal.SIGINT, [*PLAY, "--quiet"], tmp_path)
    assert run.returncode == 130
    assert run.stderr.startswith("fivepenny: stopped before the first day")
    assert list(tmp_path.iterdir()) == []


def test_a_whole_season_is_resumed_to_itself(home: Path, tmp_path: Path) -> None:
    played(tmp_path)
    (tmp_path / "season" / "playbill.html").unlink()
    season = (tmp_path / "season" / "season.db").read_bytes()
    report = one_object(fivepenny_run("resume", "season/season.db", "--json", cwd=tmp_path))
    assert report["digest"] == digest_of(home)
    assert (tmp_path / "season" / "playbill.html").is_file()
    assert (tmp_path / "season" / "season.db").read_bytes() == season


# ---- what is here ----


def test_the_minds_are_listed(tmp_path: Path) -> None:
    listed = one_object(fivepenny_run("models", "list", "--json", cwd=tmp_path))
    names = [mind["reference"] for mind in listed["minds"]]
    assert names == ["house:marrow", "house:quill", "house:vesper", "house:brock", "house:tansy"]
    table = fivepenny_run("models", cwd=tmp_path)
    assert table.returncode == 0
    assert all(name in table.stdout for name in names)


def test_the_doctor_says_what_is_here_and_what_is_missing(tmp_path: Path) -> None:
    listed = one_object(fivepenny_run("models", "list", "--json", cwd=tmp_path))
    run = fivepenny_run("doctor", cwd=tmp_path)
    whole = all(mind["state"] == "there" for mind in listed["minds"])
    assert run.returncode == (0 if whole else 3)
    assert all(word in run.stdout for word in ("Python", "xllamacpp", "cores", "memory", "disk", "torch", "terminal"))


def test_the_doctor_misses_a_broken_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('made to fail')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)  # `python -m` looks here first
    run = fivepenny_run("doctor", cwd=tmp_path)
    assert run.returncode == 3
    assert "made to fail" in run.stdout
    assert run.stderr.startswith("fivepenny: xllamacpp")


def test_a_sound_scenario_passes_the_lint(tmp_path: Path) -> None:
    run = fivepenny_run("lint", "south-sea", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "it can be played" in run.stdout
    assert "'yorkbuildings' is no good of this scenario" in run.stdout


# ---- bench and academy ----


BENCHES = ("season --seeds 2 --days 3", "auction --seeds 2", "books --moves 200", "drama --seeds 1")


@pytest.mark.parametrize("words", [words.split() for words in BENCHES])
def test_a_bench_measures(words: list[str], tmp_path: Path) -> None:
    found = one_object(fivepenny_run("bench", *words, "--json", cwd=tmp_path))
    assert found["bench"] == words[0]
    shown = fivepenny_run("bench", *words, cwd=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    tables = found["tables"].values() if "tables" in found else [found["table"]]
    assert all(name in shown.stdout for rows in tables for name in rows[0])
    assert list(tmp_path.iterdir()) == []


def test_the_academy_knows_its_pupils(tmp_path: Path) -> None:
    run = fivepenny_run("academy", "exam", "nobody", cwd=tmp_path)
    assert run.returncode in (2, 3)  # 3 where its libraries are not installed
    assert len(run.stderr.splitlines()) == 1
    assert "nobody" in run.stderr or "fivepenny[academy]" in run.stderr
    assert list(tmp_path.iterdir()) == []


# ---- help ----


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    app([*verb.split(), "--help"], standalone_mode=False, prog_name="fivepenny")
    shown = capsys.readouterr().out
    assert f"Example: fivepenny {verb}" in shown
    assert "\n  -h, --help" in shown


def test_alone_it_helps(tmp_path: Path) -> None:
    run = fivepenny_run(cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert all(verb.split()[0] in run.stdout for verb in VERBS)
    assert re.fullmatch(r"fivepenny \d+\.\d+\.\d+\n", fivepenny_run("--version", cwd=tmp_path).stdout)
