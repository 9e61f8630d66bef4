"""GGUF files of random weights in the true shapes of the pocket company, and in miniatures of those shapes.

A file of random weights takes the memory and the time of the real one and says nothing that makes sense. Its tokenizer
is a byte-level BPE of the package's own text; the vocabulary is filled up to the true size with made-up words, which no
text is encoded to but replies are drawn from. Weights are written tensor by tensor, so that a file needs little memory.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from random import Random

import gguf
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from servers import CHAT_TEMPLATES

NORM_EPSILON = 1e-5
TRAINED_TOKENS = 12_000
ROWS_AT_ONCE = 8192
QUANTISATIONS = {
    "Q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "Q4_0": (gguf.GGMLQuantizationType.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What decides a model's memory and speed; the embeddings are tied to the output in all of them.

    `convolutions` are the layers that convolve instead of attending, `window_tokens` what a local layer looks back.
    `parameters` is the lab's count where it gives an exact one, else 0.
    """

    name: str
    family: str
    layers: int
    width: int
    inner: int
    heads: int
    key_heads: int
    head_size: int
    vocabulary: int
    context_tokens: int
    rope_base: float
    parameters: int
    marks: tuple[str, ...]
    template: str
    convolutions: tuple[int, ...] = ()
    window_tokens: int = 0


_CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_ROLES = (
    "{% for m in messages %}<|start_of_role|>{{ m['role'] }}<|end_of_role|>{{ m['content'] }}<|end_of_text|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|start_of_role|>assistant<|end_of_role|>{% endif %}"
)
# The first mark begins a text, the second ends a turn.
POCKET = (
    ModelShape(
        "smollm2-135m", "llama", 30, 576, 1536, 9, 3, 64, 49_152, 8192, 1e5, 134_515_008,
        ("<|im_start|>", "<|im_end|>"), _CHATML,
    ),
    ModelShape(
        "gemma-3-270m", "gemma3", 18, 640, 2048, 4, 1, 256, 262_144, 32_768, 1e6, 0,
        ("<bos>", "<end_of_turn>", "<start_of_turn>"), CHAT_TEMPLATES["gemma3"], window_tokens=512,
    ),
    ModelShape(
        "qwen3-0.6b", "qwen3", 28, 1024, 3072, 16, 8, 128, 151_936, 40_960, 1e6, 0,
        ("<|endoftext|>", "<|im_end|>", "<|im_start|>"), CHAT_TEMPLATES["qwen3"],
    ),
    ModelShape(
        "granite-4.0-350m", "granite", 28, 1024, 2048, 16, 4, 64, 100_352, 32_768, 1e7, 0,
        ("<|start_of_role|>", "<|end_of_text|>", "<|end_of_role|>"), _ROLES,
    ),
    ModelShape(
        "lfm2-350m", "lfm2", 16, 1024, 4608, 16, 8, 64, 65_536, 32_768, 1e6, 354_483_968,
        ("<|startoftext|>", "<|im_end|>", "<|im_start|>"), _CHATML, convolutions=(0, 1, 3, 4, 6, 7, 9, 11, 13, 15),
    ),
)  # fmt: skip
# The multipliers of Granite's graph: they cost nothing, and keep random weights in range.
GRANITE_SCALES = {"embedding": 12.0, "residual": 0.25, "attention": 1 / 64, "logit": 4.0}
GEMMA_LOCAL_ROPE_BASE = 1e4
CONVOLUTION_TOKENS = 3


def miniature(shape: ModelShape) -> ModelShape:
    """The same family with every kind of layer, small enough for a test."""
    layers = 6 if shape.window_tokens else 3
    key_heads = max(1, 4 * shape.key_heads // shape.heads)
    head_size = 32 if shape.heads * shape.head_size == shape.width else 64
    return replace(
        shape, name=f"{shape.name}-miniature", layers=layers, width=128, inner=256, heads=4, key_heads=key_heads,
        head_size=head_size, vocabulary=trained_tokenizer(shape.marks).get_vocab_size() + 500, context_tokens=2048,
        parameters=0, convolutions=tuple(layer for layer in shape.convolutions if layer < layers),
    )  # fmt: skip


@cache
def trained_tokenizer(marks: tuple[str, ...]) -> Tokenizer:
    """A byte-level BPE of the package's lines, scenarios and sources, with these marks first as its control tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TRAINED_TOKENS,
        special_tokens=list(marks),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    package = Path(str(resources.files("fivepenny")))
    texts = sorted(file for kind in ("data/lines/*", "data/scenarios/*", "**/*.py") for file in package.glob(kind))
    tokenizer.train_from_iterator((text.read_text("utf-8") for text in texts), trainer)
    return tokenizer


def made_up_words(count: int, taken: set[str], lot: Random) -> list[str]:
    """So many different words with a space before them (as byte-level BPE writes it), none of them taken."""
    found: dict[str, None] = {}
    while len(found) < count:
        letters = (lot.choice("aeiouy" if place % 2 else "bdfghklmnprstvw") for place in range(lot.randint(3, 9)))
        word = "Ġ" + "".join(letters)
        if word not in taken:
            found[word] = None
    return list(found)


def tensors_of(shape: ModelShape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every tensor by llama.cpp's name, with its shape in rows and columns; one number is a vector of ones."""
    width, inner = shape.width, shape.inner
    queries, keys = shape.heads * shape.head_size, shape.key_heads * shape.head_size
    yield "token_embd.weight", (shape.vocabulary, width)
    yield "token_embd_norm.weight" if shape.family == "lfm2" else "output_norm.weight", (width,)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        found: dict[str, tuple[int, ...]] = {"attn_norm": (width,), "ffn_norm": (width,)}
        if layer in shape.convolutions:
            found |= {"shortconv.conv": (width, CONVOLUTION_TOKENS), "shortconv.in_proj": (3 * width, width)}
            found |= {"shortconv.out_proj": (width, width)}
        else:
            found |= {"attn_q": (queries, width), "attn_k": (keys, width), "attn_v": (keys, width)}
            found |= {"attn_output": (width, queries)}
            if shape.family in {"qwen3", "gemma3", "lfm2"}:
                found |= {"attn_q_norm": (shape.head_size,), "attn_k_norm": (shape.head_size,)}
        if shape.family == "gemma3":
            found |= {"post_attention_norm": (width,), "post_ffw_norm": (width,)}
        found |= {"ffn_gate": (inner, width), "ffn_up": (inner, width), "ffn_down": (width, inner)}
        yield from ((f"{block}{name}.weight", size) for name, size in found.items())


def count_parameters(shape: ModelShape) -> int:
    """Weights of a shape, tied ones once."""
    return sum(math.prod(size) for _, size in tensors_of(shape))


def write_model(path: Path, shape: ModelShape, quantisation: str = "Q8_0", seed: int = 0) -> Path:
    """Write a GGUF file of this shape with random weights."""
    kind, file_type = QUANTISATIONS[quantisation]
    writer = gguf.GGUFWriter(str(path), shape.family)
    writer.add_name(f"{shape.name} (random weights)")
    writer.add_organization("nobody")
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_shape(writer, shape)
    _add_tokenizer(writer, shape, seed)
    tensors = list(tensors_of(shape))
    for name, size in tensors:
        stored = _kind_of(size, kind)
        bytes_of_row = gguf.quants.quant_shape_to_byte_shape(size, stored)
        if stored is gguf.GGMLQuantizationType.F32:
            writer.add_tensor_info(name, size, np.dtype(np.float32), math.prod(bytes_of_row))
        else:
            writer.add_tensor_info(name, bytes_of_row, np.dtype(np.uint8), math.prod(bytes_of_row), stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(seed)
    for _, size in tensors:
        writer.write_tensor_data(_weights(size, _kind_of(size, kind), random))
    writer.close()
    return path


def _kind_of(size: tuple[int, ...], kind: gguf.GGMLQuantizationType) -> gguf.GGMLQuantizationType:
    """Vectors and convolution kernels stay in float32, as llama.cpp wants them."""
    block_values, _ = gguf.GGML_QUANT_SIZES[kind]
    return gguf.GGMLQuantizationType.F32 if len(size) < 2 or size[1] % block_values else kind


def _weights(
    size: tuple[int, ...], kind: gguf.GGMLQuantizationType, random: np.random.Generator
) -> npt.NDArray[np.float32 | np.uint8]:
    """Ones for a vector; else normal values of the variance 1 / columns, which keeps every layer near variance one."""
    if len(size) < 2:
        return np.ones(size, np.float32)
    scale = np.float32(size[1] ** -0.5)
    parts = []
    for first in range(0, size[0], ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, size[0] - first)
        values = random.standard_normal((rows, size[1]), np.float32) * scale
        parts.append(values if kind is gguf.GGMLQuantizationType.F32 else gguf.quants.quantize(values, kind))
    return np.concatenate(parts)


def _add_shape(writer: gguf.GGUFWriter, shape: ModelShape) -> None:
    writer.add_context_length(shape.context_tokens)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_head_count(shape.heads)
    writer.add_key_length(shape.head_size)
    writer.add_value_length(shape.head_size)
    writer.add_rope_dimension_count(shape.head_size)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    if shape.convolutions:
        writer.add_head_count_kv([0 if i in shape.convolutions else shape.key_heads for i in range(shape.layers)])
        writer.add_shortconv_l_cache(CONVOLUTION_TOKENS)
    else:
        writer.add_head_count_kv(shape.key_heads)
    if shape.window_tokens:
        writer.add_sliding_window(shape.window_tokens)
        writer.add_rope_freq_base_swa(GEMMA_LOCAL_ROPE_BASE)
    if shape.family == "granite":
        writer.add_embedding_scale(GRANITE_SCALES["embedding"])
        writer.add_residual_scale(GRANITE_SCALES["residual"])
        writer.add_attention_scale(GRANITE_SCALES["attention"])
        writer.add_logit_scale(GRANITE_SCALES["logit"])


def _add_tokenizer(writer: gguf.GGUFWriter, shape: ModelShape, seed: int) -> None:
    tokenizer = trained_tokenizer(shape.marks)
    vocabulary = tokenizer.get_vocab()
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    tokens += made_up_words(shape.vocabulary - len(tokens), set(tokens), Random(seed))
    control = set(shape.marks)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if t in control else gguf.TokenType.NORMAL for t in tokens])
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in merges])
    writer.add_bos_token_id(vocabulary[shape.marks[0]])
    writer.add_eos_token_id(vocabulary[shape.marks[1]])
    writer.add_add_bos_token(False)
    writer.add_chat_template(shape.template)
