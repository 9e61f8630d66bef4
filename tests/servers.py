"""Real servers of language models, started by the tests in processes of their own, so that they can be killed.

`llama_server` is xllamacpp's own HTTP server on a GGUF file; `transformers_server` is `transformers serve` on
folders of small models of random weights, in three real architectures. Nothing is fetched from anywhere.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

import httpx
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tiny_models import CONTROL_TOKENS, TinyShape, write_llama

HOST = "127.0.0.1"
READY_SECONDS = 90
STEP_SECONDS = 0.05
CONTEXT_TOKENS = 4096
VOCABULARY = 1500

# As the labs write theirs, each with its own marks; the last takes no system turn, as some do not.
CHAT_TEMPLATES = {
    "llama": (
        "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n"
        "{{ m['content'] | trim }}<|eot_id|>{% endfor %}"
        "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
    ),
    "qwen3": (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n"
        "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
    ),
    "gemma3": (
        "{{ bos_token }}{% for m in messages %}"
        "{% if m['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
        "<start_of_turn>{{ m['role'] }}\n{{ m['content'] | trim }}<end_of_turn>\n{% endfor %}"
        "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
    ),
}
MARKS = {
    "llama": ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"],
    "qwen3": ["<|endoftext|>", "<|im_end|>", "<|im_start|>"],
    "gemma3": ["<bos>", "<end_of_turn>", "<start_of_turn>"],
}
FAMILIES = tuple(CHAT_TEMPLATES)


def train_tokenizer(marks: Sequence[str]) -> Tokenizer:
    """A byte-level BPE of our own English, with these marks as its control tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(marks),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = sorted((resources.files("fivepenny") / "data" / "lines").iterdir(), key=lambda text: text.name)
    tokenizer.train_from_iterator((text.read_text("utf-8") for text in texts), trainer)
    return tokenizer


def write_gguf_model(path: Path, seed: int = 0) -> Path:
    """A Llama of random weights with a chat template and room for whole prompts, as a GGUF file."""
    return write_llama(path, train_tokenizer(CONTROL_TOKENS), seed=seed, shape=TinyShape(context_tokens=CONTEXT_TOKENS))


def write_transformers_model(folder: Path, family: str, seed: int = 0) -> Path:
    """A model of this family with random weights, its tokenizer and its chat template, saved to a folder."""
    import torch
    import transformers

    marks = MARKS[family]
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=train_tokenizer(marks), bos_token=marks[0], eos_token=marks[1], pad_token=marks[1]
    )
    fast.chat_template = CHAT_TEMPLATES[family]
    fast.save_pretrained(folder)
    shape = {
        "vocab_size": len(fast), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1,
        "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": CONTEXT_TOKENS,
        "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1,
    }  # fmt: skip
    configurations = {
        "llama": transformers.LlamaConfig,
        "qwen3": transformers.Qwen3Config,
        "gemma3": transformers.Gemma3TextConfig,
    }
    torch.manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(configurations[family](**shape))
    model.generation_config.do_sample = True
    model.save_pretrained(folder)
    return folder


def free_port() -> int:
    """A port of this machine that nobody listened on a moment ago."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that this command starts, from when it answers until the end of the block, unless it was killed."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, port)
        yield process
    finally:
        process.kill()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode} before it answered")
        with suppress(httpx.HTTPError):
            if httpx.get(f"http://{HOST}:{port}/health", timeout=5, trust_env=False).status_code == 200:
                return
        time.sleep(STEP_SECONDS)
    raise RuntimeError(f"the server did not answer within {READY_SECONDS} s")


@contextmanager
def llama_server(model: Path, port: int, key: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """xllamacpp's HTTP server with this GGUF file on this port."""
    command = [sys.executable, str(Path(__file__).resolve()), str(model), str(port), key]
    with _running(command, port, {}) as process:
        yield process


@contextmanager
def transformers_server(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """`transformers serve` on this port; it loads whatever folder a request names as its model."""
    code = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", code, "serve", "--host", HOST, "--port", str(port), "--device", "cpu"]
    with _running(command, port, {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}) as process:
        yield process


def _serve_llama(model: str, port: str, key: str) -> None:
    """Be the server, in the child process, until killed."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = [HOST]
    parameters.port = int(port)
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.n_gpu_layers = 0
    parameters.fit_params = False
    parameters.warmup = False
    parameters.verbosity = -1
    parameters.api_keys = [key] if key else []
    server = xllamacpp.Server(parameters)
    while server:
        time.sleep(1)


if __name__ == "__main__":
    _serve_llama(*sys.argv[1:4])
