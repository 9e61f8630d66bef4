"""Examples of prompt and target as token ids, and the order in which training sees them.

A sequence is begin, prompt, target, end; loss falls on the target and the end alone. This module does not know
models or what an example is about. The order is a pure function of seed and step, so that a resumed run sees
what an undisturbed one would.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile
from zlib import error

import numpy as np
import numpy.typing as npt

from fivepenny.academy.tokenizer import BEGIN_ID, END_ID, CueTokenizer
from fivepenny.errors import WrongUse

# Rows are padded to a multiple of this, so that few shapes occur.
PAD_MULTIPLE = 32
# Examples of this many batches are sorted by length together before they are cut into batches.
SORTED_BATCHES = 64
ENCODED_TOGETHER = 4096

Tokens = npt.NDArray[np.uint16]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Many sequences end to end.

    `tokens` is flat; sequence i is `tokens[starts[i]:starts[i + 1]]`; its loss begins at the token with index
    `target_starts[i]` within the sequence.
    """

    tokens: Tokens
    starts: Indices
    target_starts: Indices

    def __len__(self) -> int:
        return len(self.target_starts)

    def lengths(self) -> Indices:
        """Tokens of each sequence, control tokens included."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of training sees.

    `inputs` has shape (examples, width), padded on the right; `positions` are flat indices into it whose next
    token bears loss, and `labels` those next tokens.
    """

    inputs: Indices
    positions: Indices
    labels: Indices


def encode_examples(sources: Iterable[Path], tokenizer: CueTokenizer, out: Path, context: int) -> ExampleTable:
    """Encode JSONL examples into a table and write it to `out` (.npz), whole or not at all.

    Raises `WrongUse` with file and line for an example that is malformed or longer than `context` tokens.
    """
    sequences: list[list[int]] = []
    target_starts: list[int] = []
    for chunk in _in_chunks(_examples(sources)):
        prompts = tokenizer.encode_all([prompt for _, prompt, _ in chunk])
        targets = tokenizer.encode_all([target for _, _, target in chunk])
        for (place, _, _), prompt_ids, target_ids in zip(chunk, prompts, targets, strict=True):
            sequence = [BEGIN_ID, *prompt_ids, *target_ids, END_ID]
            if len(sequence) > context:
                raise WrongUse(f"{place}: {len(sequence)} tokens, more than the context of {context}")
            sequences.append(sequence)
            target_starts.append(1 + len(prompt_ids))
    if not sequences:
        raise WrongUse("there are no examples to encode")
    starts = np.cumsum([0, *(len(sequence) for sequence in sequences)], dtype=np.int64)
    tokens = np.fromiter((token for row in sequences for token in row), dtype=np.uint16, count=int(starts[-1]))
    table = ExampleTable(tokens, starts, np.asarray(target_starts, dtype=np.int64))
    _write(table, out)
    return table


def _in_chunks(
    examples: Iterable[tuple[str, str, str]],
) -> Iterator[list[tuple[str, str, str]]]:
    chunk: list[tuple[str, str, str]] = []
    for example in examples:
        chunk.append(example)
        if len(chunk) == ENCODED_TOGETHER:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _examples(sources: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    """Place, prompt and target of every line."""
    for source in sources:
        try:
            lines = source.open(encoding="utf-8")
        except OSError as fault:
            raise WrongUse(f"{source}: cannot read these examples: {fault}") from fault
        with lines:
            for number, line in enumerate(lines, start=1):
                place = f"{source}:{number}"
                yield place, *_prompt_and_target(line, place)


def _prompt_and_target(line: str, place: str) -> tuple[str, str]:
    try:
        example = json.loads(line)
        prompt, target = example["prompt"], example["target"]
    except (json.JSONDecodeError, KeyError, TypeError) as fault:
        raise WrongUse(f"{place}: not an example with prompt and target: {fault}") from fault
    if not isinstance(prompt, str) or not isinstance(target, str) or not target:
        raise WrongUse(f"{place}: prompt and target must be text, and target not empty")
    return prompt, target


def _write(table: ExampleTable, out: Path) -> None:
    draft = out.with_name(out.name + ".draft")
    with draft.open("wb") as file:
        np.savez_compressed(file, tokens=table.tokens, starts=table.starts, target_starts=table.target_starts)
    draft.replace(out)


def read_examples(path: Path) -> ExampleTable:
    """Read a table that `encode_examples` wrote. Raises `WrongUse` for anything else."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            table = ExampleTable(arrays["tokens"], arrays["starts"], arrays["target_starts"])
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile, error) as fault:
        raise WrongUse(f"{path}: cannot read these encoded examples: {fault}") from fault
    if len(table.starts) != len(table) + 1 or not len(table) or int(table.starts[-1]) != len(table.tokens):
        raise WrongUse(f"{path}: the encoded examples contradict themselves; encode them again")
    return table


class BatchOrder:
    """Which examples each step sees. An epoch shows every example once, less a remainder below one batch."""

    def __init__(self, table: ExampleTable, batch: int, seed: int) -> None:
        self._table = table
        self._lengths = table.lengths()
        self._batch = batch
        self._seed = seed
        self._epoch = -1
        self._plan: Indices = np.zeros((0, batch), dtype=np.int64)
        self.steps_in_epoch = max(1, len(table) // batch)

    def examples_at(self, step: int) -> Indices:
        """Numbers of the examples of a step, counted from 0; shape (batch,)."""
        epoch, place = divmod(step, self.steps_in_epoch)
        if epoch != self._epoch:
            self._plan = self._planned(epoch)
            self._epoch = epoch
        row: Indices = self._plan[place]
        return row

    def _planned(self, epoch: int) -> Indices:
        """Shape (steps, batch). A table smaller than a batch is repeated to fill it."""
        lot = np.random.default_rng([self._seed, epoch])
        order = np.resize(lot.permutation(len(self._table)), self.steps_in_epoch * self._batch)
        rows: list[Indices] = []
        edges = [*range(0, len(order), SORTED_BATCHES * self._batch), len(order)]
        for low, high in pairwise(edges):
            chunk = order[low:high]
            by_length = chunk[np.argsort(self._lengths[chunk], kind="stable")].reshape(-1, self._batch)
            rows.append(by_length[lot.permutation(len(by_length))])
        return np.concatenate(rows)

    def batch_at(self, step: int) -> Batch:
        """The padded batch of a step."""
        chosen = self.examples_at(step)
        starts = self._table.starts[chosen]
        # The last token is never an input: nothing follows it.
        lengths = self._lengths[chosen] - 1
        width = -(-int(lengths.max()) // PAD_MULTIPLE) * PAD_MULTIPLE
        columns = np.arange(width)
        within = columns < lengths[:, None]
        flat = starts[:, None] + np.minimum(columns, lengths[:, None])
        inputs = np.where(within, self._table.tokens[flat], END_ID).astype(np.int64)
        bears_loss = within & (columns >= self._table.target_starts[chosen][:, None] - 1)
        positions = np.flatnonzero(bears_loss)
        labels = self._table.tokens[(flat + 1)[bears_loss]].astype(np.int64)
        return Batch(inputs, positions, labels)
