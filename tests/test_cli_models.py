"""The verbs on models at the command line: the list, and the check with its exit codes."""

from pathlib import Path

import pytest

from command_line import fivepenny_run, one_object
from fivepenny.minds.touring import shipped_catalogue


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a catalogue of the reader's own, and without pulled files."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_the_list_for_programs_holds_the_house_and_the_catalogue(tmp_path: Path) -> None:
    listed = one_object(fivepenny_run("models", "list", "--json", cwd=tmp_path))
    assert len(listed["minds"]) == 5
    assert [row["reference"] for row in listed["touring"]] == [f"touring:{m.name}" for m in shipped_catalogue().models]
    first = listed["touring"][0]
    assert (first["file"], first["state"]) == (shipped_catalogue().models[0].reference, "not pulled")


def test_a_fit_model_passes_and_is_told_how_to_be_seated(tmp_path: Path) -> None:
    run = fivepenny_run("models", "check", "house:brock", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "plays unaided" in run.stdout
    assert "--seat quill=house:brock" in run.stdout
    report = one_object(fivepenny_run("models", "check", "house:brock", "--json", cwd=tmp_path))
    assert report["verdict"] == "plays unaided"
    assert report["constrained"] == {"valid": 20, "clean": 20, "repaired": 0, "salvaged": 0, "refused": {}}
    assert "cue" in report["secrets"]


def test_an_unfit_model_is_exit_code_1_with_its_report(tmp_path: Path, models_path: Path) -> None:
    """A file whose context of 512 tokens no prompt in prose fits."""
    run = fivepenny_run("models", "check", f"gguf:{models_path / 'quill.gguf'}", cwd=tmp_path)
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert "not fit to sit" in run.stderr
    assert "0 of 20" in run.stdout
    assert "too few for the longest prompt and reply" in run.stdout


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("null", 2),
        ("understudy:marrow", 2),
        ("nobody", 2),
        ("gguf:none.gguf", 3),
        ("openai:http://127.0.0.1:9/v1#m", 3),
    ],
)
def test_what_cannot_be_checked_is_one_line(tmp_path: Path, reference: str, code: int) -> None:
    run = fivepenny_run("models", "check", reference, cwd=tmp_path)
    assert (run.returncode, run.stdout) == (code, "")
    assert len(run.stderr.splitlines()) == 1
