"""The catalogue: a reference seats a mind or says in one line why it does not."""

import shutil
from pathlib import Path

import pytest

from fivepenny.errors import MissingPart, UnknownMind, WrongUse
from fivepenny.minds import catalogue
from fivepenny.minds.catalogue import HOUSE_NAMES, FileState, list_minds, models_folder, seat_mind
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import Request, Task, Wording


@pytest.fixture
def installed(models_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny models as if they were the package's: marrow and quill there, the others not."""
    monkeypatch.setattr(catalogue, "models_folder", lambda: models_path)
    return models_path


def test_the_models_lie_in_the_package() -> None:
    assert models_folder().parts[-3:] == ("fivepenny", "data", "models")


def test_a_house_mind_takes_a_seat(installed: Path) -> None:
    mind = seat_mind("house:marrow")
    reply = mind.complete(Request(Task.GRADE, "", "day 3", 4, 'root ::= [0-9] " " [0-9]', 1, 0.0)).text
    assert mind.card.wording is Wording.CUE
    assert [len(digit) for digit in reply.split(" ")] == [1, 1]
    mind.close()


def test_any_file_takes_a_seat(models_path: Path) -> None:
    mind = seat_mind(f"gguf:{models_path / 'quill.gguf'}")
    assert mind.card.wording is Wording.PROSE
    assert mind.count_tokens("You trade.", "Choose.") > mind.count_tokens("", "Choose.")
    mind.close()


def test_a_house_model_that_is_not_there_is_a_missing_part(installed: Path) -> None:
    with pytest.raises(MissingPart, match="house:tansy"):
        seat_mind("house:tansy")
    with pytest.raises(MissingPart):
        seat_mind(f"gguf:{installed / 'none.gguf'}")


@pytest.mark.parametrize(
    "reference",
    ["", "marrow", "house:", "house:Marrow", "house:../marrow", "gguf:", "understudy:marrow", "scripted:x", "a\nb"],
)
def test_an_unknown_reference_lists_what_there_is(reference: str) -> None:
    with pytest.raises(UnknownMind) as caught:
        seat_mind(reference)
    message = str(caught.value)
    assert "\n" not in message
    assert all(f"house:{name}" in message for name in HOUSE_NAMES)
    assert "gguf:PATH" in message


def test_rows_tell_what_is_there(installed: Path) -> None:
    rows = {row.reference: row for row in list_minds()}
    assert list(rows) == [f"house:{name}" for name in HOUSE_NAMES]
    there = rows["house:marrow"]
    assert (there.lab, there.family, there.licence, there.state) == ("Test Lab", "llama", "apache-2.0", FileState.THERE)
    assert there.size_bytes == (installed / "marrow.gguf").stat().st_size
    assert there.parameters == read_head(installed / "marrow.gguf").parameters
    assert rows["house:tansy"].state is FileState.MISSING
    assert rows["house:tansy"].size_bytes == 0


def test_a_broken_file_is_a_state_in_the_list_and_wrong_use_in_a_seat(
    models_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(models_path / "tokenizer.json", tmp_path)
    (tmp_path / "brock.gguf").write_bytes((models_path / "marrow.gguf").read_bytes()[:-999])
    monkeypatch.setattr(catalogue, "models_folder", lambda: tmp_path)
    states = {row.reference: row.state for row in list_minds()}
    assert states["house:brock"] is FileState.BROKEN
    with pytest.raises(WrongUse, match="cut short"):
        seat_mind("house:brock")
