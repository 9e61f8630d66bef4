"""The reader of GGUF heads: what another hand wrote is read, and no damage does more than raise one line."""

import os
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import gguf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.errors import MissingPart, WrongUse
from fivepenny.minds.gguf import (
    _BLOCKS,
    HEAD_SIZE_MAX_BYTES,
    GgufHead,
    Value,
    check_language_model,
    read_head,
)

Refusal = Callable[[bytes], str]


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """Reads the given bytes as a file and returns the one line that refuses them."""

    def read(content: bytes) -> str:
        path = tmp_path / "damaged.gguf"
        path.write_bytes(content)
        with pytest.raises(WrongUse) as caught:
            read_head(path)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return read


@pytest.fixture(scope="session")
def whole(models_path: Path) -> bytes:
    return (models_path / "marrow.gguf").read_bytes()


def test_reads_what_the_gguf_package_reads(models_path: Path) -> None:
    path = models_path / "marrow.gguf"
    head = read_head(path)
    other = gguf.GGUFReader(path)
    assert head.architecture == "llama"
    assert head.text("general.name") == "Tiny Test"
    assert head.context_tokens == 512
    assert head.size_bytes == path.stat().st_size
    assert head.parameters == sum(int(tensor.n_elements) for tensor in other.tensors)
    assert [(tensor.name, list(tensor.shape), tensor.size_bytes) for tensor in head.tensors] == [
        (tensor.name, [int(size) for size in tensor.shape], int(tensor.n_bytes)) for tensor in other.tensors
    ]
    keys = {key for key in other.fields if not key.startswith("GGUF.")}
    assert keys == set(head.values)
    for key in keys - {"tokenizer.ggml.tokens", "tokenizer.ggml.merges"}:
        value = head.values[key]
        assert (list(value) if isinstance(value, tuple) else value) == other.fields[key].contents()
    check_language_model(head)


def test_block_sizes_are_those_of_the_gguf_package() -> None:
    other = {int(kind): sizes for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    assert {code: sizes for code, sizes in _BLOCKS.items() if code in other} == {
        code: other[code] for code in _BLOCKS if code in other
    }
    assert len(_BLOCKS.keys() & other.keys()) > 25


def test_a_file_cut_anywhere_is_refused(whole: bytes, refusal: Refusal) -> None:
    for length in [*range(600), *range(600, len(whole), 499), len(whole) - 40]:
        refusal(whole[:length])


@settings(max_examples=300, deadline=None)
@given(tail=st.binary(max_size=400), known=st.integers(0, 3))
def test_garbage_is_refused(tmp_path_factory: pytest.TempPathFactory, tail: bytes, known: int) -> None:
    start = b"".join([b"GGUF", struct.pack("<I", 3), struct.pack("<QQ", 2, 3)][:known])
    path = tmp_path_factory.getbasetemp() / "garbage.gguf"
    path.write_bytes(start + tail)
    with pytest.raises(WrongUse) as caught:
        read_head(path)
    assert "\n" not in str(caught.value)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_flipped_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, 12_000))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "flipped.gguf"
    path.write_bytes(damaged)
    try:
        check_language_model(read_head(path))
    except WrongUse as error:
        assert "\n" not in str(error)


# Where the fixed fields of the head lie: version, number of tensors, number of key-values, first key's length.
@pytest.mark.parametrize("at", [8, 16, 24])
@pytest.mark.parametrize("claim", [2**63, 2**64 - 1, 2**40, HEAD_SIZE_MAX_BYTES])
def test_a_huge_claim_costs_nothing(whole: bytes, refusal: Refusal, at: int, claim: int) -> None:
    damaged = whole[:at] + struct.pack("<Q", claim) + whole[at + 8 :]
    tracemalloc.start()
    refusal(damaged)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2_000_000


def test_a_huge_array_claim_costs_nothing(refusal: Refusal) -> None:
    for kind in (0, 4, 8, 12):
        claim = struct.pack("<IIQ", 9, kind, 2**62)
        content = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + claim + bytes(64)
        assert "more than it can hold" in refusal(content)


def head_bytes(values: bytes = b"", tensors: bytes = b"", counts: tuple[int, int] = (0, 0)) -> bytes:
    """A head of `counts` tensors and key-values, written by hand."""
    return b"GGUF" + struct.pack("<IQQ", 3, *counts) + values + tensors


def tensor_bytes(
    name: bytes, shape: tuple[int, ...] = (32,), kind: int = 0, offset: int = 0, dimensions: int | None = None
) -> bytes:
    sizes = struct.pack(f"<{len(shape)}Q", *shape)
    count = len(shape) if dimensions is None else dimensions
    return struct.pack("<Q", len(name)) + name + struct.pack("<I", count) + sizes + struct.pack("<IQ", kind, offset)


VALUE = struct.pack("<Q", 1) + b"k" + struct.pack("<II", 4, 7)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK" + bytes(100), "does not begin with GGUF"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(100), "version 1"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(100), "little-endian"),
        (head_bytes(VALUE + VALUE + bytes(64), counts=(0, 2)), "twice"),
        (head_bytes(struct.pack("<Q", 1) + b"\xff" + bytes(64), counts=(0, 1)), "not text"),
        (head_bytes(struct.pack("<Q", 1) + b"k" + struct.pack("<I", 13) + bytes(64), counts=(0, 1)), "type 13"),
        (head_bytes(struct.pack("<Q", 1) + b"k" + struct.pack("<II", 9, 9) + bytes(64), counts=(0, 1)), "list"),
        (head_bytes(tensors=tensor_bytes(b"t") + bytes(64), counts=(1, 0)), "lacks"),
        (head_bytes(tensors=tensor_bytes(b"t", kind=77) + bytes(200), counts=(1, 0)), "unknown type 77"),
        (head_bytes(tensors=tensor_bytes(b"t", (0,)) + bytes(200), counts=(1, 0)), "shape"),
        (head_bytes(tensors=tensor_bytes(b"t", (33,), kind=8) + bytes(200), counts=(1, 0)), "shape"),
        (head_bytes(tensors=tensor_bytes(b"t", (2**63, 2**63)) + bytes(200), counts=(1, 0)), "lacks"),
        (head_bytes(tensors=tensor_bytes(b"t", dimensions=5) + bytes(200), counts=(1, 0)), "dimensions"),
        (head_bytes(tensors=tensor_bytes(b"t", offset=32) + bytes(900), counts=(1, 0)), "follow"),
        (head_bytes(tensors=tensor_bytes(b"t" * 64) + bytes(900), counts=(1, 0)), "claims 64 bytes"),
        (head_bytes(tensors=tensor_bytes(b"t") * 2 + bytes(900), counts=(2, 0)), "twice"),
        (
            head_bytes(
                struct.pack("<Q", 17) + b"general.alignment" + struct.pack("<II", 4, 24) + bytes(64), counts=(0, 1)
            ),
            "power of two",
        ),
    ],
)
def test_each_fault_is_named(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_a_name_from_the_file_cannot_break_the_line(refusal: Refusal) -> None:
    key = b"a\nb\x1b[31m"
    values = struct.pack("<Q", len(key)) + key + struct.pack("<I", 99) + bytes(64)
    assert "\x1b" not in refusal(head_bytes(values, counts=(0, 1)))


def test_what_is_no_readable_file_is_a_missing_part(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gguf", tmp_path, tmp_path / ("x" * 5000)):
        with pytest.raises(MissingPart):
            read_head(path)
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(MissingPart):
        read_head(tmp_path / "pipe.gguf")


@pytest.fixture(scope="session")
def sound_head(models_path: Path) -> GgufHead:
    return read_head(models_path / "marrow.gguf")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("general.architecture", 3, "architecture"),
        ("llama.block_count", 0, "layers"),
        ("llama.block_count", 10**9, "layers"),
        ("llama.context_length", 0, "context"),
        ("llama.context_length", 2**31, "context"),
        ("llama.embedding_length", 31, "embeddings"),
        ("llama.attention.head_count_kv", 3, "divide"),
        ("llama.attention.head_count_kv", 0, "divide"),
        ("llama.attention.layer_norm_rms_epsilon", -1.0, "epsilon"),
        ("llama.attention.layer_norm_rms_epsilon", float("nan"), "epsilon"),
        ("tokenizer.ggml.tokens", (), "tokens"),
        ("tokenizer.ggml.tokens", ("a", "a"), "different"),
        ("tokenizer.ggml.tokens", ("a", "a\0b"), "different"),
        ("tokenizer.ggml.tokens", ("a", "b"), "token_type"),
        ("tokenizer.ggml.token_type", (1,), "token_type"),
        ("tokenizer.ggml.scores", (1.0,), "scores"),
    ],
)
def test_a_model_that_would_break_the_engine_is_refused(
    sound_head: GgufHead, key: str, value: Value, reason: str
) -> None:
    odd = replace(sound_head, values=MappingProxyType({**sound_head.values, key: value}))
    check_language_model(sound_head)
    with pytest.raises(WrongUse, match=reason):
        check_language_model(odd)


def test_a_model_without_embeddings_is_refused(sound_head: GgufHead) -> None:
    with pytest.raises(WrongUse, match="embeddings"):
        check_language_model(replace(sound_head, tensors=sound_head.tensors[1:]))
