"""Random-weight Llama files, real enough for llama.cpp to run, for tests of the minds that sit on it.

They know nothing and answer nonsense; what is tested is the plumbing. The gguf package writes them, so that
our own reader is checked against another hand's writer.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

END_TOKEN = "<|end|>"
CONTROL_TOKENS = ["<|pad|>", "<|start|>", END_TOKEN]
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "<|start|>{{ message['role'] }}\n{{ message['content'] }}<|end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
SENTENCES = [
    "day 3 rye 120 quill owes marrow 45 the ship is late and the price will rise",
    "buy rye sell tar hold lend brock whisper to tansy that vesper has no coin left",
    "grade each option from 0 to 9 in the order of the menu and then say a line",
]


@dataclass(frozen=True, slots=True)
class TinyShape:
    """The size of a tiny Llama: widths in numbers of values, context in tokens."""

    width: int = 32
    layers: int = 1
    heads: int = 2
    inner_width: int = 64
    context_tokens: int = 512


def write_tokenizer(path: Path, vocabulary_size: int = 400) -> Tokenizer:
    """Train a byte-level BPE on a few sentences and save it as `tokenizer.json` at `path`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=CONTROL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES * 4, trainer)
    tokenizer.save(str(path))
    return tokenizer


def write_llama(
    path: Path,
    tokenizer: Tokenizer,
    *,
    seed: int = 0,
    shape: TinyShape | None = None,
    chat_template: str | None = CHAT_TEMPLATE,
    experts: int | None = None,
) -> Path:
    """Write a Llama of random weights drawn from `seed` to `path`; a claim of `experts` would be false."""
    shape = shape or TinyShape()
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("Tiny Test")
    writer.add_organization("Test Lab")
    writer.add_license("apache-2.0")
    writer.add_context_length(shape.context_tokens)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner_width)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_vocab_size(tokenizer.get_vocab_size())
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _add_tokenizer(writer, tokenizer)
    if experts is not None:
        writer.add_expert_count(experts)
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _add_weights(writer, shape, tokenizer.get_vocab_size(), np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in CONTROL_TOKENS else gguf.TokenType.NORMAL for token in tokens]
    )
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]])
    writer.add_bos_token_id(tokens.index("<|start|>"))
    writer.add_eos_token_id(tokens.index(END_TOKEN))
    writer.add_add_bos_token(False)


def _add_weights(writer: gguf.GGUFWriter, shape: TinyShape, vocabulary_size: int, random: np.random.Generator) -> None:
    def add(name: str, rows: int, columns: int) -> None:
        values = random.normal(0.0, columns**-0.5, (rows, columns)).astype(np.float16)
        writer.add_tensor(name + ".weight", values)

    ones = np.ones(shape.width, dtype=np.float32)
    add("token_embd", vocabulary_size, shape.width)
    add("output", vocabulary_size, shape.width)
    writer.add_tensor("output_norm.weight", ones)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        writer.add_tensor(block + "attn_norm.weight", ones)
        writer.add_tensor(block + "ffn_norm.weight", ones)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(block + name, shape.width, shape.width)
        add(block + "ffn_gate", shape.inner_width, shape.width)
        add(block + "ffn_up", shape.inner_width, shape.width)
        add(block + "ffn_down", shape.width, shape.inner_width)
