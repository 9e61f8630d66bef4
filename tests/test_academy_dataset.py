"""Encoded examples: where loss falls, that nothing is lost, and that the order is a function of seed and step."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy_samples import sample_examples, sample_tokenizer, write_examples
from fivepenny.academy.dataset import PAD_MULTIPLE, BatchOrder, ExampleTable, encode_examples, read_examples
from fivepenny.academy.tokenizer import BEGIN_ID, END_ID
from fivepenny.errors import WrongUse

TOKENIZER = sample_tokenizer()


@st.composite
def tables(draw: st.DrawFn) -> ExampleTable:
    """Sequences of distinguishable tokens, each with a target of at least one token before the end."""
    shapes = draw(st.lists(st.tuples(st.integers(0, 70), st.integers(1, 9)), min_size=1, max_size=40))
    rows = []
    for prompt, target in shapes:
        rows.append([BEGIN_ID, *range(2, 2 + prompt), *range(1000, 1000 + target), END_ID])
    starts = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return ExampleTable(
        np.concatenate(rows).astype(np.uint16), starts, np.array([1 + prompt for prompt, _ in shapes], dtype=np.int64)
    )


@given(tables(), st.integers(1, 12), st.integers(0, 5), st.integers(0, 200))
def test_loss_falls_on_target_and_end_alone(table: ExampleTable, size: int, seed: int, step: int) -> None:
    order = BatchOrder(table, size, seed)
    batch = order.batch_at(step)
    chosen = order.examples_at(step)
    assert batch.inputs.shape[0] == size
    assert batch.inputs.shape[1] % PAD_MULTIPLE == 0
    labels = iter(zip(batch.positions.tolist(), batch.labels.tolist(), strict=True))
    for row, number in enumerate(chosen):
        sequence = table.tokens[table.starts[number] : table.starts[number + 1]].tolist()
        assert batch.inputs[row, : len(sequence) - 1].tolist() == sequence[:-1]
        assert set(batch.inputs[row, len(sequence) - 1 :].tolist()) <= {END_ID}
        for column in range(int(table.target_starts[number]) - 1, len(sequence) - 1):
            assert next(labels) == (row * batch.inputs.shape[1] + column, sequence[column + 1])
    assert next(labels, None) is None


@given(tables(), st.integers(1, 12), st.integers(0, 5), st.integers(0, 3))
def test_an_epoch_shows_every_example_once_less_a_remainder(
    table: ExampleTable, size: int, seed: int, epoch: int
) -> None:
    order = BatchOrder(table, size, seed)
    first = epoch * order.steps_in_epoch
    seen = np.concatenate([order.examples_at(first + step) for step in range(order.steps_in_epoch)])
    counts = np.bincount(seen, minlength=len(table))
    if len(table) >= size:
        assert counts.max() == 1
        assert len(table) - counts.sum() < size
    else:
        assert counts.min() >= 1


def test_the_order_is_a_function_of_seed_and_step_and_epochs_differ() -> None:
    count = 100
    starts = np.arange(count + 1, dtype=np.int64) * 4
    table = ExampleTable(np.full(count * 4, 5, dtype=np.uint16), starts, np.full(count, 2, dtype=np.int64))
    walked = BatchOrder(table, 10, 1)
    forward = [walked.examples_at(step).tolist() for step in range(30)]
    jumped = BatchOrder(table, 10, 1)
    assert [jumped.examples_at(step).tolist() for step in reversed(range(30))] == forward[::-1]
    assert forward[:10] != forward[10:20]
    assert [BatchOrder(table, 10, 2).examples_at(step).tolist() for step in range(30)] != forward


def test_encoded_examples_hold_begin_prompt_target_end(tmp_path: Path) -> None:
    examples = sample_examples(20)
    source = write_examples(tmp_path / "some.jsonl", examples)
    table = encode_examples([source], TOKENIZER, tmp_path / "some.npz", context=64)
    assert len(table) == 20
    for number, example in enumerate(examples):
        sequence = table.tokens[table.starts[number] : table.starts[number + 1]].tolist()
        cut = int(table.target_starts[number])
        assert (sequence[0], sequence[-1]) == (BEGIN_ID, END_ID)
        assert TOKENIZER.decode(sequence[:cut]) == example["prompt"]
        assert TOKENIZER.decode(sequence[cut:]) == example["target"]
    again = read_examples(tmp_path / "some.npz")
    assert all(
        np.array_equal(left, right)
        for left, right in (
            (table.tokens, again.tokens),
            (table.starts, again.starts),
            (table.target_starts, again.target_starts),
        )
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not an example"),
        ('["prompt", "target"]', "not an example"),
        ('{"prompt": "a"}', "not an example"),
        ('{"prompt": 1, "target": "a"}', "must be text"),
        ('{"prompt": "a", "target": ""}', "must be text"),
        (json.dumps({"prompt": " rye" * 70, "target": " rye"}), "73 tokens, more than the context of 64"),
    ],
)
def test_a_line_that_is_no_example_is_refused_with_its_place(tmp_path: Path, line: str, complaint: str) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_text('{"prompt": "a", "target": "b"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=rf"bad\.jsonl:2: .*{complaint}"):
        encode_examples([source], TOKENIZER, tmp_path / "bad.npz", context=64)
    assert not (tmp_path / "bad.npz").exists()


def test_missing_empty_and_broken_files_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot read"):
        encode_examples([tmp_path / "none.jsonl"], TOKENIZER, tmp_path / "out.npz", context=64)
    with pytest.raises(WrongUse, match="no examples"):
        encode_examples([write_examples(tmp_path / "empty.jsonl", [])], TOKENIZER, tmp_path / "out.npz", context=64)
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 not an archive")
    for path in (broken, tmp_path / "none.npz"):
        with pytest.raises(WrongUse, match="cannot read"):
            read_examples(path)
