"""The road plan's files and its measuring, on miniatures: llama.cpp loads every shape, and the five play a day."""

import sys
from pathlib import Path
from typing import Any

import pytest

from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.gguf import check_language_model, read_head
from fivepenny.minds.mind import Request, Task, Wording
from fivepenny.minds.touring import catalogue
from road_plan import as_markdown, file_of, measure
from road_shapes import (
    POCKET,
    QUANTISATIONS,
    ModelShape,
    count_parameters,
    made_up_words,
    miniature,
    trained_tokenizer,
    write_model,
)

SHAPES = pytest.mark.parametrize("shape", POCKET, ids=lambda shape: shape.name)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A miniature of each shape, by the shape's name."""
    folder = tmp_path_factory.mktemp("road")
    return {shape.name: write_model(file_of(folder, shape, "Q8_0"), miniature(shape)) for shape in POCKET}


def test_the_shapes_are_the_pocket_company() -> None:
    assert tuple(shape.name for shape in POCKET) == catalogue().companies["pocket"]


@SHAPES
def test_a_shape_has_the_weights_and_the_size_that_the_lab_states(shape: ModelShape) -> None:
    model = catalogue().find(shape.name)
    assert model is not None
    weights = count_parameters(shape)
    assert weights == pytest.approx(model.parameters, rel=0.01)
    assert shape.parameters in (0, weights)
    if model.quantisation == "Q8_0":
        # Thirty-four bytes for thirty-two weights; the vocabulary's text is the rest.
        assert weights * 34 / 32 == pytest.approx(model.size_bytes, rel=0.03)


@SHAPES
def test_a_miniature_is_whole_and_answers_by_its_own_template(shape: ModelShape, files: dict[str, Path]) -> None:
    head = read_head(files[shape.name])
    check_language_model(head)
    assert head.architecture == shape.family
    assert head.parameters == count_parameters(miniature(shape))
    mind = seat_mind(f"gguf:{files[shape.name]}")
    try:
        assert mind.card.wording is Wording.PROSE
        reply = mind.complete(
            Request(Task.REPLY, "You are Brock.", "Choose: hold.", 40, 'root ::= "hold" [a-z]*', 1, 0.7)
        )
        assert reply.text.startswith("hold")
        assert reply.prompt_tokens > len(trained_tokenizer(shape.marks).encode("You are Brock.\nChoose: hold.").ids)
    finally:
        mind.close()


@SHAPES
@pytest.mark.parametrize("quantisation", QUANTISATIONS)
def test_every_tensor_is_quantised_that_can_be(shape: ModelShape, quantisation: str, tmp_path: Path) -> None:
    small = miniature(shape)
    kind = QUANTISATIONS[quantisation][0]
    tensors = read_head(write_model(tmp_path / "model.gguf", small, quantisation)).tensors
    assert {t.type_code for t in tensors if len(t.shape) == 2 and t.shape[0] % 32 == 0} == {kind.value}
    assert all(t.size_bytes == 4 * t.shape[0] for t in tensors if len(t.shape) == 1)


def test_the_same_seed_writes_the_same_file(tmp_path: Path) -> None:
    shape = miniature(POCKET[0])
    first, again, other = (write_model(tmp_path / str(n), shape, seed=seed) for n, seed in enumerate((1, 1, 2)))
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()


def test_made_up_words_are_new() -> None:
    from random import Random

    taken = set(made_up_words(50, set(), Random(1)))
    assert len(set(made_up_words(200, taken, Random(1))) - taken) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from the kernel's own account")
def test_the_five_play_a_day_and_are_measured(files: dict[str, Path]) -> None:
    found: dict[str, Any] = measure(list(files.values()), 1, 1)
    assert found["most resident while playing, MiB"] >= found["resident before opening, MiB"]
    for table in ("memory", "season", "alone"):
        assert [row["model"] for row in found[table]] == [path.stem for path in files.values()]
        assert as_markdown(found[table]).count("\n") == len(POCKET) + 1
    for row in found["season"]:
        assert row["calls a day"] >= 1
        assert row["prompt tokens a decision"] > 100
    assert all(row["prompt tokens a second"] > 0 and row["reply tokens a second"] > 0 for row in found["alone"])
