"""Minds that run a GGUF file in this process through llama.cpp: the house's own, and any lab's.

One engine holds one model, on one thread, with no prompt cache, so that the same request gives the same reply
however many engines run beside it. House minds are sent token ids of the tokenizer that trained them; a
lab's file is sent its own chat template, as ids too (see `chat`). This module knows nothing of menus, moves or
seats, and it never repairs a reply.
"""

import atexit
import http.client
import importlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from fivepenny.errors import MindFailed, MissingPart, WrongUse
from fivepenny.minds.chat import ChatEncoder, encodable
from fivepenny.minds.gguf import GgufHead, check_language_model, read_head
from fivepenny.minds.mind import Completion, MindCard, Request, Task, Wording

TOKENIZER_NAME = "tokenizer.json"
WORDING_KEY = "fivepenny.wording"
"""What a file of our academy says that it reads; a lab's file says nothing."""

CONTEXT_MAX_TOKENS = 4096
HTTP_SECONDS_MAX = 60
HTTP_THREADS = 2
REHEARSAL_SECONDS_MAX = 600
MESSAGE_LENGTH_MAX = 200

# The sampler of every request above temperature 0; set in full because the engine's defaults may move.
TOP_K = 40
TOP_P = 0.95
MIN_P = 0.05
# The engine takes the largest 32-bit number for "any seed"; a remainder by it never is that number.
SEED_MODULUS = 0xFFFF_FFFF

# A reply that no model gives of its own accord; even spelt byte by byte it fits the budget.
PROBE_TEXT = "quince 4817"
PROBE_MAX_TOKENS = 16
_PROBE = Request(Task.GRADE, "", "0", PROBE_MAX_TOKENS, f'root ::= "{PROBE_TEXT}"', 0, 0.0)


class Encoder(Protocol):
    """Turns a request's texts into the token ids that the model is sent."""

    def encode(self, system: str, prompt: str) -> list[int]:
        """Token ids of the whole prompt; nothing in the texts becomes a control token."""
        ...


class HouseEncoder:
    """Encodes cues with the tokenizer that trained the house minds, all of it as plain text.

    The tokenizer must hold the same tokens as the model file. Raises `MissingPart` where the tokenizer is not
    there, `WrongUse` where it is broken or another model's.
    """

    def __init__(self, tokenizer_path: Path, head: GgufHead) -> None:
        if not tokenizer_path.is_file():
            raise MissingPart(f"{tokenizer_path}: no such tokenizer; it belongs beside {head.path.name}")
        tokenizers = _library("tokenizers")
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_path))
        except Exception as error:  # the library raises bare Exception for any fault in the file
            reason = _one_line(str(error))
            raise WrongUse(f"{tokenizer_path}: not a tokenizer ({reason}); export it again") from error
        self._tokenizer.encode_special_tokens = True
        tokens = head.items("tokenizer.ggml.tokens")
        for token, token_id in self._tokenizer.get_vocab().items():
            if token_id >= len(tokens) or tokens[token_id] != token:
                raise WrongUse(f"{tokenizer_path}: not the tokenizer of {head.path.name}; export both together")
        first = head.number("tokenizer.ggml.bos_token_id", -1)
        self._first = [first] if 0 <= first < len(tokens) else []

    def encode(self, system: str, prompt: str) -> list[int]:
        """The begin token, as in training, then `system` and `prompt`, a line each where both stand."""
        text = "\n".join(part for part in (system, prompt) if part)
        encoding = self._tokenizer.encode(encodable(text), add_special_tokens=False)
        return [*self._first, *encoding.ids]


class Engine:
    """One model loaded into llama.cpp, answering one request at a time.

    Requests wait for each other within an engine; engines run side by side, since the work happens outside
    Python's lock. `close` ends a request in flight.
    """

    def __init__(self, head: GgufHead) -> None:
        """Load the model. Raises `MissingPart` without xllamacpp, `WrongUse` where the file cannot be run."""
        xllamacpp = _library("xllamacpp")
        self._name = head.path.name
        self._key = secrets.token_urlsafe(32)
        self._closing = threading.Event()
        try:
            self._server: Any = xllamacpp.Server(_parameters(xllamacpp, head, self._key))
        except RuntimeError as error:
            raise WrongUse(f"{head.path}: llama.cpp cannot run this model; try another file of it") from error
        self._address = str(self._server.listening_address).removeprefix("http://")
        # Signal handlers run in the main thread only: a worker keeps Ctrl-C out of the engine's callback, while
        # the thread that asked waits where it can be interrupted.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"engine-{self._name}")
        _open_engines.add(self)

    def generate(self, ids: Sequence[int], request: Request) -> tuple[str, int]:
        """The reply to a prompt of token ids, with its number of tokens. Raises `MindFailed`."""
        body: dict[str, Any] = {
            "prompt": list(ids),
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed % SEED_MODULUS,
            "top_k": TOP_K,
            "top_p": TOP_P,
            "min_p": MIN_P,
            "typical_p": 1.0,
            "repeat_penalty": 1.0,
            "presence_penalty": 0.0,
            "frequency_penalty": 0.0,
            "cache_prompt": False,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.grammar is not None:
            body["grammar"] = request.grammar
        cancelled = threading.Event()
        try:
            answer = self._worker.submit(self._stream, self._server, body, cancelled)
        except RuntimeError as error:
            raise MindFailed(f"{self._name}: closed; open the mind again") from error
        try:
            return answer.result()
        finally:
            cancelled.set()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call to the engine's own HTTP server on this machine. Raises `MindFailed`."""
        if self._closing.is_set():
            raise MindFailed(f"{self._name}: closed; open the mind again")
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(self._address, timeout=HTTP_SECONDS_MAX)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise MindFailed(f"{self._name}: no answer from {path} ({_one_line(str(error))})") from error
        finally:
            connection.close()
        if response.status != 200 or not isinstance(answer, dict):
            raise MindFailed(f"{self._name}: {path} was refused: {_fault(answer)}")
        return answer

    def close(self) -> None:
        """Stop a request in flight and free the model; calling it twice is harmless."""
        self._closing.set()
        self._worker.shutdown(wait=True)
        self._server = None
        _open_engines.discard(self)

    def _stream(self, server: Any, body: dict[str, Any], cancelled: threading.Event) -> tuple[str, int]:
        """Gather the engine's stream. It is a stream so that it can be stopped between two tokens."""
        chunks: list[dict[str, Any]] = []

        def keep(chunk: dict[str, Any]) -> bool:
            chunks.append(chunk)
            return cancelled.is_set() or self._closing.is_set()

        server.handle_completions(body, keep)
        if cancelled.is_set() or self._closing.is_set():
            raise MindFailed(f"{self._name}: stopped before it had answered")
        if not chunks or "usage" not in chunks[-1]:
            raise MindFailed(f"{self._name}: the engine refused: {_fault(chunks[-1] if chunks else None)}")
        text = "".join(choice["text"] for chunk in chunks for choice in chunk["choices"])
        return text, int(chunks[-1]["usage"]["completion_tokens"])


class LlamaMind:
    """A `Mind` of one engine and the encoder that speaks to it."""

    def __init__(self, card: MindCard, engine: Engine, encoder: Encoder) -> None:
        self._card = card
        self._engine = engine
        self._encoder = encoder

    @property
    def card(self) -> MindCard:
        """Who this is, by the model file's own account."""
        return self._card

    def count_tokens(self, system: str, prompt: str) -> int:
        """Tokens of a prompt of these texts, template included."""
        return len(self._encoder.encode(system, prompt))

    def complete(self, request: Request) -> Completion:
        """Answer one request. Raises `MindFailed` where the engine refuses it or is closed."""
        if request.max_tokens < 1:
            raise MindFailed(f"{self._card.name}: {request.max_tokens} tokens were allowed; allow at least 1")
        started = time.perf_counter()
        ids = self._encoder.encode(request.system, request.prompt)
        text, completion_tokens = self._engine.generate(ids, request)
        return Completion(text, len(ids), completion_tokens, time.perf_counter() - started)

    def close(self) -> None:
        """Free the model; calling it twice is harmless."""
        self._engine.close()


def house_mind(model_path: Path, tokenizer_path: Path) -> LlamaMind:
    """A trained specialist that reads cues: our own GGUF file and the tokenizer that trained it.

    Raises `MissingPart` or `WrongUse` where either file, or the engine, is missing or unfit.
    """
    head = read_head(model_path)
    check_language_model(head)
    return _opened_specialist(head, tokenizer_path)


def file_mind(model_path: Path) -> LlamaMind:
    """Any GGUF file: a lab's general model, which reads prose by its own chat template, or a specialist of our academy.

    A specialist reads cues, and its tokenizer lies beside it. The file may be a stranger's, so a child process tries
    it first: what still aborts llama.cpp after all checks ends the child, not the season. Raises `MissingPart` or
    `WrongUse` where the file or the engine is missing or unfit.
    """
    head = read_head(model_path)
    check_language_model(head)
    _library("xllamacpp")  # its absence is a missing part, not the file's fault
    _rehearse(head.path)
    return _opened_file(head)


def rehearsal(model_path: str) -> int:
    """Open the file and have it answer once, in the child process; 0, or 1 with the reason printed."""
    try:
        _opened_file(read_head(Path(model_path))).close()
    except (MissingPart, WrongUse) as error:
        print(error)
        return 1
    return 0


def _rehearse(path: Path) -> None:
    code = "import sys; from fivepenny.minds.llama import rehearsal; sys.exit(rehearsal(sys.argv[1]))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        child = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=REHEARSAL_SECONDS_MAX,
        )
    except OSError as error:
        raise MissingPart(f"{path}: no Python to try it with ({error.strerror}); start it from python") from error
    except subprocess.TimeoutExpired as error:
        raise WrongUse(f"{path}: not ready after {REHEARSAL_SECONDS_MAX} s; use a smaller model") from error
    if child.returncode == 0:
        return
    if child.returncode == 1 and child.stdout.strip():
        raise WrongUse(" ".join(child.stdout.split()))
    raise WrongUse(f"{path}: llama.cpp breaks down on this file; fetch the model again or try another")


def _opened_specialist(head: GgufHead, tokenizer_path: Path) -> LlamaMind:
    encoder = HouseEncoder(tokenizer_path, head)
    engine = Engine(head)
    return _probed(LlamaMind(card_of(head, Wording.CUE), engine, encoder), engine, head.path)


def _opened_file(head: GgufHead) -> LlamaMind:
    if head.text(WORDING_KEY) == Wording.CUE.value:
        return _opened_specialist(head, head.path.with_name(TOKENIZER_NAME))
    engine = Engine(head)
    try:
        encoder = ChatEncoder(engine.post, head)
    except MindFailed as error:
        engine.close()
        raise WrongUse(f"{head.path}: its chat template cannot be used ({_one_line(str(error))})") from error
    return _probed(LlamaMind(card_of(head, Wording.PROSE), engine, encoder), engine, head.path)


def card_of(head: GgufHead, wording: Wording) -> MindCard:
    """The card that a model file's own metadata gives; its file name where it names itself nothing."""
    name = head.text("general.name") or head.path.stem
    lab = head.text("general.organization") or "unknown"
    return MindCard(name, lab, head.architecture, head.parameters, wording)


def _probed(mind: LlamaMind, engine: Engine, path: Path) -> LlamaMind:
    """`mind`, once the engine has shown that it keeps to a grammar with this model."""
    try:
        text = mind.complete(_PROBE).text
    except MindFailed as error:
        engine.close()
        raise WrongUse(f"{path}: loads but does not answer ({_one_line(str(error))})") from error
    if text != PROBE_TEXT:
        engine.close()
        raise WrongUse(f"{path}: the engine does not keep to a grammar with this model; try another file")
    return mind


def _parameters(xllamacpp: Any, head: GgufHead, key: str) -> Any:
    """llama.cpp's settings: one thread, one slot, nothing remembered, nothing printed."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(head.path)
    parameters.n_ctx = min(head.context_tokens, CONTEXT_MAX_TOKENS)
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.n_threads_http = HTTP_THREADS
    parameters.n_gpu_layers = 0
    parameters.cache_prompt = False
    parameters.cache_ram_mib = 0
    parameters.cache_idle_slots = False
    parameters.n_ctx_checkpoints = 0
    parameters.fit_params = False
    parameters.warmup = False
    parameters.check_tensors = True  # weights that are not numbers would abort the process later
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.verbosity = -1
    parameters.api_keys = [key]
    return parameters


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingPart(f"{name} is not installed; run: pip install {name}") from error


def _fault(answer: object) -> str:
    """What the engine gave as its reason, in one line."""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    return _one_line(str(error.get("message", error) if isinstance(error, dict) else error))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MESSAGE_LENGTH_MAX]


_open_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Stop what a program left open: an engine's own threads must not outlive the interpreter."""
    for engine in list(_open_engines):
        engine.close()
