"""Bad input on the command line: one clear line, the right exit code, and nothing half-written."""

import errno
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import PLAY, Run, environment, fivepenny_run, one_object, played
from fivepenny.cli.main import run as run_here

SOUTH_SEA = Path(__file__).resolve().parents[1] / "src/fivepenny/data/scenarios/south-sea.toml"

CSV = "date,asset,kind,headline,price,unit,source\n"
INPUTS = {
    "not.toml": "name = ",
    "short.toml": 'name = "short"',
    "dated.toml": "name = 1720-01-01",
    "empty.csv": "",
    "date.csv": CSV + "June,tin,news,A run on tin,,,made up\n",
    "kind.csv": CSV + "1720-06-02,tin,omen,A run on tin,,,made up\n",
    "cells.csv": CSV + "1720-06-02,tin,news\n",
    "order.csv": CSV + "1720-06-02,tin,news,One,,,x\n1720-06-01,tin,news,Two,,,x\n",
    "not.gguf": "GGUF but not really",
    "not.db": "SQLite format 4",
    "a-file": "in the way",
}

BAD_INPUTS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no such scenario": (("play", "nowhere.toml"), 2, "nowhere.toml"),
    "not TOML": (("play", "not.toml"), 2, "not.toml: it is not TOML"),
    "a scenario without its parts": (("play", "short.toml"), 2, "short.toml: title"),
    "a scenario with a date": (("play", "dated.toml"), 2, "dated.toml"),
    "a folder as a scenario": (("play", "."), 2, "no scenario '.'"),
    "no such chronicle": ((*PLAY, "--chronicle", "gone.csv"), 2, "gone.csv"),
    "an empty chronicle": ((*PLAY, "--chronicle", "empty.csv"), 2, "empty.csv"),
    "a chronicle's date": ((*PLAY, "--chronicle", "date.csv"), 2, "date.csv line 2: date is 'June'"),
    "a chronicle's kind": ((*PLAY, "--chronicle", "kind.csv"), 2, "kind.csv line 2: kind is 'omen'"),
    "a chronicle's cells": ((*PLAY, "--chronicle", "cells.csv"), 2, "cells.csv line 2"),
    "a chronicle out of order": ((*PLAY, "--chronicle", "order.csv"), 2, "order.csv line 3"),
    "a malformed GGUF": ((*PLAY, "--seat", "marrow=gguf:not.gguf"), 2, "not.gguf"),
    "a missing GGUF": ((*PLAY, "--seat", "marrow=gguf:gone.gguf"), 3, "gone.gguf"),
    "an unknown seat": ((*PLAY, "--seat", "nobody=null"), 2, "no seat 'nobody'"),
    "a seat without a mind": ((*PLAY, "--seat", "marrow"), 2, "SEAT=MIND"),
    "an unknown mind": ((*PLAY, "--seat", "marrow=oracle"), 2, "'oracle' names no mind"),
    "an unknown house mind": ((*PLAY, "--seat", "marrow=house:oracle"), 2, "house:oracle"),
    "an unknown understudy": ((*PLAY, "--seat", "marrow=understudy:oracle"), 2, "no understudy 'oracle'"),
    "an unknown company": (("play", "--company", "opera"), 2, "no company 'opera'"),
    "no days": ((*PLAY, "--days", "0"), 2, "--days 0"),
    "too many days": ((*PLAY, "--days", "99999"), 2, "3000"),
    "a seed below 0": ((*PLAY, "--seed", "-1"), 2, "--seed"),
    "a seed in words": ((*PLAY, "--seed", "one"), 2, "--seed"),
    "an unknown pace": ((*PLAY, "--pace", "slow"), 2, "slow"),
    "an unknown option": ((*PLAY, "--from", "x@3"), 2, "--from"),
    "an unknown verb": (("perform",), 2, "perform"),
    "a group alone": (("bench",), 2, "bench"),
    "a file as a folder": ((*PLAY, "--out", "a-file"), 2, "a-file"),
    "a folder under a file": ((*PLAY, "--out", "a-file/season"), 2, "a part of this path is a file"),
    "no season file": (("replay", "gone.db"), 2, "no season file at gone.db"),
    "nothing to watch": (("watch", "gone.db"), 2, "no season file at gone.db"),
    "nothing to resume": (("resume", "gone.db"), 2, "no season file at gone.db"),
    "a malformed season file": (("audit", "not.db"), 2, "not.db: not a season file"),
    "a malformed season file to read": (("read", "not.db"), 2, "not.db"),
    "an unknown format": (("read", "not.db", "--format", "pdf"), 2, "pdf"),
    "no argument": (("replay",), 2, "SEASON.db"),
    "a scenario that fails the lint": (("lint", "short.toml"), 2, "short.toml: title"),
    "a chronicle that fails the lint": (("lint", "kind.csv"), 2, "kind.csv line 2"),
}


def is_one_line(run: Run, code: int) -> bool:
    """Whether a run failed with this code and one line of ours, and printed nothing else."""
    lines = run.stderr.splitlines()
    return run.returncode == code and run.stdout == "" and len(lines) == 1 and lines[0].startswith("fivepenny: ")


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_is_one_line_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    words, code, part = BAD_INPUTS[name]
    for path, text in INPUTS.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    run = fivepenny_run(*words, cwd=tmp_path)
    assert is_one_line(run, code), run
    assert part in run.stderr
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == INPUTS


def test_debug_shows_the_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = str(tmp_path / "gone.db")
    assert run_here(["replay", gone]) == 2
    assert "Traceback" not in capsys.readouterr().err
    for words in (["--debug", "replay", gone], ["replay", gone, "--debug"]):
        assert run_here(words) == 2
        shown = capsys.readouterr().err
        assert "Traceback" in shown
        assert shown.splitlines()[-1].startswith("fivepenny: no season file")


def test_a_defect_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> tuple[()]:
        raise ZeroDivisionError("nothing to\ndivide")

    monkeypatch.setattr("fivepenny.minds.catalogue.list_minds", broken)
    assert run_here(["models", "list"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("fivepenny: a defect of ours: ZeroDivisionError: nothing to divide;")
    assert len(shown.splitlines()) == 1


def test_a_season_is_not_overwritten(tmp_path: Path) -> None:
    report = played(tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "season").iterdir()}
    run = fivepenny_run(*PLAY, "--seed", "2", "--out", "season", "--json", cwd=tmp_path)
    assert is_one_line(run, 2)
    assert "already there" in run.stderr
    (tmp_path / "season" / "season.db").rename(tmp_path / "kept.db")
    assert is_one_line(fivepenny_run(*PLAY, "--out", "season", cwd=tmp_path), 2)  # nor is its screenplay
    (tmp_path / "kept.db").rename(tmp_path / "season" / "season.db")
    assert {path.name: path.read_bytes() for path in (tmp_path / "season").iterdir()} == before
    assert report["seed"] == 1


def test_an_empty_folder_is_used_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    failed = fivepenny_run(*PLAY, "--seat", "marrow=gguf:gone", "--out", "mine", cwd=tmp_path)
    assert is_one_line(failed, 3)
    assert list((tmp_path / "mine").iterdir()) == []
    assert fivepenny_run(*PLAY, "--out", "mine", "--quiet", cwd=tmp_path).returncode == 0


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write to, root included")
def test_a_read_only_place(tmp_path: Path) -> None:
    for out in ("/proc/season", "/proc/self/season"):
        assert is_one_line(fivepenny_run(*PLAY, "--out", out, cwd=tmp_path), 3)
    (tmp_path / "runs").symlink_to("/proc")
    assert is_one_line(fivepenny_run(*PLAY, cwd=tmp_path), 3)


def file_limit(size_bytes: int) -> Callable[[], None]:
    """No file of the child may grow beyond this: what a full disk looks like."""

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))

    return prepare


@pytest.mark.parametrize("size_bytes", [0, 1_000, 20_000, 33_000])
def test_a_disk_that_is_full_from_the_start(tmp_path: Path, size_bytes: int) -> None:
    run = fivepenny_run(*PLAY, "--json", cwd=tmp_path, prepare=file_limit(size_bytes))
    assert is_one_line(run, 3), run
    assert "room" in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size_bytes", [200_000, 300_000])
def test_a_disk_that_fills_up_on_the_way(tmp_path: Path, size_bytes: int) -> None:
    whole = played(tmp_path)
    words = (*PLAY, "--out", "full", "--json")
    run = fivepenny_run(*words, cwd=tmp_path, prepare=file_limit(size_bytes))
    assert is_one_line(run, 3), run
    assert "fivepenny resume full/season.db" in run.stderr
    assert not (tmp_path / "full" / "screenplay.fountain").exists()
    report = one_object(fivepenny_run("resume", "full/season.db", "--json", cwd=tmp_path))
    assert report["digest"] == whole["digest"]


def test_a_disk_that_is_full_for_the_pages_alone(tmp_path: Path) -> None:
    played(tmp_path)
    folder = tmp_path / "season"
    playbill = (folder / "playbill.html").read_bytes()
    (folder / "playbill.html").unlink()
    words = ("resume", "season/season.db", "--json")
    run = fivepenny_run(*words, cwd=tmp_path, prepare=file_limit(len(playbill) // 2))
    assert is_one_line(run, 3), run
    assert sorted(path.name for path in folder.iterdir()) == ["screenplay.fountain", "season.db"]
    one_object(fivepenny_run(*words, cwd=tmp_path))
    assert (folder / "playbill.html").read_bytes() == playbill


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", ["json", "text"])
def test_an_output_that_is_full(tmp_path: Path, form: str) -> None:
    played(tmp_path)
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "fivepenny", "read", "season/season.db", "--format", form]
        run = subprocess.run(command, cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 3
    assert run.stderr.splitlines() == [
        f"fivepenny: output: {os.strerror(errno.ENOSPC)}; give a place that can be written and has room"
    ]


def test_a_season_of_another_format(tmp_path: Path) -> None:
    played(tmp_path)
    with sqlite3.connect(tmp_path / "season" / "season.db") as connection:
        connection.execute("UPDATE header SET value = '99' WHERE key = 'format'")
    connection.close()
    for verb in ("replay", "audit", "watch", "resume", "read"):
        run = fivepenny_run(verb, "season/season.db", cwd=tmp_path)
        assert is_one_line(run, 2), run
        assert "'99'" in run.stderr


# ---- lint: doubts ----

DOUBTS: dict[str, tuple[str, str, str]] = {
    "a good nobody makes": ("makes = { tin = 3 }\n", "", "good tin: nobody makes it"),
    "a good nobody can sell": (
        "[[seats]]\n",
        '[[goods]]\nname = "ice"\nsay = "ice"\nunit = "block"\nunits = "blocks"\nprice_pence = 9\n\n[[seats]]\n',
        "good ice: nobody makes or holds any",
    ),
    "a need without a source": ("makes = { rye = 5, coal = 6 }", "makes = { rye = 5 }", "tansy need it"),
    "a good nobody uses": ('craft = { good = "tin", up_to = 3, earns_pence = 160 }\n', "", "good tin: nobody needs it"),
    "a debt due too late": ("due_day = 17", "due_day = 77", "debt of tansy to marrow: due on day 77"),
    "a bill due too late": ("due_day = 29", "due_day = 99", "bill of marrow: due on day 99"),
    "nobody hears first": ('hears_first = ["quill"]\n', "", "hears_first is empty"),
    "news of what is not traded": (
        'chronicle = "south-sea-1720.csv"',
        'chronicle = "other.csv"',
        "'silver' is no good",
    ),
    "many rows on a day": ("days = 30", "days = 3", "rows are told on day"),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubt_is_a_warning_and_no_error(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, expected = DOUBTS[name]
    text = SOUTH_SEA.read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "other.csv").write_text(CSV + "1720-06-02,silver,news,Something,,,x\n", encoding="utf-8")
    assert run_here(["lint", str(path)]) == 0
    warnings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    assert any(expected in line for line in warnings), warnings
    assert run_here(["lint", "south-sea"]) == 0
    assert expected not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1720-01-01,tin,news,Something,,,x,no\n", "no row is told"),
        ("1720-01-01,tin,news,One,,,x,yes\n1720-01-01,tin,news,Two,,,x,yes\n", "all rows are of one date"),
        ("1720-01-01,tin,rumour,One,,,x,yes\n1720-02-01,tin,news,Two,,,x,yes\n", "a rumour without an effect"),
        ("1720-01-01,tin,news,One,,,x,yes\n1720-02-01,tin,news,Two,,,x,yes\n", ""),
    ],
)
def test_doubts_about_a_chronicle(rows: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(CSV.strip() + ",told\n" + rows, encoding="utf-8")
    assert run_here(["lint", str(path)]) == 0
    shown = capsys.readouterr().out
    assert (expected in shown) if expected else ("no doubts" in shown)
