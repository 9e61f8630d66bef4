"""Reads the head of a GGUF file: its key-values and where its tensors lie, each length checked first.

llama.cpp may abort the whole process on a malformed file, so every file passes here before the engine sees
it. This module knows the container, and what a language model's container must hold; it never reads weights,
and it knows nothing of the engine, of minds or of prompts.

Layout: the GGUF specification of the ggml project, versions 2 and 3, little-endian.
"""

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from fivepenny.errors import MissingPart, WrongUse

Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...]

MAGIC = b"GGUF"
VERSIONS = (2, 3)
DEFAULT_ALIGNMENT_BYTES = 32

# Bounds on what a head may claim, well above any real model, so that a bad length costs nothing.
HEAD_SIZE_MAX_BYTES = 256 * 1024 * 1024
ARRAY_LENGTH_MAX = 4_000_000
KEY_LENGTH_MAX_BYTES = 65_535
TENSOR_NAME_MAX_BYTES = 63
DIMENSIONS_MAX = 4
LAYERS_MAX = 512
INTEGER_MAX = 2**31 - 1  # the engine's counts are signed
SHOWN_NAME_MAX = 60

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_UINT32, _STRING, _ARRAY = 4, 8, 9
_KEY_VALUE_MIN_BYTES = 8 + 4 + 1
_TENSOR_MIN_BYTES = 8 + 4 + 8 + 4 + 8

# Tensor type: values in a block, bytes of a block (ggml's quantisation formats).
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its shape in numbers of values, fastest axis first, and its extent within the data."""

    name: str
    shape: tuple[int, ...]
    type_code: int
    offset_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class GgufHead:
    """What stands before the weights of one GGUF file, read and checked."""

    path: Path
    version: int
    size_bytes: int
    values: Mapping[str, Value]
    tensors: tuple[Tensor, ...]

    @property
    def architecture(self) -> str:
        """The family that llama.cpp runs it as (`general.architecture`)."""
        return self.text("general.architecture")

    @property
    def parameters(self) -> int:
        """Number of weights: the products of all tensor shapes, summed."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors)

    @property
    def context_tokens(self) -> int:
        """The longest text, in tokens, that the model was made for; 0 where the file does not say."""
        return self.number(f"{self.architecture}.context_length")

    def text(self, key: str, default: str = "") -> str:
        """The string at `key`, or `default` where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int = 0) -> int:
        """The integer at `key`, or `default` where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def items(self, key: str) -> tuple[Scalar, ...]:
        """The array at `key`, or an empty one where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()


def read_head(path: Path) -> GgufHead:
    """Read and check the head of the GGUF file at `path`.

    Raises `MissingPart` where there is no such file or it cannot be read, `WrongUse` where it is not a whole
    GGUF file of a kind that llama.cpp reads.
    """
    try:
        if not path.is_file():
            raise MissingPart(f"{path}: no such model file; give the path of a GGUF file")
        with path.open("rb") as file:
            size_bytes = file.seek(0, 2)
            if size_bytes < len(MAGIC) + 20:
                raise WrongUse(f"{path}: not a GGUF file: only {size_bytes} bytes; fetch the model again")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return _Reader(path, content, size_bytes).head()
    except OSError as error:
        raise MissingPart(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def check_language_model(head: GgufHead) -> None:
    """Check what llama.cpp takes on trust, or aborts on, in a model that writes text.

    Raises `WrongUse`, one line. Not everything that can abort the engine can be seen in a head.
    """
    family = head.architecture
    _need(head, family != "", "it names no architecture")
    _need(head, 1 <= head.number(f"{family}.block_count") <= LAYERS_MAX, f"its layers are not 1 to {LAYERS_MAX}")
    _need(head, 1 <= head.context_tokens <= INTEGER_MAX, "its context length is impossible")
    for key, value in head.values.items():
        if key.endswith("_epsilon"):
            _need(head, isinstance(value, float) and 0.0 <= value < 1.0, f"{_shown(key)} is not 0 to 1")
    heads = head.number(f"{family}.attention.head_count")
    shared = head.number(f"{family}.attention.head_count_kv", heads)
    if heads:
        _need(head, shared >= 1 and heads % shared == 0, "its key-value heads do not divide its heads")
    _check_tokens(head)


def _check_tokens(head: GgufHead) -> None:
    tokens = head.items("tokenizer.ggml.tokens")
    _need(head, bool(tokens), "it holds no list of tokens")
    # The engine reads a token up to its first zero byte, and aborts where two are then the same.
    seen = {token.partition("\0")[0] for token in tokens if isinstance(token, str)}
    _need(head, len(seen) == len(tokens), "its tokens are not all different texts")
    for key in ("tokenizer.ggml.token_type", "tokenizer.ggml.scores"):
        fits = key not in head.values or len(head.items(key)) == len(tokens)
        _need(head, fits, f"{key} does not fit its tokens")
    shapes = [tensor.shape for tensor in head.tensors if tensor.name == "token_embd.weight"]
    width = head.number(f"{head.architecture}.embedding_length")
    _need(head, shapes == [(width, len(tokens))], "its token embeddings do not fit its tokens")


def _need(head: GgufHead, holds: bool, what: str) -> None:
    if not holds:
        raise WrongUse(f"{head.path}: not a GGUF language model: {what}; fetch or export the model again")


class _Reader:
    """A cursor over a file's bytes that never steps past the end."""

    def __init__(self, path: Path, content: mmap.mmap, size_bytes: int) -> None:
        self._path = path
        self._content = content
        self._size_bytes = size_bytes
        self._end = min(size_bytes, HEAD_SIZE_MAX_BYTES)
        self._at = 0

    def head(self) -> GgufHead:
        if self._bytes(len(MAGIC), "its first bytes") != MAGIC:
            self._refuse("not a GGUF file: it does not begin with GGUF")
        version = int(self._number("I", "its version"))
        if version not in VERSIONS:
            self._refuse(f"GGUF version {version} is not supported (2 or 3, little-endian, is)")
        tensor_count = self._count("tensors", _TENSOR_MIN_BYTES)
        value_count = self._count("key-values", _KEY_VALUE_MIN_BYTES)
        values = self._values(value_count)
        alignment_bytes = self._alignment_bytes(values)
        tensors = self._tensors(tensor_count, alignment_bytes)
        data_start = _aligned(self._at, alignment_bytes)
        for tensor in tensors:
            missing_bytes = data_start + tensor.offset_bytes + tensor.size_bytes - self._size_bytes
            if missing_bytes > 0:
                self._refuse(f"cut short: tensor {_shown(tensor.name)} lacks {missing_bytes} bytes")
        return GgufHead(self._path, version, self._size_bytes, MappingProxyType(values), tensors)

    def _values(self, count: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for _ in range(count):
            key = self._text("a key", KEY_LENGTH_MAX_BYTES, strict=True)
            if key in values:
                self._refuse(f"key {_shown(key)} stands twice")
            type_code = int(self._number("I", f"the type of {_shown(key)}"))
            values[key] = self._value(type_code, _shown(key))
        return values

    def _value(self, type_code: int, name: str) -> Value:
        if type_code == _STRING:
            return self._text(name, self._end)
        if type_code == _ARRAY:
            return self._array(name)
        if type_code not in _NUMBERS:
            self._refuse(f"{name} has the unknown type {type_code}")
        return self._number(_NUMBERS[type_code], name)

    def _array(self, name: str) -> tuple[Scalar, ...]:
        type_code = int(self._number("I", f"the item type of {name}"))
        if type_code != _STRING and type_code not in _NUMBERS:
            self._refuse(f"{name} is a list of the unsupported type {type_code}")
        item_min_bytes = 8 if type_code == _STRING else struct.calcsize("<" + _NUMBERS[type_code])
        count = self._count(f"items of {name}", item_min_bytes, ARRAY_LENGTH_MAX)
        if type_code == _STRING:
            return tuple(self._text(f"an item of {name}", self._end) for _ in range(count))
        layout = f"<{count}{_NUMBERS[type_code]}"
        return struct.unpack(layout, self._bytes(count * item_min_bytes, name))

    def _alignment_bytes(self, values: Mapping[str, Value]) -> int:
        alignment = values.get("general.alignment", DEFAULT_ALIGNMENT_BYTES)
        if type(alignment) is not int or alignment < 1 or alignment & (alignment - 1):
            self._refuse("its alignment is not a power of two")
        return alignment

    def _tensors(self, count: int, alignment_bytes: int) -> tuple[Tensor, ...]:
        tensors: dict[str, Tensor] = {}
        next_offset_bytes = 0
        for _ in range(count):
            tensor = self._tensor()
            if tensor.name in tensors:
                self._refuse(f"tensor {_shown(tensor.name)} stands twice")
            if tensor.offset_bytes != next_offset_bytes:
                self._refuse(f"tensor {_shown(tensor.name)} does not follow the one before it")
            next_offset_bytes += _aligned(tensor.size_bytes, alignment_bytes)
            tensors[tensor.name] = tensor
        return tuple(tensors.values())

    def _tensor(self) -> Tensor:
        name = self._text("a tensor's name", TENSOR_NAME_MAX_BYTES, strict=True)
        where = f"tensor {_shown(name)}"
        dimensions = int(self._number("I", f"the dimensions of {where}"))
        if not 1 <= dimensions <= DIMENSIONS_MAX:
            self._refuse(f"{where} has {dimensions} dimensions (1 to {DIMENSIONS_MAX} can be)")
        shape = tuple(int(self._number("Q", f"the shape of {where}")) for _ in range(dimensions))
        type_code = int(self._number("I", f"the type of {where}"))
        if type_code not in _BLOCKS:
            self._refuse(f"{where} has the unknown type {type_code}")
        block_values, block_bytes = _BLOCKS[type_code]
        if min(shape) < 1 or shape[0] % block_values:
            self._refuse(f"{where} has an impossible shape")
        size_bytes = math.prod(shape) // block_values * block_bytes
        return Tensor(name, shape, type_code, int(self._number("Q", f"the offset of {where}")), size_bytes)

    def _count(self, what: str, item_min_bytes: int, limit: int | None = None) -> int:
        count = int(self._number("Q", f"its number of {what}"))
        left = (self._end - self._at) // item_min_bytes
        if count > (left if limit is None else min(left, limit)):
            self._refuse(f"it claims {count} {what}, more than it can hold")
        return count

    def _text(self, what: str, limit_bytes: int, *, strict: bool = False) -> str:
        length_bytes = int(self._number("Q", f"the length of {what}"))
        if length_bytes > limit_bytes:
            self._refuse(f"{what} claims {length_bytes} bytes")
        raw = self._bytes(length_bytes, what)
        try:
            return raw.decode("utf-8", "strict" if strict else "replace")
        except UnicodeDecodeError:
            self._refuse(f"{what} is not text")

    def _number(self, layout: str, what: str) -> int | float | bool:
        (value,) = struct.unpack("<" + layout, self._bytes(struct.calcsize("<" + layout), what))
        if not isinstance(value, int | float):
            self._refuse(f"{what} is not a number")
        return value

    def _bytes(self, length_bytes: int, what: str) -> bytes:
        if length_bytes > self._end - self._at:
            self._refuse(f"cut short within {what}")
        self._at += length_bytes
        return self._content[self._at - length_bytes : self._at]

    def _refuse(self, what: str) -> NoReturn:
        raise WrongUse(f"{self._path}: malformed model file: {what}; fetch or export the model again")


def _aligned(position: int, alignment_bytes: int) -> int:
    return (position + alignment_bytes - 1) // alignment_bytes * alignment_bytes


def _shown(name: str) -> str:
    """A name from an untrusted file, fit for one line of a message."""
    return ascii(name[:SHOWN_NAME_MAX])
